"""The two papers of a barter: the referrer's service, drawn up for him, and what the company gives for it. Each names the
other, which pays it. Pure."""

from dataclasses import dataclass, replace
from datetime import date

from portal.invoicing.barter.rules import NATURE_MENTIONS, Sale
from portal.invoicing.composing import NOTES, buyer, compose, seller
from portal.invoicing.papers import Corrected, Kind, Paper, PaperLine, Party
from portal.invoicing.proposals import Proposal
from portal.invoicing.rules import Treatment
from portal.kit.money import Cents, net_within
from portal.kit.rows import Row
from portal.law import Figures

SERVICE_LABEL = "Apport d’affaires réglé en points"
BY_MAIL = "EM"
SETTLED = "Réglée le jour même par compensation avec la facture n° %s : rien à payer."


@dataclass(frozen=True, slots=True)
class Swap:
    """An approved order of a business. `value_cents` is TTC, of each paper."""

    order: Row
    referrer: Row
    company: Row
    treatment: Treatment  # of the referrer's service
    sale: Sale
    value_cents: Cents
    day: date

    @property
    def service_net_cents(self) -> Cents:
        return net_within(self.value_cents, self.treatment.rate)

    @property
    def sale_net_cents(self) -> Cents:
        return net_within(self.value_cents, self.sale.rate)


def service_paper(swap: Swap, number: str, other: str, figures: Figures) -> Paper:
    """His own invoice, or a receipt of who is no taxable person: as any paper of the day, with one line."""
    paper = compose(as_proposal(swap), number, swap.day, swap.company, figures)
    net = swap.service_net_cents
    return replace(
        paper,
        lines=(_service_line(swap, net),), due_on=swap.day, period=None, set_off=Corrected(other, swap.day),
        payment_terms=SETTLED % other, vat_given_cents=swap.value_cents - net,
    )  # fmt: skip


def as_proposal(swap: Swap) -> Proposal:
    return Proposal(swap.referrer, (_as_commission(swap),), swap.treatment)


def _as_commission(swap: Swap) -> dict[str, object]:
    """What the composing of papers asks of a commission; its line is drawn here."""
    row = swap.referrer
    return {
        "amount": swap.service_net_cents, "due_on": swap.day, "fact_on": swap.day, "occurred_on": swap.day, "client_name": "", "about_ref": "",
        "base_cents": 0, "steps": [], "clauses": {}, "clause": "", "cause": "", "contract_number": row["contract_number"],
        "filled": row["filled"],
    }  # fmt: skip


def _service_line(swap: Swap, net: Cents) -> PaperLine:
    return PaperLine(
        label=SERVICE_LABEL, net_cents=net, vat_category=swap.treatment.category, vat_rate=swap.treatment.rate,
        basis=f"{swap.order['points']} points", clause=f"Contrat {swap.referrer['contract_number']}",
    )  # fmt: skip


def sale_paper(swap: Swap, number: str, other: str, figures: Figures) -> Paper:
    """Of the company, in its own series."""
    sale, day, order = swap.sale, swap.day, swap.order
    company, referrer = buyer(swap.company), _reached(seller(swap.referrer, figures, day), swap.referrer)
    if sale.category == "O":  # what is outside VAT names no VAT number (BR-O-02)
        company, referrer = replace(company, vat_number=""), replace(referrer, vat_number="")
    net = swap.sale_net_cents
    return Paper(
        kind=Kind.INVOICE, number=number, issued_on=day, due_on=day, seller=company, buyer=referrer,
        lines=(PaperLine(label=order["title"], net_cents=net, vat_category=sale.category, vat_rate=sale.rate, basis=""),),
        payment_terms=SETTLED % other, contract=swap.referrer["contract_number"],
        exemption_code=sale.code, exemption_text=figures.text(sale.exemption, day) if sale.exemption else "",
        notes={code: figures.text(mention, day) for code, mention in NOTES.items()},
        treatment="B2B" if swap.referrer["country"] == "FR" else "B2BINT",
        mentions=(f"{figures.text('mentions.reverse_charge', day)}.",) if sale.category == "AE" else (),
        vat_given_cents=swap.value_cents - net, nature=figures.text(NATURE_MENTIONS[order["nature"]], day),
        set_off=Corrected(other, day), delivered_to=_delivered_to(swap, referrer), is_goods=order["nature"] == "good",
    )  # fmt: skip


def _reached(referrer: Party, row: Row) -> Party:
    """Who is in no French directory is reached by mail (BR-FR-12)."""
    if referrer.electronic_address:
        return referrer
    return replace(referrer, electronic_address=row["email"], electronic_scheme=BY_MAIL)


def _delivered_to(swap: Swap, referrer: Party) -> Party | None:
    """Where it differs from the buyer's own address, or where the country decides of the VAT."""
    order = swap.order
    if not order["street"]:
        return None
    where = Party(
        name=order["recipient"], address=tuple(order["street"].splitlines())[:3], postcode=order["postcode"],
        city=order["city"], country=order["country"],
    )  # fmt: skip
    same = (where.address, where.postcode, where.city) == (referrer.address, referrer.postcode, referrer.city)
    return None if same and swap.sale.category != "K" else where
