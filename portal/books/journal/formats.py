"""ONE table: how the journal leaves."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from portal.books.journal import fec, fixed, sheets
from portal.books.journal.rules import JournalEntry
from portal.books.journal.words import Words
from portal.kit.text import N_

Writer = Callable[[Sequence[JournalEntry], Words], bytes]


@dataclass(frozen=True, slots=True)
class Format:
    """`proven`: a public text says the format to the last sign; the others were not tried with the product."""

    label: str
    ending: str
    media_type: str
    write: Writer
    proven: bool = False


TEXT, CSV = "text/plain", "text/csv"
FORMATS: Mapping[str, Format] = {
    "fec": Format(N_("FEC (fichier des écritures comptables)"), "txt", TEXT, fec.write, proven=True),
    "csv": Format(N_("Tableau CSV"), "csv", CSV, sheets.generic, proven=True),
    "pennylane": Format("Pennylane", "csv", CSV, sheets.pennylane),
    "sage": Format("Sage 100 (PNM)", "pnm", TEXT, fixed.sage),
    "cegid": Format("Cegid (TRA)", "tra", TEXT, fixed.cegid),
    "ebp": Format("EBP", "txt", TEXT, fixed.ebp),
}
