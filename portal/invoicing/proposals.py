"""What would be issued, before it is: payable commissions gathered by referrer and VAT treatment. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from types import MappingProxyType
from typing import Any, Protocol

from portal.invoicing.papers import Kind
from portal.invoicing.rules import STOOD, Treatment, credit_vat, end_of_month, treatment_of
from portal.kit.money import Cents, percentage_of
from portal.law import Figures
from portal.referrers.rules import Regime, Standing, Status, paper_blocks
from portal.referrers.vigilance.lines import OVER_LIMIT, PAPERS_MISSING


class Row(Protocol):
    """A row of the database, by the name of its columns."""

    def __getitem__(self, column: str, /) -> Any: ...


@dataclass(frozen=True, slots=True)
class Held:
    """What a referrer's documents say: codes that keep a paper from being made, or that only warn. `given_on`: when the
    last of them came. `room_cents`: what an individual may still be paid, by the company's limit."""

    blocks: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    given_on: date | None = None
    room_cents: Cents | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """One paper, or why there is none. `credits` is the invoice that a credit note takes back from."""

    referrer: Any  # a Row
    rows: tuple[Row, ...]
    treatment: Treatment | None
    blocks: tuple[str, ...] = ()
    credits: Row | None = None
    detail: str = ""  # the rules broken, of an invoice that was refused
    held: Held = Held()

    @property
    def ready(self) -> bool:
        return not self.blocks

    @property
    def net_cents(self) -> Cents:
        """What the referrer gets: below zero for a credit note."""
        return sum(row["amount"] for row in self.rows)

    @property
    def vat_cents(self) -> Cents:
        if self.credits:
            return -credit_vat(
                self.credits["credited_net"], self.credits["credited_vat"],
                self.credits["before_net"], self.credits["before_vat"], -self.net_cents,
            )  # fmt: skip
        return percentage_of(self.net_cents, self.treatment.rate) if self.treatment else 0

    @property
    def total_cents(self) -> Cents:
        return self.net_cents + self.vat_cents

    @property
    def contract(self) -> Row:
        """The one named at the top of the paper: that of the latest commission."""
        return self.rows[-1]

    @property
    def invoice_by(self) -> date | None:
        """The end of the month in which all became due, as the contract has it; None while a document is missing."""
        if PAPERS_MISSING in self.held.blocks:
            return None
        due_on = max(row["due_on"] for row in self.rows)
        return end_of_month(max(due_on, self.held.given_on or due_on))

    def but(self, *blocks: str, detail: str = "") -> "Proposal":
        return replace(self, blocks=(*self.blocks, *blocks), detail=detail)


def proposals(
    rows: Iterable[Row], place: str, figures: Figures, held: Mapping[int, Held] = MappingProxyType({})
) -> list[Proposal]:
    """`rows`: access.payable_rows, of one legal entity; `held` by referrer. In order of the referrers' numbers."""
    gathered = sorted((_key(row, place, figures) for row in rows), key=lambda each: each[0])
    return [
        _proposal([row for _, row, _ in group], treatment, held)
        for _, group in _groups(gathered)
        for treatment in [group[0][2]]
    ]


def _groups(gathered: list[tuple[tuple, Row, Treatment | None]]) -> list[tuple[tuple, list]]:
    return [(key, list(group)) for key, group in groupby(gathered, key=lambda each: each[0])]


def _key(row: Row, place: str, figures: Figures) -> tuple[tuple, Row, Treatment | None]:
    """Credit notes apart by invoice; then what differs in VAT or in its mandate."""
    if row["credits_id"] is not None:
        return (row["referrer_number"], 1, row["credits_id"]), row, _treatment_of_invoice(row)
    standing = standing_of(row)
    known = standing is not None and standing.vat_regime is not Regime.MISSING
    treatment = treatment_of(standing, row["fact_on"], place, figures) if standing and known else None
    mandated = row["self_billing"] or (treatment is not None and treatment.kind is Kind.RECEIPT)
    return (row["referrer_number"], 0, str(treatment), mandated), row, treatment


def _treatment_of_invoice(row: Row) -> Treatment:
    """A credit note has the VAT of its invoice, whatever the regime has become (CGI 272-1)."""
    first = row["credited_paper"]["lines"][0]
    return Treatment(
        Kind.SELF_BILLED_CREDIT_NOTE, row["credited_regime"], first["vat_category"], row["credited_rate"],
        row["credited_paper"]["exemption_code"], row["credited_on_debits"],
    )  # fmt: skip


def _proposal(rows: list[Row], treatment: Treatment | None, held: Mapping[int, Held]) -> Proposal:
    first = rows[0]
    made = Proposal(
        first, tuple(sorted(rows, key=lambda row: (row["occurred_on"], row["id"]))), treatment,
        held=held.get(first["referrer_id"], Held()),
    )  # fmt: skip
    if first["credits_id"] is not None:
        return replace(made, credits=first, blocks=("in_run",) if first["credited_in_run"] else ())
    return made.but(*_blocks(made))


def _blocks(made: Proposal) -> list[str]:
    found = paper_blocks(made.referrer, standing_of(made.referrer))
    if any(row["contract_state"] not in STOOD for row in made.rows):
        found.append("contract_not_in_force")
    if made.treatment and made.treatment.kind is Kind.SELF_BILLED and not made.contract["self_billing"]:
        found.append("no_mandate")
    if made.net_cents <= 0:
        found.append("carried")
    if made.held.room_cents is not None and made.net_cents > made.held.room_cents:
        found.append(OVER_LIMIT)
    return [*found, *made.held.blocks]


def standing_of(row: Row) -> Standing | None:
    """What ruled on the day of the fact."""
    if row["status"] is None:
        return None
    return Standing(Status(row["status"]), Regime(row["vat_regime"]), row["vat_on_debits"])


def period_of(rows: Iterable[Row]) -> tuple[date, date]:
    days = [row["occurred_on"] for row in rows]
    return min(days), max(days)
