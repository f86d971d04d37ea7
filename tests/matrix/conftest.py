"""One database with everything in it, made once; each test of the matrix gets a copy."""

import asyncio
from dataclasses import dataclass

import pytest

from portal.kit import db
from tests.cast import Cast
from tests.matrix.samples import samples_of


@dataclass(frozen=True, slots=True)
class House:
    cast: Cast
    samples: dict[str, str]


@pytest.fixture(scope="session")
def furnished(cluster, company: Cast, app) -> House:
    async def prepare() -> House:
        await cluster.run("CREATE DATABASE template_house TEMPLATE template_cast")
        engine = db.engine()
        engine.point_at(cluster.runtime("template_house"))
        await engine.start_connection_pool(min_size=1, max_size=4)
        try:
            return House(company, await samples_of(company, app))
        finally:
            await engine.close_connection_pool()

    return asyncio.run(prepare())


@pytest.fixture
def template(furnished: House) -> str:
    return "template_house"


@pytest.fixture
def house(furnished: House, base: str) -> House:
    return furnished
