"""A run written down: its lines, what each pays, who gets which share, which credit note was deducted from what."""

from collections.abc import Sequence
from datetime import date

from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import current
from portal.kit.references import new_ref
from portal.payouts import access
from portal.payouts.candidate_rules import Candidate
from portal.payouts.rails.rules import RailName
from portal.payouts.rules import digest, said_of
from portal.payouts.set_offs import letter_of, set_offs


async def write(
    entity_id: int, executes_on: date, number: str, rail: RailName, ready: Sequence[Candidate]
) -> int:
    """Its id; the digest is that of the rows as they stand."""
    run_id = await db.insert(
        "payout_run",
        ref=new_ref(), number=number, legal_entity_id=entity_id, state="drafted", executes_on=executes_on, rail=rail,
        digest=b"", prepared_by=current().actor.user_id, prepared_at=now(),
    )  # fmt: skip
    for candidate in ready:
        await _write_line(run_id, number, candidate)
    await db.execute("UPDATE payout_run SET digest = $2 WHERE id = $1", run_id, await digest_of(run_id))
    return run_id


async def _write_line(run_id: int, number: str, candidate: Candidate) -> None:
    ref, parts, where = new_ref(), candidate.parts, candidate.way.where
    theirs = candidate.is_the_referrers
    line_id = await db.insert(
        "payout_line",
        ref=ref, run_id=run_id, referrer_id=candidate.referrer["referrer_id"],
        bank_detail_id=where.bank["id"] if theirs and where.bank else None, destination=where.destination if theirs else "",
        net_cents=parts.net, vat_cents=parts.vat, withheld_cents=parts.withheld, total_cents=parts.total,
        end_to_end_id=f"{number}-{ref}", state="drafted",
    )  # fmt: skip
    await db.execute_many(
        "INSERT INTO payout_invoice (line_id, invoice_id) VALUES ($1, $2)",
        [(line_id, paper["id"]) for paper in candidate.papers],
    )
    await _write_shares(line_id, f"{number}-{ref}", candidate)
    await db.execute_many(
        "INSERT INTO payout_set_off (line_id, credit_note_id, invoice_id, net_cents, vat_cents, letter) VALUES ($1, $2, $3, $4, $5, $6)",
        [(line_id, one.credit_note_id, one.invoice_id, one.net, one.vat, letter_of(line_id)) for one in set_offs(candidate.papers)],
    )  # fmt: skip


async def _write_shares(line_id: int, end_to_end_id: str, candidate: Candidate) -> None:
    bank = candidate.bank
    own = (bank["holder"], bank["last4"]) if bank else (candidate.referrer["referrer_name"], "")
    for position, share in enumerate(candidate.shares, 1):
        name, last4 = (share.payee["name"], share.payee["last4"]) if share.payee else own
        await db.execute(
            """INSERT INTO payout_share (line_id, position, payee_id, name, last4, amount_cents, end_to_end_id)
               VALUES ($1, $2, $3, $4, $5, $6, $7)""",
            line_id, position, share.payee["id"] if share.payee else None, name, last4, share.cents, f"{end_to_end_id}-{position}",
        )  # fmt: skip


async def digest_of(run_id: int) -> bytes:
    """Of the run as its rows stand now."""
    run, lines = await access.run(run_id), await access.lines_of(run_id)
    papers = await access.papers_of([line["id"] for line in lines])
    return digest(
        run["executes_on"], run["rail"],
        [
            said_of(line, [paper["id"] for paper in papers[line["id"]]],
                    [(share["payee_id"], share["amount_cents"]) for share in line["shares"]])
            for line in lines
        ],
    )  # fmt: skip
