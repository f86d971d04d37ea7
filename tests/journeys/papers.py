"""What is inside the files that people fetch."""

import io
from importlib.resources import files

import pikepdf
from lxml import etree

from portal.kit.days import today
from tests.bank.messages import Entry, Stated, camt

RAM = "{urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100}"
SELF_BILLED = "389"
PAIN = "{urn:iso:std:iso:20022:tech:xsd:pain.001.001.09}"


def type_code(xml: bytes) -> str:
    found = etree.fromstring(xml).find(f".//{RAM}TypeCode")
    assert found is not None
    assert found.text
    return found.text


def embedded(pdf: bytes) -> dict[str, bytes]:
    """The files that travel inside a PDF."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return {name: one.get_file().read_bytes() for name, one in opened.attachments.items()}


def transfers(bank_file: bytes) -> list[tuple[str, str]]:
    """Amount and account of each transfer of a file that its own published schema accepts."""
    return [
        (one.findtext(f".//{PAIN}InstdAmt") or "", one.findtext(f"{PAIN}CdtrAcct//{PAIN}IBAN") or "")
        for one in _ordered(bank_file)
    ]


def statement_of(bank_file: bytes) -> bytes:
    """What the bank tells the day after: each transfer of the file is debited."""
    debits = [
        Entry(
            int((one.findtext(f".//{PAIN}InstdAmt") or "").replace(".", "")),
            today(),
            one.findtext(f".//{PAIN}EndToEndId") or "",
        )
        for one in _ordered(bank_file)
    ]
    return camt(Stated(tuple(debits)))


def _ordered(bank_file: bytes) -> list[etree._Element]:
    schema = etree.XMLSchema(
        etree.fromstring(files("sepaxml").joinpath("schemas/pain.001.001.09.xsd").read_bytes())
    )
    document = etree.fromstring(bank_file)
    schema.assertValid(document)
    return list(document.iter(f"{PAIN}CdtTrfTxInf"))
