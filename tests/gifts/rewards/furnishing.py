"""The catalogue of the crawled village: a reward in each state, hearts, wishes with each answer, a question."""

from decimal import Decimal
from typing import Any

from litestar.datastructures import UploadFile

from portal.gifts.rewards import access, describing, own_wishes, surveys, wishing
from portal.kit.deed import deed
from portal.kit.uploads import receive_photo
from tests.cast import Cast
from tests.gifts.rewards.shelves import a_photo, announced, described, offered

PLAIN: dict[str, Any] = {
    "title": "Harvest hamper",
    "summary": "Honey and nuts",
    "body": "For four.",
    "supplier": "Hill Farm",
}
DINNER: dict[str, Any] = {
    **PLAIN,
    "title": "Dinner for two",
    "kind": "experience",
    "nature": "service",
    "points": 700,
}
WATCH: dict[str, Any] = {
    "points": 150, "price_cents": 150_00, "packaging_cents": 0, "shipping_cents": 0, "vat_rate": Decimal(20),
    "nature": "good", "supplier": "", "delivery_days": None,
}  # fmt: skip


async def furnish_rewards(cast: Cast) -> None:
    hamper, dinner = await offered(cast, stock=20, **PLAIN), await offered(cast, **DINNER)
    soon = await announced(cast, **{**PLAIN, "title": "Electric bicycle"})
    gone = await offered(cast, **{**PLAIN, "title": "Old kettle"})
    await offered(cast, stock=0, **{**PLAIN, "title": "Tea set"})
    await described(cast, **{**PLAIN, "title": "Concert", "points": None, "price_cents": None})
    photo = UploadFile(content_type="image/jpeg", filename="hamper.jpg", file_data=a_photo())
    kept = await receive_photo(photo, (1280, 640))
    async with deed(cast.fanny.person):
        await describing.give_photo(hamper, kept)
        await describing.move("withdraw", await access.reward(gone["id"]))
        await surveys.close(await surveys.open_survey("Tea or coffee?", ["Tea", "Coffee"], None))
        await surveys.open_survey("What next?", ["A bicycle", "A book"], None)
    async with deed(cast.rachel.person):
        await wishing.wish(dinner["id"], cast.rachel.referrer_id)
        await wishing.ask_to_be_told(soon, cast.rachel.referrer_id)
        asked, refused, priced = [
            await own_wishes.ask(cast.rachel.referrer_id, title, "With a strap", "")
            for title in ("A watch", "A boat", "A clock")
        ]
    async with deed(cast.sam.person):
        await own_wishes.refuse(refused, refused["version"], "Too large for our boot.")
        await own_wishes.price(priced, priced["version"], "A clock", **WATCH)
    assert asked["state"] == "asked"
