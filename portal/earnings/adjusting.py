"""Adjustments by hand: an earning more, never one changed. Above a limit a second person has to say yes."""

from portal.earnings import settle
from portal.earnings.access import RELEASED
from portal.earnings.access_claims import Target
from portal.earnings.booking import EARNS, RELEASES, TAKES_BACK
from portal.earnings.events import AdjustmentWaits, Earned, Released
from portal.earnings.policy import policy
from portal.history.access import record
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import current
from portal.kit.events import emit
from portal.kit.problems import Refused
from portal.kit.references import new_ref
from portal.kit.text import N_
from portal.ledger.posting import post
from portal.people import approvals
from portal.people.rules import Person

WHAT = "earnings.adjust"
CLAIMED, BY_HAND = "reclamation.reponse", "remuneration.explication"  # the clauses that say so
CENTS_PER = {"EUR": 1, "POINT": 100}

NO_EARNING = N_("Une déduction se fait depuis la commission qu'elle corrige.")
TOO_MUCH = N_("Il reste moins que cela à reprendre sur cette commission.")
NOT_YET = N_("Le contrat n'a pas encore commencé.")
MOVED_ON = N_("Cet ajustement a déjà été décidé : relisez-le.")


async def adjust(
    target: Target, amount: int, reason: str, *, claim_id: int | None = None, message_id: int | None = None, decided: bool = False,
) -> db.Row:  # fmt: skip
    """`amount` in cents HT or points, negative to take back. The adjustment: posted, or waiting for a second person,
    unless two have `decided` already.

    Raises Refused: more than what is left is taken back, or no contract has begun."""
    await _lock(target.deal_id, target.lead_id)
    await _check(target, amount)
    adjustment_id = await db.insert(
        "adjustment",
        ref=new_ref(), referrer_id=target.referrer_id, deal_id=target.deal_id, lead_id=target.lead_id, contract_id=target.contract_id,
        earning_id=target.earning_id, claim_id=claim_id, message_id=message_id, unit=target.unit, amount=amount,
        reason=reason, state="waiting", by_user=current().actor.user_id, at=now(),
    )  # fmt: skip
    await record("earnings.adjustment_asked", "adjustment", adjustment_id, amount=amount, unit=target.unit)
    if not decided and abs(amount) * CENTS_PER[target.unit] > (await policy()).limit_cents:
        await approvals.ask(WHAT, "adjustment", adjustment_id, await _digest(adjustment_id))
        emit(AdjustmentWaits(adjustment_id=adjustment_id))
    else:
        await _post(adjustment_id)
    return await _row(adjustment_id)


async def approve(adjustment: db.Row, person: Person) -> None:
    """The second person, on exactly this amount and reason. Raises NotAllowed for who asked."""
    await _lock(adjustment["deal_id"], adjustment["lead_id"])
    asked = await _asked(adjustment["id"])
    await approvals.decide(asked, person, await _digest(adjustment["id"]))
    await _check_left(adjustment["earning_id"], adjustment["amount"])
    await _post(adjustment["id"])


async def refuse(adjustment: db.Row, person: Person, reason: str) -> None:
    asked = await _asked(adjustment["id"])
    await approvals.refuse(asked, person, reason)
    await _settle(adjustment["id"], "refused")


async def withdraw(adjustment: db.Row, person: Person) -> None:
    asked = await _asked(adjustment["id"])
    await approvals.withdraw(asked, person)
    await _settle(adjustment["id"], "withdrawn")


async def _asked(adjustment_id: int) -> db.Row:
    asked = await approvals.latest(WHAT, "adjustment", adjustment_id)
    if asked is None or asked["state"] != "waiting":
        raise Refused("adjustment_moved_on", MOVED_ON)
    return asked


async def _lock(deal_id: int | None, lead_id: int | None) -> None:
    """What is left of a commission is read after whoever changes it."""
    await db.rows("SELECT id FROM deal WHERE id = $1 FOR NO KEY UPDATE", deal_id)
    await db.rows("SELECT id FROM lead WHERE id = $1 FOR NO KEY UPDATE", lead_id)


