"""Points that go elsewhere: to another referrer, to the file that stays, or into euros."""

import pytest

from portal.gifts.points import access, cashing, spending, transferring
from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import Machine, deed
from portal.kit.problems import NotAllowed, Refused, Stale
from portal.ledger.balances import referrer_balances
from portal.referrers import access as referrers
from portal.referrers import merging
from tests.earnings.scene import TEN_PERCENT

IN_POINTS = {**TEN_PERCENT, "name": "Points", "unit": "POINT"}
ROBOT = Machine("test")


@pytest.fixture
async def deal(scene, cast):
    """Rachel has 600 points."""
    await scene.contract(cast.rachel, IN_POINTS)
    found = await scene.deal(cast.rachel)
    await scene.pays(found, 6_000_00, days_ago=40)
    await work_off()
    return found


async def says(scene, **terms) -> None:
    named = ", ".join(terms)
    places = ", ".join(f"${n}" for n in range(2, len(terms) + 2))
    async with deed(ROBOT):
        await db.execute(
            f"INSERT INTO programme_points (programme_id, {named}) VALUES ($1, {places})",
            scene.programme["id"],
            *terms.values(),
        )


async def spendable(member) -> int:
    return (await access.standing(member.referrer_id)).spendable


async def number_of(member) -> str:
    return (await referrers.referrer(member.referrer_id))["number"]


async def test_a_gift_only_where_the_programme_allows_it(scene, cast, client, deal):
    rachel, number = client(cast.rachel), await number_of(cast.stefan)
    assert (await rachel.get("/recompenses/points/don")).status_code == 403
    assert (
        await rachel.post_form("/recompenses/points/don", to=number, points="50", reason="Merci")
    ).status_code == 409
    await says(scene, gifts=True)
    answer = await rachel.post_form("/recompenses/points/don", to=number, points="50", reason="Merci")
    assert answer.status_code in (303, 422)
    await activate(cast.stefan)
    answer = await rachel.post_form("/recompenses/points/don", to=number, points="50", reason="Merci")
    assert answer.status_code == 303
    assert (await spendable(cast.rachel), await spendable(cast.stefan)) == (550, 50)
    text = (await client(cast.stefan).get("/recompenses/points")).text
    assert "Réception" in text


async def activate(member) -> None:
    async with deed(ROBOT):
        await db.execute("UPDATE referrer SET state = 'active' WHERE id = $1", member.referrer_id)


async def test_nobody_gives_more_than_they_have_nor_to_themselves(scene, cast, client, deal):
    await says(scene, gifts=True)
    await activate(cast.stefan)
    await activate(cast.rachel)
    rachel = client(cast.rachel)
    too_much = await rachel.post_form(
        "/recompenses/points/don", to=await number_of(cast.stefan), points="601", reason="Merci"
    )
    to_herself = await rachel.post_form(
        "/recompenses/points/don", to=await number_of(cast.rachel), points="1", reason="Merci"
    )
    assert (too_much.status_code, to_herself.status_code) == (422, 422)
    assert await spendable(cast.rachel) == 600


async def test_a_takeover_keeps_day_and_worth_and_is_owed_by_who_earned(scene, cast, deal):
    await says(scene, valid_months=12)
    await activate(cast.stefan)
    async with deed(cast.alice.person):
        await transferring.hand_over(
            cast.rachel.referrer_id, cast.stefan.referrer_id, 600, "takeover", "Reprise d'activité"
        )
    lots = await db.rows("SELECT expires_on, worth_cents FROM point_lot ORDER BY id")
    assert lots[0] == lots[1]
    await scene.is_refunded(deal, 1_000_00)  # 100 points: they have gone, Rachel owes them
    await work_off()
    assert (await access.standing(cast.rachel.referrer_id)).owed == 100
    assert await spendable(cast.stefan) == 600


async def test_points_go_with_the_file_that_joins_another(scene, cast, deal):
    """And an order that was made before is approved after."""
    async with deed(ROBOT):
        await spending.reserve(cast.entity_id, cast.rachel.referrer_id, 1, 200, today())
    joins, stays = [await referrers.referrer(one.referrer_id) for one in (cast.rachel, cast.stefan)]
    wanted = await merging.plan(joins, stays)
    assert wanted.obstacles == []
    async with deed(cast.alice.person):
        await merging.merge(wanted, cast.alice.person)
    second = await another_administrator()
    async with deed(second):
        await merging.merge(await merging.plan(joins, stays), second)
    found = await access.standing(cast.stefan.referrer_id)
    assert (found.spendable, found.reserved) == (400, 200)
    async with deed(ROBOT):
        await spending.spend(1, today())
        await spending.reserve(cast.entity_id, cast.stefan.referrer_id, 2, 400, today())
    found = await access.standing(cast.stefan.referrer_id)
    assert (found.spendable, found.reserved) == (0, 400)


async def another_administrator():
    from portal.people import passwords
    from portal.people.rules import Role
    from tests.cast import _staff

    async with deed(ROBOT):
        made = await _staff(
            "anna@lumen.example", "Anna Roy", Role.ADMIN, await passwords.hashed("quatre chevaux bleus")
        )
    return made.person


async def test_two_of_finance_pay_points_as_a_commission(scene, cast, client, deal):
    """600 points at 0,80 € are 480,00 € to be settled; what stood in points is gone."""
    await says(scene, worth_cents=80)
    async with deed(cast.fanny.person):
        await cashing.ask(cast.rachel.referrer_id)
    with pytest.raises(NotAllowed):
        async with deed(cast.fanny.person):
            await cashing.pay(cast.rachel.referrer_id, cast.fanny.person)
    fred = client(cast.fred)
    ref = await db.value("SELECT ref FROM referrer WHERE id = $1", cast.rachel.referrer_id)
    page = (await fred.get(f"/apporteurs/{ref}/points/paiement")).text
    assert "600,00" in page  # acquired when one was worth one euro: never less
    answer = await fred.post_form(f"/apporteurs/{ref}/points/paiement/approbation")
    assert answer.status_code == 303
    held = await referrer_balances(cast.rachel.referrer_id)
    assert (held.points, held.due) == (0, 600_00)
    explained = await db.row("SELECT reason FROM adjustment")
    assert "article 2.4" in explained["reason"]


async def test_what_was_spent_in_between_voids_the_first_yes(scene, cast, deal):
    async with deed(cast.fanny.person):
        await cashing.ask(cast.rachel.referrer_id)
    async with deed(ROBOT):
        await spending.reserve(cast.entity_id, cast.rachel.referrer_id, 1, 200, today())
    with pytest.raises(Stale):
        async with deed(cast.fred.person):
            await cashing.pay(cast.rachel.referrer_id, cast.fred.person)
    assert (await referrer_balances(cast.rachel.referrer_id)).points == 400


async def test_nothing_is_paid_that_nobody_asked_for(scene, cast, deal):
    with pytest.raises(Refused, match="nothing_asked"):
        async with deed(cast.fred.person):
            await cashing.pay(cast.rachel.referrer_id, cast.fred.person)
