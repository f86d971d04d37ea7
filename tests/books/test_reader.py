"""An accountant or an auditor of the company: sees what finance sees, changes nothing, leaves on a day."""

from datetime import timedelta

import pytest

from portal.history import access as history
from portal.kit import db
from portal.kit.days import at, clock_at, today
from portal.kit.deed import Machine, deed
from portal.people import access, reading
from portal.people.rules import Role, sight_of
from tests.cast import Member, reader


@pytest.fixture
async def ines(cast) -> Member:
    async with deed(cast.alice.person):
        return await reader("ines@expertise.example", "Inès Garnier")


async def test_a_reader_is_invited_with_a_last_day(cast, client):
    alice = client(cast.alice)
    asked = {"name": "Inès Garnier", "email": "ines@expertise.example", "roles": "reader"}
    refused = await alice.post_form("/reglages/utilisateurs", **asked)
    assert refused.status_code == 422
    assert "dernier jour" in refused.text
    ends = today() + timedelta(30)
    assert (
        await alice.post_form("/reglages/utilisateurs", **asked, until=ends.isoformat())
    ).status_code == 303
    user = await access.user_by_email("ines@expertise.example")
    assert user
    assert user["staff_roles"] == ["reader"]
    assert await reading.until_of(user["id"]) == ends


async def test_reading_goes_with_no_other_role(cast, client):
    answer = await client(cast.alice).post_form(
        "/reglages/utilisateurs", name="Inès Garnier", email="ines@expertise.example", roles=["reader", "finance"],
        until=today().isoformat(),
    )  # fmt: skip
    assert answer.status_code == 422
    assert sight_of(frozenset({Role.READER, Role.SALES})) == {Role.SALES}
    assert sight_of(frozenset({Role.READER})) == {Role.READER, Role.FINANCE}


async def test_a_reader_opens_finance_and_finds_nothing_to_press(cast, client, ines):
    browser = client(ines)
    home = await browser.get("/")
    assert home.status_code == 200
    assert "Lecture seule" in home.text
    assert "Réglages" not in home.text.split("</header>")[0]
    ready = await browser.get("/virements/preparation")
    assert ready.status_code == 200
    assert 'action="/virements/preparation"' not in ready.text
    assert (
        await browser.post_form("/virements/preparation", executes_on=today().isoformat())
    ).status_code == 403
    assert await db.value("SELECT count(*) FROM payout_run") == 0
    for closed in ("/reglages", "/reglages/utilisateurs", "/reglages/recalcul"):
        assert (await browser.get(closed)).status_code == 404


async def test_what_a_reader_takes_away_stands_in_the_history(cast, client, ines):
    browser = client(ines)
    assert (await browser.get("/factures")).status_code == 200
    assert (await browser.get("/factures?format=csv")).status_code == 200
    taken = [
        event for event in await history.of("user", ines.user_id) if event["what"] == "people.reader_took"
    ]
    assert [event["data"]["path"] for event in taken] == ["/factures"]


async def test_the_seat_ends_with_its_last_day(cast, client, ines):
    browser = client(ines)
    with clock_at(at(today() + timedelta(30), 8)):
        async with deed(Machine("test")):
            await db.execute("UPDATE session SET expires_at = expires_at + interval '60 days'")
        assert (await browser.get("/factures")).status_code == 200
    with clock_at(at(today() + timedelta(31), 8)):
        assert (await browser.get("/factures")).status_code == 303
        async with deed(Machine("test")):
            await reading.end_seats(today())
        user = await access.user(ines.user_id)
        assert user["staff_roles"] == []
