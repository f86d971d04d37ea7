"""/encaissements: what came in and waits for its invoice, one tap each; what was attached; what is not ours."""

import asyncio
from typing import Any

from litestar import Request

from portal.deals.cashing import access, actions, reading
from portal.deals.cashing.actions import Part
from portal.deals.cashing.forms import ReasonForm, SplitForm, StatementForm, TakenForm, typed_euros
from portal.deals.cashing.rules import LABELS, SAID, SOURCES, TONES, IncomingState, Suggestion
from portal.deals.cashing.statements import read_statement
from portal.kit import db
from portal.kit.bank_xml import looks_like_xml
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.invalid import Invalid
from portal.kit.listing import Cells, Column, Filter, Listing
from portal.kit.problems import NotFound, Refused, Stale
from portal.kit.sheets import euros
from portal.kit.text import N_, _, money, ngettext
from portal.kit.uploads import SHEETS, cleaned
from portal.kit.web import Answer, again, done, get, page, post, see
from portal.people.rules import Person, Role

READERS = {Role.FINANCE, Role.ADMIN}
QUEUE = "/encaissements/a-rattacher"
LISTS = {
    QUEUE: IncomingState.WAITING,
    "/encaissements/rattaches": IncomingState.ATTACHED,
    "/encaissements/ecartes": IncomingState.SET_ASIDE,
}
TABS = {
    QUEUE: N_("À rattacher"),
    "/encaissements/rattaches": N_("Rattachés"),
    "/encaissements/ecartes": N_("Pas pour nous"),
}
UNKNOWN = N_("Aucune facture, ou plusieurs, ne porte ce numéro. Choisissez dans la liste.")
MOVES_SAID = {
    ("attach", False): N_("Rattaché"),
    ("attach", True): N_("Rattaché tout seul : numéro de facture et montant sont exacts"),
    ("set_aside", False): N_("Mis de côté : pas pour nous"),
    ("take_back", False): N_("Remis dans la file"),
}
EMPTY_LINES = 2


def amount_of(row: db.Row) -> int:
    return row["total_cents"] if row["total_cents"] is not None else row["net_cents"]


CELLS: Cells = {
    "day": lambda row: row["paid_on"],
    "from": lambda row: row["payer"],
    "label": lambda row: row["label"],
    "amount": lambda row: euros(amount_of(row)),
}


@get(list(LISTS), allows=READERS)
async def queue(request: Request) -> Answer:
    path = request.scope["path"]
    listing = Listing.asked(
        request,
        columns=(
            Column("day", _("Reçu le"), sortable=True),
            Column("from", _("De la part de")),
            Column("label", _("Libellé")),
            Column("amount", _("Montant"), numeric=True, sortable=True),
            Column("what", _("Suggestion") if path == QUEUE else _("Suite")),
        ),
        filters=(Filter("q", _("Montant, nom ou facture")),),
    )
    await access.page_of(listing, LISTS[path])
    found = await access.suggestions(listing.rows) if path == QUEUE and not listing.format else {}
    return await listing.answer(
        "encaissements/list.html", cells=CELLS, name="encaissements", best=_best(listing.rows, found),
        tabs=[(_(label), href, href == path, None) for href, label in TABS.items()], here=path, done=await _just_done(request), brought=_brought(request),
    )  # fmt: skip


def _brought(request: Request) -> str:
    """What a statement has just brought: waiting, attached by itself, there already."""
    given = request.query_params.get("recus", "").split("-")
    if len(given) != 3 or not all(one.isascii() and one.isdigit() for one in given):
        return ""
    new, attached, known = map(int, given)
    said = [
        ngettext("%(num)d encaissement à rattacher", "%(num)d encaissements à rattacher", new) % {"num": new},
        ngettext("%(num)d rattaché tout seul", "%(num)d rattachés tout seuls", attached) % {"num": attached},
        ngettext("%(num)d déjà connu", "%(num)d déjà connus", known) % {"num": known},
    ]
    return ", ".join(said) + "."


async def _just_done(request: Request) -> db.Row | None:
    """What was attached a moment ago: so that a slip is undone at once."""
    ref = request.query_params.get("fait", "")
    return (
        await db.row(
            "SELECT ref, payer, total_cents, net_cents FROM incoming_payment WHERE ref = $1 AND state <> 'waiting'",
            ref,
        )
        if ref
        else None
    )


def _best(rows: Any, found: dict[int, list[Suggestion]]) -> dict[int, dict[str, Any]]:
    return {row["id"]: _said(found[row["id"]][0], row["account_end"]) for row in rows if found.get(row["id"])}


def _said(one: Suggestion, end: str) -> dict[str, Any]:
    """A suggestion in words: « Facture F-2026-031, Morin : même montant que ce qui reste à payer »."""
    what = one.candidate
    told = {"number": what.number, "gap": money(abs(one.gap_cents or 0)), "end": end}
    return {
        "what": what.invoice_ref or what.deal_ref, "deal_ref": what.deal_ref, "title": what.title, "client": what.client_name,
        "number": what.number, "left": what.left_cents, "net": what.left_net_cents, "invoice": what.invoice_id is not None,
        "why": [_(SAID[why]) % told for why in one.why],
    }  # fmt: skip


@get("/encaissements/{ref:str}", allows=READERS)
async def show(person: Person, ref: str) -> Answer:
    return page("encaissements/show.html", **await _around(await access.incoming_for(person, ref)))


