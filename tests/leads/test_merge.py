"""The same prospect entered twice: one stays, nobody loses a date, and the two can be separated again."""

import asyncio
from datetime import timedelta

import pytest

from portal.clients import actions as clients
from portal.clients.keys import keys_of
from portal.kit import db
from portal.kit.days import clock_at, now, today
from portal.kit.deed import deed
from portal.kit.problems import Problem, Refused
from portal.leads import access, actions
from portal.leads.dossier import merging, tasking
from portal.leads.dossier.access import Subject
from portal.leads.priority import claims
from portal.leads.prospect import answering
from portal.leads.rules import Came
from tests.stories import STORY, contract_of, moved, open_a_programme, recommended

SIREN = {"siren": "552100554"}


@pytest.fixture(autouse=True)
async def plan(cast):
    plan = await open_a_programme()
    await contract_of(cast.rachel, plan)
    await contract_of(cast.remi, plan)
    return plan


async def of(lead: db.Row) -> db.Row:
    return await access.lead(lead["id"])


async def merged(cast, goes: db.Row, stays: db.Row) -> db.Row:
    async with deed(cast.sam.person):
        return await merging.merge(await of(goes), await of(stays))


async def separated(cast, lead: db.Row) -> db.Row:
    async with deed(cast.sam.person):
        return await merging.separate(await of(lead))


async def twice(cast) -> tuple[db.Row, db.Row]:
    """By the same referrer under two names, so that neither waits."""
    first = await recommended(cast.rachel, "Atelier Morin", recommended_on=today() - timedelta(5))
    second = await recommended(cast.rachel, "Morin Frères", contact_phone="+33698765432")
    return first, second


async def test_of_two_by_the_same_referrer_the_one_that_stays_keeps_the_earlier_day(cast):
    first, second = await twice(cast)
    stays = await merged(cast, goes=first, stays=second)
    assert stays["claimed_on"] == first["recommended_on"]
    assert stays["recommended_on"] == second["recommended_on"]  # its receipt says so
    assert (await of(first))["state"] == "merged"
    assert (await of(first))["merged_into_id"] == second["id"]


async def test_separated_each_has_its_own_day_and_state_again(cast):
    first, second = await twice(cast)
    second = await moved(second, cast.sam, "accept")
    await merged(cast, goes=first, stays=second)
    alone = await separated(cast, first)
    assert (alone["state"], alone["merged_into_id"]) == ("submitted", None)
    assert (await of(second))["claimed_on"] is None
    assert (await of(second))["priority_until"] == second["priority_until"]
    assert (await of(second))["state"] == "accepted"


async def test_the_one_further_on_stays(cast):
    first, second = await twice(cast)
    first = await moved(first, cast.sam, "accept", "contact")
    with pytest.raises(Refused, match="merge_further"):
        await merged(cast, goes=first, stays=second)


async def test_two_referrers_merge_only_along_the_waiting_line(cast):
    first = await recommended(cast.rachel, **SIREN)
    second = await recommended(cast.remi, **SIREN)
    other = await recommended(cast.remi, "Tout autre")
    assert second["state"] == "waiting"
    with pytest.raises(Refused, match="merge_two_referrers"):
        await merged(cast, goes=first, stays=second)
    with pytest.raises(Refused, match="merge_two_referrers"):
        await merged(cast, goes=other, stays=first)
    stays = await merged(cast, goes=second, stays=first)
    assert (stays["referrer_id"], stays["recommended_on"]) == (
        cast.rachel.referrer_id,
        first["recommended_on"],
    )


async def test_the_later_referrer_is_told_in_neutral_words_and_keeps_their_line(cast, client):
    first = await recommended(cast.rachel, **SIREN)
    second = await recommended(cast.remi, **SIREN)
    await merged(cast, goes=second, stays=first)
    [mail] = await db.rows(
        "SELECT * FROM mail_message WHERE to_user = $1 AND kind = 'leads.moved'", cast.remi.user_id
    )
    assert "Rachel" not in mail["text_body"]
    answer = await client(cast.remi).get(f"/recommandations/{second['ref']}")
    assert answer.status_code == 200
    assert "rejoint un dossier déjà ouvert" in answer.text
    assert "Rachel" not in answer.text
    assert (await client(cast.remi).get(f"/recommandations/{first['ref']}")).status_code == 404


