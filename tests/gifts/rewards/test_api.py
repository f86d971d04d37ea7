"""Programs read the catalogue with the token of a referrer or of finance."""

from portal.kit.deed import deed
from portal.people import tokens
from portal.people.rules import Role
from tests.cast import Member
from tests.gifts.rewards.shelves import described, offered


async def asks(client, member: Member, role: Role, query: str = "") -> dict:
    async with deed(member.person):
        token = await tokens.create(member.person, "logiciel", role, {"rewards:read"})
    answer = await client(None).get(f"/api/v1/rewards{query}", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_referrer_reads_what_they_may_order_and_what_they_lack(scene, cast, client):
    await offered(cast, title="Miel", points=60)
    await offered(cast, title="Vol", points=260)
    await offered(cast, title="Annecy", points=20, tiers=["Or"])
    await described(cast, title="Brouillon")
    found = (await asks(client, cast.rachel, Role.REFERRER))["data"]
    assert [(one["title"], one["why_not"], one["missing"]) for one in found] == [
        ("Miel", None, 0), ("Vol", None, 160), ("Annecy", "tier", 0),
    ]  # fmt: skip
    assert "cost_cents" not in found[0]


async def test_finance_reads_what_each_costs(cast, client):
    await offered(cast)
    [found] = (await asks(client, cast.fanny, Role.FINANCE))["data"]
    assert (found["value_cents"], found["cost_cents"], found["vat_cents"]) == (48_00, 56_00, 2_92)


async def test_the_list_goes_on_where_it_stopped(scene, cast, client):
    for title in ("Miel", "Vol", "Livre"):
        await offered(cast, title=title)
    first = await asks(client, cast.rachel, Role.REFERRER, "?limit=2")
    then = await asks(client, cast.rachel, Role.REFERRER, f"?limit=2&cursor={first['next']}")
    assert [one["title"] for one in (*first["data"], *then["data"])] == ["Miel", "Vol", "Livre"]
    assert then["next"] is None
