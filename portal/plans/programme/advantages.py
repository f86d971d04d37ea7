"""What a recommended client gets: one offer at a time in a programme. Who was recommended while it was offered has it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from portal.history.access import record
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import current
from portal.kit.problems import Refused
from portal.kit.references import new_ref
from portal.kit.text import N_, language

NOT_OFFERED = N_("Cet avantage n'est plus proposé.")


async def offered(programme_id: int) -> db.Row | None:
    """What a recommendation made today brings its client."""
    return await promised(programme_id, now(), today())


PROMISED = """
SELECT * FROM client_advantage WHERE programme_id = {programme} AND offered_at <= {at}
  AND (withdrawn_at IS NULL OR withdrawn_at > {at}) AND (until IS NULL OR until >= {on})
ORDER BY id DESC LIMIT 1
"""
TO_LEAD = PROMISED.format(programme="lead.programme_id", at="lead.submitted_at", on="lead.recommended_on")


async def promised(programme_id: int, at: datetime, on: date) -> db.Row | None:
    """What a recommendation that was handed in at that instant, for that day, brings its client."""
    return await db.row(PROMISED.format(programme="$1", at="$2", on="$3"), programme_id, at, on)


async def promised_to(lead: db.Row) -> db.Row | None:
    return await promised(lead["programme_id"], lead["submitted_at"], lead["recommended_on"])


def told(advantage: db.Row | Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The row with its words in the reader's language: `said` and `conditions`."""
    if advantage is None:
        return None
    words = {"said": advantage[f"text_{language()}"], "conditions": advantage[f"conditions_{language()}"]}
    return {**advantage, **words}


async def offer(programme_id: int, **words: Any) -> None:
    """From now on, in the place of what was offered before."""
    await db.execute(
        "UPDATE client_advantage SET withdrawn_at = $2 WHERE programme_id = $1 AND withdrawn_at IS NULL",
        programme_id, now(),
    )  # fmt: skip
    advantage_id = await db.insert(
        "client_advantage",
        ref=new_ref(), programme_id=programme_id, offered_at=now(), by_user=current().actor.user_id, **words,
    )  # fmt: skip
    await record("plans.advantage_offered", "programme", programme_id, advantage=advantage_id)


async def withdraw(programme_id: int) -> None:
    """For recommendations to come; who has it keeps it."""
    withdrawn = await db.value(
        """UPDATE client_advantage SET withdrawn_at = $2 WHERE programme_id = $1 AND withdrawn_at IS NULL RETURNING id""",
        programme_id, now(),
    )  # fmt: skip
    if withdrawn is None:
        raise Refused("advantage_gone", NOT_OFFERED)
    await record("plans.advantage_withdrawn", "programme", programme_id, advantage=withdrawn)
