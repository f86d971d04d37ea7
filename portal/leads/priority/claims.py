"""First claim: who recommended the same company before, and still holds it."""

from collections.abc import Collection, Iterable
from datetime import date
from zlib import crc32

from portal.clients import access as clients
from portal.clients.access import Key
from portal.clients.keys import keys_of
from portal.kit import db
from portal.kit.days import today
from portal.leads.rules import CLAIMS

CLASS, BUCKETS = 7302, 1024  # advisory locks of claims
CLAIMING = ("siren", "name")
OF_A_PERSON = ("email", "phone")


async def earlier(keys: frozenset[Key], *, persons: bool = False, but: int | None = None) -> int | None:
    """The lead behind which a new one on the same company waits; among `persons`, one with the same address or number.
    `but`: the one that asks, when it is not new."""
    await lock(keys, CLAIMING + OF_A_PERSON if persons else CLAIMING)
    same = await clients.same_company("lead", keys)
    if persons:
        same += await clients.owners("lead", [key for key in keys if key[0] in OF_A_PERSON])
    return await _holding([lead_id for lead_id in same if lead_id != but])


async def _holding(lead_ids: list[int]) -> int | None:
    """The earliest; a priority that is over holds nothing."""
    since = await holding(lead_ids)
    return min(since, key=lambda one: (since[one], one), default=None)


async def holding(lead_ids: Collection[int]) -> dict[int, date]:
    """Those of them that still claim their company, since when."""
    if not lead_ids:
        return {}
    rows = await db.rows(
        """SELECT id, coalesce(claimed_on, recommended_on) AS since FROM lead
           WHERE id = ANY($1) AND state = ANY($2) AND coalesce(priority_until, $3) >= $3""",
        list(lead_ids), sorted(CLAIMS), today(),
    )  # fmt: skip
    return {row["id"]: row["since"] for row in rows}


async def lock(keys: Iterable[Key], claiming: Collection[str] = CLAIMING) -> None:
    """Two claims on one company at the same instant: the second waits here until the first is written.

    All buckets at once and in order, so that an import and a form never wait for each other crosswise."""
    buckets = sorted(
        {crc32(f"{kind}:{value}".encode()) % BUCKETS for kind, value in keys if kind in claiming}
    )
    await db.execute(
        "SELECT pg_advisory_xact_lock($1, bucket) FROM unnest($2::int[]) AS bucket", CLASS, buckets
    )


async def holder(lead: db.Row) -> int | None:
    """The other recommendation of the same company that goes first now."""
    keys = keys_of(
        name=lead["company_name"], siren=lead["siren"], email=lead["contact_email"], phone=lead["contact_phone"]
    )  # fmt: skip
    return await earlier(keys, persons=lead["prospects"] != "business", but=lead["id"])
