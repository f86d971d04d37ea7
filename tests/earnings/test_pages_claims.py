"""'Signaler une erreur' and adjustments on their pages: asked, answered, appealed, decided by two; the setting of what is seen."""

import io

import pikepdf
import pytest

from portal.earnings.policy import Policy, Sight, policy, set_policy
from portal.invoicing import actions as invoicing
from portal.kit import db
from portal.kit.deed import deed
from tests.earnings.scene import amounts


async def earned(scene, cast) -> str:
    await scene.contract(cast.rachel)
    await scene.pays(await scene.deal(cast.rachel), 6_000_00, days_ago=40)
    return await db.value("SELECT ref FROM earning")


def plain(page: str) -> str:
    return page.replace("\u202f", " ").replace("\u00a0", " ").replace("\u2019", "'").replace("&#39;", "'")


async def claimed(scene, cast, client) -> str:
    ref = await earned(scene, cast)
    answer = await client(cast.rachel).post_form(
        f"/commissions/{ref}/demande", reason="amount", body="12 % !"
    )
    assert answer.status_code == 303
    return answer.headers["location"]


async def version() -> str:
    return str(await db.value("SELECT version FROM claim"))


async def test_from_the_commission_to_the_answer_and_back(scene, cast, client):
    here = await claimed(scene, cast, client)
    rachel, fanny = client(cast.rachel), client(cast.fanny)
    page = plain((await rachel.get(here)).text)
    assert "Réponse au plus tard" in page
    assert "12 % !" in page
    assert here.rpartition("/")[2] in (await fanny.get("/commissions/demandes")).text
    answer = await fanny.post_form(
        f"{here}/reponse", version=await version(), outcome="accepted", body="Exact, pardon.", amount="120"
    )
    assert answer.headers["location"] == here
    page = plain((await rachel.get(here)).text)
    assert "Acceptée" in page
    assert "120,00 €" in page
    assert "Second examen" not in page  # all of it was granted
    correction = await db.value("SELECT ref FROM earning WHERE cause = 'adjustment'")
    page = plain((await rachel.get(f"/commissions/{correction}")).text)
    assert "Exact, pardon." in page
    assert "Article 14.2" in page


async def test_the_button_leads_to_the_claim_that_is_there_already(scene, cast, client):
    here = await claimed(scene, cast, client)
    ref = await db.value("SELECT ref FROM earning")
    again = await client(cast.rachel).get(f"/commissions/{ref}/demande")
    assert (again.status_code, again.headers["location"]) == (303, here)
    assert here in (await client(cast.rachel).get(f"/commissions/{ref}")).text


async def test_pressed_twice_it_is_asked_once(scene, cast, client):
    ref = await earned(scene, cast)
    for _ in range(2):
        answer = await client(cast.rachel).post_form(
            f"/commissions/{ref}/demande", once="same", reason="amount", body="12 % !"
        )
        assert answer.status_code == 303
    assert await db.value("SELECT count(*) FROM claim_message") == 1


async def test_a_paper_is_given_with_it_and_read_by_the_other_side_alone(scene, cast, client):
    ref, paper = await earned(scene, cast), io.BytesIO()
    made = pikepdf.new()
    made.add_blank_page()
    made.save(paper)
    answer = await client(cast.rachel).post_form(
        f"/commissions/{ref}/demande", reason="amount", body="Voici.", files={"files": ("devis.pdf", paper.getvalue(), "application/pdf")}
    )  # fmt: skip
    assert answer.status_code == 303
    file = f"/fichiers/{await db.value('SELECT ref FROM stored_file')}"
    assert file in (await client(cast.fanny).get(answer.headers["location"])).text
    assert (await client(cast.fanny).get(file)).status_code == 200
    assert (await client(cast.stefan).get(file)).status_code == 404


async def test_what_is_no_paper_is_refused_under_its_field_and_the_words_stay(scene, cast, client):
    ref = await earned(scene, cast)
    answer = await client(cast.rachel).post_form(
        f"/commissions/{ref}/demande", reason="amount", body="Mes mots.", files={"files": ("a.exe", b"MZ\x00\x01", "application/pdf")}
    )  # fmt: skip
    assert answer.status_code == 422
    assert "Mes mots." in answer.text
    assert "f-files-error" in answer.text


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"outcome": "accepted", "body": "Oui"}, "f-amount-error"),
        ({"outcome": "accepted", "body": ""}, "f-body-error"),
        ({"body": "Oui"}, "f-outcome-error"),
        ({"outcome": "partly", "body": "Oui", "amount": "-5"}, "f-amount-error"),
    ],
)
async def test_an_answer_that_lacks_something_says_so(scene, cast, client, typed, field):
    here = await claimed(scene, cast, client)
    answer = await client(cast.fanny).post_form(f"{here}/reponse", version=await version(), **typed)
    assert answer.status_code == 422
    assert field in answer.text
    assert await amounts() == [600_00]


