"""From a proposal to the paper: parties as of today, lines, mentions of the day, and the figures of law used."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from portal.earnings.policy import Sight
from portal.invoicing.papers import (
    RECEIPTS,
    Corrected,
    Employment,
    Kind,
    Paper,
    PaperLine,
    Party,
    VatCheck,
    Withheld,
    euros,
    percent,
)
from portal.invoicing.proposals import Proposal, period_of, standing_of
from portal.invoicing.rules import Treatment, due_day, term_days
from portal.kit.days import day_of
from portal.kit.identifiers import show_siren
from portal.kit.money import Cents, percentage_of
from portal.kit.rows import Row
from portal.kit.text import money, speaking
from portal.law import Figures, figure_id
from portal.law.partner_employees import CONTRIBUTION_PERCENT, SMIC, contribution_on, slices
from portal.law.withholding import ABATEMENT, RATE
from portal.referrers.rules import NATURAL_PERSONS, Status

NOTES = {
    "PMT": "mentions.recovery_indemnity",
    "PMD": "mentions.late_payment",
    "AAB": "mentions.discount",
}
WITHHOLDING = "mentions.withholding"
HINTS = {
    Status.INDIVIDUAL: "Reportez cette somme dans la déclaration {form}, avec vos autres revenus non commerciaux de l’année.",
    Status.PARTNER_EMPLOYEE: "Cette somme est imposable avec vos salaires de l’année, en plus de ce que déclare votre employeur.",
}
REASON = "Commission reprise : le client a été remboursé ou l’affaire annulée."
CORRECTED = "Commission corrigée par une décision motivée."
REPLACED = "Pièce annulée, remplacée par une nouvelle."
SAME_AMOUNTS = "Remplace les mentions de la facture rectifiée ; les montants ne changent pas."
SET_OFF = "Montant déduit de votre prochain virement."


def compose(
    proposal: Proposal,
    number: str,
    issued_on: date,
    company: Row,
    figures: Figures,
    sight: Sight = Sight.BASE,
) -> Paper:
    """`sight`: how much of the client's figures the referrer is shown."""
    assert proposal.treatment is not None
    if proposal.is_credit:
        return _credit_note(proposal, number, issued_on, figures, sight)
    return _paper(proposal, proposal.treatment, number, issued_on, company, figures, sight)


def _paper(
    proposal: Proposal,
    treatment: Treatment,
    number: str,
    issued_on: date,
    company: Row,
    figures: Figures,
    sight: Sight,
) -> Paper:
    days = term_days(proposal.contract["filled"])
    receipt = treatment.kind is Kind.RECEIPT
    withheld = withheld_on(treatment, proposal.net_cents)
    return Paper(
        kind=treatment.kind,
        number=number,
        issued_on=issued_on,
        due_on=due_day(treatment.kind, issued_on, min(row["due_on"] for row in proposal.rows), days, figures),
        seller=seller(proposal.referrer, figures, issued_on),
        buyer=buyer(company),
        lines=tuple(_line(row, treatment, sight) for row in proposal.rows),
        period=period_of(proposal.rows),
        payment_terms=_terms(days, proposal.total_cents, withheld),
        contract=proposal.contract["contract_number"],
        vat_point=treatment.vat_point,
        exemption_code=treatment.code,
        exemption_text=figures.text(treatment.exemption, issued_on) if treatment.exemption else "",
        notes={} if receipt else {code: figures.text(mention, issued_on) for code, mention in NOTES.items()},
        treatment="" if receipt else "B2B" if proposal.referrer["country"] == "FR" else "B2BINT",
        corrects=proposal.replaces,
        reason=SAME_AMOUNTS if treatment.kind is Kind.SELF_BILLED_CORRECTIVE else "",
        mentions=_mentions(proposal, treatment, withheld, issued_on, figures),
        hint=_hint(proposal, issued_on, figures),
        nature=figures.text("mentions.nature_services", issued_on),
        withheld=withheld,
        employment=employment_of(proposal, issued_on, figures),
        vat_check=_vat_check(proposal.referrer) if treatment.category == "AE" else None,
    )


