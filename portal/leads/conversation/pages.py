"""What a referrer follows: their list, where one stands, and asking for news."""

from collections.abc import Mapping, Sequence
from typing import Any

from litestar import Request

from portal.earnings.brought.access import earned_by_leads, money_of
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.listing import Cells, Column, Filter, Listing
from portal.kit.sheets import Cell, euros
from portal.kit.text import _, about
from portal.kit.web import Answer, done, post
from portal.leads import access
from portal.leads.conversation import asking
from portal.leads.conversation.rules import may_nudge, nudge_opens_on
from portal.leads.estimates import Worth, scale_of
from portal.leads.nudges.silence import silent_days
from portal.leads.priority.rules import as_told
from portal.leads.rules import LABELS, OPEN, SALES, TONES
from portal.leads.timeline import next_step
from portal.people.rules import Person, Role, Seat

FEW = 10
PATH = "/recommandations/{ref:str}"
Earned = tuple[str, int]  # unit and amount


@post(f"{PATH}/relance", allows={Role.REFERRER})
async def nudge(request: Request, person: Person, ref: str) -> Answer:
    access.check_acts(person)
    lead, form = await access.lead_for(person, ref), await Form.read(request)
    async with deed(person, form.once) as doing:
        await asking.nudge(lead)
        doing.at(f"/recommandations/{ref}")
    return done(doing)


@post(f"{PATH}/question/cloture", allows=SALES)
async def close_question(request: Request, person: Person, ref: str) -> Answer:
    """Answered by telephone, or nothing to answer."""
    lead, form = await access.lead_for(person, ref), await Form.read(request)
    async with deed(person, form.once) as doing:
        await asking.close_question(lead)
        doing.at(f"/recommandations/{ref}")
    return done(doing)


async def followed(person: Person, lead: db.Row) -> dict[str, Any]:
    """Where it stands, as its referrer reads it: what it would bring while it is open, what it has brought, when to ask for news."""
    hoped = lead["estimate_cents"] if lead["state"] in OPEN else None
    money = await money_of(lead["referrer_id"], lead["id"], hoped)
    return {
        "worth": money.worth,
        "brought": money.brought,
        "may_nudge": person.seat is not Seat.ACCOUNTANT and not person.seeing and may_nudge(lead, today()),
        "nudge_opens_on": nudge_opens_on(lead),
        "now": now(),
    }


async def own(request: Request, person: Person) -> Answer:
    listing = Listing.asked(
        request,
        columns=(
            Column("company", _("Entreprise"), sortable=True),
            Column("state", _("Où elle en est")),
            Column("next", _("La suite")),
            Column("worth", _("Pour vous"), numeric=True),
            Column("day", _("Recommandée le"), sortable=True),
        ),
        filters=(Filter("q", _("Rechercher")),),
        sort="-day",
    )
    rows, total = await access.page_of(person, listing)
    listing.show([as_told(row, now()) for row in rows], total)
    if listing.total <= FEW and not listing.filtered:
        listing.filters = ()  # nothing to search among a handful
    worth, earned = await _money(person, listing.rows)
    return await listing.answer(
        "recommandations/own.html", cells=_cells(worth, earned), name="recommandations", worth=worth, earned=earned,
        next_step=next_step, may_nudge=may_nudge, today=today(), silent=lambda row: silent_days(row, now()), acts=person.seat is not Seat.ACCOUNTANT,
        labels={code: _(label) for code, label in LABELS.items()}, tones=TONES,
    )  # fmt: skip


async def _money(
    person: Person, rows: Sequence[Any]
) -> tuple[Mapping[int, Worth | None], Mapping[int, Earned]]:
    """What each would bring while it is open; what each has earned."""
    scale = await scale_of(person.referrer_id) if person.referrer_id else None
    worth = (
        {row["id"]: scale.worth(row["estimate_cents"]) for row in rows if row["state"] in OPEN}
        if scale
        else {}
    )
    return worth, await earned_by_leads(person, [row["id"] for row in rows])


def _cells(worth: Mapping[int, Worth | None], earned: Mapping[int, Earned]) -> Cells:
    return {
        "company": lambda row: row["company_name"],
        "state": lambda row: _(LABELS[row["state"]]),
        "next": next_step,
        "worth": lambda row: _worth_said(worth.get(row["id"]), earned.get(row["id"])),
        "day": lambda row: row["submitted_at"],
    }


def _worth_said(worth: Worth | None, earned: Earned | None) -> Cell:
    """What was earned; else what it would bring: a number, unless it depends on what is sold."""
    if earned:
        return euros(earned[1]) if earned[0] == "EUR" else earned[1]
    if worth is None:
        return None
    if worth.unit == "POINT":
        return worth.high
    if worth.low == worth.high:
        return euros(worth.high)
    between = {"low": about(worth.low), "high": about(worth.high)}
    return _("entre %(low)s et %(high)s HT selon le produit") % between
