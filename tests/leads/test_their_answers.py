"""The prospect's side: one message, one click to refuse, a call only when the law lets us, forgotten when they ask or when it is time."""

from datetime import timedelta

import asyncpg
import pytest

from portal.kit import db
from portal.kit.days import clock_at, now, today
from portal.kit.deed import deed
from portal.kit.problems import Refused
from portal.leads import access, verify
from portal.leads.intake import links
from portal.leads.prospect import answering, erasing, proofs
from portal.leads.prospect.addresses import path_of
from portal.leads.tasks import forget as forget_old
from tests.counting import Queries
from tests.stories import STORY, contract_of, moved, open_a_programme, recommended

CLAIRE = {"contact_email": "claire@morin.fr", "contact_phone": "+33612345678"}
HERSELF = {
    "contact": "Claire Morin",
    "phone": "06 12 34 56 78",
    "email": "claire@morin.fr",
    "company": "Atelier Morin",
}


@pytest.fixture(autouse=True)
async def plan(cast):
    plan = await open_a_programme()
    await contract_of(cast.rachel, plan)
    return plan


async def is_for(plan: db.Row, prospects: str) -> None:
    async with deed(STORY):
        await db.execute("UPDATE programme SET prospects = $2 WHERE id = $1", plan["programme_id"], prospects)


async def of(lead: db.Row) -> db.Row:
    found = await db.row("SELECT * FROM lead WHERE id = $1", lead["id"])
    assert found
    return found


async def mails(kind: str) -> list[db.Row]:
    return await db.rows("SELECT * FROM mail_message WHERE kind = $1 ORDER BY id", kind)


# The one message


async def test_the_prospect_gets_one_message_that_names_the_referrer_and_leads_to_their_page(cast, client):
    lead = await recommended(cast.rachel, **CLAIRE)
    await moved(lead, cast.sam, "accept", "contact")
    [mail] = await mails("leads.prospect")
    assert mail["to_email"] == "claire@morin.fr"
    assert "Rachel Vidal vous recommande à Lumen" in mail["subject"]
    assert path_of(lead["ref"], "mail") in mail["text_body"]
    assert (await client(None).get(path_of(lead["ref"], "mail"))).status_code == 200


async def test_who_waits_behind_another_is_not_written_to_before_their_turn(cast):
    first = await recommended(cast.rachel, **CLAIRE)
    second = await recommended(cast.remi, **CLAIRE)
    assert [mail["subject_id"] for mail in await mails("leads.prospect")] == [first["id"]]
    await moved(first, cast.sam, "reject", reason="outside_offer")
    assert [mail["subject_id"] for mail in await mails("leads.prospect")] == [first["id"], second["id"]]


async def test_what_was_brought_in_from_before_writes_to_nobody(cast):
    await recommended(cast.rachel, source="import", **CLAIRE)
    assert await mails("leads.prospect") == []


# Never again


async def test_one_click_ends_it_and_everybody_is_told_without_reasons(cast, client):
    lead = await moved(await recommended(cast.rachel, **CLAIRE), cast.sam, "accept")
    page = path_of(lead["ref"], "mail")
    assert (await client(None).post_form(f"{page}/opposition")).headers["location"] == page
    kept = await of(lead)
    assert (kept["state"], kept["reason"]) == ("rejected", "no_consent")
    assert kept["objected_at"]
    assert "plus personne ne vous contactera" in (await client(None).get(page)).text
    assert "Ne l&#39;appelez plus" in (await mails("leads.answered"))[0]["html_body"].replace("’", "&#39;")
    told = (await mails("leads.moved"))[-1]
    assert "ne souhaite pas être contacté" in told["text_body"]
    [proof] = await proofs.of(lead["id"])
    assert (proof["kind"], proof["via"], proof["words"]) == ("objected", "mail", "Ne plus me contacter")
    assert await proofs.faulty() == []


async def test_sales_are_told_not_to_call_and_see_no_number_to_press(cast, client):
    lead = await recommended(cast.rachel, **CLAIRE)
    async with deed(STORY):
        await answering.object_to(lead, "mail")
    page = (await client(cast.sam).get(f"/recommandations/{lead['ref']}")).text
    assert "Appel interdit" in page
    assert "tel:+33612345678" not in page


@pytest.mark.parametrize(
    "again",
    [
        {"contact_email": "CLAIRE@morin.fr", "contact_phone": ""},
        {"contact_phone": "+33612345678"},
        {"contact_name": "Claire  MORIN", "contact_phone": "+33600000000", "contact_email": "other@morin.fr"},
    ],
)
async def test_who_objected_is_not_recommended_again_and_the_answer_tells_nothing(cast, client, again):
    lead = await recommended(cast.rachel, contact_name="Claire Morin", **CLAIRE)
    async with deed(STORY):
        await answering.object_to(lead, "mail")
    with pytest.raises(Refused) as no:
        await recommended(cast.remi, **again)
    assert "oppos" not in no.value.sentence
    assert "client" not in no.value.sentence
    assert len(await db.rows("SELECT 1 FROM lead")) == 1


