"""Money goes once: workers are killed, answers are lost, and in the end every line is one transfer."""

import pytest

from tests.conftest import Cluster
from tests.stripe.designs import DESIGNS
from tests.stripe.killing import Killing
from tests.stripe.scene import Scene

KILLS = 50
WRONG = {"naive": "doubles", "fresh_key": "doubles", "mark_first": "lost"}


@pytest.mark.timeout(300)
async def test_killed_fifty_times_every_line_is_paid_once_and_the_ledger_agrees(
    scene: Scene, cluster: Cluster, base: str
):
    killing = Killing(scene, cluster.runtime(base))
    await killing.kill(KILLS)
    await killing.recover()
    verdict = await killing.verdict()
    assert verdict.lines >= 10
    assert verdict.is_right, verdict
    assert sum(killing.met.values()) == KILLS
    assert killing.met["while it asked"] > KILLS // 10
    assert await killing.faults_of_the_ledger() == []


@pytest.mark.timeout(300)
@pytest.mark.breaks_promises
@pytest.mark.parametrize("design", WRONG)
async def test_the_same_kills_find_what_is_wrong_with(scene: Scene, cluster: Cluster, base: str, design: str):
    found = await Killing(scene, cluster.runtime(base), design).until_caught(at_most=KILLS)
    assert getattr(found, WRONG[design])


def test_every_design_but_ours_is_a_control():
    assert set(DESIGNS) - {"ours"} == set(WRONG)
