"""The only door to the accounting entries: the ledger of a period with its accounts, papers, letters, axes and numbers."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from portal.books.journal.auxiliaries import auxiliaries_of
from portal.books.journal.choices import Choices, choices
from portal.books.journal.rules import (
    Booked,
    Chart,
    Fact,
    Journal,
    JournalEntry,
    Moved,
    Part,
    in_order,
    letter_of,
    told,
    year_of,
)
from portal.company import access as company
from portal.kit import db
from portal.kit.days import day_of
from portal.referrers.access import NAME

LEDGER = """
SELECT entry.id, coalesce(undone.kind, entry.kind) AS kind, entry.kind = 'reversal' AS undoes, entry.occurred_on,
       entry.recorded_at, entry.subject_kind, entry.subject_id, entry.reason,
       jsonb_agg(jsonb_build_array(account.role, account.referrer_id, line.amount) ORDER BY line.position) AS lines
FROM ledger_entry entry
JOIN ledger_line line ON line.entry_id = entry.id AND line.unit = 'EUR_CENT'
JOIN ledger_account account ON account.id = line.account_id
LEFT JOIN ledger_entry undone ON undone.id = entry.reverses_id
WHERE account.legal_entity_id = $1 AND entry.occurred_on BETWEEN $2 AND $3
GROUP BY entry.id, undone.kind ORDER BY entry.occurred_on, entry.id
"""
# A paper and the transfer that paid it share a letter on the referrer's account, once the transfer has arrived.
LETTERS = """
SELECT line.id AS line_id, part.invoice_id, run.settled_on,
       dense_rank() OVER (PARTITION BY line.referrer_id ORDER BY line.id) AS place
FROM payout_line line JOIN payout_run run ON run.id = line.run_id
JOIN payout_invoice part ON part.line_id = line.id AND NOT part.released
WHERE line.state = 'settled' AND line.referrer_id = ANY ($1::bigint[])
"""
PAPERS = f"""
SELECT invoice.id, invoice.number, invoice.kind, invoice.issued_on, {NAME} AS who
FROM invoice JOIN referrer ON referrer.id = invoice.referrer_id WHERE invoice.id = ANY ($1::bigint[])
"""
TRANSFERS = f"""
SELECT line.id, run.number, {NAME} AS who
FROM payout_line line JOIN payout_run run ON run.id = line.run_id JOIN referrer ON referrer.id = line.referrer_id
WHERE line.id = ANY ($1::bigint[])
"""
# Of a deal with products of several categories, the largest tells where its commissions belong.
EARNINGS = f"""
SELECT earning.id, earning.ref, earning.amount, item.invoice_id, {NAME} AS who, programme.name AS programme,
       coalesce(sold.category, '') AS category, coalesce(territory.name, '') AS territory, coalesce(sales.name, '') AS sales
