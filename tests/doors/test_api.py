"""The API: who a token speaks for, what counts once, how lists go on, how problems are said."""

import asyncio
from typing import Any

import httpx
import pytest
from litestar import Litestar, Request

from portal import faults
from portal.kit import api, db
from portal.kit.days import clock_at, now
from portal.kit.deed import Machine, deed
from portal.kit.references import new_ref
from portal.kit.web import ANYONE
from portal.people import actions, tokens
from portal.people.access import user
from portal.people.rules import Role
from portal.settings import settings

PLAN: dict[str, Any] = {
    "unit": "EUR", "pays_on": "client_paid", "base": "net", "choose": "first",
    "rules": [{"key": "dix", "when": [], "pay": {"kind": "percent", "rate": "10"}}],
    "recurs_for_months": "always", "hold_days": 30, "clawback_days": 180,
}  # fmt: skip
EVENTS: list[dict[str, Any]] = [
    {"id": "e1", "type": "deal_signed", "deal": "D1", "on": "2026-03-01", "referrer": "R1"},
    {"id": "e2", "type": "client_paid", "deal": "D1", "on": "2026-04-02", "net": "1000.00"},
]


async def bearer(cast, scopes: set[str], role: Role = Role.ADMIN) -> dict[str, str]:
    async with deed(cast.alice.person):
        return {"authorization": f"Bearer {await tokens.create(cast.alice.person, 'essai', role, scopes)}"}


async def test_a_token_says_for_whom_it_speaks(cast, client):
    answer = await client(None).get("/api/v1/moi", headers=await bearer(cast, {"plans:read"}))
    assert answer.json() == {
        "name": "Alice Ferrand", "email": "alice@lumen.example", "language": "fr",
        "roles": ["admin"], "scopes": ["plans:read"],
    }  # fmt: skip


async def test_without_a_valid_token_the_api_says_401_as_a_problem_document(cast, client):
    for headers in ({}, {"authorization": "Bearer ent_guessed"}, {"authorization": "Basic x"}):
        answer = await client(None).get("/api/v1/moi", headers=headers)
        assert answer.status_code == 401
        assert answer.headers["content-type"].startswith("application/problem+json")
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.json()["code"] == "not_signed_in"


async def test_a_token_opens_no_page(cast, client):
    answer = await client(None).get("/compte", headers=await bearer(cast, {"plans:read"}))
    assert answer.status_code == 303


async def test_guessing_tokens_is_stopped(cast, client):
    browser = client(None)
    statuses = [
        (await browser.get("/api/v1/moi", headers={"authorization": f"Bearer ent_{n}"})).status_code
        for n in range(52)
    ]
    assert statuses[-1] == 429


async def test_a_plan_is_tried_with_the_scope_for_it(cast, client):
    answer = await client(None).post(
        "/api/v1/plans/simulate",
        json={"plan": PLAN, "events": EVENTS},
        headers=await bearer(cast, {"plans:read"}),
    )
    assert answer.status_code == 200
    assert answer.json()["totals"] == {"R1": {"EUR": "100.00"}}  # 1 000 × 10 %


async def test_a_token_without_the_scope_is_refused(cast, client):
    answer = await client(None).post(
        "/api/v1/plans/simulate",
        json={"plan": PLAN, "events": EVENTS},
        headers=await bearer(cast, {"leads:read"}),
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "scope")


async def test_an_impossible_plan_is_refused_with_its_place(cast, client):
    wrong = PLAN | {"rules": [{"key": "trop", "when": [], "pay": {"kind": "percent", "rate": "101"}}]}
    answer = await client(None).post(
        "/api/v1/plans/simulate",
        json={"plan": wrong, "events": []},
        headers=await bearer(cast, {"plans:read"}),
    )
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["place"] == "rules[0].pay.rate"


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"{", 400), (b"[]", 422), (b'{"plan": {}}', 422), (b'{"plan": {}, "events": ' + b"[" * 50_000, 400)],
)
async def test_a_body_that_is_not_what_is_asked_is_said_so(cast, client, body, status):
    answer = await client(None).post(
        "/api/v1/plans/simulate", content=body, headers=await bearer(cast, {"plans:read"})
    )
    assert answer.status_code == status


async def test_a_session_needs_the_token_of_a_form_to_write_through_the_api(cast, client):
    answer = await client(cast.alice).post("/api/v1/plans/simulate", json={"plan": PLAN, "events": EVENTS})
    assert answer.status_code == 403


