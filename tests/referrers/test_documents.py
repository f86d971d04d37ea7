"""What referrers hand in: asked on the forecast, given by a photo or a click, checked, renewed; time travels."""

import io
from datetime import date, timedelta

import pytest
from PIL import Image

from portal.jobs.queue import work_off
from portal.kit import db, files
from portal.kit.days import at, clock_at, today
from portal.kit.deed import deed
from portal.kit.files import Store
from portal.kit.problems import Refused
from portal.referrers.tasks import review_documents
from portal.referrers.vigilance import access as access_documents
from portal.referrers.vigilance import documents
from portal.referrers.vigilance.access import dossier
from portal.referrers.vigilance.lines import Life, Light
from portal.referrers.vigilance.rules import Kind
from tests.earnings.scene import TEN_PERCENT, Scene, scene_of

ISSUED = date(2026, 11, 1)


def picture() -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(kept, "PNG")
    return kept.getvalue()


@pytest.fixture
async def scene(cast) -> Scene:
    made = await scene_of(cast)
    await made.contract(cast.mina, TEN_PERCENT)
    return made


async def kept():
    return await files.keep(Store.UPLOADS, picture(), media_type="image/png", name="attestation.png")


async def given(who, kind=Kind.VIGILANCE):
    async with deed(who.person):
        return await documents.give(who.referrer_id, kind, await kept())


async def accepted(cast, document, issued_on=None, code="ABC123"):
    async with deed(cast.fanny.person):
        await documents.accept(document, document["version"], issued_on or today(), code)


async def lives(who):
    return {line.kind: line.life for line in (await dossier(who.referrer_id)).lines}


async def mails(who, kind):
    return await db.rows(
        "SELECT * FROM mail_message WHERE to_email = $1 AND kind = $2 ORDER BY id",
        who.email,
        f"referrers.{kind}",
    )


async def test_a_deal_that_will_bring_enough_has_the_documents_asked_at_once(cast, scene):
    await scene.deal(cast.mina, 41_000_00, days_ago=2)  # 41 000 × 10 % = 4 100, above 5 000 × 80 %
    await work_off()
    found = await dossier(cast.mina.referrer_id)
    assert found.facts.forecast_cents == 4_100_00
    assert found.light is Light.WANTED
    requests = await access_documents.open_requests([cast.mina.referrer_id])
    assert {one["kind"] for one in requests} == {"vigilance", "registration", "foreign_workers"}
    assert {one["due_on"] for one in requests} == {today() + timedelta(21)}
    [mail] = await mails(cast.mina, "documents_asked")
    assert "Attestation de vigilance" in mail["text_body"]
    assert "5\u202f000,00" in mail["text_body"]


async def test_a_small_deal_asks_for_nothing(cast, scene):
    await scene.deal(cast.mina, 39_000_00, days_ago=2)
    await work_off()
    assert await lives(cast.mina) == {}
    assert await mails(cast.mina, "documents_asked") == []


async def test_a_deal_called_off_is_no_longer_a_reason_to_ask(cast, scene):
    from portal.deals import access as deals
    from portal.deals import actions

    deal = await scene.deal(cast.mina, 60_000_00, days_ago=2)
    await work_off()
    async with deed(cast.sam.person):
        await actions.cancel(
            await deals.deal(deal["id"]), on=today(), cause="client", reason="Projet abandonné"
        )
    await work_off()
    assert await lives(cast.mina) == {}
    assert await access_documents.open_requests([cast.mina.referrer_id]) == []


async def test_what_is_given_is_checked_dated_and_asked_again_before_it_ends(cast, scene):
    await scene.deal(cast.mina, 60_000_00, days_ago=2)
    await work_off()
    document = await given(cast.mina)
    assert (await lives(cast.mina))[Kind.VIGILANCE] is Life.RECEIVED
    await accepted(cast, document, ISSUED if today() < date(2027, 5, 1) else today())
    kept_ = await access_documents.document(document["id"])
    assert (kept_["checked_by"], kept_["code"]) == (cast.fanny.user_id, "ABC123")
    assert len(await mails(cast.mina, "document_accepted")) == 1
    assert (await lives(cast.mina))[Kind.VIGILANCE] is Life.ACCEPTED


async def reviewed(day: date) -> None:
    with clock_at(at(day, 7)):
        await review_documents()
        await work_off()


