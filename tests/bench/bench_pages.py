"""What a page costs: its time beside the bare Jinja loop of the same template, its questions, its bytes, its first paint.

    python -m tests.bench.bench_pages [rounds]

Page and loop take turns in one process, and the ratios are what counts; times are of this machine."""

import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from playwright.async_api import async_playwright

from portal import consequences, database
from portal.app import create_app
from portal.doors import session_cookie
from portal.kit import db
from portal.kit.deed import deed
from portal.kit.postgres import EmbeddedPostgres
from portal.kit.templates import environment
from portal.kit.web import Page
from portal.leads import actions as leads
from tests.cast import Cast, Client, Member, assemble
from tests.conftest import DATA, RUNTIME, Cluster  # the environment first
from tests.counting import Queries
from tests.crawl.test_budgets import CRITICAL, FIRST_LOAD, PART, browser_of, bytes_of
from tests.crawl.village import settle_in
from tests.journeys.town import Town, built

LIST, FRAGMENT = "/recommandations/toutes", "/recommandations/boite"
FEW, MANY = 10, 70
HOMES = [
    ("rachel", "/"),
    ("sam", "/"),
    ("fanny", "/"),
    ("alice", "/"),
    ("sam", LIST),
    ("anonymous", "/connexion"),
]
PAINTED = """() => new Promise(done => new PerformanceObserver(
  list => done(list.getEntries().at(-1).startTime)).observe({type: 'largest-contentful-paint', buffered: true}))"""


async def recommended(cast: Cast, first: int, last: int) -> None:
    async with deed(cast.rachel.person):
        for number in range(first, last):
            await leads.submit(
                cast.rachel.referrer_id, company_name=f"Société {number}", contact_name="Jo Millet",
                contact_email=f"jo@societe{number}.example", contact_phone="+33612345678", need="Un site",
                estimate_cents=1_200_000, consent="spoken",
            )  # fmt: skip


class Asked:
    """A page as a server would call it, without a client around it; the last template and its context are kept."""

    def __init__(self, token: str) -> None:
        self.app, self.shown = create_app(connect=False), {}
        self.cookie = f"{session_cookie()}={token}".encode()
        answered = Page.to_asgi_response

        def keep(page: Page, app: Any, request: Any, **options: Any) -> Any:
            answer = answered(page, app, request, **options)
            self.shown = {"name": page.template_name, "context": page.context}
            return answer

        Page.to_asgi_response = keep  # type: ignore[method-assign]

    async def __call__(self, path: str) -> int:
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        path, _mark, query = path.partition("?")
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
            "path": path, "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
            "headers": [(b"host", b"testserver.local"), (b"cookie", self.cookie)],
            "client": ("127.0.0.1", 1), "server": ("testserver.local", 80), "state": {},
        }  # fmt: skip
        await self.app(scope, receive, send)  # pyright: ignore[reportArgumentType]
        assert sent[0]["status"] == 200, sent[0]
        return sum(len(message.get("body", b"")) for message in sent)

    async def bare(self) -> None:
        environment().get_template(self.shown["name"]).render(**self.shown["context"])


async def timed(work: Callable[[], Awaitable[Any]]) -> float:
    begun = perf_counter()
    await work()
    return perf_counter() - begun


async def against_the_bare_loop(cast: Cast, rounds: int) -> None:
    asked = Asked(cast.sam.token)
    for _ in range(3):
        await asked(LIST)
    pairs = [(await timed(asked.bare), await timed(lambda: asked(LIST))) for _ in range(rounds)]
    ratio = median(bare / page for bare, page in pairs)
    bare, page = (median(times) * 1000 for times in zip(*pairs, strict=True))
    print(
        f"list of 50 rows   page {page:6.1f} ms   bare Jinja {bare:6.1f} ms   ratio {ratio:.2f}   (at least 0.5)"
    )


async def questions(cast: Cast, app: Any, rows: int) -> None:
    async with Client(app, cast.sam.token) as sam:
        await sam.get(LIST)
        async with Queries() as queries:
            await sam.get(LIST)
    print(f"questions         {len(queries)} for a list of {rows}   (at most 8)")


async def bytes_and_paint(town: Town) -> None:
    async with async_playwright() as player:
        browser = await player.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for name, path in HOMES:
            who = getattr(town.cast, name)
            async with browser_of(town, who) as client:
                page = await client.get(path)
                parts = {part: await bytes_of(client, part) for part in set(PART.findall(page.text))}
                whole = await bytes_of(client, path)
            critical = whole + sum(size for part, size in parts.items() if ".css" in part)
            painted = await paint(browser, town, who, path)
            print(
                f"{name:<10}{path:<25} critical {critical:6} (≤ {CRITICAL})  first load {whole + sum(parts.values()):6} (≤ {FIRST_LOAD})  LCP {painted:5.0f} ms (≤ 1500)"
            )
        await browser.close()
    async with browser_of(town, town.cast.sam) as client:
        print(f"fragment {FRAGMENT}: {await bytes_of(client, FRAGMENT)} bytes (≤ 5 000)")


async def paint(browser: Any, town: Town, who: Member | None, path: str) -> float:
    """The median of five first visits, on a phone."""
    found = []
    for _ in range(5):
        visit = await browser.new_context(viewport={"width": 360, "height": 740}, device_scale_factor=2)
        if who:
            await visit.add_cookies([{"name": session_cookie(), "value": who.token, "url": town.origin}])
        page = await visit.new_page()
        await page.goto(town.origin + path)
        found.append(await page.evaluate(PAINTED))
        await visit.close()
    return median(found)


async def measure(made: Cluster, rounds: int) -> None:
    await made.run(f"CREATE ROLE {RUNTIME} LOGIN PASSWORD '{made.password}'")
    await made.run("CREATE DATABASE template_cast")
    await database.migrate(made.owner("template_cast"), RUNTIME)
    consequences.install()
    engine = db.engine()
    engine.point_at(made.runtime("template_cast"))
    await engine.start_connection_pool(min_size=1, max_size=4)
    cast = await assemble()
    await settle_in(cast)
    app = create_app(connect=False)
    await recommended(cast, 0, FEW)
    await questions(cast, app, FEW)
    await recommended(cast, FEW, MANY)
    await questions(cast, app, 50)
    await against_the_bare_loop(cast, rounds)
    await engine.close_connection_pool()
    with tempfile.TemporaryDirectory() as folder:
        async with built(made, cast, Path(folder), worker=False) as town:
            await bytes_and_paint(town)


def main(rounds: int = 60) -> None:
    DATA.chmod(0o755)
    server = EmbeddedPostgres(DATA / "postgres", durable=False)
    try:
        asyncio.run(measure(Cluster(server, server.start()), rounds))
    finally:
        server.stop()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
