"""Deals through the API: by another system, with its keys and its names for things; each fact once."""

from datetime import timedelta

import pytest

from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.references import new_ref
from portal.people import tokens
from portal.people.rules import Role
from tests.cast import Client
from tests.stories import contract_of, moved, open_a_programme, recommended

DEALS, MONEY = "/api/v1/deals", "/api/v1/payments"


@pytest.fixture
async def robot(app, cast):
    """The company's own software, with an administrator's token."""
    async with deed(cast.alice.person):
        token = await tokens.create(
            cast.alice.person, "comptabilité", Role.ADMIN, {"deals:read", "deals:write"}
        )
    client = Client(app, "")
    client.headers["authorization"] = f"Bearer {token}"
    return client


@pytest.fixture
async def lead(cast):
    await contract_of(cast.rachel, await open_a_programme())
    return await moved(await recommended(cast.rachel), cast.sam, "accept")


async def sent(robot, path, key="", **body):
    return await robot.post(path, json=body, headers={"idempotency-key": key or new_ref()})


def a_deal(lead, **changes):
    said = {
        "recommendation": lead["ref"], "title": "Site", "signed_on": today().isoformat(), "external_id": "CRM-7",
        "lines": [{"label": "Site", "net_cents": 1_200_000}],
    }  # fmt: skip
    return {**said, **changes}


async def signed(robot, lead, **changes):
    return (await sent(robot, DEALS, **a_deal(lead, **changes))).json()["ref"]


async def test_a_deal_is_signed_invoiced_paid_and_earns(robot, lead):
    path = f"{DEALS}/{await signed(robot, lead)}"
    invoice = await sent(
        robot, f"{path}/invoices", number="F-1", issued_on=today().isoformat(),
        vat=[{"rate": "20", "net_cents": 500_000}, {"rate": "5.5", "net_cents": 100_000}],
    )  # fmt: skip
    assert invoice.status_code == 201
    assert invoice.json()["vat_cents"] == 105_500  # 5 000 × 20 % + 1 000 × 5,5 %
    paid = await sent(
        robot, f"{path}/payments", paid_on=today().isoformat(), invoice="F-1", total_cents=705_500, nature="factor"
    )  # fmt: skip
    assert (paid.json()["net_cents"], paid.json()["nature"]) == (600_000, "factor")
    assert await db.value("SELECT amount FROM earning") == 48_000  # 6 000 × 8 %
    told = (await robot.get(path)).json()
    assert told["shares"] == [{"referrer": "R0001", "percent": "100"}]
    assert [one["number"] for one in (await robot.get(f"{path}/invoices")).json()["data"]] == ["F-1"]


async def test_the_same_payment_counts_once_and_other_content_is_a_conflict(robot, lead):
    path = f"{DEALS}/{await signed(robot, lead)}/payments"
    said = {"paid_on": today().isoformat(), "net_cents": 100_000, "external_id": "P-1"}
    first = await sent(robot, path, **said)
    again = await sent(robot, path, **said)  # another key, the same fact
    assert first.json()["ref"] == again.json()["ref"]
    other = await sent(robot, path, **{**said, "net_cents": 90_000})
    assert (other.status_code, other.json()["code"]) == (409, "other_content")
    assert await db.value("SELECT count(*) FROM client_payment") == 1


async def test_the_same_key_gives_the_same_answer(robot, lead):
    said = a_deal(lead)
    first = await sent(robot, DEALS, key="une-fois", **said)
    again = await sent(robot, DEALS, key="une-fois", **said)
    assert first.json() == again.json()
    assert (await robot.post(DEALS, json=said)).status_code == 400  # no key at all


async def test_money_goes_back_and_a_deal_falls_through(robot, lead):
    path = f"{DEALS}/{await signed(robot, lead)}"
    day = today().isoformat()
    paid = (await sent(robot, f"{path}/payments", paid_on=day, net_cents=100_000, external_id="P-1")).json()
    refund = await sent(robot, f"{path}/refunds", paid_on=day, net_cents=40_000, payment="P-1")
    assert refund.json()["kind"] == "refund"
    assert await db.value("SELECT sum(amount)::bigint FROM earning") == 4_800  # (1 000 − 400) × 8 %
    assert (await sent(robot, f"{path}/cancellation", on=day, cause="client", reason="Renonce")).json()[
        "state"
    ] == "cancelled"
    kinds = [one["kind"] for one in (await robot.get(f"{path}/payments")).json()["data"]]
    assert kinds == ["payment", "refund"]
    assert paid["counts_on"] == day


@pytest.mark.parametrize(
    ("noun", "body", "status", "code"),
    [
        ("payments", {"net_cents": 1, "invoice": "F-404"}, 422, "invoice"),
        ("payments", {"net_cents": 1, "currency": "USD"}, 422, "currency"),
        ("payments", {"total_cents": 100}, 409, "net_unknown"),
        ("payments", {"net_cents": "cent"}, 422, "body"),
        ("payments", {"net_cents": 1, "montant": 3}, 422, "body"),
        ("refunds", {"net_cents": 1}, 409, "refund_too_large"),
        ("refunds", {"net_cents": 1, "payment": "P-404"}, 422, "payment"),
    ],
)
async def test_what_cannot_be_is_said_as_a_problem(robot, lead, noun, body, status, code):
    path = f"{DEALS}/{await signed(robot, lead)}/{noun}"
    answer = await sent(robot, path, paid_on=today().isoformat(), **body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"].startswith("application/problem+json")


async def test_shares_must_make_a_hundred_and_an_unknown_recommendation_is_said(robot, lead):
    parts = [{"referrer": "R0001", "percent": "60"}, {"referrer": "R0002", "percent": "30"}]
    wrong = await sent(robot, DEALS, **a_deal(lead, shares=parts))
    assert wrong.json()["code"] == "weights_differ"
    assert (await sent(robot, DEALS, **a_deal(lead, recommendation="nulle"))).json()[
        "code"
    ] == "recommendation"


async def test_money_without_a_deal_waits_and_is_listed(robot, lead):
    day = today().isoformat()
    waiting = await sent(robot, MONEY, paid_on=day, total_cents=5_00, payer="Inconnu", external_id="B-1")
    assert waiting.json()["state"] == "waiting"
    later = (today() + timedelta(1)).isoformat()
    assert (await sent(robot, MONEY, paid_on=later, total_cents=5_00)).json()["code"] == "paid_later"
    await sent(robot, MONEY, paid_on=day, total_cents=6_00)
    first = (await robot.get(f"{MONEY}?limit=1")).json()
    then = (await robot.get(MONEY, params={"limit": 1, "cursor": first["next"]})).json()
    assert [one["total_cents"] for one in first["data"] + then["data"]] == [5_00, 6_00]


async def test_it_stands_in_the_openapi_document_and_needs_its_scope(robot, app, cast, lead):
    paths = (await robot.get("/api/v1/openapi.json")).json()["paths"]
    nouns = ("", "/{ref}", "/{ref}/invoices", "/{ref}/payments", "/{ref}/refunds", "/{ref}/cancellation")
    assert {DEALS + noun for noun in nouns} <= paths.keys()
    async with deed(cast.alice.person):
        token = await tokens.create(cast.alice.person, "lecture", Role.ADMIN, {"deals:read"})
    reader = Client(app, "")
    reader.headers["authorization"] = f"Bearer {token}"
    assert (await sent(reader, DEALS, **a_deal(lead))).status_code == 403
