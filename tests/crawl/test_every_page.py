"""Each role opens every page that a link of the shell leads to, in English, on a phone and on a desk."""

import contextlib
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Error, Page

from portal.people.rules import Role
from portal.shell import navigation
from tests.cast import Member
from tests.crawl.crawling import Way
from tests.crawl.french import french_left
from tests.crawl.village import Village
from tests.journeys.window import DEVICES, SIDEWAYS, Window, template_of, told, window

pytestmark = pytest.mark.asyncio(loop_scope="session")

OF_THE_SCREEN = ("color-contrast", "scrollable-region-focusable")
WRITTEN_IN_FRENCH = re.compile(
    r"Côte d['’]Ivoire|Barème (2026|immédiat)|Apporteurs 2026|Le barème|(Lumen|Morin) Conseil|https?://\S+|(?i:\d\s+rue\b)"
)  # a country in both languages; names of plans, of the programme, of an article, of companies; addresses of pages and people
STILL = """() => document.getAnimations()
  .filter(one => Number.isFinite(one.effect.getComputedTiming().endTime)).forEach(one => one.finish())"""
SAMPLES = "/reglages/composants"  # the months and sentences that it shows are examples
BLANK = "about:blank"
ASKED = ("/recherche?q=Meadow", "/compte/role")
MEMBERS = ["alice", "sam", "fanny", "rachel", "remi", "anonymous"]
LINKS = "[...document.querySelectorAll('a[href]')].map(a => a.getAttribute('href'))"
OURS = """() => {
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const at = walk.currentNode.parentElement;
    if (!at.closest('[lang]:not(html), script, style, template')) found.push(walk.currentNode.data);
  }
  for (const at of document.querySelectorAll('[aria-label], [placeholder], [title], [alt]'))
    if (!at.closest('[lang]:not(html)'))
      found.push(...['aria-label', 'placeholder', 'title', 'alt'].map(name => at.getAttribute(name) ?? ''));
  const titled = document.querySelector('h1 [lang]') ? '' : document.title;
  return titled + ' ' + found.join(' ');
}"""


@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", MEMBERS)
async def test_every_page_is_there_for_everybody_in_order_and_in_english(
    village: Any, browser: Any, name: str
) -> None:
    who = village.visitor(name)
    async with window(browser, village, who, language="en") as visitor:
        wrong = await crawled(visitor, starts(village, who)) + visitor.complaints
        visitor.complaints.clear()
    assert not wrong, "\n".join(wrong)


def starts(village: Village, who: Member | None) -> list[str]:
    """The ways of the shell, current page or not, and what is typed or asked for."""
    if who is None:
        return ["/connexion", "/connexion/lien", *village.handed]
    typed = village.typed if who.person.may(Role.ADMIN) else ()
    return [*(way.href for way in navigation(who.person, "/")), *ASKED, *typed]


async def crawled(visitor: Window, starts: list[str]) -> list[str]:
    """What was found wrong, page by page."""
    wrong: list[str] = []
    way, examined = Way(visitor.town.origin, starts), set[str]()
    for path in way:
        status = await opened(visitor, path)
        if status != 200:
            wrong.append(f"{path}: {status}")
        elif visitor.page.url != BLANK and template_of(path) not in examined:
            examined.add(template_of(path))
            wrong += [f"{path}: {fault}" for fault in await faults(visitor)]
        way.add(path, await visitor.page.evaluate(LINKS))
    return wrong


async def opened(visitor: Window, path: str) -> int:
    """The status of the page; a file is fetched beside it."""
    try:
        answer = await visitor.page.goto(visitor.town.origin + path)
        return answer.status if answer else 0
    except Error as refused:
        if "Download is starting" not in refused.message:
            raise
    file = await visitor.page.context.request.get(visitor.town.origin + path)
    await visitor.page.goto(BLANK)
    return file.status


async def faults(visitor: Window) -> list[str]:
    """On a desk in the light everything; on a phone in the dark what another screen changes."""
    found = [told([violation]) for violation in await visitor.axe()]
    if visitor.path != SAMPLES and (
        left := french_left(WRITTEN_IN_FRENCH.sub("", await visitor.page.evaluate(OURS)))
    ):
        found.append(f"French words: {sorted(left)}")
    async with in_the_dark(visitor.page):
        found += [f"on a phone: {told([violation])}" for violation in await visitor.axe(*OF_THE_SCREEN)]
        if await visitor.page.evaluate(SIDEWAYS) > 0:
            found.append("scrolls sideways on a phone")
    return found


@contextlib.asynccontextmanager
async def in_the_dark(page: Page) -> AsyncIterator[None]:
    await page.set_viewport_size(DEVICES["phone"]["viewport"])
    await page.emulate_media(color_scheme="dark")
    await page.evaluate(STILL)
    yield
    await page.set_viewport_size(DEVICES["desk"]["viewport"])
    await page.emulate_media(color_scheme="light")
