"""/reglages/textes: the published texts, shipped and the company's own, each as it was published; what is being written."""

from typing import Any

from litestar import Request

from portal.company import access as company
from portal.contracts.wording import own_texts, writing
from portal.contracts.wording.forms import TradeForm
from portal.contracts.wording.guardrails import TRADE_LABELS, warnings_in
from portal.contracts.wording.texts import STATUS_OF
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.listing import Cells, Column, Listing
from portal.kit.problems import NotFound
from portal.kit.text import N_, _
from portal.kit.web import Answer, again, done, get, page, post
from portal.people.rules import Person, Role
from portal.plans.editor.forms import FourEyesForm
from portal.referrers.rules import STATUS_LABELS, Status

ADMIN = {Role.ADMIN}
HOME = "/reglages/textes"
USES = {
    "in_use": N_("En usage"),
    "to_come": N_("À venir"),
    "replaced": N_("Remplacé"),
    "withdrawn": N_("Retiré"),
}
TONES = {"in_use": "good", "to_come": "wait"}
CELLS: Cells = {
    "title": lambda row: row["title"],
    "status": lambda row: _written_for()[row["status"]],
    "origin": lambda row: _(ORIGINS[bool(row["stands_for"])]),
    "version": lambda row: row["version"],
    "use": lambda row: _(USES[row["use"]]),
    "sha256": lambda row: row["sha256"].hex(),
}
ORIGINS = {False: N_("Livré"), True: N_("Écrit par vous")}


async def _listing(request: Request) -> Listing:
    columns = (
        Column("title", _("Texte")), Column("status", _("Pour")), Column("origin", _("Origine")), Column("version", _("Version"), numeric=True),
        Column("use", _("Usage")), Column("sha256", _("Empreinte (SHA-256)")),
    )  # fmt: skip
    return Listing.whole(request, columns, await _with_use())


@get(HOME, allows=ADMIN)
async def texts(request: Request) -> Answer:
    form = TradeForm.showing(trade=await company.option(company.TRADE, ""))
    listing = await _listing(request)
    return await listing.answer("contrats/textes.html", cells=CELLS, name="textes", **await _around(form))


async def _with_use() -> list[dict[str, Any]]:
    """The listed versions, what is in use first."""
    used = {text["id"] for text in (await own_texts.in_use(list(STATUS_OF), today())).values()}
    rows = [{**row, "use": _use(row, used)} for row in await own_texts.published()]
    return sorted(rows, key=lambda row: list(USES).index(row["use"]))


def _use(text: db.Row, used: set[int]) -> str:
    if text["withdrawn_at"]:
        return "withdrawn"
    if text["version"] > today().isoformat():
        return "to_come"
    return "in_use" if text["id"] in used else "replaced"


async def _around(form: Form) -> dict[str, Any]:
    return {
        "written_for": _written_for(),
        "uses_said": _uses_said(),
        "tones": TONES,
        "drafts": await own_texts.drafts(),
        "four_eyes": await company.option(writing.FOUR_EYES, False),
        "trades": [(code, _(label)) for code, label in TRADE_LABELS.items()],
        "form": form,
    }


@get(HOME + "/{ref:str}", allows=ADMIN)
async def text(ref: str) -> Answer:
    found = await own_texts.by_ref(ref)
    kind = own_texts.kind_of(found)
    used = (await own_texts.in_use([kind], today())).get(kind)
    return page(
        "contrats/texte.html",
        text=found,
        written_for=_written_for(),
        warnings=warnings_in(found["body"]),
        use=_use(found, {used["id"]} if used else set()),
        uses_said=_uses_said(),
        tones=TONES,
        newer=await _shipped_since(found) if found["stands_for"] else None,
    )


async def _shipped_since(text: db.Row) -> db.Row | None:
    """A shipped text that is younger than the company's own: what changed in it may be worth taking over."""
    return await db.row(
        "SELECT ref, version FROM contract_text WHERE key = $1 AND version > $2 ORDER BY version DESC LIMIT 1",
        text["stands_for"], text["version"],
    )  # fmt: skip


@post(HOME + "/{ref:str}/brouillon", allows=ADMIN)
async def begin(request: Request, person: Person, ref: str) -> Answer:
    found = await own_texts.by_ref(ref)
    form = await Form.read(request)
    async with deed(person, form.once) as doing:
        draft = await writing.begin(found)
        doing.at(f"{HOME}/brouillons/{draft['ref']}/redaction")
    return done(doing)


@post(HOME + "/{ref:str}/retrait", allows=ADMIN)
async def stop_using(request: Request, person: Person, ref: str) -> Answer:
    found = await own_texts.by_ref(ref)
    if not found["stands_for"]:
        raise NotFound("text")
    form = await Form.read(request)
    async with deed(person, form.once) as doing:
        doing.at(f"{HOME}/{found['ref']}")
        await writing.stop_using(found)
    return done(doing)


@post(HOME + "/approbation", allows=ADMIN)
async def four_eyes(request: Request, person: Person) -> Answer:
    form = await FourEyesForm.read(request)
    async with deed(person, form.once) as doing:
        doing.at(HOME)
        await writing.ask_for_two(form.wanted == "1")
    return done(doing)


@post(HOME + "/metier", allows=ADMIN)
async def trade(request: Request, person: Person) -> Answer:
    form = await TradeForm.read(request)
    if form.errors:
        return again("contrats/textes.html", listing=await _listing(request), **await _around(form))
    async with deed(person, form.once) as doing:
        doing.at(HOME)
        await writing.say_trade(form.trade)
    return done(doing)


def _written_for() -> dict[str, str]:
    return {status.value: _(STATUS_LABELS[status]) for status in Status} | {"": _("Joint à un contrat")}


def _uses_said() -> dict[str, str]:
    return {code: _(label) for code, label in USES.items()}