async def test_time_passes_over_reminders_and_then_over_a_renewal(cast, scene):
    """Asked today, due in 21 days; reminded 7 and 1 days before, told as late once; the next one after six months."""
    start = today()
    await scene.deal(cast.mina, 60_000_00, days_ago=2)
    await work_off()
    for days in (1, 13, 14, 15, 20, 21, 22, 23, 40):
        await reviewed(start + timedelta(days))
    assert len(await mails(cast.mina, "documents_asked")) == 1
    reminders = await mails(cast.mina, "documents_reminder")
    assert len(reminders) == 2  # on the 14th and on the 20th day
    assert len(await mails(cast.mina, "documents_late")) == 1  # on the 22nd

    with clock_at(at(start + timedelta(41))):
        await accepted(cast, await given(cast.mina), issued_on=start + timedelta(40))
    ends = (await access_documents.documents_of(cast.mina.referrer_id))[0]["until"]
    await reviewed(ends - timedelta(31))
    assert len(await mails(cast.mina, "documents_asked")) == 1
    await reviewed(ends - timedelta(30))
    asked = await mails(cast.mina, "documents_asked")
    assert len(asked) == 2
    assert "renouveler" in asked[1]["text_body"]
    await reviewed(ends - timedelta(30))
    assert len(await mails(cast.mina, "documents_asked")) == 2
    [renewal] = [
        one
        for one in await access_documents.open_requests([cast.mina.referrer_id])
        if one["kind"] == "vigilance"
    ]
    assert (renewal["reason"], renewal["due_on"]) == ("renewal", ends)
    with clock_at(at(ends + timedelta(1))):
        assert (await lives(cast.mina))[Kind.VIGILANCE] is Life.EXPIRED


async def test_while_a_document_waits_for_us_nobody_is_reminded_of_it(cast, scene):
    await scene.deal(cast.mina, 60_000_00, days_ago=2)
    await work_off()
    start = today()
    for kind in (Kind.VIGILANCE, Kind.REGISTRATION):
        await given(cast.mina, kind)
    async with deed(cast.mina.person):
        await documents.declare(cast.mina.referrer_id, Kind.FOREIGN_WORKERS)
    await reviewed(start + timedelta(20))
    assert await mails(cast.mina, "documents_reminder") == []


async def test_a_refusal_says_why_and_asks_again(cast, scene):
    await scene.deal(cast.mina, 60_000_00, days_ago=2)
    await work_off()
    document = await given(cast.mina)
    async with deed(cast.fanny.person):
        await documents.refuse(document, document["version"], "La photo est floue.")
    assert (await lives(cast.mina))[Kind.VIGILANCE] is Life.REFUSED
    [mail] = await mails(cast.mina, "document_refused")
    assert "La photo est floue." in mail["text_body"]
    with pytest.raises(Refused, match="document_checked"):
        async with deed(cast.fred.person):
            await documents.refuse(document, document["version"], "Encore.")


async def test_an_attestation_that_is_too_old_is_not_accepted(cast, scene):
    document = await given(cast.mina)
    with pytest.raises(Refused, match="document_too_old"):
        await accepted(cast, document, issued_on=today() - timedelta(200))


async def test_a_second_file_replaces_the_one_that_waited(cast):
    await given(cast.mina)
    latest = await given(cast.mina)
    assert [one["id"] for one in await access_documents.documents_of(cast.mina.referrer_id)] == [latest["id"]]


async def test_a_statement_is_good_by_one_click_and_a_document_is_not(cast):
    async with deed(cast.mina.person):
        await documents.declare(cast.mina.referrer_id, Kind.FOREIGN_WORKERS)
        with pytest.raises(Refused, match="not_by_click"):
            await documents.declare(cast.mina.referrer_id, Kind.VIGILANCE)


async def test_a_copy_of_an_identity_card_is_gone_once_it_is_checked(cast):
    async with deed(cast.fanny.person):
        await documents.ask_by_hand(cast.rachel.referrer_id, Kind.IDENTITY)
    assert (await lives(cast.rachel))[Kind.IDENTITY] is Life.MISSING
    document = await given(cast.rachel, Kind.IDENTITY)
    await accepted(cast, document, code="")
    assert await db.value("SELECT erased_at IS NOT NULL FROM stored_file WHERE id = $1", document["file_id"])
    assert await lives(cast.rachel) == {}  # no longer asked, and its check stays on file
    assert (await access_documents.document(document["id"]))["checked_by"] == cast.fanny.user_id


async def test_a_document_that_is_no_matter_of_theirs_is_not_asked(cast):
    with pytest.raises(Refused, match="not_for_them"):
        async with deed(cast.fanny.person):
            await documents.ask_by_hand(cast.rachel.referrer_id, Kind.VIGILANCE)
