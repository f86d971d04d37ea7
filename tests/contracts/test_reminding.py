"""What the clock reminds of, each step once; what is told when a contract changes, ends, renews, and when a plan changes."""

from datetime import date, timedelta

import pytest

from portal.contracts.lifetime.rules import NoticeKind, Side
from portal.contracts.signature import signing
from portal.contracts.tasks import announce_plan, expire, live, remind, take_effect
from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.days import at, clock_at, today
from portal.kit.deed import deed
from portal.plans import actions as plans
from portal.plans.editor import drafting, shelf
from tests.contracts.stories import code_for, in_force, sign, to_sign
from tests.contracts.test_amending import TWELVE, amended, propose, recommend, signed, twelve_percent
from tests.contracts.test_notices import WHY, give, lift


async def mails(kind: str) -> list[str]:
    return [
        row["to_email"]
        for row in await db.rows(
            "SELECT to_email FROM mail_message WHERE kind = $1 ORDER BY id", f"contracts.{kind}"
        )
    ]


async def text_of(kind: str) -> str:
    body = await db.value("SELECT text_body FROM mail_message WHERE kind = $1 ORDER BY id DESC LIMIT 1", kind)
    return body.replace("\xa0", " ").replace("\u202f", " ").replace("’", "'")


async def days_pass(start: date, days: int, *jobs) -> None:
    for passed in range(days + 1):
        with clock_at(at(start + timedelta(passed), 7)):
            for job in jobs:
                await job()
                await job()


async def test_a_contract_to_sign_is_reminded_three_times_then_expires(cast):
    sent = await to_sign(cast, cast.rachel)
    await days_pass(today(), 31, remind, expire)
    assert await mails("sign_reminder") == [cast.rachel.email] * 3
    assert sorted(await mails("expires_soon")) == sorted([cast.sam.email, cast.alice.email])
    assert await db.value("SELECT state FROM contract WHERE id = $1", sent["id"]) == "expired"


async def test_a_clock_that_stood_still_reminds_once(cast):
    await to_sign(cast, cast.rachel)
    with clock_at(at(today() + timedelta(22), 7)):
        await remind()
    assert await mails("sign_reminder") == [cast.rachel.email]


async def test_who_has_signed_is_left_alone_and_the_administration_is_reminded(cast):
    sent = await to_sign(cast, cast.rachel)
    await sign(sent, cast.rachel.person, await code_for(sent, cast.rachel.person))
    await days_pass(today(), 12, remind)
    assert await mails("sign_reminder") == []
    assert await mails("countersign_reminder") == [cast.alice.email] * 3


async def test_a_term_is_told_to_both_sides_before_it_comes_and_its_renewal_after(cast):
    contract = await in_force(cast, cast.rachel)
    await days_pass(contract["term_on"] - timedelta(50), 51, live, remind)
    both = sorted([cast.rachel.email, cast.sam.email, cast.alice.email])
    assert sorted(await mails("term")) == sorted(both * 2)
    assert await mails("renewed") == [cast.rachel.email]
    assert "mêmes conditions" in await text_of("contracts.renewed")


async def test_a_contract_that_ends_is_not_reminded_of_its_term(cast):
    contract = await in_force(cast, cast.rachel)
    await give(cast, contract, NoticeKind.NON_RENEWAL)
    with clock_at(at(contract["term_on"] - timedelta(10), 7)):
        await remind()
    assert await mails("term") == []


async def test_an_amendment_is_mailed_with_what_it_changes(cast):
    contract = await in_force(cast, cast.rachel)
    await propose(cast, contract, plan_version_id=await twelve_percent(cast, contract))
    assert await mails("amendment") == [cast.rachel.email]
    told = await text_of("contracts.amendment")
    assert "10 %, dans tous les cas → 12 %, dans tous les cas" in told
    assert "Nous payons mieux vos recommandations." in told


async def test_an_agreed_amendment_is_told_to_both_and_again_on_its_day(cast):
    _contract, amendment = await amended(cast, cast.rachel)
    assert sorted(await mails("agreed")) == sorted([cast.rachel.email, cast.sam.email, cast.alice.email])
    with clock_at(at(amendment["starts_on"])):
        await take_effect()
    assert await mails("in_force") == [cast.rachel.email] * 2


