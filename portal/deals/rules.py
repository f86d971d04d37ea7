"""Deals: their states, what a payment is worth before tax, what is odd about its date, what is too much."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import astuple, dataclass, fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from portal.kit.money import Cents, net_of, percentage_of
from portal.kit.problems import Refused
from portal.kit.text import N_


class DealState(StrEnum):
    SIGNED = "signed"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


LABELS = {
    DealState.SIGNED: N_("Signée"),
    DealState.COMPLETED: N_("Terminée"),
    DealState.CANCELLED: N_("Annulée"),
}
TONES = {DealState.SIGNED: "note", DealState.COMPLETED: "good", DealState.CANCELLED: "bad"}
CAUSES = {
    "client": N_("Le client ne paie pas ou renonce"),
    "company": N_("De notre fait"),
    "gesture": N_("Geste commercial"),
    "fraud": N_("Fraude"),
}
CHANGES = {
    "amendment": N_("Le client a changé sa commande"),
    "correction": N_("La saisie était fausse"),
}
NATURES = {  # what a payment is called where it is no plain one; all of them earn
    "ordinary": N_("Règlement"),
    "deposit": N_("Acompte"),
    "retention": N_("Retenue de garantie libérée"),
    "set_off": N_("Compensation"),
    "factor": N_("Payé par un factor"),
    "lessor": N_("Payé par un crédit-bailleur"),
}
CREDITS = {"credit_note": N_("Avoir"), "discount": N_("Escompte accordé")}
BEFORE_SIGNATURE, AFTER_TODAY = "before_signature", "after_today"
WARNINGS = {
    BEFORE_SIGNATURE: N_("Daté d'avant la signature : compte à partir du jour de la signature."),
    AFTER_TODAY: N_("Daté d'après aujourd'hui : comptera ce jour-là."),
}


@dataclass(frozen=True, slots=True)
class NewLine:
    label: str
    net_cents: Cents
    product_id: int | None = None
    cost_cents: Cents | None = None
    quantity: Decimal = Decimal(1)
    discount_rate: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Share:
    referrer_id: int
    weight: Decimal = Decimal(100)


def same(known: Mapping[str, Any], **said: object) -> int:
    """The id of what another system brought before under this name. Raises Refused when it says something else now."""
    if any(known[name] != value for name, value in said.items()):
        raise Refused("other_content", N_("Cet identifiant a déjà servi pour autre chose."))
    return known["id"]


def total_of(lines: Sequence[NewLine]) -> Cents:
    return sum(line.net_cents for line in lines)


def same_lines(lines: Sequence[NewLine], known: Sequence[Mapping[str, Any]]) -> bool:
    """Nothing of what the client bought is different."""
    return [astuple(line) for line in lines] == [
        tuple(row[field.name] for field in fields(NewLine)) for row in known
    ]


def counts_on(paid_on: date, signed_on: date) -> date:
    """A payment before the signature counts as of the signature."""
    return max(paid_on, signed_on)


def oddities(paid_on: date, signed_on: date, today: date) -> list[str]:
    return [BEFORE_SIGNATURE] * (paid_on < signed_on) + [AFTER_TODAY] * (paid_on > today)


def net_paid(
    net_cents: Cents | None, total_cents: Cents | None, invoice: tuple[Cents, Cents] | None
) -> Cents:
    """HT of a payment: as told, else paid × HT ÷ TTC of its invoice (net, total). Cents."""
    if net_cents is not None:
        return net_cents
    if total_cents is None or invoice is None:
        raise Refused("net_unknown", N_("Indiquez le montant HT, ou la facture que ce paiement règle."))
    return net_of(total_cents, *invoice)


def state_of(kinds: Set[str | None], paid_cents: Cents, signed_cents: Cents) -> DealState:
    """All is paid and nothing recurs: there is nothing more to come."""
    settled = "recurring" not in kinds and paid_cents >= signed_cents
    return DealState.COMPLETED if settled else DealState.SIGNED


def overpaid(kinds: Set[str | None], paid_cents: Cents, signed_cents: Cents) -> bool:
    """One-off goods cannot be paid beyond their price; a subscription has no total."""
    return kinds == {"one_off"} and paid_cents > signed_cents


def check_overpayment(kinds: Set[str | None], paid_cents: Cents, signed_cents: Cents) -> None:
    if overpaid(kinds, paid_cents, signed_cents):
        raise Refused("overpaid", N_("Ce paiement dépasse le montant de l'affaire."))


ByRate = Sequence[tuple[Decimal, Cents]]
"""Rates in percent, each with what is taxed at it, HT."""
AMOUNTS_UNKNOWN = N_("Indiquez le HT et la TVA, ou le TTC avec l'un des deux.")
AMOUNTS_DIFFER = N_("HT et TVA ne font pas le TTC.")


def invoice_amounts(
    net: Cents | None, vat: Cents | None, total: Cents | None, by_rate: ByRate = ()
) -> tuple[Cents, Cents]:
    """HT and VAT, from any two of the three or from what stands under each rate; HT alone has no VAT."""
    if by_rate:
        told = sum(part for _, part in by_rate), sum(percentage_of(part, rate) for rate, part in by_rate)
        return _agreeing(*told, net, vat, total)
    if net is None and (vat is None or total is None):
        raise Refused("amounts_unknown", AMOUNTS_UNKNOWN)
    if net is None:
        return _agreeing((total or 0) - (vat or 0), vat or 0)
    if vat is None:
        return _agreeing(net, total - net if total is not None else 0)
    return _agreeing(net, vat, total=total)


def told_by_rate(by_rate: ByRate) -> list[dict[str, Any]]:
    """As it is kept beside the invoice."""
    return [
        {"rate": f"{rate.normalize():f}", "net_cents": part, "vat_cents": percentage_of(part, rate)}
        for rate, part in by_rate
    ]


def _agreeing(
    net: Cents,
    vat: Cents,
    said_net: Cents | None = None,
    said_vat: Cents | None = None,
    total: Cents | None = None,
) -> tuple[Cents, Cents]:
    said = ((said_net, net), (said_vat, vat), (total, net + vat))
    if net < 0 or vat < 0 or any(one is not None and one != other for one, other in said):
        raise Refused("amounts_differ", AMOUNTS_DIFFER)
    return net, vat


WEIGHTS_DIFFER = N_("Ensemble, les parts font %(sum)s %% au lieu de 100 %%.")
SHARED_TWICE = N_("Le même apporteur est nommé deux fois.")
MOST_SHARES = 5


def check_shares(shares: Sequence[Share]) -> None:
    """A hundred together, everybody once."""
    if len({share.referrer_id for share in shares}) != len(shares):
        raise Refused("shared_twice", SHARED_TWICE)
    whole = sum((share.weight for share in shares), Decimal(0))
    if whole != 100 or any(share.weight <= 0 for share in shares):
        raise Refused("weights_differ", WEIGHTS_DIFFER, sum=f"{whole.normalize():f}".replace(".", ","))