async def test_the_later_referrer_may_be_given_a_share_of_the_deal(client, cast):
    first = await recommended(cast.rachel, **SIREN)
    second = await recommended(cast.remi, **SIREN)
    await merged(cast, goes=second, stays=first)
    assert [one["id"] for one in await merging.co_referrers(first["id"])] == [cast.remi.referrer_id]
    form = await client(cast.sam).get(f"/recommandations/{first['ref']}/affaire")
    assert "a aussi recommandé ce prospect" in form.text


async def test_when_it_comes_to_nothing_the_later_referrer_takes_their_turn(cast):
    first = await recommended(cast.rachel, **SIREN)
    second = await recommended(cast.remi, **SIREN)
    third = await recommended(cast.mina, **SIREN)
    await merged(cast, goes=second, stays=first)
    await moved(await of(first), cast.sam, "reject", reason="outside_offer")
    assert (await of(second))["state"] == "submitted"  # before Mina, who came later
    assert ((await of(third))["state"], (await of(third))["behind_lead_id"]) == ("waiting", second["id"])


async def test_who_waited_behind_the_one_that_went_waits_behind_the_one_that_stays(cast):
    first, second = await twice(cast)
    await db_siren(first)
    third = await recommended(cast.remi, "Atelier Morin", **SIREN)
    assert third["behind_lead_id"] == first["id"]
    await merged(cast, goes=first, stays=second)
    assert (await of(third))["behind_lead_id"] == second["id"]


async def db_siren(lead: db.Row) -> None:
    async with deed(STORY):
        await clients.remember_keys("lead", lead["id"], keys_of(siren=SIREN["siren"]))


async def test_what_told_the_one_that_went_tells_the_one_that_stays(cast):
    first = await recommended(cast.rachel, "Atelier Morin", **SIREN)
    second = await recommended(cast.rachel, "Morin Frères", contact_phone="+33698765432")
    await merged(cast, goes=first, stays=second)
    third = await recommended(cast.remi, "Morin SARL", **SIREN)
    assert third["behind_lead_id"] == second["id"]
    await separated(cast, first)
    async with deed(STORY):
        assert await claims.earlier(keys_of(siren=SIREN["siren"])) == first["id"]


async def test_one_that_waits_and_stays_takes_the_place_of_the_first(cast):
    first = await recommended(cast.rachel, **SIREN, recommended_on=today() - timedelta(3))
    again = await recommended(cast.rachel, **SIREN)
    assert again["state"] == "waiting"
    stays = await merged(cast, goes=first, stays=again)
    assert (stays["state"], stays["behind_lead_id"]) == ("submitted", None)
    assert stays["claimed_on"] == first["recommended_on"]


async def test_one_with_a_deal_stays_and_the_deal_of_each_stays_its_own(cast):
    first, second = await twice(cast)
    second = await moved(second, cast.sam, "accept", "win")
    with pytest.raises(Refused, match="merge_has_deal"):
        await merged(cast, goes=second, stays=first)
    stays = await merged(cast, goes=first, stays=second)
    assert stays["state"] == "won"


async def test_two_merges_at_once_are_one(cast):
    first, second = await twice(cast)

    async def one(goes, stays):
        async with deed(cast.sam.person):
            await merging.merge(goes, stays)

    both = await asyncio.gather(one(first, second), one(second, first), return_exceptions=True)
    assert sum(isinstance(outcome, Problem) for outcome in both) == 1
    assert sorted([(await of(first))["state"], (await of(second))["state"]]) == ["merged", "submitted"]


async def test_a_claim_that_comes_in_while_they_merge_waits_behind_the_one_that_stays(cast):
    for turn in range(4):
        siren = {"siren": ("552100554", "732829320", "404833048", "318771623")[turn]}
        first = await recommended(cast.rachel, f"Atelier {turn}", **siren)
        second = await recommended(cast.rachel, f"Menuiserie {turn}", contact_phone=f"+3369876540{turn}")
        _stays, third = await asyncio.gather(
            merged(cast, goes=first, stays=second), recommended(cast.remi, f"Morin {turn}", **siren)
        )
        assert (await of(third))["behind_lead_id"] == second["id"]


