"""Whose account it is: what the portal compares, what the bank answered, and who decided to pay all the same."""

from portal.history.access import record
from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import current
from portal.kit.problems import NotFound, Refused
from portal.kit.text import N_
from portal.payouts.holder.rules import Decision, Result, result_of
from portal.people.rules import Person, Role

REASON = N_("Dites ce que vous avez vérifié, et auprès de qui.")
BANK = """
SELECT bank_detail.*, referrer.ref AS referrer_ref, referrer.number AS referrer_number, referrer.first_name, referrer.last_name,
       referrer.company_name FROM bank_detail JOIN referrer ON referrer.id = bank_detail.referrer_id
"""


async def bank_for(person: Person, ref: str) -> db.Row:
    """Finance and administration alone."""
    found = await db.row(
        f"{BANK} WHERE bank_detail.ref = $1 AND $2", ref, person.may(Role.FINANCE, Role.ADMIN)
    )
    if found is None:
        raise NotFound("bank_detail")
    return found


async def checks_of(bank_detail_id: int) -> list[db.Row]:
    """The latest first."""
    return await db.rows(
        """SELECT made.*, app_user.name AS who, line.ref AS line_ref, line.end_to_end_id FROM holder_check made
           JOIN app_user ON app_user.id = made.by_user LEFT JOIN payout_line line ON line.id = made.line_id
           WHERE made.bank_detail_id = $1 ORDER BY made.id DESC""",
        bank_detail_id,
    )


async def decide(bank: db.Row, decision: Decision, reason: str) -> None:
    """On what the portal itself found in the names."""
    result = result_of(bank)
    if result is Result.MATCH:
        raise Refused("holder_matches", N_("Les noms concordent : il n'y a rien à décider."))
    await _write(bank["id"], None, "portal", result, bank["holder"], decision, reason)


async def note_answer(line: db.Row, result: Result, said: str, decision: Decision, reason: str) -> None:
    """What the bank answered about the account of this line (verification of payee)."""
    if line["bank_detail_id"] is None:
        raise Refused("holder_no_account", N_("Ce versement ne va pas sur le compte de l'apporteur."))
    await _write(line["bank_detail_id"], line["id"], "bank", result, said, decision, reason)


async def _write(
    bank_detail_id: int, line_id: int | None, source: str, result: Result, said: str, decision: Decision, reason: str
) -> None:  # fmt: skip
    matches = result is Result.MATCH
    if not matches and (decision is Decision.NOT_NEEDED or not reason):
        raise Refused("holder_undecided", REASON)
    await db.insert(
        "holder_check",
        bank_detail_id=bank_detail_id, line_id=line_id, source=source, result=result, said=said,
        decision=Decision.NOT_NEEDED if matches else decision, reason="" if matches else reason,
        by_user=current().actor.user_id, at=now(),
    )  # fmt: skip
    await record(
        "payouts.holder_checked",
        "bank_detail",
        bank_detail_id,
        source=source,
        result=result,
        decision=decision,
    )
