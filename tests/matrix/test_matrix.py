"""Every route × method × principal: let in or turned away as the table says; what the table does not say fails.

A page turns away who is not signed in to /connexion, and who is not allowed with 404; the API says 401, 403 (a token
without the scope) or 404. A sample of Rémi's is 404 for everybody who may not see it."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest
from litestar.handlers import HTTPRouteHandler

from portal.app import openapi, routes
from portal.doors import session_cookie
from portal.kit import csrf, db
from portal.kit.deed import Machine, deed
from portal.kit.problems import Forged
from portal.kit.text import thin_spaces
from portal.people.sessions import open_session
from portal.settings import settings
from tests.cast import Cast, Client, Member
from tests.matrix.conftest import House
from tests.matrix.row import ANYONE, PRINCIPALS, Row
from tests.matrix.samples import reader_of_the_house, suspended_session, token_without_scope
from tests.matrix.table import TABLE

STRANGERS = {"anonymous", "suspended", "token"}  # to a page, who is not signed in
TURNED_AWAY = {401, 403, 404, 405, 500, 503}
FORGED = thin_spaces(Forged.sentence)
READER = "reader"
MEMBERS = {"owner": "remi", "stranger": "stefan", "sales": "sam", "finance": "fanny", "admin": "alice"}


def handlers() -> dict[str, HTTPRouteHandler]:
    found = [*routes(), openapi]
    return {
        f"{method} {path}": one
        for one in found
        for path in one.paths
        for method in one.http_methods - {"OPTIONS"}
    }


def test_every_route_stands_in_the_table():
    missing = sorted(set(handlers()) - {row.route for row in TABLE}, key=lambda route: route.split(" ")[1])
    rows = "\n".join(f"    Row({suggested(route)})," for route in missing)
    assert not missing, f"\nRead these, then add them to tests/matrix/table.py:\n{rows}"


def suggested(route: str) -> str:
    """What the code allows today: to be read by a human before it becomes what is wanted."""
    allows = handlers()[route].opt.get("allows", ())
    words = {"anyone": "anyone", "signed_in": "everyone", "referrer": "owner stranger"}
    who = " ".join(
        words.get(str(role), str(role))
        for role in ("referrer", "sales", "finance", "admin", "anyone", "signed_in")
        if role in allows
    )
    sample = ', sample="…"' if "{" in route else ""
    return f'"{route}", "{who}"{sample}'


def test_the_table_names_no_route_that_is_gone():
    assert sorted({row.route for row in TABLE} - set(handlers())) == []


def test_the_table_names_principals_only():
    assert [row.route for row in TABLE if not row.allowed <= set(PRINCIPALS)] == []


@dataclass
class Doors:
    """Who knocks, and with what in their hands."""

    app: Any
    cast: Cast
    samples: dict[str, str]
    bearer: str
    suspended: str
    reader: Member | None = None

    async def knock(self, row: Row, principal: str, *, forged: bool = False) -> httpx.Response:
        async with Client(self.app, "") as browser:
            headers = await self._hands(browser, principal, row)
            if row.method == "GET":
                return await browser.get(self.address(row), headers=headers)
            return await browser.request(
                row.method,
                self.address(row),
                headers={} if forged else headers,
                data=dict(parse_qsl(row.sends)),
            )

    async def _hands(self, browser: Client, principal: str, row: Row) -> dict[str, str]:
        if principal == "token":
            return {"authorization": f"Bearer {self.bearer}"} | await self._visitors(browser, row)
        if principal == "suspended":
            browser.cookies.set(session_cookie(), self.suspended, domain=settings().base_url.host or "")
        if principal in STRANGERS:
            return await self._visitors(browser, row)
        browser.carry(await self._fresh_session(self._member(principal)))
        return {"x-csrf-token": csrf.token(browser.binding)}

    def _member(self, principal: str) -> Member:
        member = self.reader if principal == READER else getattr(self.cast, MEMBERS[principal])
        assert member
        return member

    async def _visitors(self, browser: Client, row: Row) -> dict[str, str]:
        if row.method == "GET":
            return {}
        await browser.get("/connexion")
        return {"x-csrf-token": csrf.token(browser.cookies["visitor"])}

    async def _fresh_session(self, member: Member) -> str:
        """Some routes end sessions: everybody comes with a new one."""
        async with deed(Machine("matrix")):
            seat = await db.value("SELECT seat_id FROM session WHERE id = $1", member.person.session_id)
            return await open_session(member.user_id, seat_id=seat, step="full", second_factor=seat is None)

    def address(self, row: Row) -> str:
        head, brace, _parameters = row.path.partition("{")
        if not brace:
            return row.path
        assert row.sample in self.samples, f"{row.route}: give it sample=… from tests/matrix/samples.py"
        tail = row.path.rsplit("}", 1)[1]
        return f"{head}{self.samples[row.sample]}{tail}"


@pytest.fixture
async def doors(house: House, app) -> Doors:
    bearer = await token_without_scope(house.cast)
    suspended, reader = await suspended_session(house.cast), await reader_of_the_house()
    return Doors(app, house.cast, house.samples, bearer, suspended, reader)


def is_let_in(row: Row, answer: httpx.Response) -> bool:
    sent_away = answer.headers.get("location", "").startswith("/connexion") and row.allowed != set(ANYONE)
    ends_here = row.path in ("/deconnexion", "/compte/sessions/fermeture")
    if answer.status_code == 403 and not row.path.startswith("/api/"):
        return FORGED not in answer.text  # a rule of the trade: the preparer does not decide
    return answer.status_code not in TURNED_AWAY and (ends_here or not sent_away)


def is_turned_away(row: Row, principal: str, answer: httpx.Response) -> bool:
    if row.path.startswith("/api/"):
        without_scope = 403 if "admin" in row.allowed else 404  # the token is an administrator's
        return answer.status_code == {"anonymous": 401, "suspended": 401, "token": without_scope}.get(
            principal, 404
        )
    if principal == READER:
        return answer.status_code in (403, 404)
    if principal in STRANGERS and "absent" not in row.allows:
        return answer.status_code == 303 and answer.headers["location"].startswith("/connexion")
    return answer.status_code == 404


def said(row: Row, principal: str, answer: httpx.Response) -> str:
    where = answer.headers.get("location", "")
    return f"{row.route} [{row.sample}] as {principal}: {answer.status_code} {where}"


async def test_whoever_may_not_is_turned_away(doors: Doors):
    wrong = []
    for row in TABLE:
        for principal in PRINCIPALS:
            if principal not in row.allowed:
                answer = await doors.knock(row, principal)
                if not is_turned_away(row, principal, answer):
                    wrong.append(said(row, principal, answer))
    assert not wrong, "\nnot turned away:\n" + "\n".join(wrong)


async def test_whoever_may_read_is_let_in(doors: Doors):
    assert not (wrong := await not_let_in(doors, "GET")), "\nnot let in:\n" + "\n".join(wrong)


async def test_whoever_may_act_is_let_in(doors: Doors):
    assert not (wrong := await not_let_in(doors, "POST")), "\nnot let in:\n" + "\n".join(wrong)


async def not_let_in(doors: Doors, method: str) -> list[str]:
    wrong = []
    for row in reversed(TABLE):  # what is narrow before what sweeps all away
        for principal in sorted(row.allowed) if row.method == method else ():
            answer = await doors.knock(row, principal)
            if not is_let_in(row, answer):
                wrong.append(said(row, principal, answer))
    return wrong


async def test_no_action_without_the_token_of_a_form(doors: Doors):
    """For whoever may; what brings its own proof (a signature) is named in the route."""
    known, wrong = handlers(), []
    for row in TABLE:
        if row.method == "GET" or known[row.route].opt.get("proves_itself"):
            continue
        for principal in sorted(row.allowed - {"token"})[:1]:
            answer = await doors.knock(row, principal, forged=True)
            if answer.status_code != 403:
                wrong.append(said(row, principal, answer))
    assert not wrong, "\nnot refused:\n" + "\n".join(wrong)


async def test_the_control_a_route_that_lets_everybody_in_is_found(doors: Doors):
    """Were a settings page open to referrers, the matrix would be red."""
    loose = Row("GET /compte", "admin")
    answer = await doors.knock(loose, "owner")
    assert not is_turned_away(loose, "owner", answer)
