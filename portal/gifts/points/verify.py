"""Lots, what became of them and the ledger say the same: what was released is spent, expired, taken back, handed on or left."""

ROOT = "coalesce(referrer.alias_of, referrer.id)"
POSTED = """SELECT account.referrer_id, sum(balance.balance) AS amount FROM ledger_account account
            JOIN ledger_balance balance ON balance.account_id = account.id WHERE account.role = '{role}' GROUP BY account.referrer_id"""
RELEASED = "EXISTS (SELECT FROM earning_settlement s WHERE s.earning_id = earning.id AND s.kind = 'released')"
WAS_HELD = "EXISTS (SELECT FROM ledger_entry WHERE idempotency_key = 'earning:' || earning.id || ':released')"
IN_POINTS = "FROM earning JOIN referrer ON referrer.id = earning.referrer_id WHERE earning.unit = 'POINT'"
TAKEN = (
    "coalesce((SELECT sum(points) FROM point_move WHERE kind = 'taken_back' AND earning_id = earning.id), 0)"
)
# a lot may still be opened, a deduction still be made: the job that follows has not run
TO_COME = f"""
  SELECT {ROOT} AS referrer_id, earning.amount {IN_POINTS} AND earning.amount > 0 AND {RELEASED}
    AND NOT EXISTS (SELECT FROM point_lot WHERE earning_id = earning.id)
  UNION ALL SELECT {ROOT}, earning.amount + {TAKEN} {IN_POINTS} AND earning.amount < 0 AND {RELEASED} AND {WAS_HELD}"""


def _differs(kept: str, role: str, sign: str) -> str:
    """Referrers of whom the lots say something else than the ledger."""
    return f"""
        SELECT coalesce(kept.referrer_id, posted.referrer_id)
        FROM (SELECT referrer_id, sum(amount) AS amount FROM ({kept}) one GROUP BY referrer_id) kept
        FULL JOIN ({POSTED.format(role=role)}) posted ON posted.referrer_id = kept.referrer_id
        WHERE coalesce(kept.amount, 0) {sign} coalesce(posted.amount, 0) <> 0"""


FAULTS = {
    "lots_differ_from_ledger": _differs(
        f"SELECT referrer_id, left_over AS amount FROM point_stock UNION ALL {TO_COME}", "points", "+"
    ),
    "reserved_points_differ_from_ledger": _differs(
        "SELECT referrer_id, reserved AS amount FROM point_stock", "points_reserved", "+"
    ),
    "held_points_differ_from_ledger": _differs(
        f"SELECT {ROOT} AS referrer_id, earning.amount {IN_POINTS} AND NOT {RELEASED}", "points_held", "+"
    ),
    "owed_points_differ_from_ledger": _differs(
        f"SELECT {ROOT} AS referrer_id, -earning.amount - {TAKEN} AS amount {IN_POINTS} AND earning.amount < 0 AND {RELEASED} AND NOT {WAS_HELD}",
        "points_owed",
        "-",
    ),
    "lot_overdrawn": "SELECT ref FROM point_stock WHERE left_over < 0 OR reserved < 0",
    "more_taken_back_than_asked": """
        SELECT earning.ref FROM earning JOIN point_move move ON move.earning_id = earning.id AND move.kind = 'taken_back'
        GROUP BY earning.id HAVING sum(move.points) > -earning.amount""",
    "lot_of_another_amount": """
        SELECT lot.ref FROM point_lot lot JOIN earning ON earning.id = lot.earning_id
        WHERE lot.points <> earning.amount OR earning.unit <> 'POINT' OR lot.legal_entity_id <> earning.legal_entity_id""",
    "provision_differs_from_ledger": """
        SELECT provision.ref FROM points_provision provision WHERE amount_cents <> before_cents + coalesce((
          SELECT -sum(line.amount) FROM ledger_entry entry JOIN ledger_line line ON line.entry_id = entry.id
          JOIN ledger_account account ON account.id = line.account_id AND account.role = 'points_provision'
          WHERE entry.idempotency_key = 'points_provision:' || provision.id || ':provided'), 0)""",
    "transfer_of_another_amount": """
        SELECT transfer.ref FROM point_transfer transfer
        WHERE points <> coalesce((SELECT sum(points) FROM point_move WHERE transfer_id = transfer.id), 0)
           OR points <> coalesce((SELECT sum(points) FROM point_lot WHERE transfer_id = transfer.id), 0)""",
}
CHECKED = {"lots": "SELECT count(*) FROM point_lot", "points moved": "SELECT count(*) FROM point_move"}
