"""Controls: what is broken by hand in the register or in a barter is found by the night."""

import asyncpg
import pytest

from portal.gifts import verify
from portal.invoicing import verify as papers
from portal.kit.days import today
from tests.gifts.orders.shop import POINTS, earn, offer
from tests.gifts.register.gifts import a_box, given, sent, taken_back

BROKEN = {
    "sent_without_register": "DELETE FROM gift_vat; DELETE FROM gift",
    "gift_differs_from_order": "UPDATE gift SET price_cents = price_cents + 1 WHERE order_id IS NOT NULL",
    "correction_differs": "UPDATE gift SET vat_cents = vat_cents + 1 WHERE reverses_id IS NOT NULL",
    "benefits_differ_from_ledger": "UPDATE gift SET value_cents = value_cents + 1 WHERE character = 'remuneration'",
    "gift_vat_differs_from_ledger": "UPDATE gift_vat SET cents = cents + 1 WHERE kind = 'deducted'",
    "gift_past_the_threshold_deducted": "UPDATE gift_vat SET year_cents = threshold_cents + 1 WHERE kind = 'deducted'",
}


@pytest.mark.breaks_promises
@pytest.mark.parametrize("code", BROKEN)
async def test_what_is_broken_by_hand_is_found(code: str, scene, cast, cluster, base):
    await sent(cast, cast.rachel, await offer(cast))
    await given(cast, a_box(20_00, 3_33, today()), cast.stefan)
    await taken_back(cast, await given(cast, a_box(20_00, 3_33, today()), cast.mina))
    assert await verify.faults() == []
    await as_owner(cluster, base, BROKEN[code])
    assert code in {fault.code for fault in await verify.faults()}


async def as_owner(cluster, base: str, sql: str) -> None:
    """Past the guards, as nobody may."""
    connection = await asyncpg.connect(cluster.superuser_url.rsplit("/", 1)[0] + f"/{base}")
    try:
        await connection.execute(f"SET session_replication_role = replica; {sql}")
    finally:
        await connection.close()


BROKEN_BARTERS = {
    "barter_not_equal": "UPDATE barter SET value_cents = value_cents + 1",
    "barter_differs_from_ledger": "UPDATE ledger_line SET amount = amount + 1 WHERE amount = 6000",
    "business_rewarded_without_barter": "DELETE FROM invoice; DELETE FROM barter",
}


@pytest.mark.breaks_promises
@pytest.mark.parametrize("code", BROKEN_BARTERS)
async def test_a_barter_that_is_none_is_found(code: str, scene, cast, cluster, base):
    await scene.contract(cast.remi, POINTS)
    await earn(scene, cast.remi, 100)
    await sent(cast, cast.remi, await offer(cast))
    assert await papers.faults() == []
    await as_owner(cluster, base, BROKEN_BARTERS[code])
    assert code in {fault.code for fault in await papers.faults()}
