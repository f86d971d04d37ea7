"""Somebody asks to be erased: answered within a month, by a person who looks at what the law keeps."""

from dateutil.relativedelta import relativedelta

from portal.history.access import record
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import current
from portal.kit.problems import NotFound, Refused
from portal.kit.references import new_ref
from portal.kit.text import N_
from portal.people import access, mails

ANSWERED_WITHIN = relativedelta(months=1)  # GDPR art. 12(3)
OVER = N_("Cette demande a déjà reçu une réponse.")
WAITING = N_("Votre demande est déjà enregistrée.")

REQUEST = """
SELECT erasure_request.*, app_user.name, app_user.email, app_user.ref AS user_ref, decider.name AS decider
FROM erasure_request JOIN app_user ON app_user.id = user_id LEFT JOIN app_user decider ON decider.id = decided_by
"""


async def waiting_of(user_id: int) -> db.Row | None:
    return await db.row(f"{REQUEST} WHERE user_id = $1 AND erasure_request.state = 'asked'", user_id)


async def asked() -> list[db.Row]:
    """What waits for an answer, the nearest day first."""
    return await db.rows(
        f"{REQUEST} WHERE erasure_request.state = 'asked' ORDER BY due_on, erasure_request.id"
    )


async def by_ref(ref: str) -> db.Row:
    found = await db.row(f"{REQUEST} WHERE erasure_request.ref = $1", ref)
    if found is None:
        raise NotFound("erasure_request")
    return found


async def ask(user_id: int) -> None:
    """Raises Refused while one waits."""
    if await waiting_of(user_id):
        raise Refused("erasure_waiting", WAITING)
    made = await db.insert(
        "erasure_request",
        ref=new_ref(), user_id=user_id, state="asked", asked_at=now(), due_on=today() + ANSWERED_WITHIN,
    )  # fmt: skip
    await record("privacy.erasure_asked", "user", user_id, request=made)
    await mails.erasure_asked(await access.user(user_id), today() + ANSWERED_WITHIN)


async def withdraw(user_id: int) -> None:
    waiting = await waiting_of(user_id)
    if waiting is None:
        raise Refused("erasure_over", OVER)
    await _settle(waiting, "withdrawn")


async def refuse(request: db.Row, reason: str) -> None:
    """With the reason in words, which they are sent."""
    await _settle(request, "refused", reason)
    await mails.erasure_refused(await access.user(request["user_id"]), reason)


async def done(request: db.Row) -> None:
    await _settle(request, "done")


async def _settle(request: db.Row, state: str, reason: str = "") -> None:
    changed = await db.execute(
        """UPDATE erasure_request SET state = $2, reason = $3, decided_by = $4, decided_at = $5
           WHERE id = $1 AND state = 'asked'""",
        request["id"], state, reason, current().actor.user_id, now(),
    )  # fmt: skip
    if not changed:
        raise Refused("erasure_over", OVER)
    await record(f"privacy.erasure_{state}", "user", request["user_id"], request=request["id"])
