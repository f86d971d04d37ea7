"""Adjustments by hand: an earning more with its reason, a second person above the limit, nothing changed in place."""

import asyncio
from datetime import timedelta

import pytest

from portal.earnings import access, access_claims, actions, adjusting, claims
from portal.earnings import verify as earnings
from portal.earnings.policy import Policy, policy, set_policy
from portal.earnings.replay import replay_deal
from portal.invoicing import actions as invoicing
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.problems import NotAllowed, NotFound, Refused, Stale
from portal.leads import actions as leads
from portal.ledger.balances import Balances, referrer_balances
from tests.earnings.scene import TEN_PERCENT, amounts, in_days


async def earned(scene, cast, who=None, days_ago: int = 40, body=TEN_PERCENT) -> str:
    """600 € of 6 000 at ten percent; due when the client paid forty days ago."""
    who = who or cast.rachel
    await scene.contract(who, body)
    await scene.pays(await scene.deal(who), 6_000_00, days_ago=days_ago)
    return await db.value("SELECT ref FROM earning")


async def adjust(cast, ref: str, amount: int, reason: str = "Taux mal saisi", by=None) -> db.Row:
    by = by or cast.fanny
    target = await access_claims.target_of_earning(by.person, ref)
    async with deed(by.person):
        return await adjusting.adjust(target, amount, reason)


async def test_what_is_added_is_due_at_once_and_names_its_reason(scene, cast):
    made = await adjust(cast, await earned(scene, cast), 120_00)
    assert made["state"] == "posted"
    assert await amounts() == [600_00, 120_00]
    assert await referrer_balances(cast.rachel.referrer_id) == Balances(earned=720_00, due=720_00)
    told = await access_claims.adjustment_of_earning(made["posted_id"])
    assert (told["reason"], told["author"], told["corrected_amount"]) == (
        "Taux mal saisi",
        "Fanny Moreau",
        600_00,
    )


async def test_what_is_taken_back_of_something_due_leaves_what_is_due(scene, cast):
    await adjust(cast, await earned(scene, cast), -100_00)
    assert await referrer_balances(cast.rachel.referrer_id) == Balances(
        earned=600_00, taken_back=100_00, due=500_00
    )


async def test_what_is_taken_back_of_something_held_leaves_with_it(scene, cast):
    """600 held until thirty days after the payment; 100 less, and on its day 500 are due."""
    await adjust(cast, await earned(scene, cast, days_ago=0), -100_00)
    assert await referrer_balances(cast.rachel.referrer_id) == Balances(
        earned=600_00, taken_back=100_00, held=500_00
    )
    async with deed(cast.fanny.person):
        assert await actions.release_due(today() + timedelta(30)) == 2
    assert await referrer_balances(cast.rachel.referrer_id) == Balances(
        earned=600_00, taken_back=100_00, due=500_00
    )


async def test_no_more_is_taken_back_than_is_left(scene, cast):
    ref = await earned(scene, cast)
    await adjust(cast, ref, -500_00)
    with pytest.raises(Refused, match="adjust_too_much"):
        await adjust(cast, ref, -100_01)
    await adjust(cast, ref, -100_00)
    assert sum(await amounts()) == 0


async def test_two_who_take_back_at_once_do_not_take_back_twice(scene, cast):
    ref = await earned(scene, cast)
    done = await asyncio.gather(
        adjust(cast, ref, -400_00, by=cast.fanny),
        adjust(cast, ref, -400_00, by=cast.fred),
        return_exceptions=True,
    )
    assert [type(one) for one in done if isinstance(one, Exception)] == [Refused]
    assert sorted(await amounts()) == [-400_00, 600_00]


async def test_above_the_limit_it_waits_for_another_person(scene, cast):
    made = await adjust(cast, await earned(scene, cast), 500_01)
    assert (made["state"], made["posted_id"]) == ("waiting", None)
    assert await amounts() == [600_00]
    mail = await db.row("SELECT * FROM mail_message WHERE kind = 'earnings.to_approve'")
    assert (mail["to_email"], made["ref"] in mail["text_body"]) == (cast.fred.email, True)
    with pytest.raises(NotAllowed):
        async with deed(cast.fanny.person):
            await claims.confirm(await access_claims.adjustment(made["id"]), cast.fanny.person)
    async with deed(cast.fred.person):
        await claims.confirm(await access_claims.adjustment(made["id"]), cast.fred.person)
    assert await amounts() == [600_00, 500_01]
    told = await access_claims.adjustment(made["id"])
    assert (told["author"], told["decider"], told["state"]) == ("Fanny Moreau", "Fred Aubin", "posted")


