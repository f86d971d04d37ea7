"""What is asked of whom, why, and how long it is good for. Pure: one table of the law, read with the figures of the day."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum

from dateutil.relativedelta import relativedelta

from portal.kit.money import Cents
from portal.kit.problems import Refused
from portal.kit.text import N_
from portal.law import Figures
from portal.law.individuals import status_warning
from portal.law.vigilance import (
    ATTESTATION_AGE,
    REGISTRATION_AGE,
    RENEWAL,
    documents_required,
    documents_wise,
)
from portal.referrers.rules import NATURAL_PERSONS, Status


class Kind(StrEnum):
    VIGILANCE = "vigilance"
    REGISTRATION = "registration"
    FOREIGN_WORKERS = "foreign_workers"
    POSTED = "posted"
    RESIDENCE = "residence"
    EMPLOYER_CONSENT = "employer_consent"
    NON_HABITUAL = "non_habitual"
    IDENTITY = "identity"  # only where necessary: asked by hand, and the copy goes once it is checked


class Need(IntEnum):
    """How much it is wanted that day."""

    WISE = 1  # on the forecast, so that nothing has to wait
    REQUIRED = 2


class Reason(StrEnum):
    FORECAST = "forecast"
    CONTRACT = "contract"
    FOREIGN = "foreign"
    EMPLOYER = "employer"
    OFTEN = "often"
    RENEWAL = "renewal"
    HAND = "hand"


class State(StrEnum):
    RECEIVED = "received"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    REPLACED = "replaced"  # another one was given before it was looked at


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides; cents HT. `value`: earned in the contract year; `forecast`: with what the open deals would bring."""

    status: Status | None
    country: str = "FR"
    value_cents: Cents = 0
    forecast_cents: Cents = 0
    deals: int = 0  # signed in twelve months
    paid_cents: Cents = 0  # this calendar year


Why = tuple[Need, Reason] | None


def _by_value(facts: Facts, day: date, figures: Figures) -> Why:
    """The whole obligation counts (C. trav. R8222-1); asked ahead on the forecast."""
    if documents_required(facts.value_cents, day, figures):
        return Need.REQUIRED, Reason.CONTRACT
    foreseen = max(facts.forecast_cents, facts.value_cents)
    return (Need.WISE, Reason.FORECAST) if documents_wise(foreseen, day, figures) else None


def _abroad(facts: Facts, _day: date, _figures: Figures) -> Why:
    return (Need.REQUIRED, Reason.FOREIGN) if facts.country != "FR" else None


def _employed(_facts: Facts, _day: date, _figures: Figures) -> Why:
    return Need.REQUIRED, Reason.EMPLOYER


def _often(facts: Facts, day: date, figures: Figures) -> Why:
    warning = status_warning(facts.deals, facts.paid_cents, day, figures)
    return {"check": (Need.REQUIRED, Reason.OFTEN), "occasional": (Need.WISE, Reason.OFTEN)}.get(
        warning or ""
    )


@dataclass(frozen=True, slots=True)
class Asking:
    """A row of the table. `holds`: it stands in the contract's due date, so a paper may wait for it."""

    kind: Kind
    statuses: frozenset[Status]
    when: Callable[[Facts, date, Figures], Why]
    source: str
    holds: bool = False


