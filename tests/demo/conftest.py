"""A small edition of the company of the demo, built once; each test gets a copy."""

import asyncio
from dataclasses import dataclass
from datetime import date

import pytest

from portal import consequences
from portal.demo import build
from portal.kit import db
from portal.kit.days import at, clock_at, today

SMALL = 0.01  # one of each kind, every thread, hardly any ordinary business
MONEY = """
SELECT concat_ws(' ', 'earning', deal_id, referrer_id, amount, base_cents, occurred_on, due_on) AS line FROM earning
UNION ALL SELECT concat_ws(' ', 'paper', number, net_cents, vat_cents, issued_on, due_on) FROM invoice
UNION ALL SELECT concat_ws(' ', 'transfer', run_id, referrer_id, net_cents, vat_cents, state) FROM payout_line
UNION ALL SELECT concat_ws(' ', 'lead', id, company_name, state, recommended_on, estimate_cents) FROM lead
ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class Told:
    """The company as it was built: on which day, and all its money."""

    on: date
    money: list[str]


async def money() -> list[str]:
    return [row["line"] for row in await db.rows(MONEY)]


@pytest.fixture(scope="session")
def told(cluster) -> Told:
    """Once the template is built."""

    async def prepare() -> Told:
        day = today()
        await cluster.run("CREATE DATABASE template_demo TEMPLATE template_portal")
        engine = db.engine()
        engine.point_at(cluster.runtime("template_demo"))
        await engine.start_connection_pool(min_size=1, max_size=4)
        try:
            with clock_at(at(day, 18)):
                await build.build(lambda _line: None, SMALL)
            return Told(day, await money())
        finally:
            await engine.close_connection_pool()

    consequences.install()
    return asyncio.run(prepare())


@pytest.fixture
def template(told: Told) -> str:
    return "template_demo"
