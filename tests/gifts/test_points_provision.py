"""What the points still out will cost at the end of a year: cost × probability of use, and the entry that says so."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.gifts.points import provision, spending
from portal.gifts.points.provision_rules import cost_of_one, provision_cents, used_percent
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import Machine, deed
from portal.kit.problems import Refused
from portal.ledger.balances import account_balance
from tests.earnings.scene import TEN_PERCENT

IN_POINTS = {**TEN_PERCENT, "name": "Points", "unit": "POINT"}
COSTS = st.decimals("0.0001", "1000", places=4)
PERCENTS = st.decimals("0", "100", places=2)


def test_what_is_on_order_is_certain_and_the_rest_is_likely():
    # 200 on order × 0,80 € + 800 others × 75 % × 0,80 € = 160,00 + 480,00
    assert provision_cents(1_000, 200, Decimal(80), Decimal(75)) == 640_00
    assert provision_cents(0, 0, Decimal(80), Decimal(75)) == 0
    # more is owed than is out: nothing is provided for
    assert provision_cents(-50, 0, Decimal(80), Decimal(100)) == 0


@given(points=st.integers(0, 10**7), reserved=st.integers(0, 10**7), cost=COSTS, percent=PERCENTS)
def test_a_provision_lies_between_what_is_certain_and_all(points, reserved, cost, percent):
    reserved = min(points, reserved)
    amount = provision_cents(points, reserved, cost, percent)
    assert Fraction(reserved) * Fraction(cost) - 1 < amount < Fraction(points) * Fraction(cost) + 1


def test_cost_and_use_are_told_only_once_there_is_something_to_observe():
    assert cost_of_one(8_000, 100) == Decimal("80.0000")
    assert cost_of_one(0, 0) is None
    assert used_percent(300, 100) == Decimal("75.00")
    assert used_percent(0, 0) is None


@pytest.fixture
async def points(scene, cast):
    """600 points out, 200 of them on order."""
    await scene.contract(cast.rachel, IN_POINTS)
    deal = await scene.deal(cast.rachel)
    await scene.pays(deal, 6_000_00, days_ago=40)
    async with deed(Machine("test")):
        await spending.reserve(cast.entity_id, cast.rachel.referrer_id, 1, 200, today())


async def provide(cast, cost: int, percent: int, day: date | None = None) -> db.Row:
    async with deed(cast.fanny.person):
        return await provision.provide(cast.entity_id, day or today(), Decimal(cost), Decimal(percent), "")


async def test_the_entry_brings_the_books_to_the_new_level(scene, cast, points):
    first = await provide(cast, 80, 75)  # 200 × 0,80 + 400 × 75 % × 0,80 = 160 + 240
    assert first["amount_cents"] == 400_00
    second = await provide(cast, 80, 50)  # 160 + 160: 80 less
    assert (second["amount_cents"], second["before_cents"]) == (320_00, 400_00)
    assert await account_balance(f"entity:{cast.entity_id}:points_provision") == -320_00
    assert await account_balance(f"entity:{cast.entity_id}:points_provided") == 400_00
    assert await account_balance(f"entity:{cast.entity_id}:points_written_back") == -80_00


async def test_the_journal_shows_the_provision_on_its_accounts(scene, cast, client, points):
    kept = await provide(cast, 80, 75)
    page = await client(cast.fanny).get(f"/comptabilite?mois={today():%Y-%m}&journal=OD")
    for said in ("6815", "1518", "400,00", kept["ref"]):
        assert said in page.text


async def test_the_paper_says_how_and_for_whom(scene, cast, client, points):
    kept = await provide(cast, 80, 75)
    page = (await client(cast.fanny).get(f"/comptabilite/points/{kept['ref']}")).text
    for said in ("400,00", "Rachel Vidal", "600 points", "200 points", "75"):
        assert said in page
    export = await client(cast.fanny).get(f"/comptabilite/points/{kept['ref']}?format=csv")
    assert "600" in export.text


async def test_finance_saves_it_from_the_page(scene, cast, client, points):
    fanny = client(cast.fanny)
    page = (await fanny.get(f"/comptabilite/points?jour={today()}")).text
    assert "600,00" in page  # one euro a point, all of them: nothing was observed yet
    answer = await fanny.post_form(
        "/comptabilite/points", on_day=today().isoformat(), cost="0,8", percent="75"
    )
    assert answer.status_code == 303
    refused = await fanny.post_form("/comptabilite/points", on_day="2999-12-31", cost="0,8", percent="75")
    assert refused.status_code == 422


async def test_a_day_before_the_last_provision_is_refused(scene, cast, points):
    await provide(cast, 80, 75)
    with pytest.raises(Refused, match="provided_later"):
        await provide(cast, 80, 75, date(2025, 12, 31))
