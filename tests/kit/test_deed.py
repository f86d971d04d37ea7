"""The deed: done once, all or nothing."""

import asyncio

import pytest
from asyncpg import UniqueViolationError

from portal.kit import db
from portal.kit.deed import AlreadyDone, KeyReused, Machine, Once, deed

WHO = Machine("test")


async def option(key: str) -> int:
    return await db.execute("INSERT INTO company_option (key, value, at) VALUES ($1, '1', now())", key)


async def option_once(key: str, content: bytes) -> None:
    async with deed(WHO, Once("k", "/r", content)):
        await option(key)


async def option_then_fail(key: str) -> None:
    async with deed(WHO, Once("k", "/r", b"x")):
        await option(key)
        raise ZeroDivisionError


async def count() -> int:
    return await db.value("SELECT count(*) FROM company_option")


async def test_a_verb_outside_a_deed_is_refused(base):
    with pytest.raises(db.NoTransaction):
        await option("a")


async def test_a_second_submit_is_one_effect_and_answers_the_same(base):
    async with deed(WHO, Once("k", "/r", b"x")) as done:
        await option("a")
        done.at("/there")
    with pytest.raises(AlreadyDone) as again:
        await option_once("b", b"x")
    assert again.value.answer == {"location": "/there"}
    assert await count() == 1


async def test_the_same_key_with_other_content_is_refused(base):
    await option_once("a", b"x")
    with pytest.raises(KeyReused):
        await option_once("b", b"y")


async def test_what_fails_leaves_nothing_not_even_its_key(base):
    with pytest.raises(ZeroDivisionError):
        await option_then_fail("a")
    await option_once("a", b"x")
    assert await count() == 1


async def test_twenty_submits_at_once_are_one_effect(base):
    async def submit(n: int) -> bool:
        try:
            async with deed(WHO, Once("k", "/r", b"x")) as done:
                await option(f"o{n}")
                done.at("/there")
        except AlreadyDone:
            return False
        return True

    assert sum(await asyncio.gather(*(submit(n) for n in range(20)))) == 1
    assert await count() == 1


async def insert_what_the_commit_refuses() -> None:
    async with db.transaction():
        await db.execute(
            "CREATE TEMP TABLE boom (a int CONSTRAINT one_boom UNIQUE DEFERRABLE INITIALLY DEFERRED)"
        )
        await db.execute("INSERT INTO boom VALUES (0), (0)")


async def test_a_commit_that_fails_gives_its_connection_back(base):
    for _ in range(12):
        with pytest.raises(UniqueViolationError, match="boom"):
            await insert_what_the_commit_refuses()
    assert await db.value("SELECT 1") == 1
