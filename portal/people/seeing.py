"""A colleague sees a referrer's space as the referrer does: half an hour, reading only, told and traced page by page."""

from datetime import timedelta

from portal.history.access import record
from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import deed
from portal.kit.problems import NotAllowed, Refused
from portal.kit.references import new_ref
from portal.kit.text import N_
from portal.people import sessions
from portal.people.entrance import Browser, Entered, staff_entered
from portal.people.rules import Person, Role

LASTS = timedelta(minutes=30)
SHOWN = 20
NOT_THEIRS = N_("Seuls son interlocuteur et l'administration peuvent ouvrir cet espace.")
NOBODY_THERE = N_("Cette fiche a rejoint une autre : ouvrez celle qui reste.")


def may_see(person: Person, referrer: db.Row) -> bool:
    """Administrators, and the colleague who looks after this referrer."""
    return person.may(Role.ADMIN) or (person.may(Role.SALES) and referrer["sales_user_id"] == person.user_id)


async def start(person: Person, referrer: db.Row, reason: str, browser: Browser) -> Entered:
    """Under a new token, which is no longer a colleague's. Raises NotAllowed, Refused."""
    if not may_see(person, referrer):
        raise NotAllowed("not_theirs", NOT_THEIRS)
    if referrer["state"] == "merged":
        raise Refused("merged", NOBODY_THERE)
    seeing_id = await db.insert(
        "seeing",
        ref=new_ref(), user_id=person.user_id, referrer_id=referrer["id"], reason=reason,
        started_at=now(), ends_at=now() + LASTS,
    )  # fmt: skip
    await record("people.seeing_started", "referrer", referrer["id"], seeing=seeing_id)
    return await _anew(person, browser, "/", seeing_id)


async def stop(person: Person, browser: Browser) -> Entered:
    """Back to where they were, as a colleague again."""
    assert person.seeing
    seeing = await db.row(
        """UPDATE seeing SET stopped_at = $2 FROM referrer
           WHERE seeing.id = $1 AND referrer.id = seeing.referrer_id RETURNING seeing.*, referrer.ref AS referrer_ref""",
        person.seeing.id, now(),
    )  # fmt: skip
    assert seeing
    await record("people.seeing_stopped", "referrer", seeing["referrer_id"], seeing=seeing["id"])
    return await _anew(person, browser, f"/apporteurs/{seeing['referrer_ref']}", None)


async def _anew(person: Person, browser: Browser, path: str, seeing_id: int | None) -> Entered:
    await sessions.close(person.session_id or 0)
    return await staff_entered(person.user_id, browser, path, seeing_id)


async def trace(person: Person, route: str) -> None:
    """A page was asked for: which, by its template; what stood on it the referrer knows."""
    assert person.seeing
    assert person.referrer_id is not None
    async with deed(person):
        await record(
            "people.seeing_page", "referrer", person.referrer_id, seeing=person.seeing.id, route=route
        )


async def of(referrer_id: int) -> list[db.Row]:
    """Who has looked, the latest first: what the referrer is shown."""
    return await db.rows(
        """SELECT seeing.*, app_user.name AS who,
                  (SELECT count(*) FROM history_event event WHERE event.subject_kind = 'referrer'
                     AND event.subject_id = seeing.referrer_id AND event.what = 'people.seeing_page'
                     AND event.data ->> 'seeing' = seeing.id::text) AS pages
           FROM seeing JOIN app_user ON app_user.id = seeing.user_id
           WHERE seeing.referrer_id = $1 ORDER BY seeing.id DESC LIMIT $2""",
        referrer_id, SHOWN,
    )  # fmt: skip