def _credit_note(proposal: Proposal, number: str, issued_on: date, figures: Figures, sight: Sight) -> Paper:
    """To its invoice, with the parties and the VAT that stand there; amounts are positive (EN 16931)."""
    row, treatment = proposal.credits, proposal.treatment
    assert row is not None
    assert treatment is not None
    initial = paper_from(row["corrected_paper"] or row["credited_paper"])
    withheld = -proposal.withheld_cents
    return replace(
        initial,
        kind=treatment.kind, number=number, issued_on=issued_on, due_on=None, period=None,
        lines=tuple(_line(each, treatment, sight, 1 if proposal.takes_off else -1) for each in proposal.rows),
        corrects=Corrected(initial.number, initial.issued_on), reason=_reason(proposal), payment_terms=SET_OFF,
        vat_given_cents=-proposal.vat_cents, hint="",
        employment=employment_of(proposal, issued_on, figures) if initial.employment else None,
        withheld=replace(initial.withheld, cents=withheld, base_cents=0) if initial.withheld and withheld else None,
    )  # fmt: skip


def _reason(proposal: Proposal) -> str:
    if proposal.takes_off:
        return REPLACED
    return CORRECTED if all(row["cause"] == "adjustment" for row in proposal.rows) else REASON


# Parties


def seller(referrer: Row, figures: Figures, day: date) -> Party:
    standing = standing_of(referrer)
    alone = standing is not None and standing.status is Status.MICRO
    club = standing is not None and standing.status is Status.ASSOCIATION
    natural = standing is not None and standing.status in NATURAL_PERSONS
    name = " ".join(filter(None, (referrer["first_name"], referrer["last_name"])))
    if not natural:
        name = referrer["company_name"] or name
    siren = "" if natural else referrer["siret"][:9]
    return Party(
        name=f"{name} {figures.text('mentions.sole_trader', day)}" if alone else name,
        legal_form="Entrepreneur individuel" if alone else "" if natural else referrer["legal_form"],
        register=_register(referrer["rcs_city"], siren) if siren and not club else "",
        siren=siren,
        siret="" if natural else referrer["siret"],
        vat_number="" if natural else referrer["vat_number"],
        electronic_address="" if natural else referrer["electronic_address"] or siren,
        address=_address(referrer["street"]),
        postcode=referrer["postcode"], city=referrer["city"], country=referrer["country"],
    )  # fmt: skip


def buyer(company: Row) -> Party:
    capital = company["capital_cents"]
    with speaking("fr"):
        form = f"{company['legal_form']} au capital de {money(capital)}" if capital else company["legal_form"]
    return Party(
        name=company["name"], legal_form=form, register=_register(company["rcs_city"], company["siren"]),
        siren=company["siren"], siret=company["siret"], vat_number=company["vat_number"],
        electronic_address=company["electronic_address"], address=_address(company["street"]),
        postcode=company["postcode"], city=company["city"], country=company["country"],
    )  # fmt: skip


def _register(city: str, siren: str) -> str:
    return f"RCS {city} {show_siren(siren)}" if city else f"RNE {show_siren(siren)}"


def _address(street: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in street.splitlines() if line.strip())[:3]


# Lines


def _line(row: Row, treatment: Treatment, sight: Sight, sign: int = 1) -> PaperLine:
    rate = rate_of(row) if sight is not Sight.AMOUNT else None
    return PaperLine(
        label=_label(row),
        net_cents=sign * row["amount"],
        vat_category=treatment.category,
        vat_rate=treatment.rate,
        client=row["client_name"],
        deal=row["about_ref"],
        base_cents=row["base_cents"] if rate is not None and sight is Sight.BASE else None,
        rate=rate,
        basis="selon le barème",
        clause=clause_of(row),
    )


def _label(row: Row) -> str:
    """What the line is for; a whole paper that is taken back names its lines as they stood."""
    if row["amount"] < 0:
        return "Régularisation de commission"
    return "Correction de commission" if row["cause"] == "adjustment" else "Commission d’apport d’affaires"


def rate_of(row: Row) -> Decimal | None:
    """The rate that explains the amount by itself; none when tiers, limits, shares or minima had a part in it."""
    rates = {step.get("rate") for step in row["steps"]}
    if len(rates) != 1 or None in rates:
        return None
    rate = Decimal(rates.pop()) / 100
    return rate if percentage_of(row["base_cents"], rate) == row["amount"] else None


def clause_of(row: Row) -> str:
    found = row["clauses"].get(row["clause"])
    article = f", article {found['number']}" if found else ""
    return f"Contrat {row['contract_number']}{article}"


# Mentions


