"""A payout run as a SEPA credit transfer file, pain.001.001.09, ready for the bank."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path

import sepaxml
from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] compiled, without stubs
from schwifty import BIC, IBAN
from schwifty.exceptions import SchwiftyException
from text_unidecode import unidecode

from portal.kit.days import PARIS, day_of
from portal.kit.money import Cents

SCHEMA = "pain.001.001.09"
NAMESPACE = f"urn:iso:std:iso:20022:tech:xsd:{SCHEMA}"
MAX_LINES = 10_000
MAX_AMOUNT_CENTS = 99_999_999_999  # 999 999 999,99 €, the ceiling of one SEPA transfer
PAYER = "the payer"
NAME_LENGTH, TEXT_LENGTH, IDENTIFIER_LENGTH = 70, 140, 35

OUTSIDE_THE_SET = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]")
IDENTIFIER = re.compile(r"(?!/)(?!.*//)[A-Za-z0-9/\-?:().,'+]+(?<!/)")
WRITTEN_OUT = {"€": "EUR", "&": "+", "_": "-", "@": " at ", "’": "'", ";": ",", "!": "."}


class SepaRefused(Exception):
    """The run cannot be sent to a bank; the message names the line. `what`: account, name or amount, of `whose`."""

    def __init__(self, message: str, what: str = "", whose: str = "") -> None:
        super().__init__(message)
        self.what, self.whose = what, whose


@dataclass(frozen=True, kw_only=True)
class SepaLine:
    end_to_end_id: str
    name: str
    iban: str
    amount_cents: Cents
    text: str
    bic: str = ""
    city: str = ""
    country: str = ""


@dataclass(frozen=True, kw_only=True)
class SepaRun:
    message_id: str
    created_at: datetime
    executes_on: date
    debtor_name: str
    debtor_iban: str
    lines: tuple[SepaLine, ...]
    debtor_bic: str = ""


def transfer_file(run: SepaRun) -> bytes:
    """The same run always gives the same bytes. Raises SepaRefused."""
    _refuse(run)
    transfer = sepaxml.SepaTransfer(_debtor(run), schema=SCHEMA, clean=False)
    for line in run.lines:
        transfer.add_payment(_payment(line, run.executes_on))
    document = etree.fromstring(transfer.export(validate=False))
    _fix(document, run)
    if not _schema().validate(document):
        raise SepaRefused(str(_schema().error_log.last_error))
    return etree.tostring(document, xml_declaration=True, encoding="UTF-8")


def sepa_text(text: str, length: int) -> str:
    """What every bank of the area can read: Latin letters without accents, and little else."""
    written = "".join(WRITTEN_OUT.get(sign, sign) for sign in text)
    plain = OUTSIDE_THE_SET.sub(" ", unidecode(written))
    return " ".join(plain.split())[:length].strip()


def _refuse(run: SepaRun) -> None:
    if not run.lines:
        raise SepaRefused("an empty run")
    if len(run.lines) > MAX_LINES:
        raise SepaRefused(f"more than {MAX_LINES} lines")
    if run.executes_on < day_of(run.created_at):
        raise SepaRefused("executed before it was created")
    identifiers = [line.end_to_end_id for line in run.lines]
    for identifier in (run.message_id, *identifiers):
        if len(identifier) > IDENTIFIER_LENGTH or not IDENTIFIER.fullmatch(identifier):
            raise SepaRefused(f"identifier {identifier!r}")
    if len(set(identifiers)) < len(identifiers):
        raise SepaRefused("an identifier stands twice")
    for line in run.lines:
        if not 0 < line.amount_cents <= MAX_AMOUNT_CENTS:
            raise SepaRefused(f"amount of {line.end_to_end_id}", "amount", line.end_to_end_id)


def _debtor(run: SepaRun) -> dict:
    account = _account(run.debtor_iban, run.debtor_bic, PAYER)
    return {"name": _named(run.debtor_name, PAYER), "currency": "EUR", "batch": True, **account}


def _payment(line: SepaLine, executes_on: date) -> dict:
    payment = {
        "name": _named(line.name, line.end_to_end_id),
        "amount": line.amount_cents,
        "execution_date": executes_on,
        "description": sepa_text(line.text, TEXT_LENGTH) or line.end_to_end_id,
        "endtoend_id": line.end_to_end_id,
        **_account(line.iban, line.bic, line.end_to_end_id),
    }
    if line.city and line.country:
        payment["address"] = {"town": sepa_text(line.city, IDENTIFIER_LENGTH), "country": line.country}
    return payment


def _named(name: str, whose: str) -> str:
    plain = sepa_text(name, NAME_LENGTH)
    if not plain:
        raise SepaRefused(f"no readable name for {whose}", "name", whose)
    return plain


def _account(iban: str, bic: str, whose: str) -> dict[str, str]:
    """A BIC that was not given is looked up; where none is known the IBAN stands alone."""
    try:
        checked = IBAN(iban, validate_bban=True)
        known = BIC(bic) if bic else checked.bic
    except SchwiftyException as error:
        raise SepaRefused(f"bank details of {whose}: {error}", "account", whose) from error
    return {"IBAN": str(checked)} | ({"BIC": str(known)} if known else {})


def _fix(document: etree._Element, run: SepaRun) -> None:
    """The library signs with its own clock and chance; a file must be the same when made again."""
    document.find(".//{*}GrpHdr/{*}MsgId").text = run.message_id
    document.find(".//{*}GrpHdr/{*}CreDtTm").text = (
        run.created_at.astimezone(PARIS).replace(tzinfo=None).isoformat(timespec="seconds")
    )
    document.find(".//{*}PmtInf/{*}PmtInfId").text = run.message_id
    bank = document.find(".//{*}DbtrAgt/{*}FinInstnId")
    if len(bank) == 0:
        other = etree.SubElement(bank, f"{{{NAMESPACE}}}Othr")
        etree.SubElement(other, f"{{{NAMESPACE}}}Id").text = "NOTPROVIDED"


@cache
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(file=str(Path(sepaxml.__file__).parent / "schemas" / f"{SCHEMA}.xsd"))
