"""What an account may take, how a transfer lives, when it is asked again and how. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from portal.kit.money import Cents
from portal.kit.text import N_

# Accounts


class AccountState(StrEnum):
    INCOMPLETE = "incomplete"  # Stripe still asks for something
    VERIFIED = "verified"  # takes transfers
    RESTRICTED = "restricted"  # Stripe has closed it for transfers


ACCOUNT_LABELS = {
    AccountState.INCOMPLETE: N_("À compléter"),
    AccountState.VERIFIED: N_("Vérifié"),
    AccountState.RESTRICTED: N_("Restreint par Stripe"),
}
ACCOUNT_TONES = {"incomplete": "wait", "verified": "good", "restricted": "bad"}
BLOCKS = {
    "stripe_off": N_("Stripe n'est pas ouvert par l'entreprise"),
    "stripe_none": N_("Pas de compte Stripe"),
    "stripe_incomplete": N_("Compte Stripe à compléter"),
    "stripe_restricted": N_("Compte Stripe restreint"),
}


def block(state: str | None) -> str:
    """Why no money goes there now; None: no account at all."""
    return "" if state == AccountState.VERIFIED else f"stripe_{state or 'none'}"


@dataclass(frozen=True, slots=True)
class Account:
    """As Stripe tells it. `lacks`: how many things it still asks for."""

    account: str
    state: AccountState
    lacks: int = 0


def account_of(said: Mapping[str, Any]) -> Account:
    """Of Stripe's account object. Closed by Stripe: rejected, or everything given and still shut."""
    asked = said.get("requirements") or {}
    lacks = len({*(asked.get("currently_due") or ()), *(asked.get("past_due") or ())})
    if (said.get("capabilities") or {}).get("transfers") == "active":
        return Account(said["id"], AccountState.VERIFIED, lacks)
    shut = asked.get("disabled_reason") or ""
    closed = shut.startswith("rejected.") or (said.get("details_submitted") and shut and not lacks)
    return Account(said["id"], AccountState.RESTRICTED if closed else AccountState.INCOMPLETE, lacks)


# Transfers


class TransferState(StrEnum):
    WAITING = "waiting"  # written down, not known to be made
    MADE = "made"
    DECLINED = "declined"  # Stripe said no: nothing moved under this key
    REVERSED = "reversed"  # made, and taken back as a whole


TRANSFER_LABELS = {
    TransferState.WAITING: N_("En attente de Stripe"),
    TransferState.MADE: N_("Versé"),
    TransferState.DECLINED: N_("Refusé par Stripe"),
    TransferState.REVERSED: N_("Repris"),
}
TRANSFER_TONES = {"waiting": "wait", "made": "good", "declined": "bad", "reversed": "bad"}
CODES = {
    "balance_insufficient": N_("Le solde de votre compte Stripe ne suffit pas."),
    "insufficient_capabilities_for_transfer": N_("Stripe a fermé ce compte aux versements."),
    "account_invalid": N_("Ce compte n'est plus relié à votre compte Stripe."),
    "no_answer": N_("Stripe n'a pas répondu."),
    "unanswered": N_("Stripe n'a pas pu répondre ; vérification faite, rien n'a été versé."),
    "key_refused": N_("Stripe refuse la clé de l'entreprise."),
    "reversed": N_("Le versement a été repris chez Stripe."),
    "given_up": N_("Abandonné avant d'être demandé à Stripe."),
}
OTHERWISE = N_("Stripe a refusé ce versement (%(code)s).")
FOR_LACK = "balance_insufficient"
TRIED_AGAIN = frozenset({FOR_LACK, "unanswered"})  # by a further attempt, under a key of its own
MOST_ATTEMPTS = 72
AGAIN_AFTER = timedelta(hours=1)  # a further attempt

KEY_HOLDS = timedelta(hours=20)  # Stripe keeps the answer to a key for a day at least
QUIET = timedelta(hours=1)  # after an error of Stripe's own, before we believe that nothing was done
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=15), timedelta(hours=1)


def key_of(line_ref: str, attempt: int) -> str:
    """The same however often it is asked, on whichever machine."""
    return f"entremise-{line_ref}-{attempt}"


def pause(tries: int) -> timedelta:
    """Before the next time: ever longer, at most an hour."""
    return min(FIRST_PAUSE * 2 ** min(tries, 20), LONGEST_PAUSE)


@dataclass(frozen=True, slots=True)
class Made:
    """A transfer as Stripe tells it."""

    transfer: str
    key: str
    account: str
    amount_cents: Cents
    reversed_cents: Cents
    on: date


@dataclass(frozen=True, slots=True)
class Declined:
    """Certainly not made."""

    code: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """No answer, or none that says whether it was made. `kept`: asking under the same key gives the same again."""

    code: str = "no_answer"
    kept: bool = False


Answer = Made | Declined | Unknown


def must_look_first(first_asked_at: datetime | None, at: datetime) -> bool:
    """When the key may have been forgotten, asking again could make a second transfer."""
    return first_asked_at is not None and at - first_asked_at > KEY_HOLDS


def concluded(answer: Unknown, first_asked_at: datetime, at: datetime) -> Answer:
    """After we looked and found nothing: once all is quiet, what Stripe keeps as an error was not made."""
    return Declined("unanswered") if answer.kept and at - first_asked_at > QUIET else answer