async def test_after_thirty_days_they_stay_together(cast):
    first, second = await twice(cast)
    await merged(cast, goes=first, stays=second)
    with clock_at(now() + timedelta(31)), pytest.raises(Refused, match="merge_old"):
        await separated(cast, first)


async def test_separating_twice_is_refused(cast):
    first, second = await twice(cast)
    await merged(cast, goes=first, stays=second)
    lead = await of(first)
    await separated(cast, first)
    with pytest.raises(Problem):
        async with deed(cast.sam.person):
            await merging.separate(lead)


async def test_the_one_that_stays_shows_the_words_and_tasks_of_both(cast, client):
    first, second = await twice(cast)
    async with deed(cast.sam.person):
        await actions.note(first, "Rappelle en mars", shared=False)
        await tasking.add(Subject("lead", first["id"], ""), "Envoyer la plaquette", today())
    await merged(cast, goes=first, stays=second)
    text = (await client(cast.sam).get(f"/recommandations/{second['ref']}")).text
    assert "Rappelle en mars" in text
    assert "Envoyer la plaquette" in text
    assert "Regroupées ici" in text


async def test_its_page_leads_to_the_one_that_stays_for_staff_and_for_its_referrer(cast, client):
    first, second = await twice(cast)
    await merged(cast, goes=first, stays=second)
    for member in (cast.sam, cast.rachel):
        answer = await client(member).get(f"/recommandations/{first['ref']}")
        assert answer.headers["location"] == f"/recommandations/{second['ref']}#regroupees"
    text = (await client(cast.rachel).get(f"/recommandations/{second['ref']}")).text
    assert "pour le même prospect, se suit ici" in text


async def test_forgetting_the_prospect_forgets_both(cast):
    first, second = await twice(cast)
    await merged(cast, goes=first, stays=second)
    async with deed(STORY):
        await answering.forget(await of(second), "mail")
    for lead in (await of(first), await of(second)):
        assert lead["erased_at"]
        assert lead["contact_name"] == lead["contact_phone"] == ""
    assert (await of(first))["state"] == "merged"


async def test_sales_compare_both_and_choose(cast, client):
    first, second = await twice(cast)
    sam = client(cast.sam)
    path = f"/recommandations/{first['ref']}/regroupement"
    assert second["company_name"] in (await sam.get(f"{path}?q=Morin Frères")).text
    assert second["company_name"] in (await sam.get(f"{path}?q={second['ref'].lower()}")).text
    text = (await sam.get(f"{path}?avec={second['ref']}")).text
    assert "La date la plus ancienne compte" in text
    asked = {"other": second["ref"], "version": first["version"], "other_version": second["version"]}
    assert "Dites laquelle" in (await sam.post_form(path, **asked)).text
    answer = await sam.post_form(path, stays=second["ref"], **asked)
    assert answer.headers["location"] == f"/recommandations/{second['ref']}#regroupees"
    assert (await sam.post_form(path, stays=second["ref"], **asked)).status_code == 409
    answer = await sam.post_form(f"/recommandations/{first['ref']}/separation")
    assert answer.headers["location"] == f"/recommandations/{first['ref']}"
    assert (await of(first))["state"] == "submitted"


async def test_what_may_not_be_merged_says_why(cast, client):
    first = await recommended(cast.rachel, "Atelier Morin")
    other = await recommended(cast.remi, "Tout autre")
    text = (
        await client(cast.sam).get(f"/recommandations/{first['ref']}/regroupement?avec={other['ref']}")
    ).text
    assert "seule celle qui attend derrière" in text
    assert 'name="stays"' not in text


async def test_a_call_asked_for_stays_visible_after_a_merge(cast):
    first, second = await twice(cast)
    async with deed(cast.rachel.person):
        third = await actions.submit(
            cast.rachel.referrer_id, company_name="Troisième", consent="own 2026-11-20", contact_phone="+33611111111",
            source="link", came=Came(call_asked_at=now()),
        )  # fmt: skip
    await merged(cast, goes=third, stays=second)
    [task] = await db.rows("SELECT * FROM task WHERE done_at IS NULL")
    assert task["lead_id"] == third["id"]
    assert first["state"] == "submitted"
