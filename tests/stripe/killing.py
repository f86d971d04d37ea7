"""Workers that send transfers are killed at random moments, on real processes, the real database, and answers that are
lost one time in five. Then: is every line one transfer, and does the ledger agree?"""

import asyncio
import multiprocessing
import random
from collections import Counter
from dataclasses import dataclass, field

from portal import verify
from portal.demo.fake_stripe.faults import Faults
from portal.demo.fake_stripe.server import KEY
from portal.kit import db
from portal.kit.deed import Machine, deed
from tests.stripe.child import work
from tests.stripe.scene import Scene

# Each child is forked from a server without threads, which has loaded everything once.
CHILDREN = multiprocessing.get_context("forkserver")
CHILDREN.set_forkserver_preload(["tests.stripe.child"])
STUCK_SECONDS = 60
LOST_IN_A_HUNDRED = {"lost_before": 10, "lost_after": 10}
ROUND = 4  # lines at once
WHERE_IT_HURTS = 0.8  # of the kills


@dataclass
class Verdict:
    """By line: how often Stripe paid it, and whether we say that it is paid."""

    doubles: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    lines: int = 0

    @property
    def is_caught(self) -> bool:
        return bool(self.doubles or self.lost)

    @property
    def is_right(self) -> bool:
        return not self.doubles and not self.lost and not self.open


@dataclass
class Killing:
    """`design`: how a transfer is sent. `url`: of the scene's database, as the worker opens it."""

    scene: Scene
    url: str
    design: str = "ours"
    seed: int = 0
    met: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.scene.fake.faults = Faults(
            seed=self.seed, too_many=5, slow=20, slow_seconds=0.03, **LOST_IN_A_HUNDRED
        )
        self.scene.fake.bank.top_up(1_000_000_00)

    async def kill(self, times: int) -> None:
        for _ in range(times):
            if not await self._waiting():
                await self._more()
            await self._killed_once()

    async def until_caught(self, at_most: int) -> Verdict:
        for _ in range(at_most):
            await self.kill(1)
            if (found := await self.verdict()).is_caught:
                return found
        return await self.verdict()

    async def recover(self) -> None:
        """What a worker does that is left alone."""
        for _ in range(40):
            if not await self._waiting():
                return
            await self._time_passes()
            process = self._child()
            await asyncio.to_thread(process.join, STUCK_SECONDS)
            assert process.exitcode == 0, process.exitcode

    async def verdict(self) -> Verdict:
        lines = await db.rows(
            "SELECT line.ref, line.state, line.total_cents FROM payout_line line JOIN payout_run run ON run.id = run_id WHERE run.rail = 'stripe'"
        )
        paid = Counter(one["transfer_group"] for one in self.scene.fake.bank.transfers)
        cents = {one["transfer_group"]: one["amount"] for one in self.scene.fake.bank.transfers}
        assert all(cents[line["ref"]] == line["total_cents"] for line in lines if line["ref"] in cents)
        return Verdict(
            doubles=[line["ref"] for line in lines if paid[line["ref"]] > 1],
            lost=[line["ref"] for line in lines if line["state"] == "settled" and not paid[line["ref"]]],
            open=[line["ref"] for line in lines if line["state"] != "settled"],
            lines=len(lines),
        )

    async def faults_of_the_ledger(self) -> list[object]:
        return list((await verify.everything()).faults)

    async def _waiting(self) -> int:
        return await db.value("SELECT count(*) FROM stripe_transfer WHERE state = 'waiting'")

    async def _more(self) -> None:
        cast = self.scene.cast
        for _ in range(ROUND // 2):
            await self.scene.earned(100_00 + self.random.randrange(900), cast.rachel, cast.mina)
            await self.scene.sent()

    async def _time_passes(self) -> None:
        async with deed(Machine("test")):
            await db.execute("UPDATE stripe_transfer SET next_try_at = written_at WHERE state = 'waiting'")

    def _child(self):
        process = CHILDREN.Process(target=work, args=(self.url, self.scene.fake.address, KEY, self.design))
        process.start()
        return process

    async def _killed_once(self) -> None:
        """Most kills come once Stripe is asked for the first, second … time, where it hurts; the others at any moment."""
        await self._time_passes()
        fake, before = self.scene.fake, self.scene.fake.asked
        process = self._child()
        if self.random.random() < WHERE_IT_HURTS:
            enough = before + self.random.randint(1, ROUND)
            while process.is_alive() and fake.asked < enough:
                await asyncio.to_thread(process.join, 0.002)
        await asyncio.sleep(self.random.uniform(0, 0.06))
        self.met[
            "before it asked" if fake.asked == before else "while it asked" if process.is_alive() else "ended"
        ] += 1
        process.kill()
        await asyncio.to_thread(process.join)
