"""Provisions for points: what is out on a day, what it will cost, and the entry that brings the books there."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from portal.gifts.points.access import WORTH_CENTS
from portal.gifts.points.provision_rules import cost_of_one, provision_cents, used_percent
from portal.history.access import record
from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import current
from portal.kit.money import Cents
from portal.kit.problems import NotFound, Refused
from portal.kit.references import new_ref
from portal.kit.text import N_
from portal.ledger import points as ledger
from portal.ledger.balances import account_balance
from portal.ledger.posting import post
from portal.referrers.access import NAME

LATER = N_("Une provision existe déjà pour un jour plus récent.")
OBSERVED_DAYS = 731  # two years of exchanges tell what one costs
PROVISION = """
SELECT provision.*, app_user.name AS by_name FROM points_provision provision LEFT JOIN app_user ON app_user.id = provision.by_user
"""
COST = """
SELECT coalesce(sum(price_cents + packaging_cents + shipping_cents), 0)::bigint AS cents, coalesce(sum(points), 0)::bigint AS points
FROM reward_order WHERE legal_entity_id = $1 AND state IN ('approved', 'sent', 'received') AND (decided_at AT TIME ZONE 'Europe/Paris')::date BETWEEN $2 AND $3
"""
FATE = """
SELECT coalesce(sum(move.points) FILTER (WHERE move.kind IN ('spent', 'cashed')), 0)::bigint AS used,
       coalesce(sum(move.points) FILTER (WHERE move.kind = 'expired'), 0)::bigint AS expired,
       (SELECT max(worth_cents) FROM programme_points) AS worth_cents
FROM point_move move JOIN point_lot lot ON lot.id = move.lot_id WHERE lot.legal_entity_id = $1 AND move.on_day <= $2
"""
# Of each referrer at the end of the day, from the ledger: all that is out, and what of it is on order.
EACH = f"""
SELECT referrer.ref AS referrer_ref, referrer.number, {NAME} AS name, -sum(line.amount)::bigint AS points,
       coalesce(-sum(line.amount) FILTER (WHERE account.role = 'points_reserved'), 0)::bigint AS reserved
FROM ledger_account account JOIN ledger_line line ON line.account_id = account.id JOIN ledger_entry entry ON entry.id = line.entry_id
JOIN referrer ON referrer.id = account.referrer_id
WHERE account.unit = 'POINT' AND account.legal_entity_id = $1 AND entry.occurred_on <= $2
GROUP BY referrer.id HAVING sum(line.amount) <> 0 ORDER BY referrer.number
"""


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What is out on a day, and what was observed: the cost of a point and how many of a hundred are used."""

    on_day: date
    points: int
    reserved: int
    observed_cost: Decimal | None
    observed_percent: Decimal | None
    before_cents: Cents
    worth_cents: Cents

    @property
    def cost_cents(self) -> Decimal:
        """As observed, else what the dearest programme says a point is worth."""
        return self.observed_cost or Decimal(self.worth_cents)

    @property
    def percent(self) -> Decimal:
        """As observed, else all: nothing is hoped for."""
        return self.observed_percent if self.observed_percent is not None else Decimal(100)

    def amount_cents(self, cost_cents: Decimal, percent: Decimal) -> Cents:
        return provision_cents(self.points, self.reserved, cost_cents, percent)


async def reckon(entity_id: int, day: date) -> Reckoned:
    """From the ledger: it says the same on any later day."""
    cost = await db.row(COST, entity_id, day - timedelta(OBSERVED_DAYS), day)
    fate = await db.row(FATE, entity_id, day)
    assert cost is not None
    assert fate is not None
    return Reckoned(
        day,
        points=await account_balance(f"entity:{entity_id}:points_issued", until=day),
        reserved=-await account_balance(f"entity:{entity_id}:points_reserved", until=day),
        observed_cost=cost_of_one(cost["cents"], cost["points"]),
        observed_percent=used_percent(fate["used"], fate["expired"]),
        before_cents=-await account_balance(f"entity:{entity_id}:points_provision"),
        worth_cents=fate["worth_cents"] or WORTH_CENTS,
    )


async def provide(
    entity_id: int, day: date, cost_cents: Decimal, probability_percent: Decimal, reason: str
) -> db.Row:
    """Kept with all that it was reckoned from, and booked: the difference to what was provided for before."""
    await db.execute("SELECT pg_advisory_xact_lock(hashtextextended('points_provision', $1))", entity_id)
    last = await db.value("SELECT max(on_day) FROM points_provision WHERE legal_entity_id = $1", entity_id)
    if last and day < last:
        raise Refused("provided_later", LATER)
    found = await reckon(entity_id, day)
    amount = found.amount_cents(cost_cents, probability_percent)
    provision_id = await db.insert(
        "points_provision", ref=new_ref(), legal_entity_id=entity_id, on_day=day, points=found.points, reserved=found.reserved,
        cost_cents=cost_cents, probability_percent=probability_percent, amount_cents=amount, before_cents=found.before_cents,
        reason=reason, at=now(), by_user=current().actor.user_id,
    )  # fmt: skip
    if amount != found.before_cents:
        await post([ledger.provided(entity_id, provision_id, amount - found.before_cents, day)])
    await record("points.provided", "points_provision", provision_id, amount_cents=amount)
    kept = await db.row(f"{PROVISION} WHERE provision.id = $1", provision_id)
    assert kept is not None
    return kept


async def by_ref(ref: str) -> db.Row:
    found = await db.row(f"{PROVISION} WHERE provision.ref = $1", ref)
    if found is None:
        raise NotFound("points_provision")
    return found


async def all_of(entity_id: int) -> list[db.Row]:
    return await db.rows(f"{PROVISION} WHERE legal_entity_id = $1 ORDER BY provision.id DESC", entity_id)


async def each_on(entity_id: int, day: date) -> list[db.Row]:
    return await db.rows(EACH, entity_id, day)
