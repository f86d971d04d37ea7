"""The only door to the accounting entries: the ledger of a period with its accounts, papers, letters, axes and numbers."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from portal.books.journal.auxiliaries import auxiliaries_of
from portal.books.journal.choices import Choices, choices_and_figures
from portal.books.journal.rules import (
    Booked,
    Chart,
    Fact,
    Journal,
    JournalEntry,
    Moved,
    Part,
    in_order,
    told,
    year_of,
)
from portal.kit import db
from portal.kit.days import day_of
from portal.payouts.set_offs import letter_of
from portal.referrers.access import NAME

LEDGER = """
SELECT entry.id, coalesce(undone.kind, entry.kind) AS kind, entry.kind = 'reversal' AS undoes, entry.occurred_on,
       entry.recorded_at, entry.subject_kind, entry.subject_id, given.number,
       EXISTS (SELECT FROM journal_exported WHERE ledger_entry_id = entry.id) AS gone, booked.lines
FROM ledger_entry entry
CROSS JOIN LATERAL (
  SELECT jsonb_agg(jsonb_build_array(account.role, account.referrer_id, line.amount) ORDER BY line.position) AS lines
  FROM ledger_line line JOIN ledger_account account ON account.id = line.account_id
  WHERE line.entry_id = entry.id AND line.unit = 'EUR_CENT' AND account.legal_entity_id = $1
) booked
LEFT JOIN ledger_entry undone ON undone.id = entry.reverses_id
LEFT JOIN journal_number given ON given.ledger_entry_id = entry.id
WHERE entry.occurred_on BETWEEN $2 AND $3 AND booked.lines IS NOT NULL ORDER BY entry.occurred_on, entry.id
"""
# What entries are about. A paper and the transfer that paid it share the letter of the transfer, once it has arrived.
ABOUT = f"""
SELECT 'invoice' AS subject, invoice.id, invoice.number AS piece, invoice.issued_on AS day, invoice.kind, {NAME} AS who,
       paid.line_id, paid.settled_on, '/factures/' || invoice.ref AS href
FROM invoice JOIN referrer ON referrer.id = invoice.referrer_id
LEFT JOIN LATERAL (
  SELECT line.id AS line_id, coalesce(line.settled_on, run.settled_on) AS settled_on
  FROM payout_invoice part JOIN payout_line line ON line.id = part.line_id JOIN payout_run run ON run.id = line.run_id
  WHERE part.invoice_id = invoice.id AND NOT part.released AND line.state = 'settled' AND line.referrer_id = invoice.referrer_id
) paid ON true
WHERE invoice.id = ANY ($1::bigint[])
UNION ALL
SELECT 'payout_line', line.id, run.number, NULL, '', {NAME}, CASE line.state WHEN 'settled' THEN line.id END,
       coalesce(line.settled_on, run.settled_on), '/virements/' || run.ref
FROM payout_line line JOIN payout_run run ON run.id = line.run_id JOIN referrer ON referrer.id = line.referrer_id
WHERE line.id = ANY ($2::bigint[])
UNION ALL
SELECT 'earning', earning.id, earning.ref, NULL, '', {NAME}, NULL, NULL, '/commissions/' || earning.ref
FROM earning JOIN referrer ON referrer.id = earning.referrer_id WHERE earning.id = ANY ($3::bigint[])
UNION ALL
SELECT 'gift', gift.id, gift.ref, gift.given_on, '', coalesce(outsider.name, {NAME}, ''), NULL, NULL, '/fiscalite/cadeaux/' || gift.ref
FROM gift LEFT JOIN referrer ON referrer.id = gift.referrer_id LEFT JOIN gift_outsider outsider ON outsider.id = gift.outsider_id
WHERE gift.id = ANY ($4::bigint[])
UNION ALL
SELECT 'points_provision', provision.id, provision.ref, provision.on_day, '', '', NULL, NULL, '/comptabilite/points/' || provision.ref
FROM points_provision provision WHERE provision.id = ANY ($5::bigint[])
UNION ALL
SELECT 'third_party_sum', counted.id, counted.ref, counted.on_day, '', {NAME}, NULL, NULL,
       '/apporteurs/' || referrer.ref || '/fiscalite/' || counted.year || '/salarie'
