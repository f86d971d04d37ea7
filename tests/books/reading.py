"""The files read back, each as its own format says it, by code that shares nothing with what wrote them."""

import csv
import io
from typing import NamedTuple


class Read(NamedTuple):
    """A line as the other software has it; what a format does not carry is empty. Cents: + debit."""

    journal: str
    number: str
    day: str  # AAAAMMJJ
    account: str
    auxiliary: str
    piece: str
    label: str
    cents: int
    axes: tuple[str, ...] = ()


def cents_of(typed: str) -> int:
    whole, _, part = typed.strip().replace(",", ".").partition(".")
    return int(whole) * 100 + int(part.ljust(2, "0")[:2] or "0")


def fec(body: bytes) -> list[Read]:
    head, *lines = body.decode("iso8859-15").split("\r\n")[:-1]
    names = head.split("\t")
    assert len(names) == 18
    rows = [dict(zip(names, line.split("\t"), strict=True)) for line in lines]
    return [
        Read(row["JournalCode"], row["EcritureNum"], row["EcritureDate"], row["CompteNum"], row["CompAuxNum"],
             row["PieceRef"], row["EcritureLib"], cents_of(row["Debit"]) - cents_of(row["Credit"]))
        for row in rows
    ]  # fmt: skip


def generic(body: bytes) -> list[Read]:
    head, *rows = csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""), delimiter=";")
    found = [dict(zip(head, row, strict=True)) for row in rows]
    axes = head[head.index("Validée le") + 1 :]
    return [
        Read(row["Journal"], row["Numéro"], _turned(row["Date"].replace("/", "")), row["Compte"], row["Compte auxiliaire"],
             row["Pièce"], row["Libellé"], cents_of(row["Débit"]) - cents_of(row["Crédit"]), tuple(row[axis] for axis in axes))
        for row in found
    ]  # fmt: skip


def pennylane(body: bytes) -> list[Read]:
    head, *rows = csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""), delimiter=";")
    found = [dict(zip(head, row, strict=True)) for row in rows]
    axes = [name for name in head if name.startswith("Catégorie analytique")]
    return [
        Read(row["Code journal"], row["Identifiant de l'écriture"].rpartition("-")[2], _turned(row["Date"].replace("/", "")),
             *_account(row["Numéro de compte"]), row["Numéro de pièce"], row["Libellé de la ligne"],
             cents_of(row["Débit"]) - cents_of(row["Crédit"]), tuple(row[axis] for axis in axes))
        for row in found
    ]  # fmt: skip


def sage(body: bytes) -> list[Read]:
    _company, *lines = body.decode("iso8859-15").split("\r\n")[:-1]
    found: list[Read] = []
    for line in lines:
        assert len(line) == 112
        journal, day, _kind, account, kind, other, piece, label = _cut(line, 3, 6, 2, 13, 1, 13, 13, 25)
        _means, _due, side, euros, normal, number = _cut(line[76:], 1, 6, 1, 20, 1, 7)
        assert normal == "N"
        if kind == "A":
            found[-1] = found[-1]._replace(axes=(other,))
            continue
        sign = 1 if side == "D" else -1
        found.append(
            Read(
                journal, str(int(number)), _century(day), account, other, piece, label, sign * cents_of(euros)
            )
        )
    return found


def cegid(body: bytes) -> list[Read]:
    head, *lines = body.decode("cp1252").split("\r\n")[:-1]
    assert head.startswith("***S5EXPJRLETE")
    found: list[Read] = []
    for line in lines:
        assert len(line) == 222
        cut = _cut(line, 3, 8, 2, 17, 1, 17, 35, 35, 3, 8, 1, 20, 1, 8, 3, 10, 3, 20, 20, 3, 2, 2)
        journal, day, _kind, account, kind, other, piece, label, *_, side, euros, _n, number = cut[:14]
        if kind == "A":
            found[-1] = found[-1]._replace(axes=(*found[-1].axes, other))
            continue
        sign = 1 if side == "D" else -1
        found.append(
            Read(journal, number, _turned(day), account, other, piece, label, sign * cents_of(euros))
        )
    return found


def ebp(body: bytes) -> list[Read]:
    rows = csv.reader(io.StringIO(body.decode("cp1252"), newline=""))
    found = []
    for number, day, journal, account, _empty, label, piece, euros, side, _due, currency, section in rows:
        assert currency == "EUR"
        sign = 1 if side == "D" else -1
        found.append(
            Read(journal, number, _turned(day), *_account(account), piece, label, sign * cents_of(euros),
                 (section,) if section else ())
        )  # fmt: skip
    return found


def _account(joined: str) -> tuple[str, str]:
    """401 and what follows is the third party's."""
    return ("401", joined[3:]) if joined.startswith("401") else (joined, "")


def _cut(line: str, *widths: int) -> list[str]:
    cells, start = [], 0
    for width in widths:
        cells.append(line[start : start + width].strip())
        start += width
    return cells


def _turned(day: str) -> str:
    """JJMMAAAA → AAAAMMJJ"""
    return day[4:] + day[2:4] + day[:2]


def _century(day: str) -> str:
    """JJMMAA → 20AAMMJJ"""
    return f"20{day[4:]}{day[2:4]}{day[:2]}"
