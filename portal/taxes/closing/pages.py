"""/fiscalite/{year}/cloture: what a year still needs and for whom, its closing, what was frozen, its papers."""

from typing import Any

from litestar import Request

from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.listing import Cells, Column, Filter, Listing
from portal.kit.problems import NotFound
from portal.kit.sheets import euros
from portal.kit.text import _
from portal.kit.web import Answer, again, get, page, post, see
from portal.people.rules import Person, Role
from portal.referrers.rules import STATUS_LABELS
from portal.taxes.closing import access, deciding, papers
from portal.taxes.closing.forms import RefuseForm
from portal.taxes.closing.requirements import BY_CODE, REQUIREMENTS, lacking
from portal.taxes.closing.rules import LABELS, TONES, Lack, YearState, is_over, obstacles
from portal.taxes.closing.words import named, value_of, why_of
from portal.taxes.keeping import KIND_LABELS
from portal.taxes.rules import is_told

FINANCE = {Role.FINANCE, Role.ADMIN}
HERE = "/fiscalite/{year:int}/cloture"


def status_said(row: Any) -> str:
    label = STATUS_LABELS.get(row["status"], "")
    return label and _(label)


LACK_CELLS: Cells = {
    "what": lambda lack: _(BY_CODE[lack.code].label),
    "who": lambda lack: named(lack.name),
    "number": lambda lack: lack.number,
    "why": why_of,
    "todo": lambda lack: _(BY_CODE[lack.code].todo),
}
LINE_CELLS: Cells = {
    "who": lambda row: row["name"],
    "number": lambda row: row["number"],
    "status": status_said,
    "payments": lambda row: row["payments"],
    "net": lambda row: euros(row["net_cents"]),
    "vat": lambda row: euros(row["vat_cents"]),
    "amount": lambda row: euros(row["total_cents"]),
    "benefits": lambda row: euros(row["benefits_cents"]),
}


def path_of(year: int) -> str:
    return f"/fiscalite/{year}/cloture"


@get(HERE, allows=FINANCE)
async def show(request: Request, year: int) -> Answer:
    if not is_told(year, today()):
        raise NotFound("year")
    entity, closing = await access.entity_id(), await access.closing_of(year)
    if closing is not None and closing["state"] == YearState.CLOSED:
        return await _closed(request, closing)
    lacks = await lacking(entity, year)
    return await _of_lacks(request, lacks).answer(
        "fiscalite/cloture/show.html",
        cells=LACK_CELLS,
        name=f"cloture-{year}",
        **await _shown(entity, year, closing, lacks),
    )


async def _closed(request: Request, closing: Any) -> Answer:
    listing = await access.lines_page(_of_lines(request), closing["id"])
    year = closing["year"]
    return await listing.answer(
        "fiscalite/cloture/closed.html", cells=LINE_CELLS, name=f"annee-{year}", closing=closing, here=path_of(year),
        totals=await access.totals_kept(closing["id"]), progress=await papers.progress(closing["id"]),
        later=await access.later_facts(closing), status_said=status_said, kinds=KIND_LABELS, labels=_labels(), tones=TONES,
    )  # fmt: skip


async def _shown(entity: int, year: int, closing: Any, lacks: list[Lack], **forms: Form) -> dict[str, Any]:
    return {
        "year": year, "here": path_of(year), "closing": closing, "over": is_over(year, today()),
        "obstacles": [_(sentence) % {name: value_of(value) for name, value in params.items()}
                      for sentence, params in obstacles(year, lacks, today())],
        "totals": await access.totals(entity, year), "labels": _labels(), "tones": TONES,
        "about": BY_CODE, "named": named, "why_of": why_of, "asked": REQUIREMENTS,
        "refusal": RefuseForm.showing(), **forms,
    }  # fmt: skip


def _labels() -> dict[str, str]:
    return {state.value: _(label) for state, label in LABELS.items()}


