"""From a proposal to the paper: parties as of today, lines, mentions of the day, and the figures of law used."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from portal.earnings.policy import Sight
from portal.invoicing.papers import Brand, Corrected, Kind, Paper, PaperLine, Party
from portal.invoicing.proposals import Proposal, Row, period_of, standing_of
from portal.invoicing.rules import Treatment, due_day, term_days
from portal.kit.identifiers import show_siren
from portal.kit.money import percentage_of
from portal.kit.text import money, speaking
from portal.law import Figures, figure_id
from portal.law.mentions import exemption_mention
from portal.referrers.rules import Regime, Status

NOTES = {
    "PMT": "mentions.recovery_indemnity",
    "PMD": "mentions.late_payment",
    "AAB": "mentions.discount",
}
NO_VAT_HERE = "mentions.no_vat_overseas"
RECEIPT_MENTION = "Somme versée à une personne non assujettie : aucune TVA n’est due ni déductible."
HINTS = {
    Status.INDIVIDUAL: "Reportez cette somme dans la déclaration {form}, avec vos autres revenus non commerciaux de l’année.",
    Status.PARTNER_EMPLOYEE: "Cette somme vous est versée par un tiers à votre employeur : l’attestation de l’année vous dira quoi déclarer.",
}
REASON = "Commission reprise : le client a été remboursé ou l’affaire annulée."
CORRECTED = "Commission corrigée par une décision motivée."
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
    if proposal.credits:
        return _credit_note(proposal, number, issued_on, sight)
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
    return Paper(
        kind=treatment.kind,
        number=number,
        issued_on=issued_on,
        due_on=due_day(treatment.kind, issued_on, min(row["due_on"] for row in proposal.rows), days, figures),
        seller=seller(proposal.referrer, figures, issued_on),
        buyer=buyer(company),
        lines=tuple(_line(row, treatment, sight) for row in proposal.rows),
        period=period_of(proposal.rows),
        payment_terms=f"Par virement, à {days} jours.",
        contract=proposal.contract["contract_number"],
        vat_point=treatment.vat_point,
        exemption_code=treatment.code,
        exemption_text=_exemption(treatment, issued_on, figures),
        notes={} if receipt else {code: figures.text(mention, issued_on) for code, mention in NOTES.items()},
        treatment="" if receipt else "B2B" if proposal.referrer["country"] == "FR" else "B2BINT",
        mentions=_mentions(treatment, issued_on, figures),
        hint=_hint(proposal, issued_on, figures),
    )


def _credit_note(proposal: Proposal, number: str, issued_on: date, sight: Sight) -> Paper:
    """To its invoice, with the parties and the VAT that stand there; amounts are positive (EN 16931)."""
    row, treatment = proposal.credits, proposal.treatment
    assert row is not None
    assert treatment is not None
    initial = paper_from(row["credited_paper"])
    return replace(
        initial,
        kind=Kind.SELF_BILLED_CREDIT_NOTE, number=number, issued_on=issued_on, due_on=None, period=None,
        lines=tuple(_line(each, treatment, sight, sign=-1) for each in proposal.rows),
        corrects=Corrected(initial.number, initial.issued_on), reason=_reason(proposal), payment_terms=SET_OFF,
        vat_given_cents=-proposal.vat_cents,
    )  # fmt: skip


def _reason(proposal: Proposal) -> str:
    return CORRECTED if all(row["cause"] == "adjustment" for row in proposal.rows) else REASON


# Parties


def seller(referrer: Row, figures: Figures, day: date) -> Party:
    standing = standing_of(referrer)
    alone = standing is not None and standing.status is Status.MICRO
    natural = standing is not None and standing.status in HINTS
    name = " ".join(filter(None, (referrer["first_name"], referrer["last_name"])))
    if not natural:
        name = referrer["company_name"] or name
    siren = "" if natural else referrer["siret"][:9]
    return Party(
        name=f"{name} {figures.text('mentions.sole_trader', day)}" if alone else name,
        legal_form="Entrepreneur individuel" if alone else "" if natural else referrer["legal_form"],
        register=_register(referrer["rcs_city"], siren) if siren else "",
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


def _exemption(treatment: Treatment, day: date, figures: Figures) -> str:
    if treatment.category == "S" or treatment.kind is Kind.RECEIPT:
        return ""
    if treatment.regime == Regime.STANDARD:
        return figures.text(NO_VAT_HERE, day)
    return exemption_mention(treatment.regime, day, figures) or ""


def _mentions(treatment: Treatment, day: date, figures: Figures) -> tuple[str, ...]:
    if treatment.kind is Kind.RECEIPT:
        return (RECEIPT_MENTION,)
    if treatment.category == "AE":
        return (f"{figures.text('mentions.reverse_charge', day)}.",)
    return (f"{figures.text('mentions.debits', day)}.",) if treatment.vat_point == "5" else ()


def _hint(proposal: Proposal, day: date, figures: Figures) -> str:
    standing = standing_of(proposal.referrer)
    hint = HINTS.get(standing.status, "") if standing else ""
    return hint.format(form=figures.text("individuals.form", day))


# Keeping


def figures_used(
    treatment: Treatment, place: str, fact_on: date, issued_on: date, figures: Figures
) -> dict[str, str]:
    """Id → value of each figure of law that stands on the paper."""
    if treatment.kind is Kind.RECEIPT:
        codes = {"individuals.form": issued_on}
    else:
        codes = dict.fromkeys((*NOTES.values(), "invoices.periodic_term_days"), issued_on)
    if treatment.category == "S":
        codes[f"vat.standard_percent.{place}"] = fact_on
    if treatment.regime == Regime.FRANCHISE:
        codes["mentions.franchise"] = issued_on
    found = {code: figures.at(code, day) for code, day in codes.items()}
    return {figure_id(code, figure): str(figure.value) for code, figure in found.items()}


def said(paper: Paper, used: Mapping[str, str]) -> dict[str, Any]:
    """As it is kept: everything on the paper, and the figures with their ids."""
    return {**msgspec.to_builtins(paper), "figures": dict(used)}


def paper_from(kept: Mapping[str, Any]) -> Paper:
    return msgspec.convert(kept, Paper)


def brand_of(company: Row) -> Brand:
    return Brand(name=company["brand_name"], accent=company["accent"].lower())