async def test_put_right_elsewhere_no_amount_is_asked(scene, cast, client):
    here = await claimed(scene, cast, client)
    answer = await client(cast.fanny).post_form(
        f"{here}/reponse",
        version=await version(),
        outcome="accepted",
        body="Paiement enregistré.",
        elsewhere="1",
    )
    assert answer.status_code == 303
    assert await amounts() == [600_00]


async def test_appealed_and_answered_by_somebody_else(scene, cast, client):
    here = await claimed(scene, cast, client)
    fanny = client(cast.fanny)
    await fanny.post_form(f"{here}/reponse", version=await version(), outcome="refused", body="Non.")
    answer = await client(cast.rachel).post_form(f"{here}/recours", version=await version(), body="Relisez.")
    assert answer.status_code == 303
    assert "revient à une autre personne" in plain((await fanny.get(here)).text)
    refused = await fanny.post_form(
        f"{here}/reponse", version=await version(), outcome="refused", body="Non."
    )
    assert refused.status_code == 422
    done = await client(cast.fred).post_form(
        f"{here}/reponse", version=await version(), outcome="partly", body="En partie.", amount="60"
    )
    assert done.status_code == 303
    page = plain((await client(cast.rachel).get(here)).text)
    assert "Acceptée en partie" in page
    assert "Demander un second examen" not in page
    assert await amounts() == [600_00, 60_00]


async def test_a_stale_answer_changes_nothing(scene, cast, client):
    here = await claimed(scene, cast, client)
    old = await version()
    await client(cast.fanny).post_form(f"{here}/reponse", version=old, outcome="refused", body="Non.")
    late = await client(cast.fred).post_form(
        f"{here}/reponse", version=old, outcome="accepted", body="Oui", amount="9"
    )
    assert late.status_code == 409
    assert "déjà avancé" in plain(late.text)
    assert await amounts() == [600_00]


async def test_above_the_limit_the_referrer_still_reads_that_it_is_being_checked(scene, cast, client):
    here = await claimed(scene, cast, client)
    await client(cast.fanny).post_form(
        f"{here}/reponse", version=await version(), outcome="accepted", body="Accordé.", amount="900"
    )
    page = plain((await client(cast.rachel).get(here)).text)
    assert "Accordé." not in page
    assert "900" not in page
    assert "En cours de vérification" in page
    adjustment = f"/commissions/ajustements/{await db.value('SELECT ref FROM adjustment')}"
    fred = client(cast.fred)
    assert "La décision vous revient" in plain((await fred.get(adjustment)).text)
    assert (await fred.post_form(f"{adjustment}/approbation")).status_code == 303
    page = plain((await client(cast.rachel).get(here)).text)
    assert "Accordé." in page
    assert "900,00 €" in page


async def test_sales_read_and_do_not_answer(scene, cast, client):
    here = await claimed(scene, cast, client)
    sam = client(cast.sam)
    assert "Répondre</h2>" not in (await sam.get(here)).text
    assert (
        await sam.post_form(f"{here}/reponse", version="1", outcome="refused", body="Non.")
    ).status_code == 404


async def test_a_missing_commission_is_told_from_the_deal_and_from_the_recommendation(scene, cast, client):
    await scene.contract(cast.rachel)
    deal = await scene.deal(cast.rachel)
    rachel = client(cast.rachel)
    for path in (f"/affaires/{deal['ref']}", f"/recommandations/{await db.value('SELECT ref FROM lead')}"):
        assert f"{path}/demande" in (await rachel.get(path)).text
        assert (await rachel.get(f"{path}/demande")).status_code == 200
        answer = await rachel.post_form(f"{path}/demande", reason="missing", body="Rien reçu.")
        assert answer.status_code == 303
        page = await client(cast.fanny).get(answer.headers["location"])
        assert "Montant ajouté" in page.text


async def test_a_commission_is_adjusted_from_its_page(scene, cast, client):
    ref = await earned(scene, cast)
    fanny = client(cast.fanny)
    assert f"/commissions/{ref}/ajustement" in (await fanny.get(f"/commissions/{ref}")).text
    assert "600,00" in (await fanny.get(f"/commissions/{ref}/ajustement")).text
    answer = await fanny.post_form(
        f"/commissions/{ref}/ajustement", direction="deduct", amount="100", reason="Taux mal saisi"
    )
    assert answer.status_code == 303
    assert "Enregistré" in (await fanny.get(answer.headers["location"])).text
    assert await amounts() == [600_00, -100_00]
    page = plain((await client(cast.rachel).get(f"/commissions/{ref}")).text)
    assert "Ce qui a changé depuis" in page
    assert "-100,00 €" in page


