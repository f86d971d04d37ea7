"""What a row must be beside the others and beside what earlier imports know. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from portal.imports.waiting import Claim
from portal.kit.cells import plain_words
from portal.kit.identifiers import parse_postcode, siren_of
from portal.kit.invalid import Invalid

Values = dict[str, object]


class Level(Enum):
    FAULT = "fault"  # the row is not taken
    SKIP = "skip"  # it has been taken before
    BLOCK = "block"  # it is taken, but no paper can be made yet
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    level: Level
    about: str  # the field
    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """What earlier imports, and the portal itself, know."""

    today: date
    referrers: Mapping[str, date | None] = field(default_factory=dict)  # number → day of the contract
    leads: Mapping[str, date | None] = field(
        default_factory=dict
    )  # ref → day of the signature, None: not won
    payments: frozenset[str] = frozenset()
    clients: frozenset[str] = frozenset()
    claims: tuple[Claim, ...] = ()


Seen = Mapping[str, int]  # id → line of this file
Check = Callable[[Values, Known], Iterator[Finding]]

IDS = {"referrers": "number", "leads": "ref", "payments": "ref", "clients": "ref"}


def already(kind: str, values: Values, known: Known, seen: Seen) -> Iterator[Finding]:
    """Twice in one file is a fault; in an earlier file, harmless."""
    identity = str(values.get(IDS[kind]) or "")
    if identity in seen:
        yield Finding(Level.FAULT, IDS[kind], "duplicate", {"first_line": seen[identity]})
    elif identity in getattr(known, kind):
        yield Finding(Level.SKIP, IDS[kind], "already_imported")


# -- referrers

_WITHOUT_VAT = {"individual", "partner_employee"}
_NEEDS_SIRET = {"micro", "company"}
_USUAL_REGIMES = {
    "individual": {"none"},
    "partner_employee": {"none"},
    "micro": {"franchise", "standard"},
    "company": {"standard", "franchise", "exempt"},
    "eu_company": {"reverse_charge"},
    "association": {"none", "exempt", "franchise"},
}
_COMPANY_FORMS = {"sarl", "sas", "sasu", "eurl", "sa", "snc", "sci", "scop", "selarl"}


def complete_referrer(values: Values) -> None:
    if not values.get("vat_regime"):
        values["vat_regime"] = "none" if values["status"] in _WITHOUT_VAT else "missing"


def check_referrer(values: Values, known: Known) -> Iterator[Finding]:
    if not (values.get("last_name") or values.get("company")):
        yield Finding(Level.FAULT, "last_name", "missing")
    contract_on = values.get("contract_on")
    if isinstance(contract_on, date) and contract_on > known.today:
        yield Finding(Level.WARNING, "contract_on", "future")
    yield from _blocks(values)
    yield from _oddities(values)


def _blocks(values: Values) -> Iterator[Finding]:
    status, regime = values["status"], values["vat_regime"]
    if status == "partner_employee" and not values.get("employer"):
        yield Finding(Level.BLOCK, "employer", "employer_missing")
    if regime == "missing":
        yield Finding(Level.BLOCK, "vat_regime", "vat_regime_missing")
    if status in _NEEDS_SIRET and not values.get("siret"):
        yield Finding(Level.BLOCK, "siret", "siret_missing")
    if regime in {"standard", "reverse_charge"} and not values.get("vat_number"):
        yield Finding(Level.BLOCK, "vat_number", "vat_number_missing")


def _oddities(values: Values) -> Iterator[Finding]:
    status, regime = str(values["status"]), values["vat_regime"]
    if regime != "missing" and regime not in _USUAL_REGIMES[status]:
        yield Finding(Level.WARNING, "vat_regime", "regime_unusual")
    company_words = set(plain_words(str(values.get("company") or "")).split())
    if status == "association" and company_words & _COMPANY_FORMS:
        yield Finding(Level.WARNING, "company", "association_like_company")
    vat, siret = str(values.get("vat_number") or ""), str(values.get("siret") or "")
    if siret and vat.startswith("FR") and vat[4:] != siren_of(siret):
        yield Finding(Level.WARNING, "vat_number", "vat_other_siren")
    if status != "eu_company" and not _reads_in_france(values):
        yield Finding(Level.WARNING, "postcode", "postcode")


def _reads_in_france(values: Values) -> bool:
    postcode = str(values.get("postcode") or "")
    if not postcode or plain_words(str(values.get("country") or "france")) not in {"france", "fr"}:
        return True
    try:
        return bool(parse_postcode(postcode))
    except Invalid:
        return False


# -- leads


def complete_lead(values: Values) -> None:
    values["outcome"] = values.get("outcome") or "open"


def check_lead(values: Values, known: Known) -> Iterator[Finding]:
    day, number = values["day"], str(values["referrer"])
    assert isinstance(day, date)
    if number not in known.referrers:
        yield Finding(Level.FAULT, "referrer", "unknown_referrer")
    elif (contract_on := known.referrers[number]) is None:
        yield Finding(Level.WARNING, "referrer", "no_contract")
    elif day < contract_on:
        yield Finding(Level.WARNING, "day", "before_contract", {"day": f"{contract_on:%d/%m/%Y}"})
    if day > known.today:
        yield Finding(Level.WARNING, "day", "future")
    if values["outcome"] == "won":
        yield from _check_signature(values, day, known)


def _check_signature(values: Values, lead_day: date, known: Known) -> Iterator[Finding]:
    signed_on = values.get("signed_on")
    if values.get("amount_cents") is None:
        yield Finding(Level.FAULT, "amount_cents", "amount")
    if not isinstance(signed_on, date):
        yield Finding(Level.FAULT, "signed_on", "signed_on")
    elif signed_on < lead_day:
        yield Finding(Level.WARNING, "signed_on", "signed_before_lead")
    elif signed_on > known.today:
        yield Finding(Level.WARNING, "signed_on", "future")


# -- payments


def complete_payment(values: Values) -> None:
    """A refund is negative, whether its file writes the sign or only the word."""
    amount = values["amount_cents"]
    assert isinstance(amount, int)
    values["type"] = values.get("type") or ("refund" if amount < 0 else "payment")
    if values["type"] == "refund":
        values["amount_cents"] = -abs(amount)


def check_payment(values: Values, known: Known) -> Iterator[Finding]:
    ref, day, amount = str(values["lead"]), values["day"], values["amount_cents"]
    assert isinstance(day, date)
    assert isinstance(amount, int)
    if amount == 0:
        yield Finding(Level.FAULT, "amount_cents", "amount")
    if amount < 0 and values["type"] == "payment":
        yield Finding(Level.FAULT, "amount_cents", "sign")
    if ref not in known.leads:
        yield Finding(Level.FAULT, "lead", "unknown_lead")
    elif (signed_on := known.leads[ref]) is None:
        yield Finding(Level.FAULT, "lead", "not_signed")
    elif day < signed_on:
        yield Finding(Level.WARNING, "day", "before_signature", {"day": f"{signed_on:%d/%m/%Y}"})
    if day > known.today:
        yield Finding(Level.WARNING, "day", "future")


# -- clients


def complete_client(values: Values) -> None:
    """A SIRET names its SIREN. Without a code of its own, a client is known by its SIREN, else by its name."""
    if values.get("siret"):
        values["siren"] = values.get("siren") or siren_of(str(values["siret"]))
    name = str(values["company"])
    values["ref"] = values.get("ref") or values.get("siren") or plain_words(name) or name


COMPLETE: Mapping[str, Callable[[Values], None]] = {
    "referrers": complete_referrer,
    "leads": complete_lead,
    "payments": complete_payment,
    "clients": complete_client,
}
CHECK: Mapping[str, tuple[Check, ...]] = {
    "referrers": (check_referrer,),
    "leads": (check_lead,),
    "payments": (check_payment,),
    "clients": (),
}
