"""History follows from itself: chains, sealed blocks, and the anchor kept outside the database."""

from portal.history.access import broken_chains
from portal.history.tasks import anchors, broken_blocks
from portal.kit import db
from portal.kit.faults import Fault

CHECKED = {
    "events": "SELECT count(*) FROM history_event",
    "chains": "SELECT count(DISTINCT chain) FROM history_event WHERE chain IS NOT NULL",
    "blocks": "SELECT count(*) FROM history_block",
}


async def faults() -> list[Fault]:
    found = [Fault("chain_broken", chain) for chain in await broken_chains()]
    found += [Fault("block_broken", str(block)) for block in await broken_blocks()]
    return found + await _rewritten()


async def _rewritten() -> list[Fault]:
    """What was anchored outside must still be what stands inside."""
    blocks = await db.rows("SELECT last_event, digest FROM history_block")
    sealed = {block["last_event"]: block["digest"].hex() for block in blocks}
    return [
        Fault("anchor_differs", f"event {last_event}")
        for last_event, digest in anchors()
        if sealed.get(last_event) != digest
    ]
