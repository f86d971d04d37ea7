"""/recompenses/points, and how a programme counts in points."""

from datetime import timedelta

import pytest

from portal.gifts import tasks as gifts
from portal.gifts.points import access, spending
from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.days import at, clock_at, today
from portal.kit.deed import Machine, deed
from tests.counting import Queries
from tests.earnings.scene import TEN_PERCENT

IN_POINTS = {**TEN_PERCENT, "name": "Points", "unit": "POINT"}
LEAVES = {"one_fr": "feuille", "many_fr": "feuilles", "one_en": "leaf", "many_en": "leaves"}


async def earn(scene, cast, cents: int = 6_000_00, days_ago: int = 40):
    await scene.contract(cast.rachel, IN_POINTS)
    deal = await scene.deal(cast.rachel)
    await scene.pays(deal, cents, days_ago)
    await work_off()
    return deal


async def count_so(client, cast, scene, **terms) -> None:
    page = f"/reglages/programmes/{scene.programme['ref']}/points"
    answer = await client(cast.alice).post_form(
        page, **{"worth": "1", "choice": "none", "who": "individuals", **terms}
    )
    assert answer.status_code == 303, answer.text


async def test_the_page_shows_where_each_point_is_and_comes_from(scene, cast, client):
    deal = await earn(scene, cast)
    await scene.pays(deal, 500_00)
    async with deed(Machine("test")):
        await spending.reserve(cast.entity_id, cast.rachel.referrer_id, 7, 200, today())
    text = (await client(cast.rachel).get("/recompenses/points")).text
    # 50 to be confirmed + 400 to exchange + 200 on order
    for said in ("650 points", "50 points", "400 points", "200 points"):
        assert said in text
    for earning in await db.rows("SELECT ref FROM earning"):
        assert f"/commissions/{earning['ref']}" in text


async def test_points_have_the_name_that_the_programme_gives_them(scene, cast, client):
    await count_so(client, cast, scene, **LEAVES, worth="0,50", valid_months="12")
    await earn(scene, cast)
    text = (await client(cast.rachel).get("/recompenses/points")).text
    assert "600\u00a0feuilles" in text
    assert "1\u00a0feuille vaut" in text
    assert "0,50" in text
    assert "points</span>" not in text
    staff = (await client(cast.fanny).get(f"/apporteurs/{await ref_of(cast)}/points")).text
    assert "600\u00a0feuilles" in staff
    mail = await db.row("SELECT subject FROM mail_message WHERE kind = 'earnings.earned'")
    assert "600\u00a0feuilles" in mail["subject"]


async def test_a_name_is_whole_or_none(scene, cast, client):
    page = f"/reglages/programmes/{scene.programme['ref']}/points"
    answer = await client(cast.alice).post_form(
        page, worth="1", one_fr="feuille", choice="none", who="individuals"
    )
    assert answer.status_code == 422
    assert "quatre" in answer.text


async def test_what_was_acquired_keeps_its_day_and_its_worth(scene, cast, client):
    await count_so(client, cast, scene, valid_months="24", worth="1")
    await earn(scene, cast)
    before = await db.row("SELECT expires_on, worth_cents FROM point_lot")
    await count_so(client, cast, scene, valid_months="1", worth="0,10", version="1")
    assert await db.row("SELECT expires_on, worth_cents FROM point_lot") == before


async def test_two_administrators_do_not_overwrite_each_other(scene, cast, client):
    await count_so(client, cast, scene, valid_months="24")
    page = f"/reglages/programmes/{scene.programme['ref']}/points"
    late = await client(cast.alice).post_form(page, worth="2", choice="none", who="individuals", version="0")
    assert late.status_code == 409


async def test_finance_sees_everybody_and_what_they_hold(scene, cast, client):
    await earn(scene, cast)
    text = (await client(cast.fanny).get("/recompenses/points")).text
    assert "Rachel Vidal" in text
    assert "600 points" in text
    export = await client(cast.fanny).get("/recompenses/points?format=csv")
    assert "Rachel Vidal" in export.text


async def test_expired_points_are_told_on_the_page(scene, cast, client):
    await count_so(client, cast, scene, valid_months="12")
    await earn(scene, cast)
    until = await db.value("SELECT expires_on FROM point_lot")
    with clock_at(at(until + timedelta(1), 6)):
        await gifts.keep_points()
        assert (await access.standing(cast.rachel.referrer_id)).balance == 0
    text = (await client(cast.rachel).get("/recompenses/points")).text
    assert "Expiration" in text


async def ref_of(cast) -> str:
    return await db.value("SELECT ref FROM referrer WHERE id = $1", cast.rachel.referrer_id)


async def test_a_commission_in_points_says_what_became_of_it(scene, cast, client):
    await count_so(client, cast, scene, valid_months="12", worth="0,80")
    await earn(scene, cast)
    rachel = client(cast.rachel)
    earning = await db.value("SELECT ref FROM earning")
    page = (await rachel.get(f"/commissions/{earning}")).text
    assert "Restent à échanger" in page
    assert "0,80" in page
    assert "Pas encore transmis" not in page
    home = (await rachel.get("/")).text
    assert "600 points" in home
    assert "Bloquée" not in (await rachel.get("/commissions")).text


@pytest.mark.parametrize("path", ["/recompenses/points", "/"])
async def test_a_page_of_points_asks_little_however_many_lines_it_has(scene, cast, client, path: str):
    deal = await earn(scene, cast, cents=10_00)
    rachel = client(cast.rachel)
    await rachel.get(path)
    async with Queries() as few:
        await rachel.get(path)
    for n in range(5):
        await scene.pays(deal, 10_00 * (n + 2), days_ago=40)
    await work_off()
    async with Queries() as many:
        await rachel.get(path)
    assert len(many) == len(few) <= 8, few.asked
