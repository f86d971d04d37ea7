"""Suspension, formal notice, end with notice or for a fault, non-renewal, renewal: who may, when, and what goes on."""

from datetime import date, timedelta

import pytest

from portal.contracts import access, actions
from portal.contracts.lifetime import notices
from portal.contracts.lifetime.rules import NoticeKind, Side
from portal.contracts.tasks import live, take_effect
from portal.history.access import broken_chains
from portal.jobs.queue import work_off
from portal.kit import db, files
from portal.kit.days import at, clock_at, today
from portal.kit.deed import deed
from portal.kit.problems import NotAllowed, Refused
from portal.ledger.balances import referrer_balances
from portal.referrers import access as referrers
from tests.contracts.stories import in_force, open_programme
from tests.contracts.test_amending import amended, earned, propose, recommend, state

K, COMPANY, REFERRER = NoticeKind, Side.COMPANY, Side.REFERRER
WHY = "Les pièces demandées manquent."


async def give(cast, contract, kind, side=COMPANY, **more):
    by = cast.alice if side is COMPANY else cast.rachel
    async with deed(by.person):
        return await notices.give(contract, kind, side, **more)


async def lift(cast, notice, side=COMPANY):
    async with deed((cast.alice if side is COMPANY else cast.rachel).person):
        await notices.lift(notice, side)


async def referrer_state(cast):
    return await db.value("SELECT state FROM referrer WHERE id = $1", cast.rachel.referrer_id)


@pytest.mark.parametrize("side", Side)
async def test_either_side_leaves_with_the_notice_and_the_clock_ends_it_on_its_day(cast, side):
    contract = await in_force(cast, cast.rachel)
    notice = await give(cast, contract, K.TERMINATION, side)
    day = today() + timedelta(30)
    assert notice["until"] == day
    assert (await access.contract(contract["id"]))["ends_on"] == day
    with clock_at(at(day - timedelta(1), 23, 59)):
        await live()
        assert await state(contract) == "in_force"
    with clock_at(at(day, 0, 10)):
        await live()
    ended = await access.contract(contract["id"])
    assert (ended["state"], ended["ends_on"]) == ("ended", day)
    assert await referrer_state(cast) == "closed"
    assert (await notices.notice(notice["id"]))["state"] == "done"
    assert await broken_chains() == []


async def test_a_notice_may_be_longer_and_not_shorter(cast):
    contract = await in_force(cast, cast.rachel)
    with pytest.raises(Refused, match="too_soon"):
        await give(cast, contract, K.TERMINATION, wanted=today() + timedelta(29))
    assert (await give(cast, contract, K.TERMINATION, wanted=today() + timedelta(60)))[
        "until"
    ] == today() + timedelta(60)


async def test_what_ends_already_is_not_ended_twice(cast):
    contract = await in_force(cast, cast.rachel)
    await give(cast, contract, K.TERMINATION)
    with pytest.raises(Refused, match="ends_already"):
        await give(cast, contract, K.NON_RENEWAL, REFERRER)
    with pytest.raises(Refused, match="told_already"):
        await give(cast, contract, K.TERMINATION, REFERRER)


async def test_an_end_that_was_announced_may_be_called_off_by_who_announced_it(cast):
    contract = await in_force(cast, cast.rachel)
    notice = await give(cast, contract, K.TERMINATION, REFERRER)
    with pytest.raises(NotAllowed):
        await lift(cast, notice, COMPANY)
    await lift(cast, notice, REFERRER)
    with clock_at(at(today() + timedelta(31))):
        await live()
    assert await state(contract) == "in_force"


async def test_a_fault_needs_a_formal_notice_first_unless_nothing_can_mend_it(cast):
    contract = await in_force(cast, cast.rachel)
    with pytest.raises(Refused, match="not_warned"):
        await give(cast, contract, K.FAULT, reason=WHY)
    formal = await give(cast, contract, K.FORMAL, reason=WHY)
    assert formal["until"] == today() + timedelta(15)
    with pytest.raises(Refused, match="not_warned"):
        await give(cast, contract, K.FAULT, reason=WHY)
    with clock_at(at(formal["until"])):
        await give(cast, contract, K.FAULT, reason=WHY)
        ended = await access.contract(contract["id"])
        assert (ended["state"], ended["ends_on"]) == ("ended", today())


