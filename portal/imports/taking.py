"""Taking good rows, by the verbs that a person would use. Harmless twice: what is there already stays."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from portal.clients import actions as clients
from portal.contracts import actions as contracts
from portal.deals import access as deal_access
from portal.deals import actions as deals
from portal.deals.cashing import access as cashing_access
from portal.deals.cashing import actions as cashing
from portal.deals.cashing.actions import Part
from portal.deals.rules import NewLine
from portal.imports.collecting import Row
from portal.imports.options import Options
from portal.kit import db
from portal.kit.days import today
from portal.kit.problems import Refused
from portal.leads.intake import bringing
from portal.leads.intake.bringing import Brought, Course, Step
from portal.people import actions as people
from portal.referrers import actions as referrers
from portal.referrers.rules import NATURAL_PERSONS, Regime, Status

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Around:
    """What the rows of a chunk need to know, asked once for all of them.

    `there`: those of their numbers that are taken already; `ids`: the referrer or deal that each names."""

    there: frozenset[str] = frozenset()
    ids: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asks:
    there: str = ""
    ids: str = ""
    names: str = ""


ASKS = {
    "referrers": Asks("""SELECT unnest(ARRAY[number, lower(email)]) FROM referrer
                         WHERE number = ANY ($1::text[]) OR lower(email) = ANY ($1::text[])"""),
    "leads": Asks(ids="SELECT number, id FROM referrer WHERE number = ANY ($1::text[])", names="referrer"),
    "payments": Asks("""SELECT external_id FROM client_payment WHERE external_id = ANY ($1::text[])
                        UNION SELECT external_id FROM incoming_payment WHERE external_id = ANY ($1::text[]) AND state <> 'waiting'""",
                     """SELECT coalesce(lead.external_id, lead.ref), deal.id FROM deal JOIN lead ON lead.id = deal.lead_id
                        WHERE lead.external_id = ANY ($1::text[]) OR lead.ref = ANY ($1::text[])""", "lead"),
    "clients": Asks("SELECT external_id FROM client WHERE external_id = ANY ($1::text[])"),
}  # fmt: skip


async def around(kind: str, rows: Sequence[Row]) -> Around:
    asks = ASKS[kind]
    there = await db.rows(asks.there, [row.ref for row in rows]) if asks.there else []
    named = await db.rows(asks.ids, [str(row.values[asks.names]) for row in rows]) if asks.ids else []
    return Around(frozenset(one[0] for one in there), {one[0]: one[1] for one in named})


async def take_referrer(row: Row, options: Options, around: Around) -> bool:
    """False when it is there already. Without a number it gets the next one."""
    values: Values = row.values
    if row.ref in around.there:
        return False
    made = await referrers.create(number=str(values.get("number") or ""), **_identity(values))
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


async def take_leads(rows: Sequence[Row], options: Options, around: Around) -> int:
    """All at once: how many were not there yet."""
    return await bringing.bring(
        [_brought(row, around.ids[str(row.values["referrer"])]) for row in rows],
        programme_id=options.programme_id,
    )


def _brought(row: Row, referrer_id: int) -> Brought:
    values: Values = row.values
    course, behind = COURSES[values["outcome"]]
    return Brought(
        referrer_id, row.ref, values["day"],
        company_name=str(values["company"]), siren=str(values.get("siren") or ""),
        contact_name=str(values.get("contact") or ""), contact_email=str(values.get("email") or ""),
        contact_phone=str(values.get("phone") or ""), need=str(values.get("need") or ""),
        postcode=str(values.get("postcode") or ""), city=str(values.get("city") or "")[:100],
        consent=str(values["consent"]), estimate_cents=values.get("amount_cents"),
        course=course, behind=behind, then=partial(_sign, row) if values["outcome"] == WON else None,
    )  # fmt: skip


async def _sign(row: Row, lead: db.Row) -> None:
    title = str(row.values.get("need") or row.values["company"])
    values: Values = row.values
    await deals.sign(
        lead, title=title, signed_on=values["signed_on"], external_id=row.ref,
        lines=[NewLine(title, values["amount_cents"])], announced=True,
    )  # fmt: skip


WON = "won"
ACCEPT = Step("accept")
REJECTED = Course((Step("reject", "other"),))
LOST = Course((ACCEPT, Step("lose", "other")))
# What became of it, and of one that waited behind another: sales had in hand what did not wait, and of a deal that was
# signed all the same an administrator says who earns.
COURSES = {
    "open": (Course((ACCEPT,)), Course()),
    "rejected": (REJECTED, REJECTED),
    "lost": (LOST, LOST),
    WON: (Course((ACCEPT,)), Course((ACCEPT,), earns="undecided")),
}


async def take_payment(row: Row, _options: Options, around: Around) -> bool:
    values: Values = row.values
    if row.ref in around.there:
        return False
    deal = await deal_access.deal(around.ids[str(values["lead"])])
    net: int = values["amount_cents"]
    if (
        waiting := await cashing_access.by_external_id(row.ref)
    ) is not None:  # now somebody says for what it was
        await cashing.attach(waiting, [Part(deal["id"], None, waiting["total_cents"], net)])
        return True
    paid = {
        "paid_on": values["day"],
        "net_cents": abs(net),
        "external_id": row.ref,
        "source": "import",
    }
    await (deals.record_refund if values["type"] == "refund" else deals.record_payment)(deal, **paid)
    return True


async def queue_payment(row: Row) -> None:
    """It waits for its deal, harmless twice; what the queue refuses stays among the faults of the file."""
    values: Values = row.values
    gross = values.get("gross_cents")
    with suppress(Refused):
        await cashing.receive(
            source="import", paid_on=values["day"], total_cents=gross if isinstance(gross, int) else None,
            net_cents=values["amount_cents"], payer=str(values.get("company") or ""), label=str(values.get("lead") or ""),
            invoice_number=str(values.get("invoice") or ""), external_id=row.ref,
        )  # fmt: skip


async def take_client(row: Row, _options: Options, around: Around) -> bool:
    values: Values = row.values
    if row.ref in around.there:
        return False
    return await clients.bring(
        row.ref, str(values["company"]), since=values.get("since"),
        **{name: str(values.get(name) or "") for name in ("siren", "email", "phone", "website")},
    )  # fmt: skip


Take = Callable[[Sequence[Row], Options, Around], Awaitable[int]]


def one_by_one(take: Callable[[Row, Options, Around], Awaitable[bool]]) -> Take:
    async def each(rows: Sequence[Row], options: Options, around: Around) -> int:
        return sum([await take(row, options, around) for row in rows])

    return each


TAKING: Mapping[str, Take] = {
    "referrers": one_by_one(take_referrer),
    "leads": take_leads,
    "payments": one_by_one(take_payment),
    "clients": one_by_one(take_client),
}
ORDER_BY = {"referrers": "contract_on", "leads": "day", "payments": "day", "clients": "since"}
