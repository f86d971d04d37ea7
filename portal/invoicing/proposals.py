"""What would be issued, before it is: payable commissions gathered by referrer and VAT treatment. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from types import MappingProxyType
from typing import Any

from portal.invoicing.papers import RECEIPTS, Corrected, Kind
from portal.invoicing.rules import (
    NOTHING_WITHHELD,
    STOOD,
    TACIT,
    Treatment,
    credit_share,
    end_of_month,
    treatment_of,
)
from portal.kit.money import Cents, percentage_of
from portal.kit.rows import Row
from portal.law import Figures, NoFigure
from portal.law.invoices import TACIT_A_YEAR
from portal.law.partner_employees import SMIC
from portal.law.territories import AT_HOME, Territory, territory_of
from portal.law.vat import standard_rate_percent
from portal.law.withholding import HOME, Reason, Withholding, withholding
from portal.referrers.rules import LEGAL_PERSONS, Regime, Standing, Status, paper_blocks
from portal.referrers.vigilance.lines import OVER_LIMIT, PAPERS_MISSING

# What takes a paper back, by the kind of its row.
CREDITED_BY = {"own": Kind.CREDIT_NOTE, "receipt": Kind.RECEIPT_CREDIT}


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
    takes_off: bool = False  # a credit note to a whole paper: its commissions go on to another one
    replaces: Corrected | None = None  # of the paper they go on to

    @property
    def ready(self) -> bool:
        return not self.blocks

    @property
    def is_credit(self) -> bool:
        """A corrective names a paper too, but takes nothing back."""
        corrective = self.treatment is not None and self.treatment.kind is Kind.SELF_BILLED_CORRECTIVE
        return self.credits is not None and not corrective

    @property
    def net_cents(self) -> Cents:
        """What the referrer gets: below zero for a credit note."""
        total = sum(row["amount"] for row in self.rows)
        return -total if self.takes_off else total

    @property
    def vat_cents(self) -> Cents:
        if self.is_credit:
            return -self._share("vat")
        return percentage_of(self.net_cents, self.treatment.rate) if self.treatment else 0

    @property
    def withheld_cents(self) -> Cents:
        """Kept back for the tax office; below zero for a credit note."""
        if self.is_credit:
            return -self._share("withheld")
        return self.treatment.withheld.on(self.net_cents) if self.treatment else 0

    def self_assessed_cents(self, place: str, figures: Figures) -> Cents:
        """VAT that the company owes in the stead of a supplier abroad, at its own rate on the day of the fact; below zero for
        a credit note: rounded on what is left, so that the last takes the last cent."""
        if self.treatment is None or self.treatment.category != "AE" or not self.rows:
            return 0
        rate = standard_rate_percent(place, self.rows[0]["fact_on"], figures)
        if rate is None or self.treatment.kind is Kind.SELF_BILLED_CORRECTIVE:
            return 0
        if not self.is_credit or self.credits is None:
            return percentage_of(self.net_cents, rate)
        left = self.credits["credited_net"] - self.credits["before_net"]
        return percentage_of(left + self.net_cents, rate) - percentage_of(left, rate)

    def _share(self, what: str) -> Cents:
        """Of the VAT of the credited invoice, or of what was withheld of it."""
        assert self.credits is not None
        return credit_share(
            self.credits["credited_net"], self.credits[f"credited_{what}"],
            self.credits["before_net"], self.credits[f"before_{what}"], -self.net_cents,
        )  # fmt: skip

    @property
    def total_cents(self) -> Cents:
        return self.net_cents + self.vat_cents

    @property
    def mandate(self) -> str:
        """Under which an invoice is drawn up for its supplier; none for a receipt."""
        if self.credits:
            return str(self.credits["credited_mandate"])
        if self.treatment is None or self.treatment.kind in RECEIPTS:
            return ""
        return "written" if self.contract["self_billing"] else TACIT

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
        _proposal([row for _, row, _ in group], treatment, held, figures)
        for _, group in _groups(gathered)
        for treatment in [group[0][2]]
    ]


def _groups(gathered: list[tuple[tuple, Row, Treatment | None]]) -> list[tuple[tuple, list]]:
    return [(key, list(group)) for key, group in groupby(gathered, key=lambda each: each[0])]


def _key(row: Row, place: str, figures: Figures) -> tuple[tuple, Row, Treatment | None]:
    """Credit notes apart by invoice; then what differs in VAT or in its mandate."""
    if row["credits_id"] is not None:
        return (row["referrer_number"], 1, row["credits_id"]), row, treatment_of_invoice(row)
    standing = standing_of(row)
    known = standing is not None and standing.vat_regime is not Regime.MISSING
    treatment = treatment_by(row, standing, place, figures) if standing and known else None
    mandated = row["self_billing"] or (treatment is not None and treatment.kind is Kind.RECEIPT)
    return (row["referrer_number"], 0, str(treatment), mandated), row, treatment


def treatment_by(row: Row, standing: Standing, place: str, figures: Figures) -> Treatment:
    """Of a commission, by this standing and by where its referrer is established."""
    where = _where(row, figures)
    return treatment_of(
        standing, row["fact_on"], place, figures, where, _withheld(row, standing, where, figures)
    )


def _where(row: Row, figures: Figures) -> Territory:
    return territory_of(row["country"], row["postcode"], row["fact_on"], figures)


def _withheld(row: Row, standing: Standing, where: Territory, figures: Figures) -> Withholding:
    """Who is established in a collectivity of the Republic has no base where the law of the tax applies."""
    if where in AT_HOME:
        return NOTHING_WITHHELD
    country = where if row["country"] == HOME else row["country"]
    return withholding(country, standing.status in LEGAL_PERSONS, row["certified"], row["fact_on"], figures)


def treatment_of_invoice(row: Row) -> Treatment:
    """A credit note has the VAT of its invoice, whatever the regime has become (CGI 272-1)."""
    paper = row["corrected_paper"] or row["credited_paper"]
    return Treatment(
        CREDITED_BY.get(row["credited_kind"], Kind.SELF_BILLED_CREDIT_NOTE), row["credited_regime"],
        paper["lines"][0]["vat_category"], row["credited_rate"], paper["exemption_code"], row["credited_on_debits"],
    )  # fmt: skip


def _proposal(
    rows: list[Row], treatment: Treatment | None, held: Mapping[int, Held], figures: Figures
) -> Proposal:
    first = rows[0]
    made = Proposal(
        first, tuple(sorted(rows, key=lambda row: (row["occurred_on"], row["id"]))), treatment,
        held=held.get(first["referrer_id"], Held()),
    )  # fmt: skip
    if first["credits_id"] is not None:
        return replace(made, credits=first, blocks=_blocks_of_credit(first))
    return made.but(*_blocks(made, figures))


def _blocks_of_credit(row: Row) -> tuple[str, ...]:
    """What was invoiced by the referrer is credited by the referrer."""
    found = {"own_credit": row["credited_kind"] == "own", "in_run": row["credited_in_run"]}
    return tuple(code for code, is_so in found.items() if is_so)


def _blocks(made: Proposal, figures: Figures) -> list[str]:
    standing, treatment = standing_of(made.referrer), made.treatment
    tacit = made.mandate == TACIT
    found = {
        "contract_not_in_force": any(row["contract_state"] not in STOOD for row in made.rows),
        "etnc": treatment is not None and treatment.withheld.reason is Reason.REFUSED,
        "odd_territory": standing is not None
        and standing.vat_regime is Regime.REVERSE_CHARGE
        and _where(made.referrer, figures) in AT_HOME,
        "no_mandate": tacit and not made.referrer["tacit"],
        "tacit_used_up": tacit and made.referrer["tacit"] and not _tacit_goes(made.referrer, figures),
        "smic_missing": treatment is not None and not _smic_known(made, figures),
        "carried": made.net_cents <= 0,
        OVER_LIMIT: made.held.room_cents is not None and made.net_cents > made.held.room_cents,
    }
    wrong = [code for code, is_so in found.items() if is_so]
    return [*paper_blocks(made.referrer, standing), *wrong, *made.held.blocks]


def _tacit_goes(row: Row, figures: Figures) -> bool:
    """Fewer than ten a year may go without a written mandate, this one included."""
    return row["tacit_count"] + 1 < figures.number(TACIT_A_YEAR, row["asked_on"])


def _smic_known(made: Proposal, figures: Figures) -> bool:
    """The contributions on what a partner's employee is paid are reckoned from the SMIC of 1 January."""
    standing, year = standing_of(made.referrer), made.referrer["asked_on"].year
    if standing is None or standing.status is not Status.PARTNER_EMPLOYEE or not made.referrer["customary"]:
        return True
    try:
        return bool(figures.number(SMIC, date(year, 1, 1)))
    except NoFigure:
        return False


def standing_of(row: Row) -> Standing | None:
    """What ruled on the day of the fact."""
    if row["status"] is None:
        return None
    return Standing(Status(row["status"]), Regime(row["vat_regime"]), row["vat_on_debits"])


def period_of(rows: Iterable[Row]) -> tuple[date, date]:
    days = [row["occurred_on"] for row in rows]
    return min(days), max(days)
