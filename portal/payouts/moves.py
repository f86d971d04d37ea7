"""One move of a run or of lines, as the tables in rules.py have it; each UPDATE repeats the state it starts from."""

from collections.abc import Iterable, Sequence

from portal.history.access import record_chained
from portal.kit import db
from portal.kit.problems import Stale
from portal.payouts import access
from portal.payouts.rules import LINE_MOVES, RUN_MOVES, check


async def locked(run_ids: Iterable[int]) -> dict[int, db.Row]:
    """Runs as they stand now: of two words at once the second sees what the first did."""
    ids = sorted(set(run_ids))
    await db.rows(
        "SELECT id FROM payout_run WHERE id = ANY ($1::bigint[]) ORDER BY id FOR NO KEY UPDATE", ids
    )
    return {run_id: await access.run(run_id) for run_id in ids}


async def move_run(run: db.Row, name: str, **changes: object) -> None:
    move = RUN_MOVES[name]
    check(move, run["state"])
    sets = "".join(f', "{column}" = ${i}' for i, column in enumerate(changes, 4))
    moved = await db.execute(
        f"UPDATE payout_run SET state = $2, version = version + 1{sets} WHERE id = $1 AND state = $3",
        run["id"], move.to, run["state"], *changes.values(),
    )  # fmt: skip
    if moved != 1:
        raise Stale("stale")
    await chain(run["id"], move.to, digest=run["digest"].hex())


async def move_lines(lines: Sequence[db.Row], name: str, **changes: object) -> None:
    move = LINE_MOVES[name]
    sets = "".join(f", {column} = ${i}" for i, column in enumerate(changes, 4))
    moved = await db.execute(
        f"UPDATE payout_line SET state = $2{sets} WHERE id = ANY ($1::bigint[]) AND state = ANY ($3::text[])",
        [line["id"] for line in lines], move.to, list(move.froms), *changes.values(),
    )  # fmt: skip
    if moved != len(lines):
        raise Stale("stale")


async def free(lines: Sequence[db.Row]) -> None:
    """Their papers may go into another run."""
    await db.execute(
        "UPDATE payout_invoice SET released = true WHERE line_id = ANY ($1::bigint[]) AND NOT released",
        [line["id"] for line in lines],
    )


async def chain(run_id: int, what: str, **data: object) -> None:
    await record_chained(f"payout_run:{run_id}", f"payouts.{what}", "payout_run", run_id, **data)
