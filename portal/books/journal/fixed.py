"""Journals in columns of a fixed width: Sage 100 (PNM) and Cegid (TRA); and EBP, which separates by commas.

PNM: first line the company (30), then per line journal 3, day JJMMAA 6, kind of piece 2, account 13, kind of account 1
(blank general, X third party, A analytic), third party or section 13, reference 13, label 25, means of payment 1, day due
6, D or C 1, amount 20 with a point, N, piece 7. Source: openflyers.com/en/doc/Accounting-export-template-Sage, read 22
November 2026. ISO 8859-15, CR LF.

TRA: a head line, then lines of 222 signs: journal 3, day JJMMAAAA 8, kind of piece 2, account 17, kind of account 1,
third party or section 17, reference 35, label 35, means 3, day due 8, D or C 1, amount 20 with a comma, N, piece 8,
currency 3, rate 10, code of amount 3, two more amounts 20 each, site 3, axis 2, instalment 2. Sources: help.expensya.com
"Export Cegid Standard" and the public library PyCEGID, read 22 November 2026. Windows-1252, CR LF.

EBP: number, day JJMMAAAA, journal, account, empty, "label", "piece", amount with a point, D or C, day due, currency,
section. Source: openflyers.com "Accounting export template EBP" (it has no currency and no section: both stand last),
read 22 November 2026. Windows-1252, CR LF.

None of the three was read by the real product: non vérifié en réel."""

from collections.abc import Iterable, Iterator

from portal.books.journal.rules import Journal, JournalEntry, JournalLine
from portal.books.journal.words import Words, section
from portal.kit.money import Cents

ENCODINGS = {"sage": "iso8859-15", "cegid": "cp1252", "ebp": "cp1252"}
PIECE_KINDS = {Journal.PURCHASES: "FF", Journal.BANK: "RF", Journal.OTHERS: "OD"}
NEVER = "01011900"  # Cegid's way to say no day
AXES_OF_CEGID = 5


def sage(entries: Iterable[JournalEntry], words: Words) -> bytes:
    lines = [words.company[:30].ljust(30)]
    for entry, line in _each(entries):
        lines.append(_pnm(entry, line, words))
        if line.axes:  # the format knows one plan of sections
            lines.append(_pnm(entry, line, words, ("A", section(line.axes[0], 13))))
    return _bytes(lines, "sage")


def _pnm(entry: JournalEntry, line: JournalLine, words: Words, kind: tuple[str, str] | None = None) -> str:
    kind = kind or (("X", line.auxiliary.code) if line.auxiliary else ("", ""))
    return _columns(
        (words.code_of(entry.journal), 3), (f"{entry.on:%d%m%y}", 6), (PIECE_KINDS[entry.journal], 2),
        (line.account.number, 13), (kind[0], 1), (kind[1], 13), (entry.fact.piece, 13), (entry.fact.label, 25),
        ("", 1), ("", 6), (side(line), 1), (_euros(line, ".").rjust(20), 20), ("N", 1), (str(entry.number).zfill(7), 7),
    )  # fmt: skip


def cegid(entries: Iterable[JournalEntry], words: Words) -> bytes:
    lines = [_columns(("***S5EXPJRLETE", 17), (NEVER, 8), (NEVER, 8), ("011", 3), ("", 5), (NEVER, 8), ("", 9),
                      (words.company, 35))]  # fmt: skip
    for entry, line in _each(entries):
        lines.append(_tra(entry, line, words))
        lines += [
            _tra(entry, line, words, ("A", section(value, 17), f"A{place}"))
            for place, value in enumerate(line.axes[:AXES_OF_CEGID], 1)
        ]
    return _bytes(lines, "cegid")


def _tra(
    entry: JournalEntry, line: JournalLine, words: Words, kind: tuple[str, str, str] | None = None
) -> str:
    kind = kind or (("X", line.auxiliary.code, "") if line.auxiliary else ("", "", ""))
    nothing = "0,00".rjust(20)
    return _columns(
        (words.code_of(entry.journal), 3), (f"{entry.on:%d%m%Y}", 8), (PIECE_KINDS[entry.journal], 2),
        (line.account.number, 17), (kind[0], 1), (kind[1], 17), (entry.fact.piece, 35), (entry.fact.label, 35),
        ("", 3), (NEVER, 8), (side(line), 1), (_euros(line, ",").rjust(20), 20), ("N", 1), (str(entry.number), 8),
        ("EUR", 3), ("1,00000000", 10), ("E--", 3), (nothing, 20), (nothing, 20), ("001", 3), (kind[2], 2), ("", 2),
    )  # fmt: skip


def ebp(entries: Iterable[JournalEntry], words: Words) -> bytes:
    return _bytes([_ebp(entry, line, words) for entry, line in _each(entries)], "ebp")


def _ebp(entry: JournalEntry, line: JournalLine, words: Words) -> str:
    """The account of a third party is one account there: 401 and what follows."""
    account = f"{line.account.number}{line.auxiliary.code}" if line.auxiliary else line.account.number
    return ",".join((
        str(entry.number), f"{entry.on:%d%m%Y}", words.code_of(entry.journal), account, "", _quoted(entry.fact.label, 40),
        _quoted(entry.fact.piece, 15), _euros(line, "."), side(line), "", "EUR", section(line.axes[0], 15) if line.axes else "",
    ))  # fmt: skip


def _each(entries: Iterable[JournalEntry]) -> Iterator[tuple[JournalEntry, JournalLine]]:
    return ((entry, line) for entry in entries for line in entry.lines)


def side(line: JournalLine) -> str:
    return "D" if line.cents > 0 else "C"


def _euros(line: JournalLine, sign: str) -> str:
    cents: Cents = abs(line.cents)
    return f"{cents // 100}{sign}{cents % 100:02}"


def _columns(*cells: tuple[str, int]) -> str:
    return "".join(" ".join(text.split())[:width].ljust(width) if text.strip() == text else text[:width]
                   for text, width in cells)  # fmt: skip


def _quoted(text: str, longest: int) -> str:
    return f'"{" ".join(text.replace(chr(34), " ").split())[:longest]}"'


def _bytes(lines: Iterable[str], software: str) -> bytes:
    return "".join(f"{line}\r\n" for line in lines).encode(ENCODINGS[software], "replace")
