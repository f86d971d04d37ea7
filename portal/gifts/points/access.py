"""The only doors to points: what somebody has, what they are called, what one is worth."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.gifts.points.choice_rules import fits, fits_deal_by_deal
from portal.gifts.points.lots import THEIRS
from portal.kit import db
from portal.kit.days import today
from portal.kit.money import Cents
from portal.kit.text import Called, points
from portal.leads.rules import OPEN as OPEN_LEADS
from portal.ledger.balances import balances_of

WORTH_CENTS = 100  # one point is one euro, unless the programme says otherwise
NEXT = f"""
SELECT lot.referrer_id, lot.expires_on, sum(lot.left_over)::bigint AS points FROM point_stock lot
WHERE {THEIRS} AND lot.left_over > 0 AND lot.expires_on IS NOT NULL
GROUP BY lot.referrer_id, lot.expires_on ORDER BY lot.expires_on
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """Points, never below zero. What is theirs: held + spendable + reserved − owed."""

    held: int = 0
    spendable: int = 0
    reserved: int = 0
    owed: int = 0
    next_expiry: tuple[int, date] | None = None

    @property
    def balance(self) -> int:
        return self.held + self.spendable + self.reserved - self.owed


async def standing(referrer_id: int) -> Standing:
    return (await standings([referrer_id]))[referrer_id]


async def standings(referrer_ids: Sequence[int]) -> dict[int, Standing]:
    """Of many in two queries. What expired and is not written off yet can no longer be spent."""
    kept = await balances_of(referrer_ids)
    ending: dict[int, list[db.Row]] = {referrer_id: [] for referrer_id in referrer_ids}
    for row in await db.rows(NEXT, list(referrer_ids)):
        ending[row["referrer_id"]].append(row)
    found = {}
    for referrer_id, balances in kept.items():
        past = sum(row["points"] for row in ending[referrer_id] if row["expires_on"] < today())
        free = balances.points - balances.points_owed - past
        coming = [
            (row["points"], row["expires_on"]) for row in ending[referrer_id] if row["expires_on"] >= today()
        ]
        found[referrer_id] = Standing(
            balances.points_held,
            max(0, free),
            balances.points_reserved,
            max(0, -free),
            next(iter(coming), None),
        )
    return found


async def lot_of(earning_id: int) -> db.Row | None:
    """What became of the points of one earning: .left_over .reserved .expires_on .worth_cents; None: no lot of its own."""
    return await db.row("SELECT * FROM point_stock WHERE earning_id = $1", earning_id)


async def worth_cents(programme_id: int | None) -> Cents:
    """Of one point, TTC, today."""
    found = await db.value("SELECT worth_cents FROM programme_points WHERE programme_id = $1", programme_id)
    return found or WORTH_CENTS


async def name_of(referrer_id: int) -> Called:
    """How points are called to this referrer. Their own pages and mails know it by themselves: `points(120)`."""
    return tuple(await db.value("SELECT points_called($1)", referrer_id))


# Money or points

WHO_CHOOSES = """
SELECT terms.choice, terms.choosers, terms.worth_cents, plan_version.body, contract.overrides, contract.state, contract.amends_id, contract.expires_at,
       (SELECT status FROM referrer_standing WHERE referrer_id = contract.referrer_id AND since <= $2 ORDER BY since DESC, id DESC LIMIT 1) AS status
"""
OF_CONTRACT = f"""{WHO_CHOOSES} FROM contract JOIN programme_points terms ON terms.programme_id = contract.programme_id
JOIN plan_version ON plan_version.id = contract.plan_version_id WHERE contract.id = $1 AND terms.choice = 'contract'"""
OF_LEAD = f"""{WHO_CHOOSES}, lead.in_points FROM lead JOIN programme_points terms ON terms.programme_id = lead.programme_id
JOIN contract ON contract.id = lead.contract_id JOIN plan_version ON plan_version.id = contract.plan_version_id
WHERE lead.id = $1 AND terms.choice = 'deal' AND NOT EXISTS (SELECT FROM deal WHERE deal.lead_id = lead.id)"""


@dataclass(frozen=True, slots=True)
class Choice:
    """Between money and points: what stands now, and what one point is worth."""

    in_points: bool
    worth_cents: Cents

    @property
    def one(self) -> str:
        """'1 point', said each time: a template would reckon a constant once, in one language."""
        return points(1)


async def choice_for_contract(contract: db.Row) -> Choice | None:
    """Open until it is signed; an amendment keeps what was chosen. None: there is nothing to choose."""
    if contract["state"] != "sent" or contract["amends_id"]:
        return None
    found = await db.row(OF_CONTRACT, contract["id"], today())
    if (
        found is None
        or found["status"] not in found["choosers"]
        or not fits(found["body"], found["overrides"])
    ):
        return None
    return Choice(found["overrides"].get("unit") == "POINT", found["worth_cents"])


async def choice_for_lead(lead: db.Row) -> Choice | None:
    """Open until a deal of it is signed."""
    found = await db.row(OF_LEAD, lead["id"], today()) if lead["state"] in OPEN_LEADS else None
    if found is None or found["status"] not in found["choosers"]:
        return None
    if not fits_deal_by_deal(found["body"], found["overrides"]):
        return None
    return Choice(bool(found["in_points"]), found["worth_cents"])
