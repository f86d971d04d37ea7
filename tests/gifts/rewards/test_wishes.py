"""A heart, a word when it is there, a wish of their own: what is said and to whom."""

import pytest

from portal import clockwork
from portal.gifts.rewards import describing, own_wishes, stock
from portal.jobs.queue import TASKS, work_off
from portal.kit import db
from portal.kit.deed import deed
from portal.kit.problems import NotFound, Refused
from tests.counting import Queries
from tests.gifts.orders.shop import earn
from tests.gifts.rewards.shelves import announced, offered

PRICE = {
    "points": "180", "price_cents": "150,00", "packaging_cents": "0", "shipping_cents": "9,00", "vat_rate": "20",
    "nature": "good", "title": "Montre à remonter", "version": "1",
}  # fmt: skip


async def told(kind: str) -> list[str]:
    await work_off()
    return [
        row["to_email"]
        for row in await db.rows("SELECT to_email FROM mail_message WHERE kind = $1 ORDER BY id", kind)
    ]


async def wishes(client, member, reward, noun: str = "envie") -> int:
    return (await client(member).post_form(f"/recompenses/{reward['ref']}/{noun}")).status_code


async def hearts(reward) -> int:
    return await db.value(
        "SELECT count(*) FROM reward_wish WHERE reward_id = $1 AND ended_at IS NULL", reward["id"]
    )


async def test_one_tap_wishes_and_one_takes_it_back(scene, cast, client):
    reward = await offered(cast)
    assert [await wishes(client, cast.rachel, reward) for _ in range(2)] == [303, 303]
    assert await hearts(reward) == 1  # twice is once
    assert "Panier du Vercors" in (await client(cast.rachel).get("/recompenses/souhaits")).text
    await wishes(client, cast.rachel, reward, "envie/retrait")
    assert await hearts(reward) == 0
    assert "Panier du Vercors" not in (await client(cast.rachel).get("/recompenses/souhaits")).text


async def test_the_catalogue_counts_the_hearts(cast, client):
    reward = await offered(cast)
    for who in (cast.rachel, cast.mina):
        await wishes(client, who, reward)
    page = (await client(cast.fanny).get("/reglages/recompenses?format=csv")).text
    assert page.splitlines()[1].split(";")[5] == "2"


async def test_who_asked_is_told_once_when_it_is_offered(cast, client):
    reward = await announced(cast)
    await wishes(client, cast.rachel, reward, "alerte")
    await wishes(client, cast.mina, reward)  # a heart alone asks for nothing
    async with deed(cast.fanny.person):
        await describing.move("publish", reward)
    assert await told("gifts.reward_available") == [cast.rachel.email]
    assert await wishes(client, cast.rachel, reward, "alerte") == 409  # it can be ordered
    async with deed(cast.fanny.person):
        await stock.count(reward["id"], None, 0)
        await stock.count(reward["id"], 0, 4)
    assert await told("gifts.reward_available") == [cast.rachel.email]


async def test_who_asked_is_told_when_a_sold_out_one_comes_back_from_an_order(cast, client):
    reward = await offered(cast, stock=0)
    await wishes(client, cast.rachel, reward, "alerte")
    async with deed(cast.fanny.person):
        await stock.put_back(reward["id"])
    assert await told("gifts.reward_available") == [cast.rachel.email]


async def test_who_may_not_have_it_hears_nothing(cast, client):
    reward = await announced(cast)
    await wishes(client, cast.rachel, reward, "alerte")
    async with deed(cast.fanny.person):
        await describing.move("publish", reward)
        await db.execute("UPDATE reward SET tiers = '{Or}' WHERE id = $1", reward["id"])
    assert await told("gifts.reward_available") == []


async def test_when_the_points_suffice_for_a_heart_it_is_said_once(scene, cast, client):
    near = await offered(cast, points=120)
    await wishes(client, cast.rachel, near)
    assert "gifts.tell_in_reach" in {stroke.task for stroke in clockwork.CLOCKWORK}
    await TASKS["gifts.tell_in_reach"]()
    assert await told("gifts.reward_in_reach") == []  # 100 of 120
    await earn(scene, cast.rachel, 30)
    await work_off()
    for _ in range(2):
        await TASKS["gifts.tell_in_reach"]()
    assert await told("gifts.reward_in_reach") == [cast.rachel.email]


async def asked(client, member, title: str = "Une montre") -> db.Row:
    await client(member).post_form("/recompenses/souhaits", title=title, words="Cadran blanc", link="")
    found = await db.row("SELECT * FROM own_wish ORDER BY id DESC LIMIT 1")
    assert found
    return found


