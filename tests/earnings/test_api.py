"""Commissions through the API: each sees their own, page by page, with the whole explanation."""

import pytest

from portal.earnings.policy import Policy, Sight, set_policy
from portal.kit import db
from portal.kit.deed import deed
from portal.kit.text import thin_spaces
from portal.people import tokens
from portal.people.rules import Role
from tests.cast import Client

EARNINGS = "/api/v1/earnings"


async def bearer(app, member, role=Role.REFERRER, scopes=("earnings:read",)) -> Client:
    async with deed(member.person):
        token = await tokens.create(member.person, "logiciel", role, set(scopes))
    browser = Client(app, "")
    browser.headers["authorization"] = f"Bearer {token}"
    return browser


async def earned(scene, cast, times: int = 1) -> list[str]:
    await scene.contract(cast.rachel)
    deal = await scene.deal(cast.rachel)
    for _ in range(times):
        await scene.pays(deal, 2_500_00)
    return [row["ref"] for row in await db.rows("SELECT ref FROM earning ORDER BY id")]


async def test_the_list_goes_on_by_its_cursor(scene, cast, app):
    refs = await earned(scene, cast, 3)
    fanny = await bearer(app, cast.fanny, Role.FINANCE)
    first = (await fanny.get(f"{EARNINGS}?limit=2")).json()
    then = (await fanny.get(EARNINGS, params={"limit": 2, "cursor": first["next"]})).json()
    assert [row["ref"] for row in first["data"] + then["data"]] == refs
    assert then["next"] is None
    assert first["data"][0]["amount"] == 250_00  # 2 500 × 10 %


async def test_one_is_told_in_codes_numbers_and_sentences(scene, cast, app):
    [ref] = await earned(scene, cast)
    told = (await (await bearer(app, cast.fanny, Role.FINANCE)).get(f"{EARNINGS}/{ref}")).json()
    assert (told["base_cents"], told["plan"]["version"], told["contract"]["clause"]) == (
        2_500_00,
        1,
        "remuneration.bareme",
    )
    assert told["steps"] == [
        {"what": "percent", "rule": "tout", "line": 0, "base": 2_500_00, "rate": 10_00, "amount": 250_00}
    ]
    assert [one["amount"] for one in told["explanation"]] == [2_500_00, 250_00]
    assert thin_spaces("10 %") in told["explanation"][1]["sentence"]


async def test_without_the_scope_it_is_closed(scene, cast, app):
    await earned(scene, cast)
    fanny = await bearer(app, cast.fanny, Role.FINANCE, scopes=("plans:read",))
    assert (await fanny.get(EARNINGS)).status_code == 403


@pytest.mark.parametrize(("sight", "shown"), [(Sight.RATE, True), (Sight.AMOUNT, False)])
async def test_what_the_company_hides_is_hidden_here_too(scene, cast, client, sight, shown):
    [ref] = await earned(scene, cast)
    async with deed(cast.alice.person):
        await set_policy(Policy(sight=sight))
    rachel = client(cast.rachel)
    told = (await rachel.get(f"{EARNINGS}/{ref}")).json()
    assert told["base_cents"] is None
    assert bool(told["steps"]) is bool(told["rule"]) is shown
    assert "250000" not in str(told)
    assert "2 500" not in str(told).replace("\\u202f", " ").replace("\\xa0", " ")
    assert (await client(cast.fanny).get(f"{EARNINGS}/{ref}")).json()["base_cents"] == 2_500_00
