"""A draft beside the version in force, on the deals that really happened."""

import time
from datetime import timedelta

import pytest

from portal.earnings import comparing
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.plans.editor import drafting
from tests.cast import Cast
from tests.earnings.scene import TEN_PERCENT, Scene, scene_of
from tests.plans.drafts import body_of, compared, next_draft

NAME = TEN_PERCENT["name"]


@pytest.fixture
async def scene(cast: Cast) -> Scene:
    return await scene_of(cast)


async def in_force(scene: Scene, *who) -> int:
    contract = [await scene.contract(one) for one in who][-1]
    return contract["plan_version_id"]


async def kept(comparison: db.Row) -> list[tuple[int, int]]:
    return [(row["before"], row["after"]) for row in await comparing.differing(comparison["id"])]


async def test_who_would_have_earned_what(cast, scene):
    version = await in_force(scene, cast.rachel, cast.mina)
    large, small = await scene.deal(cast.rachel, 12_000_00), await scene.deal(cast.mina, 2_000_00)
    await scene.pays(large, 6_000_00, days_ago=60)
    await scene.pays(large, 6_000_00, days_ago=30)
    await scene.pays(small, 2_000_00, days_ago=20)
    draft = await next_draft(cast, version, body_of("paliers", NAME))  # 5 % below 20 000
    found = await compared(cast, draft, version)
    # 10 % against 5 %
    assert found["result"]["referrers"] == [
        [cast.rachel.referrer_id, 1_200_00, 600_00],
        [cast.mina.referrer_id, 200_00, 100_00],
    ]
    assert await kept(found) == [(1_200_00, 600_00), (200_00, 100_00)]
    assert (found["state"], found["deals"], found["done"]) == ("done", 2, 2)


async def test_a_deal_that_was_written_down_wrong_counts_as_it_was_put_right(cast, scene):
    version = await in_force(scene, cast.rachel)
    deal = await scene.deal(cast.rachel, 12_000_00)
    await scene.is_corrected(deal, 11_000_00)
    await scene.is_corrected(deal, 10_000_00)
    await scene.pays(deal, 3_000_00, days_ago=10)
    draft = await next_draft(cast, version, TEN_PERCENT | {"pays_on": "deal_signed"})
    # today 10 % of the 3 000 that were paid; with the draft 10 % of the 10 000 that were really signed
    assert await kept(await compared(cast, draft, version)) == [(300_00, 1_000_00)]


async def test_bands_run_over_all_deals_of_a_referrer(cast, scene):
    version = await in_force(scene, cast.rachel)
    for days_ago in (60, 40):
        await scene.pays(
            await scene.deal(cast.rachel, 10_000_00, days_ago=days_ago + 5), 10_000_00, days_ago=days_ago
        )
    draft = await next_draft(cast, version, body_of("tranches", NAME))
    # 10 000 at 5 %, the next 10 000 at 8 %; both payments fall into one year unless New Year lies between
    same_year = (today() - timedelta(60)).year == (today() - timedelta(40)).year
    found = await compared(cast, draft, version)
    assert found["result"]["referrers"] == [
        [cast.rachel.referrer_id, 2_000_00, 1_300_00 if same_year else 1_000_00]
    ]


async def test_money_before_the_twelve_months_fills_bands_and_is_not_told(cast, scene):
    version = (await scene.contract(cast.rachel, since=today() - timedelta(800)))["plan_version_id"]
    old = await scene.deal(cast.rachel, 20_000_00, days_ago=500)
    await scene.pays(old, 10_000_00, days_ago=450)
    await scene.pays(old, 10_000_00, days_ago=100)
    pay = {
        "kind": "tiers",
        "mode": "marginal",
        "measure": "base",
        "period": "lifetime",
        "bands": [{"from": "0", "rate": "1"}, {"from": "10000", "rate": "2"}],
    }
    body = body_of("abonnement", NAME, rules=[{"key": "v", "when": [], "pay": pay}])
    draft = await next_draft(cast, version, body)
    found = await compared(cast, draft, version)
    # only the second payment counts; the first filled the band of 1 %, so it earns 2 %
    assert found["result"]["referrers"] == [[cast.rachel.referrer_id, 1_000_00, 200_00]]


async def test_a_refund_counts_and_a_deal_that_the_draft_refuses_is_listed_with_the_reason(
    cast, scene, client
):
    version = await in_force(scene, cast.rachel)
    deal = await scene.deal(cast.rachel, 6_000_00)
    await scene.pays(deal, 6_000_00, days_ago=50)
    await scene.is_refunded(deal, 1_000_00, days_ago=10)
    draft = await next_draft(cast, version, body_of("marge", NAME))  # no line tells its cost
    found = await compared(cast, draft, version)
    assert await kept(found) == [(500_00, 0)]
    assert found["result"]["refused"] == 1
    alice, way = client(cast.alice), f"/reglages/baremes/{draft['ref']}/comparaison"
    said = (await alice.get(way)).text
    assert "le coût manque" in said
    one = await alice.get(f"{way}/affaires/{deal['ref']}")
    assert "le coût manque" in one.text
    assert "Remboursement" in one.text.replace("\u2019", "'") or "-100,00" in one.text.replace("\xa0", " ")


