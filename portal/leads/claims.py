"""First claim: who recommended the same company before, and still holds it."""

from portal.clients import access as clients
from portal.clients.access import Key
from portal.kit import db
from portal.leads.rules import CLAIMS


async def earlier(keys: set[Key]) -> int | None:
    """The lead behind which a new one waits: same SIREN, else same name and same domain."""
    await _one_at_a_time(keys)
    siren = {key for key in keys if key[0] == "siren"}
    named = {key for key in keys if key[0] in ("name", "domain")}
    for owners in (await clients.owners("lead", siren), await _by_all(named)):
        holding = await _holding(owners)
        if holding is not None:
            return holding
    return None


async def _by_all(keys: set[Key]) -> list[int]:
    if {kind for kind, _ in keys} != {"name", "domain"}:
        return []
    sets = [set(await clients.owners("lead", {key})) for key in sorted(keys)]
    return sorted(set.intersection(*sets))


async def _holding(lead_ids: list[int]) -> int | None:
    return await db.value(
        "SELECT id FROM lead WHERE id = ANY($1) AND state = ANY($2) ORDER BY recommended_on, id LIMIT 1",
        lead_ids, sorted(CLAIMS),
    )  # fmt: skip


async def _one_at_a_time(keys: set[Key]) -> None:
    """Two claims on one company at the same instant: the second waits here until the first is written."""
    for kind, value in sorted(keys):
        await db.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"claim:{kind}:{value}")