async def test_exactly_the_limit_needs_one_person(scene, cast):
    assert (await adjust(cast, await earned(scene, cast), 500_00))["state"] == "posted"


async def test_the_limit_is_the_companys(scene, cast):
    async with deed(cast.alice.person):
        await set_policy(Policy(limit_cents=50_00))
    assert (await policy()).limit_cents == 50_00
    assert (await adjust(cast, await earned(scene, cast), -50_01))["state"] == "waiting"


@pytest.mark.parametrize("how", ["refused", "withdrawn"])
async def test_what_a_second_person_refuses_or_the_first_withdraws_pays_nothing(scene, cast, how):
    made = await adjust(cast, await earned(scene, cast), 900_00)
    row = await access_claims.adjustment(made["id"])
    if how == "refused":
        async with deed(cast.fred.person):
            await claims.turn_down(row, cast.fred.person, "Pas justifié")
    else:
        async with deed(cast.fanny.person):
            await claims.withdraw(row, cast.fanny.person)
    assert (await access_claims.adjustment(made["id"]))["state"] == how
    assert await amounts() == [600_00]
    with pytest.raises((Refused, NotFound)):
        async with deed(cast.fred.person):
            await claims.confirm(row, cast.fred.person)


async def test_two_who_confirm_at_once_pay_once(scene, cast):
    made = await adjust(cast, await earned(scene, cast), 900_00)
    row = await access_claims.adjustment(made["id"])

    async def confirm(who):
        async with deed(who.person):
            await claims.confirm(row, who.person)

    await asyncio.gather(confirm(cast.fred), confirm(cast.alice), return_exceptions=True)
    assert await amounts() == [600_00, 900_00]


async def test_what_was_taken_back_meanwhile_is_looked_at_again_by_the_second_person(scene, cast):
    """600 earned; −550 waits; −100 is taken meanwhile: 550 are not there any more."""
    ref = await earned(scene, cast)
    waits = await adjust(cast, ref, -550_00)
    await adjust(cast, ref, -100_00)
    with pytest.raises(Refused, match="adjust_too_much"):
        async with deed(cast.fred.person):
            await claims.confirm(await access_claims.adjustment(waits["id"]), cast.fred.person)
    async with deed(cast.fred.person):
        await claims.turn_down(await access_claims.adjustment(waits["id"]), cast.fred.person, "Déjà repris")


async def test_a_demand_changed_behind_the_second_person_is_not_approved(scene, cast):
    made = await adjust(cast, await earned(scene, cast), 900_00)
    async with deed(cast.fanny.person):
        await db.execute("UPDATE adjustment SET amount = 9000000 WHERE id = $1", made["id"])
    with pytest.raises(Stale):
        async with deed(cast.fred.person):
            await claims.confirm(await access_claims.adjustment(made["id"]), cast.fred.person)


async def test_no_money_without_a_signed_contract(scene, cast):
    deal = await scene.deal(cast.rachel)
    referrer = await db.value("SELECT ref FROM referrer WHERE id = $1", cast.rachel.referrer_id)
    with pytest.raises(Refused, match="no_contract"):
        await access_claims.target_of_share(cast.fanny.person, deal["ref"], referrer)


async def test_a_commission_that_is_missing_is_added_to_the_deal(scene, cast):
    await scene.contract(cast.rachel)
    deal = await scene.deal(cast.rachel)
    referrer = await db.value("SELECT ref FROM referrer WHERE id = $1", cast.rachel.referrer_id)
    target = await access_claims.target_of_share(cast.fanny.person, deal["ref"], referrer)
    async with deed(cast.fanny.person):
        await adjusting.adjust(target, 80_00, "Prime oubliée")
    [row] = await access.earnings_of_deal(cast.rachel.person, deal["id"])
    assert (row["amount"], row["state"], row["clause"]) == (80_00, "due", "remuneration.explication")
    with pytest.raises(Refused, match="adjust_what"):
        async with deed(cast.fanny.person):
            await adjusting.adjust(target, -80_00, "Erreur")


