"""What stands behind the parameters of the pages of e-invoicing."""

from datetime import date

from portal.invoicing.platform import outbox
from portal.invoicing.platform.rules import Content
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.law.einvoicing import Rhythm, period_of
from tests.cast import Cast


async def samples_of_platform(cast: Cast) -> dict[str, str]:
    return {"period_abroad": period_key(today()), "platform_flow": await a_flow(cast)}


async def a_flow(cast: Cast) -> str:
    """An invoice of Rémi's that waits for a platform; no job sends it."""
    invoice = await db.row(
        "SELECT id, number FROM invoice WHERE referrer_id = $1 AND kind = 'self_billed' ORDER BY id LIMIT 1",
        cast.remi.referrer_id,
    )
    assert invoice
    async with deed(cast.fanny.person):
        flow_id = await outbox.put(Content.INVOICE, f"{invoice['number']}.pdf", invoice_id=invoice["id"])
        await db.execute("DELETE FROM pgqueuer WHERE entrypoint = 'invoicing.send_flow'")
    return await db.value("SELECT ref FROM platform_flow WHERE id = $1", flow_id)


def period_key(day: date) -> str:
    begins, ends = period_of(day, Rhythm.DECADE)
    return f"{begins:%Y%m%d}-{ends:%Y%m%d}"
