"""Who is paid by which rail, from which day on: the referrer's own, decided by finance, else that of the company."""

from collections.abc import Sequence
from datetime import date

from portal.company import access as company
from portal.history.access import record
from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import current
from portal.payouts.rails.rules import RailName

OPTION = "payouts.rail"
# Of `referrer`, on the day $2: NULL without a choice.
RAIL = """(SELECT rail FROM payout_rail_choice choice WHERE choice.referrer_id = referrer.id AND choice.since <= $2
           ORDER BY choice.since DESC, choice.id DESC LIMIT 1)"""


async def company_rail() -> RailName:
    return RailName(await company.option(OPTION, RailName.SEPA))


async def set_company_rail(rail: RailName) -> None:
    await company.set_option(OPTION, rail)
    entity = await company.legal_entity()
    assert entity is not None
    await record("payouts.rail", "legal_entity", entity["id"], rail=rail)


async def choose(referrer_id: int, rail: RailName, since: date, reason: str) -> None:
    await db.insert(
        "payout_rail_choice",
        referrer_id=referrer_id, rail=rail, since=since, reason=reason, by_user=current().actor.user_id, at=now(),
    )  # fmt: skip
    await record("payouts.rail_chosen", "referrer", referrer_id, rail=rail, since=since.isoformat())


async def choices_of(referrer_id: int) -> Sequence[db.Row]:
    """The latest first."""
    return await db.rows(
        """SELECT choice.*, app_user.name AS who FROM payout_rail_choice choice JOIN app_user ON app_user.id = choice.by_user
           WHERE referrer_id = $1 ORDER BY since DESC, choice.id DESC""",
        referrer_id,
    )
