"""A word written too fast: for ten minutes its author corrects it or takes it back, and history keeps a proof without the words."""

from datetime import timedelta

import pytest

from portal.kit import db
from portal.kit.days import clock_at, now
from portal.kit.deed import deed
from portal.leads import actions
from portal.leads.dossier import words
from portal.leads.prospect import answering
from tests.stories import STORY, contract_of, open_a_programme, recommended


@pytest.fixture
async def lead(cast):
    await contract_of(cast.rachel, await open_a_programme())
    return await recommended(cast.rachel)


async def wrote(member, lead: db.Row, body: str, *, shared: bool = False) -> db.Row:
    async with deed(member.person):
        await actions.note(lead, body, shared=shared)
    return await last()


async def last() -> db.Row:
    found = await db.row("SELECT * FROM lead_note ORDER BY id DESC LIMIT 1")
    assert found
    return found


def path(lead: db.Row, note: db.Row) -> str:
    return f"/recommandations/{lead['ref']}/notes/{note['ref']}"


async def test_its_author_corrects_it(cast, client, lead):
    note, sam = await wrote(cast.sam, lead, "Client dificile"), client(cast.sam)
    assert "Écrivez quelques mots" in (await sam.post_form(path(lead, note), body=" ")).text
    await sam.post_form(path(lead, note), body="Client exigeant")
    row = await last()
    assert row["body"] == "Client exigeant"
    assert row["corrected_at"]
    assert await words.faulty() == []


async def test_taken_back_nothing_of_it_is_left_but_that_it_was(cast, client, lead):
    note = await wrote(cast.sam, lead, "À effacer")
    await client(cast.sam).post_form(f"{path(lead, note)}/retrait")
    row = await last()
    assert (row["body"], row["salt"]) == ("", b"")
    assert "À effacer" not in str([dict(one) for one in await db.rows("SELECT data FROM history_event")])
    told = await db.rows("SELECT what FROM history_event WHERE what LIKE 'leads.note%' ORDER BY id")
    assert [one["what"] for one in told] == ["leads.noted", "leads.note_taken_back"]


async def test_after_ten_minutes_it_stands(cast, client, lead):
    with clock_at(now() - timedelta(minutes=10, seconds=1)):
        note = await wrote(cast.sam, lead, "Comme dit")
    sam = client(cast.sam)
    for answer in (
        await sam.post_form(path(lead, note), body="Autrement"),
        await sam.post_form(f"{path(lead, note)}/retrait"),
    ):
        assert answer.status_code == 409
        assert "dix minutes sont passées" in answer.text
    assert (await last())["body"] == "Comme dit"


async def test_nobody_corrects_what_another_wrote(cast, client, lead):
    note = await wrote(cast.sam, lead, "De Sam", shared=True)
    for member in (cast.sonia, cast.alice, cast.rachel, cast.stefan):
        assert (await client(member).get(path(lead, note))).status_code == 404
        assert (await client(member).post_form(path(lead, note), body="De moi")).status_code == 404
        assert (await client(member).post_form(f"{path(lead, note)}/retrait")).status_code == 404


async def test_a_referrer_corrects_their_question(cast, client, lead):
    note = await wrote(cast.rachel, lead, "Des nouveles ?", shared=True)
    await client(cast.rachel).post_form(path(lead, note), body="Des nouvelles ?")
    assert (await last())["body"] == "Des nouvelles ?"


async def test_a_private_word_is_never_the_referrers(cast, client, lead):
    await wrote(cast.sam, lead, "Entre nous seulement")
    assert (
        "Entre nous seulement" not in (await client(cast.rachel).get(f"/recommandations/{lead['ref']}")).text
    )
    assert "Entre nous seulement" in (await client(cast.sam).get(f"/recommandations/{lead['ref']}")).text


@pytest.mark.breaks_promises
async def test_words_changed_behind_our_back_are_found(cast, lead):
    note = await wrote(cast.sam, lead, "Le vrai")
    async with deed(STORY):
        await db.execute("UPDATE lead_note SET body = 'Le faux' WHERE id = $1", note["id"])
    assert await words.faulty() == [note["id"]]


async def test_with_the_prospect_goes_the_proof_of_what_was_said_about_them(cast, lead):
    await wrote(cast.sam, lead, "Claire rappelle demain")
    async with deed(STORY):
        await answering.forget(lead, "mail")
    row = await last()
    assert (row["body"], row["salt"]) == ("", b"")