FROM third_party_sum counted JOIN referrer ON referrer.id = counted.referrer_id WHERE counted.id = ANY ($6::bigint[])
"""
SUBJECTS = ("invoice", "payout_line", "earning", "gift", "points_provision", "third_party_sum")
"""In the order of what is asked above."""
# Where commissions belong: of a deal with products of several categories, the largest tells.
PARTS = """
SELECT about.subject, about.subject_id, about.cents, programme.name AS programme, coalesce(sold.category, '') AS category,
       coalesce(territory.name, '') AS territory, coalesce(sales.name, '') AS sales
FROM (
  SELECT 'earning' AS subject, id AS subject_id, id AS earning_id, amount AS cents FROM earning WHERE id = ANY ($2::bigint[])
  UNION ALL
  SELECT 'invoice', invoice_id, earning_id, net_cents FROM invoice_line WHERE invoice_id = ANY ($1::bigint[])
) about
JOIN earning ON earning.id = about.earning_id
JOIN referrer ON referrer.id = earning.referrer_id
JOIN contract ON contract.id = earning.contract_id JOIN programme ON programme.id = contract.programme_id
LEFT JOIN deal ON deal.id = earning.deal_id
LEFT JOIN lead ON lead.id = coalesce(earning.lead_id, deal.lead_id)
LEFT JOIN app_user sales ON sales.id = lead.sales_user_id
LEFT JOIN territory ON territory.id = territory_of(referrer.postcode, referrer.country)
LEFT JOIN LATERAL (
  SELECT product.category FROM deal_line JOIN product ON product.id = deal_line.product_id
  WHERE deal_line.deal_id = deal.id GROUP BY product.category ORDER BY sum(deal_line.net_cents) DESC, product.category LIMIT 1
) sold ON true
"""
LAST = """
SELECT journal, year, max(number) AS number FROM journal_number
WHERE legal_entity_id = $1 AND year = ANY ($2::text[]) GROUP BY journal, year
"""
LABELS = {
    "barter_bought": "Facture réglée par échange",
    "barter_sold": "Vente par échange",
    "commission_earned": "Commission acquise",
    "commission_taken_back": "Commission reprise",
    "contribution_due": "Contribution sur commission",
    "credit_note_issued": "Avoir",
    "gift_vat": "TVA sur cadeau",
    "goods_sold": "Achat vendu par échange",
    "hold_released": "Commission confirmée",
    "invoice_issued": "Facture",
    "payout_returned": "Virement revenu",
    "points_provided": "Provision pour points",
    "payout_sent": "Virement envoyé",
    "payout_settled": "Virement",
    "referrer_merged": "Fiches regroupées",
    "reward_given": "Récompense remise",
    "vat_self_assessed": "TVA autoliquidée",
    "written_off": "Créance abandonnée",
}
RECEIPT = "Bordereau"
LETTERED = frozenset({"invoice_issued", "credit_note_issued", "payout_settled"})
UNTOLD = Fact("", date.min, "")  # of what lies before the period: only its number counts


async def entries_between(entity: db.Row, first: date, last: date) -> list[JournalEntry]:
    """In order of day, journal and number. What no export has numbered yet has the number that it would get now: the
    whole financial year up to `last` is told, so that each month begins where the one before will have ended."""
    chosen, figures = await choices_and_figures()
    rows = await db.rows(LEDGER, entity["id"], year_of(first, chosen.last_month).first, last)
    chart = Chart(figures, await auxiliaries_of(_referrers(rows)))
    facts = await _facts([row for row in rows if row["occurred_on"] >= first], chosen)
    found = [entry for row in rows if (entry := told(_booked(row), facts.get(row["id"], UNTOLD), chart))]
    numbered = await _numbered(entity["id"], found, chosen)
    return in_order(entry for entry in numbered if entry.on >= first)


def _referrers(rows: Iterable[db.Row]) -> list[int]:
    return sorted({line[1] for row in rows for line in row["lines"] if line[1]})


def _booked(row: db.Row) -> Booked:
    lines = tuple(Moved(*line) for line in row["lines"])
    recorded_on = day_of(row["recorded_at"])
    return Booked(
        row["id"], row["kind"], row["occurred_on"], recorded_on, lines, row["number"] or 0, row["gone"]
    )


# What an entry is about

Subject = tuple[str, int]


async def _facts(rows: Sequence[db.Row], chosen: Choices) -> dict[int, Fact]:
    subjects: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        subjects[row["subject_kind"]].add(row["subject_id"])
    ids = {kind: sorted(subjects[kind]) for kind in SUBJECTS}
    invoices, earnings = ids["invoice"], ids["earning"]
    found = await db.rows(ABOUT, *ids.values())
    about = {(thing["subject"], thing["id"]): thing for thing in found}
    parts = await _parts(invoices, earnings, chosen)
    return {row["id"]: _fact(row, about.get(_subject(row)), parts.get(_subject(row), ())) for row in rows}


def _subject(row: db.Row) -> Subject:
    return row["subject_kind"], row["subject_id"]


async def _parts(
    invoices: Sequence[int], earnings: Sequence[int], chosen: Choices
) -> Mapping[Subject, Sequence[Part]]:
    if not chosen.axes:
        return {}
    found: dict[Subject, list[Part]] = defaultdict(list)
    for row in await db.rows(PARTS, list(invoices), list(earnings)):
        place = tuple(row[axis] for axis in chosen.axes)
        found[row["subject"], row["subject_id"]].append(Part(row["cents"], place))
    return found


def _fact(row: db.Row, about: db.Row | None, parts: Sequence[Part]) -> Fact:
    """A subject without words of its own is named by what it is."""
    if about is None:
        piece = f"{row['subject_kind'].upper()}-{row['subject_id']}"
        return Fact(piece, row["occurred_on"], _label(row, "", piece, ""), parts=tuple(parts))
    lettered = about["line_id"] if row["kind"] in LETTERED and not row["undoes"] else None
    return Fact(
        piece=about["piece"], piece_on=about["day"] or row["occurred_on"],
        label=_label(row, about["kind"], about["piece"], about["who"]), parts=tuple(parts),
        href=about["href"], letter=letter_of(lettered) if lettered else "", lettered_on=about["settled_on"] if lettered else None,
    )  # fmt: skip


def _label(row: db.Row, kind: str, piece: str, who: str) -> str:
    known = LABELS.get(row["kind"], row["kind"].replace("_", " ").capitalize())
    label = RECEIPT if kind == "receipt" and row["kind"] == "invoice_issued" else known
    undone = "Annulation : " if row["undoes"] else ""
    return undone + " ".join(filter(None, (label, piece, who)))


# Numbers


async def _numbered(entity_id: int, entries: Sequence[JournalEntry], chosen: Choices) -> list[JournalEntry]:
    """Those that have one keep it; the others go on from the last of their journal and year, in order of day."""
    years = sorted({year_of(entry.on, chosen.last_month).name for entry in entries})
    next_of = {(journal.value, year): 1 for journal in Journal for year in years}
    for row in await db.rows(LAST, entity_id, years):
        next_of[row["journal"], row["year"]] = row["number"] + 1
    return [entry if entry.number else _with_number(entry, next_of, chosen) for entry in entries]


def _with_number(entry: JournalEntry, next_of: dict[tuple[str, str], int], chosen: Choices) -> JournalEntry:
    series = (entry.journal.value, year_of(entry.on, chosen.last_month).name)
    next_of[series] += 1
    return replace(entry, number=next_of[series] - 1)