@post("/encaissements/{ref:str}/rattachement", allows=READERS)
async def attach(request: Request, person: Person, ref: str) -> Answer:
    """The whole for what was suggested."""
    incoming, form = await access.incoming_for(person, ref), await TakenForm.read(request)

    async def add() -> None:
        deal_id, invoice_id = await _chosen(form.what)
        await actions.attach(
            incoming, [Part(deal_id, invoice_id, incoming["total_cents"], incoming["net_cents"])]
        )

    return await _doing(person, incoming, "attach", form, add, f"{QUEUE}?fait={ref}")


@post("/encaissements/{ref:str}/partage", allows=READERS)
async def split(request: Request, person: Person, ref: str) -> Answer:
    incoming, form = await access.incoming_for(person, ref), await SplitForm.read(request)
    parts = [] if form.errors else await _parts(incoming, form)

    async def add() -> None:
        await actions.attach(incoming, parts)

    return await _doing(person, incoming, "split", form, add, f"{QUEUE}?fait={ref}")


@post("/encaissements/{ref:str}/mise-a-l-ecart", allows=READERS)
async def set_aside(request: Request, person: Person, ref: str) -> Answer:
    incoming, form = await access.incoming_for(person, ref), await ReasonForm.read(request)

    async def add() -> None:
        await actions.set_aside(incoming, form.reason)

    return await _doing(person, incoming, "aside", form, add, f"{QUEUE}?fait={ref}")


@post("/encaissements/{ref:str}/retour", allows=READERS)
async def take_back(request: Request, person: Person, ref: str) -> Answer:
    incoming, form = await access.incoming_for(person, ref), await ReasonForm.read(request)

    async def add() -> None:
        await actions.take_back(incoming, form.reason)

    return await _doing(person, incoming, "back", form, add, f"/encaissements/{ref}")


async def _doing(person: Person, incoming: db.Row, name: str, form: Any, add: Any, then: str) -> Answer:
    """What is refused comes back on its form."""
    if not form.errors:
        try:
            async with deed(person, form.once) as doing:
                if incoming["version"] != form.version:
                    raise Stale("stale")
                await add()
                doing.at(then)
            return done(doing)
        except Refused as no:
            form.refuse("", _(no.sentence) % no.params)
    return again("encaissements/show.html", **await _around(incoming, {name: form}))


async def _chosen(typed: str) -> tuple[int, int | None]:
    found = await access.invoice_choice(typed)
    if found is None:
        raise NotFound("client_invoice")
    return found["deal_id"], found["invoice_id"]


async def _parts(incoming: db.Row, form: SplitForm) -> list[Part]:
    """Faults are put under their fields. Where money is known before tax alone, so are its parts."""
    parts = []
    for place, what, amount, net in form.filled():
        if (found := await access.invoice_choice(what)) is None:
            form.refuse(f"{place}-what", _(UNKNOWN))
        elif incoming["total_cents"] is None:
            parts.append(Part(found["deal_id"], found["invoice_id"], None, amount))
        else:
            parts.append(Part(found["deal_id"], found["invoice_id"], amount, net))
    return parts


async def _around(incoming: db.Row, forms: dict[str, Form] | None = None) -> dict[str, Any]:
    waits = incoming["state"] == IncomingState.WAITING
    found = (await access.suggestions([incoming]))[incoming["id"]] if waits else []
    said = [_said(one, incoming["account_end"]) for one in found]
    known: dict[str, Form | None] = {
        "attach": None,
        "split": None,
        "aside": None,
        "back": None,
        **(forms or {}),
    }
    return {
        "incoming": incoming, "money_in": amount_of(incoming), "label": _(LABELS[incoming["state"]]), "tone": TONES[incoming["state"]],
        "source": _(SOURCES[incoming["source"]]), "suggestions": said, "parts": await access.parts_of(incoming["id"]),
        "moves": [(_(MOVES_SAID[one["move"], one["automatic"]]), one) for one in await access.moves_of(incoming["id"])],
        "forms": known, "lines": _lines(known["split"]), "waits": waits, "whole": typed_euros(amount_of(incoming)),
    }  # fmt: skip


def _lines(form: Any) -> list[Any]:
    """Those typed, and empty ones to go on."""
    typed = form.lines if form else []
    return [*typed, *[None] * max(0, EMPTY_LINES - len(typed))]


@get("/encaissements/releve", allows=READERS)
async def statement() -> Answer:
    return page("encaissements/statement.html", filled=None, taken=None)


@post("/encaissements/releve", allows=READERS, uploads=True)
async def take_statement(request: Request, person: Person) -> Answer:
    form = await StatementForm.read(request)
    if form.errors:
        return again("encaissements/statement.html", filled=form, taken=None)
    try:
        data = await form.file.read()
        if not looks_like_xml(data):
            data, _kind = await cleaned(data, SHEETS)
        read = await asyncio.to_thread(read_statement, data)
        taken = await reading.take(read, person)
    except Invalid as wrong:
        form.refuse("file", wrong.sentence)
        return again("encaissements/statement.html", filled=form, taken=None)
    except Refused as no:
        form.refuse("file", _(no.sentence) % no.params)
        return again("encaissements/statement.html", filled=form, taken=None)
    refused = [
        *((line, Invalid(code).sentence) for line, code in read.faults),
        *((line, _(said)) for line, said in taken.refused),
    ]
    if not refused:
        return see(f"{QUEUE}?recus={taken.waiting}-{taken.attached}-{taken.known}")
    return page("encaissements/statement.html", filled=None, taken=taken, refused=sorted(refused))
