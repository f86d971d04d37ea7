"""Signing by the code that comes by mail, as ever."""

import re

from portal.contracts.signature import signing
from portal.contracts.signature.signing import Place
from portal.demo.stage import Stage
from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import deed
from portal.people.rules import Person

HOME = Place("192.0.2.17", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Safari/605.1.15")
OFFICE = Place("192.0.2.80", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Firefox/132.0")


async def sign_as(stage: Stage, contract: db.Row, person: Person) -> None:
    async with deed(person):
        await signing.request_code(contract, person)
    async with deed(person, notify=stage.is_loud(now())):
        await signing.count_try(contract, person)
        await signing.sign(contract, person, await mailed_code(person.user_id), HOME)


async def mailed_code(user_id: int) -> str:
    body = await db.value(
        "SELECT text_body FROM mail_message WHERE kind = 'contracts.code' AND to_user = $1 ORDER BY id DESC LIMIT 1",
        user_id,
    )
    found = re.search(r"\b\d{3}\s?\d{3}\b", body)
    assert found
    return found[0]
