"""/recompenses/codes: lists of codes of cards. What is brought is sealed: nobody of the team reads it."""

from typing import Any

from litestar import Request

from portal.gifts.orders import access, code_access, codes
from portal.gifts.orders.code_rules import FAULTS, MOST, CardCode, read_codes
from portal.gifts.orders.forms import CodesForm
from portal.gifts.orders.pages import tabs
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.invalid import Invalid
from portal.kit.listing import Cells, Column, Filter, Listing
from portal.kit.problems import Refused
from portal.kit.sheets import read_tables
from portal.kit.text import _, ngettext
from portal.kit.uploads import SHEETS, cleaned
from portal.kit.web import Answer, again, done, get, page, post
from portal.people.rules import Person

CODES = "/recompenses/codes"
NEW = "recompenses/codes/new.html"
DECIDERS = access.MAY_DECIDE
SHOWN_FAULTS = 10
CELLS: Cells = {
    "title": lambda row: row["title"],
    "day": lambda row: row["loaded_at"],
    "who": lambda row: row["who"],
    "codes": lambda row: row["codes"],
    "given": lambda row: row["given"],
    "free": lambda row: row["free"],
    "outdated": lambda row: row["outdated"],
    "ends": lambda row: row["first_ends_on"],
}


@get(CODES, allows=DECIDERS)
async def listed(request: Request) -> Answer:
    listing = Listing.asked(
        request,
        columns=(
            Column("title", _("Récompense"), sortable=True), Column("day", _("Ajoutée le"), sortable=True), Column("who", _("Par")),
            Column("codes", _("Codes"), numeric=True), Column("given", _("Attribués"), numeric=True),
            Column("free", _("Libres"), numeric=True, sortable=True), Column("outdated", _("Périmés"), numeric=True),
            Column("ends", _("Première fin"), sortable=True),
        ),
        filters=(Filter("q", _("Récompense")),),
        sort="-day",
    )  # fmt: skip
    await code_access.loads(listing)
    return await listing.answer(
        "recompenses/codes/index.html", cells=CELLS, name="codes", waiting=await code_access.waiting(), tabs=await tabs(None),
    )  # fmt: skip


@get(f"{CODES}/ajout", allows=DECIDERS)
async def asking(request: Request) -> Answer:
    return page(NEW, **await _around(CodesForm.showing(reward=request.query_params.get("recompense", ""))))


async def _around(form: Form) -> dict[str, Any]:
    return {"form": form, "cards": [(card["ref"], card["title"]) for card in await code_access.cards()]}


@post(f"{CODES}/ajout", allows=DECIDERS, uploads=True)
async def add(request: Request, person: Person) -> Answer:
    form = (await CodesForm.read(request)).one_list()
    card = None if form.errors else await _card(form)
    read = [] if form.errors else await _read(form)
    if card and not form.errors:
        try:
            async with deed(person, form.once) as doing:
                await codes.load(card["id"], read)
                doing.at(CODES)
            return done(doing)
        except Refused as no:
            form.refuse(_field(form), _(no.sentence))
    return again(NEW, **await _around(form))


async def _card(form: CodesForm) -> db.Row | None:
    found = next((card for card in await code_access.cards() if card["ref"] == form.reward), None)
    if found is None:
        form.refuse("reward", _("Choisissez la récompense dont ce sont les codes."))
    return found


def _field(form: CodesForm) -> str:
    return "file" if form.file else "text"


async def _read(form: CodesForm) -> list[CardCode]:
    """All or nothing: with one line that cannot be read none is kept."""
    try:
        body = (await cleaned(await form.file.read(), SHEETS))[0] if form.file else form.text.encode()
        [table, *_others] = read_tables(body)
    except Invalid as wrong:
        form.refuse(_field(form), wrong.sentence)
        return []
    found = read_codes(((line.number, line.cells) for line in table.lines), today())
    if found.faults:
        form.refuse(_field(form), _faulty(found.faults))
    elif not found.codes:
        form.refuse(_field(form), _("Cette liste ne contient aucun code."))
    elif len(found.codes) > MOST:
        form.refuse(_field(form), _("%(most)s codes au plus à la fois.") % {"most": MOST})
    return list(found.codes)


def _faulty(faults: tuple[tuple[int, str], ...]) -> str:
    many = ngettext(
        "%(num)d ligne ne va pas, rien n'est gardé :",
        "%(num)d lignes ne vont pas, rien n'est gardé :",
        len(faults),
    ) % {"num": len(faults)}
    said = [
        _("ligne %(line)s : %(fault)s") % {"line": line, "fault": _(FAULTS[code])}
        for line, code in faults[:SHOWN_FAULTS]
    ]
    return f"{many} {' ; '.join(said)}{' …' if len(faults) > SHOWN_FAULTS else ''}"


@post(f"{CODES}/{{ref:str}}/retrait", allows=DECIDERS)
async def take_out(request: Request, person: Person, ref: str) -> Answer:
    load, form = await code_access.load_by_ref(ref), await Form.read(request)
    async with deed(person, form.once) as doing:
        await codes.take_out(load)
        doing.at(CODES)
    return done(doing)