async def test_by_the_form_the_refusal_is_plain_and_what_was_typed_stays(cast, client):
    lead = await recommended(cast.rachel, **CLAIRE)
    async with deed(STORY):
        await answering.object_to(lead, "mail")
    answer = await client(cast.remi).post_form(
        "/recommandations", company="Autre maison", email="claire@morin.fr", agreed="spoken"
    )
    assert answer.status_code == 409 or answer.status_code == 422
    assert "Nous ne pouvons pas prendre contact avec cette personne" in answer.text
    assert 'value="Autre maison"' in answer.text


async def test_the_list_holds_nothing_that_can_be_read_and_is_kept_three_years(cast):
    lead = await recommended(cast.rachel, **CLAIRE)
    async with deed(STORY):
        await answering.object_to(lead, "mail")
    rows = await db.rows("SELECT * FROM objection")
    assert {row["kind"] for row in rows} == {"email", "phone", "person"}
    assert {row["kept_until"].year for row in rows} == {today().year + 3}
    assert all(b"claire" not in row["key"] and len(row["key"]) == 32 for row in rows)
    with clock_at(now() + timedelta(365 * 3 + 10)):
        await forget_old()
        assert await db.rows("SELECT 1 FROM objection") == []


async def test_only_the_prospects_own_click_counts(cast, client):
    lead = await recommended(cast.rachel, **CLAIRE)
    for member in (cast.rachel, cast.sam):
        page = path_of(lead["ref"])
        assert "Ses boutons n’apparaissent que pour lui" in (await client(member).get(page)).text
        await client(member).post_form(f"{page}/rappel")
        await client(member).post_form(f"{page}/opposition")
    kept = await of(lead)
    assert (kept["call_asked_at"], kept["objected_at"]) == (None, None)


# May sales call?


@pytest.mark.parametrize(
    ("prospects", "words"),
    [("consumer", "J’accepte que Lumen m’appelle"), ("energy", "Je demande à Lumen de m’appeler")],
)
async def test_a_private_person_is_called_after_their_own_click_alone(cast, client, plan, prospects, words):
    await is_for(plan, prospects)
    lead = await recommended(cast.rachel, **CLAIRE)
    sam, path = client(cast.sam), f"/recommandations/{lead['ref']}"
    assert "Appel interdit" in (await sam.get(path)).text
    assert "tel:+33612345678" not in (await sam.get(path)).text
    assert "tel:+33612345678" not in (await sam.get("/recommandations")).text
    page = path_of(lead["ref"], "mail")
    assert words in (await client(None).get(page)).text
    await client(None).post_form(f"{page}/rappel", wished="mardi matin")
    shown = (await sam.get(path)).text
    assert "Appel permis" in shown
    assert "tel:+33612345678" in shown
    assert "mardi matin" in shown
    [proof] = await proofs.of(lead["id"])
    assert words in proof["words"]
    assert bytes(proof["sha256"]) == proofs.digest(lead["ref"], proof["kind"], proof["words"], proof["at"])


async def test_a_company_may_be_called_at_once(cast, client):
    lead = await recommended(cast.rachel, **CLAIRE)
    assert "Appel permis" in (await client(cast.sam).get(f"/recommandations/{lead['ref']}")).text


@pytest.mark.parametrize(
    ("prospects", "missing", "sentence"),
    [
        ("consumer", {"accepts": ""}, "sans elle, personne ne vous appellera"),
        ("energy", {"accepts": "1", "wished": ""}, "Dites quand vous souhaitez être appelé"),
        ("business", {"company": ""}, "Indiquez le nom de l’entreprise"),
    ],
)
async def test_a_personal_page_asks_what_the_law_wants(cast, client, plan, prospects, missing, sentence):
    await is_for(plan, prospects)
    async with deed(cast.rachel.person):
        link = await links.renew(cast.rachel.referrer_id)
    answer = await client(None).post_form(f"/r/{link['code']}", **{**HERSELF, **missing})
    assert answer.status_code == 422
    assert sentence in answer.text
    filled = {**HERSELF, "accepts": "1", "wished": "mardi matin"}
    assert (await client(None).post_form(f"/r/{link['code']}", **filled)).status_code == 303
    got = await db.row("SELECT * FROM lead")
    assert got
    assert (got["call_asked_at"] is not None) == (prospects != "business")


async def test_two_recommendations_of_one_private_person_are_the_same(cast, plan):
    await is_for(plan, "consumer")
    await recommended(cast.rachel, "Claire Morin", contact_phone="+33612345678")
    second = await recommended(cast.remi, "Mme Morin", contact_phone="+33612345678")
    assert second["state"] == "waiting"


async def test_nobody_can_touch_a_proof(cast, client):
    lead = await recommended(cast.rachel, **CLAIRE)
    await client(None).post_form(f"{path_of(lead['ref'])}/rappel")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with deed(STORY):
            await db.execute("UPDATE consent_proof SET words = 'autre'")


@pytest.mark.breaks_promises
async def test_the_control_what_an_erasure_left_behind_is_found(cast):
    lead = await recommended(cast.rachel, **CLAIRE)
    async with deed(STORY):
        await erasing.erase_lead(lead["id"])
        await db.execute("UPDATE lead SET contact_name = 'Claire' WHERE id = $1", lead["id"])
    assert [fault.code for fault in await verify.faults()] == ["erased_but_there"]


