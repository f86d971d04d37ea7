"""/reglages/programmes: opening a programme, naming products, publishing a simple plan with its example."""

from portal.kit import db
from portal.kit.days import today

PLAN = {
    "name": "Barème simple", "rate": "12,5", "recurs": "months", "recurs_for_months": "24", "hold_days": "30",
    "clawback_days": "180",
}  # fmt: skip
HOME = "/reglages/programmes"


async def programme(alice):
    await alice.post_form(HOME, name="Apporteurs 2026", starts_on=today().isoformat())
    return await db.value("SELECT ref FROM programme")


async def test_a_programme_is_opened_once(cast, client):
    alice = client(cast.alice)
    sent = {"name": "Apporteurs 2026", "starts_on": "2026-01-05", "priority_months": "9"}
    answers = [await alice.post_form(HOME, once="une-fois", **sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert [tuple(row) for row in await db.rows("SELECT name, priority_months FROM programme")] == [
        ("Apporteurs 2026", 9)
    ]


async def test_a_second_programme_of_the_same_name_is_refused(cast, client):
    alice = client(cast.alice)
    await programme(alice)
    answer = await alice.post_form(HOME, name="Apporteurs 2026", starts_on="2026-01-05")
    assert answer.status_code == 422
    assert 'value="Apporteurs 2026"' in answer.text


async def test_a_programme_that_ends_before_it_starts_is_refused(cast, client):
    answer = await client(cast.alice).post_form(HOME, name="X", starts_on="2026-05-05", ends_on="2026-05-05")
    assert answer.status_code == 422
    assert 'id="f-ends_on-error"' in answer.text


async def test_the_example_follows_the_rate(cast, client):
    alice = client(cast.alice)
    path = f"{HOME}/{await programme(alice)}/bareme"
    said = (await alice.get(f"{path}/exemple", params=PLAN)).text
    assert "750,00" in said  # 6 000 × 12,5 %
    assert "s'affiche" in (await alice.get(f"{path}/exemple")).text.replace("\u2019", "'")


async def test_without_a_script_a_button_shows_the_example_and_publishes_nothing(cast, client):
    alice = client(cast.alice)
    path = f"{HOME}/{await programme(alice)}/bareme"
    looked = await alice.post_form(path, **PLAN, look="1")
    assert looked.status_code == 200
    assert "750,00" in looked.text
    assert await db.value("SELECT count(*) FROM plan_version") == 0


async def test_publishing_twice_under_one_name_gives_two_versions(cast, client):
    alice = client(cast.alice)
    path = f"{HOME}/{await programme(alice)}/bareme"
    assert (await alice.post_form(path, **PLAN)).status_code == 303
    assert (await alice.post_form(path, **PLAN | {"rate": "15"})).status_code == 303
    rows = await db.rows("SELECT number, body FROM plan_version ORDER BY number")
    assert [(row["number"], row["body"]["rules"][0]["pay"]["rate"]) for row in rows] == [
        (1, "12.5"),
        (2, "15"),
    ]
    assert rows[0]["body"]["recurs_for_months"] == 24


async def test_a_rate_that_cannot_be_is_refused_with_what_was_typed(cast, client):
    alice = client(cast.alice)
    path = f"{HOME}/{await programme(alice)}/bareme"
    for rate in ("0", "101", "dix", "1,005"):
        answer = await alice.post_form(path, **PLAN | {"rate": rate})
        assert answer.status_code == 422
        assert f'value="{rate}"' in answer.text
    assert await db.value("SELECT count(*) FROM plan_version") == 0


async def test_a_plan_of_another_programme_keeps_its_name(cast, client):
    alice = client(cast.alice)
    first = await programme(alice)
    await alice.post_form(f"{HOME}/{first}/bareme", **PLAN)
    await alice.post_form(HOME, name="Grands comptes", starts_on=today().isoformat())
    second = await db.value("SELECT ref FROM programme WHERE name = 'Grands comptes'")
    assert (await alice.post_form(f"{HOME}/{second}/bareme", **PLAN)).status_code == 422


async def test_a_product_gets_its_word_from_its_name(cast, client):
    alice = client(cast.alice)
    assert (
        await alice.post_form("/reglages/produits", name="Audit d'été", kind="one_off")
    ).status_code == 303
    assert await db.value("SELECT key FROM product") == "audit-d-ete"
    assert (await alice.post_form("/reglages/produits", name="Audit d'été")).status_code == 422
    assert (await alice.post_form("/reglages/produits", category="conseil")).status_code == 422


async def test_only_the_administration_comes_here(cast, client):
    path = f"{HOME}/{await programme(client(cast.alice))}/bareme"
    for who in (cast.sam, cast.fanny, cast.rachel):
        for address in (HOME, path, f"{path}/exemple"):
            assert (await client(who).get(address)).status_code == 404
        for address in (HOME, path, "/reglages/produits"):
            assert (await client(who).post_form(address)).status_code == 404
    assert (await client(None).get(HOME)).status_code == 303
