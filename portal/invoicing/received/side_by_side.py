"""What stands on an invoice that came in, line by line beside what was expected, as a page writes it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from portal.invoicing.received.told import Told
from portal.kit.identifiers import show_iban, show_siren
from portal.kit.money import Cents
from portal.kit.text import _, day, money

Pair = tuple[str, str, str]


def pairs_of(told: Told, expected: Mapping[str, Any]) -> list[Pair]:
    """Label, theirs, ours; empty where one side says nothing. `expected`: Ours.kept()."""
    seller, buyer, due_on = expected["seller"], expected["buyer"], expected["due_on"]
    credited = [(_("Facture corrigée"), told.credits, expected["credits"])] if told.is_credit else []
    return [
        (_("Numéro"), told.number, ""),
        (_("Date"), _day(told.issued_on), ""),
        *credited,
        (_("Vendeur"), told.seller.name, seller["name"]),
        (_("SIREN du vendeur"), _siren(told.seller.siren), _siren(seller["siren"])),
        (_("TVA du vendeur"), told.seller.vat_number, seller["vat_number"]),
        (_("Client"), told.buyer.name, buyer["name"]),
        (_("SIREN du client"), _siren(told.buyer.siren), _siren(buyer["siren"])),
        (_("HT"), _amount(told.net_cents, told.currency), money(expected["net_cents"])),
        (_("TVA"), _amount(told.vat_cents, told.currency), money(expected["vat_cents"])),
        (_("TTC"), _amount(told.total_cents, told.currency), money(expected["total_cents"])),
        (_("Échéance"), _day(told.due_on), _day(date.fromisoformat(due_on) if due_on else None)),
        (_("IBAN"), ", ".join(map(show_iban, told.ibans)), expected["iban"]),
    ]


def _day(value: date | None) -> str:
    return day(value) if value else ""


def _siren(digits: str) -> str:
    return show_siren(digits) if digits else ""


def _amount(cents: Cents | None, currency: str) -> str:
    if cents is None:
        return ""
    return money(cents) if currency == "EUR" else f"{cents // 100}.{cents % 100:02d} {currency}"
