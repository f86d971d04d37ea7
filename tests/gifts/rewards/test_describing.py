"""The company describes a reward on one page, which says what it lacks before it can be offered."""

import io

from PIL import Image

from portal.gifts.rewards import access, rules
from portal.kit import db, files
from portal.kit.text import speaking
from tests.gifts.rewards.shelves import a_photo, announced, described, offered

PATH = "/reglages/recompenses"
TYPED = {
    "title": "Coffret de thés", "kind": "good", "summary": "Six maisons", "points": "35", "price_cents": "24,90",
    "packaging_cents": "0", "shipping_cents": "5,10", "vat_rate": "20", "nature": "good", "public_agents": "1",
}  # fmt: skip


async def only() -> db.Row:
    found = await db.row("SELECT * FROM reward")
    assert found
    return found


async def test_what_is_half_known_is_kept_as_a_draft(cast, client):
    fanny = client(cast.fanny)
    answer = await fanny.post_form(PATH, title="Vélo", kind="good")
    assert answer.status_code == 303
    page = (await fanny.get(answer.headers["location"])).text
    assert (await only())["state"] == "draft"
    assert "Dites ce qu’elle coûte, TTC." in page


async def test_without_cost_or_nature_it_cannot_be_offered_and_each_field_says_so(cast, client):
    typed = {**TYPED, "price_cents": "", "nature": "", "then": "publication"}
    answer = await client(cast.fanny).post_form(PATH, **typed)
    assert answer.status_code == 422
    with speaking("fr"):
        for name in ("price_cents", "nature"):
            assert f'href="#f-{name}"' in answer.text
    assert 'value="Coffret de thés"' in answer.text
    assert 'value="5,10"' in answer.text  # nothing that was typed is lost
    assert not await db.value("SELECT EXISTS (SELECT FROM reward)")


async def test_complete_it_is_offered_at_once_with_its_cost_and_its_vat(cast, client):
    answer = await client(cast.alice).post_form(PATH, **TYPED, then="publication")
    assert answer.status_code == 303
    reward = await only()
    assert (reward["state"], rules.true_cost_cents(reward)) == ("published", 30_00)  # 24.90 + 0 + 5.10
    assert reward["vat_cents"] == 5_00  # 30 × 20 ÷ 120


async def test_one_on_offer_stays_complete(cast, client):
    reward = await offered(cast)
    answer = await client(cast.fanny).post_form(
        f"{PATH}/{reward['ref']}", **{**TYPED, "points": ""}, version="2"
    )
    assert answer.status_code == 422
    assert (await only())["points"] == 60


async def test_what_somebody_changed_in_between_is_not_overwritten(cast, client):
    reward = await described(cast)
    first = await client(cast.fanny).post_form(f"{PATH}/{reward['ref']}", **TYPED, version="1")
    second = await client(cast.fred).post_form(
        f"{PATH}/{reward['ref']}", **{**TYPED, "title": "Autre"}, version="1"
    )
    assert (first.status_code, second.status_code) == (303, 409)
    assert (await only())["title"] == "Coffret de thés"


async def test_it_is_announced_then_offered_then_withdrawn_then_offered_again(cast, client):
    fanny, reward = client(cast.fanny), await described(cast)
    for noun, state in (("annonce", "soon"), ("publication", "published"), ("retrait", "withdrawn"), ("publication", "published")):  # fmt: skip
        await fanny.post_form(f"{PATH}/{reward['ref']}/{noun}", version=(await only())["version"])
        assert (await only())["state"] == state
    assert (
        await fanny.post_form(f"{PATH}/{reward['ref']}/annonce", version=(await only())["version"])
    ).status_code == 409


async def test_an_announced_one_that_lacks_its_cost_cannot_be_offered(cast, client):
    reward = await announced(cast, price_cents=None)
    answer = await client(cast.fanny).post_form(
        f"{PATH}/{reward['ref']}/publication", version=reward["version"]
    )
    assert answer.status_code == 409
    assert (await only())["state"] == "soon"