async def test_points_are_adjusted_in_points(scene, cast):
    """The limit of 500 € is one of 500 points."""
    ref = await earned(scene, cast, body={**TEN_PERCENT, "name": "Points", "unit": "POINT"})
    assert (await adjust(cast, ref, 500))["state"] == "posted"
    assert (await adjust(cast, ref, 501))["state"] == "waiting"
    assert (await referrer_balances(cast.rachel.referrer_id)).points == 1_100


async def test_it_goes_onto_the_next_paper(scene, cast):
    """600 + 120 on one receipt."""
    await adjust(cast, await earned(scene, cast), 120_00)
    async with deed(cast.fanny.person):
        [invoice_id] = (await invoicing.issue(cast.entity_id)).invoice_ids
    assert await db.value("SELECT net_cents FROM invoice WHERE id = $1", invoice_id) == 720_00


async def test_what_corrects_an_invoiced_commission_is_a_credit_note_at_its_vat(scene, cast):
    """600 + 120 VAT invoiced; 100 less is a credit note of 100 + 20."""
    ref = await earned(scene, cast, cast.remi)
    async with deed(cast.fanny.person):
        await invoicing.issue(cast.entity_id)
    await adjust(cast, ref, -100_00)
    async with deed(cast.fanny.person):
        [invoice_id] = (await invoicing.issue(cast.entity_id)).invoice_ids
    note = await db.row("SELECT kind, net_cents, vat_cents FROM invoice WHERE id = $1", invoice_id)
    assert (note["kind"], note["net_cents"], note["vat_cents"]) == ("credit_note", 100_00, 20_00)


async def test_a_replay_leaves_it_alone(scene, cast):
    await adjust(cast, await earned(scene, cast), 120_00)
    assert await replay_deal(await db.value("SELECT id FROM deal")) == []


async def test_a_refund_after_it_takes_back_what_the_plan_earned(scene, cast):
    """600 + 120; half refunded: −300, the adjustment stays a decision of its own."""
    ref = await earned(scene, cast)
    await adjust(cast, ref, 120_00)
    await scene.is_refunded(await db.row("SELECT * FROM deal"), 3_000_00)
    assert await amounts() == [600_00, 120_00, -300_00]


async def test_the_referrer_is_mailed_the_amount_and_the_reason(scene, cast):
    await adjust(cast, await earned(scene, cast), 120_00)
    mail = await db.row("SELECT * FROM mail_message WHERE kind = 'earnings.adjusted'")
    assert mail["to_email"] == cast.rachel.email
    assert "Taux mal saisi" in mail["text_body"]


async def test_on_its_day_nothing_more_happens_to_it(scene, cast):
    await adjust(cast, await earned(scene, cast), 120_00)
    with in_days(40):
        async with deed(cast.fanny.person):
            assert await actions.release_due(today()) == 0


@pytest.mark.breaks_promises
async def test_verify_finds_an_adjustment_that_says_another_amount(cast, base, cluster):
    import asyncpg

    from tests.earnings.scene import scene_of

    scene = await scene_of(cast)
    await adjust(cast, await earned(scene, cast), 120_00)
    owner = await asyncpg.connect(cluster.owner(base))
    await owner.execute("UPDATE adjustment SET amount = 1")
    await owner.close()
    assert "adjusted_for_another_amount" in {fault.code for fault in await earnings.faults()}


async def test_what_a_qualified_recommendation_earned_is_adjusted_without_a_deal(scene, cast):
    """150 for a qualified recommendation; 50 less."""
    flat = [{"key": "prime", "when": [], "pay": {"kind": "flat", "amount": "150.00", "per": "event"}}]
    await scene.contract(cast.rachel, {**TEN_PERCENT, "rules": flat, "pays_on": "lead_qualified"})
    async with deed(cast.sam.person):
        lead = await leads.submit(cast.rachel.referrer_id, company_name="Atelier Morin", consent="oui")
        await leads.move(await leads.move(lead, "accept"), "qualify")
    ref = await db.value("SELECT ref FROM earning")
    await adjust(cast, ref, -50_00)
    assert await amounts() == [150_00, -50_00]
    subject_id, company = await access_claims.subject_for(cast.rachel.person, "earning", ref)
    assert company == "Atelier Morin"
    async with deed(cast.rachel.person):
        asked = await claims.open_claim("earning", subject_id, cast.rachel.referrer_id, "amount", "150 !")
    assert asked["company_name"] == "Atelier Morin"
