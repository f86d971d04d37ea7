"""First claim: who recommended the same company before, and still holds it."""

from collections.abc import Iterable
from zlib import crc32

from portal.clients import access as clients
from portal.clients.access import Key
from portal.kit import db
from portal.kit.days import today
from portal.leads.rules import CLAIMS

CLASS, BUCKETS = 7302, 1024  # advisory locks of claims
CLAIMING = ("siren", "name")


async def earlier(keys: frozenset[Key]) -> int | None:
    """The lead behind which a new one on the same company waits."""
    await lock(keys)
    return await _holding(await clients.same_company("lead", keys))


async def _holding(lead_ids: list[int]) -> int | None:
    """The earliest that still claims the company; a priority that is over holds nothing."""
    if not lead_ids:
        return None
    return await db.value(
        """SELECT id FROM lead WHERE id = ANY($1) AND state = ANY($2) AND coalesce(priority_until, $3) >= $3
           ORDER BY recommended_on, id LIMIT 1""",
        lead_ids, sorted(CLAIMS), today(),
    )  # fmt: skip


async def lock(keys: Iterable[Key]) -> None:
    """Two claims on one company at the same instant: the second waits here until the first is written.

    All buckets at once and in order, so that an import and a form never wait for each other crosswise."""
    buckets = sorted(
        {crc32(f"{kind}:{value}".encode()) % BUCKETS for kind, value in keys if kind in CLAIMING}
    )
    await db.execute(
        "SELECT pg_advisory_xact_lock($1, bucket) FROM unnest($2::int[]) AS bucket", CLASS, buckets
    )
