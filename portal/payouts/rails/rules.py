"""The rails by name, where money goes by each, and the days of banks. Pure."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from portal.kit.rows import Row
from portal.kit.text import N_
from portal.law.holidays import is_bank_day, same_or_next
from portal.referrers.rules import BankState


class RailName(StrEnum):
    SEPA = "sepa"
    STRIPE = "stripe"
    HAND = "hand"


RAIL_LABELS = {
    RailName.SEPA: N_("Virement bancaire"),
    RailName.STRIPE: N_("Stripe"),
    RailName.HAND: N_("À la main"),
}
RAIL_HINTS = {
    RailName.SEPA: N_("Un fichier pour la banque, un virement par apporteur."),
    RailName.STRIPE: N_("Vers le compte que l'apporteur a ouvert chez Stripe."),
    RailName.HAND: N_("Un chèque, ou un virement saisi sur le site de la banque : la preuve est gardée."),
}


@dataclass(frozen=True, slots=True)
class Where:
    """Where the money of one referrer goes by a rail, or why it does not go.

    `block`: a code of `payouts.rules.BLOCKS` ('' when nothing is in the way), `until` the day on which it ends by itself.
    `bank`: the row of bank_detail, for a rail that pays to accounts that we know; `destination`: the account as the rail
    itself names it, for one that does not. Both are kept on the line and are part of what is approved."""

    block: str = ""
    until: datetime | None = None
    bank: Row | None = None
    destination: str = ""


def bank_block(bank: Row | None, at: datetime) -> str:
    """Why no money goes to this account now; `bank` is the latest that was given."""
    if bank is None:
        return "no_iban"
    if bank["state"] == BankState.PROPOSED:
        return "iban_unconfirmed"
    return "iban_waits" if bank["usable_from"] > at else ""


def executed_on(wanted: date, approved: date) -> date:
    """The first day on which banks settle, once it is wanted and approved."""
    return same_or_next(max(wanted, approved), is_bank_day)
