"""The company of the demo shows everything that the portal knows, and shows the same each time."""

import pytest

from portal import verify
from portal.contracts.rules import ContractState
from portal.deals.rules import CAUSES
from portal.demo import build, story
from portal.earnings import access as earnings
from portal.earnings.rules import EarningState
from portal.invoicing import access as papers
from portal.invoicing import actions as invoicing
from portal.kit import db
from portal.kit.days import at, clock_at, today
from portal.kit.deed import deed
from portal.leads.rules import LEAD_MOVES, UNANSWERED, LeadState
from portal.payouts import access as payouts
from portal.payouts import actions
from portal.payouts.rules import LineState, RunState
from portal.people.rules import Person, Role
from portal.referrers.rules import REGIMES, BankState, ReferrerState
from tests.demo.conftest import SMALL, Told, money


async def states(sql: str, *args: object) -> set[str]:
    return {row[0] for row in await db.rows(sql, *args)}


async def test_referrers_of_every_status_have_come_as_far_as_one_can(base):
    known = set(ReferrerState) - {ReferrerState.MERGED}
    assert await states("SELECT state FROM referrer") == known
    standings = await states("SELECT status || ' ' || vat_regime FROM referrer_standing")
    assert standings >= {f"{status} {regime}" for status, regimes in REGIMES.items() for regime in regimes}
    reached = set(ContractState) - {ContractState.DRAFTED, ContractState.SUPERSEDED, ContractState.WITHDRAWN}
    assert await states("SELECT state FROM contract") >= reached
    assert await states("SELECT state FROM bank_detail") >= {
        BankState.USABLE,
        BankState.CONFIRMED,
        BankState.PROPOSED,
    }


async def test_each_home_that_is_shown_has_a_recommendation_in_every_state(base):
    by_moves = {move.to for move in LEAD_MOVES} | UNANSWERED
    shown = list(story.SHOWN)
    for email in shown:
        found = await states(
            "SELECT lead.state FROM lead JOIN referrer ON referrer.id = referrer_id WHERE referrer.email = $1",
            email,
        )
        assert found >= by_moves - {LeadState.WAITING}, email
    assert await states("SELECT state FROM lead") >= by_moves
    assert "undecided" in await states("SELECT earns FROM lead")
    assert await states("SELECT shared::text FROM lead_note") == {"true", "false"}
    assert await db.value("SELECT count(*) FROM lead WHERE state = 'submitted' AND answer_due_at < now()")


async def test_money_is_wherever_it_can_be(base):
    assert await states("SELECT cause FROM deal_cancellation") == set(CAUSES)
    assert await db.value("SELECT count(*) FROM client_payment WHERE paid_on > $1", today())
    found = await states(f"SELECT DISTINCT {earnings.STATE} FROM earning")
    assert found == set(EarningState)
    assert await states("SELECT kind FROM invoice") == {"self_billed", "credit_note", "receipt"}
    assert await states("SELECT state FROM payout_run") >= set(RunState) - {RunState.APPROVED}
    assert await states("SELECT state FROM payout_line") == set(LineState)
    assert await states("SELECT state FROM invoice_acceptance") == {"contested"}
    entity_id = await db.value("SELECT id FROM legal_entity")
    blocks = {block for one in await invoicing.dry_run(entity_id, today()) for block in one.blocks}
    assert blocks >= {"vat_number_missing", "employer_missing", "vat_regime_missing"}
    waits = {candidate.block for candidate in await payouts.waiting(entity_id)}
    assert waits >= {"contested", "iban_waits", "iban_unconfirmed"}
    assert await papers.unpaid(entity_id)


async def test_the_run_that_waits_can_be_approved_and_sent_by_who_did_not_prepare_it(base):
    run = await payouts.run(await db.value("SELECT id FROM payout_run WHERE state = 'drafted'"))
    other = await db.row(
        """SELECT app_user.* FROM app_user JOIN membership ON membership.user_id = app_user.id
           WHERE membership.role = 'finance' AND app_user.id <> $1""",
        run["prepared_by"],
    )
    second = Person(other["id"], other["name"], other["email"], "fr", frozenset({Role.FINANCE}))
    async with deed(second):
        await actions.approve(run)
    approved = await payouts.run(run["id"])
    kept = await actions.bank_file(approved)
    async with deed(second):
        await actions.send(approved, kept)
    assert await states("SELECT state FROM payout_line WHERE run_id = $1", run["id"]) == {LineState.SENT}


async def test_all_that_is_promised_holds(base):
    assert (await verify.everything()).faults == []


@pytest.mark.parametrize("template", ["template_portal"])
async def test_built_again_it_is_the_same_to_the_cent(base, told: Told, template):
    said: list[str] = []
    with clock_at(at(told.on, 18)):  # of the same day, though midnight may have struck since
        await build.build(said.append, SMALL)
    assert said, "it says how far it is"
    assert await money() == told.money
