"""What leaves reads back as the same entries, in each format; a FEC is what the law describes."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.books.journal import fec
from portal.books.journal.formats import FORMATS
from portal.books.journal.rules import (
    Account,
    Auxiliary,
    Axis,
    Fact,
    Journal,
    JournalEntry,
    JournalLine,
    faults_of,
    gaps_of,
    in_order,
    year_of,
)
from portal.books.journal.words import Words, section
from tests.books import reading

LABELS = {"sage": 25, "cegid": 35, "ebp": 40}
PIECES = {"sage": 13, "cegid": 35, "ebp": 15}
AXES = {"csv": 2, "pennylane": 2, "cegid": 2, "sage": 1, "ebp": 1, "fec": 0}
WORDS = Words("Lumen Conseil", "732829320", {}, (Axis.PROGRAMME, Axis.SALES))
READERS = {
    "fec": reading.fec, "csv": reading.generic, "pennylane": reading.pennylane,
    "sage": reading.sage, "cegid": reading.cegid, "ebp": reading.ebp,
}  # fmt: skip
letters = st.text("abcdéèçÉœ' -0123456789", min_size=1, max_size=45).map(lambda text: f"L{text}".strip())
names = st.text("ABCDEFG", min_size=1, max_size=6)


@st.composite
def entries(draw) -> list[JournalEntry]:
    """As the books make them: balanced, in order, numbered without a gap in each journal."""
    found = []
    for place in range(draw(st.integers(1, 8))):
        cents = draw(st.integers(1, 10**9))
        vat = draw(st.integers(0, cents))
        axes = (draw(names), draw(names))
        found.append(
            JournalEntry(
                place, draw(st.sampled_from(list(Journal))), date(2026, 1, 1) + timedelta(draw(st.integers(0, 364))),
                date(2026, 12, 31), Fact(f"F-2026-{place}", date(2026, 1, 1), draw(letters)),
                tuple(line for line in (
                    JournalLine(Account("6222", "Commissions"), cents - vat, None, axes),
                    JournalLine(Account("44566", "TVA"), vat),
                    JournalLine(Account("401", "Fournisseurs"), -cents, Auxiliary(f"AP{place}", "Morin Conseil")),
                ) if line.cents),
            )
        )  # fmt: skip
    return _numbered(sorted(found, key=lambda one: (one.on, one.journal)))


def _numbered(found: list[JournalEntry]) -> list[JournalEntry]:
    last = dict.fromkeys(Journal, 0)
    numbered = []
    for one in found:
        last[one.journal] += 1
        numbered.append(
            JournalEntry(
                one.ledger_id, one.journal, one.on, one.recorded_on, one.fact, one.lines, last[one.journal]
            )
        )
    return in_order(numbered)


def expected(found: list[JournalEntry], form: str) -> list[reading.Read]:
    """What the format can carry of it."""
    return [
        reading.Read(
            one.journal.value, str(one.number), f"{one.on:%Y%m%d}", line.account.number,
            line.auxiliary.code if line.auxiliary else "", one.fact.piece[: PIECES.get(form)],
            " ".join(one.fact.label.split())[: LABELS.get(form)].strip() if form in (*LABELS, "fec") else one.fact.label,
            line.cents, _axes(line, form),
        )
        for one in found
        for line in one.lines
    ]  # fmt: skip


def _axes(line: JournalLine, form: str) -> tuple[str, ...]:
    if form in ("csv", "pennylane"):
        return line.axes or ("", "")
    return tuple(section(axis, 13) for axis in line.axes[: AXES[form]])


@pytest.mark.parametrize("form", FORMATS)
@given(found=entries())
def test_what_leaves_reads_back_as_the_same_entries(form, found):
    body = FORMATS[form].write(found, WORDS)
    assert READERS[form](body) == expected(found, form)
    assert FORMATS[form].write(found, WORDS) == body


@given(found=entries())
def test_a_fec_is_balanced_in_order_and_without_a_gap(found):
    assert faults_of(found) == []
    read = reading.fec(fec.write(found, WORDS))
    assert sum(line.cents for line in read) == 0
    assert [line.day for line in read] == sorted(line.day for line in read)
    for journal in {line.journal for line in read}:
        assert gaps_of({int(line.number) for line in read if line.journal == journal}) == []


def test_a_fec_has_the_eighteen_fields_of_the_law_in_their_order():
    entry = JournalEntry(
        7, Journal.PURCHASES, date(2026, 3, 31), date(2026, 4, 1),
        Fact("AF-2026-0012", date(2026, 3, 31), "Facture AF-2026-0012\tMorin | Conseil", letter="A", lettered_on=date(2026, 4, 15)),
        (JournalLine(Account("6222", "Commissions et courtages sur ventes"), 360_00),
         JournalLine(Account("401", "Fournisseurs"), -360_00, Auxiliary("AP0001", "Morin Conseil"))), 12,
    )  # fmt: skip
    head, debit, credit, end = fec.write([entry], WORDS).decode("iso8859-15").split("\r\n")
    assert head == (
        "JournalCode\tJournalLib\tEcritureNum\tEcritureDate\tCompteNum\tCompteLib\tCompAuxNum\tCompAuxLib\tPieceRef\tPieceDate"
        "\tEcritureLib\tDebit\tCredit\tEcritureLet\tDateLet\tValidDate\tMontantdevise\tIdevise"
    )
    assert debit == (
        "AC\tAchats\t12\t20260331\t6222\tCommissions et courtages sur ventes\t\t\tAF-2026-0012\t20260331"
        "\tFacture AF-2026-0012 Morin / Conseil\t360,00\t0,00\t\t\t20260401\t\t"
    )
    assert credit == (
        "AC\tAchats\t12\t20260331\t401\tFournisseurs\tAP0001\tMorin Conseil\tAF-2026-0012\t20260331"
        "\tFacture AF-2026-0012 Morin / Conseil\t0,00\t360,00\tA\t20260415\t20260401\t\t"
    )
    assert end == ""


def test_what_is_wrong_is_seen_before_anything_is_written():
    one = JournalEntry(
        1, Journal.OTHERS, date(2026, 1, 2), date(2026, 1, 2), Fact("P", date(2026, 1, 2), "L"),
        (JournalLine(Account("6222", ""), 100), JournalLine(Account("401", ""), -99, Auxiliary("A", "Un"))), 1,
    )  # fmt: skip
    other = JournalEntry(
        2, Journal.OTHERS, date(2026, 1, 1), date(2026, 1, 1), one.fact,
        (JournalLine(Account("6222", ""), 1), JournalLine(Account("401", ""), -1, Auxiliary("A", "Deux"))), 1,
    )  # fmt: skip
    assert faults_of([one, other]) == ["unbalanced", "unsorted", "number_twice", "auxiliary_twice"]
    assert gaps_of([1, 2, 5]) == [3, 4]


@pytest.mark.parametrize(
    ("day", "last_month", "name", "first", "last"),
    [
        (date(2026, 5, 1), 12, "2026", date(2026, 1, 1), date(2026, 12, 31)),
        (date(2026, 6, 30), 6, "2025-2026", date(2025, 7, 1), date(2026, 6, 30)),
        (date(2026, 7, 1), 6, "2026-2027", date(2026, 7, 1), date(2027, 6, 30)),
        (date(2028, 2, 29), 2, "2027-2028", date(2027, 3, 1), date(2028, 2, 29)),
    ],
)
def test_a_financial_year_ends_with_the_month_that_the_company_says(day, last_month, name, first, last):
    year = year_of(day, last_month)
    assert (year.name, year.first, year.last) == (name, first, last)
