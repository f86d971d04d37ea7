"""Papers whose status or VAT regime turned out to be another, or which a platform refused or rejected: listed when it is
learnt, decided on by finance, one by one."""

from collections.abc import Sequence
from enum import StrEnum

from portal.history.access import record
from portal.invoicing.access import papers_against
from portal.invoicing.platform.rules import DEAD
from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import current
from portal.kit.listing import Listing
from portal.kit.problems import NotFound, Refused
from portal.kit.references import new_ref
from portal.kit.text import N_
from portal.people.rules import Person, Role
from portal.referrers import access as referrers
from portal.referrers.access import NAME
from portal.referrers.events import StandingChanged
from portal.referrers.standing_rules import Period, periods, standing_in


class State(StrEnum):
    OPEN = "open"
    RECTIFIED = "rectified"
    KEPT = "kept"  # left as it is, for a reason that finance gives


LABELS = {
    State.OPEN: N_("À décider"),
    State.RECTIFIED: N_("Rectifié"),
    State.KEPT: N_("Laissé tel quel"),
}
TONES = {State.OPEN: "wait", State.RECTIFIED: "good"}
SETTLED = N_("Une décision a déjà été prise.")
BACK = "back"  # the reason when the standing was put back as the paper has it
BACK_SAID = N_("Le statut d'alors a été rétabli")
MAY = (Role.FINANCE, Role.ADMIN)

STANDING, PLATFORM = "standing", "platform"
"""Why a paper is wrong."""

TO_RECTIFY = f"""
SELECT todo.*, ended.code AS ended_code, ended.reason_code AS ended_reason_code, ended.reason AS ended_reason, ended.said_at AS ended_at, invoice.ref AS invoice_ref, invoice.number, invoice.kind, invoice.issued_on, invoice.vat_regime AS had_regime,
       invoice.vat_on_debits AS had_on_debits, invoice.total_cents, invoice.net_cents, invoice.vat_cents,
       referrer.ref AS referrer_ref, {NAME} AS referrer_name, referrer.number AS referrer_number,
       standing.since, standing.status, standing.vat_regime, standing.vat_on_debits, app_user.name AS settled_name
FROM paper_to_rectify todo
JOIN invoice ON invoice.id = todo.invoice_id
JOIN referrer ON referrer.id = invoice.referrer_id
LEFT JOIN referrer_standing standing ON standing.id = todo.standing_id
LEFT JOIN LATERAL (
  SELECT code, reason_code, reason, said_at FROM paper_status JOIN invoice told ON told.id = paper_status.invoice_id
  WHERE todo.cause = '{PLATFORM}' AND (told.id = todo.invoice_id OR told.credits_id = todo.invoice_id)
    AND NOT ours AND code IN ({db.literals(DEAD)}) ORDER BY paper_status.id DESC LIMIT 1
) ended ON true
LEFT JOIN app_user ON app_user.id = todo.settled_by
"""


async def list_papers(events: Sequence[StandingChanged]) -> None:
    """What was issued under another standing; what agrees again with what is on file is asked no more."""
    for referrer_id in {event.referrer_id for event in events}:
        ruling = [one for one in periods(await referrers.standings_of(referrer_id)) if not one.replaced]
        wrong = {paper["id"]: one.row["id"] for one in ruling for paper in await _against(referrer_id, one)}
        await _let_go(referrer_id, list(wrong))
        for invoice_id, standing_id in wrong.items():
            await _list(invoice_id, standing_id)


async def _against(referrer_id: int, period: Period) -> list[db.Row]:
    return await papers_against(referrer_id, period.since, period.until, standing_in(period.row))


