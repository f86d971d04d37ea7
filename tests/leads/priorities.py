"""Recommendations that are contested, decided, reserved and extended: made by the real verbs."""

from datetime import date, timedelta
from typing import Any

from portal.clients import reserved
from portal.kit import db
from portal.kit.days import clock_at, now, today
from portal.kit.deed import deed
from portal.leads import access
from portal.leads.priority import access as priority
from portal.leads.priority import disputes, extending
from tests.cast import Cast, Member
from tests.stories import moved, recommended

SIREN = "552100554"


def after(days: int):
    """The clock some days later."""
    return clock_at(now() + timedelta(days))


async def two_of_one(first: Member, second: Member, company: str = "Maison Durand", **said: Any):
    """Two recommendations of one company: the second waits, and was told so ten days ago."""
    known = {"contact_email": "claire@durand.example", "recommended_on": today() - timedelta(10), **said}
    with clock_at(now() - timedelta(10)):
        return await recommended(first, company, **known), await recommended(second, company, **known)


async def contested(lead: db.Row, member: Member, words: str = "Présentée en mai, par téléphone.") -> db.Row:
    async with deed(member.person):
        return await disputes.contest(await access.lead(lead["id"]), words)


async def decided(
    dispute: db.Row, decider: Member, code: str, share: int | None = None, words: str = "Relu les deux."
) -> db.Row:
    dispute = await priority.dispute(dispute["id"])
    async with deed(decider.person):
        await disputes.decide(dispute, decider.person, dispute["version"], code, words, share)
    return await priority.dispute(dispute["id"])


async def appealed(dispute: db.Row, lead: db.Row, member: Member) -> db.Row:
    async with deed(member.person):
        await disputes.appeal(await access.lead(lead["id"]), dispute, "Voyez mon message du 3 mai.")
    return await priority.dispute(dispute["id"])


async def state_of(lead: db.Row) -> str:
    return await db.value("SELECT state FROM lead WHERE id = $1", lead["id"])


async def reserve(member: Member, name: str = "Maison Durand", **said: Any) -> db.Row:
    account = reserved.Account(
        **{"name": name, "since": date(2026, 1, 5), "owner_id": member.user_id, **said}
    )
    async with deed(member.person):
        return await reserved.reserve(account)


async def samples_of_priority(cast: Cast) -> dict[str, str]:
    """Rémi contests, was told no, has a priority and asks for more; an account is reserved."""
    _first, second = await two_of_one(
        cast.rachel, cast.remi, "Harvest Ltd", contact_email="a@harvest.example"
    )
    await contested(second, cast.remi, "Introduced by phone in May.")
    _other, refused = await two_of_one(cast.rachel, cast.remi, "Quinn Ltd", contact_email="a@quinn.example")
    await decided(
        await contested(refused, cast.remi, "Mine came first."), cast.alice, "came_later", words="Both read."
    )
    held = await moved(await recommended(cast.remi, "Joinery Ltd"), cast.sam, "accept")
    async with deed(cast.remi.person):
        await extending.ask(held, "They meet next week.")
    account = await reserve(cast.sam, "Northern Steel Ltd", siren=SIREN)
    return {
        "contested": second["ref"], "decided": refused["ref"], "prioritised": held["ref"], "reserved": account["ref"],
    }  # fmt: skip
