"""Imports: earlier ones, a new file, its preview, its progress, its report. Administrators only."""

import asyncio
import hashlib
from collections.abc import Mapping
from typing import Any

from litestar import Request, Response
from litestar.datastructures import UploadFile

from portal.company.access import legal_entity as entity
from portal.imports import access, actions
from portal.imports.applying import looked_at
from portal.imports.export import faulty_rows
from portal.imports.faults import Fault
from portal.imports.finding import find_sheet
from portal.imports.forms import ColumnsForm, OptionsForm, UploadForm
from portal.imports.labels import CODE_LABELS, KIND_HINTS, KIND_LABELS, field_choices, word_choices
from portal.imports.layout import explained
from portal.imports.rules import ASKED, NO_COMPANY, STATE_LABELS, STATE_TONES, ImportState
from portal.jobs.queue import enqueue
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.files import Kept, Store, keep
from portal.kit.invalid import Invalid
from portal.kit.listing import Cells, Column, Filter, Listing
from portal.kit.problems import NotFound
from portal.kit.sheets import LIMITS, read_sheet
from portal.kit.text import _
from portal.kit.uploads import CSV, EXTENSIONS, SHEETS, clean_name, cleaned
from portal.kit.web import Answer, again, done, get, is_fragment, page, post, see
from portal.people.rules import Person, Role
from portal.plans import access as plans

ADMIN = {Role.ADMIN}
PATH = "/reglages/imports"
WORDS = {"kinds": KIND_LABELS, "hints": KIND_HINTS, "labels": STATE_LABELS, "tones": STATE_TONES}
FIRST_FAULTS = 10


CELLS: Cells = {
    "name": lambda row: row["name"],
    "kind": lambda row: said(KIND_LABELS)[row["kind"]],
    "state": lambda row: said(STATE_LABELS)[row["state"]],
    "good": lambda row: row["rows_good"],
    "added": lambda row: row["rows_added"],
    "faulty": lambda row: row["rows_faulty"],
    "at": lambda row: row["at"],
    "who": lambda row: row["who"],
}


@get(PATH, allows=ADMIN)
async def imports(request: Request) -> Answer:
    listing = await access.imports(_listing(request))
    form = UploadForm.showing(kind="referrers")
    return await listing.answer("imports/index.html", cells=CELLS, name="imports", form=form, **WORDS)


def _listing(request: Request) -> Listing:
    return Listing.asked(
        request,
        columns=(
            Column("name", _("Fichier"), sortable=True), Column("kind", _("Contenu")), Column("state", _("État")),
            Column("good", _("Lignes bonnes"), numeric=True), Column("added", _("Nouvelles"), numeric=True),
            Column("faulty", _("Écartées"), numeric=True), Column("at", _("Quand"), sortable=True),
            Column("who", _("Par")),
        ),
        filters=(
            Filter("contenu", _("Contenu"), "select", list(said(KIND_LABELS).items())),
            Filter("etat", _("État"), "select", list(said(STATE_LABELS).items())),
        ),
    )  # fmt: skip


def said(labels: Mapping[Any, str]) -> dict[str, str]:
    return {str(code): _(label) for code, label in labels.items()}


async def _refused(request: Request, form: UploadForm) -> Answer:
    return again("imports/index.html", listing=await access.imports(_listing(request)), form=form, **WORDS)


@post(PATH, allows=ADMIN, uploads=True)
async def store(request: Request, person: Person) -> Answer:
    """The file is read and kept; nothing of it is taken."""
    form = await UploadForm.read(request)
    if form.errors:
        return await _refused(request, form)
    try:
        data, kept = await _kept(form.file)
    except Invalid as refused:
        return await _refused(request, form.refuse("file", refused.sentence))
    mapping = await access.mapping(form.kind)
    columns, reading = await looked_at(form.kind, data, mapping)
    async with deed(person, form.once) as doing:
        stored = await actions.store(
            form.kind, kept, hashlib.sha256(data).digest(), mapping, columns, reading
        )
        doing.at(f"{PATH}/{stored['ref']}")
    return done(doing)


