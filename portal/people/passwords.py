"""Passwords: argon2 in a few threads of its own, so that a crowd at the door stops nobody inside."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from portal.kit.problems import Busy

T = TypeVar("T")
# 46 MiB, one pass, one lane: the first of the equivalent settings in the OWASP password storage cheat sheet
HASHER = PasswordHasher(time_cost=1, memory_cost=47104, parallelism=1)
THREADS = 2
WAITING = 30  # at 30 ms each nobody waits longer than half a second; beyond, 503


class Pool:
    """A bounded number of threads, and of those who wait for one."""

    def __init__(self, threads: int = THREADS, waiting: int = WAITING) -> None:
        self.threads = ThreadPoolExecutor(threads, thread_name_prefix="argon2")
        self.room = threads + waiting
        self.inside = 0

    async def run(self, work: Callable[[], T]) -> T:
        if self.inside >= self.room:
            raise Busy("passwords")
        self.inside += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self.threads, work)
        finally:
            self.inside -= 1


POOL = Pool()


async def hashed(password: str) -> str:
    return await POOL.run(lambda: HASHER.hash(password))


async def matches(password: str, known: str) -> bool:
    """An account without a password, or no account at all, takes as long as any other."""
    right = await POOL.run(lambda: _verify(password, known or _nobodys()))
    return right and bool(known)


def _verify(password: str, known: str) -> bool:
    try:
        return HASHER.verify(known, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    return HASHER.hash("nobody knows this one")
