"""What the recommended client gets: promised when they are recommended, granted on a day, whatever is offered later."""

from datetime import timedelta

from portal.deals import advantage as given
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import deed
from portal.leads import access as leads
from portal.leads import actions as recommending
from portal.plans import access
from portal.plans.programme import advantages
from tests.contracts.stories import in_force
from tests.stories import won

OFFER = {
    "kind": "percent",
    "rate": "10",
    "text_fr": "10 % sur la première commande",
    "text_en": "10% off the first order",
}


async def offered(cast, client, **more):
    """Rachel under contract in a programme that offers something."""
    contract = await in_force(cast, cast.rachel)
    programme = await access.programme(contract["programme_id"])
    path = f"/reglages/programmes/{programme['ref']}/avantage"
    answer = await client(cast.alice).post_form(path, **OFFER | more)
    assert answer.status_code == 303, answer.text
    return programme


async def recommended(cast):
    async with deed(cast.rachel.person):
        made = await recommending.submit(
            cast.rachel.referrer_id,
            company_name="Atelier Morin",
            consent="spoken 2026-11-20",
            contact_email="a@morin.example",
        )
    return await leads.lead(made["id"])


async def test_whoever_recommends_sees_it_and_passes_it_on(cast, client):
    await offered(cast, client)
    rachel = client(cast.rachel)
    assert "10 % sur la première commande" in (await rachel.get("/recommandations/nouvelle")).text
    lead = await recommended(cast)
    receipt = (await rachel.get(f"/recommandations/{lead['ref']}/recu")).text
    assert receipt.count("10 % sur la première commande") >= 2  # beside the promises, and in the message
    assert (
        "10 % sur la première commande"
        in (await client(cast.sam).get(f"/recommandations/{lead['ref']}")).text
    )
    assert "10 % sur la première commande" in (await rachel.get("/programme")).text


async def test_it_is_told_in_the_readers_language(cast, client):
    await offered(cast, client)
    async with deed(cast.alice.person):
        await db.execute("UPDATE app_user SET language = 'en' WHERE id = $1", cast.rachel.user_id)
    assert "10% off the first order" in (await client(cast.rachel).get("/programme")).text


async def test_who_was_recommended_before_gets_what_was_offered_then(cast, client):
    programme = await offered(cast, client)
    lead = await recommended(cast)
    async with deed(cast.alice.person):
        await advantages.offer(
            programme["id"], kind="other", rate_percent=None, amount_cents=None, text_fr="Un café", text_en="A coffee",
            conditions_fr="", conditions_en="", until=None,
        )  # fmt: skip
    assert (await advantages.promised_to(lead))["text_fr"] == OFFER["text_fr"]
    assert (await advantages.offered(programme["id"]))["text_fr"] == "Un café"


async def test_what_is_withdrawn_is_offered_to_nobody_new(cast, client):
    programme = await offered(cast, client)
    lead = await recommended(cast)
    path = f"/reglages/programmes/{programme['ref']}/avantage/retrait"
    assert (await client(cast.alice).post_form(path)).status_code == 303
    assert await advantages.offered(programme["id"]) is None
    assert await advantages.promised_to(lead) is not None


async def test_after_its_last_day_it_is_no_longer_offered(cast, client):
    programme = await offered(cast, client, until=today().isoformat())
    assert await advantages.promised(programme["id"], now(), today()) is not None
    assert await advantages.promised(programme["id"], now(), today() + timedelta(days=1)) is None


async def test_an_advantage_without_its_figure_is_refused(cast, client):
    contract = await in_force(cast, cast.rachel)
    programme = await access.programme(contract["programme_id"])
    answer = await client(cast.alice).post_form(
        f"/reglages/programmes/{programme['ref']}/avantage", kind="amount", text_fr="Un bon"
    )
    assert answer.status_code == 422
    assert 'id="f-amount-error"' in answer.text


async def test_sales_tick_it_once_and_may_untick_a_mistake(cast, client):
    await offered(cast, client)
    deal = await won(cast.rachel, cast.sam)
    sam, path = client(cast.sam), f"/affaires/{deal['ref']}"
    assert (await sam.post_form(f"{path}/avantage", granted_on=today().isoformat())).status_code == 303
    promised = await given.of_deal(deal["id"])
    assert (promised["granted_on"], promised["granted_by"]) == (today(), "Sam Berger")
    assert (await sam.post_form(f"{path}/avantage", granted_on=today().isoformat())).status_code == 422
    assert "Accordé" in (await client(cast.rachel).get(path)).text
    assert (await sam.post_form(f"{path}/avantage/retrait")).status_code == 303
    assert (await given.of_deal(deal["id"]))["granted_on"] is None


async def test_it_is_not_granted_before_the_deal_nor_tomorrow(cast, client):
    await offered(cast, client)
    deal = await won(cast.rachel, cast.sam)
    for day in (deal["signed_on"] - timedelta(days=1), today() + timedelta(days=1)):
        answer = await client(cast.sam).post_form(
            f"/affaires/{deal['ref']}/avantage", granted_on=day.isoformat()
        )
        assert answer.status_code == 422


async def test_where_nothing_was_promised_nothing_is_shown(cast, client):
    await in_force(cast, cast.rachel)
    deal = await won(cast.rachel, cast.sam)
    assert 'id="avantage"' not in (await client(cast.sam).get(f"/affaires/{deal['ref']}")).text
