"""Money that came in, read from an export of a bank account, from its camt.053 or from the FEC of the accounting. Pure.

Of a FEC only what clients paid counts: credits of accounts 411 in an entry that also moves a bank or a till (class 5).
Of a camt what came back of a transfer of ours is no payment of a client."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from portal.kit.bank_xml import looks_like_xml
from portal.kit.camt import Movement, read_camt
from portal.kit.cells import parse_amount, parse_date, plain_words
from portal.kit.invalid import Invalid
from portal.kit.money import Cents
from portal.kit.sheets import Sheet, Table, read_tables, titled

MOST_LINES = 20  # above the titles, a bank says whose account it is
TITLES = {  # field → titles as banks and accountants write them
    "day": ("date", "date operation", "date d operation", "date comptable", "date valeur", "date de valeur", "ecrituredate", "date ecriture"),
    "label": ("libelle", "libelle operation", "libelle de l operation", "communication", "motif", "detail", "details", "ecriturelib", "libelle ecriture"),
    "credit": ("credit", "montant credit", "credit euros", "credit eur", "entree"),
    "amount": ("montant", "montant eur", "montant euros", "montant en euros", "montant de l operation"),
    "payer": ("tiers", "donneur d ordre", "emetteur", "nom", "contrepartie", "client", "nom du tiers", "compauxlib", "debiteur"),
    "account": ("iban", "compte du tiers", "iban du tiers", "iban emetteur", "iban contrepartie"),
    "ref": ("reference", "ref", "reference operation", "id", "n operation", "numero d operation", "reference bancaire"),
    "invoice": ("facture", "n facture", "numero de facture", "pieceref"),
    "currency": ("devise", "monnaie", "idevise"),
    "code": ("comptenum", "compte num", "n compte"),
    "journal": ("journalcode", "code journal"),
    "entry": ("ecriturenum", "n ecriture"),
}  # fmt: skip
_BY_TITLE = {title: field for field, titles in TITLES.items() for title in titles}
EURO = {"", "eur", "euro", "euros"}
_IBAN = re.compile(r"\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,4})?\b")


@dataclass(frozen=True, slots=True)
class Money:
    """One amount that came in, with tax. `external_id`: the same line of the same file is the same money."""

    line: int
    paid_on: date
    total_cents: Cents
    label: str
    payer: str
    account_end: str
    invoice_number: str
    external_id: str


@dataclass(frozen=True, slots=True)
class Statement:
    """`faults`: line and code of what cannot be read; the rest is taken. `left_out`: what went out, or is no client's."""

    money: tuple[Money, ...]
    faults: tuple[tuple[int, str], ...]
    left_out: int


def read_statement(data: bytes, iban: str = "") -> Statement:
    """Of a camt only the statements of this account count, where one is given. Raises Invalid."""
    return _of_camt(data, iban) if looks_like_xml(data) else _of_sheet(data)


def _of_camt(data: bytes, iban: str) -> Statement:
    stated = [one for one in read_camt(data).statements if not iban or one.iban == iban]
    moved = list(enumerate((movement for one in stated for movement in one.movements), 1))
    came_in = [(line, one) for line, one in moved if one.is_credit and not one.is_return]
    euros = [(line, one) for line, one in came_in if one.currency.lower() in EURO]
    faults = [(line, "other_currency") for line, one in came_in if one.currency.lower() not in EURO]
    money = tuple(_told(line, one) for line, one in euros)
    return Statement(money, tuple(faults), len(moved) - len(came_in))


def _told(line: int, one: Movement) -> Money:
    words = " ".join(word for word in (one.label, one.end_to_end_id) if word)
    return Money(
        line, one.booked_on, one.amount_cents, words[:300], one.name, one.iban[-4:], "", f"releve/{one.external_id[:24]}"
    )  # fmt: skip


def _of_sheet(data: bytes) -> Statement:
    """Raises Invalid where no line of titles with a date, words and an amount is found."""
    sheet, places = _titled(read_tables(data))
    chosen = _of_clients if {"code", "entry"} <= places.keys() else _all
    lines = [(line.number, _row(line.cells, places)) for line in sheet.lines]
    kept = list(chosen(lines))
    money, faults = [], []
    seen: Counter[tuple[object, ...]] = Counter()
    for number, row in kept:
        try:
            if one := _money(number, row, seen):
                money.append(one)
        except Invalid as wrong:
            faults.append((number, wrong.code))
    return Statement(tuple(money), tuple(faults), len(lines) - len(money) - len(faults))


def _titled(tables: Sequence[Table]) -> tuple[Sheet, Mapping[str, int]]:
    for which, table in enumerate(tables):
        for place in range(min(len(table.lines), MOST_LINES)):
            sheet = titled(tables, which, place)
            places = _places(sheet.titles)
            if {"day", "label"} <= places.keys() and places.keys() & {"credit", "amount"}:
                return sheet, places
    raise Invalid("statement_titles")


def _places(titles: Sequence[str]) -> dict[str, int]:
    """The first column of each name."""
    found: dict[str, int] = {}
    for place, title in enumerate(titles):
        if field := _BY_TITLE.get(plain_words(title)):
            found.setdefault(field, place)
    return found


Row = Mapping[str, str]
Lines = Sequence[tuple[int, Row]]


def _row(cells: Sequence[str], places: Mapping[str, int]) -> Row:
    return {field: cells[place].strip() for field, place in places.items()}


def _all(lines: Lines) -> Iterator[tuple[int, Row]]:
    yield from lines


def _of_clients(lines: Lines) -> Iterator[tuple[int, Row]]:
    """FEC: what the bank received from clients."""
    banked = {_entry(row) for _, row in lines if row["code"].startswith("5")}
    for number, row in lines:
        if row["code"].startswith("411") and _entry(row) in banked:
            yield number, row


def _entry(row: Row) -> tuple[str, str]:
    return row.get("journal", ""), row["entry"]


def _money(number: int, row: Row, seen: Counter[tuple[object, ...]]) -> Money | None:
    """None: nothing came in by this line."""
    cents = _came_in(row)
    if cents is None:
        return None
    if row.get("currency", "").lower() not in EURO:
        raise Invalid("other_currency")
    day = parse_date(row["day"])
    told = (
        day,
        cents,
        plain_words(row["label"]),
        plain_words(row.get("payer", "")),
        row.get("ref", ""),
        row.get("entry", ""),
    )
    seen[told] += 1
    digest = hashlib.sha256(repr((told, seen[told])).encode()).hexdigest()[:24]
    return Money(
        number, day, cents, row["label"][:300], row.get("payer", "")[:200], _account_end(row), row.get("invoice", "")[:60],
        f"releve/{digest}",
    )  # fmt: skip


def _came_in(row: Row) -> Cents | None:
    """A credit, or an amount above zero."""
    typed = row.get("credit") or (row.get("amount", "") if "credit" not in row else "")
    if not typed:
        return None
    cents = parse_amount(typed)
    return cents if cents > 0 else None


def _account_end(row: Row) -> str:
    """The last four of the payer's IBAN, from its column or from the words."""
    found = _IBAN.search(f"{row.get('account', '')} {row['label']}".upper())
    return found[0].replace(" ", "")[-4:] if found else ""