async def _check(target: Target, amount: int) -> None:
    begun = await db.value("SELECT starts_on <= $2 FROM contract WHERE id = $1", target.contract_id, today())
    if not begun:
        raise Refused("contract_to_come", NOT_YET)
    await _check_left(target.earning_id, amount)


async def _check_left(earning_id: int | None, amount: int) -> None:
    if amount > 0:
        return
    if earning_id is None:
        raise Refused("adjust_what", NO_EARNING)
    left = await db.value(
        "SELECT sum(amount)::bigint FROM earning WHERE id = $1 OR takes_back_id = $1", earning_id
    )
    if left + amount < 0:
        raise Refused("adjust_too_much", TOO_MUCH)


async def _row(adjustment_id: int) -> db.Row:
    found = await db.row("SELECT * FROM adjustment WHERE id = $1", adjustment_id)
    assert found is not None
    return found


async def _digest(adjustment_id: int) -> bytes:
    """Of what the second person was shown."""
    row = await _row(adjustment_id)
    shown = ("referrer_id", "deal_id", "lead_id", "contract_id", "earning_id", "unit", "amount", "reason")
    return approvals.digest_of([row[name] for name in shown])


async def _settle(adjustment_id: int, state: str, posted_id: int | None = None) -> None:
    changed = await db.execute(
        "UPDATE adjustment SET state = $2, posted_id = $3 WHERE id = $1 AND state = 'waiting'",
        adjustment_id, state, posted_id,
    )  # fmt: skip
    if not changed:
        raise Refused("adjustment_moved_on", MOVED_ON)
    await record(f"earnings.adjustment_{state}", "adjustment", adjustment_id)


# The earning that comes of it

INSERT = """
INSERT INTO earning (ref, key, legal_entity_id, deal_id, lead_id, referrer_id, contract_id, plan_version_id, cause, rule, clause, unit,
                     base_cents, amount, occurred_on, due_on, takes_back_id, steps, at)
SELECT $2, 'adjustment:' || adjustment.id, programme.legal_entity_id, adjustment.deal_id, adjustment.lead_id, adjustment.referrer_id, adjustment.contract_id,
       contract.plan_version_id, 'adjustment', '', $3, adjustment.unit, 0, adjustment.amount, $4, $4,
       CASE WHEN adjustment.amount < 0 THEN adjustment.earning_id END,
       jsonb_build_array(jsonb_build_object('what', 'adjustment', 'amount', adjustment.amount)), $5
FROM adjustment JOIN contract ON contract.id = adjustment.contract_id JOIN programme ON programme.id = contract.programme_id
WHERE adjustment.id = $1 RETURNING *
"""


async def _post(adjustment_id: int) -> None:
    adjustment = await _row(adjustment_id)
    clause = CLAIMED if adjustment["claim_id"] else BY_HAND
    earning = await db.row(INSERT, adjustment_id, new_ref(), clause, today(), now())
    assert earning is not None
    await _settle(adjustment_id, "posted", earning["id"])
    await (_add(earning) if earning["amount"] > 0 else _take_back(earning))
    emit(Earned(earning_id=earning["id"]))


def _who(earning: db.Row) -> tuple[int, int, int]:
    return earning["legal_entity_id"], earning["referrer_id"], earning["id"]


async def _add(earning: db.Row) -> None:
    """It has been looked at: nothing is held."""
    unit, amount = earning["unit"], earning["amount"]
    await post(
        [
            EARNS[unit](*_who(earning), amount, earning["occurred_on"]),
            RELEASES[unit](*_who(earning), amount, earning["occurred_on"]),
        ]
    )
    await _released(earning)


async def _take_back(earning: db.Row) -> None:
    """While what it corrects is held, it is held with it."""
    held = await db.value(f"SELECT NOT {RELEASED} FROM earning WHERE id = $1", earning["takes_back_id"])
    entry = TAKES_BACK[earning["unit"]](*_who(earning), -earning["amount"], earning["occurred_on"], held=held)
    await post([entry])
    if not held:
        await _released(earning)


async def _released(earning: db.Row) -> None:
    await settle.mark([earning["id"]], "released", "clock", 0, today())
    emit(Released(earning_id=earning["id"]))