async def test_a_grave_fault_ends_at_once_with_its_reason(cast):
    contract = await in_force(cast, cast.rachel)
    with pytest.raises(Refused, match="reason_missing"):
        await give(cast, contract, K.FAULT, grave=True)
    notice = await give(cast, contract, K.FAULT, reason="Un faux bon de commande.", grave=True)
    assert await state(contract) == "ended"
    assert "Un faux bon de commande." in notice["html"]


async def test_a_mended_breach_is_no_longer_held_against_anybody(cast):
    contract = await in_force(cast, cast.rachel)
    formal = await give(cast, contract, K.FORMAL, reason=WHY)
    await lift(cast, formal)
    with clock_at(at(formal["until"])), pytest.raises(Refused, match="not_warned"):
        await give(cast, contract, K.FAULT, reason=WHY)


async def test_the_referrer_may_hold_the_company_to_account_and_not_suspend(cast):
    contract = await in_force(cast, cast.rachel)
    formal = await give(cast, contract, K.FORMAL, REFERRER, reason="Mes commissions ne sont pas payées.")
    with pytest.raises(NotAllowed):
        await give(cast, contract, K.SUSPENSION, REFERRER, reason=WHY)
    with clock_at(at(formal["until"])):
        await give(cast, contract, K.FAULT, REFERRER, reason="Toujours rien.")
    assert await state(contract) == "ended"


async def test_suspended_nothing_new_is_recommended_and_the_rest_goes_on(cast):
    contract = await in_force(cast, cast.rachel)
    lead = await recommend(cast, cast.rachel, "Atelier Morin")
    notice = await give(cast, contract, K.SUSPENSION, reason=WHY)
    assert (await state(contract), await referrer_state(cast)) == ("suspended", "suspended")
    with pytest.raises(Refused, match="contract_suspended"):
        await recommend(cast, cast.rachel, "Boulangerie Kern")
    # 1 000 × 10 %
    assert await earned(cast, lead) == 10_000
    assert await referrers.paper_blocks(cast.rachel.referrer_id, today()) == []
    await lift(cast, notice)
    assert (await state(contract), await referrer_state(cast)) == ("in_force", "active")
    await recommend(cast, cast.rachel, "Boulangerie Kern")


async def test_an_amendment_that_waited_for_the_suspension_applies_when_it_is_over(cast):
    contract, amendment = await amended(cast, cast.rachel)
    notice = await give(cast, contract, K.SUSPENSION, reason=WHY)
    with clock_at(at(amendment["starts_on"] + timedelta(4))):
        await take_effect()
        await lift(cast, notice)
        stands = await access.contract(amendment["id"])
        assert (stands["state"], stands["starts_on"]) == ("in_force", today())


async def test_after_the_end_old_recommendations_still_earn_and_are_still_paid(cast):
    contract = await in_force(cast, cast.rachel)
    lead = await recommend(cast, cast.rachel, "Atelier Morin")
    await give(cast, contract, K.FAULT, reason="Un faux.", grave=True)
    with pytest.raises(Refused, match="contract_over"):
        await recommend(cast, cast.rachel, "Boulangerie Kern")
    with clock_at(at(today() + timedelta(40))):
        # 1 000 × 10 %
        assert await earned(cast, lead) == 10_000
    assert (await referrer_balances(cast.rachel.referrer_id)).held == 10_000
    assert await referrers.paper_blocks(cast.rachel.referrer_id, today()) == []


