"""The FEC: fichier des écritures comptables, LPF art. A47 A-1, VII-1°.

Eighteen fields in this order, named by the first line; separated by tabulators, lines by CR LF; ISO 8859-15; days as
AAAAMMJJ, amounts with a decimal comma and no thousands separator. Named SIRENFECAAAAMMJJ.txt by the last day.
It tells the commissions alone: opening balances belong to the company's own books."""

from collections.abc import Iterable, Iterator
from datetime import date

from portal.books.journal.rules import JOURNAL_NAMES, JournalEntry, JournalLine
from portal.books.journal.words import Words
from portal.kit.money import Cents

FIELDS = (
    "JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib", "CompAuxNum", "CompAuxLib",
    "PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit", "EcritureLet", "DateLet", "ValidDate", "Montantdevise",
    "Idevise",
)  # fmt: skip
ENCODING = "iso8859-15"


def write(entries: Iterable[JournalEntry], words: Words) -> bytes:
    lines = ["\t".join(FIELDS), *("\t".join(_clean(cell) for cell in row) for row in rows(entries, words))]
    return "".join(f"{line}\r\n" for line in lines).encode(ENCODING, "replace")


def rows(entries: Iterable[JournalEntry], words: Words) -> Iterator[tuple[str, ...]]:
    for entry in entries:
        for line in entry.lines:
            yield _row(entry, line, words)


def _row(entry: JournalEntry, line: JournalLine, words: Words) -> tuple[str, ...]:
    fact, auxiliary = entry.fact, line.auxiliary
    lettered = fact.letter if auxiliary else ""
    return (
        words.code_of(entry.journal), JOURNAL_NAMES[entry.journal], str(entry.number), day(entry.on),
        line.account.number, line.account.name, auxiliary.code if auxiliary else "", auxiliary.name if auxiliary else "",
        fact.piece, day(fact.piece_on), fact.label, amount(line.debit), amount(line.credit),
        lettered, day(fact.lettered_on) if lettered and fact.lettered_on else "", day(entry.recorded_on), "", "",
    )  # fmt: skip


def day(on: date) -> str:
    return f"{on:%Y%m%d}"


def amount(cents: Cents) -> str:
    return f"{cents // 100},{cents % 100:02}"


def _clean(cell: str) -> str:
    """What separates cells and lines has no place in one."""
    return " ".join(cell.replace("|", "/").split())
