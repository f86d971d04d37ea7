"""Files of the bank: one is brought, read and applied at once; each keeps what it said and what was made of it."""

from typing import Any

from litestar import Request, Response

from portal.deals.cashing import reading as cashing
from portal.deals.cashing.statements import read_statement
from portal.kit import db, files
from portal.kit.forms import Form
from portal.kit.invalid import Invalid
from portal.kit.listing import Cells, Column, Filter, Listing
from portal.kit.problems import NotFound, Refused
from portal.kit.text import _
from portal.kit.web import Answer, again, get, page, post, see
from portal.payouts.bank import access, taking
from portal.payouts.bank.forms import BankFileForm
from portal.payouts.bank.pages import CELLS, QUEUE, READERS, columns, said, tabs
from portal.payouts.bank.rules import STATE_LABELS, State
from portal.people.rules import Person

FILES = f"{QUEUE}/fichiers"
FORMATS = ("pain.002", "camt.053", "camt.054")
FILE_CELLS: Cells = {
    "day": lambda row: row["at"],
    "format": lambda row: row["format"],
    "message": lambda row: row["message"],
    "entries": lambda row: row["entries"],
    "applied": lambda row: row["applied"],
    "waiting": lambda row: row["waiting"],
}


@get("/virements/banque/ajout", allows=READERS)
async def asking() -> Answer:
    return page("virements/banque/add.html", filled=None)


@post("/virements/banque/ajout", allows=READERS, uploads=True)
async def add(request: Request, person: Person) -> Answer:
    form = await BankFileForm.read(request)
    if form.errors:
        return again("virements/banque/add.html", filled=form)
    try:
        taken = await taking.take(await form.file.read(), form.file.filename, person)
    except Invalid as wrong:
        form.refuse("file", wrong.sentence)
    except Refused as no:
        form.refuse("file", _(no.sentence) % no.params)
    else:
        return see(f"{FILES}/{taken.file['ref']}{'?deja=1' if taken.again else ''}")
    return again("virements/banque/add.html", filled=form)


@get("/virements/banque/fichiers", allows=READERS)
async def listed(request: Request) -> Answer:
    listing = Listing.asked(
        request,
        columns=(
            Column("day", _("Ajouté le"), sortable=True),
            Column("format", _("Message")),
            Column("message", _("Référence de la banque")),
            Column("entries", _("Lignes"), numeric=True),
            Column("applied", _("Appliquées"), numeric=True),
            Column("waiting", _("À décider"), numeric=True),
        ),
        filters=(Filter("format", _("Message"), "select", [(one, one) for one in FORMATS]),),
    )
    await access.files_page(listing)
    return await listing.answer(
        "virements/banque/files.html", cells=FILE_CELLS, name="fichiers-de-banque", tabs=tabs(FILES)
    )


@get("/virements/banque/fichiers/{ref:str}", allows=READERS)
async def show(request: Request, person: Person, ref: str) -> Answer:
    file = await access.file_for(person, ref)
    states = [(str(state), _(label)) for state, label in STATE_LABELS.items()]
    listing = Listing.asked(
        request, columns=columns(), filters=(Filter("etat", _("État"), "select", states),)
    )
    await access.entries_of(listing, file["id"])
    return await listing.answer(
        "virements/banque/file.html",
        cells=CELLS,
        name="lignes-de-banque",
        said=said,
        **await _around(file, request),
    )


async def _around(file: db.Row, request: Request) -> dict[str, Any]:
    counts = await access.counted(file["id"])
    taken = taking.Taken(file, bool(request.query_params.get("deja")), counts)
    return {
        "file": file,
        "again": taken.again,
        "nothing": taken.found_nothing,
        "counts": [(_(STATE_LABELS[State(state)]), count) for state, count in sorted(counts.items())],
        "elsewhere": file["entries"] - sum(counts.values()),
        "statements": [_stated(row) for row in await access.statements_of(file["id"])],
        "filled": None,
    }


def _stated(row: db.Row) -> dict[str, Any]:
    """A statement with what does not add up: its own entries, and the end of the one before."""
    told = row["opening_cents"] is not None and row["closing_cents"] is not None
    own = row["opening_cents"] + row["moved_cents"] - row["closing_cents"] if told else 0
    follows = row["before_cents"] is None or row["opening_cents"] is None
    return {
        **row,
        "off_cents": own,
        "gap_cents": 0 if follows else row["opening_cents"] - row["before_cents"],
    }


@get("/virements/banque/fichiers/{ref:str}/original", allows=READERS)
async def original(person: Person, ref: str) -> Answer:
    stored = await _stored(await access.file_for(person, ref))
    return Response(
        await files.content(stored), media_type=stored["media_type"],
        headers={"content-disposition": f'attachment; filename="banque-{ref}.xml"'},
    )  # fmt: skip


async def _stored(file: db.Row) -> db.Row:
    if file["file_id"] is None:
        raise NotFound("file")
    return await files.by_id(file["file_id"])


@post("/virements/banque/fichiers/{ref:str}/encaissements", allows=READERS)
async def cash(request: Request, person: Person, ref: str) -> Answer:
    """What came in goes where payments of clients are attached; what is there already stays as it is."""
    file = await access.file_for(person, ref)
    await Form.read(request)
    _entity, iban = await taking.account()
    statement = read_statement(await files.content(await _stored(file)), iban)
    taken = await cashing.take(statement, person)
    return see(f"/encaissements/a-rattacher?recus={taken.waiting}-{taken.attached}-{taken.known}")