async def test_a_wish_reaches_who_looks_after_the_referrer(cast, client):
    await asked(client, cast.rachel)
    assert await told("gifts.wish_asked") == [cast.sam.email]


async def test_a_priced_wish_is_a_reward_for_the_one_who_wished_it(scene, cast, client):
    wish = await asked(client, cast.rachel)
    answer = await client(cast.sam).post_form(f"/recompenses/souhaits/{wish['ref']}/prix", **PRICE)
    assert answer.status_code == 303
    assert await told("gifts.wish_priced") == [cast.rachel.email]
    reward = await db.row("SELECT * FROM reward")
    assert reward
    assert (reward["state"], reward["kind"], reward["vat_cents"]) == (
        "published",
        "wish",
        26_50,
    )  # 159 × 20 ÷ 120
    assert (await client(cast.rachel).get(f"/recompenses/{reward['ref']}")).status_code == 200
    assert (await client(cast.stefan).get(f"/recompenses/{reward['ref']}")).status_code == 404
    assert "Montre à remonter" not in (await client(cast.stefan).get("/recompenses")).text


async def test_a_wish_is_priced_only_when_nothing_is_missing(cast, client):
    wish = await asked(client, cast.rachel)
    typed = {**PRICE, "price_cents": "", "nature": ""}
    answer = await client(cast.fanny).post_form(f"/recompenses/souhaits/{wish['ref']}/prix", **typed)
    assert answer.status_code == 422
    assert 'href="#f-price_cents"' in answer.text
    assert 'href="#f-nature"' in answer.text


async def test_a_wish_is_refused_with_a_word_that_is_read(cast, client):
    wish, sam = await asked(client, cast.rachel), client(cast.sam)
    path = f"/recompenses/souhaits/{wish['ref']}/refus"
    assert (await sam.post_form(path, reason="", version="1")).status_code == 422
    await sam.post_form(path, reason="Elle n'est plus fabriquée, hélas.", version="1")
    assert await told("gifts.wish_refused") == [cast.rachel.email]
    assert "hélas" in (await client(cast.rachel).get(f"/recompenses/souhaits/{wish['ref']}")).text


async def test_two_answers_at_once_are_one(cast, client):
    wish = await asked(client, cast.rachel)
    path = f"/recompenses/souhaits/{wish['ref']}"
    first = await client(cast.sam).post_form(f"{path}/refus", reason="Pas cette année.", version="1")
    second = await client(cast.fanny).post_form(f"{path}/prix", **PRICE)
    assert (first.status_code, second.status_code) == (303, 409)
    assert await db.value("SELECT count(*) FROM reward") == 0


async def test_a_wish_is_withdrawn_by_its_own_only(cast, client):
    wish = await asked(client, cast.rachel)
    path = f"/recompenses/souhaits/{wish['ref']}/retrait"
    assert (await client(cast.stefan).post_form(path)).status_code == 404
    assert (await client(cast.rachel).post_form(path)).status_code == 303
    assert await db.value("SELECT state FROM own_wish") == "withdrawn"


async def test_a_page_that_is_none_is_refused(cast, client):
    answer = await client(cast.rachel).post_form(
        "/recompenses/souhaits", title="Lien", link="javascript:alert(1)"
    )
    assert answer.status_code == 422
    assert "https://" in answer.text


async def test_nobody_waits_for_more_than_five_answers(cast, client):
    for number in range(5):
        await asked(client, cast.rachel, f"Souhait {number}")
    answer = await client(cast.rachel).post_form("/recompenses/souhaits", title="Un de plus")
    assert answer.status_code == 422
    with pytest.raises(Refused):
        async with deed(cast.rachel.person):
            await own_wishes.ask(cast.rachel.referrer_id, "Un de plus", "", "")


async def test_wishes_of_others_are_not_there(cast, client):
    wish = await asked(client, cast.rachel)
    assert (await client(cast.stefan).get(f"/recompenses/souhaits/{wish['ref']}")).status_code == 404
    with pytest.raises(NotFound):
        await own_wishes.wish_for(cast.stefan.person, wish["ref"])


async def test_what_somebody_wished_for_goes_with_them(cast, client):
    await asked(client, cast.rachel)
    async with deed(cast.alice.person):
        await own_wishes.erase_of(cast.rachel.user_id)
    wish = await db.row("SELECT title, words FROM own_wish")
    assert wish
    assert (wish["title"], wish["words"]) == ("—", "")


async def test_the_page_of_wishes_asks_little(scene, cast, client):
    await asked(client, cast.rachel)
    async with Queries() as queries:
        await client(cast.rachel).get("/recompenses/souhaits")
    assert len(queries) <= 8
