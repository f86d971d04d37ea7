"""What stands behind the paths of the bank: a file, and an entry of it that somebody has to decide."""

from portal.kit import db
from portal.kit.days import today
from portal.payouts.bank import taking
from tests.bank.messages import Entry, Stated, camt
from tests.cast import Cast


async def samples_of_bank(cast: Cast) -> dict[str, str]:
    """A debit of the amount of a transfer under way, without any reference; and a client who paid. In no language."""
    cents = await db.value("SELECT total_cents FROM payout_line WHERE state = 'sent' ORDER BY id LIMIT 1")
    entries = (
        Entry(cents or 1_00, today(), label="SEPA 4711"),
        Entry(120_00, today(), credit=True, name="Lumière SAS", label="F-2026-031"),
    )
    data = camt(Stated(entries, opening=1_000_00, closing=1_120_00 - (cents or 1_00)))
    taken = await taking.take(data, "releve.xml", cast.fanny.person)
    entry = await db.value("SELECT ref FROM bank_entry WHERE bank_file_id = $1", taken.file["id"])
    return {"bank_file": taken.file["ref"], "bank_entry": entry}
