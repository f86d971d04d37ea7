"""What finance sees of Stripe: whether it is connected, what is there to pay with, and each transfer of a run."""

from typing import Any

from litestar import Request

from portal.kit import db
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.listing import Cells, Column, Listing
from portal.kit.money import Cents
from portal.kit.problems import NotFound
from portal.kit.sheets import euros
from portal.kit.text import _
from portal.kit.web import Answer, get, page, post, see
from portal.payouts import access as payouts
from portal.payouts.stripe import access, outbox, sending
from portal.payouts.stripe.client import Said, Silent, connected
from portal.payouts.stripe.rules import (
    ACCOUNT_LABELS,
    ACCOUNT_TONES,
    CODES,
    OTHERWISE,
    TRANSFER_LABELS,
    TRANSFER_TONES,
)
from portal.payouts.stripe.switch import hears, is_on, is_test
from portal.people.rules import Person, Role

MONEY = {Role.FINANCE, Role.ADMIN}
SECONDS = 5  # somebody waits in front of the page
LABELS = {str(code): label for code, label in TRANSFER_LABELS.items()}


def told(code: str) -> str:
    """Why, in the reader's language."""
    return _(CODES.get(code, OTHERWISE)) % {"code": code} if code else ""


async def balance() -> tuple[Cents | None, str]:
    """What there is to pay with, in cents; or why we do not know."""
    if not is_on():
        return None, ""
    try:
        async with connected(SECONDS) as stripe:
            return await stripe.available_cents(), ""
    except (Silent, Said) as no:
        return None, told(no.code)


@get("/reglages/stripe", allows=MONEY)
async def settings_of_stripe() -> Answer:
    available, silence = await balance()
    return page(
        "reglages/stripe.html",
        on=is_on(), test=is_test(), hears=hears(), available=available, silence=silence,
        accounts=await access.states(), last=await access.last_told(),
        labels={str(code): _(label) for code, label in ACCOUNT_LABELS.items()}, tones=ACCOUNT_TONES,
    )  # fmt: skip


@get("/virements/{ref:str}/stripe", allows=MONEY)
async def transfers(request: Request, person: Person, ref: str) -> Answer:
    """Each attempt of each line of a run."""
    run = await _run(person, ref)
    rows = await access.transfers_of(run["id"])
    columns = (
        Column("who", _("Apporteur")), Column("attempt", _("Essai"), numeric=True), Column("state", _("État")),
        Column("why", _("Pourquoi")), Column("at", _("Quand")), Column("amount", _("Montant"), numeric=True),
    )  # fmt: skip
    cells: Cells = {
        "who": lambda row: row["referrer_name"],
        "attempt": lambda row: row["attempt"],
        "state": lambda row: _(LABELS[row["state"]]),
        "why": lambda row: told(row["code"]),
        "at": lambda row: row["ended_at"] or row["first_asked_at"] or row["written_at"],
        "amount": lambda row: euros(row["amount_cents"]),
    }
    listing = Listing.whole(request, columns, rows)
    return await listing.answer(
        "virements/stripe.html", cells=cells, name=f"{run['number']}-stripe", **await _shown(run, rows)
    )


async def _run(person: Person, ref: str) -> db.Row:
    run = await payouts.run_for(person, ref)
    if run["rail"] != "stripe":
        raise NotFound("run")
    return run


async def _shown(run: db.Row, rows: list[db.Row]) -> dict[str, Any]:
    available, silence = await balance()
    asked = rows or run["state"] in ("settled", "cancelled")
    left = 0 if asked else run["total_cents"]
    waiting = [row for row in rows if row["state"] == "waiting"]
    return {
        "run": run, "rows": rows, "available": available, "silence": silence, "test": is_test(), "on": is_on(),
        "waiting": waiting, "needed": left + sum(row["amount_cents"] for row in waiting),
        "told": told, "labels": {code: _(label) for code, label in LABELS.items()}, "tones": TRANSFER_TONES,
    }  # fmt: skip


@post("/virements/{ref:str}/stripe/reprise", allows=MONEY)
async def hurry(request: Request, person: Person, ref: str) -> Answer:
    """Now, instead of at the next full hour: money has come, or Stripe speaks again."""
    run = await _run(person, ref)
    form = await Form.read(request)
    async with deed(person, form.once) as doing:
        doing.at(f"/virements/{ref}/stripe")
        await outbox.hurry([line["id"] for line in await payouts.lines_of(run["id"])])
    return see(f"/virements/{ref}/stripe")


@post("/virements/{ref:str}/stripe/abandon", allows=MONEY)
async def give_up(request: Request, person: Person, ref: str) -> Answer:
    """`ref` is that of the line."""
    line = await payouts.line_for(person, ref)
    form = await Form.read(request)
    async with deed(person, form.once) as doing:
        doing.at(f"/virements/{line['run_ref']}/stripe")
        await sending.give_up(await access.last_transfer(line["id"]))
    return see(f"/virements/{line['run_ref']}/stripe")