def _mentions(
    proposal: Proposal, treatment: Treatment, withheld: Withheld | None, day: date, figures: Figures
) -> tuple[str, ...]:
    standing = standing_of(proposal.referrer)
    told = {
        "mentions.third_party_payment": standing is not None and standing.status is Status.PARTNER_EMPLOYEE,
        "mentions.not_taxable": treatment.kind is Kind.RECEIPT,
        "mentions.reverse_charge": treatment.category == "AE",
        "mentions.debits": treatment.vat_point == "5",
        WITHHOLDING: withheld is not None,
    }
    said = (figures.text(code, day) for code, holds in told.items() if holds)
    return tuple(f"{text % _of_withholding(withheld)}." if "%(" in text else f"{text}." for text in said)


def _of_withholding(withheld: Withheld | None) -> dict[str, str]:
    assert withheld is not None
    return {"rate": percent(withheld.rate), "base": euros(withheld.base_cents)}


def _terms(days: int, total_cents: Cents, withheld: Withheld | None) -> str:
    """The invoice has no field for what is withheld: the terms of payment say what arrives."""
    said = f"Par virement, à {days} jours."
    return f"{said} Net à virer après retenue : {euros(total_cents - withheld.cents)}." if withheld else said


def withheld_on(treatment: Treatment, net_cents: Cents) -> Withheld | None:
    held = treatment.withheld
    if held.rate_percent is None:
        return None
    return Withheld(
        cents=held.on(net_cents),
        base_cents=percentage_of(net_cents, held.base_percent),
        rate=held.rate_percent,
    )


def employment_of(proposal: Proposal, day: date, figures: Figures) -> Employment | None:
    """Contributions of one more payment in the calendar year of the paper."""
    row, standing = proposal.referrer, standing_of(proposal.referrer)
    if standing is None or standing.status is not Status.PARTNER_EMPLOYEE:
        return None
    before, after = sorted((row["year_cents"], row["year_cents"] + proposal.net_cents))
    customary = row["customary"]
    year = slices(row["year_cents"] + proposal.net_cents, day.year, figures, customary=customary)
    return Employment(
        employer=row["employer_name"] or "", employer_siren=row["employer_siren"] or "", contact=row["contact_name"] or "",
        year=day.year, customary=customary, total_cents=year.total_cents, exempt_cents=year.exempt_cents,
        flat_cents=year.flat_cents, ordinary_cents=year.ordinary_cents,
        rate=figures.number(CONTRIBUTION_PERCENT, date(day.year, 1, 1)),
        contribution_cents=contribution_on(before, after - before, day.year, figures, customary=customary),
        year_contribution_cents=year.contribution_cents,
    )  # fmt: skip


def _vat_check(row: Row) -> VatCheck | None:
    """The answer of VIES that is on file for this number, kept with the paper."""
    if row["vies_number"] is None:
        return None
    return VatCheck(
        number=row["vies_number"], result=row["vies_result"], asked_on=day_of(row["vies_asked_at"]),
        consultation=row["vies_consultation"],
    )  # fmt: skip


def _hint(proposal: Proposal, day: date, figures: Figures) -> str:
    standing = standing_of(proposal.referrer)
    hint = HINTS.get(standing.status, "") if standing else ""
    return hint.format(form=figures.text("individuals.form", day))


# Keeping


def figures_used(
    treatment: Treatment,
    place: str,
    fact_on: date,
    issued_on: date,
    figures: Figures,
    *,
    employed: bool = False,
) -> dict[str, str]:
    """Id → value of each figure of law that stands on the paper."""
    if treatment.kind in RECEIPTS:
        codes = {"individuals.form": issued_on}
    else:
        codes = dict.fromkeys((*NOTES.values(), "invoices.periodic_term_days"), issued_on)
    if treatment.category == "S":
        codes[f"vat.standard_percent.{place}"] = fact_on
    if treatment.exemption:
        codes[treatment.exemption] = issued_on
    if treatment.withheld.due:
        codes |= {WITHHOLDING: issued_on, RATE: fact_on, ABATEMENT: fact_on}
    if employed:
        codes |= dict.fromkeys((SMIC, CONTRIBUTION_PERCENT), date(issued_on.year, 1, 1))
    found = {code: figures.at(code, day) for code, day in codes.items()}
    return {figure_id(code, figure): str(figure.value) for code, figure in found.items()}


def said(paper: Paper, used: Mapping[str, str]) -> dict[str, Any]:
    """As it is kept: everything on the paper, and the figures with their ids."""
    return {**msgspec.to_builtins(paper), "figures": dict(used)}


def paper_from(kept: Mapping[str, Any]) -> Paper:
    return msgspec.convert(kept, Paper)
