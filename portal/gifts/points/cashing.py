"""Points paid in euros, as a commission: when the contract or the programme is over and the catalogue offers nothing
(conditions-suite). Two people of finance decide on exactly the same lots."""

from dataclasses import dataclass

from portal.earnings import adjusting
from portal.earnings.access_claims import Target
from portal.gifts.points import lots
from portal.gifts.points.access import worth_cents
from portal.gifts.points.rules import usable
from portal.kit import db
from portal.kit.days import today
from portal.kit.money import Cents
from portal.kit.problems import Refused
from portal.kit.text import N_
from portal.ledger import points as ledger
from portal.ledger.posting import post
from portal.people import approvals
from portal.people.rules import Person

WHAT = "points.cash"
NOTHING = N_("Il n'y a pas de points à payer.")
NOT_ASKED = N_("Aucun paiement de ces points n'attend de décision.")
CASE = """
SELECT CASE WHEN NOT EXISTS (SELECT FROM contract WHERE referrer_id = ANY ((SELECT ids_of($1))::bigint[]) AND state IN ('in_force', 'suspended')) THEN 'contract'
            WHEN EXISTS (SELECT FROM programme WHERE id = programme_of($1) AND ends_on <= $2) THEN 'programme' ELSE 'agreed' END
"""
REASONS = {
    "contract": "Points payés en euros à la fin du contrat (conditions du programme, article 5.3).",
    "programme": "Points payés en euros à la fin du programme (conditions du programme, article 5.4).",
    "agreed": "Points payés en euros d'un commun accord (conditions du programme, article 2.4).",
}
ORIGIN = """
SELECT earning.id, earning.legal_entity_id, earning.referrer_id, earning.deal_id, earning.lead_id, earning.contract_id, earning.plan_version_id
FROM earning WHERE earning.id = $1
"""


@dataclass(frozen=True, slots=True)
class Payable:
    """A lot with what is left of it and what that is worth; points that somebody handed over stay points."""

    lot_id: int
    earning_id: int
    points: int
    cents: Cents


async def payable(referrer_id: int) -> list[Payable]:
    """At the worth of the day on which they were acquired, or today's if that is more."""
    (root,) = await db.rows("SELECT root_of($1) AS id", referrer_id)
    stock = (await lots.stock_of([root["id"]]))[root["id"]]
    left = {lot.lot_id for lot in usable(map(lots.left_of, stock), today())}
    worth = {
        programme_id: await worth_cents(programme_id)
        for programme_id in {lot["programme_id"] for lot in stock}
    }
    return [
        Payable(lot["id"], lot["earning_id"], lot["left_over"], lot["left_over"] * max(lot["worth_cents"], worth[lot["programme_id"]]))
        for lot in stock
        if lot["id"] in left and lot["earning_id"]
    ]  # fmt: skip


async def approval_of(referrer_id: int) -> db.Row | None:
    return await approvals.latest(WHAT, "referrer", referrer_id)


async def asked(referrer_id: int) -> db.Row:
    """What waits for the second. Raises Refused."""
    found = await approval_of(referrer_id)
    if found is None or found["state"] != approvals.ApprovalState.WAITING:
        raise Refused("nothing_asked", NOT_ASKED)
    return found


async def reason_of(referrer_id: int) -> str:
    """By which article of the conditions they are paid; it stands with the commission, in the words of the contract."""
    return REASONS[await db.value(CASE, referrer_id, today())]


async def ask(referrer_id: int) -> None:
    """The first of two."""
    found = await payable(referrer_id)
    if not found:
        raise Refused("no_points", NOTHING)
    await approvals.ask(WHAT, "referrer", referrer_id, _digest(found))


def _digest(found: list[Payable]) -> bytes:
    return approvals.digest_of([[one.lot_id, one.points, one.cents] for one in found])


async def pay(referrer_id: int, person: Person) -> None:
    """The second: each lot becomes a commission on the deal that it came of. Raises Stale when something has changed."""
    waiting = await asked(referrer_id)
    found = await payable(referrer_id)
    await db.rows(
        "SELECT deal.id FROM deal JOIN earning ON earning.deal_id = deal.id WHERE earning.id = ANY ($1::bigint[]) ORDER BY deal.id FOR NO KEY UPDATE OF deal",
        [one.earning_id for one in found],
    )
    (root,) = await lots.hold([referrer_id])
    await lots.follow([root], today())
    found = await payable(referrer_id)
    await approvals.decide(waiting, person, _digest(found))
    reason = await reason_of(referrer_id)
    for one in found:
        await _pay_lot(root, one, reason)


async def _pay_lot(root: int, one: Payable, reason: str) -> None:
    origin = await db.row(ORIGIN, one.earning_id)
    assert origin is not None
    made = await adjusting.adjust(_target(origin), one.cents, reason, decided=True)
    move_id = await lots.move(one.lot_id, "cashed", one.points, today(), earning_id=made["posted_id"])
    await post([ledger.cashed(origin["legal_entity_id"], root, move_id, one.points, today())])


def _target(origin: db.Row) -> Target:
    return Target(
        origin["legal_entity_id"], origin["referrer_id"], origin["deal_id"], origin["lead_id"], origin["contract_id"],
        origin["plan_version_id"], "EUR", "", "", "",
    )  # fmt: skip
