"""From the first word about somebody to their being forgotten: for a company, a private person and works of energy; by the
referrer's form and by the prospect's own hand. Whatever anybody wrote about them is looked for in every table and file."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from portal.company import access as company
from portal.jobs.queue import work_off
from portal.kit import db, files
from portal.kit.days import clock_at, now, today
from portal.kit.deed import deed
from portal.leads import access
from portal.leads.desk import views
from portal.leads.desk.rules import Place
from portal.leads.dossier import attaching, tasking
from portal.leads.dossier.access import Subject
from portal.leads.priority import extending
from portal.leads.prospect import erasing, proofs
from portal.leads.prospect.addresses import path_of
from portal.leads.prospect.answering import CONSENT, words_of
from portal.leads.prospect.calling import call_of
from portal.leads.tasks import forget as forget_old
from tests.cast import Cast, Client
from tests.stories import STORY, contract_of, moved, open_a_programme, recommended

Browser = Callable[..., Client]
SIREN = "443061841"
HERSELF = {
    "company": "Zinc et Cuivre", "contact": "Clarisse Mandrin", "email": "clarisse@zinc.example",
    "phone": "06 99 88 77 66", "need": "refaire la toiture du hangar",
}  # fmt: skip
# However it is written, in a text or in bytes.
HERS = ("clarisse", "mandrin", "zinc", "699887766", "6 99 88 77 66", "toiture", "mardi matin", SIREN)
PLANTED = "Clarisse Mandrin, de Zinc et Cuivre, au 06 99 88 77 66"
ALLOWED, FORBIDDEN = "Appel permis", "Appel interdit"
KINDS = ["business", "consumer", "energy"]


@pytest.fixture(autouse=True)
async def plan(cast: Cast) -> db.Row:
    plan = await open_a_programme()
    await contract_of(cast.rachel, plan)
    return plan


@pytest.fixture(params=KINDS)
async def prospects(request: pytest.FixtureRequest, plan: db.Row) -> str:
    """Whom the programme is for."""
    async with deed(STORY):
        await db.execute(
            "UPDATE programme SET prospects = $2 WHERE id = $1", plan["programme_id"], request.param
        )
    return request.param


async def by_form(cast: Cast, client: Browser, _link: db.Row) -> db.Row:
    await client(cast.rachel).post_form("/recommandations/brouillon", **HERSELF)
    answer = await client(cast.rachel).post_form("/recommandations", agreed="spoken", siren=SIREN, **HERSELF)
    assert answer.status_code == 303, answer.text
    return await only_lead()


async def by_link(_cast: Cast, client: Browser, link: db.Row) -> db.Row:
    answer = await client(None).post_form(f"/r/{link['code']}", accepts="1", wished="mardi matin", **HERSELF)
    assert answer.status_code == 303, answer.text
    return await only_lead()


async def only_lead() -> db.Row:
    [lead] = await db.rows("SELECT * FROM lead")
    return lead


async def said_of_calling(lead: db.Row) -> str:
    """As sales read it beside the number."""
    now_is = await access.lead(lead["id"])
    figures = await company.figures()
    call = call_of(now_is["prospects"], now_is["call_asked_at"], now_is["objected_at"], today(), figures)
    assert call.source
    return call.why.partition(" :")[0]


# Agreed to


async def test_what_the_prospect_agreed_to_is_kept_and_decides_whether_sales_may_call(
    cast, client, prospects
):
    lead = await by_form(cast, client, None)
    assert [proof["kind"] for proof in await proofs.of(lead["id"])] == ["said_by_referrer"]
    assert await said_of_calling(lead) == (ALLOWED if prospects == "business" else FORBIDDEN)
    await client(None).post_form(f"{path_of(lead['ref'], 'mail')}/rappel", wished="mardi matin")
    proof = (await proofs.of(lead["id"]))[-1]
    asked = (CONSENT[prospects][0], "mail", words_of(prospects, "Lumen"))
    assert (proof["kind"], proof["via"], proof["words"]) == asked
    assert await said_of_calling(lead) == ALLOWED
    assert await proofs.faulty() == []


async def test_typed_by_their_own_hand_they_may_be_called_at_once(cast, client, prospects, link):
    lead = await by_link(cast, client, link)
    [proof] = await proofs.of(lead["id"])
    assert (proof["via"], proof["kind"]) == (
        "link",
        "told" if prospects == "business" else CONSENT[prospects][0],
    )
    assert await said_of_calling(lead) == ALLOWED
    assert await proofs.faulty() == []


@pytest.mark.parametrize("came", [by_form, by_link])
async def test_who_objects_is_not_called_and_not_recommended_again(cast, client, prospects, link, came):
    lead = await came(cast, client, link)
    await client(None).post_form(f"{path_of(lead['ref'], 'mail')}/opposition")
    assert await said_of_calling(lead) == FORBIDDEN
    assert (await access.lead(lead["id"]))["state"] == "rejected"
    await refused_in_plain_words(cast, client)


async def refused_in_plain_words(cast: Cast, client: Browser) -> None:
    """Of their address, their number or their name in their company: each alone is enough, and the answer tells nothing."""
    before = await db.value("SELECT count(*) FROM lead")
    for alone in (
        {"company": "Autre maison", "email": HERSELF["email"]},
        {"company": "Autre maison", "phone": HERSELF["phone"]},
        {"company": HERSELF["company"], "contact": HERSELF["contact"], "email": "autre@maison.example"},
    ):
        answer = await client(cast.remi).post_form("/recommandations", agreed="spoken", **alone)
        assert answer.status_code in (409, 422)
        assert "Nous ne pouvons pas prendre contact avec cette personne" in answer.text
    assert await db.value("SELECT count(*) FROM lead") == before


# Forgotten


async def written_about(lead: db.Row, cast: Cast, client: Browser) -> None:
    """Whatever colleagues and the referrer can write of somebody, with their name in it."""
    path = f"/recommandations/{lead['ref']}"
    subject = Subject("lead", lead["id"], path)
    await client(cast.sam).post_form(f"{path}/notes", body=PLANTED, shared="1")
    await client(cast.sam).post_form(f"{path}/notes", body=PLANTED)
    await client(cast.rachel).post_form(f"{path}/notes", body=PLANTED)
    kept = await files.keep(
        files.Store.UPLOADS, PLANTED.encode(), media_type="text/plain", name=f"{PLANTED}.txt"
    )
    async with deed(cast.sam.person):
        await tasking.add(subject, f"Rappeler {PLANTED}", today())
        await attaching.attach(subject, kept, shared=True)
        await views.save(cast.sam.person, "Zinc et Cuivre", Place.ALL, {"q": "Clarisse"}, shared=True)
    async with deed(cast.rachel.person):
        await extending.ask(await access.lead(lead["id"]), PLANTED)


async def left() -> set[str]:
    """'table: word' of every table whose rows, bytes or files still tell of them."""
    found = set()
    for table in await db.rows(
        "SELECT table_name::text AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
    ):
        rows = await db.rows(f'SELECT lower(one::text) AS said FROM "{table["name"]}" one')
        found |= {f"{table['name']}: {word}" for row in rows for word in HERS if tells(row["said"], word)}
    for file in await db.rows("SELECT * FROM stored_file WHERE erased_at IS NULL"):
        body = await files.content(file)
        found |= {f"file {file['id']}: {word}" for word in HERS if word.encode() in body.lower()}
    return found


def tells(said: str, word: str) -> bool:
    return word in said or word.encode().hex() in said


@pytest.mark.parametrize("came", [by_form, by_link])
async def test_once_forgotten_nothing_of_them_is_left_but_keyed_hashes(cast, client, prospects, link, came):
    lead = await moved(await came(cast, client, link), cast.sam, "accept", "contact")
    await written_about(lead, cast, client)
    await work_off()
    told = {one.partition(":")[0] for one in await left()}
    assert {"lead", "lead_note", "match_key", "search_row", "mail_message", "task", "stored_file", "lead_view", "lead_extension"} <= told  # fmt: skip
    page = path_of(lead["ref"], "mail")
    assert (await client(None).post_form(f"{page}/effacement")).status_code == 303
    await work_off()
    assert await left() == set()
    assert "Vos coordonnées sont effacées" in (await client(None).get(page)).text
    await what_stays(lead, prospects)
    await refused_in_plain_words(cast, client)


async def what_stays(lead: db.Row, prospects: str) -> None:
    """Dates for the referrer, hashes against a second contact, and the proof that this was agreed to by who shows the same address."""
    kept = await access.lead(lead["id"])
    assert (kept["state"], kept["company_name"], kept["priority_until"]) == ("erased", kept["ref"], lead["priority_until"])  # fmt: skip
    assert {row["kind"] for row in await db.rows("SELECT kind FROM objection")} == {
        "email",
        "phone",
        "person",
    }
    macs = {bytes(proof["subject_mac"]) for proof in await proofs.of(lead["id"])}
    assert macs == {proofs.whose(HERSELF["email"], "+33699887766")}
    values = [
        row["value"] for row in await db.rows("SELECT value FROM match_key WHERE subject_id = $1", lead["id"])
    ]
    assert values
    assert all(value.startswith(erasing.HASHED) for value in values), prospects


async def test_the_priority_of_the_forgotten_is_shown_by_dates_as_long_as_it_lasts(cast, client, link):
    lead = await moved(await by_form(cast, client, link), cast.sam, "accept")
    await client(None).post_form(f"{path_of(lead['ref'], 'mail')}/effacement")
    colleague = await recommended(
        cast.remi, "Zinc et Cuivre", siren=SIREN, contact_name="Paul Rey", contact_phone="+33611223344"
    )
    assert [one["id"] for one in await erasing.first_before(colleague)] == (
        [lead["id"]] if lead["siren"] else []
    )
    with clock_at(now() + timedelta(400)):
        await forget_old()
        assert await erasing.first_before(colleague) == []


@pytest.mark.breaks_promises
async def test_the_control_a_table_that_were_not_erased_would_be_found(cast, client, link, monkeypatch):
    async def forgets_nothing(_lead_id: int) -> None: ...

    lead = await moved(await by_form(cast, client, link), cast.sam, "accept", "contact")
    await written_about(lead, cast, client)
    monkeypatch.setattr(erasing.tasking, "forget", forgets_nothing)
    await client(None).post_form(f"{path_of(lead['ref'], 'mail')}/effacement")
    await work_off()
    assert {one.partition(":")[0] for one in await left()} == {"task"}
