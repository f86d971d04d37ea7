"""A small edition of the company of the demo, built once as of a day on which much falls together; each test gets a copy."""

import asyncio
from datetime import date

import pytest

from portal import consequences
from portal.demo import build
from portal.kit import db
from portal.kit.days import at, clock_at

SMALL = 0.01  # one of each kind, every thread, hardly any ordinary business
THAT_DAY = at(date(2027, 11, 1), 0, 5)  # a Monday off after a weekend, the hour changed the night before
MONEY = """
SELECT concat_ws(' ', 'earning', deal_id, referrer_id, amount, base_cents, occurred_on, due_on) AS line FROM earning
UNION ALL SELECT concat_ws(' ', 'paper', number, net_cents, vat_cents, issued_on, due_on) FROM invoice
UNION ALL SELECT concat_ws(' ', 'transfer', run_id, referrer_id, net_cents, vat_cents, state) FROM payout_line
UNION ALL SELECT concat_ws(' ', 'lead', id, CASE WHEN erased_at IS NULL THEN company_name END, state, recommended_on, estimate_cents) FROM lead
ORDER BY 1
"""


async def money() -> list[str]:
    return [row["line"] for row in await db.rows(MONEY)]


@pytest.fixture(scope="session")
def told(cluster) -> list[str]:
    """The company that every test gets a copy of; all its money."""

    async def prepare() -> list[str]:
        await cluster.run("CREATE DATABASE template_demo TEMPLATE template_portal")
        engine = db.engine()
        engine.point_at(cluster.runtime("template_demo"))
        await engine.start_connection_pool(min_size=1, max_size=4)
        try:
            with clock_at(THAT_DAY):
                await build.build(lambda _line: None, SMALL)
            return await money()
        finally:
            await engine.close_connection_pool()

    consequences.install()
    return asyncio.run(prepare())


@pytest.fixture
def template(told: list[str]) -> str:
    return "template_demo"
