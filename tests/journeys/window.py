"""The window of somebody's browser. Whatever they open is looked at as a careful visitor would look at it."""

import contextlib
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Browser, ConsoleMessage, Locator, Page, Response, expect

from portal.doors import session_cookie
from portal.kit.text import money, speaking, translations
from tests.cast import PASSWORD, Member, code_of
from tests.journeys.town import Town

Device = Literal["phone", "desk"]
Scheme = Literal["light", "dark"]
DEVICES: dict[Device, dict[str, Any]] = {
    "phone": {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2},
    "desk": {"viewport": {"width": 1280, "height": 900}},
}  # fmt: skip
LOCALES = {"fr": "fr-FR", "en": "en-GB"}
AXE = "options => axe.run(document, options).then(found => found.violations)"
PLACES = ("earned", "taken_back", "held", "due", "invoiced", "in_transit", "paid", "owed")
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
REFERENCE = re.compile(r"/[0-9A-HJKMNP-TV-Z]{10}(?=/|$)")
PATIENCE_MS = 30_000  # against hanging alone, on however slow a machine


class Window:
    """Labels are given in French, as the msgid; in an English window they are looked for in English."""

    def __init__(self, page: Page, town: Town, *, language: str, scripted: bool, look: str) -> None:
        self.page, self.town, self.language, self.scripted, self.look = page, town, language, scripted, look
        self.complaints: list[str] = []
        self.answers: list[Response] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not self._is_about_the_page(message):
            self.complaints.append(f"{self.page.url}: {message.text} {message.location['url']}")

    def _is_about_the_page(self, message: ConsoleMessage) -> bool:
        """The status of what was asked for is judged where it was asked for."""
        status = message.text.startswith("Failed to load resource")
        return status and (" 422 " in message.text or message.location["url"] == self.page.url)

    def said(self, label: str, **values: object) -> str:
        words = translations(self.language).gettext(label)
        return words % values if values else words

    # Going

    async def opens(self, path: str, status: int = 200) -> None:
        answer = await self.page.goto(self.town.origin + path)
        assert answer
        assert answer.status == status, f"{path} answered {answer.status}"
        await self.looks()

    async def follows(self, label: str) -> None:
        await self._goes(self.page.get_by_role("link", name=self.said(label)).first, 200)

    async def presses(self, label: str, status: int = 200, *, within: Locator | None = None) -> None:
        """A button that sends something."""
        await self._goes(
            (within or self.page).get_by_role("button", name=self.said(label), exact=True).first, status
        )

    async def _goes(self, thing: Locator, status: int) -> None:
        async with self.page.expect_response(_is_answer) as waiting:
            await thing.click()
        answer = await waiting.value
        assert answer.status == status, f"{answer.request.method} {answer.url} answered {answer.status}"
        await self.page.wait_for_load_state("load")
        await self.looks()

    async def unfolds(self, label: str) -> None:
        """A menu, a detail or a dialog: nothing is sent."""
        await self.page.get_by_text(self.said(label), exact=True).first.click()

    async def unfolds_menu(self) -> None:
        await self.page.locator("header details.menu summary").click()

    async def fetches(self, label: str) -> bytes:
        """A file behind a link."""
        href = await self.page.get_by_role("link", name=self.said(label)).first.get_attribute("href")
        answer = await self.page.context.request.get(f"{self.town.origin}{href}")
        assert answer.status == 200, f"{href} answered {answer.status}"
        return await answer.body()

    # Filling in

    def form(self, action: str) -> Locator:
        return self.page.locator(f'form[action$="{action}"]')

    async def fills(self, within: Locator | None = None, /, **fields: str) -> None:
        """By the name of the field: what somebody types or chooses there."""
        for name, value in fields.items():
            await self._fill((within or self.page).locator(f'[name="{name}"]:not([type="hidden"])'), value)

    async def _fill(self, found: Locator, value: str) -> None:
        kind = await found.first.evaluate("it => it.tagName === 'SELECT' ? 'select' : it.type")
        if kind == "select":
            await found.first.select_option(value)
        elif kind in ("radio", "checkbox"):
            await found.and_(self.page.locator(f'[value="{value}"]')).first.check()
        else:
            await found.first.fill(value)

    # Seeing

    async def sees(self, *texts: str) -> None:
        for text in texts:
            await expect(self.page.locator("main")).to_contain_text(self.said(text), timeout=PATIENCE_MS)

    async def does_not_see(self, *texts: str) -> None:
        for text in texts:
            await expect(self.page.locator("main")).not_to_contain_text(self.said(text))

    async def identity(self) -> dict[str, str]:
        """The amount under each word of: earned − taken back = held + due + …"""
        amounts = await self.page.locator(".identity dd").all_inner_texts()
        return dict(zip(PLACES, (amount.strip() for amount in amounts), strict=True))

    def money(self, cents: int) -> str:
        with speaking(self.language):
            return money(cents)

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.town.origin)

    async def looks(self) -> None:
        """Nothing in the way of anybody, nothing wider than the screen; each page once on such a screen."""
        look = (self.look, template_of(self.path))
        if not self.scripted or look in self.town.looked_at:
            return
        self.town.looked_at.add(look)
        assert await self.page.evaluate(SIDEWAYS) <= 0, f"{self.page.url} scrolls sideways"
        violations = await self.axe()
        assert not violations, f"{self.page.url}: {told(violations)}"

    async def axe(self, *rules: str) -> list[dict[str, Any]]:
        """What axe-core finds, by these rules or by all."""
        only = {"runOnly": list(rules)} if rules else {}
        return await self.page.evaluate(AXE, {"resultTypes": ["violations"], **only})

    # Coming in

    async def signs_in(self, email: str, password: str = PASSWORD) -> None:
        await self.opens("/connexion")
        await self.fills(email=email, password=password)
        await self.presses("Me connecter")

    async def gives_code(self, sealed: bytes) -> None:
        await self.fills(code=code_of(sealed))
        await self.presses("Continuer")


