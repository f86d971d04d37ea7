"""The board by stage, and the moves of its cards."""

from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import urlencode

from litestar import Request

from portal.kit.days import now, today
from portal.kit.deed import deed
from portal.kit.listing import Listing
from portal.kit.problems import NotFound, Refused, Stale
from portal.kit.text import _
from portal.kit.web import Answer, again, done, get, page, post, see
from portal.leads import access as leads
from portal.leads import actions
from portal.leads.desk import access, filters
from portal.leads.desk.forms import StepForm
from portal.leads.desk.rules import AMONG, KEYS, PATHS, STAGE_OF, STAGES, Place, Stage, steps
from portal.leads.desk.views import opens_first, shown_now, views_of
from portal.leads.dossier.access import next_task_of
from portal.leads.fields import reasons
from portal.leads.rules import BY_NAME, LABELS, SALES, SILENT_DAYS, LeadState, Move
from portal.people.rules import STAFF, Person

BOARD = PATHS[Place.BOARD]
FIRST_STAGE = STAGES[0].key


@get(BOARD, allows=STAFF)
async def board(request: Request, person: Person) -> Answer:
    """What is under way, a column a stage. `stage`: the one that a phone shows."""
    views = await views_of(person)
    first = opens_first(views, Place.BOARD)
    if first and not request.query_params:
        return see(first.path)
    listing = asked_of_board(dict(request.query_params), await filters.choices())
    listing.cleared = f"{listing.path}?vue=tout" if first else ""
    columns = await access.board(filters.conditions(listing, person))
    cards = [card for column in columns for card in column.cards]
    asked = request.query_params.get("stage", FIRST_STAGE)
    stage = asked if asked in {stage.key for stage in STAGES} else FIRST_STAGE
    moved_on = request.query_params.get("avance", "")
    return page(
        "recommandations/board.html", listing=listing, columns=columns, counts=await access.counts(),
        place=Place.BOARD, views=views, view=shown_now(views, Place.BOARD, listing.kept),
        stage=stage, back=listing.query(stage=stage),
        tasks=await next_task_of([card["id"] for card in cards]), today=today(), now=now(),
        silent_since=now() - timedelta(SILENT_DAYS), moved_on=next((one for one in cards if one["ref"] == moved_on), None),
        steps={state: steps(state, person.roles) for state in AMONG[Place.BOARD]} if person.may(*SALES) else {},
        more={stage.key: _more(listing, stage) for stage in STAGES}, keys=KEYS, stage_of=STAGE_OF, labels={code: _(label) for code, label in LABELS.items()},
    )  # fmt: skip


def _more(listing: Listing, stage: Stage) -> str:
    """The list of what a column has, under the same filters."""
    place = Place.AT_WORK if stage.states[0] in AMONG[Place.AT_WORK] else Place.ALL
    return f"{PATHS[place]}?{urlencode({**listing.kept, 'etat': stage.states[0].value})}"


def asked_of_board(params: Mapping[str, str], given: filters.Choices) -> Listing:
    """The board as an address says it."""
    return Listing.of(BOARD, params, (), filters.of_board(given))


@get("/recommandations/{ref:str}/etape", allows=SALES)
async def step(request: Request, person: Person, ref: str) -> Answer:
    """Why it ends: the one move of a card that asks for something."""
    form = StepForm.of(dict(request.query_params))
    return await _ask(person, ref, form) if not form.errors else see(f"/recommandations/{ref}")


@post("/recommandations/{ref:str}/etape", allows=SALES)
async def take_step(request: Request, person: Person, ref: str) -> Answer:
    """A move of the board comes back to the board; where it was not possible any more, the board says so."""
    lead = await leads.lead_for(person, ref)
    form = await StepForm.read(request)
    if form.errors:
        raise Stale("stale")
    move = _move_called(form.move)
    if move.needs_reason and form.reason not in await reasons.codes(move.name):
        return await _ask(person, ref, form.refuse("reason", _("Choisissez pourquoi.")))
    try:
        async with deed(person, form.once) as doing:
            if lead["version"] != form.version:
                raise Stale("stale")
            await actions.move(lead, move.name, reason=form.reason)
            if form.note:
                await actions.note(lead, form.note, shared=True)
            doing.at(_back(form))
    except (Stale, Refused):
        return see(_back(form, avance=ref))
    return done(doing)


def _move_called(name: str) -> Move:
    """Only what a button offers: a deal is signed on its own page."""
    move = BY_NAME.get(name)
    if move is None or not move.button or not move.who & SALES:
        raise NotFound("move")
    return move


def _back(form: StepForm, **more: str) -> str:
    """To the board as it was filtered; nothing typed leads elsewhere."""
    asked = form.back.removeprefix("?")
    said = "&".join([*([asked] if asked else []), *(f"{name}={value}" for name, value in more.items())])
    return f"{BOARD}?{said}" if said else BOARD


async def _ask(person: Person, ref: str, form: StepForm) -> Answer:
    lead = await leads.lead_for(person, ref)
    step = str(form.values.get("step", ""))
    move = _move_called(step.partition(".")[0])
    show = again if form.errors else page
    return show(
        "recommandations/board_reason.html", lead=lead, move=move, form=form, step=step,
        reasons=await reasons.reasons(move.name) if move.needs_reason else [], state=_(LABELS[LeadState(lead["state"])]),
    )  # fmt: skip