async def _kept(upload: UploadFile) -> tuple[bytes, Kept]:
    """What was uploaded, cleaned and stored. Raises Invalid."""
    data, media_type = await cleaned(await upload.read(), SHEETS, megabytes=LIMITS.megabytes)
    await asyncio.to_thread(read_sheet, data)
    name = clean_name(upload.filename, EXTENSIONS[media_type])
    return data, await keep(Store.UPLOADS, data, media_type=media_type, name=name)


@get(f"{PATH}/{{ref:str}}", allows=ADMIN)
async def show(request: Request, person: Person, ref: str) -> Answer:
    return await SHOWN[(import_ := await access.import_for(person, ref))["state"]](request, import_)


# -- before it is confirmed


async def _preview(_request: Request, import_: db.Row) -> Answer:
    return page("imports/preview.html", **await _looked_at(import_))


async def _looked_at(
    import_: db.Row, options: OptionsForm | None = None, columns: ColumnsForm | None = None
) -> dict[str, Any]:
    choices = await _choices(import_["kind"])
    only = {name: found[0][0] for name, found in choices.items() if name != "text" and len(found) == 1}
    return {
        "import": import_, "fields": field_choices(import_["kind"]), "dated": dated(import_),
        "faults": await access.faults_of(import_["id"], FIRST_FAULTS), "codes": await _codes(import_["id"]),
        "words": [(word, word_choices(word.field)) for word in await access.words_of(import_)],
        "asked": ASKED[import_["kind"]], "choices": choices,
        "described": await entity() is not None, "form": options or OptionsForm.showing(**only), "columns_form": columns or ColumnsForm.showing(), **WORDS,
    }  # fmt: skip


def dated(import_: db.Row) -> bool:
    return any(
        (column["field"] or "").partition("|")[0] == "contract_on" and column["samples"]
        for column in import_["columns"]
    )


async def _choices(kind: str) -> dict[str, list[tuple[str, str]]]:
    """Value and label of each select of the options."""
    if not ASKED[kind]:
        return {}
    programmes = await plans.programmes()
    versions = await _versions()
    texts = await db.rows(
        """SELECT DISTINCT ON (key) key, title FROM contract_text WHERE status <> '' AND stands_for = ''
           ORDER BY key, version DESC"""
    )
    return {
        "programme": [(one["ref"], one["name"]) for one in programmes],
        "plan": [(one["ref"], one["plan_name"]) for one in versions],
        "text": [("", _("Le texte publié de chaque statut")), *((one["key"], one["title"]) for one in texts)],
    }


async def _versions() -> list[db.Row]:
    return [
        one
        for programme in await plans.programmes()
        for one in await plans.published_versions(programme["id"], today())
    ]


async def _codes(import_id: int) -> list[dict[str, Any]]:
    """What is wrong or remarkable, how often, in words."""
    return [
        {**row, "label": code_label(row["code"], row["params"])} for row in await access.codes_of(import_id)
    ]


def code_label(code: str, params: dict[str, Any]) -> str:
    return _(CODE_LABELS[code]) if code in CODE_LABELS else Fault(0, "", "", code, params).sentence


@post(f"{PATH}/{{ref:str}}/colonnes", allows=ADMIN)
async def say_columns(request: Request, person: Person, ref: str) -> Answer:
    """What unusual columns mean: read again, and remembered for the next file."""
    import_ = await access.import_for(person, ref)
    words = await access.words_of(import_)
    form, said = await ColumnsForm.asked(request, import_["kind"], import_["columns"], words)
    if form.errors:
        return again("imports/preview.html", **await _looked_at(import_, columns=form))
    said = explained(import_["mapping"]) | said
    columns, reading = await looked_at(import_["kind"], await access.content(import_), said)
    async with deed(person, form.once) as doing:
        await actions.look_again(import_, said, columns, reading)
        doing.at(f"{PATH}/{ref}")
    return done(doing)


