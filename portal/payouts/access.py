"""The only doors to runs, their lines and what waits to be transferred."""

from collections.abc import Sequence

from portal.kit import db
from portal.kit.listing import Listing
from portal.kit.problems import NotFound
from portal.payouts.eyes import LATEST, Past
from portal.payouts.rules import VISIBLE
from portal.people.rules import Person, Role
from portal.referrers.access import NAME

MAY_SEE_ALL = (Role.FINANCE, Role.ADMIN)
RUN = """
SELECT run.*, preparer.name AS preparer, approver.name AS approver, file.ref AS file_ref,
       count(line.id) AS lines, coalesce(sum(line.net_cents), 0)::bigint AS net_cents,
       coalesce(sum(line.vat_cents), 0)::bigint AS vat_cents, coalesce(sum(line.total_cents), 0)::bigint AS total_cents,
       count(line.id) FILTER (WHERE line.state = 'failed') AS failed, said.words, asked.asked
FROM payout_run run
JOIN app_user preparer ON preparer.id = run.prepared_by
LEFT JOIN app_user approver ON approver.id = run.approved_by
LEFT JOIN stored_file file ON file.id = run.file_id
LEFT JOIN payout_line line ON line.run_id = run.id
CROSS JOIN LATERAL (
  SELECT coalesce(jsonb_agg(jsonb_build_object('user_id', word.user_id, 'who', app_user.name, 'for_whom', other.name) ORDER BY word.id), '[]') AS words
  FROM payout_signature word JOIN app_user ON app_user.id = word.user_id LEFT JOIN app_user other ON other.id = word.for_user
  WHERE word.run_id = run.id) said
LEFT JOIN LATERAL (
  SELECT jsonb_build_object('state', approval.state, 'reason', approval.reason, 'decider', decider.name) AS asked
  FROM approval LEFT JOIN app_user decider ON decider.id = approval.decided_by
  WHERE approval.subject_kind = 'payout_run' AND approval.subject_id = run.id ORDER BY approval.id DESC LIMIT 1) asked ON true
"""
RUN_GROUPS = "GROUP BY run.id, preparer.name, approver.name, file.ref, said.words, asked.asked"
SHARES = """
SELECT coalesce(jsonb_agg(jsonb_build_object(
         'position', share.position, 'payee_id', share.payee_id, 'kind', payee.kind, 'payee_ref', payee.ref, 'name', share.name,
         'last4', share.last4, 'amount_cents', share.amount_cents, 'end_to_end_id', share.end_to_end_id, 'end', said.what
       ) ORDER BY share.position), '[]') AS shares
FROM payout_share share LEFT JOIN payee ON payee.id = share.payee_id
LEFT JOIN LATERAL (
  SELECT CASE WHEN arrived THEN 'arrived' ELSE 'came_back' END AS what FROM payout_share_end ended
  WHERE ended.line_id = share.line_id AND ended.position = share.position ORDER BY ended.id DESC LIMIT 1
) said ON true WHERE share.line_id = line.id
"""
LINE = f"""
SELECT line.*, run.ref AS run_ref, run.number AS run_number, run.rail, run.executes_on, run.sent_at, run.state AS run_state,
       referrer.ref AS referrer_ref, referrer.number AS referrer_number, {NAME} AS referrer_name,
       coalesce(bank.last4, '') AS last4, coalesce(bank.holder, {NAME}) AS holder, part.shares,
       EXISTS (SELECT FROM holder_check made WHERE made.bank_detail_id = line.bank_detail_id AND made.decision = 'pay') AS holder_decided
FROM payout_line line
JOIN payout_run run ON run.id = line.run_id
JOIN referrer ON referrer.id = line.referrer_id
LEFT JOIN bank_detail bank ON bank.id = line.bank_detail_id
CROSS JOIN LATERAL ({SHARES}) part
"""


async def run_for(person: Person, ref: str) -> db.Row:
    """Finance and administration alone."""
    found = await db.row(f"{RUN} WHERE run.ref = $1 AND $2 {RUN_GROUPS}", ref, person.may(*MAY_SEE_ALL))
    if found is None:
        raise NotFound("run")
    return found


