"""/virements/banque: what the bank said and somebody decides; what was applied; what corresponds to nothing."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Request

from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.listing import Cells, Column, Filter, Listing
from portal.kit.problems import NotFound, Refused, Stale
from portal.kit.sheets import euros
from portal.kit.text import N_, _
from portal.kit.web import Answer, again, done, get, page, post
from portal.payouts.bank import access, applying
from portal.payouts.bank.forms import AttachForm, ReasonForm, VersionForm
from portal.payouts.bank.reading import Kind
from portal.payouts.bank.reasons import reason_said
from portal.payouts.bank.rules import KIND_LABELS, STATE_LABELS, STATE_TONES, VERDICTS, State
from portal.payouts.bank.suggesting import SAID, Suggestion, rank
from portal.payouts.rules import LINE_LABELS
from portal.people.rules import Person, Role

READERS = {Role.FINANCE, Role.ADMIN}
QUEUE = "/virements/banque"
LISTS = {
    QUEUE: (State.WAITING, State.READ),
    f"{QUEUE}/appliques": (State.APPLIED, State.KNOWN),
    f"{QUEUE}/sans-suite": (State.NOTHING, State.SET_ASIDE),
}
TABS = {
    QUEUE: N_("À décider"),
    f"{QUEUE}/appliques": N_("Appliqués"),
    f"{QUEUE}/sans-suite": N_("Rien ne correspond"),
    f"{QUEUE}/fichiers": N_("Fichiers"),
}
UNKNOWN = N_("Aucun virement ne porte cette référence.")
MOVES_SAID = {
    "attach": N_("Rattaché à un virement"),
    "set_aside": N_("Mis de côté"),
    "take_back": N_("Remis dans la file"),
}


def tabs(here: str) -> list[tuple[str, str, bool, None]]:
    return [(_(label), href, href == here, None) for href, label in TABS.items()]


def said(row: db.Row) -> dict[str, str]:
    """An entry in words: what happened, why it stands where it stands, the bank's reason."""
    return {
        "what": _(KIND_LABELS[Kind(row["kind"])]),
        "verdict": _(VERDICTS.get(row["verdict"], "")) if row["verdict"] else "",
        "reason": reason_said(row["reason"]) if row["reason"] != "PART" else "",
        "state": _(STATE_LABELS[State(row["state"])]),
        "tone": STATE_TONES[row["state"]],
    }


CELLS: Cells = {
    "day": lambda row: row["said_on"],
    "what": lambda row: said(row)["what"],
    "who": lambda row: row["referrer_name"] or row["name"],
    "label": lambda row: row["label"] or row["end_to_end_id"] or row["batch"],
    "amount": lambda row: euros(row["amount_cents"]) if row["amount_cents"] is not None else "",
    "why": lambda row: said(row)["verdict"],
}


def columns() -> tuple[Column, ...]:
    return (
        Column("day", _("Jour"), sortable=True),
        Column("what", _("Ce que dit la banque")),
        Column("who", _("Bénéficiaire")),
        Column("label", _("Libellé")),
        Column("amount", _("Montant"), numeric=True, sortable=True),
        Column("why", _("Suite")),
    )


@get(list(LISTS), allows=READERS)
async def queue(request: Request) -> Answer:
    path = request.scope["path"]
    listing = Listing.asked(request, columns=columns(), filters=(Filter("q", _("Nom ou référence")),))
    await access.entries_page(listing, LISTS[path])
    return await listing.answer(
        "virements/banque/list.html", cells=CELLS, name="banque", said=said, tabs=tabs(path), here=path
    )


@get("/virements/banque/{ref:str}", allows=READERS)
async def show(person: Person, ref: str) -> Answer:
    return page("virements/banque/show.html", **await _around(await access.entry_for(person, ref)))


@post("/virements/banque/{ref:str}/rattachement", allows=READERS)
async def attach(request: Request, person: Person, ref: str) -> Answer:
    entry, form = await access.entry_for(person, ref), await AttachForm.read(request)

    async def do() -> None:
        try:
            line = await access.transfer(entry["legal_entity_id"], form.what)
        except NotFound as unknown:
            raise Refused("unknown_transfer", UNKNOWN) from unknown
        await applying.attach(entry, line, today())

    return await _doing(person, entry, "attach", form, do)


@post("/virements/banque/{ref:str}/mise-a-l-ecart", allows=READERS)
async def set_aside(request: Request, person: Person, ref: str) -> Answer:
    entry, form = await access.entry_for(person, ref), await ReasonForm.read(request)
    return await _doing(person, entry, "aside", form, lambda: applying.set_aside(entry, form.reason))


@post("/virements/banque/{ref:str}/retour", allows=READERS)
async def take_back(request: Request, person: Person, ref: str) -> Answer:
    entry, form = await access.entry_for(person, ref), await VersionForm.read(request)
    return await _doing(person, entry, "back", form, lambda: applying.take_back(entry))


async def _doing(
    person: Person, entry: db.Row, name: str, form: Any, do: Callable[[], Awaitable[None]]
) -> Answer:
    """What is refused comes back on its form."""
    if not form.errors:
        try:
            async with deed(person, form.once) as doing:
                if entry["version"] != form.version:
                    raise Stale("stale")
                await do()
                doing.at(f"{QUEUE}/{entry['ref']}")
            return done(doing)
        except Refused as no:
            form.refuse("", _(no.sentence) % no.params)
    return again("virements/banque/show.html", **await _around(entry, {name: form}))


async def _around(entry: db.Row, forms: dict[str, Form] | None = None) -> dict[str, Any]:
    waits = entry["state"] in applying.OPEN
    told = access.told(entry)
    lines = await access.open_transfers(entry["legal_entity_id"], [told]) if waits else []
    found = rank(told, entry["name"], entry["label"], lines)
    known: dict[str, Form | None] = {"attach": None, "aside": None, "back": None, **(forms or {})}
    return {
        "entry": entry, "said": said(entry), "waits": waits, "forms": known, "suggestions": [_suggested(one) for one in found],
        "line_labels": {str(state): _(label) for state, label in LINE_LABELS.items()},
        "moves": [(_(MOVES_SAID[one["move"]]), one) for one in await access.moves_of(entry["id"])],
    }  # fmt: skip


def _suggested(one: Suggestion) -> dict[str, Any]:
    line = one.line
    return {
        "what": line.end_to_end_id, "holder": line.holder, "run": line.run_number, "cents": line.total_cents,
        "why": [_(SAID[why]) for why in one.why],
    }  # fmt: skip
