"""The points of everybody who has any: for finance."""

from portal.kit import db
from portal.kit.listing import Listing

NAME = "coalesce(nullif(referrer.company_name, ''), concat_ws(' ', referrer.first_name, referrer.last_name))"
POSTED = """
SELECT account.referrer_id, sum(-balance.balance) FILTER (WHERE account.role = 'points_held') AS held,
       sum(-balance.balance) FILTER (WHERE account.role = 'points') AS points,
       sum(-balance.balance) FILTER (WHERE account.role = 'points_reserved') AS reserved,
       sum(balance.balance) FILTER (WHERE account.role = 'points_owed') AS owed
FROM ledger_account account JOIN ledger_balance balance ON balance.account_id = account.id
WHERE account.unit = 'POINT' AND account.referrer_id IS NOT NULL GROUP BY account.referrer_id
"""
STANDING = f"""
SELECT referrer_id, coalesce(held, 0)::bigint AS held, greatest(0, coalesce(points, 0) - coalesce(owed, 0))::bigint AS spendable,
       coalesce(reserved, 0)::bigint AS reserved, greatest(0, coalesce(owed, 0) - coalesce(points, 0))::bigint AS owed
FROM ({POSTED}) posted WHERE coalesce(held, 0) <> 0 OR coalesce(points, 0) <> 0 OR coalesce(reserved, 0) <> 0 OR coalesce(owed, 0) <> 0
"""
EACH = f"""
SELECT standing.*, {NAME} AS name, referrer.ref AS referrer_ref, referrer.number,
       (SELECT min(expires_on) FROM point_stock lot
        WHERE lot.opened_for IN (SELECT unnest(ids_of(referrer.id))) AND lot.left_over > 0) AS until
FROM ({STANDING}) standing JOIN referrer ON referrer.id = standing.referrer_id WHERE true
"""
SUMS = f"""
SELECT count(*) AS many, coalesce(sum(held), 0)::bigint AS held, coalesce(sum(spendable), 0)::bigint AS spendable,
       coalesce(sum(reserved), 0)::bigint AS reserved, coalesce(sum(owed), 0)::bigint AS owed FROM ({STANDING}) standing
"""
SORTS = {
    "referrer": f"lower({NAME})", "held": "held", "spendable": "spendable", "reserved": "reserved", "owed": "owed", "until": "until",
}  # fmt: skip
WHERE = {"q": f"{NAME} ILIKE {{}} OR referrer.number ILIKE {{}}"}
CELLS = {
    "referrer": lambda row: row["name"],
    **{name: lambda row, name=name: row[name] for name in ("held", "spendable", "reserved", "owed", "until")},
}


async def page_of(listing: Listing) -> Listing:
    return await listing.fetch(EACH, sorts=SORTS, then="referrer.id", where=WHERE)


async def sums() -> db.Row:
    found = await db.row(SUMS)
    assert found is not None
    return found