async def _list(invoice_id: int, standing_id: int) -> None:
    """Once: a paper that waits already, or on which finance has decided for the same record, is not listed again."""
    listed = await db.value(
        """INSERT INTO paper_to_rectify (ref, standing_id, invoice_id, state, listed_at)
           SELECT $1, $2, $3, 'open', $4 WHERE NOT EXISTS (
             SELECT FROM paper_to_rectify WHERE invoice_id = $3 AND (state = 'open' OR standing_id = $2))
           RETURNING id""",
        new_ref(), standing_id, invoice_id, now(),
    )  # fmt: skip
    if listed:
        await record("invoicing.to_rectify", "invoice", invoice_id)


async def _let_go(referrer_id: int, wrong: list[int]) -> None:
    await db.execute(
        """UPDATE paper_to_rectify SET state = 'kept', reason = $3, settled_at = $4
           WHERE state = 'open' AND standing_id IS NOT NULL AND NOT invoice_id = ANY ($2::bigint[])
             AND invoice_id IN (SELECT id FROM invoice WHERE referrer_id = $1)""",
        referrer_id, wrong, BACK, now(),
    )  # fmt: skip


async def list_ended(invoice_id: int) -> None:
    """A paper that a platform ended, or the one that it corrected; once, and not what was taken back already."""
    listed = await db.value(
        """INSERT INTO paper_to_rectify (ref, cause, invoice_id, state, listed_at)
           SELECT $1, $2, paper.id, 'open', $3 FROM invoice told
           JOIN invoice paper ON paper.id = CASE told.kind WHEN 'corrective' THEN told.credits_id ELSE told.id END
           WHERE told.id = $4 AND paper.kind = 'self_billed'
             AND NOT EXISTS (SELECT FROM invoice later WHERE later.credits_id = paper.id AND later.kind = 'corrective' AND later.id > told.id)
             AND paper.net_cents > (SELECT coalesce(sum(net_cents), 0) FROM invoice note WHERE note.credits_id = paper.id AND note.sign < 0)
             AND NOT EXISTS (SELECT FROM paper_to_rectify WHERE invoice_id = paper.id AND state = 'open')
           RETURNING invoice_id""",
        new_ref(), PLATFORM, now(), invoice_id,
    )  # fmt: skip
    if listed:
        await record("invoicing.to_rectify", "invoice", listed, cause=PLATFORM)


async def settle(todo: db.Row, state: State, reason: str) -> None:
    changed = await db.execute(
        """UPDATE paper_to_rectify SET state = $2, reason = $3, settled_by = $4, settled_at = $5
           WHERE id = $1 AND state = 'open'""",
        todo["id"], state, reason, current().actor.user_id, now(),
    )  # fmt: skip
    if not changed:
        raise Refused("settled", SETTLED)
    await record("invoicing.rectify_settled", "invoice", todo["invoice_id"], state=state)


async def to_rectify_for(person: Person, ref: str) -> db.Row:
    """Finance and administration alone."""
    found = await db.row(f"{TO_RECTIFY} WHERE todo.ref = $1 AND $2", ref, person.may(*MAY))
    if found is None:
        raise NotFound("paper to rectify")
    return found


async def open_of(standing_id: int) -> list[db.Row]:
    """The papers that one record made wrong and on which nobody has decided."""
    return await db.rows(
        f"{TO_RECTIFY} WHERE todo.standing_id = $1 AND todo.state = 'open' ORDER BY invoice.id", standing_id
    )


async def open_todo(invoice_id: int) -> db.Row | None:
    """At most one waits for a paper."""
    return await db.row(f"{TO_RECTIFY} WHERE todo.invoice_id = $1 AND todo.state = 'open'", invoice_id)


SORTS = {"number": "number", "who": "referrer_name", "day": "issued_on", "amount": "total_cents"}
WHERE = {"q": "number ILIKE {} OR referrer_name ILIKE {}", "etat": "state = {}"}


async def page_of(listing: Listing) -> Listing:
    return await listing.fetch(
        f"SELECT * FROM ({TO_RECTIFY}) todo WHERE true",
        sorts=SORTS,
        where=WHERE,
        then="state = 'open' DESC, id DESC",
    )