async def test_a_revoked_or_expired_token_opens_nothing(cast, client):
    headers, browser = await bearer(cast, {"plans:read"}), client(None)
    with clock_at(now() + tokens.LASTS):
        assert await tokens.person_of(headers["authorization"].removeprefix("Bearer "), "") is None
    assert (await browser.get("/api/v1/moi", headers=headers)).status_code == 200
    ref = await db.value("SELECT ref FROM api_token")
    assert (await client(cast.alice).post_form(f"/reglages/jetons/{ref}/revocation")).status_code == 303
    assert (await browser.get("/api/v1/moi", headers=headers)).status_code == 401


async def test_a_token_ends_with_the_account_of_its_maker(cast, client):
    async with deed(cast.alice.person):
        await actions.set_roles(cast.fred.user_id, {Role.ADMIN})
    headers, browser = await bearer(cast, {"plans:read"}), client(None)
    async with deed(cast.fred.person):
        await actions.deactivate(await user(cast.alice.user_id))
    assert (await browser.get("/api/v1/moi", headers=headers)).status_code == 401


async def test_a_token_is_shown_once(cast, client):
    alice = client(cast.alice)
    made = await alice.post_form(
        "/reglages/jetons",
        name="Comptabilité",
        role="admin",
        scopes=["plans:read", "earnings:read"],
        expires_on="",
    )
    assert made.status_code == 200
    token = made.text.split('id="jeton">')[1].split("<")[0]
    assert token.startswith("ent_")
    assert token not in (await alice.get("/reglages/jetons")).text
    assert token.encode() not in bytes(await db.value("SELECT token_sha256 FROM api_token"))
    assert (
        await client(None).get("/api/v1/moi", headers={"authorization": f"Bearer {token}"})
    ).status_code == 200


async def test_a_token_has_no_role_that_its_maker_lacks(cast, client):
    answer = await client(cast.alice).post_form(
        "/reglages/jetons", name="X-Y", role="finance", scopes="plans:read"
    )
    assert answer.status_code == 422
    assert await db.value("SELECT count(*) FROM api_token") == 0


async def test_the_schema_tells_of_the_api_and_of_nothing_else(cast, client):
    assert (await client(None).get("/api/v1/openapi.json")).status_code == 401
    schema = (await client(cast.rachel).get("/api/v1/openapi.json")).json()
    assert schema["openapi"].startswith("3.1")
    assert "/api/v1/moi" in schema["paths"]
    assert all(path.startswith("/api/v1/") for path in schema["paths"])


async def test_a_list_goes_on_where_it_stopped_and_shows_no_id(base):
    rows = [{"id": n} for n in range(1, 8)]
    seen, cursor = [], api.Cursor(0, 3)
    while True:
        following = [row for row in rows if row["id"] > cursor.after][: cursor.limit + 1]
        page = api.cursor_page(following, cursor, lambda row: row["id"])
        seen += page["data"]
        if page["next"] is None:
            break
        assert str(seen[-1]) != page["next"]
        cursor = api.Cursor(api._opened(page["next"]), 3)
    assert seen == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize("cursor", ["x", "AAAA", "é", "1" * 80])
def test_a_made_up_cursor_is_refused(cursor):
    with pytest.raises(api.BadRequest):
        api._opened(cursor)


@pytest.mark.parametrize("limit", ["0", "201", "-1", "1e2", "٣", "9" * 40])
def test_a_limit_out_of_reason_is_refused(limit):
    with pytest.raises(api.BadRequest):
        api._limit(limit)


@api.post("/essais", allows=ANYONE)
async def make(request: Request) -> Any:
    """What every writing route of the API looks like."""
    async with deed(Machine("test"), await api.once(request)) as doing:
        await db.execute("INSERT INTO company_option (key, value, at) VALUES ($1, '1', $2)", new_ref(), now())
        return api.answer(doing, {"made": await api.read_json(request, int)})


async def test_a_post_without_a_key_is_refused_and_with_one_counts_once(base):
    trial = Litestar([make], exception_handlers=faults.HANDLERS, openapi_config=None)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(trial), base_url=settings().origin) as caller:

        async def post(body: int, key: str = "") -> httpx.Response:
            return await caller.post(
                "/api/v1/essais", json=body, headers={"idempotency-key": key} if key else {}
            )

        without = await post(1)
        answers = await asyncio.gather(*(post(1, "k1") for _ in range(20)))
        other = await post(2, "k1")
    assert (without.status_code, without.json()["code"]) == (400, "idempotency_key_missing")
    assert {(answer.status_code, answer.text) for answer in answers} == {(201, '{"made":1}')}
    assert (other.status_code, other.json()["code"]) == (409, "key_reused")
    assert await db.value("SELECT count(*) FROM company_option") == 1
