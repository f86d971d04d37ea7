"""Deals: their states, what a payment is worth before tax, what is odd about its date, what is too much."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import astuple, dataclass, fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from portal.kit.money import Cents, net_of
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


def check_overpayment(kinds: Set[str | None], paid_cents: Cents, signed_cents: Cents) -> None:
    """One-off goods cannot be paid beyond their price; a subscription has no total."""
    if kinds == {"one_off"} and paid_cents > signed_cents:
        raise Refused("overpaid", N_("Ce paiement dépasse le montant de l'affaire."))
