"""Any sequence of movements: a few lines of plain Python judge the ledger in the database."""

import asyncio
from collections import Counter
from datetime import date

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from portal.kit import db
from portal.kit.deed import deed
from portal.ledger import posting, recipes, verify
from portal.ledger.posting import LedgerRefused
from portal.ledger.rules import Entry
from tests.ledger.conftest import BOOKKEEPER, legal_entity

DAY = date(2026, 3, 12)
WAYS = {
    "earn": recipes.commission_earned,
    "release": recipes.hold_released,
    "take_back_held": lambda *a: recipes.commission_taken_back(*a, held=True),
    "take_back": recipes.commission_taken_back,
    "invoice": lambda e, r, n, cents, on: recipes.invoice_issued(e, r, n, cents, cents // 5, on),
    "credit": lambda e, r, n, cents, on: recipes.credit_note_issued(
        e, r, n, cents, cents // 5, on, paid=True
    ),
    "send": lambda e, r, n, cents, on: recipes.payout_sent(e, r, n, cents, 0, on),
    "settle": lambda e, r, n, cents, on: recipes.payout_settled(e, r, n, cents, 0, on),
    "return": lambda e, r, n, cents, on: recipes.payout_returned(e, r, n, cents, 0, on),
}
MAY_GO_BELOW = {"due", "bank", "vat_pending", "vat_deductible", "paid_out"}
DEBIT_SIDE = {"earned", "owes", "vat_owes"}


class PlainLedger:
    """The judge: entries by key, balances by account."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        self.balances: Counter[str] = Counter()

    def takes(self, entry: Entry) -> bool:
        if entry.key in self.entries:
            return self.entries[entry.key] == entry
        after = self.balances.copy()
        for line in entry.lines:
            after[line.account] += line.amount
        if any(self._overdrawn(line.account, after[line.account]) for line in entry.lines):
            return False
        self.entries[entry.key], self.balances = entry, after
        return True

    def _overdrawn(self, account: str, balance: int) -> bool:
        role = account.rpartition(":")[2]
        return role not in MAY_GO_BELOW and (balance < 0 if role in DEBIT_SIDE else balance > 0)


class Movements(RuleBasedStateMachine):
    loop: asyncio.AbstractEventLoop
    first_free = 100

    def __init__(self) -> None:
        super().__init__()
        self.judge, self.entity = PlainLedger(), self.loop.run_until_complete(legal_entity())
        Movements.first_free += 100
        self.base = Movements.first_free  # keys are unique over all examples, which share the database

    @rule(
        way=st.sampled_from(list(WAYS)),
        referrer=st.integers(1, 2),
        fact=st.integers(0, 8),
        cents=st.integers(1, 4),
    )
    def move(self, way: str, referrer: int, fact: int, cents: int) -> None:
        entry = WAYS[way](self.entity, referrer, self.base + fact, cents * 100, DAY)
        assert self.loop.run_until_complete(self._post(entry)) == self.judge.takes(entry)

    @invariant()
    def balances_agree(self) -> None:
        self.loop.run_until_complete(self._compare())

    async def _post(self, entry: Entry) -> bool:
        try:
            async with deed(BOOKKEEPER):
                await posting.post([entry])
        except LedgerRefused:
            return False
        return True

    async def _compare(self) -> None:
        posted = await db.rows(
            """SELECT account.code, sum(line.amount)::bigint AS amount, min(balance.balance) AS kept
               FROM ledger_line line JOIN ledger_account account ON account.id = line.account_id
               LEFT JOIN ledger_balance balance ON balance.account_id = account.id
               WHERE account.legal_entity_id = $1 GROUP BY account.code""",
            self.entity,
        )
        assert {row["code"]: row["amount"] for row in posted if row["amount"]} == {
            code: amount for code, amount in self.judge.balances.items() if amount
        }
        assert all(row["kept"] in (None, row["amount"]) for row in posted)


def test_the_ledger_agrees_with_a_plain_one(cluster):
    Movements.loop = asyncio.new_event_loop()
    try:
        with_database(cluster, Movements.loop)
    finally:
        Movements.loop.close()


def with_database(cluster, loop: asyncio.AbstractEventLoop) -> None:
    loop.run_until_complete(cluster.run("CREATE DATABASE t_machine TEMPLATE template_portal"))
    engine = db.engine()
    engine.point_at(cluster.runtime("t_machine"))
    loop.run_until_complete(engine.start_connection_pool(min_size=1, max_size=2))
    try:
        run_state_machine_as_test(
            Movements, settings=settings(max_examples=12, stateful_step_count=25, deadline=None)
        )
        assert loop.run_until_complete(verify.faults()) == []
    finally:
        loop.run_until_complete(engine.close_connection_pool())
        loop.run_until_complete(cluster.run("DROP DATABASE t_machine WITH (FORCE)"))
