"""What is done with an arrêté: opened, its cards answered, its papers issued, controlled, closed."""

from collections.abc import Sequence
from datetime import date

from portal.books.events import MonthClosed, MonthControlled
from portal.books.journal import exporting
from portal.books.month import access
from portal.books.month.accruing import accrued
from portal.books.month.asking import ask
from portal.books.month.looks import ASK, INCLUDED, NEEDS_REASON, Card
from portal.books.month.reading import Month, cutoff, month_of
from portal.books.month.rules import (
    APPROVAL,
    MONTH_MOVES,
    MonthState,
    check,
    first_day,
    last_day,
    months_to_open,
    next_month,
    obstacles,
)
from portal.books.month.words import month_name, told
from portal.company import access as company
from portal.history.access import record, record_chained
from portal.invoicing import actions as invoicing
from portal.invoicing.actions import Issued
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import current
from portal.kit.events import emit
from portal.kit.problems import Refused, Stale
from portal.kit.references import new_ref
from portal.kit.text import N_
from portal.ledger import posting
from portal.ledger.verify import faults as ledger_faults
from portal.payouts.verify import faults as payout_faults
from portal.people import approvals
from portal.people.approvals import ApprovalState
from portal.people.rules import Person

# Opening


async def open_due(entity_id: int) -> list[int]:
    """Every month that should stand open and does not, from its first working day on."""
    latest = await access.latest_month(entity_id)
    return [made for month in months_to_open(latest, today()) if (made := await _open(entity_id, month))]


async def open_month(entity_id: int, month: date) -> db.Row:
    """By hand. The first may be any that has begun; then one follows the other. Raises Refused."""
    latest = await access.latest_month(entity_id)
    if month > today():
        raise Refused("month_to_come", N_("Ce mois n'a pas encore commencé."))
    if latest and month > next_month(latest):
        raise Refused(
            "month_skipped", N_("Un mois ne se saute pas : ouvrez d'abord %(month)s."), month=month_name(next_month(latest))
        )  # fmt: skip
    if month <= (await posting.closed_until()).get(entity_id, date.min) or (latest and month < latest):
        raise Refused(
            "month_behind", N_("Ce mois est derrière vous : un mois plus récent est déjà ouvert ou clos.")
        )
    await _open(entity_id, month)
    found = await access.settlement_of(entity_id, month)
    assert found is not None
    return found


async def _open(entity_id: int, month: date) -> int | None:
    """Two at once open it once."""
    made = await db.value(
        """INSERT INTO settlement (ref, legal_entity_id, month, state, opened_at) VALUES ($1, $2, $3, 'opened', $4)
           ON CONFLICT (legal_entity_id, month) DO NOTHING RETURNING id""",
        new_ref(), entity_id, first_day(month), now(),
    )  # fmt: skip
    if made:
        await _chain(made, "opened", month=month.isoformat())
    return made


# Answering its cards


async def decide(settlement: db.Row, keys: Sequence[str], outcome: str, reason: str = "") -> None:
    """One word to these cards. Raises Stale for a card that is not there any more, Refused without the reason it needs."""
    fresh = await _in_hand(settlement)
    if outcome in NEEDS_REASON and not reason.strip():
        raise Refused(
            "reason_needed", N_("Dites en quelques mots pourquoi : la décision est gardée avec son motif.")
        )
    known = {card.key: card for card in (await month_of(fresh)).cards}
    if not known.keys() >= set(keys):
        raise Stale("card_gone", N_("Ce point a changé entre-temps : relisez-le."))
    if outcome == ASK:
        await ask([known[key] for key in keys])
        return
    for key in keys:
        await _answer(fresh, known[key], outcome, reason.strip())


async def _answer(settlement: db.Row, card: Card, outcome: str, reason: str) -> None:
    takes_back = outcome == INCLUDED and card.left
    if outcome not in card.about.answers and not takes_back:
        raise Refused("no_such_answer", N_("Cette réponse n'existe pas pour ce point."))
    await db.insert(
        "settlement_decision",
        settlement_id=settlement["id"], key=card.key, outcome=outcome, reason=reason, referrer_id=card.referrer_id,
        legal_on=card.legal_on, by_user=_person().user_id, at=now(),
    )  # fmt: skip
    await _chain(settlement["id"], "decided", look=card.look, outcome=outcome, referrer=card.referrer_id)


async def _in_hand(settlement: db.Row) -> db.Row:
    fresh = await access.locked(settlement["id"])
    if fresh["state"] != MonthState.OPENED:
        raise Refused("month_not_open", N_("Cet arrêté est contrôlé ou clos : rien ne s'y décide plus."))
    return fresh


# Issuing


async def issue(settlement: db.Row) -> tuple[Issued | None, int]:
    """All that waits for nobody's word; many become jobs (None). And for how many referrers."""
    month = await month_of(await _in_hand(settlement))
    ids = sorted({one.referrer["referrer_id"] for one in month.issuable.free})
    if not ids:
        raise Refused(
            "nothing_to_issue", N_("Rien n'est prêt à être établi : répondez d'abord aux points à regarder.")
        )
    made = await invoicing.order(settlement["legal_entity_id"], ids, today(), cutoff(settlement))
    return made, len(ids)


