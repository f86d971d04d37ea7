"""What a page costs: questions to the database, bytes on the way."""

import re
from collections import Counter
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest

from portal.doors import session_cookie
from tests.cast import Member
from tests.counting import NOW_AND_THEN, OF_THE_DRIVER
from tests.crawl.crawling import Way
from tests.crawl.test_every_page import MEMBERS, starts
from tests.crawl.village import Village

pytestmark = pytest.mark.asyncio(loop_scope="session")

QUERIES = 8  # a page
REPORTS = {"/virements/situation": 12}  # what every domain has under way, reckoned anew for finance
FIRST_LOAD, CRITICAL = 40_000, 14_600  # bytes, compressed: everything; page and style sheet
LINK = re.compile(r'<a\b[^>]*?\shref="([^"]+)"')
PART = re.compile(r'(?:<script[^>]*?\ssrc|<link[^>]*?\shref|<use href|<img[^>]*?\ssrc)="(/[^"#]+)')
ASKED = re.compile(r"LOG:  (?:execute [^:]+|statement): (.*(?:\n\t.*)*)")
NO_QUESTION = (
    "BEGIN",
    "COMMIT",
    "ROLLBACK",
    "SET ",
    "RESET",
    "SELECT pg_advisory_unlock_all",
    "DISCARD",
    "LISTEN",
    "UNLISTEN",
    "CLOSE",
)


def browser_of(town: Village, who: Member | None) -> httpx.AsyncClient:
    cookies = {session_cookie(): who.token} if who else {}
    return httpx.AsyncClient(base_url=town.origin, cookies=cookies, headers={"accept-encoding": "br, gzip"})


class Questions:
    """What the server was asked since last time, by its own log."""

    def __init__(self, log: Path) -> None:
        self.log, self.read = log, log.stat().st_size

    def asked(self) -> list[str]:
        with self.log.open("rb") as file:
            file.seek(self.read)
            told = file.read()
        self.read += len(told)
        lines = ASKED.findall(told.decode(errors="replace"))
        questions = [line for line in lines if not line.startswith(NO_QUESTION)]
        return [one for one in questions if not any(word in one for word in (*OF_THE_DRIVER, *NOW_AND_THEN))]


@pytest.fixture
def questions(cluster: Any, village: Village) -> Questions:
    return Questions(cluster.server.folder / "postgres.log")


@pytest.mark.parametrize("name", MEMBERS)
async def test_a_page_asks_the_database_at_most_eight_times(
    village: Village, questions: Questions, name: str
) -> None:
    who = village.visitor(name)
    dear: list[str] = []
    async with browser_of(village, who) as browser:
        way = Way(village.origin, starts(village, who))
        for path in way:
            answer = await browser.get(path)
            if answer.status_code == 200 and answer.headers["content-type"].startswith("text/html"):
                way.add(path, links_of(answer.text))
                dear += over(path, questions.asked())
            else:
                questions.asked()
    assert not dear, "\n".join(dear)


def links_of(text: str) -> list[str]:
    return [unescape(link) for link in LINK.findall(text)]


def over(path: str, asked: list[str]) -> list[str]:
    if len(asked) <= REPORTS.get(path, QUERIES):
        return []
    repeated = [
        f"{times} × {' '.join(line.split())[:110]}"
        for line, times in Counter(asked).most_common(3)
        if times > 1
    ]
    return [f"{path}: {len(asked)}; {'; '.join(repeated)}"]


@pytest.mark.parametrize(
    ("name", "path"),
    [("anonymous", "/connexion"), ("rachel", "/"), ("sam", "/recommandations"), ("fanny", "/factures")],
)
async def test_a_first_visit_is_light(village: Village, name: str, path: str) -> None:
    """The page and all that it calls for, as it travels."""
    async with browser_of(village, village.visitor(name)) as browser:
        page = await browser.get(path)
        parts = {
            address: await bytes_of(browser, address) for address in sorted(set(PART.findall(page.text)))
        }
        weighed = await bytes_of(browser, path)
    sheets = sum(size for address, size in parts.items() if ".css" in address)
    assert weighed + sheets <= CRITICAL, (weighed, parts)
    assert weighed + sum(parts.values()) <= FIRST_LOAD, (weighed, parts)


async def bytes_of(browser: httpx.AsyncClient, path: str) -> int:
    async with browser.stream("GET", path) as answer:
        return sum([len(chunk) async for chunk in answer.aiter_raw()])
