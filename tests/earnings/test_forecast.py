"""What a contract is about to be worth: earned in its year and what the open deals would bring; for the duty of vigilance."""

from datetime import timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from portal.deals.rules import Share
from portal.earnings.forecast import forecasts, foreseen, share_worth
from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.days import today
from portal.leads.estimates import Scale, Worth
from tests.counting import Queries
from tests.earnings.scene import TEN_PERCENT, scene_of

cents = st.integers(min_value=-(10**9), max_value=10**9)
worths = st.lists(
    st.builds(Worth, low=st.just(0), high=st.integers(0, 10**9), unit=st.sampled_from(["EUR", "POINT"]))
)


@given(cents, worths, st.integers(0, 10**9))
def test_a_deal_more_or_a_commission_more_never_lowers_it(earned, open_deals, more):
    before = foreseen(earned, open_deals)
    assert foreseen(earned, [*open_deals, Worth(0, more, "EUR")]) == before + more
    assert foreseen(earned + more, open_deals) >= before
    assert before >= 0


@given(cents, worths)
def test_points_and_what_no_plan_can_tell_count_for_nothing(earned, open_deals):
    euros = [one for one in open_deals if one.unit == "EUR"]
    assert foreseen(earned, [*open_deals, None]) == foreseen(earned, euros)


@given(st.integers(1, 10**8), st.integers(1, 100), st.integers(0, 100))
def test_a_larger_share_is_never_worth_less(rest, weight, more):
    scale = Scale(TEN_PERCENT, [])
    less, greater = (
        share_worth(scale, rest, Decimal(one), Decimal(200), []) for one in (weight, weight + more)
    )
    assert (greater.high if greater else 0) >= (less.high if less else 0)


async def of(who) -> int:
    return (await forecasts([who.referrer_id], today()))[who.referrer_id]


async def test_what_clients_still_have_to_pay_counts_as_earned_ahead(cast):
    scene = await scene_of(cast)
    await scene.contract(cast.mina)
    deal = await scene.deal(cast.mina, 30_000_00, days_ago=20)
    assert await of(cast.mina) == 3_000_00  # 30 000 × 10 %
    await scene.pays(deal, 12_000_00, days_ago=0)
    assert await of(cast.mina) == 3_000_00  # 1 200 earned, 18 000 × 10 % to come
    await scene.pays(deal, 18_000_00, days_ago=0)
    assert await of(cast.mina) == 3_000_00


async def test_of_a_shared_deal_only_the_share_counts(cast):
    scene = await scene_of(cast)
    await scene.contract(cast.mina)
    await scene.contract(cast.remi)
    shares = [Share(cast.mina.referrer_id, Decimal(25)), Share(cast.remi.referrer_id, Decimal(75))]
    await scene.deal(cast.mina, 40_000_00, days_ago=3, shares=shares)
    assert (await of(cast.mina), await of(cast.remi)) == (1_000_00, 3_000_00)  # 40 000 × 10 % × ¼ and × ¾


async def test_the_year_of_the_contract_begins_anew_and_an_old_deal_is_counted_on_no_more(cast):
    scene = await scene_of(cast)
    await scene.contract(cast.mina)
    deal = await scene.deal(cast.mina, 20_000_00, days_ago=2)
    await scene.pays(deal, 10_000_00, days_ago=0)
    later = today() + timedelta(
        800
    )  # two anniversaries on: what was earned belongs to another year, the deal is forgotten
    assert (await forecasts([cast.mina.referrer_id], later))[cast.mina.referrer_id] == 0


async def test_it_is_written_dated_and_only_when_it_changes(cast):
    scene = await scene_of(cast)
    await scene.contract(cast.mina)
    deal = await scene.deal(cast.mina, 30_000_00, days_ago=20)
    await work_off()
    await scene.pays(deal, 12_000_00, days_ago=0)
    await work_off()
    noted = await db.rows(
        "SELECT value, since FROM referrer_trait WHERE referrer_id = $1", cast.mina.referrer_id
    )
    assert [(row["value"], row["since"]) for row in noted] == [("300000", today())]


async def test_it_asks_as_much_for_many_as_for_one(cast):
    scene = await scene_of(cast)
    for who in (cast.mina, cast.remi, cast.rachel):
        await scene.contract(who)
        await scene.deal(who, 10_000_00, days_ago=2)
    counted = []
    for ids in (
        [cast.mina.referrer_id],
        [cast.mina.referrer_id, cast.remi.referrer_id, cast.rachel.referrer_id],
    ):
        async with Queries() as queries:
            await forecasts(ids, today())
        counted.append(len(queries))
    assert counted == [4, 4]
