"""Two claims on one company at the same instant, by any two ways in, a hundred times over: one is first, one waits behind it."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import combinations

import pytest

from portal.imports.applying import import_file
from portal.imports.options import Options
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.sheets import csv_bytes
from portal.leads.intake import links
from portal.leads.priority import claims
from portal.people import tokens
from portal.people.rules import Role
from tests.cast import Cast, Client, Member
from tests.stories import STORY, contract_of, open_a_programme

ROUNDS = 7  # of 15 pairs: a hundred and five
TITLES = ["Réf", "Date", "Apporteur", "Entreprise", "E-mail", "Accord du prospect", "Suite"]
Way = Callable[["Doors", Member, int], Awaitable[None]]


class Doors:
    """What each way needs in hand."""

    def __init__(self, cast: Cast, client: Callable[..., Client], programme_id: int) -> None:
        self.cast, self.client, self.programme_id = cast, client, programme_id
        self.codes: dict[int, str] = {}
        self.hands: dict[int, dict[str, str]] = {}

    async def open_for(self, who: Member) -> None:
        async with deed(who.person):
            self.codes[who.user_id] = (await links.renew(who.referrer_id))["code"]
            token = await tokens.create(who.person, "essai", Role.REFERRER, {"leads:write"})
        self.hands[who.user_id] = {"authorization": f"Bearer {token}"}

    async def of(self, who: Member, column: str) -> str:
        return await db.value(f"SELECT {column} FROM referrer WHERE id = $1", who.referrer_id)


def named(n: int) -> dict[str, str]:
    return {"company": f"Maison {n}", "email": f"claire@maison{n}.example"}


async def by_form(doors: Doors, who: Member, n: int) -> None:
    answer = await doors.client(who).post_form("/recommandations", agreed="spoken", **named(n))
    assert answer.status_code == 303, answer.text


async def by_link(doors: Doors, who: Member, n: int) -> None:
    said = {**named(n), "contact": "Claire Morin", "phone": "06 12 34 56 78"}
    answer = await doors.client(None).post_form(f"/r/{doors.codes[who.user_id]}", **said)
    assert answer.status_code == 303, answer.text


async def by_phone(doors: Doors, who: Member, n: int) -> None:
    path = f"/apporteurs/{await doors.of(who, 'ref')}/recommandation"
    answer = await doors.client(doors.cast.sam).post_form(
        path, agreed="spoken", called_time="00:00", **named(n)
    )
    assert answer.status_code == 303, answer.text


async def by_api(doors: Doors, who: Member, n: int) -> None:
    said = {**named(n), "consent": {"how": "spoken", "on": today().isoformat()}}
    headers = {**doors.hands[who.user_id], "idempotency-key": f"r{n}"}
    answer = await doors.client(None).post("/api/v1/recommandations", json=said, headers=headers)
    assert answer.status_code == 201, answer.text


async def by_import(doors: Doors, who: Member, n: int) -> None:
    row = [
        f"L{n}",
        today().strftime("%d/%m/%Y"),
        await doors.of(who, "number"),
        *named(n).values(),
        "oui",
        "en cours",
    ]
    report = await import_file(
        "leads", "leads.csv", csv_bytes([TITLES, row]), Options(programme_id=doors.programme_id), STORY
    )
    assert report.added == 1, report.faults


WAYS: dict[str, Way] = {
    "form": by_form,
    "link": by_link,
    "phone": by_phone,
    "api": by_api,
    "import": by_import,
    "without a contract": by_form,
}
PAIRS = list(combinations(WAYS, 2))


@pytest.fixture
async def doors(cast, client) -> Doors:
    """Mina and Stefan have a contract, Rémi has none yet."""
    plan = await open_a_programme()
    doors = Doors(cast, client, plan["programme_id"])
    for who in (cast.mina, cast.stefan):
        await contract_of(who, plan)
        await doors.open_for(who)
    return doors


async def at_once(doors: Doors, first: str, second: str, n: int) -> list[db.Row]:
    """What both left, the earlier first; nobody is kept waiting for having sent too many."""
    unsigned = "without a contract"
    mina = doors.cast.remi if first == unsigned else doors.cast.mina
    stefan = doors.cast.remi if second == unsigned else doors.cast.stefan
    await asyncio.gather(WAYS[first](doors, mina, n), WAYS[second](doors, stefan, n))
    async with deed(STORY):
        await db.execute("DELETE FROM rate_counter")
    return await db.rows(
        "SELECT id, state, behind_lead_id FROM lead WHERE company_name = $1 ORDER BY state = 'waiting'",
        f"Maison {n}",
    )


@pytest.mark.parametrize(("first", "second"), PAIRS, ids=lambda way: way)
async def test_of_two_at_once_one_is_first_and_one_waits_behind_it(doors, first, second):
    for n in range(ROUNDS):
        one, other = await at_once(doors, first, second, n)
        assert one["state"] in ("submitted", "accepted")  # what an import brings was in hand already
        assert (other["state"], other["behind_lead_id"]) == ("waiting", one["id"])


@pytest.mark.parametrize(("first", "second"), [("form", "link"), ("phone", "api")], ids=lambda way: way)
async def test_without_the_lock_two_are_first(doors, monkeypatch, first, second):
    async def locks_nothing(*_of: object) -> None: ...

    monkeypatch.setattr(claims, "lock", locks_nothing)
    ends = [await at_once(doors, first, second, n) for n in range(20)]
    assert any(other["state"] != "waiting" for _one, other in ends)


def test_every_pair_is_run_and_together_they_are_a_hundred():
    assert len(PAIRS) == 15
    assert len(PAIRS) * ROUNDS >= 100
