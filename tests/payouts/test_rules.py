"""What a transfer is made of, who is left out, and the two tables of moves."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kit.problems import Refused
from portal.payouts.candidate_rules import Threshold, Way, candidates, rail_for
from portal.payouts.rails.rules import RailName, Where, bank_block, executed_on
from portal.payouts.rules import (
    LINE_LABELS,
    LINE_MOVES,
    RUN_LABELS,
    RUN_MOVES,
    LineState,
    RunState,
    check,
    digest,
    is_payable,
    parts_of,
    said_of,
)

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
USABLE = {"state": "usable", "usable_from": AT - timedelta(days=1)}


def paper(
    net: int,
    vat: int,
    *,
    debt: bool = False,
    debits: bool = False,
    who: int = 1,
    said: str | None = None,
    mandate: str = "written",
) -> dict:
    return {
        "id": net, "referrer_id": who, "net_cents": net, "vat_cents": vat, "leaves_debt": debt, "vat_on_debits": debits,
        "said": said, "due_on": date(2026, 12, 21), "withheld_cents": 0, "mandate": mandate,
    }  # fmt: skip


PAPERS = st.lists(
    st.builds(
        paper,
        st.integers(-(10**7), 10**7),
        st.integers(-(10**6), 10**6),
        debt=st.booleans(),
        debits=st.booleans(),
    ),
    min_size=1,
    max_size=12,
)


def test_what_was_paid_already_is_set_off_and_only_pending_vat_becomes_deductible():
    """360 + 72 to pay, 40 + 8 under débits, 90 + 18 owed back: 310 + 62 leave, 72 become deductible."""
    found = parts_of(
        [paper(360_00, 72_00), paper(40_00, 8_00, debits=True), paper(-90_00, -18_00, debt=True)]
    )
    assert (found.net, found.vat) == (310_00, 62_00)
    assert (found.set_off_net, found.set_off_vat) == (90_00, 18_00)
    assert found.pending_vat == 72_00


@given(PAPERS)
def test_a_line_is_the_sum_of_its_papers(papers):
    found = parts_of(papers)
    assert found.net == sum(each["net_cents"] for each in papers)
    invoices = [each for each in papers if not each["leaves_debt"]]
    assert found.net + found.set_off_net == sum(each["net_cents"] for each in invoices)


def test_vat_owed_back_is_never_taken_from_what_is_earned_before_tax():
    """200 without VAT and 100 + 20 owed: 80 could be sent, but 20 of tax would be paid with earnings."""
    assert not is_payable(parts_of([paper(200_00, 0), paper(-100_00, -20_00, debt=True)]))
    assert is_payable(parts_of([paper(200_00, 40_00), paper(-100_00, -20_00, debt=True)]))


@pytest.mark.parametrize(
    ("bank", "block"),
    [
        (None, "no_iban"),
        (USABLE, ""),
        ({"state": "confirmed", "usable_from": AT + timedelta(hours=72)}, "iban_waits"),
        ({"state": "confirmed", "usable_from": AT}, ""),
        ({"state": "proposed", "usable_from": AT - timedelta(days=9)}, "iban_unconfirmed"),
    ],
)
def test_money_goes_only_to_an_account_that_stands(bank, block):
    assert bank_block(bank, AT) == block


DAY = date(2026, 11, 22)
WAY = Way(RailName.SEPA, Where(bank=USABLE))


def test_a_contested_paper_does_not_hold_back_the_others():
    found = candidates([paper(360_00, 0), paper(40_00, 0, said="contested")], {1: WAY}, Threshold(), DAY)
    assert [(one.total_cents, one.block) for one in found] == [(360_00, ""), (40_00, "contested")]


def test_without_a_written_mandate_a_paper_waits_for_a_yes():
    papers = [paper(360_00, 0, mandate="tacit"), paper(40_00, 0, mandate="tacit", said="accepted")]
    found = candidates(papers, {1: WAY}, Threshold(), DAY)
    assert [(one.total_cents, one.block) for one in found] == [(360_00, "unaccepted"), (40_00, "")]


@pytest.mark.parametrize(
    ("cents", "days", "block"),
    [(50_00, 20, ""), (49_99, 20, "below"), (49_99, 29, "below"), (49_99, 30, "")],
)
def test_little_waits_for_more_but_never_past_its_legal_date(cents, days, block):
    """Due on 21 December, 29 days from now: with a run each 30 days the next one would come too late."""
    (found,) = candidates([paper(cents, 0)], {1: WAY}, Threshold(50_00, days), DAY)
    assert found.block == block
    assert (found.until == date(2026, 12, 21)) == (block == "below")


def payee(number: int, ceiling: int | None, had: int = 0) -> dict:
    return {"id": number, "name": f"P{number}", "ceiling_cents": ceiling, "had_cents": had}


def test_who_gets_nothing_of_a_transfer_needs_no_account():
    nobody = Where("no_iban")
    all_gone = Way(RailName.SEPA, nobody, (payee(1, None),))
    some_left = Way(RailName.SEPA, nobody, (payee(1, 10_00),))
    (one,) = candidates([paper(50_00, 0)], {1: all_gone}, Threshold(), DAY)
    (two,) = candidates([paper(50_00, 0)], {1: some_left}, Threshold(), DAY)
    assert (one.block, two.block) == ("", "no_iban")


def test_stripe_pays_nobody_in_the_place_of_another():
    assert rail_for("stripe", has_payee=True) is RailName.SEPA
    assert rail_for("hand", has_payee=True) is RailName.HAND
    assert rail_for("stripe", has_payee=False) is RailName.STRIPE


@pytest.mark.parametrize(
    ("wanted", "approved", "day"),
    [
        (date(2026, 12, 25), date(2026, 12, 22), date(2026, 12, 28)),  # Christmas, the 26th, a weekend
        (date(2027, 3, 26), date(2027, 3, 26), date(2027, 3, 30)),  # Good Friday to Easter Monday
        (date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 24)),
    ],
)
def test_banks_settle_on_their_days_only(wanted, approved, day):
    assert executed_on(wanted, approved) == day


LINE = {
    "end_to_end_id": "A", "referrer_id": 1, "bank_detail_id": 1, "destination": "", "net_cents": 10, "vat_cents": 2,
    "withheld_cents": 0,
}  # fmt: skip


def told(**changes: object) -> bytes:
    return digest(DAY, "sepa", [said_of(LINE | changes, [3, 4], [])])


def test_the_digest_knows_the_lines_whatever_their_order():
    one, other = said_of(LINE, [3, 4], []), said_of(LINE | {"end_to_end_id": "B"}, [5], [])
    assert digest(DAY, "sepa", [one, other]) == digest(DAY, "sepa", [other, one])
    assert said_of(LINE, [4, 3], []) == one


@pytest.mark.parametrize("name", LINE)
def test_the_digest_changes_with_any_figure_of_any_line(name):
    assert told(**{name: "B"}) != told()


def test_the_digest_changes_with_day_rail_papers_and_who_is_paid():
    other = (
        digest(DAY + timedelta(1), "sepa", [said_of(LINE, [3, 4], [])]),
        digest(DAY, "hand", [said_of(LINE, [3, 4], [])]),
        digest(DAY, "sepa", [said_of(LINE, [3], [])]),
        digest(DAY, "sepa", [said_of(LINE, [3, 4], [(9, 12)])]),
    )
    assert len({told(), *other}) == 5


def test_a_run_that_is_sent_can_only_be_settled():
    assert [name for name, move in RUN_MOVES.items() if RunState.SENT in move.froms] == ["settle"]
    with pytest.raises(Refused):
        check(RUN_MOVES["cancel"], RunState.SENT)


def test_every_state_has_a_name_and_is_reached():
    assert set(RUN_LABELS) == set(RunState)
    assert set(LINE_LABELS) == set(LineState)
    assert {move.to for move in RUN_MOVES.values()} | {"drafted"} == set(RunState)
    assert {move.to for move in LINE_MOVES.values()} | {"drafted"} == set(LineState)
