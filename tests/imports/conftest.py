"""The three spreadsheets of a real company, taken once through the pages; each test gets a copy of that database."""

import asyncio
import secrets
from dataclasses import dataclass

import pytest

from portal import consequences
from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.deed import deed
from tests.cast import Cast, Client
from tests.conftest import Cluster
from tests.imports.scene import DATA, FILES, open_books, options


@dataclass(frozen=True)
class Taken:
    database: str
    refs: dict[str, str]  # kind → reference of its import


@pytest.fixture(scope="session")
def taken(cluster: Cluster, company: Cast, app) -> Taken:
    async def through_the_pages() -> dict[str, str]:
        await cluster.run("CREATE DATABASE template_taken TEMPLATE template_cast")
        engine = db.engine()
        engine.point_at(cluster.runtime("template_taken"))
        await engine.start_connection_pool(min_size=1, max_size=4)
        try:
            async with deed(company.alice.person):
                programme, plan = await open_books()
                await db.execute(
                    "UPDATE referrer SET number = 'Z' || id"
                )  # the numbers of the cast are those of the file
            said = {
                "signed_on_paper": "yes",
                "programme": programme["ref"],
                "plan": plan["ref"],
                "mandate": "1",
            }
            async with Client(app, company.alice.token) as alice:
                return {kind: await _take(alice, kind, said) for kind in FILES}
        finally:
            await engine.close_connection_pool()

    consequences.install()
    return Taken("template_taken", asyncio.run(through_the_pages()))


async def _take(alice: Client, kind: str, said: dict[str, str]) -> str:
    """Upload, confirm, and what the worker does."""
    file = {"file": (FILES[kind], (DATA / FILES[kind]).read_bytes(), "text/csv")}
    stored = await alice.post_form("/reglages/imports", kind=kind, files=file)
    assert stored.status_code == 303, stored.text
    confirmed = await alice.post_form(f"{stored.headers['location']}/confirmation", **said)
    assert confirmed.status_code == 303, confirmed.text
    await work_off()
    return stored.headers["location"].rpartition("/")[2]


@pytest.fixture
async def twins(cluster: Cluster):
    """Two databases that are the same: one for the import that is left alone, one for the other."""
    names = [f"twin_{secrets.token_hex(4)}" for _ in range(2)]
    consequences.install()
    engine = db.engine()
    await cluster.run(f"CREATE DATABASE {names[0]} TEMPLATE template_portal")
    engine.point_at(cluster.runtime(names[0]))
    await engine.start_connection_pool(min_size=1, max_size=2)
    said = await options()
    await engine.close_connection_pool()
    await cluster.run(f"CREATE DATABASE {names[1]} TEMPLATE {names[0]}")
    yield [cluster.runtime(name) for name in names], said
    for name in names:
        await cluster.run(f"DROP DATABASE {name} WITH (FORCE)")
