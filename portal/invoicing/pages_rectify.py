"""/factures/a-rectifier: papers issued under a status or VAT regime that turned out to be another, or ended by a platform."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from litestar import Request
from pydantic import StringConstraints

from portal.invoicing import access, rectifying, replacing
from portal.invoicing.pages_replace import plan_words
from portal.invoicing.platform.words import reason_said, status_said
from portal.invoicing.rectifying import BACK, BACK_SAID, LABELS, TONES, State
from portal.invoicing.rules import KIND_LABELS_STAFF
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.listing import Column, Filter, Listing
from portal.kit.text import N_, _
from portal.kit.web import Answer, again, get, page, post, see
from portal.people.rules import Person, Role
from portal.referrers.rules import REGIME_LABELS
from portal.referrers.words import labels

PATH = "/factures/a-rectifier"
FINANCE = {Role.FINANCE, Role.ADMIN}


class DecisionForm(Form):
    SENTENCES = {
        "outcome.missing": N_("Choisissez ce qu'il faut en faire."),
        "reason.missing": N_("Dites pourquoi : cela reste dans l'historique."),
    }
    outcome: Literal["rectified", "kept"]
    reason: Annotated[str, StringConstraints(max_length=300)]


def outcomes() -> list[tuple[str, str, str]]:
    return [
        (State.RECTIFIED, _("Le rectifier maintenant"), _("Ce qui est annoncé plus haut est établi aussitôt, daté d'aujourd'hui.")),
        (State.KEPT, _("Le laisser tel quel"), _("La loi le permet, ou l'erreur est sans effet.")),
    ]  # fmt: skip


def _reason(row: db.Row) -> str:
    return _(BACK_SAID) if row["reason"] == BACK and not row["settled_by"] else row["reason"]


def wrong_of(row: db.Row) -> str:
    """The regime that it should have had, or how the platform ended it."""
    return status_said(row["ended_code"]) if row["ended_code"] else _(REGIME_LABELS[row["vat_regime"]])


CELLS = {
    "number": lambda row: row["number"],
    "who": lambda row: row["referrer_name"],
    "day": lambda row: row["issued_on"],
    "had": lambda row: _(REGIME_LABELS[row["had_regime"]]),
    "now": wrong_of,
    "state": lambda row: _(LABELS[row["state"]]),
    "reason": _reason,
    "amount": lambda row: Decimal(row["total_cents"]).scaleb(-2),
}


@get(PATH, allows=FINANCE)
async def listed(request: Request) -> Answer:
    listing = await rectifying.page_of(_listing(request))
    return await listing.answer("factures/to_rectify.html", cells=CELLS, name="a-rectifier", **_words())


def _listing(request: Request) -> Listing:
    return Listing.asked(
        request,
        columns=(
            Column("number", _("Numéro"), sortable=True),
            Column("who", _("Apporteur"), sortable=True),
            Column("day", _("Établi le"), sortable=True),
            Column("had", _("Établi comme")),
            Column("now", _("Aurait dû être, ou statut reçu")),
            Column("state", _("Décision")),
            Column("reason", _("Pourquoi")),
            Column("amount", _("TTC"), numeric=True, sortable=True),
        ),
        filters=(
            Filter("q", _("Numéro ou apporteur")),
            Filter("etat", _("Décision"), "select", [(state, _(label)) for state, label in LABELS.items()]),
        ),
    )


def _words() -> dict[str, Any]:
    said = {code: _(label) for code, label in LABELS.items()}
    return {
        "decision_labels": said,
        "decision_tones": TONES,
        "reason_of": _reason,
        "wrong_of": wrong_of,
        **labels(),
    }


@get(PATH + "/{ref:str}", allows=FINANCE)
async def show(person: Person, ref: str) -> Answer:
    todo = await rectifying.to_rectify_for(person, ref)
    return page("factures/rectify.html", **await _shown(todo, DecisionForm.showing()))


async def _shown(todo: db.Row, form: Form) -> dict[str, Any]:
    kind = _(KIND_LABELS_STAFF[todo["kind"]])
    words = plan_words(await replacing.plan(todo["invoice_id"], today()))
    return {
        "ended": _ended(todo),
        "todo": todo,
        "form": form,
        "outcomes": outcomes(),
        "kind": kind,
        **words,
        **_words(),
    }


def _ended(todo: db.Row) -> str:
    """What the platform said, with its reason; '' when the paper is wrong for another cause."""
    if not todo["ended_code"]:
        return ""
    told = (status_said(todo["ended_code"]), reason_said(todo["ended_reason_code"], todo["ended_reason"]))
    return " : ".join(filter(None, told))


@post(PATH + "/{ref:str}", allows=FINANCE)
async def decide(request: Request, person: Person, ref: str) -> Answer:
    todo = await rectifying.to_rectify_for(person, ref)
    form = await DecisionForm.read(request)
    if form.errors:
        return again("factures/rectify.html", **await _shown(todo, form))
    async with deed(person, form.once) as doing:
        doing.at(PATH)
        await _decide(todo, State(form.outcome), form.reason)
    return see(PATH)


async def _decide(todo: db.Row, outcome: State, reason: str) -> None:
    """To rectify settles it too; what is settled already is said either way."""
    if outcome is State.RECTIFIED and todo["state"] == State.OPEN:
        await replacing.rectify(await access.invoice(todo["invoice_id"]), reason)
    else:
        await rectifying.settle(todo, outcome, reason)
