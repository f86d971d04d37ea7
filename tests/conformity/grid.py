"""Every paper by status, VAT regime, territory, place of the company and year, composed by the real rules from plain rows."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from portal.invoicing.composing import compose
from portal.invoicing.papers import Corrected, Kind, Paper
from portal.invoicing.proposals import Proposal, proposals
from portal.invoicing.replacing_rules import corrective_of, taken_off
from portal.law import SHIPPED
from portal.referrers.rules import Regime, Status

YEARS = (2024, 2025, 2026, 2027)
ON_EARTH = {
    "Lyon": ("FR", "69002"), "Saint-Denis": ("FR", "97400"), "Cayenne": ("FR", "97300"), "Nouméa": ("FR", "98800"),
    "Stuttgart": ("DE", "70173"), "Zürich": ("CH", "8001"),
}  # fmt: skip
COMPANY: dict[str, Any] = {
    "name": "Maison Vauquelin SAS", "legal_form": "SAS", "capital_cents": 12_000_000, "rcs_city": "Lyon", "siren": "732829320",
    "siret": "73282932000074", "vat_number": "FR44732829320", "electronic_address": "732829320",
    "street": "14 rue de la République", "postcode": "69002", "city": "Lyon", "country": "FR",
}  # fmt: skip
SELLER: dict[str, Any] = {
    "referrer_id": 7, "referrer_number": "AP0014", "referrer_name": "Cabinet Rochebrune", "referrer_ref": "R7K2", "state": "active",
    "first_name": "Claire", "last_name": "Rochebrune", "company_name": "Cabinet Rochebrune", "legal_form": "SARL",
    "rcs_city": "Lyon", "siret": "40483304800022", "street": "3 quai Jules-Courmont", "employer_consent_file": 3,
    "electronic_address": "", "employer_name": "Transports Berthier", "employer_siren": "552100554",
    "contact_name": "Colette Berthier", "customary": True, "year_cents": 0,
}  # fmt: skip
NUMBERS = {"DE": "DE136695976", "CH": "CHE-123.456.788"}


@dataclass(frozen=True, slots=True)
class Case:
    status: Status
    regime: Regime
    city: str = "Lyon"
    place: str = "metropole"
    on_debits: bool = False
    certified: bool = False

    def __str__(self) -> str:
        words = [self.status, self.regime, self.city, self.place]
        return "-".join(
            [*words, *(["debits"] if self.on_debits else []), *(["certified"] if self.certified else [])]
        )


S, R = Status, Regime
CASES = (
    Case(S.COMPANY, R.STANDARD),
    Case(S.COMPANY, R.STANDARD, on_debits=True),
    Case(S.COMPANY, R.STANDARD, "Saint-Denis"),
    Case(S.COMPANY, R.STANDARD, "Cayenne"),
    Case(S.COMPANY, R.STANDARD, "Lyon", "reunion"),
    Case(S.COMPANY, R.STANDARD, "Lyon", "guyane"),
    Case(S.COMPANY, R.STANDARD, "Nouméa"),
    Case(S.COMPANY, R.FRANCHISE),
    Case(S.MICRO, R.FRANCHISE),
    Case(S.MICRO, R.STANDARD),
    Case(S.ASSOCIATION, R.NONE),
    Case(S.ASSOCIATION, R.EXEMPT),
    Case(S.ASSOCIATION, R.FRANCHISE),
    Case(S.ASSOCIATION, R.STANDARD),
    Case(S.EU_COMPANY, R.REVERSE_CHARGE, "Stuttgart"),
    Case(S.EU_COMPANY, R.REVERSE_CHARGE, "Stuttgart", certified=True),
    Case(S.EU_COMPANY, R.REVERSE_CHARGE, "Stuttgart", "reunion", certified=True),
    Case(S.EU_COMPANY, R.REVERSE_CHARGE, "Zürich"),
    Case(S.EU_COMPANY, R.REVERSE_CHARGE, "Zürich", certified=True),
    Case(S.INDIVIDUAL, R.NONE),
    Case(S.INDIVIDUAL, R.NONE, "Stuttgart"),
    Case(S.PARTNER_EMPLOYEE, R.NONE),
)


def row_of(case: Case, year: int) -> dict[str, Any]:
    """One commission of 400.00 on 1 June, confirmed the same day."""
    country, postcode = ON_EARTH[case.city]
    fact = date(year, 6, 1)
    return SELLER | {
        "id": 1, "ref": "E1", "amount": 400_00, "base_cents": 4_000_00, "steps": [{"rate": 1000}], "clause": "taux", "cause": "client_paid",
        "occurred_on": fact, "due_on": fact, "fact_on": fact, "client_name": "Ateliers Beaumarchais", "about_ref": "R7K2M4Q9ZT",
        "deal_title": "Audit", "contract_id": 1, "contract_number": "C2024-014", "contract_state": "in_force", "self_billing": True,
        "clauses": {"taux": {"number": "4.2", "title": "Taux"}}, "filled": {}, "status": case.status, "vat_regime": case.regime,
        "vat_on_debits": case.on_debits, "certified": case.certified, "country": country, "postcode": postcode, "city": case.city,
        "vat_number": _vat_number(case, country), "siret": SELLER["siret"] if country == "FR" else "",
        "rcs_city": "Lyon" if case.status is S.COMPANY else "", "credits_id": None, "asked_on": date(year, 6, 30), "tacit": False,
        "tacit_count": 0, "turn": 1, "vies_number": NUMBERS.get(country), "vies_result": "valid", "vies_consultation": "WAPIAAAA",
        "vies_asked_at": None,
    }  # fmt: skip


def _vat_number(case: Case, country: str) -> str:
    if country == "FR":
        return "FR83404833048" if case.regime is R.STANDARD else ""
    return NUMBERS[country] if case.status is S.EU_COMPANY else ""


def proposal_of(case: Case, year: int) -> Proposal:
    row = row_of(case, year)
    row["vies_number"] = None  # an answer is a fact of its own, not of the year
    (proposal,) = proposals([row], case.place, SHIPPED)
    return proposal


def papers_of(case: Case, year: int) -> Iterator[tuple[str, Paper]]:
    """The paper, what takes it back, and a corrective where there may be one."""
    proposal, day = proposal_of(case, year), date(year, 6, 30)
    company = COMPANY | {"place": case.place}
    paper = compose(proposal, "AP0014-0001", day, company, SHIPPED)
    yield "paper", paper
    credited = credited_of(paper, proposal, day)
    paid = [{**row, "year_cents": paper.net_cents} for row in proposal.rows]  # pyright: ignore[reportGeneralTypeIssues]
    back = taken_off(credited, paid)
    yield "credit", compose(back, "AP0014-0002", day, company, SHIPPED)
    if paper.kind is Kind.SELF_BILLED:
        right = replace(proposal, replaces=Corrected(paper.number, day))
        yield "corrective", compose(corrective_of(right, credited), "AP0014-0003", day, company, SHIPPED)


def credited_of(paper: Paper, proposal: Proposal, day: date) -> dict[str, Any]:
    assert proposal.treatment is not None
    kind = "receipt" if paper.kind is Kind.RECEIPT else "self_billed"
    return {
        "credits_id": 1, "credited_kind": kind, "credited_number": paper.number, "credited_issued_on": day,
        "credited_paper": msgspec.to_builtins(paper), "corrected_paper": None, "credited_regime": proposal.treatment.regime,
        "credited_rate": Decimal(proposal.treatment.rate), "credited_on_debits": proposal.treatment.on_debits,
        "credited_net": paper.net_cents, "credited_vat": paper.vat_cents, "credited_withheld": paper.withheld_cents,
        "credited_mandate": proposal.mandate, "before_net": 0, "before_vat": 0, "before_withheld": 0,
    }  # fmt: skip
