"""The rows that were not taken, as a file to be corrected and brought again."""

from collections.abc import Mapping, Sequence

from portal.imports.faults import Fault
from portal.imports.layout import REASON
from portal.kit.sheets import Sheet, csv_bytes
from portal.kit.text import _


def faulty_rows(sheet: Sheet, reasons: Mapping[int, Sequence[Fault]]) -> bytes:
    """Each as it stood, with what is to be corrected in a column that the next import leaves out. Pure."""
    rows = [[*line.cells, _said(reasons[line.number])] for line in sheet.lines if line.number in reasons]
    return csv_bytes([[*sheet.titles, _(REASON)], *rows])


def _said(faults: Sequence[Fault]) -> str:
    return " ".join(
        f"{fault.column} : {fault.sentence}" if fault.column else fault.sentence for fault in faults
    )
