"""Reading balances: what they cost does not grow with the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.kit import db
from portal.ledger.accounts import EURO_ROLES, EXPENSE, POINT_ROLES, VAT_ROLES, of_company

DEBITS = frozenset({"earned", "owes", "vat_owes", "written_off", "points_owed"})


@dataclass(frozen=True, slots=True)
class Balances:
    """A referrer's money in cents before tax, the tax beside it, and points. All as one says them: never below zero.

    Always: earned − taken_back = held + due + invoiced + in_transit + paid − owes."""

    earned: int = 0
    taken_back: int = 0  # what was given up is taken back no longer
    held: int = 0
    due: int = 0
    invoiced: int = 0
    in_transit: int = 0
    paid: int = 0
    owes: int = 0
    vat_invoiced: int = 0
    vat_in_transit: int = 0
    vat_owes: int = 0
    points_held: int = 0
    points: int = 0
    points_reserved: int = 0
    points_owed: int = 0

    @property
    def owed(self) -> int:
        return self.owes

    @property
    def holds(self) -> bool:
        """The identity that every page shows."""
        ways = self.held + self.due + self.invoiced + self.in_transit + self.paid - self.owes
        return self.earned - self.taken_back == ways


async def referrer_balances(referrer_id: int) -> Balances:
    return (await balances_of([referrer_id]))[referrer_id]


async def balances_of(referrer_ids: Sequence[int]) -> dict[int, Balances]:
    """Of many referrers in one query, over all legal entities; nothing posted is all zero."""
    found = await db.rows(
        """SELECT account.referrer_id, account.role, sum(balance.balance)::bigint AS balance
           FROM ledger_account account JOIN ledger_balance balance ON balance.account_id = account.id
           WHERE account.referrer_id = ANY ($1::bigint[]) GROUP BY account.referrer_id, account.role""",
        list(referrer_ids),
    )
    posted: dict[int, dict[str, int]] = {referrer_id: {} for referrer_id in referrer_ids}
    for row in found:
        posted[row["referrer_id"]][row["role"]] = row["balance"]
    return {referrer_id: as_said(by_role) for referrer_id, by_role in posted.items()}


def as_said(posted: dict[str, int]) -> Balances:
    """From debit balances by role. What was taken back beyond what is due is owed."""
    roles = (*EURO_ROLES, *VAT_ROLES, *POINT_ROLES)
    said = {role: posted.get(role, 0) * (1 if role in DEBITS else -1) for role in roles}
    said["taken_back"] -= said.pop("written_off")
    said["owes"] += max(0, -said["due"])
    said["due"] = max(0, said["due"])
    return Balances(**said)


COMPANY_BALANCE = """
SELECT coalesce((SELECT sum(amount) FROM ledger_day_total WHERE code = ANY ($1) AND day BETWEEN $2 AND $3), 0)::bigint
     + coalesce((SELECT sum(line.amount) FROM ledger_entry entry
                 JOIN ledger_line line ON line.entry_id = entry.id JOIN ledger_account account ON account.id = line.account_id
                 WHERE entry.id > (SELECT last_entry FROM ledger_cursor)
                   AND entry.occurred_on BETWEEN $2 AND $3 AND account.sums_into = ANY ($1)), 0)::bigint
"""


async def account_balance(code: str, since: date = date.min, until: date = date.max) -> int:
    """`+` debit, `−` credit, of what occurred between the two days. 'entity:1:bank' is an account of the company;
    'entity:1:held' is the sum over all referrers; 'entity:1:expense' what commissions cost."""
    entity_id, role = int(code.split(":")[1]), code.rpartition(":")[2]
    if ":referrer:" in code:
        return await _personal_balance(code)
    codes = [of_company(entity_id, part) for part in (EXPENSE if role == "expense" else (role,))]
    return await db.value(COMPANY_BALANCE, codes, since, until)


async def company_balance(entity_id: int, roles: Sequence[str]) -> int:
    """The sum of these over all referrers, now."""
    codes = [of_company(entity_id, role) for role in roles]
    return await db.value(COMPANY_BALANCE, codes, date.min, date.max)


async def _personal_balance(code: str) -> int:
    found = await db.value(
        "SELECT balance FROM ledger_balance JOIN ledger_account account ON account.id = account_id WHERE code = $1",
        code,
    )
    return found or 0
