"""A further deal of a recommendation: within the priority it is the referrer's; after it the house is asked, and the answer kept."""

from datetime import timedelta

import pytest

from portal.deals import access, actions
from portal.deals.rules import NewLine
from portal.earnings.access import why_nothing
from portal.earnings.replay import replay_deal
from portal.earnings.rules import Why
from portal.kit import db
from portal.kit.days import at, clock_at, today
from portal.kit.deed import deed
from portal.leads import access as leads
from tests.stories import contract_of, open_a_programme, paid, won


@pytest.fixture
async def lead(cast):
    """Won once, within its priority."""
    await contract_of(cast.rachel, await open_a_programme())
    first = await won(cast.rachel, cast.sam)  # 8 %
    assert (first["priority_ended_on"], first["earns"]) == (None, True)
    return await leads.lead(first["lead_id"])


def last_day(lead):
    return clock_at(at(lead["priority_until"], 12))


@pytest.fixture
async def after(cast, lead):
    """Its priority ended yesterday."""
    until = today() - timedelta(1)
    async with deed(cast.alice.person):
        await db.execute("UPDATE lead SET priority_until = $2 WHERE id = $1", lead["id"], until)
    return await leads.lead(lead["id"])


async def signed(cast, lead, **how):
    async with deed(cast.sam.person):
        return await actions.sign(
            lead, title="Suite", signed_on=today(), lines=[NewLine("Suite", 1_000_00)], **how
        )


async def test_on_the_last_day_of_the_priority_it_is_the_referrers(cast, lead):
    with last_day(lead):
        deal = await signed(cast, lead, earns=False)  # what the contract promises cannot be refused
        assert (deal["priority_ended_on"], deal["earns"]) == (None, True)
        await paid(deal, cast.fanny, 1_000_00)
        assert await db.value("SELECT sum(amount)::bigint FROM earning") == 80_00


async def test_within_the_priority_nothing_is_asked(cast, client, lead):
    page = await client(cast.sam).get(f"/recommandations/{lead['ref']}/affaire")
    assert page.status_code == 200
    assert "Après la priorité" not in page.text


async def test_after_it_a_deal_earns_nothing_by_the_contract_and_says_why(cast, client, after):
    deal = await signed(cast, after, earns=False)
    assert (deal["priority_ended_on"], deal["earns"]) == (after["priority_until"], False)
    await paid(deal, cast.fanny, 1_000_00)
    assert await db.value("SELECT count(*) FROM earning") == 0
    payment = await db.value("SELECT id FROM client_payment")
    assert await why_nothing(payment) == {cast.rachel.referrer_id: Why.AFTER_PRIORITY}
    assert await replay_deal(deal["id"]) == []
    page = (await client(cast.rachel).get(f"/affaires/{deal['ref']}")).text
    assert "elle ne donne pas droit à commission" in page


async def test_after_it_a_deal_earns_where_the_house_says_so(cast, client, after):
    deal = await signed(cast, after, earns=True)
    await paid(deal, cast.fanny, 1_000_00)
    assert await db.value("SELECT sum(amount)::bigint FROM earning") == 80_00  # 1 000 × 8 %
    assert "Signée après la priorité" in (await client(cast.sam).get(f"/affaires/{deal['ref']}")).text


async def test_the_form_warns_asks_and_keeps_the_answer(cast, client, after):
    sam, path = client(cast.sam), f"/recommandations/{after['ref']}/affaire"
    said = {
        "title": "Suite", "signed_on": today().isoformat(), "version": after["version"], "label": "Suite", "net": "1 000",
        "quantity": "1", "cost": "", "discount": "", "product": "",
    }  # fmt: skip
    asked = await sam.get(path)
    assert "Après la priorité" in asked.text
    unanswered = await sam.post_form(path, **said)
    assert unanswered.status_code == 422
    assert "dites si cette affaire rémunère quand même" in unanswered.text
    answer = await sam.post_form(path, **said, earns="no")
    assert answer.status_code == 303
    deal = await access.deal(await db.value("SELECT max(id) FROM deal"))
    assert (deal["earns"], deal["priority_ended_on"]) == (False, after["priority_until"])


async def test_a_day_within_the_priority_is_not_asked_about(cast, client, after):
    """Written down late, signed in time."""
    answer = await client(cast.sam).post_form(
        f"/recommandations/{after['ref']}/affaire", title="Suite", signed_on=after["priority_until"].isoformat(),
        version=after["version"], label="Suite", net="1 000", quantity="1", cost="", discount="", product="",
    )  # fmt: skip
    assert answer.status_code == 303
    assert await db.value("SELECT earns FROM deal ORDER BY id DESC LIMIT 1")
