"""What is booked when a line is sent, arrives, comes back; and what is noted on each of its commissions."""

from collections.abc import Sequence
from datetime import date

from portal.earnings import settle as settlements
from portal.kit import db
from portal.kit.days import today
from portal.ledger import recipes
from portal.ledger.posting import post, reverse
from portal.payouts import access
from portal.payouts.rules import parts_of


async def book_sent(run: db.Row, lines: Sequence[db.Row]) -> None:
    papers = await access.papers_of([line["id"] for line in lines])
    entries = []
    for line in lines:
        parts = parts_of(papers[line["id"]])
        entries.append(recipes.payout_sent(
            run["legal_entity_id"], line["referrer_id"], line["id"], parts.net, parts.vat, today(),
            set_off_net_cents=parts.set_off_net, set_off_vat_cents=parts.set_off_vat,
        ))  # fmt: skip
    await post(entries)
    await _mark(lines, "sent", today())


async def book_arrived(runs: dict[int, db.Row], lines: Sequence[db.Row], on: date) -> None:
    """Of papers under the option for débits the VAT was deductible at once: only what was pending becomes so now."""
    papers = await access.papers_of([line["id"] for line in lines])
    entries = []
    for line in lines:
        parts, run = parts_of(papers[line["id"]]), runs[line["run_id"]]
        entries.append(recipes.payout_settled(
            run["legal_entity_id"], line["referrer_id"], line["id"], parts.net, parts.vat, on,
            set_off_vat_cents=parts.pending_vat - parts.vat, withheld_cents=parts.withheld,
        ))  # fmt: skip
    await post(entries)
    await _mark(lines, "paid", on)


async def book_undone(line: db.Row, on: date) -> None:
    """What was booked when it arrived is booked back."""
    arrived = await db.value(
        "SELECT id FROM ledger_entry WHERE idempotency_key = $1", f"payout_line:{line['id']}:settled"
    )
    await reverse(arrived, on, "payout_returned")


async def book_returned(run: db.Row, line: db.Row, on: date) -> None:
    parts = parts_of((await access.papers_of([line["id"]]))[line["id"]])
    await post([recipes.payout_returned(
        run["legal_entity_id"], line["referrer_id"], line["id"], parts.net, parts.vat, on,
        set_off_net_cents=parts.set_off_net, set_off_vat_cents=parts.set_off_vat,
    )])  # fmt: skip
    await _mark([line], "returned", on)


async def _mark(lines: Sequence[db.Row], kind: str, on: date) -> None:
    earnings = await access.earnings_of([line["id"] for line in lines])
    for line in lines:
        ids = [earning["id"] for earning in earnings[line["id"]]]
        await settlements.mark(ids, kind, "payout_line", line["id"], on)
