"""Finance and administrators have everything reckoned again, and read what differs."""

import re

from portal.earnings import replaying
from portal.jobs import access as jobs
from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.deed import deed
from portal.people import actions as people
from tests.counting import Queries
from tests.earnings.scene import TEN_PERCENT

PATH = "/reglages/recalcul"
UP = "UPDATE earning SET amount = amount {} 1 WHERE amount > 10000"


def said(answer) -> str:
    return re.sub(r"\s+", " ", answer.text)


async def reckoned(who) -> str:
    assert (await who.post_form(PATH)).headers["location"] == PATH
    await work_off()
    return said(await who.get(PATH))


async def two_earnings(scene, cast) -> db.Row:
    await scene.contract(cast.rachel, TEN_PERCENT)
    deal = await scene.deal(cast.rachel)
    await scene.pays(deal, 6_000_00)
    await scene.pays(deal, 1_000_00)
    return deal


async def test_nothing_differs_and_the_page_says_of_how_many(scene, cast, client):
    await two_earnings(scene, cast)
    fanny = client(cast.fanny)
    assert "Aucun recalcul pour l’instant" in said(await fanny.get(PATH))
    assert "2 commissions recalculées, aucune différence." in await reckoned(fanny)
    async with deed(cast.fanny.person):
        await people.change_language(cast.fanny.user_id, "en")
    assert "2 commissions recomputed, no difference." in said(await fanny.get(PATH))


async def test_each_difference_is_told_with_its_deal_referrer_event_and_both_amounts(
    scene, cast, client, tampered
):
    deal = await two_earnings(scene, cast)
    number = await db.value("SELECT number FROM referrer WHERE id = $1", cast.rachel.referrer_id)
    ref = await db.value("SELECT ref FROM earning ORDER BY id LIMIT 1")
    async with tampered(UP.format("+"), UP.format("-")):
        page = await reckoned(client(cast.alice))
    assert "2 commissions recalculées, 1 différence." in page
    assert f'href="/affaires/{deal["ref"]}"' in page
    assert f'href="/commissions/{ref}">Paiement ou remboursement' in page
    assert all(word in page for word in (number, "tout", "600,01 €", "600,00 €"))


async def test_what_nothing_made_and_what_is_missing_are_told_too(scene, cast, client, tampered):
    await two_earnings(scene, cast)
    names = "UPDATE earning SET key = {} WHERE amount > 10000"
    async with tampered(names.format("key || 'x'"), names.format("rtrim(key, 'x')")):
        page = await reckoned(client(cast.fanny))
    assert "3 commissions recalculées, 2 différences." in page  # 600 as kept, 600 as reckoned, 100 alike
    assert page.count('<span class="muted">rien</span>') == 2


async def test_while_it_runs_the_page_follows_and_a_second_press_starts_nothing(scene, cast, client):
    await two_earnings(scene, cast)
    fanny = client(cast.fanny)
    await work_off()
    await fanny.post_form(PATH)
    await client(cast.alice).post_form(PATH)
    assert await jobs.waiting() == 1
    page, follows = said(await fanny.get(PATH)), await fanny.get(f"{PATH}/avancement")
    assert 'hx-get="/reglages/recalcul/avancement"' in page
    assert "Tout recalculer" not in page
    assert "Le recalcul commence…" in follows.text
    assert "hx-refresh" not in follows.headers
    await work_off()
    assert await replaying.progress() == (3, 3)  # the signature and two payments
    assert (await fanny.get(f"{PATH}/avancement")).headers["hx-refresh"] == "true"


async def test_it_is_a_room_of_the_settings_for_finance_and_administrators_alone(cast, client):
    for who, there in ((cast.fanny, True), (cast.alice, True), (cast.sam, False)):
        assert (PATH in (await client(who).get("/reglages")).text) is there


async def test_the_page_asks_little_however_much_differs(scene, cast, client, tampered):
    await two_earnings(scene, cast)
    fanny = client(cast.fanny)
    async with tampered(UP.format("+"), UP.format("-")):
        await reckoned(fanny)
    async with Queries() as queries:
        await fanny.get(PATH)
    assert len(queries) <= 8