@post(f"{PATH}/{{ref:str}}/confirmation", allows=ADMIN)
async def confirm(request: Request, person: Person, ref: str) -> Answer:
    import_ = await access.import_for(person, ref)
    form = await OptionsForm.read(request)
    programmes = {one["ref"]: one["id"] for one in await plans.programmes()}
    versions = {one["ref"]: (one["id"], one["programme_id"]) for one in await _versions()}
    options = (
        None
        if form.errors
        else form.options(import_["kind"], dated(import_), programmes, versions, person.user_id)
    )
    if await entity() is None:
        form.refuse("", _(NO_COMPANY))
    if options is None or form.errors:
        return again("imports/preview.html", **await _looked_at(import_, options=form))
    async with deed(person, form.once) as doing:
        await actions.confirm(import_, options)
        await enqueue("imports.apply", import_id=import_["id"])
        doing.at(f"{PATH}/{ref}")
    return done(doing)


@post(f"{PATH}/{{ref:str}}/abandon", allows=ADMIN)
async def drop(person: Person, ref: str) -> Answer:
    import_ = await access.import_for(person, ref)
    async with deed(person):
        await actions.drop(import_)
    return see(PATH)


def _shown(import_: db.Row) -> dict[str, Any]:
    return {"import": import_, **WORDS}


# -- while it is taken


async def _progress(_request: Request, import_: db.Row) -> Answer:
    return page("imports/progress.html", **_shown(import_))


@get(f"{PATH}/{{ref:str}}/avancement", allows=ADMIN)
async def progress(request: Request, person: Person, ref: str) -> Answer:
    """The fragment that the page asks for each second; when it is done, htmx goes to the report."""
    import_ = await access.import_for(person, ref)
    if import_["state"] == ImportState.APPLYING and is_fragment(request):
        return page("imports/_progress.html", **_shown(import_))
    if is_fragment(request):
        return Response("", status_code=204, headers={"HX-Redirect": f"{PATH}/{ref}"})
    return see(f"{PATH}/{ref}")


@post(f"{PATH}/{{ref:str}}/reprise", allows=ADMIN)
async def go_on(person: Person, ref: str) -> Answer:
    """It was stopped: the work is asked for again; beside one that still runs it changes nothing."""
    import_ = await access.import_for(person, ref)
    async with deed(person) as doing:
        await enqueue("imports.apply", import_id=import_["id"])
        doing.at(f"{PATH}/{ref}")
    return done(doing)


# -- afterwards

FAULT_CELLS: Cells = {
    "line": lambda row: row["line"],
    "why": lambda row: row["sentence"],
    "title": lambda row: row["column_title"],
    "value": lambda row: row["value"],
}


async def _report(request: Request, import_: db.Row) -> Answer:
    codes = await _codes(import_["id"])
    listing = Listing.asked(
        request,
        columns=(
            Column("line", _("Ligne"), sortable=True), Column("why", _("Pourquoi")),
            Column("title", _("Colonne")), Column("value", _("Valeur")),
        ),
        filters=(
            Filter("genre", _("Montrer"), "select", [("ecartees", _("Les lignes écartées")), ("remarques", _("Les remarques"))]),
            Filter("motif", _("Motif"), "select", [(one["code"], one["label"]) for one in codes]),
        ),
    )  # fmt: skip
    await access.list_faults(import_["id"], listing)
    return await listing.answer("imports/report.html", cells=FAULT_CELLS, name="lignes", **_shown(import_))


@get(f"{PATH}/{{ref:str}}/a-corriger", allows=ADMIN)
async def faulty(person: Person, ref: str) -> Answer:
    """The rows that were not taken, as CSV with the reason of each."""
    import_ = await access.import_for(person, ref)
    if not import_["rows_faulty"]:
        raise NotFound("faulty rows")
    content = await access.content(import_)
    sheet = await asyncio.to_thread(find_sheet, import_["kind"], content, import_["mapping"])
    body = faulty_rows(sheet, await access.reasons(import_["id"]))
    named = f'attachment; filename="a-corriger-{ref}.csv"'
    return Response(body, media_type=CSV, headers={"content-disposition": named})


SHOWN = {
    ImportState.STORED: _preview,
    ImportState.APPLYING: _progress,
    ImportState.APPLIED: _report,
    ImportState.DROPPED: _report,
}
