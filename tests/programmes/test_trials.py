"""Two plans compared: the draw is by lot, kept for ever, and of the size that was asked for."""

import pytest

from portal.contracts import access as contracts
from portal.contracts.automatic import draft_offer, offers
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.problems import Refused, Stale
from portal.leads import actions as recommending
from portal.plans import actions as plans
from portal.plans.programme import trials
from tests.contracts.stories import open_programme
from tests.walk.test_by_verbs import PLAN

HOME = "/reglages/essais"


async def on_trial(cast, share_b=50):
    """Programme, both versions, the trial."""
    programme_id, a = await open_programme(cast)
    async with deed(cast.alice.person):
        b = (await plans.publish(programme_id, PLAN | {"name": "Barème B"}, today()))["id"]
        trial = await trials.open_trial(programme_id, "Lequel plaît ?", a, b, share_b)
    return programme_id, a, b, trial


def test_of_a_thousand_referrers_as_many_draw_b_as_the_share_says():
    for share in (10, 50, 90):
        drew_b = sum(trials.drawn("seed", referrer, share) == "b" for referrer in range(10_000))
        assert abs(drew_b - share * 100) < 200  # four standard deviations of 50 at a half


def test_a_draw_comes_out_the_same_whoever_asks_again():
    assert [trials.drawn("seed", n, 50) for n in range(50)] == [
        trials.drawn("seed", n, 50) for n in range(50)
    ]


def test_two_trials_draw_apart():
    one, other = ([trials.drawn(seed, n, 50) for n in range(200)] for seed in ("one", "other"))
    assert 60 < sum(a == b for a, b in zip(one, other, strict=True)) < 140


async def test_a_referrer_is_offered_the_plan_they_draw_and_only_that(cast):
    _programme, a, b, trial = await on_trial(cast)
    for member in (cast.rachel, cast.remi, cast.mina, cast.stefan):
        (offer,) = await offers(today(), member.referrer_id)
        drew = trials.drawn(trial["seed"], member.referrer_id, 50)
        assert offer.plan["id"] == {"a": a, "b": b}[drew]


async def test_the_draw_is_kept_when_the_contract_is_drafted(cast):
    _programme, _a, _b, trial = await on_trial(cast)
    (offer,) = await offers(today(), cast.rachel.referrer_id)
    async with deed(cast.sam.person):
        contract = await draft_offer(offer, cast.rachel.referrer_id)
    kept = await db.row("SELECT arm FROM plan_trial_draw WHERE trial_id = $1", trial["id"])
    assert kept["arm"] == trials.drawn(trial["seed"], cast.rachel.referrer_id, 50)
    assert contract["plan_version_id"] == offer.plan["id"]


async def test_whoever_applies_gets_the_contract_they_drew_by_itself(cast, client):
    """One programme, two plans on trial: there is nothing to choose."""
    from tests.contracts.test_drafting import apply

    _programme, a, b, trial = await on_trial(cast)
    await apply(cast.rachel)
    (contract,) = await contracts.contracts_of(cast.rachel.referrer_id)
    drew = trials.drawn(trial["seed"], cast.rachel.referrer_id, 50)
    assert contract["plan_version_id"] == {"a": a, "b": b}[drew]
    assert await db.value("SELECT count(*) FROM plan_trial_draw") == 1


async def test_once_closed_the_new_ones_are_offered_the_chosen_one(cast, client):
    _programme, _a, b, trial = await on_trial(cast)
    answer = await client(cast.alice).post_form(
        f"{HOME}/{trial['ref']}/cloture", chosen="b", version=str(trial["version"])
    )
    assert answer.status_code == 303
    for member in (cast.rachel, cast.remi, cast.mina, cast.stefan):
        (offer,) = await offers(today(), member.referrer_id)
        assert offer.plan["id"] == b


async def test_a_trial_is_closed_once(cast):
    *_rest, trial = await on_trial(cast)
    async with deed(cast.alice.person):
        await trials.close(trial, trial["version"], "a")
        with pytest.raises(Stale):
            await trials.close(trial, trial["version"], "b")


async def test_a_programme_has_one_trial_at_a_time_of_two_of_its_own_plans(cast):
    programme_id, a, b, _trial = await on_trial(cast)
    _other_programme, foreign = await open_programme(cast, "Grands comptes", "Barème GC")
    async with deed(cast.alice.person):
        for versions, why in (
            ((a, b), "open_already"),
            ((a, foreign), "not_of_programme"),
            ((a, a), "same_twice"),
        ):
            with pytest.raises(Refused, match=why):
                await trials.open_trial(programme_id, "Encore", *versions, 50)


async def test_the_page_counts_each_arm_since_the_draw(cast, client):
    _programme, _a, _b, trial = await on_trial(cast, share_b=99)
    (offer,) = await offers(today(), cast.rachel.referrer_id)
    async with deed(cast.sam.person):
        await draft_offer(offer, cast.rachel.referrer_id)
    async with deed(cast.rachel.person):
        await recommending.submit(
            cast.rachel.referrer_id, company_name="Atelier Morin", consent="spoken 2026-11-20", contact_email="a@morin.example"
        )  # fmt: skip
    arms = dict(zip("ab", await trials.arms_of(trial), strict=True))
    drew = trials.drawn(trial["seed"], cast.rachel.referrer_id, 99)
    assert (arms[drew].referrers, arms[drew].recommendations, arms[drew].deals) == (1, 1, 0)
    shown = await client(cast.alice).get(f"{HOME}/{trial['ref']}")
    assert shown.status_code == 200
    assert "Trop tôt pour conclure" in shown.text


async def test_a_trial_is_opened_by_form(cast, client):
    programme_id, _a = await open_programme(cast)
    async with deed(cast.alice.person):
        await plans.publish(programme_id, PLAN | {"name": "Barème B"}, today())
    refs = [row["ref"] for row in await db.rows("SELECT ref FROM plan_version ORDER BY id")]
    ref = await db.value("SELECT ref FROM programme")
    alice = client(cast.alice)
    sent = {"name": "Lequel ?", "version_a": refs[0], "version_b": refs[1], "share_b": "30"}
    twice = await alice.post_form(f"/reglages/programmes/{ref}/essais", **sent | {"version_b": refs[0]})
    assert twice.status_code == 422
    answer = await alice.post_form(f"/reglages/programmes/{ref}/essais", **sent)
    assert answer.status_code == 303
    assert (await alice.get(answer.headers["location"])).status_code == 200