async def test_nothing_is_written_but_the_result(cast, scene):
    version = await in_force(scene, cast.rachel)
    await scene.pays(await scene.deal(cast.rachel, 6_000_00), 6_000_00, days_ago=50)
    draft = await next_draft(cast, version, body_of("points", NAME))
    watched = ("earning", "earning_fact", "earning_deal_state", "ledger_entry", "plan_version")
    before = [await db.value(f"SELECT count(*) FROM {table}") for table in watched]
    found = await compared(cast, draft, version)
    assert [await db.value(f"SELECT count(*) FROM {table}") for table in watched] == before
    assert found["result"]["units"] == ["EUR", "POINT"]


async def test_the_page_follows_the_job_and_says_when_the_draft_has_changed(cast, scene, client):
    version = await in_force(scene, cast.rachel)
    await scene.pays(await scene.deal(cast.rachel, 6_000_00), 6_000_00, days_ago=50)
    draft = await next_draft(cast, version, body_of("abonnement", NAME))
    alice, way = client(cast.alice), f"/reglages/baremes/{draft['ref']}/comparaison"
    against = await db.value("SELECT ref FROM plan_version WHERE id = $1", version)
    assert (await alice.post_form(way, against="X")).status_code == 422
    assert (await alice.post_form(way, against=against)).status_code == 303
    assert 'hx-trigger="every 1s"' in (await alice.get(way)).text
    assert "HX-Refresh" not in (await alice.get(f"{way}/avancement")).headers
    found = await comparing.latest(draft["id"])
    assert found
    await comparing.compare(found["id"])
    await comparing.compare(found["id"])  # harmless twice
    assert (await alice.get(f"{way}/avancement")).headers["HX-Refresh"] == "true"
    assert "Rachel Vidal" in (await alice.get(way)).text
    async with deed(cast.alice.person):
        await drafting.save(draft, draft["version"], body_of("points", NAME))
    assert "Le brouillon a changé" in (await alice.get(way)).text


async def test_a_shared_deal_counts_for_those_of_the_plan(cast, scene):
    from decimal import Decimal

    from portal.deals.rules import Share

    version = await in_force(scene, cast.rachel, cast.mina)
    shares = [Share(cast.rachel.referrer_id, Decimal(75)), Share(cast.mina.referrer_id, Decimal(25))]
    await scene.pays(await scene.deal(cast.rachel, 8_000_00, shares=shares), 8_000_00, days_ago=50)
    found = await compared(cast, await next_draft(cast, version, body_of("abonnement", NAME)), version)
    # 8 000 × 10 % and × 5 %, at 75 / 25
    assert found["result"]["referrers"] == [
        [cast.rachel.referrer_id, 600_00, 300_00],
        [cast.mina.referrer_id, 200_00, 100_00],
    ]


async def test_a_draft_that_was_compared_can_still_be_discarded(cast, scene):
    version = await in_force(scene, cast.rachel)
    await scene.pays(await scene.deal(cast.rachel, 6_000_00), 6_000_00, days_ago=50)
    draft = await next_draft(cast, version, body_of("abonnement", NAME))
    await compared(cast, draft, version)
    async with deed(cast.alice.person):
        await drafting.drop(draft, draft["version"])
    assert await db.value("SELECT count(*) FROM plan_comparison_deal") == 0


def test_two_hundred_deals_are_reckoned_within_a_few_seconds():
    """Five events each, under two plans; what stands around it are nine queries."""
    from portal.earnings.comparing import Side, Story
    from portal.earnings.rules import Share
    from portal.plans.rules import compile_plan, parse_event

    stories = []
    for n in range(200):
        deal, own = str(n), {"7": Share(n, 7, 1, 1, 1, today() - timedelta(300), "1")}
        events = [
            {
                "id": f"{deal}/signed",
                "type": "deal_signed",
                "deal": deal,
                "on": "2026-01-05",
                "referrer": "7",
                "lines": [{"net": "4000.00"}],
            }
        ]
        events += [
            {"id": f"{deal}/{k}", "type": "client_paid", "deal": deal, "on": "2026-02-05", "net": "1000.00"}
            for k in range(4)
        ]
        stories += [Story(parse_event(event), own) for event in events]
    started = time.perf_counter()
    for side in (Side(compile_plan(body_of("tranches"))), Side(compile_plan(body_of("paliers")))):
        side.takes(stories, today() - timedelta(365 * 3))
        assert not side.refused
    assert time.perf_counter() - started < 5