def _of_lacks(request: Request, lacks: list[Lack]) -> Listing:
    listing = Listing.asked(
        request,
        columns=(
            Column("what", _("Ce qui manque")), Column("who", _("Pour qui")), Column("number", _("Numéro")), Column("why", _("Pourquoi")),
            Column("todo", _("À faire")),
        ),
        filters=(
            Filter("q", _("Rechercher")),
            Filter("quoi", _("Ce qui manque"), "select", [(one.code, _(one.label)) for one in REQUIREMENTS]),
        ),
    )  # fmt: skip
    words, code = listing.value("q").lower(), listing.value("quoi")
    found = [
        one
        for one in lacks
        if (not code or one.code == code) and words in f"{named(one.name)} {one.number}".lower()
    ]
    return listing.show(found[listing.offset : listing.offset + listing.size], len(found))


def _of_lines(request: Request) -> Listing:
    return Listing.asked(
        request,
        columns=(
            Column("who", _("Bénéficiaire"), sortable=True), Column("number", _("Numéro")), Column("status", _("Statut")),
            Column("payments", _("Virements"), numeric=True), Column("net", _("HT"), numeric=True), Column("vat", _("TVA"), numeric=True),
            Column("amount", _("TTC"), numeric=True, sortable=True), Column("benefits", _("En nature"), numeric=True, sortable=True),
            Column("papers", _("Documents")),
        ),
        filters=(Filter("q", _("Rechercher")),),
        sort="-amount",
    )  # fmt: skip


@get(f"{HERE}/avancement", allows=FINANCE)
async def progress(year: int) -> Answer:
    """A fragment that asks again until all papers are made."""
    closing = await _known(year)
    return page(
        "fiscalite/cloture/_progress.html",
        closing=closing,
        here=path_of(year),
        progress=await papers.progress(closing["id"]),
    )


async def _known(year: int) -> Any:
    closing = await access.closing_of(year)
    if closing is None:
        raise NotFound("year_closing")
    return closing


@post(f"{HERE}/controle", allows=FINANCE)
async def control(request: Request, person: Person, year: int) -> Answer:
    """The first may be of any year that is over: it is opened by this."""
    form = await Form.read(request)
    if not is_told(year, today()):
        raise NotFound("year")
    async with deed(person, form.once) as doing:
        doing.at(path_of(year))
        await deciding.control(await deciding.opened(await access.entity_id(), year))
    return see(path_of(year))


@post(f"{HERE}/approbation", allows=FINANCE)
async def approve(request: Request, person: Person, year: int) -> Answer:
    return await _moved(request, person, year, deciding.approve)


@post(f"{HERE}/approbation/retrait", allows=FINANCE)
async def withdraw(request: Request, person: Person, year: int) -> Answer:
    return await _moved(request, person, year, deciding.withdraw)


@post(f"{HERE}/documents", allows=FINANCE)
async def make_papers(request: Request, person: Person, year: int) -> Answer:
    """Those that a job could not make, once more."""
    return await _moved(request, person, year, deciding.make_papers)


async def _moved(request: Request, person: Person, year: int, move: Any) -> Answer:
    closing, form = await _known(year), await Form.read(request)
    async with deed(person, form.once) as doing:
        doing.at(path_of(year))
        await move(closing)
    return see(path_of(year))


@post(f"{HERE}/approbation/refus", allows=FINANCE)
async def refuse(request: Request, person: Person, year: int) -> Answer:
    closing, form = await _known(year), await RefuseForm.read(request)
    if form.errors:
        lacks = await lacking(closing["legal_entity_id"], year)
        shown = await _shown(closing["legal_entity_id"], year, closing, lacks, refusal=form)
        return again("fiscalite/cloture/show.html", listing=_of_lacks(request, lacks), **shown)
    async with deed(person, form.once) as doing:
        doing.at(path_of(year))
        await deciding.refuse(closing, form.reason)
    return see(path_of(year))