@pytest.mark.parametrize("side", Side)
async def test_an_end_is_announced_to_both_then_told_with_what_is_left(cast, side):
    contract = await in_force(cast, cast.rachel)
    await recommend(cast, cast.rachel, "Atelier Morin")
    notice = await give(cast, contract, NoticeKind.TERMINATION, side)
    everybody = sorted([cast.rachel.email, cast.sam.email, cast.alice.email])
    assert sorted(await mails("ending")) == everybody
    with clock_at(at(notice["until"], 0, 10)):
        await live()
    assert sorted(await mails("ended")) == everybody
    told = await text_of("contracts.ended")
    assert "Rien n'est dû à ce jour." in told
    assert "1 recommandation garde sa priorité" in told


async def test_a_suspension_and_its_end_are_told_with_the_reason(cast):
    contract = await in_force(cast, cast.rachel)
    notice = await give(cast, contract, NoticeKind.SUSPENSION, reason=WHY)
    assert await mails("suspension") == [cast.rachel.email]
    assert WHY in await text_of("contracts.suspension")
    await lift(cast, notice)
    assert await mails("resumed") == [cast.rachel.email]


async def test_a_formal_notice_of_the_referrer_reaches_the_company(cast):
    contract = await in_force(cast, cast.rachel)
    formal = await give(cast, contract, NoticeKind.FORMAL, Side.REFERRER, reason="Rien n'est payé.")
    assert sorted(await mails("formal")) == sorted([cast.sam.email, cast.alice.email])
    await lift(cast, formal, Side.REFERRER)
    assert sorted(await mails("called_off")) == sorted([cast.sam.email, cast.alice.email])


# A plan that changes


async def published(cast, contract, body, after: int = 30):
    """By the editor of plans, as an administrator does it."""
    held = await shelf.version(contract["plan_version_id"])
    async with deed(cast.alice.person):
        draft = await drafting.next_draft(held)
        await drafting.save(draft, draft["version"], body)
        draft = await shelf.version(draft["id"])
        await drafting.publish(draft, draft["version"], today() + timedelta(after), after)
    await work_off()
    return draft


async def test_a_new_version_is_announced_once_to_those_under_an_older_one(cast):
    contract = await in_force(cast, cast.rachel)
    draft = await published(cast, contract, TWELVE)
    assert await db.value("SELECT count(*) FROM mail_message WHERE kind = 'plans.changed'") == 1
    told = await text_of("plans.changed")
    assert "10 %, dans tous les cas → 12 %, dans tous les cas" in told
    assert "rien ne change pour vous" in told
    await announce_plan(plan_version_id=draft["id"])
    assert await db.value("SELECT count(*) FROM mail_message WHERE kind = 'plans.changed'") == 1


async def test_who_stands_under_no_version_of_it_hears_nothing(cast):
    contract = await in_force(cast, cast.rachel)
    async with deed(cast.alice.person):
        other = await plans.publish(contract["programme_id"], TWELVE | {"name": "Un autre barème"}, today())
    await published(
        cast, {"plan_version_id": other["id"]}, TWELVE | {"name": "Un autre barème", "hold_days": 0}
    )
    assert await db.value("SELECT count(*) FROM mail_message WHERE kind = 'plans.changed'") == 0


async def test_a_refused_amendment_is_told_to_who_looks_after_them(cast):
    contract = await in_force(cast, cast.rachel)
    amendment = await propose(cast, contract, plan_version_id=await twelve_percent(cast, contract))
    async with deed(cast.rachel.person):
        await signing.refuse(amendment, cast.rachel.person, "Trop tôt.")
    assert await mails("refused") == [cast.sam.email]


async def test_a_reminder_for_an_amendment_goes_to_who_signs_it(cast):
    contract = await in_force(cast, cast.rachel)
    amendment = await propose(cast, contract, plan_version_id=await twelve_percent(cast, contract))
    with clock_at(at(today() + timedelta(6), 7)):
        await remind()
    assert await mails("sign_reminder") == [cast.rachel.email]
    await signed(cast, cast.rachel, amendment)
