"""The advantage of a deal's client: promised when they were recommended, granted on a day, by somebody."""

from datetime import date

from portal.history.access import record
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import current
from portal.kit.problems import Refused
from portal.kit.text import N_

NOTHING_PROMISED = N_("Aucun avantage n'a été promis à ce client.")
GRANTED_ALREADY = N_("L'avantage de ce client est déjà accordé.")
NOT_GRANTED = N_("L'avantage de ce client n'est pas accordé.")
NOT_TO_COME = N_("Choisissez un jour entre la signature et aujourd'hui.")


async def of_deal(deal_id: int) -> db.Row | None:
    """What the client was promised, with `granted_on` and `granted_by` once it is given. None: nothing was promised."""
    return await db.row(
        """SELECT advantage.*, given.granted_on, given.at AS granted_at, app_user.name AS granted_by
           FROM deal JOIN lead ON lead.id = deal.lead_id
           JOIN client_advantage advantage ON advantage.programme_id = lead.programme_id AND advantage.offered_at <= lead.submitted_at
             AND (advantage.withdrawn_at IS NULL OR advantage.withdrawn_at > lead.submitted_at)
             AND (advantage.until IS NULL OR advantage.until >= lead.recommended_on)
           LEFT JOIN advantage_grant given ON given.deal_id = deal.id AND given.taken_back_at IS NULL
           LEFT JOIN app_user ON app_user.id = given.by_user
           WHERE deal.id = $1 ORDER BY advantage.id DESC LIMIT 1""",
        deal_id,
    )


async def grant(deal: db.Row, on: date) -> None:
    promised = await of_deal(deal["id"])
    if promised is None:
        raise Refused("nothing_promised", NOTHING_PROMISED)
    if promised["granted_on"]:
        raise Refused("granted_already", GRANTED_ALREADY)
    if not deal["signed_on"] <= on <= today():
        raise Refused("grant_day", NOT_TO_COME)
    await db.insert(
        "advantage_grant",
        advantage_id=promised["id"], deal_id=deal["id"], granted_on=on, at=now(), by_user=current().actor.user_id,
    )  # fmt: skip
    await record("deals.advantage_granted", "deal", deal["id"], advantage=promised["id"])


async def take_back(deal: db.Row) -> None:
    """It was ticked by mistake."""
    taken = await db.value(
        "UPDATE advantage_grant SET taken_back_at = $2 WHERE deal_id = $1 AND taken_back_at IS NULL RETURNING advantage_id",
        deal["id"], now(),
    )  # fmt: skip
    if taken is None:
        raise Refused("not_granted", NOT_GRANTED)
    await record("deals.advantage_taken_back", "deal", deal["id"], advantage=taken)