REGISTERED = frozenset({Status.MICRO, Status.COMPANY, Status.ASSOCIATION})
ASKINGS = (
    Asking(Kind.VIGILANCE, REGISTERED, _by_value, "C. trav. D8222-5 1° ; CSS L243-15", holds=True),
    Asking(Kind.REGISTRATION, REGISTERED, _by_value, "C. trav. D8222-5 2°", holds=True),
    Asking(Kind.REGISTRATION, frozenset({Status.EU_COMPANY}), _by_value, "C. trav. D8222-7", holds=True),
    Asking(Kind.POSTED, frozenset({Status.EU_COMPANY}), _by_value, "C. trav. D8222-7 ; règl. (CE) 883/2004", holds=True),
    Asking(Kind.FOREIGN_WORKERS, REGISTERED | {Status.EU_COMPANY}, _by_value, "C. trav. D8254-2 à D8254-5", holds=True),
    Asking(Kind.RESIDENCE, frozenset(Status), _abroad, "CGI 182 B ; formulaire 5000"),
    Asking(Kind.EMPLOYER_CONSENT, frozenset({Status.PARTNER_EMPLOYEE}), _employed, "C. pén. 445-1"),
    Asking(Kind.NON_HABITUAL, frozenset({Status.INDIVIDUAL}), _often, "CGI 92 ; C. com. L110-1"),
)  # fmt: skip
BY_HAND = {  # what may also be asked one by one
    Kind.IDENTITY: NATURAL_PERSONS,
    **{asking.kind: asking.statuses for asking in ASKINGS if asking.kind is not Kind.EMPLOYER_CONSENT},
    Kind.REGISTRATION: REGISTERED | {Status.EU_COMPANY},
}
SOURCES = {asking.kind: asking.source for asking in reversed(ASKINGS)} | {Kind.IDENTITY: "RGPD, art. 5"}
BY_CLICK = frozenset({Kind.FOREIGN_WORKERS, Kind.NON_HABITUAL})  # said on one's honour, without a file
WITH_CODE = frozenset({Kind.VIGILANCE})  # verified at its issuer, by the number that it bears
ELSEWHERE = frozenset({Kind.EMPLOYER_CONSENT})  # shown here; asked of the employer, by mails of its own
ERASED_ONCE_CHECKED = frozenset({Kind.IDENTITY})


@dataclass(frozen=True, slots=True)
class Asked:
    kind: Kind
    need: Need
    reason: Reason
    source: str
    holds: bool


def asked(facts: Facts, day: date, figures: Figures, by_hand: Iterable[Kind] = ()) -> list[Asked]:
    """In the order of the table; what was asked by hand comes after."""
    if facts.status is None:
        return []
    found = [
        Asked(asking.kind, *why, asking.source, asking.holds)
        for asking in ASKINGS
        if facts.status in asking.statuses and (why := asking.when(facts, day, figures))
    ]
    known = {one.kind for one in found}
    more = [
        Asked(kind, Need.WISE, Reason.HAND, SOURCES[kind], holds=False)
        for kind in by_hand
        if kind not in known
    ]
    return found + more


# How long it is good for


@dataclass(frozen=True, slots=True)
class Validity:
    """Figures of months: how old it may be when it is given, how long it is good, when it is checked again."""

    oldest: str = ""
    lasts: str = ""
    checked: str = ""


VALIDITY = {
    Kind.VIGILANCE: Validity(ATTESTATION_AGE, ATTESTATION_AGE, RENEWAL),
    Kind.REGISTRATION: Validity(oldest=REGISTRATION_AGE, checked=RENEWAL),
    Kind.FOREIGN_WORKERS: Validity(oldest=RENEWAL, lasts=RENEWAL, checked=RENEWAL),
    Kind.POSTED: Validity(oldest=RENEWAL, checked=RENEWAL),
    Kind.RESIDENCE: Validity("vat.residence_certificate_months", "vat.residence_certificate_months"),
    Kind.NON_HABITUAL: Validity(lasts="individuals.statement_months"),
}
TOO_OLD = N_("Ce document date de plus de %(months)s mois : il en faut un plus récent.")
NOT_YET = N_("Cette date est à venir.")


def _after(day: date, code: str, figures: Figures) -> date | None:
    return day + relativedelta(months=figures.whole(code, day)) if code else None


def good_for(
    kind: Kind, issued_on: date, checked_on: date, figures: Figures
) -> tuple[date | None, date | None]:
    """Until when it is valid, and when it is checked again: None when never."""
    rule = VALIDITY.get(kind, Validity())
    return _after(issued_on, rule.lasts, figures), _after(checked_on, rule.checked, figures)


def check_age(kind: Kind, issued_on: date, day: date, figures: Figures) -> None:
    """Raises Refused for one that is too old already, or of a day to come."""
    if issued_on > day:
        raise Refused("document_to_come", NOT_YET)
    oldest = VALIDITY.get(kind, Validity()).oldest
    last = _after(issued_on, oldest, figures)
    if last is not None and last < day:
        raise Refused("document_too_old", TOO_OLD, months=figures.whole(oldest, issued_on))