async def run(run_id: int) -> db.Row:
    found = await db.row(f"{RUN} WHERE run.id = $1 {RUN_GROUPS}", run_id)
    if found is None:
        raise NotFound("run")
    return found


async def line_for(person: Person, ref: str) -> db.Row:
    """A referrer sees their own transfers once they are sent; finance and administration see all."""
    found = await db.row(
        f"{LINE} WHERE line.ref = $1 AND ($2 OR (line.referrer_id = ANY ((SELECT ids_of($3))::bigint[]) AND line.state = ANY ($4::text[])))",
        ref, person.may(*MAY_SEE_ALL), person.referrer_id, list(VISIBLE),
    )  # fmt: skip
    if found is None:
        raise NotFound("transfer")
    return found


async def line(line_id: int) -> db.Row:
    found = await db.row(f"{LINE} WHERE line.id = $1", line_id)
    if found is None:
        raise NotFound("transfer")
    return found


async def lines_of(run_id: int) -> list[db.Row]:
    return await db.rows(f"{LINE} WHERE line.run_id = $1 ORDER BY referrer.number", run_id)


async def papers_of(line_ids: Sequence[int]) -> dict[int, list[db.Row]]:
    """Line → its papers, credit notes with a negative sign."""
    found = await db.rows(
        """SELECT part.line_id, invoice.id, invoice.ref, invoice.number, invoice.kind, invoice.issued_on, invoice.due_on, invoice.credits_id,
                  invoice.vat_on_debits, invoice.leaves_debt, invoice.sign * invoice.net_cents AS net_cents,
                  invoice.sign * invoice.vat_cents AS vat_cents, invoice.sign * invoice.total_cents AS total_cents,
                  invoice.sign * invoice.withheld_cents AS withheld_cents
           FROM payout_invoice part JOIN invoice ON invoice.id = part.invoice_id
           WHERE part.line_id = ANY ($1::bigint[]) ORDER BY invoice.id""",
        list(line_ids),
    )
    papers: dict[int, list[db.Row]] = {line_id: [] for line_id in line_ids}
    for paper in found:
        papers[paper["line_id"]].append(paper)
    return papers


async def earnings_of(line_ids: Sequence[int]) -> dict[int, list[db.Row]]:
    """Line → the commissions on its papers, with all that a transfer explains."""
    found = await db.rows(
        """SELECT part.line_id, earning.id, earning.ref, CASE item.turn % 2 WHEN 1 THEN earning.amount ELSE -earning.amount END AS amount, earning.base_cents, earning.steps,
                  earning.occurred_on, earning.clause, contract.clauses, contract.ref AS contract_ref,
                  contract.number AS contract_number, coalesce(deal.title, lead.company_name) AS deal_title,
                  CASE WHEN deal.id IS NULL THEN '/recommandations/' || lead.ref ELSE '/affaires/' || deal.ref END AS about_path,
                  coalesce(client.name, lead.company_name) AS client_name, invoice.ref AS invoice_ref, invoice.number AS invoice_number
           FROM payout_invoice part
           JOIN invoice ON invoice.id = part.invoice_id
           JOIN invoice_line item ON item.invoice_id = part.invoice_id
           JOIN earning ON earning.id = item.earning_id JOIN contract ON contract.id = earning.contract_id
           LEFT JOIN deal ON deal.id = earning.deal_id LEFT JOIN client ON client.id = deal.client_id
           LEFT JOIN lead ON lead.id = earning.lead_id
           WHERE part.line_id = ANY ($1::bigint[]) ORDER BY invoice.id, item.position""",
        list(line_ids),
    )
    earnings: dict[int, list[db.Row]] = {line_id: [] for line_id in line_ids}
    for earning in found:
        earnings[earning["line_id"]].append(earning)
    return earnings


async def next_release(referrer_id: int) -> db.Row | None:
    """The next day on which something held is confirmed, and how much."""
    return await db.row(
        """SELECT due_on, sum(amount)::bigint AS amount FROM earning
           WHERE referrer_id = $1 AND unit = 'EUR' AND NOT EXISTS (
             SELECT FROM earning_settlement s WHERE s.earning_id = earning.id AND s.kind = 'released')
           GROUP BY due_on HAVING sum(amount) > 0 ORDER BY due_on LIMIT 1""",
        referrer_id,
    )


