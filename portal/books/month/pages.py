"""/arretes: the list of months, and one month with everything that finance does about it."""

from typing import Any

from litestar import Request, Response

from portal.books.month import access, deciding
from portal.books.month.forms import AccountantsForm, DecideForm, OpenForm, RefuseForm
from portal.books.month.looks import ASK, ASKS, BUTTONS, LOOKS, NEEDS_REASON, OUTCOMES
from portal.books.month.reading import month_of
from portal.books.month.rules import LABELS, TONES, MonthState, first_day, obstacles
from portal.books.month.words import cause_of, month_name, told, why_of
from portal.books.rooms import tabs
from portal.company import access as company
from portal.invoicing.rules import KIND_LABELS_STAFF, ROW_KINDS
from portal.kit import db, files
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.listing import Cells, Column, Filter, Listing
from portal.kit.problems import NotFound
from portal.kit.text import _
from portal.kit.web import Answer, again, get, page, post, see
from portal.people.rules import Person, Role

FINANCE = {Role.FINANCE, Role.ADMIN}
HOME = "/arretes"
FEW = 6  # cards of a kind; more are a table to tick
CELLS: Cells = {
    "month": lambda row: row["month"],
    "state": lambda row: _(LABELS[row["state"]]),
    "controlled": lambda row: row["controller"] or "",
    "closed": lambda row: row["closer"] or "",
    "on": lambda row: row["closed_at"],
}


@get(HOME, allows=FINANCE)
async def listed(request: Request) -> Answer:
    return await _list(request, OpenForm.showing(month=f"{today():%Y-%m}"))


async def _list(request: Request, form: Form, readers: Form | None = None) -> Answer:
    listing = Listing.asked(
        request,
        columns=(
            Column("month", _("Mois"), sortable=True), Column("state", _("État")), Column("controlled", _("Contrôlé par")),
            Column("closed", _("Clos par")), Column("on", _("Clos le")),
        ),
        filters=(Filter("etat", _("État"), "select", [(state.value, _(label)) for state, label in LABELS.items()]),),
        sort="-month",
    )  # fmt: skip
    await access.page_of(listing)
    named = await access.accountants()
    return await listing.answer(
        "arretes/list.html", tabs=tabs("/arretes"), cells=CELLS, name="arretes", labels=labels(), tones=TONES, month_name=month_name, form=form,
        current=any(row["month"] == first_day(today()) for row in listing.rows),
        readers=readers or AccountantsForm.showing(addresses="\n".join(named)),
        seatless=await access.without_seat(named),
    )  # fmt: skip


def labels() -> dict[str, str]:
    return {state.value: _(label) for state, label in LABELS.items()}


@post(HOME, allows=FINANCE)
async def open_month(request: Request, person: Person) -> Answer:
    form = await OpenForm.read(request)
    if form.errors:
        return _wrong(await _list(request, form))
    async with deed(person, form.once) as doing:
        opened = await deciding.open_month(await entity_id(), form.month)
        doing.at(f"{HOME}/{opened['ref']}")
    return see(doing.answer["location"])


@post(f"{HOME}/destinataires", allows=FINANCE)
async def name_accountants(request: Request, person: Person) -> Answer:
    form = await AccountantsForm.read(request)
    if form.errors:
        return _wrong(await _list(request, OpenForm.showing(), form))
    async with deed(person, form.once) as doing:
        doing.at(HOME)
        await deciding.name_accountants(form.unique)
    return see(HOME)


def _wrong(answer: Answer) -> Answer:
    answer.status_code = 422
    return answer


async def entity_id() -> int:
    entity = await company.legal_entity()
    if entity is None:
        raise NotFound("legal_entity")
    return entity["id"]


@get(f"{HOME}/{{ref:str}}", allows=FINANCE)
async def show(request: Request, person: Person, ref: str) -> Answer:
    settlement = await access.settlement_for(person, ref)
    return page("arretes/show.html", **await shown(settlement, _asked(request)))


