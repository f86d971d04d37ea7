"""A referrer opens the rewards on a phone: what they can have now, what nearly, what one day."""

import re
from datetime import date

from portal.gifts.rewards import describing
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import deed
from portal.kit.files import Store, keep
from portal.kit.uploads import WEBP
from tests.counting import Queries
from tests.gifts.rewards.shelves import announced, described, offered

SHELF = re.compile(r"<h2>([^<]+)</h2>|<h3><a[^>]*>([^<]+)</a></h3>")


async def shelves(client, member) -> dict[str, list[str]]:
    """Heading → titles under it."""
    found: dict[str, list[str]] = {}
    heading = ""
    for said, title in SHELF.findall((await client(member).get("/recompenses")).text):
        heading = said or heading
        found.setdefault(heading, []).extend([title] if title else [])
    return {heading: titles for heading, titles in found.items() if titles}


async def trait(member, name: str, value: str) -> None:
    async with deed(member.person):
        await db.insert(
            "referrer_trait", referrer_id=member.referrer_id, name=name, value=value, since=date(2026, 1, 1), recorded_at=now()
        )  # fmt: skip


async def test_a_hundred_points_sort_the_shelves(scene, cast, client):
    for title, points in (("Livre", 100), ("Vol", 143), ("Dîner", 142), ("Miel", 12)):
        await offered(cast, title=title, points=points)
    await announced(cast, title="Vélo", points=50)
    assert await shelves(client, cast.rachel) == {
        "À vous dès maintenant": ["Miel", "Livre"],
        "Presque à vous": ["Dîner"],  # 70 % of 142 is 99.4; of 143 it is 100.1
        "Pour plus tard": ["Vol"],
        "Bientôt": ["Vélo"],
    }
    assert "encore 42 points" in (await client(cast.rachel).get("/recompenses")).text


async def test_what_is_sold_out_or_for_another_tier_is_shown_with_its_reason(scene, cast, client):
    sold_out = await offered(cast, stock=0, title="Miel", points=10)
    await offered(cast, title="Annecy", points=20, tiers=["Or"])
    assert await shelves(client, cast.rachel) == {"Pour plus tard": ["Miel", "Annecy"]}
    page = (await client(cast.rachel).get(f"/recompenses/{sold_out['ref']}")).text
    assert "épuisée pour le moment" in page
    assert f"/recompenses/{sold_out['ref']}/commande" not in page
    await trait(cast.rachel, "tier", "Or")
    assert await shelves(client, cast.rachel) == {
        "À vous dès maintenant": ["Annecy"],
        "Pour plus tard": ["Miel"],
    }


async def test_what_is_not_theirs_to_have_is_nowhere_to_be_seen(scene, cast, client):
    hidden = [
        await offered(cast, title="Micro", statuses=["micro"]),
        await offered(cast, title="Île", territories=["overseas"]),
        await offered(cast, title="Presse", segments=["Presse"]),
        await described(cast, title="Brouillon"),
    ]
    gone = await offered(cast, title="Passé", until=today())
    async with deed(cast.fanny.person):
        await db.execute("UPDATE reward SET until = '2026-01-01' WHERE id = $1", gone["id"])
    rachel = client(cast.rachel)
    assert await shelves(client, cast.rachel) == {}
    assert [(await rachel.get(f"/recompenses/{one['ref']}")).status_code for one in hidden] == [404] * 4
    await trait(cast.rachel, "segment", "Presse")
    assert await shelves(client, cast.rachel) == {"À vous dès maintenant": ["Presse"]}


async def test_a_micro_sees_what_is_for_micros(cast, client):
    await offered(cast, title="Micro", statuses=["micro"])
    assert await shelves(client, cast.mina) == {"Pour plus tard": ["Micro"]}


async def test_an_order_is_two_taps_from_the_card(scene, cast, client):
    reward = await offered(cast)
    rachel = client(cast.rachel)
    assert f'href="/recompenses/{reward["ref"]}"' in (await rachel.get("/recompenses")).text
    page = (await rachel.get(f"/recompenses/{reward['ref']}")).text
    assert f'href="/recompenses/{reward["ref"]}/commande"' in page
    assert "Il vous restera 40 points" in page  # 100 − 60


async def test_without_a_photo_there_is_a_drawing_with_one_the_photo(scene, cast, client):
    reward, rachel = await offered(cast), client(cast.rachel)
    assert "#gift" in (await rachel.get("/recompenses")).text
    assert (await rachel.get(f"/recompenses/{reward['ref']}/photo")).status_code == 404
    kept = [await keep(Store.UPLOADS, b"RIFF", media_type=WEBP, name=name) for name in ("a.webp", "b.webp")]
    async with deed(cast.fanny.person):
        await describing.give_photo(reward, kept)
    address = re.search(
        rf"/recompenses/{reward['ref']}/vignette\?v=\d+", (await rachel.get("/recompenses")).text
    )
    assert address
    answer = await rachel.get(address[0])
    assert (answer.content, answer.headers["content-type"]) == (b"RIFF", WEBP)
    assert "immutable" in answer.headers["cache-control"]


async def test_the_staff_see_the_catalogue_and_no_points(cast, client):
    await offered(cast, title="Miel", tiers=["Or"])
    assert await shelves(client, cast.sam) == {"Proposées": ["Miel"]}


async def test_the_page_asks_as_much_of_the_database_for_one_reward_as_for_thirty(scene, cast, client):
    await offered(cast)
    rachel = client(cast.rachel)
    async with Queries() as few:
        await rachel.get("/recompenses")
    for number in range(30):
        await offered(cast, title=f"Livre {number}", points=10 + number)
    async with Queries() as many:
        await rachel.get("/recompenses")
    assert len(few) == len(many) <= 8