# Closing


async def control(settlement: db.Row) -> None:
    """Everything is issued or decided and agrees. Another person closes; a company of one pair of eyes closes at once."""
    fresh = await access.locked(settlement["id"])
    check(MONTH_MOVES["control"], fresh["state"])
    month = await month_of(fresh)
    await refuse_obstacles(month)
    await _move(fresh, "control", controlled_by=_person().user_id, controlled_at=now(), digest=month.digest)
    if fresh["four_eyes"]:
        await approvals.ask(APPROVAL, "settlement", fresh["id"], month.digest)
        emit(MonthControlled(settlement_id=fresh["id"]))
    else:
        await _close(await access.settlement(fresh["id"]), alone=True)


async def approve(settlement: db.Row) -> None:
    """The second pair of eyes closes what was controlled. Raises NotAllowed for who controlled it."""
    fresh = await access.locked(settlement["id"])
    check(MONTH_MOVES["close"], fresh["state"])
    await _close(fresh)


async def refuse(settlement: db.Row, reason: str) -> None:
    fresh = await access.locked(settlement["id"])
    check(MONTH_MOVES["reopen"], fresh["state"])
    await approvals.refuse(await _asked(fresh), _person(), reason)
    await _reopen(fresh)


async def withdraw(settlement: db.Row) -> None:
    """By who controlled it, to look again."""
    fresh = await access.locked(settlement["id"])
    check(MONTH_MOVES["reopen"], fresh["state"])
    await approvals.withdraw(await _asked(fresh), _person())
    await _reopen(fresh)


async def _close(settlement: db.Row, *, alone: bool = False) -> None:
    """The ledger first: who posts meanwhile is waited for, and is in what is read afterwards."""
    await posting.close(settlement["legal_entity_id"], last_day(settlement["month"]))
    month = await month_of(settlement)
    await refuse_obstacles(month)
    if not alone:
        await approvals.decide(await _asked(settlement), _person(), month.digest)
    elif month.digest != settlement["digest"]:
        raise Stale("month_changed", approvals.CHANGED)
    await _keep_accruals(settlement)
    await exporting.number(
        await company.legal_entity_by(settlement["legal_entity_id"]), last_day(settlement["month"])
    )
    await _move(settlement, "close", closed_by=_person().user_id, closed_at=now(), alone=alone)
    emit(MonthClosed(settlement_id=settlement["id"]))


async def _keep_accruals(settlement: db.Row) -> None:
    await db.execute_many(
        """INSERT INTO settlement_accrual (settlement_id, position, kind, referrer_id, net_cents, vat_cents)
           VALUES ($1, $2, $3, $4, $5, $6)""",
        [(settlement["id"], place, *one) for place, one in enumerate(await accrued(settlement), 1)],
    )


async def refuse_obstacles(month: Month) -> None:
    """The first that stands in the way, in words. Everything is verified that this month says."""
    broken = await ledger_faults() + await payout_faults()
    for sentence, params in obstacles(month.settlement, month.standing_with(len(broken)), today()):
        raise Refused("month_not_ready", sentence, **told(params))


async def _reopen(settlement: db.Row) -> None:
    await _move(settlement, "reopen", controlled_by=None, controlled_at=None, digest=None)


async def _asked(settlement: db.Row) -> db.Row:
    found = await approvals.latest(APPROVAL, "settlement", settlement["id"])
    if found is None or found["state"] != ApprovalState.WAITING:
        raise Refused("approval_decided", approvals.DECIDED)
    return found


async def _move(settlement: db.Row, name: str, **changes: object) -> None:
    """One move of the table; the UPDATE repeats the state it starts from."""
    move = MONTH_MOVES[name]
    check(move, settlement["state"])
    sets = "".join(f', "{column}" = ${place}' for place, column in enumerate(changes, 4))
    moved = await db.execute(
        f"UPDATE settlement SET state = $2, version = version + 1{sets} WHERE id = $1 AND state = $3",
        settlement["id"], move.to, move.source, *changes.values(),
    )  # fmt: skip
    if moved != 1:
        raise Stale("stale")
    await _chain(settlement["id"], move.to)


async def _chain(settlement_id: int, what: str, **data: object) -> None:
    await record_chained(
        f"settlement:{settlement_id}", f"books.month_{what}", "settlement", settlement_id, **data
    )


# Settings


async def name_accountants(addresses: Sequence[str]) -> None:
    """Who is told that a pack is ready."""
    await company.set_option(access.ACCOUNTANTS, list(addresses))
    await record("books.accountants_named", "legal_entity", 0, many=len(addresses))


def _person() -> Person:
    actor = current().actor
    assert isinstance(actor, Person), "a month is closed by people"
    return actor