async def set_offs_of(line_ids: Sequence[int]) -> list[db.Row]:
    """Which credit note was deducted from which paper."""
    return await db.rows(
        """SELECT off.*, note.ref AS note_ref, note.number AS note_number, paper.ref AS paper_ref, paper.number AS paper_number
           FROM payout_set_off off JOIN invoice note ON note.id = off.credit_note_id JOIN invoice paper ON paper.id = off.invoice_id
           WHERE off.line_id = ANY ($1::bigint[]) ORDER BY off.line_id, note.id, paper.id""",
        list(line_ids),
    )


async def past_of(run_id: int, referrer_ids: Sequence[int]) -> dict[int, Past]:
    """What each was paid before, by other runs: the latest first."""
    found = await db.rows(
        """SELECT wanted.id, past.* FROM unnest($1::bigint[]) AS wanted (id) CROSS JOIN LATERAL (
             SELECT coalesce(array_agg(total_cents ORDER BY id DESC), '{}') AS amounts,
                    (array_agg(bank_detail_id ORDER BY id DESC))[1] AS bank_detail_id, (array_agg(destination ORDER BY id DESC))[1] AS destination
             FROM (SELECT * FROM payout_line WHERE referrer_id = wanted.id AND run_id <> $2 AND state IN ('sent', 'settled')
                   ORDER BY id DESC LIMIT $3) one
           ) past""",
        list(referrer_ids), run_id, LATEST,
    )  # fmt: skip
    return {
        row["id"]: Past(tuple(row["amounts"]), row["bank_detail_id"], row["destination"] or "")
        for row in found
    }


# Does it all agree


async def told_otherwise(invoice_ids: Sequence[int]) -> tuple[int, int, int]:
    """Cents: the commissions on these papers (what was taken back counts negative); HT and VAT in the ledger (account 401)."""
    found = await db.row(
        """SELECT coalesce(-sum(line.amount) FILTER (WHERE account.role IN ('invoiced', 'owes')), 0)::bigint AS net,
                  coalesce(-sum(line.amount) FILTER (WHERE account.role IN ('vat_invoiced', 'vat_owes')), 0)::bigint AS vat,
                  (SELECT coalesce(sum(CASE turn % 2 WHEN 1 THEN earning.amount ELSE -earning.amount END), 0)::bigint
                   FROM invoice_line JOIN earning ON earning.id = earning_id WHERE invoice_id = ANY ($1::bigint[])) AS commissions
           FROM ledger_entry entry JOIN ledger_line line ON line.entry_id = entry.id
           JOIN ledger_account account ON account.id = line.account_id
           WHERE entry.subject_kind = 'invoice' AND entry.subject_id = ANY ($1::bigint[])
             AND entry.kind IN ('invoice_issued', 'credit_note_issued')""",
        list(invoice_ids),
    )
    assert found is not None
    return found["commissions"], found["net"], found["vat"]


# Lists

RUN_SORTS = {"number": "number", "day": "executes_on", "amount": "total_cents"}
LINE_SORTS = {"day": "executes_on", "amount": "total_cents"}


async def runs_page(listing: Listing) -> Listing:
    return await listing.fetch(
        f"SELECT * FROM ({RUN} {RUN_GROUPS}) run WHERE true",
        sorts=RUN_SORTS, where={"q": "number ILIKE {}", "etat": "state = {}"}, then="id DESC",
    )  # fmt: skip


async def lines_page(person: Person, listing: Listing) -> Listing:
    """A referrer's own transfers."""
    return await listing.fetch(
        f"SELECT * FROM ({LINE}) line WHERE referrer_id = ANY ((SELECT ids_of($1))::bigint[]) AND state = ANY ($2::text[])",
        person.referrer_id, list(VISIBLE), sorts=LINE_SORTS, where={"etat": "state = {}"}, then="id DESC",
    )  # fmt: skip
