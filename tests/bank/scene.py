"""A run with the bank, and the files that the bank sends about it."""

from dataclasses import dataclass

from portal.kit import db
from portal.kit.days import today
from portal.payouts import access
from portal.payouts.bank import taking
from portal.payouts.bank.taking import Taken
from tests.bank.messages import Entry, Stated, camt
from tests.invoicing.books import Books
from tests.taxes.stories import sent


@dataclass
class Scene:
    books: Books
    run: db.Row
    remi: db.Row
    rachel: db.Row

    @property
    def cast(self):
        return self.books.cast

    async def take(self, data: bytes) -> Taken:
        return await taking.take(data, "releve.xml", self.cast.fanny.person)

    async def states(self) -> tuple[str, str, str]:
        """The run, Rémi's transfer, Rachel's."""
        run = await access.run(self.run["id"])
        lines = {line["id"]: line["state"] for line in await access.lines_of(run["id"])}
        return run["state"], lines[self.remi["id"]], lines[self.rachel["id"]]

    async def entries(self) -> list[tuple[str, str, str]]:
        found = await db.rows("SELECT kind, state, verdict FROM bank_entry ORDER BY id")
        return [tuple(row) for row in found]  # pyright: ignore[reportReturnType]

    def debits(self, *lines: db.Row) -> bytes:
        return camt(Stated(tuple(Entry(one["total_cents"], today(), one["end_to_end_id"]) for one in lines)))


async def scene_of(books: Books) -> Scene:
    await books.earns(books.cast.remi, 360_00)
    await books.earns(books.cast.rachel, 100_00)
    await books.issue()
    run = await sent(books)
    lines = {line["referrer_id"]: line for line in await access.lines_of(run["id"])}
    return Scene(books, run, lines[books.cast.remi.referrer_id], lines[books.cast.rachel.referrer_id])
