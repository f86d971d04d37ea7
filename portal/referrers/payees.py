"""Payees in the place of a referrer: one person writes the act down, another approves exactly that."""

from datetime import date
from typing import Any

from portal.history.access import record
from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import current
from portal.kit.events import emit
from portal.kit.files import Kept, attach
from portal.kit.identifiers import bic_of, parse_iban
from portal.kit.keyring import ring
from portal.kit.problems import NotFound
from portal.kit.references import new_ref
from portal.people import approvals
from portal.people.rules import Person, Role
from portal.referrers.events import PayeeProposed
from portal.referrers.payee_rules import Kind, State, check

IBAN = "payee.iban"
APPROVAL = "referrers.payee"
MAY = (Role.FINANCE, Role.ADMIN)
PAYEE = """
SELECT payee.*, proposer.name AS proposer, approver.name AS approver, file.ref AS file_ref
FROM payee
JOIN app_user proposer ON proposer.id = payee.proposed_by
LEFT JOIN app_user approver ON approver.id = payee.approved_by
LEFT JOIN stored_file file ON file.id = payee.file_id AND file.erased_at IS NULL
"""


async def payees_of(referrer_id: int) -> list[db.Row]:
    return await db.rows(f"{PAYEE} WHERE payee.referrer_id = $1 ORDER BY payee.id DESC", referrer_id)


async def payee_for(person: Person, ref: str) -> db.Row:
    """Finance and administration alone."""
    found = await db.row(f"{PAYEE} WHERE payee.ref = $1 AND $2", ref, person.may(*MAY))
    if found is None:
        raise NotFound("payee")
    return found


async def payee(payee_id: int) -> db.Row:
    found = await db.row(f"{PAYEE} WHERE payee.id = $1", payee_id)
    assert found is not None
    return found


async def propose(
    referrer_id: int, *, kind: Kind, name: str, iban: str, act: str, since: date, until: date | None,
    ceiling_cents: int | None, kept: Kept,
) -> db.Row:  # fmt: skip
    """Nothing changes for money before another has approved it. Raises Invalid."""
    iban = parse_iban(iban)
    file = await attach(kept, "referrer", referrer_id)
    payee_id = await db.insert(
        "payee",
        ref=new_ref(), referrer_id=referrer_id, kind=kind, state=State.PROPOSED, name=name, act=act,
        iban_sealed=ring().seal(iban, IBAN), iban_blind=ring().blind(iban, IBAN), last4=iban[-4:], bic=bic_of(iban) or "",
        since=since, until=until, ceiling_cents=ceiling_cents, file_id=file["id"],
        proposed_by=current().actor.user_id, proposed_at=now(),
    )  # fmt: skip
    made = await payee(payee_id)
    await record("referrers.payee_proposed", "referrer", referrer_id, payee=payee_id, kind=kind)
    await approvals.ask(APPROVAL, "payee", payee_id, _digest(made))
    emit(PayeeProposed(payee_id=payee_id))
    return made


def _digest(made: db.Row) -> bytes:
    """Of what the second person was shown; the account by its blind index."""
    said = [made[name] for name in ("ref", "kind", "name", "act", "ceiling_cents", "file_id")]
    return approvals.digest_of([*said, str(made["since"]), str(made["until"]), made["iban_blind"].hex()])


async def approve(made: db.Row, person: Person) -> None:
    """Raises NotAllowed for who proposed it."""
    check("approve", made["state"])
    await approvals.decide(await approvals.waiting(APPROVAL, "payee", made["id"]), person, _digest(made))
    await _move(made, "approve", approved_by=person.user_id, approved_at=now())


async def refuse(made: db.Row, person: Person, reason: str) -> None:
    check("refuse", made["state"])
    await approvals.refuse(await approvals.waiting(APPROVAL, "payee", made["id"]), person, reason)
    await _move(made, "refuse")


async def withdraw(made: db.Row, person: Person) -> None:
    check("withdraw", made["state"])
    await approvals.withdraw(await approvals.waiting(APPROVAL, "payee", made["id"]), person)
    await _move(made, "withdraw")


async def end(made: db.Row) -> None:
    """Paid in full, lifted or over: the referrer is paid again."""
    await _move(made, "end", ended_by=current().actor.user_id, ended_at=now())


async def _move(made: db.Row, name: str, **changes: Any) -> None:
    after = check(name, made["state"])
    sets = "".join(f', "{column}" = ${place}' for place, column in enumerate(changes, 4))
    moved = await db.execute(
        f"UPDATE payee SET state = $2{sets} WHERE id = $1 AND state = $3", made["id"], after, made["state"], *changes.values()
    )  # fmt: skip
    if moved != 1:
        check(name, "")
    await record(f"referrers.payee_{after}", "referrer", made["referrer_id"], payee=made["id"])
