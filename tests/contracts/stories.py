"""What the tests of contracts begin with: a programme with its plan, a contract to be signed, the code in the mail."""

import re

from portal.contracts import actions as contracts
from portal.contracts.signature import signing
from portal.contracts.signature.signing import Place
from portal.kit import db
from portal.kit.deed import deed
from portal.people import actions as people
from portal.people.rules import Person, Seat
from portal.plans import actions as plans
from tests.cast import SINCE, Cast, Member, _signed_in
from tests.walk.test_by_verbs import PLAN

HERE = Place("192.0.2.7", "Mozilla/5.0")


async def open_programme(
    cast: Cast, name: str = "Apporteurs 2026", plan: str = "Barème 2026"
) -> tuple[int, int]:
    """Programme and published plan version; the texts are published too."""
    async with deed(cast.alice.person):
        await contracts.publish_shipped_texts()
        programme = await plans.open_programme(name, SINCE)
        version = await plans.publish(programme["id"], PLAN | {"name": plan}, SINCE)
    return programme["id"], version["id"]


async def to_sign(cast: Cast, who: Member) -> db.Row:
    """A contract sent to somebody of the cast."""
    programme_id, version_id = await open_programme(cast)
    async with deed(cast.sam.person):
        return await contracts.send(await contracts.draft(who.referrer_id, programme_id, version_id))


async def code_for(contract: db.Row, person: Person) -> str:
    async with deed(person):
        await signing.request_code(contract, person)
    return await last_code("contracts.code")


async def last_code(kind: str) -> str:
    text = await db.value("SELECT text_body FROM mail_message WHERE kind = $1 ORDER BY id DESC LIMIT 1", kind)
    return re.search(r"\b\d{6}\b", text)[0]


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


async def sign(contract: db.Row, person: Person, code: str) -> db.Row:
    """As the page does it: the try is counted first, in a deed of its own."""
    async with deed(person):
        await signing.count_try(contract, person)
    async with deed(person):
        return await signing.sign(contract, person, code, HERE)


async def in_force(cast: Cast, who: Member) -> db.Row:
    """Signed by code, countersigned by the administrator."""
    sent = await to_sign(cast, who)
    signed = await sign(sent, who.person, await code_for(sent, who.person))
    async with deed(cast.alice.person):
        return await signing.countersign(signed, cast.alice.person, HERE)


async def colleague_of(who: Member, seat: Seat) -> Member:
    """Somebody else who sits for the same referrer."""
    async with deed(who.person):
        user = await people.give_seat("collegue@exemple.fr", "Colette Brun", who.referrer_id, seat)
        await people.accept(user["id"], "Colette Brun", "")
    seat_id = await db.value("SELECT id FROM membership WHERE user_id = $1", user["id"])
    async with deed(who.person):
        return await _signed_in(user["id"], seat_id)
