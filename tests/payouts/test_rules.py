"""What a transfer is made of, who is left out, and the two tables of moves."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kit.problems import Refused
from portal.payouts.rules import (
    LINE_LABELS,
    LINE_MOVES,
    RUN_LABELS,
    RUN_MOVES,
    LineState,
    RunState,
    bank_block,
    candidates,
    check,
    digest,
    is_payable,
    parts_of,
)

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
USABLE = {"state": "usable", "usable_from": AT - timedelta(days=1)}


def paper(
    net: int, vat: int, *, debt: bool = False, debits: bool = False, who: int = 1, said: str | None = None
) -> dict:
    return {
        "id": net, "referrer_id": who, "net_cents": net, "vat_cents": vat, "leaves_debt": debt, "vat_on_debits": debits,
        "said": said, "due_on": date(2026, 12, 21),
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


def test_a_contested_paper_does_not_hold_back_the_others():
    found = candidates([paper(360_00, 0), paper(40_00, 0, said="contested")], {1: USABLE}, AT)
    assert [(one.total_cents, one.block) for one in found] == [(360_00, ""), (40_00, "contested")]


@given(st.permutations([("A", 1, 1, 10, 2, [3, 4]), ("B", 2, 2, 20, 0, [5])]))
def test_the_digest_knows_the_lines_whatever_their_order(lines):
    day = date(2026, 11, 21)
    assert digest(day, lines) == digest(day, sorted(lines))


@pytest.mark.parametrize("place", range(5))
def test_the_digest_changes_with_any_figure_of_any_line(place):
    day, line = date(2026, 11, 21), ["A", 1, 1, 10, 2, [3, 4]]
    other = list(line)
    other[place] = "B" if place == 0 else line[place] + 1
    assert digest(day, [tuple(line)]) != digest(day, [tuple(other)])
    assert digest(day, [tuple(line)]) != digest(day + timedelta(1), [tuple(line)])
    assert digest(day, [tuple(line)]) != digest(day, [(*line[:5], [3])])


def test_a_run_that_is_sent_can_only_be_settled():
    assert [name for name, move in RUN_MOVES.items() if RunState.SENT in move.froms] == ["settle"]
    with pytest.raises(Refused):
        check(RUN_MOVES["cancel"], RunState.SENT)


def test_every_state_has_a_name_and_is_reached():
    assert set(RUN_LABELS) == set(RunState)
    assert set(LINE_LABELS) == set(LineState)
    assert {move.to for move in RUN_MOVES.values()} | {"drafted"} == set(RunState)
    assert {move.to for move in LINE_MOVES.values()} | {"drafted"} == set(LineState)
