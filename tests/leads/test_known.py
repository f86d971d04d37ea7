"""What the company knew before: clients, reserved accounts, the register. Sales see the proof; who recommends sees nothing."""

import re
from datetime import timedelta

import pytest

from portal.clients import actions as clients
from portal.clients import reserved
from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import deed
from portal.kit.problems import Refused
from portal.leads import access
from portal.leads.priority import known
from portal.people import tokens
from portal.people.rules import Role
from portal.settings import settings
from tests.leads.priorities import after, reserve, two_of_one
from tests.leads.test_two_ways import HERSELF, SAID
from tests.referrers.test_registers import answer, register
from tests.stories import contract_of, moved, open_a_programme, recommended, won

CLIENT, RESERVED = "732829320", "552100554"


@pytest.fixture(autouse=True)
async def plan(cast):
    plan = await open_a_programme()
    await contract_of(cast.rachel, plan)
    return plan


async def a_client(cast, name: str = "Maison Durand", siren: str = CLIENT, days: int = 90, **said) -> None:
    async with deed(cast.sam.person):
        await clients.bring(f"C-{siren}", name, siren=siren, since=today() - timedelta(days), **said)


async def found_of(lead: db.Row) -> list[known.Finding]:
    return await known.of(await access.lead(lead["id"]))


async def test_an_own_client_is_found_by_its_siren_with_its_day(cast):
    await a_client(cast)
    lead = await recommended(cast.rachel, "Durand SARL", siren=CLIENT)
    [one] = await found_of(lead)
    assert (one.what, one.since, one.sure) == ("client", today() - timedelta(90), True)
    assert one.proves(lead)
    assert one.reason == "already_client"


async def test_another_siren_is_another_company_and_a_name_alone_is_a_hint(cast):
    await a_client(cast)
    assert await found_of(await recommended(cast.rachel, "Maison Durand", siren=RESERVED)) == []
    lead = await recommended(cast.rachel, "Maison Durand")
    [hint] = await found_of(lead)
    assert not hint.sure
    assert not hint.proves(lead)


async def test_a_client_of_the_same_day_proves_nothing(cast):
    await a_client(cast, days=0)
    lead = await recommended(cast.rachel, "Durand SARL", siren=CLIENT)
    [one] = await found_of(lead)
    assert one.sure
    assert not one.proves(lead)


async def test_a_client_brought_by_the_same_referrer_is_no_objection(cast):
    with after(-30):
        await won(cast.rachel, cast.sam, siren=CLIENT)
    again = await recommended(cast.rachel, siren=CLIENT)
    [one] = await found_of(again)
    assert one.brought
    assert not one.proves(again)
    [other] = await found_of(await recommended(cast.mina, siren=CLIENT))
    assert not other.brought


async def test_a_reserved_account_is_found_by_its_domain_and_proved_by_the_day_it_was_listed(cast):
    with after(-20):
        await reserve(cast.sam, "Aciers du Nord", domain="aciers-nord.fr")
    lead = await recommended(cast.rachel, "Aciers Nord Groupe", contact_email="claire@aciers-nord.fr")
    [one] = await found_of(lead)
    assert (one.what, one.owner, one.sure) == ("reserved", "Sam Berger", True)
    assert one.proves(lead)


async def test_listed_after_the_recommendation_it_proves_nothing(cast):
    lead = await recommended(cast.rachel, "Aciers Nord", siren=RESERVED)
    await reserve(cast.sam, "Aciers du Nord", siren=RESERVED)
    [one] = await found_of(lead)
    assert not one.proves(lead)


async def test_withdrawn_or_over_it_proves_nothing(cast):
    with after(-20):
        account = await reserve(cast.sam, "Aciers du Nord", siren=RESERVED, until=today() + timedelta(5))
    over = await recommended(cast.rachel, "Aciers Nord", siren=RESERVED)
    [one] = await found_of(over)
    assert not one.proves(over)
    assert account["ref"] == one.ref


# The card of sales