def template_of(path: str) -> str:
    """The page whatever row it shows."""
    return REFERENCE.sub("/…", urlsplit(path).path)


def told(violations: list[dict[str, Any]]) -> str:
    return "; ".join(
        f"{one['id']}: {one['nodes'][0]['html'][:200]} ({len(one['nodes'])})" for one in violations
    )


def _is_answer(response: Response) -> bool:
    """What a click led to, after its redirections."""
    return response.request.resource_type in ("document", "fetch", "xhr") and not 300 <= response.status < 400


@contextlib.asynccontextmanager
async def window(
    browser: Browser, town: Town, member: Member | None = None, *, device: Device = "desk", scheme: Scheme = "light",
    language: str = "fr", scripted: bool = True, pictures: Path | None = None,
) -> AsyncIterator[Window]:  # fmt: skip
    """Closed again at the end; its console must have stayed silent. A failure leaves a picture."""
    context = await browser.new_context(
        **DEVICES[device], color_scheme=scheme, locale=LOCALES[language], java_script_enabled=scripted
    )
    context.set_default_timeout(PATIENCE_MS)
    if scripted:
        await context.add_init_script(AXE_SCRIPT)
    if member:
        await context.add_cookies([{"name": session_cookie(), "value": member.token, "url": town.origin}])
    if language != "fr":
        await context.add_cookies([{"name": "langue", "value": language, "url": town.origin}])
    page = await context.new_page()
    opened = Window(page, town, language=language, scripted=scripted, look=f"{device} {scheme}")
    try:
        yield opened
    except BaseException:
        await page.screenshot(path=town.folder / f"{id(opened)}.png", full_page=True)
        print(f"Picture: {town.folder}/{id(opened)}.png of {page.url}")
        raise
    finally:
        await context.close()
    assert not opened.complaints, "\n".join(opened.complaints)
