"""A small edition of the company of the demo, built once; each test gets a copy."""

import asyncio

import pytest

from portal import consequences
from portal.demo import build
from portal.kit import db

SMALL = 0.05
MONEY = """
SELECT md5(string_agg(line, ';')) FROM (
  SELECT concat_ws(' ', 'earning', deal_id, referrer_id, amount, base_cents, occurred_on, due_on) AS line FROM earning
  UNION ALL SELECT concat_ws(' ', 'paper', number, net_cents, vat_cents, issued_on, due_on) FROM invoice
  UNION ALL SELECT concat_ws(' ', 'transfer', run_id, referrer_id, net_cents, vat_cents, state) FROM payout_line
  UNION ALL SELECT concat_ws(' ', 'lead', id, company_name, state, recommended_on, estimate_cents) FROM lead
  ORDER BY 1) told
"""


@pytest.fixture(scope="session")
def digest(cluster) -> str:
    """Of all amounts, once the template is built."""

    async def prepare() -> str:
        await cluster.run("CREATE DATABASE template_demo TEMPLATE template_portal")
        engine = db.engine()
        engine.point_at(cluster.runtime("template_demo"))
        await engine.start_connection_pool(min_size=1, max_size=4)
        try:
            await build.build(lambda _line: None, SMALL)
            return await db.value(MONEY)
        finally:
            await engine.close_connection_pool()

    consequences.install()
    return asyncio.run(prepare())


@pytest.fixture
def template(digest: str) -> str:
    return "template_demo"
