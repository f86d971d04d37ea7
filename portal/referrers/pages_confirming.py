"""A referrer confirms what is on file; the staff see who has not."""

from typing import Any

from litestar import Request

from portal.kit.days import day_of, today
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.listing import Column, Filter, Listing
from portal.kit.text import _
from portal.kit.web import Answer, get, page, post, see
from portal.people.rules import STAFF, Person, Seat
from portal.referrers import access, confirming
from portal.referrers.confirming_rules import LABELS, REASON_LABELS, TONES
from portal.referrers.pages_profile import OWN, own, refuse_others
from portal.referrers.words import identity_of, labels

PATH = "/profil/confirmation"


@get(PATH, allows=OWN)
async def asked(person: Person) -> Answer:
    """All that is on file, on one page; also for who comes back to it later."""
    referrer = await own(person)
    question = await access.confirmation_due(referrer["id"], today())
    return page("apporteurs/confirmation.html", **await _shown(person, referrer, question))


async def _shown(person: Person, referrer: Any, question: Any) -> dict[str, Any]:
    return {
        "referrer": referrer,
        "question": question,
        "standing": await access.standing_on(referrer["id"], today()),
        "identity": identity_of(referrer),
        "details": await access.living_bank_details(referrer["id"]),
        "owner": person.seat is Seat.OWNER,
        **labels(),
    }


@post(PATH, allows=OWN)
async def confirm(request: Request, person: Person) -> Answer:
    """Nothing has changed, or what had is now on file."""
    refuse_others(person)
    form = await Form.read(request)
    referrer = await own(person)
    async with deed(person, form.once) as doing:
        doing.at(PATH)
        if question := await access.confirmation_due(referrer["id"], today()):
            await confirming.confirm(question)
    return see(PATH)


CELLS = {
    "name": lambda row: row["name"],
    "number": lambda row: row["number"],
    "reason": lambda row: _(REASON_LABELS[row["reason"]]),
    "day": lambda row: row["asked_on"],
    "state": lambda row: _(LABELS[row["state"]]),
    "confirmed": lambda row: day_of(row["confirmed_at"]) if row["confirmed_at"] else "",
    "sales": lambda row: row["sales_name"] or "",
}


@get("/apporteurs/confirmations", allows=STAFF)
async def listed(request: Request) -> Answer:
    listing = await confirming.page_of(_listing(request))
    said = {
        name: {code: _(label) for code, label in table.items()}
        for name, table in (("reasons", REASON_LABELS), ("states", LABELS))
    }
    return await listing.answer(
        "apporteurs/confirmations.html", cells=CELLS, name="confirmations", tones=TONES, **said
    )


def _listing(request: Request) -> Listing:
    return Listing.asked(
        request,
        columns=(
            Column("name", _("Apporteur"), sortable=True),
            Column("number", _("Numéro")),
            Column("reason", _("Pourquoi")),
            Column("day", _("Demandé le"), sortable=True),
            Column("state", _("État")),
            Column("confirmed", _("Confirmé le"), sortable=True),
            Column("sales", _("Interlocuteur"), sortable=True),
        ),
        filters=(
            Filter("q", _("Nom ou numéro")),
            Filter("etat", _("État"), "select", [(code, _(label)) for code, label in LABELS.items()]),
            Filter(
                "motif", _("Pourquoi"), "select", [(code, _(label)) for code, label in REASON_LABELS.items()]
            ),
        ),
    )
