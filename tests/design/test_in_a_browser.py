"""The component page in a real browser, served under the strict policy, with and without a script."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import ClassVar

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from portal.kit.assets import assets
from tests.design.drawing import component_page, environment

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SENDING = """{% extends "layouts/app.html" %}{% from "parts/form.html" import form, field %}{% from "parts/button.html" import button %}
{% block content %}{% call form("/envoi", csrf, "un", filled, attrs={"hx-post": "/envoi", "hx-swap": "outerHTML"}) %}
{{ field("company", "Entreprise", filled=filled) }}{{ button("Envoyer") }}{% endcall %}{% endblock %}"""


def sending(errors: dict[str, str], typed: str = "") -> str:
    shell = {
        "lang": "fr",
        "path": "/envoi",
        "csrf": "jeton",
        "nav": [],
        "person": {"name": "A B", "role_label": ""},
    }
    filled = {"filled": type("Filled", (), {"values": {"company": typed}, "errors": errors})}
    return environment().from_string(SENDING).render(shell | filled)


class Desk(BaseHTTPRequestHandler):
    received: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        path = self.path.split("?")[0]
        if path.startswith("/static/"):
            asset = assets()[path.removeprefix("/static/")]
            return self._answer(200, asset.media_type, asset.body)
        page = sending({}) if path == "/envoi" else component_page()
        return self._answer(200, "text/html; charset=utf-8", page.encode())

    def do_POST(self) -> None:
        self.received.append(self.rfile.read(int(self.headers["content-length"])).decode())
        page = sending({"company": "Indiquez le nom de l'entreprise."}, "Atelier")
        form = page[page.index('<form class="form"') : page.rindex("</form>") + len("</form>")]
        self._answer(422, "text/html; charset=utf-8", form.encode())

    def _answer(self, status: int, media_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("content-type", media_type)
        self.send_header("content-security-policy", POLICY)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None: ...


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def opened(browser: Browser, address: str, **context: object) -> Iterator[Page]:
    """A page whose console must stay silent: a broken policy speaks there."""
    said: list[str] = []
    with browser.new_context(**context) as visit:  # type: ignore[arg-type]
        page = visit.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(address)
        yield page
    assert [line for line in said if "422" not in line] == []


PHONE = {"width": 360, "height": 800}
DESK = {"width": 1280, "height": 800}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_nothing_is_in_the_way_of_anybody(
    browser: Browser, address: str, scheme: str, viewport: dict[str, int]
) -> None:
    with browser.new_context(viewport=viewport, color_scheme=scheme, bypass_csp=True) as visit:  # type: ignore[arg-type]
        page = visit.new_page()
        page.goto(address)
        assert Axe().run(page).response["violations"] == []


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_no_page_scrolls_sideways(browser: Browser, address: str, width: int) -> None:
    with opened(browser, address, viewport={"width": width, "height": 800}) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scripted", [True, False])
def test_a_dialog_opens_and_closes_with_and_without_a_script(
    browser: Browser, address: str, scripted: bool
) -> None:
    with opened(browser, address, java_script_enabled=scripted) as page:
        assert not page.locator("#exemple").is_visible()
        page.click('a[href="#exemple"]')
        assert page.locator("#exemple").is_visible()
        page.locator("#exemple").get_by_text("Annuler").click()
        assert not page.locator("#exemple").is_visible()


def test_a_slash_leads_to_the_search_but_stays_a_slash_in_a_field(browser: Browser, address: str) -> None:
    with opened(browser, address, viewport=DESK) as page:
        page.focus("#f-company")
        page.keyboard.press("/")
        assert page.input_value("#f-company").count("/") == 1
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("/")
        assert page.evaluate("document.activeElement.id") == "recherche"


def test_a_theme_is_worn_at_once_and_remembered(browser: Browser, address: str) -> None:
    with opened(browser, address, viewport=DESK) as page:
        page.click("header summary")
        page.click("button[name=theme][value=dark]")
        assert (
            page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(22, 21, 17)"
        )
        assert [(cookie["name"], cookie["value"]) for cookie in page.context.cookies()] == [("theme", "dark")]


def test_a_refused_form_comes_back_with_its_errors_in_focus(browser: Browser, address: str) -> None:
    Desk.received.clear()
    with opened(browser, f"{address}/envoi", viewport=DESK) as page:
        page.fill("#f-company", "Atelier")
        page.get_by_role("button", name="Envoyer").click()
        page.wait_for_selector("[data-errors]:focus")
        assert page.input_value("#f-company") == "Atelier"
        assert page.get_by_role("button", name="Envoyer").is_enabled()
    assert Desk.received == ["csrf=jeton&once=un&company=Atelier"]
