"""Amounts with more decimals than a euro has: what a workbook computed is rounded, what somebody typed is named. Pure."""

import re
from decimal import Decimal

from portal.kit.cells import parse_amount
from portal.kit.identifiers import bare
from portal.kit.invalid import Invalid
from portal.kit.money import Cents, round_half_away
from portal.kit.sheets import Number

_LONG = re.compile(r"[^0-9]*(?:[0-9]{1,3}(?:[ .,'][0-9]{3})+|[0-9]+)[.,][0-9]{3,}[^0-9]*")


def parse_cents(text: str, decimal: str = "comma") -> Cents:
    try:
        return parse_amount(text, decimal)
    except Invalid as refused:
        if refused.code == "amount" and _LONG.fullmatch(bare(text)):
            raise Invalid("amount_decimals") from refused
        raise


def to_the_cent(cell: str) -> str:
    """1041,666666 → 1041,67, half away from zero, when a workbook holds it as a number; else the cell as it stands."""
    if not isinstance(cell, Number) or len(cell.partition(",")[2]) <= 2:
        return cell
    cents = round_half_away(Decimal(cell.replace(",", ".")) * 100)
    return f"{Decimal(cents).scaleb(-2):f}".replace(".", ",")