async def test_amounts_that_nobody_can_pay_are_refused(cast, client):
    for wrong in ({"price_cents": "-3"}, {"price_cents": "beaucoup"}, {"points": "0"}, {"vat_rate": "200"}, {"points": "1,5"}):  # fmt: skip
        assert (await client(cast.fanny).post_form(PATH, **{**TYPED, **wrong})).status_code == 422


async def test_a_good_that_passes_the_threshold_of_the_year_by_itself_is_said(cast, client):
    reward = await described(cast, price_cents=90_00)  # 98 TTC, above 73
    assert "ce bien le dépasse" in (await client(cast.fanny).get(f"{PATH}/{reward['ref']}")).text
    small = await described(cast, title="Stylo", price_cents=65_00)  # 73 TTC: not above
    assert "ce bien le dépasse" not in (await client(cast.fanny).get(f"{PATH}/{small['ref']}")).text


async def with_photo(client, member, reward, body: bytes, name: str = "photo.jpg"):
    typed = {**TYPED, "version": str(reward["version"])}
    return await client(member).post_form(
        f"{PATH}/{reward['ref']}", files={"photo": (name, body, "image/jpeg")}, **typed
    )


async def test_a_photo_is_drawn_anew_in_two_sizes_and_says_nothing_of_its_camera(cast, client):
    reward, out = await described(cast), io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Appareil de Fanny"
    Image.new("RGB", (3000, 2000), (10, 90, 60)).save(out, "JPEG", exif=exif)
    assert (await with_photo(client, cast.fanny, reward, out.getvalue())).status_code == 303
    found = await only()
    for column, size in (("photo_file", (1280, 853)), ("thumb_file", (640, 427))):
        body = await files.content(await files.by_id(found[column]))
        with Image.open(io.BytesIO(body)) as picture:
            assert (picture.format, picture.size, dict(picture.getexif())) == ("WEBP", size, {})


async def test_a_photo_that_is_none_is_refused_and_nothing_else_is_kept(cast, client):
    reward = await described(cast)
    for body in (b"<svg onload=alert(1)>", b"\xff\xd8\xff" + b"x" * 100, b"%PDF-1.7"):
        answer = await with_photo(client, cast.fanny, reward, body)
        assert answer.status_code == 422
        assert 'id="f-photo-error"' in answer.text
    assert (await only())["title"] == reward["title"]


async def test_another_photo_takes_the_place_of_the_former_which_is_erased(cast, client):
    reward = await described(cast)
    await with_photo(client, cast.fanny, reward, a_photo())
    before = await only()
    await with_photo(client, cast.fanny, before, a_photo(800, 600, "PNG"))
    erased = await db.value(
        "SELECT erased_at IS NOT NULL FROM stored_file WHERE id = $1", before["photo_file"]
    )
    assert erased
    await client(cast.fanny).post_form(f"{PATH}/{reward['ref']}/photo/retrait")
    assert (await only())["photo_file"] is None


async def test_the_stock_is_counted_anew_or_no_longer(cast, client):
    reward, fanny = await offered(cast, stock=3), client(cast.fanny)
    await fanny.post_form(f"{PATH}/{reward['ref']}/stock", stock="12", counted="3")
    assert (await access.reward(reward["id"]))["stock"] == 12
    await fanny.post_form(f"{PATH}/{reward['ref']}/stock", stock="", counted="12")
    assert (await access.reward(reward["id"]))["stock"] is None
    assert (await fanny.post_form(f"{PATH}/{reward['ref']}/stock", stock="-1", counted="")).status_code == 422


async def test_only_boxes_that_stand_on_the_page_are_taken(cast, client):
    typed = {**TYPED, "statuses": ["individual", "roi"], "territories": ["mainland"]}
    await client(cast.fanny).post_form(PATH, **typed)
    assert ((await only())["statuses"], (await only())["territories"]) == (["individual"], ["mainland"])


async def test_the_catalogue_is_exported(cast, client):
    await offered(cast)
    answer = await client(cast.fanny).get(f"{PATH}?format=csv")
    assert "Panier du Vercors" in answer.text
    assert "56,00" in answer.text
