"""Which credit note is deducted from which paper of the same transfer: HT from HT, VAT from VAT. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_uppercase

from portal.kit.money import Cents
from portal.kit.rows import Row

LETTERS = len(ascii_uppercase)


@dataclass(frozen=True, slots=True)
class SetOff:
    """Cents of one credit note, positive, taken from one paper."""

    credit_note_id: int
    invoice_id: int
    net: Cents
    vat: Cents


def set_offs(papers: Sequence[Row]) -> list[SetOff]:
    """Of a line that pays something: `papers` with signed amounts and `credits_id`. A credit note takes from the paper that
    it credits when that one is in the line, then from the oldest; none takes more than there is."""
    left = {
        paper["id"]: [paper["net_cents"], paper["vat_cents"]] for paper in papers if paper["total_cents"] > 0
    }
    notes = sorted(
        (paper for paper in papers if paper["id"] not in left), key=lambda note: (note["credits_id"] not in left, note["id"])
    )  # fmt: skip
    return [taken for note in notes for taken in _taken(note, left)]


def _taken(note: Row, left: dict[int, list[Cents]]) -> list[SetOff]:
    wanted = [-note["net_cents"], -note["vat_cents"]]
    found = []
    for invoice_id in sorted(left, key=lambda one: (one != note["credits_id"], one)):
        net, vat = (min(much, there) for much, there in zip(wanted, left[invoice_id], strict=True))
        if net or vat:
            found.append(SetOff(note["id"], invoice_id, net, vat))
            wanted = [wanted[0] - net, wanted[1] - vat]
            left[invoice_id] = [left[invoice_id][0] - net, left[invoice_id][1] - vat]
    return found


def letter_of(line_id: int) -> str:
    """The letter under which a line, its papers and their credit notes stand together in the books: A, B … Z, AA, AB …"""
    letter = ""
    while line_id > 0:
        line_id, rest = divmod(line_id - 1, LETTERS)
        letter = ascii_uppercase[rest] + letter
    return letter
