"""What a row must be beside the others and beside what earlier imports know. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum

from portal.imports.client_deals import ClientDeals
from portal.imports.faults import SKIPPED
from portal.imports.names import Name, alias
from portal.imports.recognising import IDS, Recogniser
from portal.imports.waiting import Claims
from portal.kit.cells import plain_words
from portal.kit.identifiers import parse_postcode, siren_of
from portal.kit.invalid import Invalid
from portal.kit.money import net_within

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
    paid: frozenset[tuple[object, ...]] = frozenset()  # for which recommendation, when, how much
    clients: frozenset[str] = frozenset()
    claims: Claims = field(default_factory=Claims)
    # what else a row may call what it refers to (name or address of a referrer, number of an invoice) → its number,
    # empty when two answer to it
    aliases: Mapping[str, str] = field(default_factory=dict)
    deals: ClientDeals = field(default_factory=ClientDeals)


Check = Callable[[Values, Known], Iterator[Finding]]


def already(recogniser: Recogniser, ref: str, values: Values, known: Known) -> Iterator[Finding]:
    """Twice in one file is a fault, unless it is the very same row; in an earlier file, harmless."""
    if first := recogniser.seen.get(ref):
        code = recogniser.twice(ref, values)
        level = Level.SKIP if code in SKIPPED else Level.FAULT
        yield Finding(level, IDS[recogniser.kind], code, {"first_line": first.line})
    elif ref in getattr(known, recogniser.kind) or (not recogniser.numbered and ref in known.claims.made):
        yield Finding(Level.SKIP, IDS[recogniser.kind], "already_imported")


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
    _name(values)
    if not values.get("vat_regime"):
        values["vat_regime"] = "none" if values["status"] in _WITHOUT_VAT else "missing"


def _name(values: Values) -> None:
    """A name in one cell: split when it can be, else kept whole as the family name."""
    name = values.get("full_name")
    if isinstance(name, Name) and not values.get("last_name"):
        given = values.get("first_name")
        values["first_name"], values["last_name"] = (given, name.last) if given else (name.first, name.last)


def check_referrer(values: Values, known: Known) -> Iterator[Finding]:
    if not (values.get("last_name") or values.get("company")):
        yield Finding(Level.FAULT, "last_name", "missing")
    contract_on = values.get("contract_on")
    if isinstance(contract_on, date) and contract_on > known.today:
        yield Finding(Level.WARNING, "contract_on", "future")
    name = values.get("full_name")
    if (
        isinstance(name, Name)
        and not name.sure
        and values["last_name"] == name.last
        and not values.get("first_name")
    ):
        yield Finding(Level.WARNING, "full_name", "name_unsplit")
    yield from _blocks(values)
    yield from _oddities(values)


def _blocks(values: Values) -> Iterator[Finding]:
    status, regime = values["status"], values["vat_regime"]
    if status == "partner_employee" and not values.get("employer"):
        yield Finding(Level.BLOCK, "employer", "employer_missing")
    if not all(values.get(name) for name in ("address", "postcode", "city")):
        yield Finding(Level.BLOCK, "address", "address_missing")
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
    complete_siren(values)
    complete_amount(values)


def complete_siren(values: Values) -> None:
    if values.get("siret"):
        values["siren"] = values.get("siren") or siren_of(str(values["siret"]))


def resolve_lead(values: Values, known: Known) -> None:
    values["referrer"] = _called(str(values["referrer"]), known.referrers, known)


def check_lead(values: Values, known: Known) -> Iterator[Finding]:
    number, day = str(values["referrer"]), values["day"]
    assert isinstance(day, date)
    if not number:
        yield Finding(Level.FAULT, "referrer", "referrer_twice")
    elif number not in known.referrers:
        yield Finding(Level.FAULT, "referrer", "unknown_referrer")
    elif (contract_on := known.referrers[number]) is None:
        yield Finding(Level.WARNING, "referrer", "no_contract")
    elif day < contract_on:
        yield Finding(Level.WARNING, "day", "before_contract", {"day": f"{contract_on:%d/%m/%Y}"})
    if day > known.today:
        yield Finding(Level.WARNING, "day", "future")
    if values["outcome"] == "won":
        yield from _check_signature(values, day, known)


def _called(said: str, numbers: Mapping[str, object], known: Known) -> str:
    """The number of what a row refers to, which it may call by another name; empty when two answer to it."""
    return said if said in numbers else known.aliases.get(alias(said), said)


def _check_signature(values: Values, lead_day: date, known: Known) -> Iterator[Finding]:
    signed_on = values.get("signed_on")
    if values.get("rate_unknown"):
        yield Finding(Level.FAULT, "gross_cents", "rate_unknown")
    elif values.get("amount_cents") is None:
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
    complete_siren(values)
    complete_amount(values)
    amount = values.get("amount_cents")
    if not isinstance(amount, int):
        return
    values["type"] = values.get("type") or ("refund" if amount < 0 else "payment")
    if values["type"] == "refund":
        values["amount_cents"] = -abs(amount)


def complete_amount(values: Values) -> None:
    """Without the amount before tax, it is what was paid less its tax, told in euros or by its rate."""
    gross, tax, rate = (values.get(name) for name in ("gross_cents", "vat_cents", "vat_rate"))
    if values.get("amount_cents") is not None or not isinstance(gross, int):
        return
    if isinstance(tax, int):
        values["amount_cents"] = gross - (abs(tax) if gross > 0 else -abs(tax))
    elif isinstance(rate, Decimal):
        values["amount_cents"] = net_within(gross, rate)
    else:
        values["rate_unknown"] = True


UNPLACED = {"missing": "lead", "unknown_lead": "lead", "unknown_client": "company", "client_twice": "company"}


def waits_for_a_deal(kind: str, values: Values, findings: Sequence[Finding]) -> bool:
    """A payment with which nothing is wrong but that its deal is not known: it waits for finance."""
    wrong = {finding.code for finding in findings if finding.level is not Level.WARNING}
    return kind == "payments" and bool(wrong) and wrong <= UNPLACED.keys() and values["type"] == "payment"


def resolve_payment(values: Values, known: Known) -> None:
    """By the recommendation, else by the invoice, else by the client when only one deal can be meant."""
    said, invoice = (str(values.get(name) or "") for name in ("lead", "invoice"))
    ref = _called(said or invoice, known.leads, known)
    if ref not in known.leads and not said and (values.get("company") or values.get("siren")):
        possible = known.deals.of(values)
        ref = possible[0] if len(possible) == 1 else ""
        values["unplaced"] = "" if ref else "client_twice" if possible else "unknown_client"
    elif ref not in known.leads:
        values["unplaced"] = "unknown_lead" if said or invoice else "missing"
    values["lead"] = ref


def check_payment(values: Values, known: Known) -> Iterator[Finding]:
    yield from _check_amount(values)
    day = values["day"]
    assert isinstance(day, date)
    if unplaced := values.get("unplaced"):
        yield Finding(Level.FAULT, UNPLACED[str(unplaced)], str(unplaced))
    elif (signed_on := known.leads[str(values["lead"])]) is None:
        yield Finding(Level.FAULT, "lead", "not_signed")
    elif day < signed_on:
        yield Finding(Level.WARNING, "day", "before_signature", {"day": f"{signed_on:%d/%m/%Y}"})
    if day > known.today:
        yield Finding(Level.WARNING, "day", "future")
    if paid_as(values) in known.paid:
        yield Finding(Level.WARNING, "amount_cents", "paid_alike")


def paid_as(values: Mapping[str, object]) -> tuple[object, ...]:
    return values["lead"], values["day"], values.get("amount_cents")


def _check_amount(values: Values) -> Iterator[Finding]:
    amount, gross = values.get("amount_cents"), values.get("gross_cents")
    if values.get("rate_unknown"):
        yield Finding(Level.FAULT, "gross_cents", "rate_unknown")
    elif not isinstance(amount, int) or amount == 0:
        yield Finding(Level.FAULT, "amount_cents", "amount")
    elif amount < 0 and values["type"] == "payment":
        yield Finding(Level.FAULT, "amount_cents", "sign")
    elif isinstance(gross, int) and abs(gross) < abs(amount):
        yield Finding(Level.FAULT, "gross_cents", "gross_below_net")


# -- clients


def resolve_nothing(_values: Values, _known: Known) -> None:
    """These rows refer to no others."""


COMPLETE: Mapping[str, Callable[[Values], None]] = {
    "referrers": complete_referrer,
    "leads": complete_lead,
    "payments": complete_payment,
    "clients": complete_siren,
}
RESOLVE: Mapping[str, Callable[[Values, Known], None]] = {
    "referrers": resolve_nothing,
    "leads": resolve_lead,
    "payments": resolve_payment,
    "clients": resolve_nothing,
}
CHECK: Mapping[str, tuple[Check, ...]] = {
    "referrers": (check_referrer,),
    "leads": (check_lead,),
    "payments": (check_payment,),
    "clients": (),
}