async def test_sales_read_the_proof_and_refuse_in_one_click(cast, client):
    await a_client(cast)
    lead = await recommended(cast.rachel, "Durand SARL", siren=CLIENT)
    sam, path = client(cast.sam), f"/recommandations/{lead['ref']}"
    page = (await sam.get(path)).text
    assert "Déjà connue" in page
    assert "est cliente depuis le" in page
    assert "Cette entreprise est déjà cliente</span></button>" in page
    refused = await sam.post_form(f"{path}/refus", version=lead["version"], reason="already_client")
    assert refused.status_code == 303
    told = await db.value(
        "SELECT text_body FROM mail_message WHERE kind = 'leads.moved' AND subject_id = $1", lead["id"]
    )
    assert "Cette entreprise est déjà cliente" in told


@pytest.mark.parametrize("code", ["earlier_claim", "company_ended", "own_circle", "public_buyer"])
async def test_each_refusal_of_the_contract_has_its_plain_words(cast, code):
    lead = await moved(await recommended(cast.rachel), cast.sam, "reject", reason=code)
    told = await db.value(
        "SELECT text_body FROM mail_message WHERE kind = 'leads.moved' AND subject_id = $1", lead["id"]
    )
    assert "Raison" in told
    assert code not in told


async def test_the_line_is_shown_to_sales_in_its_order(cast, client):
    first, second = await two_of_one(cast.rachel, cast.remi)
    page = (await client(cast.sam).get(f"/recommandations/{second['ref']}")).text
    assert page.index("Rachel Vidal") < page.index("(cette recommandation)")
    assert f"/recommandations/{first['ref']}" in page


# The register


@pytest.mark.parametrize(("said", "ended"), [("company_ceased", True), ("company", False)])
async def test_the_register_is_asked_after_the_submit_and_tells_of_a_company_that_ended(
    cast, client, monkeypatch, said, ended
):
    with register(answer(said)) as (url, asked):
        monkeypatch.setattr(settings(), "company_search_url", url)
        lead = await recommended(cast.rachel, "Morin Conseil", siren="404833048")
        assert asked == []
        await work_off()
    assert await db.value("SELECT result FROM company_check") == ("ended" if ended else "active")
    page = (await client(cast.sam).get(f"/recommandations/{lead['ref']}")).text
    assert ("Le registre des entreprises la dit cessée" in page) is ended
    assert ("Cette entreprise cesse ou a cessé son activité</span></button>" in page) is ended


async def test_no_register_is_asked_while_it_is_off(cast):
    await recommended(cast.rachel, "Morin Conseil", siren="404833048")
    assert await db.value("SELECT count(*) FROM pgqueuer WHERE entrypoint = 'leads.ask_register'") == 0


# The neutral answer


CHANGING = re.compile(
    r'datetime="[^"]*"|value="[^"]*"|/recommand\w+/[^"\s<]*|[0-9a-f]{4}( [0-9a-f]{4}){7}|\d\d:\d\d:\d\d|\d+\D{1,3}h\D{1,3}\d+'
)


def plain(page: str) -> str:
    """What stands in the page itself, without references, codes, minutes and names of companies."""
    inside = page.partition("<main")[2].partition("</main")[0] or page
    return re.sub(r"Maison \w+|maison\w*\.example", "X", CHANGING.sub("#", inside))


COMPANIES = [
    "Libre",
    "Loyale",
    "Lointaine",
    "Louee",
]  # a client, a reserved account, recommended by somebody else


async def known_and_unknown(cast) -> None:
    await a_client(cast, "Maison Loyale", email="a@maisonloyale.example")
    await reserve(cast.sam, "Maison Lointaine", domain="maisonlointaine.example")
    await recommended(cast.remi, "Maison Louee", contact_email="claire@maisonlouee.example")


