"""/reglages/programmes: opening a programme, naming products."""

from portal.kit import db
from portal.kit.days import today

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


async def test_a_product_gets_its_word_from_its_name(cast, client):
    alice = client(cast.alice)
    assert (
        await alice.post_form("/reglages/produits", name="Audit d'été", kind="one_off")
    ).status_code == 303
    assert await db.value("SELECT key FROM product") == "audit-d-ete"
    assert (await alice.post_form("/reglages/produits", name="Audit d'été")).status_code == 422
    assert (await alice.post_form("/reglages/produits", category="conseil")).status_code == 422


async def test_only_the_administration_comes_here(cast, client):
    for who in (cast.sam, cast.fanny, cast.rachel):
        assert (await client(who).get(HOME)).status_code == 404
        for address in (HOME, "/reglages/produits"):
            assert (await client(who).post_form(address)).status_code == 404
    assert (await client(None).get(HOME)).status_code == 303
