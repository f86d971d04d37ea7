"""Every route of recommendations: it works, it needs a person, it is not for strangers, it says what is wrong."""

import pytest

from portal.kit import db
from portal.kit.deed import deed
from portal.leads import actions as leads
from tests.stories import contract_of, moved, open_a_programme, recommended

TYPED = {
    "company": "Atelier Morin", "contact": "Claire Morin", "phone": "06 12 34 56 78", "need": "Un site marchand",
    "amount": "12 000", "agreed": "spoken", "agreed_on": "2026-11-20",
}  # fmt: skip


@pytest.fixture
async def plan(cast):
    return await open_a_programme()


@pytest.fixture
async def contract(cast, plan):
    return await contract_of(cast.rachel, plan)


@pytest.fixture
async def lead(cast, contract):
    return await recommended(cast.rachel, estimate_cents=1_200_000)


async def test_forty_seconds_then_a_receipt_with_deadline_contact_and_amount(cast, client, contract):
    rachel = client(cast.rachel)
    assert (await rachel.get("/recommandations/nouvelle")).status_code == 200
    sent = await rachel.post_form("/recommandations", **TYPED)
    assert sent.status_code == 303
    receipt = await rachel.get(sent.headers["location"])
    assert receipt.status_code == 200
    assert "Sam Berger répond avant" in receipt.text
    assert "environ 960\u00a0€" in receipt.text  # 12 000 × 8 %
    assert "Prévenez votre contact" in receipt.text
    lead = await db.row("SELECT * FROM lead")
    kept = (lead["company_name"], lead["contact_phone"], lead["consent"], lead["estimate_cents"])
    assert kept == ("Atelier Morin", "+33612345678", "spoken 2026-11-20", 1_200_000)


async def test_the_amount_is_reckoned_while_it_is_typed(cast, client, contract):
    rachel = client(cast.rachel)
    said = await rachel.get("/recommandations/estimation", params={"amount": "12 000"})
    assert "environ 960\u00a0€" in said.text
    half_typed = await rachel.get("/recommandations/estimation", params={"amount": "12 0,"})
    assert half_typed.status_code == 200
    assert "environ" not in half_typed.text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"company": ""}, "Indiquez le nom de l’entreprise."),
        ({"phone": ""}, "Donnez un numéro de téléphone ou une adresse e-mail."),
        ({"phone": "06 12"}, "Ce numéro de téléphone n’existe pas."),
        ({"email": "claire@"}, "Cette adresse e-mail semble incomplète."),
        ({"siren": "123 456 789"}, "Ce SIREN ne tombe pas juste"),
        ({"amount": "douze mille"}, "Ce montant ne se lit pas."),
        ({"agreed": ""}, "Dites comment votre contact a donné son accord."),
        ({"agreed_on": "2031-01-01"}, "Ce jour est encore à venir."),
    ],
)
async def test_a_fault_is_said_under_its_field_and_nothing_typed_is_lost(cast, client, contract, wrong, said):
    answer = await client(cast.rachel).post_form("/recommandations", **{**TYPED, **wrong})
    assert answer.status_code == 422
    assert said in answer.text
    assert "Un site marchand" in answer.text
    assert await db.value("SELECT count(*) FROM lead") == 0


async def test_two_submits_of_one_form_are_one_recommendation(cast, client, contract):
    rachel = client(cast.rachel)
    first = await rachel.post_form("/recommandations", once="le-meme", **TYPED)
    second = await rachel.post_form("/recommandations", once="le-meme", **TYPED)
    assert first.headers["location"] == second.headers["location"]
    assert await db.value("SELECT count(*) FROM lead") == 1


async def test_without_a_contract_one_may_recommend_and_is_protected_fifteen_days(cast, client, plan):
    stefan = client(cast.stefan)
    assert "protégée 15 jours" in (await stefan.get("/recommandations/nouvelle")).text
    sent = await stefan.post_form("/recommandations", **TYPED)
    receipt = await stefan.get(sent.headers["location"])
    assert "signez votre contrat" in receipt.text
    assert await db.value("SELECT priority_until - recommended_on FROM lead") == 15


async def test_who_waits_behind_another_learns_nothing_about_whom(cast, client, contract, plan):
    await contract_of(cast.remi, plan)
    first = await recommended(cast.rachel, siren="732829320")
    second = await recommended(cast.remi, siren="732829320")
    remi = client(cast.remi)
    for path in (
        f"/recommandations/{second['ref']}/recu",
        f"/recommandations/{second['ref']}",
        "/recommandations",
    ):
        page = (await remi.get(path)).text
        assert "Rachel" not in page
        assert "Vidal" not in page
    page = (await client(cast.sam).get(f"/recommandations/{second['ref']}")).text
    assert f'<a href="/recommandations/{first["ref"]}">Rachel Vidal</a>' in page
    assert "L’accepter fait passer celle-ci devant" in page


async def test_one_click_moves_it_and_the_referrer_reads_it(cast, client, lead):
    sam, path = client(cast.sam), f"/recommandations/{lead['ref']}"
    for version, noun in enumerate(("acceptation", "contact", "qualification", "devis"), 1):
        assert (await sam.post_form(f"{path}/{noun}", version=version)).status_code == 303
    page = (await client(cast.rachel).get(path)).text
    for told in (
        "Votre recommandation est acceptée",
        "Le premier contact est pris",
        "Le besoin est confirmé",
        "Un devis est parti",
    ):
        assert told in page