async def test_the_form_answers_alike_whoever_is_recommended(cast, client):
    await known_and_unknown(cast)
    rachel, seen = client(cast.rachel), set()
    for name in COMPANIES:
        sent = await rachel.post_form(
            "/recommandations", company=f"Maison {name}", email=f"claire@maison{name.lower()}.example", agreed="spoken",
        )  # fmt: skip
        receipt = (await rachel.get(sent.headers["location"])).text
        page = (await rachel.get(sent.headers["location"].removesuffix("/recu"))).text
        seen.add((sent.status_code, plain(receipt), plain(page)))
    assert len(seen) == 1
    assert await db.value("SELECT count(*) FROM lead WHERE state = 'waiting'") == 1
    listed = (await rachel.get("/recommandations")).text
    assert "En attente" not in listed
    mails = await db.rows("SELECT text_body FROM mail_message WHERE kind = 'leads.received' AND to_user = $1", cast.rachel.user_id)  # fmt: skip
    assert len({plain(row["text_body"]) for row in mails}) == 1


async def test_the_api_and_the_link_answer_alike(cast, client, link):
    await known_and_unknown(cast)
    async with deed(cast.rachel.person):
        token = await tokens.create(cast.rachel.person, "essai", Role.REFERRER, {"leads:write", "leads:read"})
    said, thanks = set(), set()
    for name in COMPANIES:
        who = {"company": f"Maison {name}", "email": f"claire@maison{name.lower()}.example"}
        answered = await client(None).post(
            "/api/v1/recommandations", json={**SAID, **who, "siren": ""},
            headers={"authorization": f"Bearer {token}", "idempotency-key": name},
        )  # fmt: skip
        body = answered.json()
        said.add((answered.status_code, body["state"], body["reason"], body["priority_until"]))
        visitor = client(None)
        sent = await visitor.post_form(f"/r/{link['code']}", **{**HERSELF, **who})
        thanks.add((sent.status_code, plain((await visitor.get(sent.headers["location"])).text)))
    assert said == {(201, "submitted", None, None)}
    assert len(thanks) == 1


async def test_that_it_waits_is_told_when_answers_are_due_and_names_nobody(cast, client):
    await recommended(cast.remi, "Maison Prise", contact_email="claire@maisonprise.example")
    lead = await recommended(cast.rachel, "Maison Prise", contact_email="claire@maisonprise.example")
    rachel, path = client(cast.rachel), f"/recommandations/{lead['ref']}"
    assert "Elle attend son tour" not in (await rachel.get(path)).text
    with after(10):
        page = (await rachel.get(path)).text
    assert "Elle attend son tour" in page
    assert not any(word in page for word in ("Rémi", "plus ancienne"))


# The list


async def test_the_list_is_kept_and_nothing_of_it_is_changed(cast, client):
    sam = client(cast.sam)
    added = await sam.post_form(
        "/clients/reserves", name="Aciers du Nord", siren="552 100 554", domain="https://www.aciers-nord.fr/contact",
        since="05/01/2026", owner=cast.sonia.user_id, reason="Devis en cours",
    )  # fmt: skip
    assert added.status_code == 303
    page = (await sam.get("/clients/reserves")).text
    for said in (
        "Aciers du Nord",
        "552100554",
        "aciers-nord.fr",
        "Sonia Klein",
        "05/01/2026",
        "Devis en cours",
    ):
        assert said in page
    twice = await sam.post_form(
        "/clients/reserves", name="Aciers Nord", siren="552100554", since="01/02/2026"
    )
    assert twice.status_code == 422
    assert "sa date d’inscription est gardée" in twice.text
    account = await db.row("SELECT * FROM reserved_account")
    gone = await sam.post_form(f"/clients/reserves/{account['ref']}/retrait")
    assert gone.status_code == 303
    assert await db.value("SELECT count(*) FROM reserved_account") == 1
    assert "Retiré" in (await sam.get("/clients/reserves?etat=non")).text
    assert "Aciers" not in (await sam.get("/clients/reserves?etat=oui")).text
    again = await sam.post_form(
        "/clients/reserves", name="Aciers Nord", siren="552100554", since="01/02/2026"
    )
    assert again.status_code == 303  # withdrawn, it may come back, with its new day
    with pytest.raises(Exception, match=r"(?i)forbidden|denied"):
        async with deed(cast.alice.person):
            await db.execute("UPDATE reserved_account SET listed_at = $1", now() - timedelta(900))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "Indiquez le nom de l’entreprise."),
        ({"siren": "123"}, "Ce SIREN ne tombe pas juste"),
        ({"domain": "gmail.com"}, "Donnez un domaine propre"),
        ({"since": "31/02/2026"}, "Cette date ne se lit pas"),
        ({"until": "01/01/2020"}, "La fin vient après le début."),
        ({"owner": "999999"}, "Choisissez une des réponses proposées."),
    ],
)
async def test_what_is_wrong_is_said_under_its_field(cast, client, wrong, said):
    fields = {"name": "Aciers du Nord", "since": "05/01/2026", **wrong}
    sent = await client(cast.sam).post_form("/clients/reserves", **fields)
    assert sent.status_code == 422
    assert said in sent.text
    assert await db.value("SELECT count(*) FROM reserved_account") == 0


