"""The code on a receipt: a keyed digest of what was recommended and when, written once and chained, checked against the row."""

import hmac
from datetime import datetime

from portal.history.access import record_chained
from portal.kit import db
from portal.kit.days import PARIS, now
from portal.kit.keyring import ring
from portal.kit.text import short_day
from portal.leads.priority import access

FIELD = "lead_receipt.code"
LENGTH = 32  # hexadecimal figures


async def keep(lead: db.Row) -> None:
    """What an import brought has the day of its file, and no receipt."""
    if lead["source"] == "import":
        return
    await db.execute(
        "INSERT INTO lead_receipt (lead_id, code, at) VALUES ($1, $2, $3)", lead["id"], code_of(lead), now()
    )
    await record_chained(f"lead:{lead['id']}", "leads.receipt", "lead", lead["id"], code=code_of(lead))


def code_of(lead: db.Row) -> str:
    """Of what no correction of a telephone number changes."""
    said = (
        lead["ref"], lead["referrer_number"], lead["company_name"], lead["siren"],
        lead["recommended_on"].isoformat(), lead["submitted_at"].isoformat(), lead["source"],
    )  # fmt: skip
    return ring().blind("\n".join(said), FIELD).hex()[:LENGTH]


def shown(code: str) -> str:
    """In groups of four, as it is printed."""
    return " ".join(code[place : place + 4] for place in range(0, len(code), 4))


def read(lead: db.Row, code: str | None) -> dict[str, str | bool] | None:
    """As kept, and whether it still is that of the row; what was erased cannot be compared any more."""
    if code is None:
        return None
    stands = lead["erased_at"] is None and hmac.compare_digest(code, code_of(lead))
    return {
        "code": shown(code), "stands": stands, "erased": lead["erased_at"] is not None, "at": exact(lead["submitted_at"])
    }  # fmt: skip


def exact(instant: datetime) -> str:
    """By the clock in Paris, to the second; the offset tells the hour that comes twice in October apart."""
    local = instant.astimezone(PARIS)
    offset = int(local.utcoffset().total_seconds()) // 3600  # pyright: ignore[reportOptionalMemberAccess]
    return f"{short_day(local)} {local:%H:%M:%S} (UTC+{offset})"


async def of(lead: db.Row) -> dict[str, str | bool] | None:
    return read(lead, await access.receipt_code(lead["id"]))


async def faulty() -> list[str]:
    """Recommendations that no longer say what their receipt says."""
    rows = await db.rows(
        f"{access.RECEIVED} JOIN lead_receipt receipt ON receipt.lead_id = lead.id WHERE lead.erased_at IS NULL"
    )
    return [row["ref"] for row in rows if not hmac.compare_digest(row["receipt_code"], code_of(row))]
