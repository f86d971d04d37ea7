"""The TD file of one company and year: records in their order, totals of what is written. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from portal.kit.rows import Row
from portal.taxes.das2 import address, records
from portal.taxes.das2.countries import FRANCE
from portal.taxes.das2.records import AMOUNTS
from portal.taxes.das2.rules import Totals, euros, is_natural

NAMES = {"last_name": 30, "first_name": 20, "company_name": 50}
NOTHING = dict.fromkeys(AMOUNTS, 0)
PAYS_WAGES, PAYS_NONE = "4", "1"


class Unwritable(ValueError):
    """What the company itself lacks: the name of its column."""


@dataclass(frozen=True, slots=True)
class Declarant:
    """The company as each of its records names it."""

    siren: str
    siret: str
    ape: str
    name: str
    address: str
    year: int
    wages: str
    contact: str
    phone: str
    email: str


def declarant(entity: Row, year: int, pays_wages: bool, contact: str, phone: str, email: str) -> Declarant:
    """Raises Unwritable."""
    for column in ("siren", "siret", "ape", "name", "street", "postcode", "city"):
        if not entity[column]:
            raise Unwritable(column)
    where = address.block(entity["street"], entity["postcode"], entity["city"], entity["country"])
    return Declarant(
        siren=entity["siren"], siret=entity["siret"], ape=re.sub(r"\W", "", entity["ape"]).upper(), name=address.plain(entity["name"]),
        address=where.text, year=year, wages=PAYS_WAGES if pays_wages else PAYS_NONE,
        contact=contact, phone=phone, email=email,
    )  # fmt: skip


def national(phone: str) -> str:
    """+33 6 12 34 56 78 → 0612345678; a number of another country does not fit into ten characters."""
    digits = re.sub(r"\D", "", phone.replace("+33", "0", 1))
    return digits if len(digits) == 10 and digits.startswith("0") else ""


@dataclass(frozen=True, slots=True)
class Written:
    """`shortened`: what of the name and the address did not fit whole."""

    text: str
    shortened: tuple[str, ...]


def beneficiary(who: Row, by: Declarant) -> Written:
    """A natural person by their names, a legal one by its own; never both."""
    where = address.block(who["street"], who["postcode"], who["city"], who["country"])
    used = ("last_name", "first_name") if is_natural(who) else ("company_name",)
    names = {column: address.plain(who[column]) if column in used else "" for column in NAMES}
    benefits = euros(who["benefit_cents"])
    text = records.BENEFICIARY.format(
        siret=by.siret, year=by.year, wages=by.wages, whose=who["siret"] if who["country"] in FRANCE else "",
        last_name=names["last_name"], first_names=names["first_name"], company_name=names["company_name"], address=where.text,
        **NOTHING | _amounts(who["commission_cents"], who["benefit_cents"], who["withheld_cents"]),
        in_kind="A" if benefits else "", exempt="D" if _is_exempt(who) else "", born_on=_day(who["born_on"]),
    )  # fmt: skip
    cut = tuple(column for column, length in NAMES.items() if len(names[column]) > length)
    return Written(text, cut + where.shortened)


def _amounts(commission: int, benefit: int, withheld: int) -> dict[str, int]:
    return {"commissions": euros(commission), "benefits": euros(benefit), "withheld": euros(withheld)}


def _is_exempt(who: Row) -> bool:
    """Lives abroad, and a certificate of tax residence has spared them the tax of CGI 182 B."""
    return who["country"] not in FRANCE and who["commission_cents"] > 0 and not who["withheld_cents"]


def _day(day: date | None) -> str:
    return day.strftime("%d%m%Y") if day else ""


def head(by: Declarant) -> str:
    return _lines(
        records.COMPANY.format(siren=by.siren, siret=by.siret, ape=by.ape, name=by.name, address=by.address),
        records.ESTABLISHMENT.format(
            siret=by.siret, year=by.year, wages=by.wages, ape=by.ape, name=by.name, address=by.address
        ),
    )


def foot(by: Declarant, totals: Totals) -> str:
    amounts = NOTHING | {
        "commissions": totals.commissions, "benefits": totals.benefits, "withheld": totals.withheld,
    }  # fmt: skip
    return _lines(
        records.ESTABLISHMENT_TOTAL.format(
            siret=by.siret, year=by.year, wages=by.wages, contact=address.plain(by.contact), phone=national(by.phone), email=address.bare(by.email),
            siren=by.siren, **amounts,
        ),
        records.COMPANY_TOTAL.format(siren=by.siren, people=totals.people, **amounts),
    )  # fmt: skip


def whole(by: Declarant, written: Iterable[str], totals: Totals) -> Iterator[str]:
    yield head(by)
    for record in written:
        yield record + records.END
    yield foot(by, totals)


def _lines(*written: str) -> str:
    return "".join(record + records.END for record in written)
