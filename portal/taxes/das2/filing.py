"""What people say of the declaration: that it is filed, whom it leaves out, when they were born; and who is asked what is missing."""

from collections.abc import Sequence
from datetime import date

from portal.history.access import record
from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import current
from portal.kit.problems import Refused
from portal.kit.text import N_
from portal.taxes.das2 import access, mails
from portal.taxes.das2.rules import Declaree

ALREADY_FILED = N_("Le dépôt de cette déclaration est déjà noté.")
NOT_THE_LAST = N_("Une déclaration plus récente existe pour cette année : c'est elle qui se dépose.")


async def file(run: db.Row, on: date, receipt: str) -> None:
    """The last one drawn is the one that is filed; another drawn after it rectifies it."""
    last = await access.last_run(run["legal_entity_id"], run["year"])
    assert last is not None
    if last["id"] != run["id"]:
        raise Refused("das2_not_the_last", NOT_THE_LAST)
    if last["filed_on"]:
        raise Refused("das2_filed", ALREADY_FILED)
    await db.insert(
        "das2_filing",
        run_id=run["id"], filed_on=on, receipt=receipt, recorded_at=now(), by_user=current().actor.user_id,
    )  # fmt: skip
    await record("taxes.das2_filed", "das2_run", run["id"], on=on.isoformat())


async def decide(entity_id: int, year: int, who: Declaree, declared: bool, reason: str) -> None:
    await db.insert(
        "das2_decision",
        legal_entity_id=entity_id, year=year, referrer_id=who["id"], declared=declared, reason=reason, decided_at=now(),
        by_user=current().actor.user_id,
    )  # fmt: skip
    await record("taxes.das2_decided", "referrer", who["id"], year=year, declared=declared)


async def give_birth_date(referrer_id: int, born_on: date) -> None:
    await db.execute(
        """INSERT INTO birth_date (referrer_id, born_on, given_at, by_user) VALUES ($1, $2, $3, $4)
           ON CONFLICT (referrer_id) DO UPDATE SET born_on = excluded.born_on, given_at = excluded.given_at, by_user = excluded.by_user""",
        referrer_id, born_on, now(), current().actor.user_id,
    )  # fmt: skip
    await record("taxes.birth_date_given", "referrer", referrer_id)


async def erase_of(user_id: int) -> None:
    """Of whom they speak for; a file that was drawn keeps what the tax office was told."""
    await db.execute(
        """UPDATE birth_date SET born_on = NULL WHERE referrer_id IN
           (SELECT referrer_id FROM membership WHERE user_id = $1 AND referrer_id IS NOT NULL AND seat = 'owner')""",
        user_id,
    )


async def ask(entity_id: int, year: int, people: Sequence[Declaree]) -> int:
    """Each of these for what they alone can give; how many were asked."""
    asked = [(who, lacks) for who in people if (lacks := access.asked_of(who))]
    for who, lacks in asked:
        await db.insert(
            "das2_asking",
            legal_entity_id=entity_id, year=year, referrer_id=who["id"], lacks=[str(lack) for lack in lacks], asked_at=now(),
            by_user=current().actor.user_id,
        )  # fmt: skip
        await mails.missing(who, year, lacks)
    return len(asked)
