"""Journals as tables: our own CSV, and the one that Pennylane takes.

Ours: semicolons, decimal comma, UTF-8 with its mark, one row a line of an entry, one column an axis; every office reads it.

Pennylane (help.pennylane.com, imports d'écritures: CSV ou Excel, colonnes à faire correspondre, une ligne par ligne
d'écriture, les lignes d'une pièce réunies par leur numéro; read 22 November 2026). Non vérifié en réel: its template
stands behind a sign-in. Its import of a FEC is documented too: where in doubt the FEC is the safe way."""

from collections.abc import Iterable

from portal.books.journal.rules import JOURNAL_NAMES, JournalEntry, JournalLine
from portal.books.journal.words import Words
from portal.kit.sheets import Cell, csv_bytes, euros

GENERIC = (
    "Journal", "Nom du journal", "Numéro", "Date", "Compte", "Nom du compte", "Compte auxiliaire", "Nom du tiers", "Pièce",
    "Date de la pièce", "Libellé", "Débit", "Crédit", "Lettrage", "Date de lettrage", "Validée le",
)  # fmt: skip
PENNYLANE = (
    "Date", "Code journal", "Numéro de compte", "Libellé du compte", "Libellé de la ligne", "Numéro de pièce",
    "Identifiant de l'écriture", "Débit", "Crédit",
)  # fmt: skip


def generic(entries: Iterable[JournalEntry], words: Words) -> bytes:
    rows = [_generic(entry, line, words) for entry in entries for line in entry.lines]
    return csv_bytes([[*GENERIC, *words.axis_names], *rows])


def _generic(entry: JournalEntry, line: JournalLine, words: Words) -> list[Cell]:
    fact, auxiliary = entry.fact, line.auxiliary
    lettered = fact.letter if auxiliary else ""
    return [
        words.code_of(entry.journal), JOURNAL_NAMES[entry.journal], entry.number, entry.on, line.account.number,
        line.account.name, auxiliary.code if auxiliary else "", auxiliary.name if auxiliary else "", fact.piece,
        fact.piece_on, fact.label, euros(line.debit), euros(line.credit), lettered,
        fact.lettered_on if lettered else None, entry.recorded_on, *_axes(line, words),
    ]  # fmt: skip


def pennylane(entries: Iterable[JournalEntry], words: Words) -> bytes:
    rows = [_pennylane(entry, line, words) for entry in entries for line in entry.lines]
    families = [f"Catégorie analytique : {name}" for name in words.axis_names]
    return csv_bytes([[*PENNYLANE, *families], *rows])


def _pennylane(entry: JournalEntry, line: JournalLine, words: Words) -> list[Cell]:
    """An account of a supplier is one account there: 401 and what follows."""
    code = words.code_of(entry.journal)
    account = f"{line.account.number}{line.auxiliary.code}" if line.auxiliary else line.account.number
    name = line.auxiliary.name if line.auxiliary else line.account.name
    return [
        entry.on, code, account, name, entry.fact.label, entry.fact.piece, f"{code}-{entry.number}",
        euros(line.debit), euros(line.credit), *_axes(line, words),
    ]  # fmt: skip


def _axes(line: JournalLine, words: Words) -> list[Cell]:
    return list(line.axes or [""] * len(words.axes))
