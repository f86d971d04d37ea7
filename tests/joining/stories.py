"""How people come in, told by the real verbs and pages: a programme with its public page, somebody who asks to join it."""

import re
from typing import Any

import httpx

from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.days import clock_at, now
from portal.kit.deed import deed
from portal.referrers.joining import access as joining
from portal.referrers.joining import applying
from portal.referrers.joining.forms import stamped
from portal.referrers.joining.rules import FASTEST
from tests.cast import Cast, Client
from tests.contracts.stories import open_programme

NORA: dict[str, str] = {
    "first_name": "Nora", "last_name": "Petit", "email": "nora@perso.example", "phone": "06 12 34 56 78",
    "status": "individual", "country": "FR", "knows": "Cliente depuis trois ans", "adult": "yes", "house": "no",
    "public": "no",
}  # fmt: skip
OPEN: dict[str, Any] = {
    "slug": "apporteurs-2026", "opened": True, "statuses": ["individual", "micro", "company"], "countries": ["FR", "BE"],
    "invited_only": False, "most": None, "automatic": False, "sales_user_id": None,
}  # fmt: skip


async def open_page(cast: Cast, **otherwise: Any) -> db.Row:
    """A programme of eight per cent whose public page is open."""
    programme_id, _version = await open_programme(cast)
    async with deed(cast.alice.person):
        await applying.set_page(programme_id, 0, **{**OPEN, **otherwise})
    page = await joining.page_of(programme_id)
    assert page is not None
    return page


async def change_page(cast: Cast, page: db.Row, **otherwise: Any) -> None:
    async with deed(cast.alice.person):
        await applying.set_page(page["programme_id"], page["version"], **{**OPEN, **otherwise})


def opened_a_while_ago() -> str:
    """The stamp of a form that a hand had time to fill in."""
    with clock_at(now() - FASTEST):
        return stamped()


async def asks(browser: Client, **said: str) -> httpx.Response:
    """Nora, or who else is said, sends the form; the jobs that follow are done."""
    answer = await browser.post_form(
        "/rejoindre/apporteurs-2026", **{**NORA, "stamp": opened_a_while_ago(), **said}
    )
    await work_off()
    return answer


async def last_mail(to: str) -> db.Row:
    found = await db.row("SELECT * FROM mail_message WHERE to_email = $1 ORDER BY id DESC LIMIT 1", to)
    assert found is not None
    return found


def path_in(mail: db.Row) -> str:
    found = re.search(r"https?://[^/\s]+(/\S+)", mail["text_body"])
    assert found
    return found[1]


async def confirms(browser: Client, email: str = NORA["email"]) -> httpx.Response:
    """By the button of the page that the mail opens."""
    path = path_in(await last_mail(email))
    await browser.post_form(path)
    await work_off()
    return await browser.get(path)


async def applied(cast: Cast, browser: Client, **terms: Any) -> db.Row:
    """An application that waits for a decision."""
    await open_page(cast, **terms)
    await asks(browser)
    await confirms(browser)
    found = await db.row("SELECT id FROM application ORDER BY id DESC LIMIT 1")
    assert found is not None
    return await joining.application(found["id"])