# Correcting, forgetting


async def test_a_corrected_number_is_for_sales_alone(cast, client):
    lead = await recommended(cast.rachel, **CLAIRE)
    page = path_of(lead["ref"], "mail")
    await client(None).post_form(f"{page}/numero", phone="07 61 23 45 67")
    path = f"/recommandations/{lead['ref']}"
    assert "+33761234567" in (await client(cast.sam).get(path)).text
    assert "+33761234567" not in (await client(cast.rachel).get(path)).text
    assert (await client(None).post_form(f"{page}/numero", phone="12")).status_code == 422


async def everything_that_is_kept() -> str:
    """Every text of every row of the database."""
    tables = await db.rows(
        """SELECT table_name::text AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
           AND table_name <> 'app_user'"""
    )
    return "\n".join(
        [
            await db.value(f'SELECT coalesce(string_agg(t::text, chr(10)), $1) FROM "{one["name"]}" t', "")
            for one in tables
        ]
    )


async def test_erased_nothing_of_them_is_left_anywhere_but_the_dates(cast, client):
    lead = await recommended(
        cast.rachel, "Zinc et Cuivre", contact_name="Clarisse Mandrin", contact_email="clarisse@zinc.example",
        contact_phone="+33699887766", need="refaire la toiture du hangar", siren="443061841",
    )  # fmt: skip
    await moved(lead, cast.sam, "accept")
    await client(cast.sam).post_form(
        f"/recommandations/{lead['ref']}/notes", body="Clarisse rappelle lundi", shared="1"
    )
    page = path_of(lead["ref"], "mail")
    await client(None).post_form(f"{page}/effacement")
    assert "Vos coordonnées sont effacées" in (await client(None).get(page)).text
    kept = await of(lead)
    assert (kept["state"], kept["company_name"]) == ("erased", lead["ref"])
    left = await everything_that_is_kept()
    for word in ("Clarisse", "Mandrin", "zinc", "Zinc", "+33699887766", "toiture", "443061841"):
        assert word not in left, word
    assert (await client(cast.rachel).get("/recommandations")).status_code == 200
    assert (await client(cast.sam).get(f"/recommandations/{lead['ref']}")).status_code == 200


async def test_asked_once_they_are_forgotten_wherever_they_stand(cast, client):
    first = await recommended(cast.rachel, **CLAIRE)
    second = await recommended(cast.remi, "Autre maison", contact_email="claire@morin.fr", contact_phone="")
    await client(None).post_form(f"{path_of(first['ref'], 'mail')}/effacement")
    assert (await of(first))["state"] == (await of(second))["state"] == "erased"


async def test_the_priority_of_an_erased_one_can_be_proved_without_a_name(cast, client):
    lead = await moved(await recommended(cast.rachel, siren="443061841"), cast.sam, "accept")
    async with deed(STORY):
        await erasing.erase_lead(lead["id"])
    later = await recommended(cast.remi, siren="443061841")
    assert later["state"] == "submitted"
    assert [row["id"] for row in await erasing.first_before(later)] == [lead["id"]]
    page = (await client(cast.sam).get(f"/recommandations/{later['ref']}")).text
    assert "Rachel Vidal avait recommandé la même entreprise" in page
    with clock_at(now() + timedelta(220)):  # six months later
        await forget_old()
        assert await erasing.first_before(later) == []


async def test_a_sold_one_keeps_its_company_and_loses_its_contact(cast):
    lead = await moved(await recommended(cast.rachel, **CLAIRE), cast.sam, "accept", "win")
    async with deed(STORY):
        await erasing.erase_lead(lead["id"])
        await erasing.erase_lead(lead["id"])
    kept = await of(lead)
    assert (kept["state"], kept["company_name"], kept["contact_email"]) == ("won", "Atelier Morin", "")


# In time


async def test_without_an_answer_they_are_forgotten_after_ninety_days(cast):
    lead = await recommended(cast.rachel, **CLAIRE)
    for days, state in ((89, "submitted"), (92, "erased")):
        with clock_at(now() + timedelta(days)):
            await forget_old()
        assert (await of(lead))["state"] == state


async def test_who_answered_is_kept_three_years_after_their_last_word(cast):
    lead = await moved(await recommended(cast.rachel, **CLAIRE), cast.sam, "accept", "contact")
    with clock_at(now() + timedelta(365 * 2)):
        async with deed(STORY):
            await answering.ask_for_a_call(await access.lead(lead["id"]), "…", "", "mail")
    for days, state in ((365 * 4, "contacted"), (365 * 5 + 10, "erased")):
        with clock_at(now() + timedelta(days)):
            await forget_old()
        assert (await of(lead))["state"] == state


async def test_their_page_asks_the_database_at_most_eight_times(cast, client):
    lead = await recommended(cast.rachel, **CLAIRE)
    visitor = client(None)
    await visitor.get(path_of(lead["ref"]))
    async with Queries() as queries:
        await visitor.get(path_of(lead["ref"]))
    assert len(queries) <= 8
