"""The account of each referrer within 401: proposed from the referrer's number, changed by finance, never two the same."""

import re
from collections.abc import Sequence

from portal.books.journal.rules import Auxiliary
from portal.history.access import record
from portal.kit import db
from portal.kit.listing import Listing
from portal.kit.problems import NotFound, Refused
from portal.kit.text import N_
from portal.referrers.access import NAME

LONGEST = 13  # what the narrowest of the formats takes
TAKEN = N_("Un autre apporteur a déjà ce compte auxiliaire.")
WELL_FORMED = re.compile(r"[A-Z0-9]{1,13}")
# What is no letter and no digit has no place in an account of any of the formats.
PROPOSED = f"left(regexp_replace(upper(referrer.number), '[^A-Z0-9]', '', 'g'), {LONGEST})"
ACCOUNTS = f"""
SELECT referrer.id, referrer.ref, referrer.number, {NAME} AS name, {PROPOSED} AS proposed,
       coalesce(own.code, {PROPOSED}) AS code, own.code IS NOT NULL AS chosen
FROM referrer LEFT JOIN auxiliary_account own ON own.referrer_id = referrer.id
"""
SORTS = {"who": "lower(name)", "number": "number", "code": "code"}
FILTERS = {"q": "concat_ws(' ', name, number, code) ILIKE {}"}


async def auxiliaries_of(referrer_ids: Sequence[int]) -> dict[int, Auxiliary]:
    found = await db.rows(f"{ACCOUNTS} WHERE referrer.id = ANY ($1::bigint[])", list(referrer_ids))
    return {row["id"]: Auxiliary(row["code"], row["name"]) for row in found}


async def page_of(listing: Listing, entity_id: int) -> Listing:
    return await listing.fetch(
        f"SELECT * FROM ({ACCOUNTS} WHERE referrer.legal_entity_id = $1) account WHERE true",
        entity_id, sorts=SORTS, where=FILTERS, then="number",
    )  # fmt: skip


async def account_for(ref: str) -> db.Row:
    found = await db.row(f"{ACCOUNTS} WHERE referrer.ref = $1", ref)
    if found is None:
        raise NotFound("referrer")
    return found


async def rename(referrer_id: int, code: str) -> None:
    """Raises Refused for the account of another, chosen or proposed."""
    await db.value("SELECT pg_advisory_xact_lock(hashtextextended('auxiliary_account', 0))")
    if await db.value(
        f"SELECT EXISTS (SELECT FROM ({ACCOUNTS}) other WHERE id <> $1 AND code = $2)", referrer_id, code
    ):
        raise Refused("auxiliary_taken", TAKEN)
    await db.execute(
        """INSERT INTO auxiliary_account (referrer_id, code) VALUES ($1, $2)
           ON CONFLICT (referrer_id) DO UPDATE SET code = $2""",
        referrer_id, code,
    )  # fmt: skip
    await record("books.auxiliary_named", "referrer", referrer_id, code=code)
