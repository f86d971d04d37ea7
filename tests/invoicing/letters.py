"""A paper with a letter to the employer beside it."""

from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import Machine, deed
from portal.kit.files import Store, attach, keep
from tests.cast import Cast


async def told_employer(cast: Cast) -> str:
    """Rémi's first."""
    invoice = await db.row(
        "SELECT * FROM invoice WHERE referrer_id = $1 ORDER BY id LIMIT 1", cast.remi.referrer_id
    )
    assert invoice is not None
    kept = await keep(Store.ISSUED, b"%PDF-", media_type="application/pdf", name="employeur.pdf")
    async with deed(Machine("test")):
        file = await attach(kept, "invoice", invoice["id"])
        await db.execute(
            "INSERT INTO employer_letter (invoice_id, file_id, renderer, brand, at) VALUES ($1, $2, '', $3, $4)",
            invoice["id"], file["id"], {}, now(),
        )  # fmt: skip
    return invoice["ref"]
