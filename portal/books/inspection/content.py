"""What stands in the folder of one referrer: tables and files, by name."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from portal.books.journal.auxiliaries import auxiliaries_of
from portal.books.journal.exporting import words_of
from portal.books.journal.rules import JournalEntry
from portal.books.journal.sheets import generic
from portal.invoicing.access import SHOWN
from portal.kit import db, files
from portal.kit.sheets import Cell, csv_bytes, euros
from portal.referrers.access import NAME

CONTRACTS = """
SELECT number, state, starts_on, ends_on, on_paper, signed_at, pdf_file, proof_file, paper_file, encode(sha256, 'hex') AS sha256
FROM contract WHERE referrer_id = ANY ($1::bigint[]) AND state NOT IN ('drafted', 'withdrawn') AND $2::date <= $3::date ORDER BY id
"""
TABLES: dict[str, tuple[Sequence[str], str]] = {
    "recommandations.csv": (
        ("Reçue le", "Entreprise", "Origine", "État", "Priorité jusqu'au"),
        """SELECT recommended_on, company_name, source, state, priority_until FROM lead
           WHERE referrer_id = ANY ($1::bigint[]) AND recommended_on BETWEEN $2 AND $3 AND state <> 'draft' ORDER BY id""",
    ),
    "encaissements-clients.csv": (
        ("Encaissé le", "Client", "Affaire", "Nature", "HT"),
        """SELECT DISTINCT payment.paid_on, client.name, deal.title, payment.kind, payment.net_cents, payment.id FROM client_payment payment
           JOIN deal ON deal.id = payment.deal_id JOIN client ON client.id = deal.client_id
           JOIN earning ON earning.client_payment_id = payment.id
           WHERE earning.referrer_id = ANY ($1::bigint[]) AND earning.occurred_on BETWEEN $2 AND $3 ORDER BY payment.paid_on, payment.id""",
    ),
    "commissions.csv": (
        ("Gagnée le", "Référence", "Affaire", "Règle", "Base HT", "Commission HT", "Contrat"),
        """SELECT earning.occurred_on, earning.ref, coalesce(deal.title, lead.company_name), earning.rule, earning.base_cents, earning.amount, contract.number
           FROM earning JOIN contract ON contract.id = earning.contract_id LEFT JOIN deal ON deal.id = earning.deal_id
           LEFT JOIN lead ON lead.id = earning.lead_id
           WHERE earning.referrer_id = ANY ($1::bigint[]) AND earning.unit = 'EUR' AND earning.occurred_on BETWEEN $2 AND $3 ORDER BY earning.id""",
    ),
    "pieces.csv": (
        ("Numéro", "Type", "Émise le", "À payer avant le", "HT", "TVA", "TTC"),
        f"""SELECT number, kind, issued_on, due_on, {SHOWN} * net_cents, {SHOWN} * vat_cents, {SHOWN} * total_cents FROM invoice
           WHERE referrer_id = ANY ($1::bigint[]) AND issued_on BETWEEN $2 AND $3 ORDER BY id""",
    ),
    "virements.csv": (
        ("Arrivé le", "Règlement", "HT", "TVA", "Versé", "Fin du compte"),
        """SELECT coalesce(line.settled_on, run.settled_on) AS day, run.number, line.net_cents, line.vat_cents, line.total_cents, coalesce(bank.last4, '')
           FROM payout_line line JOIN payout_run run ON run.id = line.run_id LEFT JOIN bank_detail bank ON bank.id = line.bank_detail_id
           WHERE line.referrer_id = ANY ($1::bigint[]) AND line.state = 'settled' AND coalesce(line.settled_on, run.settled_on) BETWEEN $2 AND $3
           ORDER BY day, line.id""",
    ),
    "cadeaux.csv": (
        ("Remis le", "Objet", "Caractère", "Nature", "Prix TTC", "Emballage TTC", "Envoi TTC", "Coût TTC", "TVA déduite", "Motif"),
        """SELECT given_on, what, character, nature, price_cents, packaging_cents, shipping_cents, cost_cents,
                  coalesce((SELECT sum(cents) FROM gift_vat WHERE gift_id = gift.id), 0)::bigint, reason
           FROM gift WHERE referrer_id = ANY ($1::bigint[]) AND given_on BETWEEN $2 AND $3 ORDER BY given_on, id""",
    ),
    "justificatifs.csv": (
        ("Nature", "Reçu le", "Établi le", "Valable jusqu'au", "État", "Vérifié le"),
        """SELECT kind, (given_at AT TIME ZONE 'Europe/Paris')::date, issued_on, valid_until, state, (checked_at AT TIME ZONE 'Europe/Paris')::date
           FROM referrer_document WHERE referrer_id = ANY ($1::bigint[]) AND $2::date <= $3::date ORDER BY id""",
    ),
    "statuts.csv": (
        ("Depuis le", "Statut", "Régime de TVA"),
        """SELECT since, status, vat_regime FROM referrer_standing
           WHERE referrer_id = ANY ($1::bigint[]) AND $2::date <= $3::date ORDER BY since, id""",
    ),
    "das2.csv": (
        ("Année", "Versements", "HT", "TVA", "Versé TTC"),
        """SELECT extract(year FROM coalesce(line.settled_on, run.settled_on))::int AS year, count(*), sum(line.net_cents)::bigint,
                  sum(line.vat_cents)::bigint, sum(line.total_cents)::bigint
           FROM payout_line line JOIN payout_run run ON run.id = line.run_id
           WHERE line.referrer_id = ANY ($1::bigint[]) AND line.state = 'settled' AND coalesce(line.settled_on, run.settled_on) BETWEEN $2 AND $3
           GROUP BY 1 ORDER BY 1""",
    ),
    "das2-declare.csv": (
        ("Année", "Fichier", "Établi le", "Déposé le", "Numéro de dépôt", "Voie", "Commissions TTC", "Avantages en nature", "Retenue à la source"),
        """SELECT run.year, run.turn, (run.drawn_at AT TIME ZONE 'Europe/Paris')::date, filing.filed_on, filing.receipt, line.route,
                  line.commission_cents, line.benefit_cents, line.withheld_cents
           FROM das2_line line JOIN das2_run run ON run.id = line.run_id LEFT JOIN das2_filing filing ON filing.run_id = run.id
           WHERE line.referrer_id = ANY ($1::bigint[]) AND make_date(run.year, 12, 31) BETWEEN $2 AND $3 ORDER BY run.year, run.turn""",
    ),
}  # fmt: skip
CENTS = frozenset(
    {
        "HT",
        "TVA",
        "TTC",
        "Versé",
        "Versé TTC",
        "Base HT",
        "Commission HT",
        "Prix TTC",
        "Emballage TTC",
        "Envoi TTC",
        "Coût TTC",
        "TVA déduite",
        "Commissions TTC",
        "Avantages en nature",
        "Retenue à la source",
    }
)
FILES = """
SELECT file.*, 'pieces/' AS folder FROM stored_file file JOIN invoice ON file.subject_kind = 'invoice' AND file.subject_id = invoice.id
WHERE invoice.referrer_id = ANY ($1::bigint[]) AND invoice.issued_on BETWEEN $2 AND $3 AND file.erased_at IS NULL
UNION ALL
SELECT file.*, 'justificatifs/' FROM stored_file file JOIN referrer_document given ON given.file_id = file.id
WHERE given.referrer_id = ANY ($1::bigint[]) AND given.state <> 'replaced' AND given.kind <> 'identity' AND file.erased_at IS NULL
UNION ALL
SELECT file.*, 'contrats/' FROM stored_file file JOIN contract ON file.id IN (contract.pdf_file, contract.proof_file, contract.paper_file)
WHERE contract.referrer_id = ANY ($1::bigint[]) AND file.erased_at IS NULL
ORDER BY id
"""
XML = """
SELECT number, xml FROM invoice
WHERE referrer_id = ANY ($1::bigint[]) AND issued_on BETWEEN $2 AND $3 AND xml IS NOT NULL ORDER BY id
"""


@dataclass(frozen=True, slots=True)
class Whose:
    """A referrer with all the files that joined theirs."""

    ids: list[int]
    number: str
    name: str


async def whose(referrer_id: int) -> Whose:
    found = await db.row(
        f"SELECT number, {NAME} AS name, (SELECT ids_of($1))::bigint[] AS ids FROM referrer WHERE id = $1", referrer_id
    )  # fmt: skip
    assert found is not None
    return Whose(list(found["ids"]), found["number"], found["name"])


async def folder_of(
    one: Whose, entity: db.Row, first: date, last: date, entries: Sequence[JournalEntry]
) -> dict[str, bytes]:
    """Name → content. `entries` are those of the period, of everybody."""
    content = {name: await _table(name, one, first, last) for name in TABLES}
    content["contrats.csv"] = await _contracts(one, first, last)
    codes = {account.code for account in (await auxiliaries_of(one.ids)).values()}
    theirs = [entry for entry in entries if _concerns(entry, codes)]
    content["journal.csv"] = generic(theirs, await words_of(entity))
    for row in await db.rows(XML, one.ids, first, last):
        content[f"pieces/{_plain(row['number'])}.xml"] = bytes(row["xml"])
    for file in await db.rows(FILES, one.ids, first, last):
        content[_free(content, file["folder"] + _plain(file["name"]))] = await files.content(file)
    return content


def _concerns(entry: JournalEntry, codes: Collection[str]) -> bool:
    return any(line.auxiliary and line.auxiliary.code in codes for line in entry.lines)


async def _table(name: str, one: Whose, first: date, last: date) -> bytes:
    titles, sql = TABLES[name]
    rows = [
        [_cell(title, value) for title, value in zip(titles, tuple(row), strict=False)]
        for row in await db.rows(sql, one.ids, first, last)
    ]
    return csv_bytes([titles, *rows])


def _cell(title: str, value: Cell) -> Cell:
    return euros(value) if title in CENTS and isinstance(value, int) else value


async def _contracts(one: Whose, first: date, last: date) -> bytes:
    titles = ("Numéro", "État", "Du", "Au", "Signé le", "Sur papier", "Empreinte du texte signé")
    rows = [
        (row["number"], row["state"], row["starts_on"], row["ends_on"], row["signed_at"], row["on_paper"], row["sha256"])
        for row in await db.rows(CONTRACTS, one.ids, first, last)
    ]  # fmt: skip
    return csv_bytes([titles, *rows])


def _plain(name: str) -> str:
    """No name leads out of its folder."""
    return "".join(sign if sign.isalnum() or sign in "-_." else "-" for sign in name).lstrip(".") or "fichier"


def _free(taken: dict[str, bytes], name: str) -> str:
    """Two files of the same name stand beside each other."""
    stem, dot, ending = name.rpartition(".")
    place, free = 2, name
    while free in taken:
        free, place = f"{stem}-{place}{dot}{ending}", place + 1
    return free
