"""A priority is extended, never shortened: asked for by who recommended, granted or refused by sales, every word kept."""

from datetime import date

from portal.history.access import record
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import current
from portal.kit.events import emit
from portal.kit.problems import Refused
from portal.kit.text import N_
from portal.leads import actions
from portal.leads.events import ExtensionSaid
from portal.leads.priority import claims
from portal.leads.priority.rules import check_extension, may_extend
from portal.leads.rules import LeadState

ASKED_ALREADY = N_("Votre demande est déjà arrivée : la réponse vient.")
NOTHING_ASKED = N_("Aucune demande n'attend de réponse.")
PASSED_ON = N_("Une autre recommandation de cette entreprise a pris la suite : la priorité ne peut plus être prolongée.")  # fmt: skip


async def ask(lead: db.Row, body: str) -> None:
    """By who recommended. Raises Refused where no priority runs, or when it was asked already."""
    if not may_extend(lead):
        raise Refused("no_priority", N_("Aucune priorité ne court sur cette recommandation."))
    if await waits(lead["id"]):
        raise Refused("asked_already", ASKED_ALREADY)
    await _write(lead["id"], "asked", body)


async def grant(lead: db.Row, until: date, body: str) -> db.Row:
    """To a later day. One that had expired comes back, unless the next in line took its turn. Raises Refused."""
    await _lock(lead["id"])
    check_extension(lead, until, today())
    if lead["state"] == LeadState.EXPIRED and await claims.holder(lead):
        raise Refused("passed_on", PASSED_ON)
    await db.execute(
        "UPDATE lead SET priority_until = $2, version = version + 1 WHERE id = $1", lead["id"], until
    )
    await _write(lead["id"], "granted", body, before=lead["priority_until"], until=until)
    return await actions.move(lead, "extend") if lead["state"] == LeadState.EXPIRED else lead


async def refuse(lead: db.Row, body: str) -> None:
    """Raises Refused when nobody asks."""
    await _lock(lead["id"])
    if not await waits(lead["id"]):
        raise Refused("nothing_asked", NOTHING_ASKED)
    await _write(lead["id"], "refused", body)


async def waits(lead_id: int) -> bool:
    """Whether an extension that was asked for waits for its answer."""
    last = await db.value(
        "SELECT kind FROM lead_extension WHERE lead_id = $1 ORDER BY id DESC LIMIT 1", lead_id
    )
    return last == "asked"


async def _lock(lead_id: int) -> None:
    await db.execute("SELECT FROM lead WHERE id = $1 FOR NO KEY UPDATE", lead_id)


async def _write(
    lead_id: int, kind: str, body: str, *, before: date | None = None, until: date | None = None
) -> None:
    extension_id = await db.insert(
        "lead_extension",
        lead_id=lead_id, kind=kind, before=before, until=until, body=body, by_user=current().actor.user_id, at=now(),
    )  # fmt: skip
    until_said = until.isoformat() if until else None
    await record(f"leads.extension_{kind}", "lead", lead_id, extension=extension_id, until=until_said)
    emit(ExtensionSaid(extension_id=extension_id))