async def test_too_much_is_refused_under_the_amount(scene, cast, client):
    ref = await earned(scene, cast)
    answer = await client(cast.fanny).post_form(
        f"/commissions/{ref}/ajustement", direction="deduct", amount="600,01", reason="Erreur"
    )
    assert answer.status_code == 422
    assert "f-amount-error" in answer.text


async def test_what_no_plan_owes_is_added_on_the_deal(scene, cast, client):
    await scene.contract(cast.rachel)
    deal = await scene.deal(cast.rachel)
    fanny = client(cast.fanny)
    assert "Pour Rachel Vidal" in plain((await fanny.get(f"/affaires/{deal['ref']}/ajustement")).text)
    referrer = await db.value("SELECT ref FROM referrer WHERE id = $1", cast.rachel.referrer_id)
    answer = await fanny.post_form(
        f"/affaires/{deal['ref']}/ajustement", amount="80", reason="Prime promise", referrer=referrer
    )
    assert answer.status_code == 303
    assert await amounts() == [80_00]


async def test_without_a_contract_the_deal_says_that_nothing_can_be_paid(scene, cast, client):
    deal = await scene.deal(cast.rachel)
    page = plain((await client(cast.fanny).get(f"/affaires/{deal['ref']}/ajustement")).text)
    assert "Pas de contrat signé" in page
    assert "<form" not in page.split("<main")[1].split("</main>")[0]


async def test_a_second_person_refuses_with_a_reason(scene, cast, client):
    ref = await earned(scene, cast)
    fanny, fred = client(cast.fanny), client(cast.fred)
    made = await fanny.post_form(
        f"/commissions/{ref}/ajustement", direction="add", amount="900", reason="Prime"
    )
    here = made.headers["location"]
    assert (await fred.post_form(f"{here}/approbation/refus", reason="")).status_code == 422
    assert (await fanny.post_form(f"{here}/approbation")).status_code == 403
    assert (await fred.post_form(f"{here}/approbation/refus", reason="Pas prévu")).status_code == 303
    assert "Refusé" in (await fanny.get(here)).text
    assert await amounts() == [600_00]


async def test_the_administrator_sets_what_is_seen_and_from_when_two_decide(cast, client):
    alice = client(cast.alice)
    assert "La base et le taux" in (await alice.get("/reglages/commissions")).text
    answer = await alice.post_form("/reglages/commissions", sight="rate", limit="250,00", answer_days="3")
    assert answer.status_code == 303
    assert await policy() == Policy(Sight.RATE, 250_00, 3)
    wrong = await alice.post_form("/reglages/commissions", sight="all", limit="-1", answer_days="0")
    assert wrong.status_code == 422
    assert "/reglages/commissions" in (await alice.get("/reglages")).text


@pytest.mark.parametrize(
    ("sight", "seen", "hidden"),
    [
        (Sight.BASE, ["6 000,00 €", "10 %", "600,00 €"], []),
        (Sight.RATE, ["10 %", "600,00 €"], ["6 000"]),
        (Sight.AMOUNT, ["600,00 €"], ["6 000", "10 %"]),
    ],
)
async def test_what_the_company_hides_the_referrer_does_not_read(scene, cast, client, sight, seen, hidden):
    ref = await earned(scene, cast)
    async with deed(cast.alice.person):
        await set_policy(Policy(sight=sight))
    rachel = client(cast.rachel)
    page = plain((await rachel.get(f"/commissions/{ref}")).text)
    everywhere = (
        page
        + plain((await rachel.get("/commissions")).text)
        + (await rachel.get("/commissions?format=csv")).text
    )
    assert [words for words in seen if words not in page] == []
    assert [words for words in hidden if words in everywhere] == []
    staff = plain((await client(cast.sam).get(f"/commissions/{ref}")).text)
    assert "6 000,00 € × 10 %" in staff


@pytest.mark.parametrize(("sight", "rate"), [(Sight.RATE, "10"), (Sight.AMOUNT, None)])
async def test_what_the_company_hides_stands_on_no_paper(scene, cast, sight, rate):
    await earned(scene, cast)
    async with deed(cast.alice.person):
        await set_policy(Policy(sight=sight))
    async with deed(cast.fanny.person):
        [invoice_id] = (await invoicing.issue(cast.entity_id)).invoice_ids
    [line] = (await db.value("SELECT paper FROM invoice WHERE id = $1", invoice_id))["lines"]
    assert line.get("base_cents") is None
    assert (line.get("rate") and str(line["rate"]).split(".")[0]) == rate


async def test_the_home_of_the_referrer_says_where_it_stands(scene, cast, client):
    here = await claimed(scene, cast, client)
    page = plain((await client(cast.rachel).get("/")).text)
    assert here in page
    assert "En cours de vérification" in page
    assert "/commissions/simulation" in page
