"""Recommendations by the API, and two at the same instant by two ways: one is first, one waits."""

import asyncio

import pytest

from portal.clients import actions as clients
from portal.clients import reserved
from portal.kit import db
from portal.kit.deed import deed
from portal.leads.priority import known
from portal.people import tokens
from portal.people.rules import Role
from tests.stories import SINCE, STORY, contract_of, open_a_programme

HERSELF = {
    "contact": "Claire Morin",
    "company": "Atelier Morin",
    "phone": "06 12 34 56 78",
    "email": "claire@morin.fr",
}
SAID = {
    "company": "Atelier Morin", "contact": "Claire Morin", "phone": "06 12 34 56 78", "siren": "732829320",
    "consent": {"how": "spoken", "on": "2026-11-20"},
}  # fmt: skip


@pytest.fixture(autouse=True)
async def plan(cast):
    plan = await open_a_programme()
    await contract_of(cast.rachel, plan)
    return plan


async def lead() -> db.Row:
    [found] = await db.rows("SELECT * FROM lead ORDER BY id")
    return found


# The API


async def token_of(member, *scopes) -> dict[str, str]:
    role = Role.REFERRER if member.person.referrer_id else Role.SALES
    async with deed(member.person):
        return {"authorization": f"Bearer {await tokens.create(member.person, 'essai', role, set(scopes))}"}


async def test_the_api_hands_in_once_by_its_key(cast, client):
    hands, browser = await token_of(cast.rachel, "leads:write", "leads:read"), client(None)
    headers = {**hands, "idempotency-key": "a1"}
    first = await browser.post("/api/v1/recommandations", json=SAID, headers=headers)
    again = await browser.post("/api/v1/recommandations", json=SAID, headers=headers)
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    got = await lead()
    assert (got["source"], got["consent"]) == ("api", "spoken 2026-11-20")
    other = await browser.post("/api/v1/recommandations", json={**SAID, "company": "Autre"}, headers=headers)
    assert other.status_code == 409
    without = await browser.post("/api/v1/recommandations", json=SAID, headers=hands)
    assert without.status_code == 400
    page = (await browser.get("/api/v1/recommandations", headers=hands)).json()
    assert [one["ref"] for one in page["data"]] == [got["ref"]]


async def test_twenty_posts_at_once_under_one_key_are_one_recommendation(cast, client):
    headers = {**await token_of(cast.rachel, "leads:write"), "idempotency-key": "b2"}
    browser = client(None)
    answers = await asyncio.gather(
        *[browser.post("/api/v1/recommandations", json=SAID, headers=headers) for _ in range(20)]
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["ref"] for answer in answers}) == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"company": ""}, "company"),
        ({"consent": {}}, "consent.how"),
        ({"consent": {"how": "spoken", "on": "2999-01-01"}}, "consent.on"),
        ({"phone": "12"}, "phone"),
        ({"amount_cents": -1}, "amount_cents"),
        ({"amount_cents": 1.5}, "amount_cents"),
        ({"consent": "yes"}, "consent.how"),
    ],
)
async def test_the_api_names_each_field_that_is_wrong(cast, client, wrong, field):
    headers = {**await token_of(cast.rachel, "leads:write"), "idempotency-key": "c3"}
    answer = await client(None).post("/api/v1/recommandations", json={**SAID, **wrong}, headers=headers)
    assert answer.status_code == 422
    assert field in answer.json()["errors"]
    assert await db.value("SELECT count(*) FROM lead") == 0


async def test_a_colleague_names_the_referrer_and_a_stranger_sees_nothing(cast, client):
    number = await db.value("SELECT number FROM referrer WHERE id = $1", cast.rachel.referrer_id)
    headers = {**await token_of(cast.sam, "leads:write"), "idempotency-key": "d4"}
    browser = client(None)
    refused = await browser.post("/api/v1/recommandations", json=SAID, headers=headers)
    assert refused.status_code == 422
    made = await browser.post("/api/v1/recommandations", json={**SAID, "referrer": number}, headers=headers)
    assert made.status_code == 201
    stranger = await token_of(cast.stefan, "leads:read")
    assert (
        await browser.get(f"/api/v1/recommandations/{made.json()['ref']}", headers=stranger)
    ).status_code == 404


# At the same instant by two ways


async def by_form(client, cast, n: int) -> None:
    fields = {"company": f"Maison {n}", "email": f"claire@maison{n}.example", "agreed": "spoken"}
    assert (await client(cast.remi).post_form("/recommandations", **fields)).status_code == 303


async def by_link(client, link, n: int) -> None:
    said = {**HERSELF, "company": f"Maison {n}", "email": f"claire@maison{n}.example"}
    assert (await client(None).post_form(f"/r/{link['code']}", **said)).status_code == 303


async def by_api(client, hands, n: int) -> None:
    said = {**SAID, "company": f"Maison {n}", "email": f"claire@maison{n}.example", "siren": ""}
    answer = await client(None).post(
        "/api/v1/recommandations", json=said, headers={**hands, "idempotency-key": f"r{n}"}
    )
    assert answer.status_code == 201


async def first_and_waiting(n: int) -> None:
    found = await db.rows("SELECT id, state, behind_lead_id FROM lead WHERE company_name = $1", f"Maison {n}")
    first, second = sorted(found, key=lambda row: row["state"])
    assert (first["state"], second["state"]) == ("submitted", "waiting")
    assert second["behind_lead_id"] == first["id"]


async def an_hour_later() -> None:
    """A hundred at once are more than one page takes in an hour: the counters forget."""
    async with deed(STORY):
        await db.execute("DELETE FROM rate_counter")


async def test_form_and_link_at_the_same_instant_fifty_times_over(cast, client, link):
    for n in range(50):
        await asyncio.gather(by_form(client, cast, n), by_link(client, link, n))
        await first_and_waiting(n)
        await an_hour_later()


async def test_link_and_api_at_the_same_instant_fifty_times_over(cast, client, link):
    hands = await token_of(cast.mina, "leads:write")
    for n in range(50):
        await asyncio.gather(by_link(client, link, n), by_api(client, hands, n))
        await first_and_waiting(n)
        await an_hour_later()


async def test_a_client_or_a_reserved_account_changes_nothing_of_who_is_first(cast, client, link):
    """Sales look afterwards: at the same instant it is known, claimed once and in line once."""
    for n, know in enumerate([own_client, reserved_account] * 10):
        await asyncio.gather(know(cast, n), by_form(client, cast, n), by_link(client, link, n))
        await first_and_waiting(n)
        for lead in await db.rows("SELECT * FROM lead WHERE company_name = $1", f"Maison {n}"):
            assert [one.name for one in await known.of(lead)] == [f"Maison {n}"]
        await an_hour_later()


async def own_client(cast, n: int) -> None:
    async with deed(cast.sam.person):
        await clients.bring(f"C{n}", f"Maison {n}", website=f"maison{n}.example", since=SINCE)


async def reserved_account(cast, n: int) -> None:
    async with deed(cast.sonia.person):
        await reserved.reserve(reserved.Account(f"Maison {n}", SINCE, domain=f"maison{n}.example"))