FROM earning
LEFT JOIN invoice_line item ON item.earning_id = earning.id
JOIN referrer ON referrer.id = earning.referrer_id
JOIN contract ON contract.id = earning.contract_id JOIN programme ON programme.id = contract.programme_id
LEFT JOIN deal ON deal.id = earning.deal_id
JOIN lead ON lead.id = coalesce(earning.lead_id, deal.lead_id)
LEFT JOIN app_user sales ON sales.id = lead.sales_user_id
LEFT JOIN territory ON territory.id = territory_of(referrer.postcode, referrer.country)
LEFT JOIN LATERAL (
  SELECT product.category FROM deal_line JOIN product ON product.id = deal_line.product_id
  WHERE deal_line.deal_id = deal.id GROUP BY product.category ORDER BY sum(deal_line.net_cents) DESC, product.category LIMIT 1
) sold ON true
WHERE earning.id = ANY ($1::bigint[]) OR item.invoice_id = ANY ($2::bigint[])
"""
NUMBERS = "SELECT ledger_entry_id, number FROM journal_number WHERE ledger_entry_id = ANY ($1::bigint[])"
LAST = """
SELECT journal, max(number) AS number FROM journal_number
WHERE legal_entity_id = $1 AND year = $2 GROUP BY journal
"""
LABELS = {
    "commission_earned": "Commission acquise",
    "commission_taken_back": "Commission reprise",
    "contribution_due": "Contribution sur commission",
    "credit_note_issued": "Avoir",
    "hold_released": "Commission confirmée",
    "invoice_issued": "Facture",
    "payout_returned": "Virement revenu",
    "payout_sent": "Virement envoyé",
    "payout_settled": "Virement",
    "referrer_merged": "Fiches regroupées",
    "written_off": "Créance abandonnée",
}
PAPER_LABELS = {"receipt": "Bordereau", "credit_note": "Avoir", "own_credit_note": "Avoir"}


async def entries_between(entity: db.Row, first: date, last: date) -> list[JournalEntry]:
    """In order of day, journal and number. What no export has numbered yet has the number that it would get now: the
    whole financial year up to `last` is told, so that each month begins where the one before will have ended."""
    chosen = await choices()
    rows = await db.rows(LEDGER, entity["id"], year_of(first, chosen.last_month).first, last)
    chart = Chart(await company.figures(), await auxiliaries_of(_referrers(rows)))
    facts = await _facts([row for row in rows if row["occurred_on"] >= first], chosen)
    found = [entry for row in rows if (entry := told(_booked(row), facts.get(row["id"], UNTOLD), chart))]
    numbered = await _numbered(entity["id"], found, chosen)
    return in_order(entry for entry in numbered if entry.on >= first)


def _referrers(rows: Iterable[db.Row]) -> list[int]:
    return sorted({line[1] for row in rows for line in row["lines"] if line[1]})


def _booked(row: db.Row) -> Booked:
    lines = tuple(Moved(*line) for line in row["lines"])
    return Booked(row["id"], row["kind"], row["occurred_on"], day_of(row["recorded_at"]), lines)


# What an entry is about


async def _facts(rows: Sequence[db.Row], chosen: Choices) -> dict[int, Fact]:
    subjects = _subjects(rows)
    invoices, lines = subjects["invoice"], subjects["payout_line"]
    papers = await _by_id(PAPERS, invoices)
    transfers = await _by_id(TRANSFERS, lines)
    earnings = await db.rows(EARNINGS, subjects["earning"], invoices)
    letters = await _letters(_referrers(rows))
    about = {"invoice": papers, "payout_line": transfers, "earning": {row["id"]: row for row in earnings}}
    parts = _parts(earnings, chosen)
    return {row["id"]: _fact(row, about, letters, parts) for row in rows}


def _subjects(rows: Iterable[db.Row]) -> Mapping[str, list[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        found[row["subject_kind"]].add(row["subject_id"])
    return defaultdict(list, {kind: sorted(ids) for kind, ids in found.items()})


async def _by_id(sql: str, ids: Sequence[int]) -> dict[int, db.Row]:
    return {row["id"]: row for row in await db.rows(sql, list(ids))} if ids else {}


UNTOLD = Fact("", date.min, "")  # of what lies before the period: only its number counts
Letters = Mapping[tuple[str, int], tuple[str, date]]
Parts = Mapping[tuple[str, int], tuple[Part, ...]]


async def _letters(referrer_ids: Sequence[int]) -> Letters:
    """By what an entry is about: ('invoice', 7) and ('payout_line', 9) have the same."""
    found: dict[tuple[str, int], tuple[str, date]] = {}
    for row in await db.rows(LETTERS, list(referrer_ids)):
        lettered = (letter_of(row["place"]), row["settled_on"])
        found["payout_line", row["line_id"]] = found["invoice", row["invoice_id"]] = lettered
    return found


def _parts(earnings: Iterable[db.Row], chosen: Choices) -> Parts:
    found: dict[tuple[str, int], list[Part]] = defaultdict(list)
    for row in earnings:
        part = Part(row["amount"], tuple(row[axis] for axis in chosen.axes))
        found["earning", row["id"]].append(part)
        if row["invoice_id"]:
            found["invoice", row["invoice_id"]].append(part)
    return {key: tuple(parts) for key, parts in found.items()} if chosen.axes else {}


def _fact(row: db.Row, about: Mapping[str, Mapping[int, Any]], letters: Letters, parts: Parts) -> Fact:
    subject = (row["subject_kind"], row["subject_id"])
    thing = about.get(subject[0], {}).get(subject[1])
    letter, lettered_on = letters.get(subject, ("", None)) if row["kind"] in LETTERED else ("", None)
    return Fact(
        piece=_piece(thing, row), piece_on=_piece_on(thing, row), label=_label(thing, row),
        letter=letter, lettered_on=lettered_on, parts=parts.get(subject, ()),
    )  # fmt: skip


LETTERED = frozenset({"invoice_issued", "credit_note_issued", "payout_settled"})


def _piece(thing: Any, row: db.Row) -> str:
    if thing is None:
        return f"{row['subject_kind'].upper()}-{row['subject_id']}"
    return thing["number"] if "number" in thing.keys() else thing["ref"]  # noqa: SIM118 a Record


def _piece_on(thing: Any, row: db.Row) -> date:
    is_paper = row["subject_kind"] == "invoice" and thing is not None
    return thing["issued_on"] if is_paper else row["occurred_on"]


def _label(thing: Any, row: db.Row) -> str:
    label = LABELS.get(row["kind"], row["kind"].replace("_", " ").capitalize())
    if row["subject_kind"] == "invoice" and thing is not None and row["kind"] == "invoice_issued":
        label = PAPER_LABELS.get(thing["kind"], label)
    undone = "Annulation : " if row["undoes"] else ""
    return undone + " ".join(filter(None, (label, _piece(thing, row), thing and thing["who"])))


# Numbers


async def _numbered(entity_id: int, entries: Sequence[JournalEntry], chosen: Choices) -> list[JournalEntry]:
    """Those that have one keep it; the others go on from the last of their journal and year, in order of day."""
    known = dict([tuple(row) for row in await db.rows(NUMBERS, [entry.ledger_id for entry in entries])])
    next_of: dict[tuple[Journal, str], int] = {}
    for year in {year_of(entry.on, chosen.last_month).name for entry in entries}:
        last = {row["journal"]: row["number"] for row in await db.rows(LAST, entity_id, year)}
        next_of |= {(journal, year): last.get(journal, 0) + 1 for journal in Journal}
    return [_with_number(entry, known, next_of, chosen) for entry in entries]


def _with_number(
    entry: JournalEntry, known: Mapping[int, int], next_of: dict[tuple[Journal, str], int], chosen: Choices
) -> JournalEntry:
    if entry.ledger_id in known:
        return replace(entry, number=known[entry.ledger_id])
    series = (entry.journal, year_of(entry.on, chosen.last_month).name)
    next_of[series] += 1
    return replace(entry, number=next_of[series] - 1)
