"""Claims: a referrer finds something wrong, finance answers within the term, once more when appealed. What is put right
is an adjustment, made in the deed of the answer."""

from collections.abc import Sequence
from typing import Any

import asyncpg

from portal.earnings import adjusting
from portal.earnings.access_claims import Target, claim, messages_of
from portal.earnings.claim_rules import (
    BY_NAME,
    MOVED_ON,
    REASONS_FOR,
    ClaimState,
    Outcome,
    answer_due,
    check,
    check_answerer,
)
from portal.earnings.events import ClaimAnswered, ClaimOpened, ClaimWritten
from portal.earnings.policy import policy
from portal.history.access import record
from portal.kit import db, files
from portal.kit.days import now, today
from portal.kit.deed import current
from portal.kit.events import emit
from portal.kit.files import Kept
from portal.kit.problems import Refused
from portal.kit.references import new_ref
from portal.kit.text import N_
from portal.people.rules import Person
from portal.search import access as search

OPEN_ALREADY = N_("Une demande est déjà ouverte à ce sujet.")
REASON_UNKNOWN = N_("Choisissez une des réponses proposées.")


async def open_claim(
    about: str, subject_id: int, referrer_id: int, reason: str, body: str, given: Sequence[Kept] = ()
) -> db.Row:
    """`about`: earning, deal or lead. Raises Refused when one is open already: of a commission there is one for ever."""
    if reason not in REASONS_FOR[about]:
        raise Refused("claim_reason", REASON_UNKNOWN)
    try:
        async with db.savepoint():
            claim_id = await db.insert(
                "claim",
                **{f"{about}_id": subject_id}, ref=new_ref(), referrer_id=referrer_id, reason=reason,
                state=ClaimState.OPENED.value, opened_at=now(), due_at=await _due(referrer_id),
            )  # fmt: skip
    except asyncpg.UniqueViolationError as twice:
        raise Refused("claim_open", OPEN_ALREADY) from twice
    made = await claim(claim_id)
    await _write(made, "opening", body, given)
    await _put_in_search(made)
    await record("earnings.claim_opened", "claim", claim_id, about=about, reason=reason)
    emit(ClaimOpened(claim_id=claim_id))
    return made


async def write(claim_: db.Row, body: str, given: Sequence[Kept] = ()) -> None:
    """A word between question and answer, for the other side to read."""
    message_id = await _write(claim_, "word", body, given)
    emit(ClaimWritten(message_id=message_id))


async def appeal(claim_: db.Row, version: int, body: str, given: Sequence[Kept] = ()) -> None:
    """Once; somebody else answers it."""
    await _move(claim_, "appeal", version, appealed_at=now(), due_at=await _due(claim_["referrer_id"]))
    await _write(claim_, "appeal", body, given)
    emit(ClaimOpened(claim_id=claim_["id"]))


async def answer(
    claim_: db.Row, version: int, outcome: Outcome, body: str, target: Target | None = None, amount: int = 0
) -> None:
    """With `target`, what is put right is adjusted by `amount` in this deed; above the limit of one person the answer
    is told when a second one has confirmed it. Raises Refused."""
    user_id = current().actor.user_id
    check_answerer(claim_, user_id)
    await _move(claim_, "answer", version)
    message_id = await _write(claim_, "answer", body, outcome=outcome, told=False)
    adjusted = None
    if target:
        adjusted = await adjusting.adjust(target, amount, body, claim_id=claim_["id"], message_id=message_id)
    if adjusted is None or adjusted["state"] == "posted":
        await _tell(claim_["id"], message_id)


async def confirm(adjustment: db.Row, person: Person) -> None:
    """A second person says yes to an adjustment; the answer that promised it is told."""
    await adjusting.approve(adjustment, person)
    if adjustment["message_id"]:
        await _tell(adjustment["claim_id"], adjustment["message_id"])


async def turn_down(adjustment: db.Row, person: Person, reason: str) -> None:
    """A second person says no: the claim wants another answer."""
    await adjusting.refuse(adjustment, person, reason)
    await _reopen(adjustment)


async def withdraw(adjustment: db.Row, person: Person) -> None:
    await adjusting.withdraw(adjustment, person)
    await _reopen(adjustment)


async def _reopen(adjustment: db.Row) -> None:
    if adjustment["claim_id"] is None:
        return
    found = await claim(adjustment["claim_id"])
    await _move(found, "reopen_appeal" if found["appealed_at"] else "reopen", found["version"])


async def _tell(claim_id: int, message_id: int) -> None:
    found = await claim(claim_id)
    said = next(one for one in await messages_of(claim_id) if one["id"] == message_id)
    await _move(
        found, "confirm", found["version"], outcome=said["outcome"], answered_by=said["author_id"], answered_at=now()
    )  # fmt: skip
    await db.execute("UPDATE claim_message SET told_at = $2 WHERE id = $1", message_id, now())
    await record("earnings.claim_answered", "claim", claim_id, outcome=said["outcome"])
    emit(ClaimAnswered(message_id=message_id))


async def _move(claim_: db.Row, name: str, version: int, **changes: Any) -> None:
    """The one way from state to state. Raises Refused when somebody was faster."""
    move = BY_NAME[name]
    check(move, claim_)
    sets = "".join(f", {column} = ${place}" for place, column in enumerate(changes, 5))
    changed = await db.execute(
        f"UPDATE claim SET state = $2, version = version + 1{sets} WHERE id = $1 AND state = ANY ($3) AND version = $4",
        claim_["id"], move.to.value, sorted(move.froms), version, *changes.values(),
    )  # fmt: skip
    if not changed:
        raise Refused("claim_moved_on", MOVED_ON)
    await record(f"earnings.claim_{name}", "claim", claim_["id"])


async def _write(
    claim_: db.Row, kind: str, body: str, given: Sequence[Kept] = (), *, outcome: str = "", told: bool = True
) -> int:  # fmt: skip
    message_id = await db.insert(
        "claim_message",
        claim_id=claim_["id"], author_id=current().actor.user_id, kind=kind, outcome=outcome, body=body, at=now(),
        told_at=now() if told else None,
    )  # fmt: skip
    for kept in given:
        await files.attach(kept, "claim_message", message_id)
    return message_id


async def _due(referrer_id: int) -> Any:
    """The shortest term that a contract of this referrer promises counts."""
    promised = await db.value(
        """SELECT min((filled->>'contract.claim_days')::int) FROM contract
           WHERE referrer_id = $1 AND state IN ('in_force', 'suspended', 'ended', 'superseded')""",
        referrer_id,
    )
    return answer_due(today(), (await policy()).answer_days, promised)


async def _put_in_search(made: db.Row) -> None:
    await search.put(
        "claim", made["id"], title=made["company_name"], subtitle=made["referrer_name"],
        path=f"/commissions/demandes/{made['ref']}", find=(made["ref"],), referrer_id=made["referrer_id"],
    )  # fmt: skip


# Privacy


async def erase_of(user_id: int) -> None:
    """What somebody wrote and gave goes; that there was a claim, and what came of it, stays."""
    gone = await db.rows(
        """UPDATE claim_message SET body = '', erased_at = $2 WHERE author_id = $1 AND erased_at IS NULL RETURNING id""",
        user_id, now(),
    )  # fmt: skip
    for one in gone:
        for file in await files.of("claim_message", one["id"]):
            await files.erase(file["id"])
