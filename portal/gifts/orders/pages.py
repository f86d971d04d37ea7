"""/recompenses/commandes: orders. Who ordered follows theirs; the team approves, refuses, sends."""

from typing import Any

from litestar import Request

from portal.gifts.orders import access, code_access, deciding
from portal.gifts.orders.forms import ParcelForm, PicksForm
from portal.gifts.orders.pages_beside import beside
from portal.gifts.orders.rules import GIVEN_UP, LABELS, LABELS_STAFF, REASONS, TONES, WITHDRAWN, OrderState
from portal.gifts.orders.telling import moments_of
from portal.gifts.rewards.rules import NATURE_LABELS, true_cost_cents
from portal.kit import db
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.listing import Cells, Column, Filter, Listing
from portal.kit.problems import Refused, Stale
from portal.kit.sheets import euros
from portal.kit.text import _
from portal.kit.web import Answer, get, page, post, see
from portal.people.rules import STAFF, Person, Role, Seat

ORDERS = "/recompenses/commandes"
ONE = f"{ORDERS}/{{ref:str}}"
TEMPLATE = "recompenses/commandes/show.html"
READERS = STAFF | {Role.REFERRER}
DECIDERS = access.MAY_DECIDE
OWN = {Role.REFERRER}
S = OrderState
CELLS: Cells = {
    "title": lambda row: row["title"],
    "who": lambda row: row["referrer_name"],
    "day": lambda row: row["requested_at"],
    "points": lambda row: row["points"],
    "cost": lambda row: euros(row["cost_cents"]),
    "supplier": lambda row: row["supplier"],
    "parcel": lambda row: " ".join(filter(None, (row["carrier"], row["tracking_number"]))),
    "state": lambda row: _(LABELS_STAFF[S(row["state"])]),
}


@get(ORDERS, allows=READERS)
async def listed(request: Request, person: Person) -> Answer:
    return await _list(await access.page_of(person, _listing(request, person)), person)


async def _list(listing: Listing, person: Person, **around: Any) -> Answer:
    team = (
        {
            "decides": person.may(*DECIDERS),
            "tabs": await tabs(listing.value("etat")),
            "missing": await access.missing(),
        }
        if person.is_staff
        else {}
    )
    return await listing.answer(
        "recompenses/commandes/list.html", cells=CELLS, name="commandes", states=states_for(person), tones=TONES,
        picks=person.may(*DECIDERS) and listing.value("etat") == S.REQUESTED and bool(listing.rows), **team, **around,
    )  # fmt: skip


async def tabs(state: str | None) -> list[tuple[str, str, bool, int]]:
    """What waits for the team, with how much of it; then all. `state`: none is open on a page beside the list."""
    found = await access.counts()
    ways = ((S.REQUESTED, _("À approuver")), (S.APPROVED, _("À envoyer")), (S.SENT, _("En route")))
    return [
        *((label, f"{ORDERS}?etat={code}", state == code, found.get(code, 0)) for code, label in ways),
        (_("Toutes"), ORDERS, state is not None and state not in {code for code, _label in ways}, 0),
    ]


def states_for(person: Person) -> dict[str, str]:
    return {code.value: _(label) for code, label in (LABELS_STAFF if person.is_staff else LABELS).items()}


def _listing(request: Request, person: Person) -> Listing:
    team = person.is_staff
    return Listing.asked(
        request,
        columns=(
            Column("title", _("Récompense"), sortable=True),
            *((Column("who", _("Apporteur"), sortable=True),) if team else ()),
            Column("day", _("Demandée le"), sortable=True),
            Column("points", _("Points"), numeric=True, sortable=True),
            *((Column("cost", _("Coût TTC"), numeric=True, sortable=True),) if team else ()),
            *((Column("supplier", _("Fournisseur"), sortable=True),) if team else ()),
            Column("parcel", _("Suivi")),
            Column("state", _("État"), sortable=True),
        ),
        filters=(
            Filter("q", _("Récompense, apporteur, numéro de suivi") if team else _("Récompense")),
            Filter("etat", _("État"), "select", list(states_for(person).items())),
            Filter("mois", _("Mois"), "month"),
        ),
        sort="-day",
    )  # fmt: skip


@post(f"{ORDERS}/approbations", allows=DECIDERS)
async def approve_many(request: Request, person: Person) -> Answer:
    """Those that were ticked, each in a deed of its own: what a rule says against one keeps no other back."""
    form = await PicksForm.read(request)
    if not form.errors:
        orders = [await access.order_for(person, ref) for ref in form.order]
        said = [await _against(person, order) for order in orders if order["state"] == S.REQUESTED]
        if not (refused := " ".join(filter(None, said))):
            return see(f"{ORDERS}?etat={S.REQUESTED}")
        form.refuse("", refused)
    listing = _listing(request, person)
    listing.filters[1].value = S.REQUESTED
    answer = await _list(await access.page_of(person, listing), person, form=form)
    answer.status_code = 422
    return answer


async def _against(person: Person, order: db.Row) -> str:
    """Why it could not be approved; nothing when it is."""
    try:
        async with deed(person):
            await deciding.approve(order)
    except (Refused, Stale) as no:
        return f"{order['title']}, {order['referrer_name']} : {_(no.sentence) % no.params}"
    return ""


@get(ONE, allows=READERS)
async def show(person: Person, ref: str) -> Answer:
    return page(TEMPLATE, **await shown(person, await access.order_for(person, ref)))


async def shown(person: Person, order: db.Row, **forms: Form) -> dict[str, Any]:
    """`code` is there in the one answer that shows it."""
    why = GIVEN_UP if order["reason_code"] == WITHDRAWN else REASONS.get(order["reason_code"], "")
    return {
        "order": order, "states": states_for(person), "tones": TONES, "why": _(why) if why else "",
        "moments": moments_of(order, team=person.is_staff), "cost_cents": true_cost_cents(order),
        "nature": _(NATURE_LABELS[order["nature"]]), "reasons": [(code, _(label)) for code, label in REASONS.items()],
        "days": await access.days_until_received(), "orders": not person.is_staff and person.seat is not Seat.ACCOUNTANT,
        "decides": person.may(*DECIDERS),
        **await beside(person, order),
        "readings": await code_access.readings_of(order["code_id"]) if person.is_staff and order["code_id"] else [],
        "forms": {"move": None, "refuse": None, "again": None, "parcel": _as_sent(order), **forms}, "code": None,
    }  # fmt: skip


def _as_sent(order: db.Row) -> ParcelForm:
    return ParcelForm.showing(
        **{name: order[name] for name in ("carrier", "tracking_number", "tracking_url", "version")}
    )
