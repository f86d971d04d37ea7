"""A campaign is drafted, read as the referrers will, published once, told by mail and shown to them."""

from datetime import timedelta

from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.days import at, clock_at, today
from portal.plans import access
from portal.plans.programme import campaigns
from tests.contracts.stories import in_force, open_programme

HOME = "/reglages/campagnes"


def typed(**more):
    begins, ends = today() + timedelta(days=1), today() + timedelta(days=30)
    return {
        "name": "Printemps", "since": begins.isoformat(), "until": ends.isoformat(), "gives": "times",
        "times": "1,5", "notifies": "1", **more,
    }  # fmt: skip


async def drafted(cast, client, programme_id, **more):
    programme = await access.programme(programme_id)
    alice = client(cast.alice)
    answer = await alice.post_form(f"/reglages/programmes/{programme['ref']}/campagnes", **typed(**more))
    assert answer.status_code == 303, answer.text
    return alice, await campaigns.campaign_by_ref(answer.headers["location"].rsplit("/", 1)[1])


async def test_half_as_much_again_on_one_product_up_to_a_budget(cast, client):
    programme_id, _ = await open_programme(cast)
    _alice, campaign = await drafted(
        cast, client, programme_id, products="audit", new_clients="1", budget="5 000,00"
    )
    body = campaign["body"]
    assert (body["multiplies"], body["budget"]) == ("1.5", "5000.00")
    assert body["for"] == [
        {"field": "product", "is": "in", "value": ["audit"]},
        {"field": "customer.is_new", "is": "=", "value": True},
    ]


async def test_an_amount_on_each_commission(cast, client):
    programme_id, _ = await open_programme(cast)
    _alice, campaign = await drafted(cast, client, programme_id, gives="adds", adds="100", times="")
    assert campaign["body"]["adds"] == "100.00"
    assert "multiplies" not in campaign["body"]


async def test_a_campaign_that_takes_away_or_began_yesterday_is_refused(cast, client):
    programme = await access.programme((await open_programme(cast))[0])
    path = f"/reglages/programmes/{programme['ref']}/campagnes"
    answer = await client(cast.alice).post_form(path, **typed(times="0,8", since=today().isoformat()))
    assert answer.status_code == 422
    assert 'id="f-since-error"' in answer.text
    assert 'id="f-times-error"' in answer.text


async def test_a_draft_is_written_anew_with_what_it_said(cast, client):
    programme_id, _ = await open_programme(cast)
    alice, campaign = await drafted(cast, client, programme_id, budget="5000")
    shown = (await alice.get(f"{HOME}/{campaign['ref']}/modification")).text
    assert 'value="1,5"' in shown
    sent = typed(times="2", version=str(campaign["version"]))
    assert (await alice.post_form(f"{HOME}/{campaign['ref']}/modification", **sent)).status_code == 303
    assert (await alice.post_form(f"{HOME}/{campaign['ref']}/modification", **sent)).status_code == 409
    assert (await campaigns.campaign(campaign["id"]))["body"]["multiplies"] == "2"


async def test_a_draft_that_nobody_wants_is_dropped(cast, client):
    programme_id, _ = await open_programme(cast)
    alice, campaign = await drafted(cast, client, programme_id)
    await alice.post_form(f"{HOME}/{campaign['ref']}/abandon", version=str(campaign["version"]))
    assert (await alice.get(f"{HOME}/{campaign['ref']}")).status_code == 404


async def test_a_published_campaign_is_mailed_once_to_who_is_under_contract(cast, client):
    contract = await in_force(cast, cast.rachel)
    alice, campaign = await drafted(cast, client, contract["programme_id"])
    path = f"{HOME}/{campaign['ref']}/publication"
    assert (await alice.post_form(path, version=str(campaign["version"]))).status_code == 303
    await work_off()
    mails = await db.rows("SELECT to_user, text_body FROM mail_message WHERE kind = 'plans.campaign'")
    assert [mail["to_user"] for mail in mails] == [cast.rachel.user_id]
    assert "multipliées par 1,5" in mails[0]["text_body"]


async def test_nobody_is_mailed_about_a_campaign_that_is_kept_quiet(cast, client):
    contract = await in_force(cast, cast.rachel)
    alice, campaign = await drafted(cast, client, contract["programme_id"], notifies="")
    await alice.post_form(f"{HOME}/{campaign['ref']}/publication", version=str(campaign["version"]))
    await work_off()
    assert await db.value("SELECT count(*) FROM mail_message WHERE kind = 'plans.campaign'") == 0


async def test_the_referrer_sees_the_campaign_until_its_last_day(cast, client):
    contract = await in_force(cast, cast.rachel)
    alice, campaign = await drafted(cast, client, contract["programme_id"])
    rachel = client(cast.rachel)
    assert "Printemps" not in (await rachel.get("/programme")).text
    await alice.post_form(f"{HOME}/{campaign['ref']}/publication", version=str(campaign["version"]))
    assert "Printemps" in (await rachel.get("/programme")).text
    with clock_at(at(today() + timedelta(days=31))):
        assert "Printemps" not in (await rachel.get("/programme")).text


async def test_another_last_day_is_told_and_never_lies_in_the_past(cast, client):
    contract = await in_force(cast, cast.rachel)
    alice, campaign = await drafted(cast, client, contract["programme_id"])
    await alice.post_form(f"{HOME}/{campaign['ref']}/publication", version=str(campaign["version"]))
    version = str(campaign["version"] + 1)
    too_early = await alice.post_form(
        f"{HOME}/{campaign['ref']}/fin", version=version, until=today().isoformat()
    )
    assert too_early.status_code == 422  # it has not begun: its first day stands
    later = (today() + timedelta(days=10)).isoformat()
    assert (
        await alice.post_form(f"{HOME}/{campaign['ref']}/fin", version=version, until=later)
    ).status_code == 303
    await work_off()
    assert await db.value("SELECT count(*) FROM mail_message WHERE kind = 'plans.campaign_end'") == 1
