"""Who sits for a referrer: invited, changed and ended by its owner; the ownership itself goes over with the word of both."""

from portal.history.access import record
from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import current
from portal.kit.problems import NotFound, Refused
from portal.kit.references import new_ref
from portal.kit.text import N_
from portal.people import access, actions, mails
from portal.people.rules import Seat

MOST = 20
OFFERED = (Seat.MEMBER, Seat.ACCOUNTANT)  # there is one owner, who hands over
SEATED_ALREADY = N_("Cette personne a déjà accès à votre espace.")
COLLEAGUE = N_("C'est l'adresse d'un salarié de l'entreprise : il ne peut pas agir pour vous.")
FULL = N_("Vingt personnes suffisent : retirez d'abord un accès.")
OWNER_STAYS = N_("Il faut un titulaire : confiez d'abord l'espace à quelqu'un d'autre.")
NOT_OPEN = N_("Cette personne n'a pas encore ouvert son compte.")
WAITING = N_("Vous avez déjà proposé l'espace à quelqu'un : retirez d'abord cette proposition.")
OVER = N_("Cette proposition n'attend plus de réponse.")

PEOPLE = """
SELECT app_user.*, membership.id AS seat_id, membership.seat, membership.since, membership.signs
FROM membership JOIN app_user ON app_user.id = membership.user_id
WHERE membership.referrer_id = $1 AND membership.ended_at IS NULL AND app_user.state IN ('active', 'invited', 'suspended')
ORDER BY membership.seat <> 'owner', membership.id
"""
HANDOVER = """
SELECT seat_handover.*, giver.name AS giver, taker.name AS taker, taker.ref AS taker_ref
FROM seat_handover JOIN app_user giver ON giver.id = from_user JOIN app_user taker ON taker.id = to_user
WHERE referrer_id = $1 AND seat_handover.state = 'asked'
"""


async def people_of(referrer_id: int) -> list[db.Row]:
    return await db.rows(PEOPLE, referrer_id)


async def waiting_handover(referrer_id: int) -> db.Row | None:
    return await db.row(HANDOVER, referrer_id)


async def invite(referrer_id: int, email: str, name: str, seat: Seat, language: str) -> None:
    """Raises Refused for who sits there, for a colleague of the company, and beyond twenty."""
    people = await people_of(referrer_id)
    if any(one["email"] == email for one in people):
        raise Refused("seated_already", SEATED_ALREADY)
    if len(people) >= MOST:
        raise Refused("seats_full", FULL)
    known = await access.user_by_email(email)
    if known and known["staff_roles"]:
        raise Refused("colleague", COLLEAGUE)
    await actions.give_seat(email, name, referrer_id, seat, language=language)


async def change(referrer_id: int, ref: str, seat: Seat) -> None:
    """An accountant signs nothing. Raises NotFound, Refused."""
    held = await held_by(referrer_id, ref)
    await db.execute(
        "UPDATE membership SET seat = $2, signs = signs AND $2 <> 'accountant' WHERE id = $1",
        held["seat_id"], seat.value,
    )  # fmt: skip
    await record("people.seat_changed", "user", held["id"], referrer=referrer_id, seat=seat.value)


async def end(referrer_id: int, ref: str) -> None:
    """Their sessions in this space end with it. Raises NotFound, Refused."""
    held = await held_by(referrer_id, ref)
    await actions.end_seat(held["id"], referrer_id)
    await db.execute(
        """UPDATE seat_handover SET state = 'withdrawn', settled_at = $3
           WHERE referrer_id = $1 AND to_user = $2 AND state = 'asked'""",
        referrer_id, held["id"], now(),
    )  # fmt: skip


async def held_by(referrer_id: int, ref: str) -> db.Row:
    """Somebody else than the owner. Raises NotFound, Refused."""
    for one in await people_of(referrer_id):
        if one["ref"] == ref:
            if one["seat"] == Seat.OWNER:
                raise Refused("owner_stays", OWNER_STAYS)
            return one
    raise NotFound("seat")


async def propose(referrer_id: int, ref: str) -> None:
    """The owner offers the space to somebody who sits there; nothing changes before they say yes."""
    held = await held_by(referrer_id, ref)
    if held["state"] != "active":
        raise Refused("not_open", NOT_OPEN)
    if await waiting_handover(referrer_id):
        raise Refused("handover_waiting", WAITING)
    giver = await access.user(current().actor.user_id or 0)
    made = await db.insert(
        "seat_handover",
        ref=new_ref(), referrer_id=referrer_id, from_user=giver["id"], to_user=held["id"], state="asked", asked_at=now(),
    )  # fmt: skip
    await record("people.handover_asked", "referrer", referrer_id, handover=made, user=held["id"])
    await mails.handover_asked(held, giver["name"])


async def withdraw(referrer_id: int) -> None:
    handover = await _asked(referrer_id)
    await _settle(handover, "withdrawn")


async def answer(referrer_id: int, user_id: int, *, yes: bool) -> None:
    """By whom it was offered to. Raises NotFound, Refused."""
    handover = await _asked(referrer_id)
    if handover["to_user"] != user_id:
        raise NotFound("handover")
    await _settle(handover, "accepted" if yes else "declined")
    if yes:
        await _swap(handover)
    await mails.handover_answered(
        await access.user(handover["from_user"]), await access.user(user_id), "yes" if yes else "no"
    )


async def _asked(referrer_id: int) -> db.Row:
    found = await waiting_handover(referrer_id)
    if found is None:
        raise Refused("handover_over", OVER)
    return found


async def _settle(handover: db.Row, state: str) -> None:
    changed = await db.execute(
        "UPDATE seat_handover SET state = $2, settled_at = $3 WHERE id = $1 AND state = 'asked'",
        handover["id"], state, now(),
    )  # fmt: skip
    if not changed:
        raise Refused("handover_over", OVER)
    await record(f"people.handover_{state}", "referrer", handover["referrer_id"], handover=handover["id"])


async def _swap(handover: db.Row) -> None:
    """Who gave becomes a member. Raises Refused when one of both no longer sits there."""
    for user_id, before, after in (
        (handover["from_user"], "owner", "member"), (handover["to_user"], "", "owner"),
    ):  # fmt: skip
        moved = await db.execute(
            """UPDATE membership SET seat = $4 WHERE user_id = $1 AND referrer_id = $2 AND ended_at IS NULL
               AND ($3 = '' OR seat = $3)""",
            user_id, handover["referrer_id"], before, after,
        )  # fmt: skip
        if not moved:
            raise Refused("handover_over", OVER)
        await record("people.seat_changed", "user", user_id, referrer=handover["referrer_id"], seat=after)