async def test_a_refusal_or_a_loss_wants_its_reason(cast, client, lead):
    sam, path = client(cast.sam), f"/recommandations/{lead['ref']}"
    without = await sam.post_form(f"{path}/refus", version=1, note="Désolé")
    assert without.status_code == 422
    assert "Dites pourquoi" in without.text
    assert "Désolé" in without.text
    assert (
        await sam.post_form(f"{path}/refus", version=1, reason="outside_offer", note="Désolé")
    ).status_code == 303
    page = (await client(cast.rachel).get(path)).text
    assert "Le besoin ne correspond pas à notre offre" in page
    assert "Désolé" in page


async def test_a_lost_one_is_opened_again(cast, client, lead):
    await moved(await moved(lead, cast.sam, "accept"), cast.sam, "lose", reason="price")
    answer = await client(cast.sam).post_form(f"/recommandations/{lead['ref']}/reouverture", version=3)
    assert answer.status_code == 303
    assert await db.value("SELECT state FROM lead") == "accepted"


async def test_a_stale_page_changes_nothing(cast, client, lead):
    await moved(lead, cast.sam, "accept")
    answer = await client(cast.sonia).post_form(f"/recommandations/{lead['ref']}/contact", version=1)
    assert answer.status_code == 409
    assert await db.value("SELECT state FROM lead") == "accepted"


async def test_the_referrer_takes_it_back(cast, client, lead):
    answer = await client(cast.rachel).post_form(f"/recommandations/{lead['ref']}/retrait", version=1)
    assert answer.status_code == 303
    assert await db.value("SELECT state FROM lead") == "withdrawn"


async def test_private_words_stay_with_the_team_and_a_question_is_mailed_to_sales(cast, client, lead):
    path = f"/recommandations/{lead['ref']}"
    await client(cast.sam).post_form(f"{path}/notes", body="Budget serré")
    await client(cast.sam).post_form(f"{path}/notes", body="Rendez-vous mardi", shared="1")
    await client(cast.rachel).post_form(f"{path}/notes", body="Des nouvelles ?")
    page = (await client(cast.rachel).get(path)).text
    assert "Rendez-vous mardi" in page
    assert "Budget serré" not in page
    assert "Budget serré" in (await client(cast.sam).get(path)).text
    told = await db.rows("SELECT to_email FROM mail_message WHERE kind = 'leads.noted' ORDER BY id")
    assert [row["to_email"] for row in told] == [cast.rachel.email, cast.sam.email]
    empty = await client(cast.rachel).post_form(f"{path}/notes", body="  ")
    assert empty.status_code == 422
    assert "Écrivez quelques mots." in empty.text


async def test_an_administrator_decides_whether_an_early_one_earns(cast, client, lead):
    async with deed(cast.alice.person):
        await leads.decide_earns(lead, "undecided")
    path = f"/recommandations/{lead['ref']}"
    alice = client(cast.alice)
    assert "date d’avant le contrat" in (await alice.get(path)).text
    assert (await alice.post_form(f"{path}/commission", version=2, earns="peut-être")).status_code == 422
    assert (await alice.post_form(f"{path}/commission", version=2, earns="yes")).status_code == 303
    assert await db.value("SELECT earns FROM lead") == "yes"
    assert (await alice.post_form(f"{path}/commission", version=2, earns="no")).status_code == 409


READ = ["", "/recu"]
SALES_ACTS = ["acceptation", "refus", "contact", "qualification", "devis", "perte", "reouverture"]


@pytest.mark.parametrize("end", READ)
async def test_reading_needs_a_person_and_a_stranger_finds_nothing(cast, client, lead, end):
    path = f"/recommandations/{lead['ref']}{end}"
    assert (await client(None).get(path)).headers["location"].startswith("/connexion")
    assert (await client(cast.stefan).get(path)).status_code == 404
    assert (await client(cast.rachel).get(path)).status_code == 200


@pytest.mark.parametrize("noun", [*SALES_ACTS, "retrait", "notes", "commission"])
async def test_acting_needs_a_person_and_a_stranger_finds_nothing(cast, client, lead, noun):
    path = f"/recommandations/{lead['ref']}/{noun}"
    assert (await client(None).post_form(path, version=1)).headers["location"].startswith("/connexion")
    assert (
        await client(cast.stefan).post_form(path, version=1, body="?", reason="other", earns="yes")
    ).status_code == 404
    assert await db.value("SELECT state || version FROM lead") == "submitted1"


@pytest.mark.parametrize("noun", SALES_ACTS)
@pytest.mark.parametrize("who", ["rachel", "fanny"])
async def test_only_sales_move_a_recommendation_on(cast, client, lead, noun, who):
    answer = await client(getattr(cast, who)).post_form(
        f"/recommandations/{lead['ref']}/{noun}", version=1, reason="other"
    )
    assert answer.status_code == 404


@pytest.mark.parametrize(("path", "who"), [
    ("/recommandations/nouvelle", "sam"), ("/recommandations/boite", "rachel"), ("/recommandations/toutes", "rachel"),
    ("/recommandations/en-cours", "rachel"), ("/recommandations/estimation", "fanny"),
])  # fmt: skip
async def test_a_page_of_another_role_is_not_there(cast, client, plan, path, who):
    assert (await client(getattr(cast, who)).get(path)).status_code == 404


async def test_lists_show_what_is_theirs_alone(cast, client, contract, plan):
    await recommended(cast.rachel, "Boulangerie Rossi")
    await recommended(cast.stefan, "Garage Fontaine")
    rachel = (await client(cast.rachel).get("/recommandations")).text
    assert "Boulangerie Rossi" in rachel
    assert "Garage Fontaine" not in rachel
    sam = (await client(cast.sam).get("/recommandations/toutes?q=rossi")).text
    assert "Boulangerie Rossi" in sam
    assert "Garage Fontaine" not in sam
    assert "Aucune recommandation" in (await client(cast.mina).get("/recommandations")).text
