"""What the declaration of a large network costs, beside reading the same people and formatting a record of each.

    python -m tests.bench.bench_das2 [people]

Rachel is paid by the real verbs; everybody else is a copy of her, at another address and for another sum. What is measured
is told by tests.bench.declaring, a process of its own: nothing else that a bench loads counts in its memory."""

import asyncio
import os
import subprocess
import sys

import asyncpg

from portal import consequences, database
from portal.company import access as company
from portal.company import actions
from portal.kit import db
from portal.kit.deed import deed
from portal.kit.postgres import EmbeddedPostgres
from tests.bench.bench_accrual import CLONE
from tests.cast import assemble
from tests.conftest import DATA, RUNTIME, Cluster  # the environment first
from tests.invoicing.books import books_of
from tests.taxes.stories import is_paid

STREETS = "(ARRAY['12 bis, avenue des Ternes', '7 rue Henri Rolland', 'Résidence Les Lilas, 122 rue du Général de division Tartempion'])[1 + n % 3]"
CLONES = {
    "referrer": f"jsonb_build_object('id', 1000 + n, 'ref', 'R' || n, 'number', 'BENCH' || n, 'first_name', 'Élise', 'last_name', 'Beaumarchais ' || n, "
    f"'street', {STREETS}, 'email', 'bench' || n || '@exemple.fr')",
    "referrer_standing": "jsonb_build_object('id', 1000 + n, 'referrer_id', 1000 + n)",
    "payout_line": "jsonb_build_object('id', 1000 + n, 'ref', 'L' || n, 'referrer_id', 1000 + n, 'end_to_end_id', 'BENCH' || n, "
    "'net_cents', 250000 + n % 1000000, 'total_cents', 250000 + n % 1000000)",
}  # fmt: skip


async def prepare(made: Cluster, people: int) -> None:
    await made.run(f"CREATE ROLE {RUNTIME} LOGIN PASSWORD '{made.password}'")
    await made.run("CREATE DATABASE bench")
    await database.migrate(made.owner("bench"), RUNTIME)
    consequences.install()
    engine = db.engine()
    engine.point_at(made.runtime("bench"))
    await engine.start_connection_pool(min_size=1, max_size=2)
    cast = await assemble()
    await is_paid(await books_of(cast), cast.rachel, 3_000_00)
    async with deed(cast.alice.person):
        entity = await company.legal_entity_by(cast.entity_id)
        await actions.correct(entity, entity["version"], ape="62.01Z")
    await engine.close_connection_pool()
    await multiply(made.owner("bench"), cast.rachel.referrer_id, people)


async def multiply(address: str, referrer_id: int, people: int) -> None:
    owner = await asyncpg.connect(address)
    for table, changes in CLONES.items():
        key = "id" if table == "referrer" else "referrer_id"
        one = f"SELECT id FROM {table} WHERE {key} = {referrer_id} ORDER BY id LIMIT 1"
        clone = CLONE.format(table=table, changes=changes).replace(f"SELECT min(id) FROM {table}", one)
        await owner.execute(clone.replace("$1", str(people)))
    await owner.execute("ANALYZE")
    await owner.close()


def measure(made: Cluster) -> int:
    declaring = [sys.executable, "-m", "tests.bench.declaring", made.runtime("bench"), made.owner("bench")]
    return subprocess.run(declaring, check=False, env=dict(os.environ)).returncode


def main(people: int = 50_000) -> None:
    DATA.chmod(0o755)
    server = EmbeddedPostgres(DATA / "postgres", durable=False)
    try:
        made = Cluster(server, server.start())
        asyncio.run(prepare(made, people))
        failed = measure(made)
    finally:
        server.stop()
    sys.exit(failed)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
