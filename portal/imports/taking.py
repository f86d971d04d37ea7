"""Taking one good row, by the verbs that a person would use. Harmless twice: what is there already stays."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from typing import Any

from portal.clients.keys import keys_of
from portal.contracts import actions as contracts
from portal.deals import access as deal_access
from portal.deals import actions as deals
from portal.deals.rules import NewLine
from portal.imports.options import Options
from portal.imports.reading import Row
from portal.kit import db
from portal.kit.days import today
from portal.leads import actions as leads
from portal.leads import claims
from portal.leads.rules import LeadState
from portal.people import actions as people
from portal.referrers import actions as referrers
from portal.referrers.rules import NATURAL_PERSONS, Regime, Status

Values = Mapping[str, Any]


async def take_referrer(row: Row, options: Options) -> bool:
    """False when the number is there already."""
    values = row.values
    if await _is_there("referrer", "number", values["number"]):
        return False
    made = await referrers.create(number=str(values["number"]), **_identity(values))
    since = values.get("contract_on") or today()
    await referrers.record_standing(
        made["id"], since, Status(values["status"]), Regime(values["vat_regime"]), "import"
    )
    await people.give_seat(made["email"], made["name"], made["id"])
    if values.get("iban"):
        await referrers.give_bank_detail(
            made["id"], made["name"], str(values["iban"]), vouched_by=options.vouched_by
        )
    if options.signed_on_paper and values.get("contract_on"):
        await _paper_contract(made["id"], Status(values["status"]), since, options)
    return True


def _identity(values: Values) -> dict[str, Any]:
    """A natural person keeps their own name, whatever trade name the file gives."""
    text = {
        name: str(values.get(name) or "")
        for name in ("first_name", "last_name", "siret", "vat_number", "phone")
    }
    natural = Status(values["status"]) in NATURAL_PERSONS
    return {
        **text,
        "email": str(values["email"]),
        "company_name": "" if natural else str(values.get("company") or ""),
        "street": str(values.get("address") or ""),
        "postcode": str(values.get("postcode") or ""),
        "city": str(values.get("city") or ""),
        "country": _country(values),
        "electronic_address": text["siret"][:9],
        "employer_name": str(values.get("employer") or ""),
    }


def _country(values: Values) -> str:
    """That of the VAT number, which the other columns do not contradict."""
    number = str(values.get("vat_number") or "")
    return number[:2] if values["status"] == Status.EU_COMPANY and number[:2].isalpha() else "FR"


async def _paper_contract(referrer_id: int, status: Status, signed_on: date, options: Options) -> None:
    assert options.programme_id
    assert options.plan_version_id
    await contracts.record_on_paper(
        referrer_id, options.programme_id, options.plan_version_id, signed_on=signed_on,
        vouched_by=options.vouched_by, text_key=options.text_key,
        self_billing=options.mandate and status not in NATURAL_PERSONS,
    )  # fmt: skip


async def take_lead(row: Row, options: Options) -> bool:
    values = row.values
    if await _is_there("lead", "external_id", values["ref"]):
        return False
    lead = await leads.submit(
        await db.value("SELECT id FROM referrer WHERE number = $1", str(values["referrer"])),
        programme_id=options.programme_id, external_id=str(values["ref"]), source="import",
        company_name=str(values["company"]), siren=str(values.get("siren") or ""),
        contact_name=str(values.get("contact") or ""), contact_email=str(values.get("email") or ""),
        contact_phone=str(values.get("phone") or ""), need=str(values.get("need") or ""),
        consent=str(values["consent"]), estimate_cents=values.get("amount_cents"), recommended_on=values["day"],
    )  # fmt: skip
    await OUTCOMES[values["outcome"]](lead, values)
    return True


async def _open(lead: db.Row, values: Values) -> None:
    """Sales had it in hand, unless it waits behind another."""
    if lead["state"] == LeadState.SUBMITTED:
        await leads.move(lead, "accept", on=values["day"])


async def _rejected(lead: db.Row, values: Values) -> None:
    await leads.move(lead, "reject", reason="other", on=values["day"])


async def _lost(lead: db.Row, values: Values) -> None:
    accepted = await leads.move(lead, "accept", on=values["day"])
    await leads.move(accepted, "lose", reason="other", on=values["day"])


async def _won(lead: db.Row, values: Values) -> None:
    if lead["state"] == LeadState.WAITING:  # somebody else came first: an administrator says who earns
        await leads.decide_earns(lead, "undecided")
    accepted = await leads.move(lead, "accept", on=values["day"])
    await deals.sign(
        accepted, title=_title(values), signed_on=values["signed_on"], external_id=str(values["ref"]),
        lines=[NewLine(_title(values), values["amount_cents"])], announced=True,
    )  # fmt: skip


def _title(values: Values) -> str:
    return str(values.get("need") or values["company"])


OUTCOMES: Mapping[str, Callable[[db.Row, Values], Awaitable[None]]] = {
    "open": _open,
    "rejected": _rejected,
    "lost": _lost,
    "won": _won,
}


async def take_payment(row: Row, _options: Options) -> bool:
    values = row.values
    if await _is_there("client_payment", "external_id", values["ref"]):
        return False
    deal_id = await db.value(
        "SELECT deal.id FROM deal JOIN lead ON lead.id = deal.lead_id WHERE lead.external_id = $1",
        str(values["lead"]),
    )
    deal = await deal_access.deal(deal_id)
    net: int = values["amount_cents"]
    paid = {
        "paid_on": values["day"],
        "net_cents": abs(net),
        "external_id": str(values["ref"]),
        "source": "import",
    }
    await (deals.record_refund if values["type"] == "refund" else deals.record_payment)(deal, **paid)
    return True


async def _is_there(table: str, column: str, value: object) -> bool:
    return await db.value(f'SELECT EXISTS (SELECT FROM "{table}" WHERE "{column}" = $1)', str(value))


TAKING: Mapping[str, Callable[[Row, Options], Awaitable[bool]]] = {
    "referrers": take_referrer,
    "leads": take_lead,
    "payments": take_payment,
}
ORDER_BY = {"referrers": "contract_on", "leads": "day", "payments": "day"}


async def _lock_nothing(_rows: list[Row]) -> None:
    """Nobody else makes these rows."""


async def _lock_claims(rows: list[Row]) -> None:
    """Before the first row, so that a form and an import never wait for each other."""
    await claims.lock(
        key
        for row in rows
        for key in keys_of(name=str(row.values["company"]), siren=str(row.values.get("siren") or ""))
    )


BEFORE: Mapping[str, Callable[[list[Row]], Awaitable[None]]] = {
    "referrers": _lock_nothing,
    "leads": _lock_claims,
    "payments": _lock_nothing,
}