async def test_the_letter_says_what_is_owed_and_what_goes_on_and_is_kept(cast):
    contract = await in_force(cast, cast.rachel)
    lead = await recommend(cast, cast.rachel, "Atelier Morin")
    await earned(cast, await recommend(cast, cast.rachel, "Boulangerie Kern"))
    notice = await give(cast, contract, K.TERMINATION)
    html = notice["html"].replace("\xa0", " ").replace("\u202f", " ")
    assert "100,00 € à confirmer" in html
    assert lead["ref"] in html
    assert "Atelier Morin" not in html  # it is kept, and they may ask to be forgotten
    await work_off()
    file = await files.by_id((await notices.notice(notice["id"]))["pdf_file"])
    assert (await files.content(file))[:5] == b"%PDF-"


async def test_what_would_have_amended_it_lapses_with_it(cast):
    contract, amendment = await amended(cast, cast.rachel)
    await give(cast, contract, K.TERMINATION, REFERRER)
    assert (await state(amendment), (await access.contract(amendment["id"]))["starts_on"]) == (
        "withdrawn",
        None,
    )
    with pytest.raises(Refused, match="ends"):
        await propose(cast, contract, priority_months=9)


async def test_a_new_contract_opens_the_space_again(cast):
    contract = await in_force(cast, cast.rachel)
    await give(cast, contract, K.FAULT, reason="Un faux.", grave=True)
    await work_off()
    async with deed(cast.alice.person):
        await actions.record_on_paper(
            cast.rachel.referrer_id,
            contract["programme_id"],
            contract["plan_version_id"],
            signed_on=today(),
            vouched_by=None,
        )
    assert await referrer_state(cast) == "active"


# Terms


async def test_a_contract_renews_on_its_term_and_says_so_in_its_history(cast):
    with clock_at(at(date(2028, 2, 29))):
        contract = await in_force(cast, cast.rachel)
        assert contract["term_on"] == date(2029, 2, 28)
    for day, term in (
        (date(2029, 2, 27), date(2029, 2, 28)),
        (date(2029, 2, 28), date(2030, 2, 28)),
        (date(2031, 2, 28), date(2032, 2, 29)),
    ):
        with clock_at(at(day, 0, 10)):
            await live()
            assert (await access.contract(contract["id"]))["term_on"] == term
    said = await db.rows("SELECT data FROM history_event WHERE what = 'contracts.renewed' ORDER BY id")
    assert said[0]["data"] == {"since": "2029-02-28", "until": "2030-02-28"}
    assert await broken_chains() == []


@pytest.mark.parametrize("side", Side)
async def test_who_objects_before_the_term_is_free_on_that_day(cast, side):
    contract = await in_force(cast, cast.rachel)
    notice = await give(cast, contract, K.NON_RENEWAL, side)
    assert notice["until"] == contract["term_on"]
    with clock_at(at(contract["term_on"], 0, 10)):
        await live()
    assert await state(contract) == "ended"
    assert await db.value("SELECT count(*) FROM history_event WHERE what = 'contracts.renewed'") == 0


async def test_an_amendment_keeps_the_term_of_the_contract(cast):
    contract, amendment = await amended(cast, cast.rachel)
    with clock_at(at(amendment["starts_on"])):
        await take_effect()
    with clock_at(at(contract["term_on"], 0, 10)):
        await live()
        renewed = await access.contract(amendment["id"])
        assert renewed["term_on"] == contract["term_on"].replace(year=contract["term_on"].year + 1)


async def test_a_contract_on_paper_of_years_ago_has_its_term_ahead(cast):
    programme_id, version_id = await open_programme(cast)
    with clock_at(at(date(2027, 5, 3))):
        async with deed(cast.alice.person):
            contract = await actions.record_on_paper(
                cast.rachel.referrer_id, programme_id, version_id, signed_on=date(2024, 9, 1), vouched_by=None
            )
    assert contract["term_on"] == date(2027, 9, 1)


async def test_a_clock_that_strikes_twice_renews_once(cast):
    contract = await in_force(cast, cast.rachel)
    with clock_at(at(contract["term_on"], 0, 10)):
        await live()
        await live()
    assert await db.value("SELECT count(*) FROM history_event WHERE what = 'contracts.renewed'") == 1
