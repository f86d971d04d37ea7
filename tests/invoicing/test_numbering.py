"""Numbers: none lost, none twice, dates never back, whoever asks at once and whatever fails."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.invoicing import numbering
from portal.invoicing.papers import Kind
from portal.invoicing.rules import number_at, series_of
from portal.kit import db
from portal.kit.deed import Machine, deed
from portal.kit.problems import Refused

DAY = date(2026, 11, 21)
CLIENTS, EACH = 32, 50


class Fails(Exception):
    pass


def fails(turn: int) -> bool:
    """Three in ten."""
    return turn % 10 in (1, 4, 7)


async def asked(take: Callable[[], Awaitable[int]]) -> list[int]:
    """32 ask 50 times each; three deeds in ten are given up after their number was taken. What was kept: 1,120 numbers."""
    kept: list[int] = []

    async def ask() -> None:
        for turn in range(EACH):
            with suppress(Fails):
                async with deed(Machine("test")):
                    number = await take()
                    if fails(turn):
                        raise Fails
                kept.append(number)

    await asyncio.gather(*(ask() for _ in range(CLIENTS)))
    return kept


async def test_a_series_has_no_gap_and_no_number_twice_when_32_ask_and_three_in_ten_fail(cast):
    """32 × 50 × 70 % = 1 120."""

    async def take() -> int:
        return await numbering.take(await numbering.series(cast.entity_id, "receipt:2026", "BC-2026-"), DAY)

    assert sorted(await asked(take)) == list(range(1, 1_121))
    assert await db.value("SELECT last FROM number_series") == 1_120


async def test_a_plain_sequence_leaves_gaps(cast):
    """The control: what a deed that fails has taken is lost."""
    sequence = await db.value("SELECT pg_get_serial_sequence('number_series', 'id')")
    kept = await asked(lambda: db.value("SELECT nextval($1::text::regclass)", sequence))
    assert len(set(kept)) == 1_120
    assert max(kept) - min(kept) + 1 > 1_120


async def test_without_the_lock_numbers_are_taken_twice(cast):
    """The control: read, then write what was read."""
    async with deed(Machine("test")):
        known = await numbering.series(cast.entity_id, "control", "X-")
    reading = asyncio.Barrier(4)

    async def ask() -> int:
        async with deed(Machine("test")):
            last = await db.value("SELECT last FROM number_series WHERE id = $1", known.id)
            await reading.wait()
            await db.execute("UPDATE number_series SET last = $2 WHERE id = $1", known.id, last + 1)
            return last + 1

    assert await asyncio.gather(*(ask() for _ in range(4))) == [1, 1, 1, 1]


async def test_the_date_of_a_series_never_goes_back(cast):
    async with deed(Machine("test")):
        known = await numbering.series(cast.entity_id, "receipt:2026", "BC-2026-")
        assert await numbering.take(known, DAY, 3) == 1
        assert await numbering.take(known, DAY + timedelta(1)) == 4
    with pytest.raises(Refused) as why:
        async with deed(Machine("test")):
            await numbering.take(known, DAY)
    assert why.value.code == "series_dates"
    assert await db.value("SELECT last FROM number_series") == 4


def test_each_supplier_has_a_series_of_its_own_and_receipts_share_one():
    assert series_of(Kind.SELF_BILLED, "AP0007", 2027) == ("self_billed:AP0007:2027", "AP0007-2027-")
    assert series_of(Kind.SELF_BILLED_CREDIT_NOTE, "AP0007", 2027) == series_of(
        Kind.SELF_BILLED, "AP0007", 2027
    )
    assert series_of(Kind.RECEIPT, "AP0007", 2027) == ("receipt:2027", "BC-2027-")


@given(st.text(min_size=1, max_size=20), st.integers(1, 999_999))
def test_every_number_is_one_that_e_invoicing_allows(referrer_number, position):
    """BR-FR-01 and BR-FR-02: at most 35 signs among letters, digits, + - _ /."""
    number = number_at(series_of(Kind.SELF_BILLED, referrer_number, 2026)[1], position)
    assert len(number) <= 35
    assert all(sign in "+-_/" or (sign.isascii() and sign.isalnum()) for sign in number)


def test_a_number_too_long_is_refused_rather_than_cut():
    with pytest.raises(ValueError, match="too long"):
        number_at("A" * 32, 1)