async def shown(settlement: db.Row, asked: int = 0, **forms: Form) -> dict[str, Any]:
    month = await month_of(settlement)
    by_look = {look: [card for card in month.waiting if card.look == look] for look in LOOKS}
    return {
        "settlement": settlement,
        "month": month,
        "agreement": month.agreement,
        "by_look": {look: found for look, found in by_look.items() if found},
        "obstacles": [_(sentence) % told(params) for sentence, params in obstacles(settlement, month.standing, today())],
        "asked": asked,
        "labels": labels(), "tones": TONES, "month_name": month_name, "cause_of": cause_of, "looks": LOOKS, "few": FEW,
        "buttons": {code: _(label) for code, label in BUTTONS.items()},
        "outcomes": {code: _(label) for code, label in OUTCOMES.items()},
        "asks": {what: _(label) for what, label in ASKS.items()}, "ask": ASK,
        "needs_reason": NEEDS_REASON, "kind_of": kind_of, "why_of": why_of,
        "refusal": forms.get("refusal") or RefuseForm.showing(),
        "form": forms.get("form") or DecideForm.showing(),
    }  # fmt: skip


def kind_of(proposal: Any) -> str:
    label = KIND_LABELS_STAFF[ROW_KINDS[proposal.treatment.kind]]
    return _(label)


def _asked(request: Request) -> int:
    """How many referrers were handed to jobs; 0 when none."""
    typed = request.query_params.get("sur", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 7 else 0


@get(f"{HOME}/{{ref:str}}/avancement", allows=FINANCE)
async def progress(request: Request, person: Person, ref: str) -> Answer:
    """A fragment that asks again until all jobs have issued their part."""
    settlement = await access.settlement_for(person, ref)
    return page(
        "arretes/_progress.html",
        settlement=settlement,
        month=await month_of(settlement),
        asked=_asked(request),
    )


@post(f"{HOME}/{{ref:str}}/decisions", allows=FINANCE)
async def decide(request: Request, person: Person, ref: str) -> Answer:
    settlement = await access.settlement_for(person, ref)
    form = await DecideForm.read(request)
    if not form.errors and form.outcome in NEEDS_REASON and not form.reason.strip():
        form.refuse("reason", _("Dites en quelques mots pourquoi : la décision est gardée avec son motif."))
    if form.errors:
        return again("arretes/show.html", **await shown(settlement, form=form))
    async with deed(person, form.once) as doing:
        doing.at(f"{HOME}/{ref}#points")
        await deciding.decide(settlement, form.key, form.outcome, form.reason)
    return see(f"{HOME}/{ref}#points")


@post(f"{HOME}/{{ref:str}}/factures", allows=FINANCE)
async def issue(request: Request, person: Person, ref: str) -> Answer:
    settlement, form = await access.settlement_for(person, ref), await Form.read(request)
    async with deed(person, form.once) as doing:
        made, many = await deciding.issue(settlement)
        doing.at(f"{HOME}/{ref}?sur={many}" if made is None else f"{HOME}/{ref}")
    return see(doing.answer["location"])


@post(f"{HOME}/{{ref:str}}/controle", allows=FINANCE)
async def control(request: Request, person: Person, ref: str) -> Answer:
    return await _moved(request, person, ref, deciding.control)


@post(f"{HOME}/{{ref:str}}/approbation", allows=FINANCE)
async def approve(request: Request, person: Person, ref: str) -> Answer:
    return await _moved(request, person, ref, deciding.approve)


@post(f"{HOME}/{{ref:str}}/approbation/retrait", allows=FINANCE)
async def withdraw(request: Request, person: Person, ref: str) -> Answer:
    return await _moved(request, person, ref, deciding.withdraw)


async def _moved(request: Request, person: Person, ref: str, move: Any) -> Answer:
    settlement, form = await access.settlement_for(person, ref), await Form.read(request)
    async with deed(person, form.once) as doing:
        doing.at(f"{HOME}/{ref}")
        await move(settlement)
    return see(f"{HOME}/{ref}")


@post(f"{HOME}/{{ref:str}}/approbation/refus", allows=FINANCE)
async def refuse(request: Request, person: Person, ref: str) -> Answer:
    settlement, form = await access.settlement_for(person, ref), await RefuseForm.read(request)
    if form.errors:
        return again("arretes/show.html", **await shown(settlement, refusal=form))
    async with deed(person, form.once) as doing:
        doing.at(f"{HOME}/{ref}")
        await deciding.refuse(settlement, form.reason)
    return see(f"{HOME}/{ref}")


@get(f"{HOME}/{{ref:str}}/dossier", allows=FINANCE)
async def pack(person: Person, ref: str) -> Answer:
    settlement = await access.settlement_for(person, ref)
    if settlement["state"] != MonthState.CLOSED or settlement["file_ref"] is None:
        raise NotFound("pack")
    file = await files.by_ref(settlement["file_ref"])
    return Response(
        await files.content(file), media_type=file["media_type"],
        headers={"content-disposition": f'attachment; filename="{file["name"]}"'},
    )  # fmt: skip
