"""One programme: its terms are changed by one at a time, its objectives show how far it is, its budget warns and stops nothing."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from portal.contracts import actions as contracts
from portal.contracts.automatic import offers
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.leads import access as leads
from portal.leads import actions as recommending
from portal.plans import access
from portal.plans.programme import programmes
from portal.plans.programme.programmes import Figures, Measure, Progress
from tests.contracts.stories import in_force, open_programme
from tests.counting import Queries

HOME = "/reglages/programmes"


async def programme_of(programme_id):
    return await access.programme(programme_id)


def terms(programme, **more):
    kept = {
        "name": programme["name"], "starts_on": programme["starts_on"].isoformat(), "words": "apporteur",
        "priority_months": "6", "answer_days": "2", "version": str(programme["version"]),
    }  # fmt: skip
    return kept | more


async def test_a_programme_gets_an_end_and_a_budget(cast, client):
    programme = await programme_of((await open_programme(cast))[0])
    ends = (today() + timedelta(days=90)).isoformat()
    answer = await client(cast.alice).post_form(
        f"{HOME}/{programme['ref']}/modification", **terms(programme, ends_on=ends, budget="20 000,00")
    )
    assert answer.status_code == 303
    after = await programme_of(programme["id"])
    assert (after["ends_on"].isoformat(), after["budget_cents"]) == (ends, 20_000_00)


async def test_a_form_that_is_out_of_date_changes_nothing(cast, client):
    programme = await programme_of((await open_programme(cast))[0])
    alice, path = client(cast.alice), f"{HOME}/{programme['ref']}/modification"
    assert (await alice.post_form(path, **terms(programme, priority_months="9"))).status_code == 303
    assert (await alice.post_form(path, **terms(programme, priority_months="12"))).status_code == 409
    assert (await programme_of(programme["id"]))["priority_months"] == 9


async def test_another_programmes_name_is_refused_with_what_was_typed(cast, client):
    programme = await programme_of((await open_programme(cast))[0])
    await open_programme(cast, "Grands comptes", "Barème GC")
    answer = await client(cast.alice).post_form(
        f"{HOME}/{programme['ref']}/modification", **terms(programme, name="Grands comptes")
    )
    assert answer.status_code == 422
    assert 'id="f-name-error"' in answer.text


async def test_a_programme_is_not_closed_before_a_contract_that_was_offered(cast, client):
    contract = await in_force(cast, cast.rachel)
    programme = await programme_of(contract["programme_id"])
    answer = await client(cast.alice).post_form(
        f"{HOME}/{programme['ref']}/modification", **terms(programme, ends_on=today().isoformat())
    )
    assert answer.status_code == 422
    assert 'id="f-ends_on-error"' in answer.text


async def test_a_programme_that_has_ended_takes_no_new_contract(cast):
    programme_id, _ = await open_programme(cast)
    programme = await programme_of(programme_id)
    assert [offer.programme["id"] for offer in await offers(today(), cast.rachel.referrer_id)] == [
        programme_id
    ]
    async with deed(cast.alice.person):
        await db.execute("UPDATE programme SET ends_on = $2 WHERE id = $1", programme_id, today())
    assert programme["ends_on"] is None
    assert await offers(today(), cast.rachel.referrer_id) == []


async def test_who_is_under_contract_goes_on_recommending_in_a_programme_that_has_ended(cast):
    contract = await in_force(cast, cast.rachel)
    async with deed(cast.alice.person):
        await db.execute("UPDATE programme SET ends_on = $2 WHERE id = $1", contract["programme_id"], today())
    await open_programme(cast, "Apporteurs 2027", "Barème 2027")
    async with deed(cast.rachel.person):
        lead = await recommending.submit(
            cast.rachel.referrer_id,
            company_name="Atelier Morin",
            consent="spoken 2026-11-20",
            contact_email="a@morin.example",
        )
    assert (await leads.lead(lead["id"]))["programme_id"] == contract["programme_id"]


async def test_who_has_no_contract_recommends_in_a_programme_that_is_open(cast):
    ended_id, _ = await open_programme(cast)
    async with deed(cast.alice.person):
        await db.execute("UPDATE programme SET ends_on = $2 WHERE id = $1", ended_id, today())
    open_id, _ = await open_programme(cast, "Apporteurs 2027", "Barème 2027")
    async with deed(cast.rachel.person):
        found = await recommending.programme_of(cast.rachel.referrer_id)
    assert found["id"] == open_id


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"measure": "turnover", "target": "0"}, "target"),
        ({"measure": "signed_deals", "target": "2,5"}, "target"),
        ({"measure": "magie", "target": "3"}, "measure"),
    ],
)
async def test_an_objective_that_means_nothing_is_refused(cast, client, sent, field):
    programme = await programme_of((await open_programme(cast))[0])
    answer = await client(cast.alice).post_form(
        f"{HOME}/{programme['ref']}/objectifs", by_day=today().isoformat(), **sent
    )
    assert answer.status_code == 422
    assert f'id="f-{field}-error"' in answer.text


async def test_an_objective_shows_how_far_the_programme_is(cast, client):
    programme = await programme_of((await open_programme(cast))[0])
    alice = client(cast.alice)
    async with deed(cast.rachel.person):
        await recommending.submit(
            cast.rachel.referrer_id,
            company_name="Atelier Morin",
            consent="spoken 2026-11-20",
            contact_email="a@morin.example",
        )
    sent = {"measure": "recommendations", "target": "4", "by_day": today().isoformat()}
    assert (await alice.post_form(f"{HOME}/{programme['ref']}/objectifs", **sent)).status_code == 303
    async with Queries() as queries:
        shown = (await alice.get(f"{HOME}/{programme['ref']}")).text
    assert 'value="1" max="4"' in shown  # one of four
    assert len(queries) <= 8, queries.asked
    (objective,) = await programmes.objectives_of(programme["id"])
    dropped = f"{HOME}/{programme['ref']}/objectifs/{objective['ref']}/retrait"
    assert (await alice.post_form(dropped)).status_code == 303
    assert await programmes.objectives_of(programme["id"]) == []


def test_what_is_committed_is_what_clients_still_owe_at_the_rate_seen_so_far():
    # 600 earned on 6 000 paid is 10 %; of 20 000 signed 14 000 are unpaid: 14 000 × 10 % = 1 400
    figures = Figures(4, 2, turnover=20_000_00, paid=6_000_00, cost=600_00)
    assert figures.rate_percent == Decimal(10)
    assert figures.committed == 1_400_00


def test_before_the_first_payment_nothing_is_said_to_be_committed():
    assert Figures(4, 2, turnover=20_000_00, paid=0, cost=0).committed is None


@pytest.mark.parametrize(
    ("spent", "tone"), [(79_99, "good"), (80_00, "wait"), (99_99, "wait"), (100_00, "bad"), (130_00, "bad")]
)
def test_a_budget_warns_at_eighty_and_at_a_hundred_percent(spent, tone):
    assert programmes.budget_tone({"budget_cents": 100_00}, spent) == tone


@pytest.mark.parametrize(
    ("measure", "reached", "tone"),
    [
        (Measure.COST, 50, "good"), (Measure.COST, 80, "wait"), (Measure.COST, 100, "wait"), (Measure.COST, 101, "bad"),
        (Measure.SIGNED_DEALS, 99, "plain"), (Measure.SIGNED_DEALS, 100, "good"),
    ],
)  # fmt: skip
def test_a_cap_is_not_to_be_passed_and_a_target_is_to_be_reached(measure, reached, tone):
    by_day = date(2026, 12, 31)
    assert Progress(measure, 100, reached, by_day).tone(date(2026, 6, 1)) == tone


def test_a_target_whose_day_went_by_is_missed():
    assert Progress(Measure.TURNOVER, 100, 99, date(2026, 5, 31)).tone(date(2026, 6, 1)) == "bad"


async def test_a_budget_that_is_spent_stops_no_contract(cast):
    """It shows and warns; whether to close the programme is somebody's decision."""
    programme_id, version_id = await open_programme(cast)
    async with deed(cast.alice.person):
        await db.execute("UPDATE programme SET budget_cents = 1 WHERE id = $1", programme_id)
    async with deed(cast.sam.person):
        contract = await contracts.draft(cast.rachel.referrer_id, programme_id, version_id)
    assert contract["state"] == "drafted"
