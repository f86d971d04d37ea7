"""/reglages/baremes/{ref}/avenants: the same amendment for all who stand under an older version, and how far it has come."""

from collections import Counter
from typing import Any

from litestar import Request

from portal.contracts.lifetime import rounds
from portal.contracts.lifetime.forms import RoundForm
from portal.contracts.lifetime.rules import earliest
from portal.contracts.rules import LABELS, TERMS, TONES, ContractState
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.listing import Column, Listing
from portal.kit.problems import Refused
from portal.kit.text import _
from portal.kit.web import Answer, again, get, page, post, see
from portal.people.rules import Person, Role
from portal.plans.editor import shelf

ADMIN = {Role.ADMIN}
FIELD_OF = {"too_soon": "effective_on", "too_far": "effective_on"}


@get("/reglages/baremes/{ref:str}/avenants", allows=ADMIN)
async def offer(person: Person, ref: str) -> Answer:
    version = await shelf.version_for(person, ref)
    first = earliest(today(), TERMS["notice_days"])
    form = RoundForm.showing(effective_on=max(first, version["effective_from"] or first).isoformat())
    return page("contrats/avenants.html", **await _shown(version, form))


async def _shown(version: db.Row, form: Form) -> dict[str, Any]:
    return {
        "version": version, "form": form, "many": await rounds.how_many(version["id"]),
        "first": earliest(today(), TERMS["notice_days"]), "notice_days": TERMS["notice_days"],
        "rounds": await rounds.rounds_of(version["id"]),
    }  # fmt: skip


@post("/reglages/baremes/{ref:str}/avenants", allows=ADMIN)
async def ask(request: Request, person: Person, ref: str) -> Answer:
    version, form = await shelf.version_for(person, ref), await RoundForm.read(request)
    if form.errors:
        return again("contrats/avenants.html", **await _shown(version, form))
    try:
        async with deed(person, form.once) as doing:
            asked = await rounds.ask(
                version["id"], form.effective_on, form.reason, newest_text=form.newest_text
            )
            doing.at(f"/reglages/avenants/{asked['ref']}")
    except Refused as no:
        form.refuse(FIELD_OF.get(no.code, ""), _(no.sentence) % no.params)
        return again("contrats/avenants.html", **await _shown(version, form))
    return see(doing.answer["location"])


def _state(row: db.Row) -> str:
    return _(LABELS[ContractState(row["state"])]) if row["state"] else _(rounds.LEFT_OUT[row["left_out"]])


CELLS = {
    "referrer": lambda row: row["referrer_name"],
    "contract": lambda row: row["number"],
    "amendment": lambda row: row["amendment"] or "",
    "state": _state,
}


@get("/reglages/avenants/{ref:str}", allows=ADMIN)
async def follow(request: Request, ref: str) -> Answer:
    """Who has signed, who has not answered, who was left out and why."""
    asked = await rounds.by_ref(ref)
    rows = await rounds.offered(asked["id"])
    columns = [
        Column("referrer", _("Apporteur")),
        Column("contract", _("Contrat")),
        Column("amendment", _("Avenant")),
        Column("state", _("État")),
    ]
    listing = Listing.whole(request, columns, rows)
    counted = Counter(row["state"] or "" for row in rows)
    return await listing.answer(
        "contrats/avenants_suivi.html", cells=CELLS, name="avenants", asked=asked, said=_state, tones=TONES,
        counted=[(_(LABELS[state]), counted[state]) for state in ContractState if counted[state]],
        left_out=counted[""], labels={state: _(label) for state, label in LABELS.items()},
    )  # fmt: skip
