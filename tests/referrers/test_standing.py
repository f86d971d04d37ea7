"""Who a referrer is in law, dated: what is recorded later for the same day rules, what was stays readable."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.kit.deed import deed
from portal.kit.problems import Refused
from portal.referrers import access, actions
from portal.referrers.rules import (
    REGIMES,
    Regime,
    Standing,
    Status,
    Step,
    check_regime,
    paper_blocks,
    step_of,
)

FIRST = date(2024, 1, 1)
STANDINGS = [(status, regime) for status, regimes in REGIMES.items() for regime in regimes]
recorded = st.lists(st.tuples(st.integers(0, 30), st.sampled_from(STANDINGS), st.booleans()), max_size=8)


def as_told(rows: list[tuple[int, tuple[Status, Regime], bool]], day: int) -> Standing | None:
    """By a reader of the list: among what has begun, the latest beginning; of two, the one recorded last."""
    found = None
    for since, (status, regime), debits in rows:
        if since <= day and (found is None or since >= found[0]):
            found = (since, Standing(status, regime, debits))
    return found[1] if found else None


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=recorded, day=st.integers(-1, 31))
async def test_on_any_day_the_latest_that_has_begun_rules(cast, rows, day):
    async with deed(cast.sam.person):
        referrer = await actions.create(email="essai@exemple.fr")
        for since, (status, regime), debits in rows:
            await actions.record_standing(
                referrer["id"], FIRST + timedelta(since), status, regime, "profile", debits
            )
    assert await access.standing_on(referrer["id"], FIRST + timedelta(day)) == as_told(rows, day)


async def test_saving_the_profile_again_records_no_new_standing(cast):
    async with deed(cast.mina.person):
        await actions.fill_profile(
            await access.referrer(cast.mina.referrer_id), status=Status.MICRO, vat_regime=Regime.FRANCHISE,
            since=date(2026, 5, 1), city="Lyon",
        )  # fmt: skip
    assert len(await access.standings_of(cast.mina.referrer_id)) == 1


async def test_what_was_recorded_is_never_overwritten(cast):
    async with deed(cast.mina.person):
        await actions.record_standing(
            cast.mina.referrer_id, date(2026, 5, 1), Status.MICRO, Regime.STANDARD, "profile"
        )
    before, after = date(2026, 4, 30), date(2026, 5, 1)
    assert (await access.standing_on(cast.mina.referrer_id, before)).vat_regime is Regime.FRANCHISE
    assert (await access.standing_on(cast.mina.referrer_id, after)).vat_regime is Regime.STANDARD


@given(status=st.sampled_from(Status), regime=st.sampled_from(Regime))
def test_a_regime_goes_with_its_status_or_is_refused(status, regime):
    if regime in (*REGIMES[status], Regime.MISSING):
        check_regime(status, regime)
    else:
        with pytest.raises(Refused):
            check_regime(status, regime)


WHOLE = {
    "state": "active", "siret": "73282932000074", "vat_number": "FR44732829320", "street": "1 rue A",
    "postcode": "44000", "city": "Nantes", "employer_consent_file": 1, "country": "FR", "certified": False,
}  # fmt: skip


@pytest.mark.parametrize(("status", "regime"), STANDINGS)
def test_a_whole_file_blocks_no_paper(status, regime):
    assert paper_blocks(WHOLE, Standing(status, regime)) == []


@pytest.mark.parametrize(
    ("missing", "status", "regime", "code"),
    [
        ({"siret": ""}, Status.MICRO, Regime.FRANCHISE, "siret_missing"),
        ({"vat_number": ""}, Status.COMPANY, Regime.STANDARD, "vat_number_missing"),
        ({"city": ""}, Status.INDIVIDUAL, Regime.NONE, "address_missing"),
        ({"employer_consent_file": None}, Status.PARTNER_EMPLOYEE, Regime.NONE, "employer_missing"),
        ({"country": "DE", "vat_number": ""}, Status.EU_COMPANY, Regime.REVERSE_CHARGE, "vat_number_missing"),
        ({"state": "applied"}, Status.INDIVIDUAL, Regime.NONE, "not_active"),
        ({}, Status.ASSOCIATION, Regime.MISSING, "vat_regime_missing"),
    ],
)
def test_what_is_missing_is_named(missing, status, regime, code):
    assert paper_blocks(WHOLE | missing, Standing(status, regime)) == [code]


@pytest.mark.parametrize(
    ("known", "paid_where", "contracts", "step"),
    [
        (False, False, [], Step.IDENTITY),
        (True, False, ["sent"], Step.BANK),
        (True, True, [], Step.CONTRACT),
        (True, True, ["withdrawn", "expired"], Step.CONTRACT),
        (True, True, ["sent"], Step.SIGNATURE),
        (True, True, ["signed"], Step.SIGNATURE),
        (True, True, ["sent", "in_force"], Step.DONE),
        (True, True, ["ended"], Step.DONE),
        (True, False, ["in_force"], Step.DONE),
    ],
)
def test_the_next_step_follows_from_what_is_there(known, paid_where, contracts, step):
    assert step_of(known=known, paid_where=paid_where, contract_states=contracts) is step