LIST = "Entreprise;SIREN;Site;Commercial;Depuis;Jusqu'au;Motif\nAciers du Nord;552100554;www.aciers-nord.fr;Sonia Klein;05/01/2026;;Devis\nBois Vert;;boisvert.fr;;;31/12/2027;\n"


async def test_a_pasted_list_is_read_and_what_is_there_keeps_its_day(cast, client):
    sam = client(cast.sam)
    with after(-9):
        await reserve(cast.sam, "Aciers du Nord", siren=RESERVED)
    assert (await sam.post_form("/clients/reserves/liste", text=LIST)).status_code == 303
    rows = await db.rows("SELECT name, listed_at, domain, until FROM reserved_account ORDER BY id")
    assert [row["name"] for row in rows] == ["Aciers du Nord", "Bois Vert"]
    assert (now() - rows[0]["listed_at"]).days >= 9
    assert (rows[1]["domain"], str(rows[1]["until"])) == ("boisvert.fr", "2027-12-31")


async def test_lines_without_titles_are_names(cast, client):
    sent = await client(cast.sam).post_form("/clients/reserves/liste", text="Aciers du Nord\nBois Vert\n")
    assert sent.status_code == 303
    assert await db.value("SELECT count(*) FROM reserved_account") == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Collez une liste ou choisissez un fichier."),
        ("Entreprise;SIREN\nAciers;123\n;552100554\n", "2 lignes ne vont pas, rien n’est gardé"),
        ("Entreprise;SIREN\n", "Cette liste ne contient aucune entreprise."),
        ("Entreprise;Depuis\nAciers;hier\n", "ligne 2"),
        (f"Entreprise\n{'x' * 300}\n", "Un texte dépasse 200 caractères."),
    ],
)
async def test_a_list_that_is_wrong_keeps_nothing_and_says_where(cast, client, text, said):
    sent = await client(cast.sam).post_form("/clients/reserves/liste", text=text)
    assert sent.status_code == 422
    assert said in sent.text
    assert await db.value("SELECT count(*) FROM reserved_account") == 0


async def test_a_hostile_file_is_refused(cast, client):
    files = {"file": ("liste.xlsx", b"MZ\x90\x00 not a sheet", "application/octet-stream")}
    sent = await client(cast.sam).post_form("/clients/reserves/liste", files=files)
    assert sent.status_code == 422
    assert await db.value("SELECT count(*) FROM reserved_account") == 0


async def test_a_formula_stays_text_in_the_export(cast, client):
    await reserve(cast.sam, "=cmd|' /C calc'!A0")
    exported = await client(cast.fanny).get("/clients/reserves?format=csv")
    assert "'=cmd" in exported.text


async def test_an_account_is_withdrawn_once(cast):
    account = await reserve(cast.sam)
    async with deed(cast.sam.person):
        await reserved.withdraw(account)
    with pytest.raises(Refused):
        async with deed(cast.sonia.person):
            await reserved.withdraw(account)
