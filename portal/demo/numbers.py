"""Numbers with the right shape and the right keys that belong to nobody: a bank 19999, companies in 99, a telephone
range that is kept for fiction."""

from schwifty import IBAN
from stdnum import luhn

from portal.kit.identifiers import french_vat


def siren(position: int) -> str:
    return _keyed(f"99{position:06d}")


def siret(position: int) -> str:
    return _keyed(f"{siren(position)}0001")


def vat(position: int) -> str:
    return french_vat(siren(position))


def belgian_vat(position: int) -> str:
    base = 9_990_000 + position
    return f"BE0{base}{97 - base % 97:02d}"


def iban(position: int) -> str:
    return str(IBAN.generate("FR", bank_code="19999", branch_code="00001", account_code=f"{position:011d}"))


def phone(position: int) -> str:
    return f"+33199{position:06d}"


def _keyed(digits: str) -> str:
    return digits + luhn.calc_check_digit(digits)
