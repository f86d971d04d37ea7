"""Which paper, with which VAT, when due, when accepted. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from dateutil.relativedelta import relativedelta

from portal.contracts.rules import TERMS
from portal.invoicing.papers import RECEIPTS, Kind
from portal.kit.money import Cents, percentage_of, round_half_away
from portal.kit.problems import Refused
from portal.kit.text import N_
from portal.law import Figures
from portal.law.invoices import periodic_deadline
from portal.law.territories import Territory, buyer_owes_the_tax
from portal.law.vat import standard_rate_percent
from portal.law.withholding import Reason, Withholding
from portal.referrers.rules import BLOCKS as REFERRER_BLOCKS
from portal.referrers.rules import Regime, Standing
from portal.referrers.vigilance.words import BLOCKS as DOCUMENT_BLOCKS

# The row of a paper and the kinds that the press knows.
ROW_KINDS = {
    Kind.SELF_BILLED: "self_billed",
    Kind.SELF_BILLED_CREDIT_NOTE: "credit_note",
    Kind.SELF_BILLED_CORRECTIVE: "corrective",
    Kind.RECEIPT: "receipt",
    Kind.RECEIPT_CREDIT: "receipt_credit",
}
KIND_LABELS = {
    "self_billed": N_("Facture établie pour vous"),
    "credit_note": N_("Avoir"),
    "corrective": N_("Facture rectificative"),
    "receipt": N_("Bordereau de commission"),
    "receipt_credit": N_("Bordereau d'annulation"),
    "own": N_("Votre facture"),
    "own_credit_note": N_("Votre avoir"),
    "sale": N_("Facture de la récompense"),
    "sale_credit": N_("Avoir sur la récompense"),
}
KIND_LABELS_STAFF = KIND_LABELS | {
    "self_billed": N_("Facture"),
    "own": N_("Facture de l'apporteur"),
    "own_credit_note": N_("Avoir de l'apporteur"),
}
DEDUCTED = frozenset({"credit_note", "receipt_credit", "own_credit_note"})
# Drawn up for someone under a mandate: who may contest them.
ANSWERED = frozenset({"self_billed", "credit_note", "corrective"})

# Category and exemption code (BT-118, BT-121) of each VAT regime that has an invoice.
VAT_CATEGORIES = {
    Regime.STANDARD: ("S", ""),
    Regime.FRANCHISE: ("E", "VATEX-FR-FRANCHISE"),
    Regime.EXEMPT: ("E", "VATEX-FR-CGI261-7"),
    Regime.REVERSE_CHARGE: ("AE", "VATEX-EU-AE"),
}
OUTSIDE_VAT = ("O", "")
NOTHING_WITHHELD = Withholding(Reason.AT_HOME)
REVERSE_CHARGE_ARTICLE = "mentions.reverse_charge_article"
EXEMPTIONS: Mapping[str, str] = {  # of the standard regime: a company where there is no VAT
    Regime.STANDARD: "mentions.no_vat_overseas",
    Regime.REVERSE_CHARGE: "mentions.no_vat_overseas",
    Regime.FRANCHISE: "mentions.franchise",
    Regime.EXEMPT: "mentions.association_exempt",
}
NO_VAT_HERE = ("E", "")  # a company in Guyane or Mayotte
ON_PAYMENT, ON_DEBITS = "72", "5"  # BT-8

STOOD = frozenset(
    {"in_force", "suspended", "ended", "superseded"}
)  # states of a contract that was once in force
BLOCKS = {
    **REFERRER_BLOCKS,
    **DOCUMENT_BLOCKS,
    "contract_not_in_force": N_("Contrat pas encore en vigueur"),
    "no_mandate": N_("Attend sa facture"),
    "own_credit": N_("Attend son avoir"),
    "own_received": N_("Sa facture est reçue : à vérifier"),
    "carried": N_("Rien à verser : reporté sur le prochain arrêté"),
    "etnc": N_("Pays non coopératif : rien n'y est versé"),
    "odd_territory": N_("Autoliquidation pour un apporteur établi en France : régime à corriger"),
    "tacit_used_up": N_("Mandat tacite épuisé pour l'année : faites signer le mandat"),
    "smic_missing": N_("SMIC de l'année pas encore saisi dans les chiffres légaux"),
    "in_run": N_("Facture d'origine en cours de virement : l'avoir suivra"),
    "refused": N_("Refusée au contrôle de la facture"),
}

# The referrer draws up this paper: it is awaited, or it came in and waits for finance.
OWN_BLOCKS = frozenset({"no_mandate", "tacit_used_up", "own_credit", "own_received"})

NUMBER_LENGTH = 35  # BR-FR-01
DIGITS = 4


@dataclass(frozen=True, slots=True)
class Treatment:
    """Which paper and which VAT. What differs in any of this stands on a paper of its own."""

    kind: Kind
    regime: str
    category: str
    rate: Decimal
    code: str = ""
    on_debits: bool = False
    withheld: Withholding = NOTHING_WITHHELD

    @property
    def exemption(self) -> str:
        """The figure that says why no VAT is shown; empty where it is, or on a receipt."""
        if self.category in ("S", OUTSIDE_VAT[0]):
            return ""
        return REVERSE_CHARGE_ARTICLE if self.category == "AE" else EXEMPTIONS[self.regime]

    @property
    def vat_point(self) -> str:
        if self.category != "S":
            return ""
        return ON_DEBITS if self.on_debits else ON_PAYMENT


def kind_of(standing: Standing) -> Kind:
    """Who is no taxable person gets a receipt (CGI 289 I-1-a), everybody else an invoice drawn up for them."""
    outside = standing.takes_receipt or standing.vat_regime is Regime.NONE
    return Kind.RECEIPT if outside else Kind.SELF_BILLED


def treatment_of(
    standing: Standing, fact_on: date, place: str, figures: Figures, where: Territory = Territory.MAINLAND,
    withheld: Withholding = NOTHING_WITHHELD,
) -> Treatment:  # fmt: skip
    """By the regime of the day of the fact, the place of the company and where the referrer is established."""
    kind, regime = kind_of(standing), standing.vat_regime
    if kind is Kind.RECEIPT:
        return Treatment(kind, regime, OUTSIDE_VAT[0], Decimal(0), withheld=withheld)
    category, code = category_of(regime, where, fact_on, figures)
    rate = standard_rate_percent(place, fact_on, figures)
    if rate is None and category in ("S", "AE"):
        return Treatment(kind, regime, NO_VAT_HERE[0], Decimal(0), withheld=withheld)
    if category != "S" or rate is None:
        return Treatment(kind, regime, category, Decimal(0), code, withheld=withheld)
    return Treatment(kind, regime, category, rate, code, standing.vat_on_debits, withheld)


def category_of(regime: Regime, where: Territory, day: date, figures: Figures) -> tuple[str, str]:
    """From abroad the buyer owes the tax, whatever the referrer is at home; an exempt operation stays exempt."""
    if regime is not Regime.EXEMPT and buyer_owes_the_tax(where, day, figures):
        return VAT_CATEGORIES[Regime.REVERSE_CHARGE]
    return VAT_CATEGORIES[regime]


def line_vats(nets: Sequence[Cents], rate: Decimal) -> list[Cents]:
    """The VAT of a paper told line by line: what each line adds to the rounded total, so that they sum to it."""
    told, before, base = [], 0, 0
    for net in nets:
        base += net
        total = percentage_of(base, rate)
        told.append(total - before)
        before = total
    return told


def credit_share(net: Cents, vat: Cents, credited_net: Cents, credited_vat: Cents, now_net: Cents) -> Cents:
    """VAT of the next credit note to an invoice, or what was withheld of it: rounded on what is credited in all, so that
    the last cent of the invoice takes the last cent of it."""
    if not 0 < now_net <= net - credited_net:
        raise ValueError("a credit note is worth at most what is left of its invoice")
    return round_half_away(Fraction(vat) * (credited_net + now_net) / net) - credited_vat


# When


def term_days(filled: Mapping[str, Any]) -> int:
    """As this very contract says it."""
    return int(filled.get("contract.payment_days", TERMS["payment_days"]))


def contest_days(filled: Mapping[str, Any]) -> int:
    return int(filled.get("contract.contest_days", TERMS["contest_days"]))


def due_day(kind: Kind, issued_on: date, payable_since: date, days: int, figures: Figures) -> date:
    """An invoice: from its issue, never beyond the legal limit of periodic invoices. A receipt: from the day on
    which the oldest of its commissions became payable, but not before it is issued."""
    if kind is Kind.RECEIPT:
        return max(issued_on, payable_since + timedelta(days))
    return min(issued_on + timedelta(days), periodic_deadline(issued_on, figures))


def end_of_month(day: date) -> date:
    """By when what became due on that day is invoiced: within its month (CGI 289 I-3)."""
    return day + relativedelta(day=31)


# Numbers


def series_of(kind: Kind, referrer_number: str, year: int) -> tuple[str, str]:
    """Key and prefix: one series per supplier for whom invoices and credit notes are drawn up, one for receipts."""
    if kind in RECEIPTS:
        return f"receipt:{year}", f"BC-{year}-"
    return f"self_billed:{referrer_number}:{year}", f"{_printable(referrer_number)}-{year}-"


def number_at(prefix: str, position: int) -> str:
    """Raises ValueError beyond what e-invoicing allows (BR-FR-01, BR-FR-02)."""
    number = f"{prefix}{position:0{DIGITS}d}"
    if len(number) > NUMBER_LENGTH:
        raise ValueError(f"number too long: {number}")
    return number


def _printable(number: str) -> str:
    return "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in number)


# Acceptance: facts of their own beside the paper

PENDING, ACCEPTED, CONTESTED, RECTIFIED = "pending", "accepted", "contested", "rectified"
ACCEPTANCE_LABELS = {
    PENDING: N_("À vérifier"),
    ACCEPTED: N_("Acceptée"),
    CONTESTED: N_("Contestée"),
    RECTIFIED: N_("Rectifiée"),
}
ACCEPTANCE_TONES = {PENDING: "wait", ACCEPTED: "good", CONTESTED: "bad"}
ANSWERS = {"accept": ((PENDING, CONTESTED), ACCEPTED), "contest": ((PENDING,), CONTESTED)}


def contest_until(issued_on: date, days: int) -> date:
    """The last day to contest."""
    return issued_on + timedelta(days)


TACIT = "tacit"


def acceptance(said: str | None, issued_on: date, days: int, today: date, mandate: str = "written") -> str:
    """What was said last; without a word it counts as accepted once the delay of the mandate is over, but never under
    a tacit mandate: each invoice is then expressly accepted (BOI-TVA-DECLA-30-20-10 § 290)."""
    if said is not None:
        return said
    return PENDING if mandate == TACIT or today <= contest_until(issued_on, days) else ACCEPTED


def check_answer(answer: str, state: str) -> str:
    """The state that follows. Raises Refused."""
    froms, to = ANSWERS[answer]
    if state not in froms:
        raise Refused("acceptance", N_("Cette pièce est déjà acceptée."))
    return to


# Where the money of a paper is: from the state of its transfer (None: in none yet)

PAYMENT_LABELS = {
    None: N_("À payer"),
    "drafted": N_("En préparation"),
    "sent": N_("Virement en cours"),
    "settled": N_("Payée"),
}
CREDIT_LABELS = {
    None: N_("À déduire"),
    "drafted": N_("En préparation"),
    "sent": N_("Déduit"),
    "settled": N_("Déduit"),
}
PAYMENT_TONES = {None: "wait", "drafted": "note", "sent": "note", "settled": "good"}


def counted(invoice: Any) -> int:
    """How the amounts of a paper are shown: those of a barter too, though nothing of them is ever transferred."""
    if invoice["barter_id"] is None:
        return invoice["sign"]
    return -1 if invoice["kind"] in (*DEDUCTED, "sale_credit") else 1


SET_OFF = N_("Compensée")
"""Of a barter: both papers pay one another."""


def payment_label(kind: str, line_state: str | None, *, bartered: bool = False) -> str:
    return SET_OFF if bartered else (CREDIT_LABELS if kind in DEDUCTED else PAYMENT_LABELS)[line_state]
