"""What a PDF says about itself in XMP: PDF/UA-1, and any schema that a domain adds (PDF/A wants each declared)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr


@dataclass(frozen=True)
class XmpSchema:
    title: str
    uri: str
    prefix: str
    values: Mapping[str, str]
    value_type: str = "Text"
    category: str = "external"


PDF_UA_1 = XmpSchema(
    title="PDF/UA identification schema",
    uri="http://www.aiim.org/pdfua/ns/id/",
    prefix="pdfuaid",
    values={"part": "1"},
    value_type="Integer",
    category="internal",
)


def xmp_of(schemas: Sequence[XmpSchema]) -> bytes:
    """RDF descriptions to merge into the only rdf:RDF of a document; a second one is not read by validators."""
    return "".join([*map(_stated, schemas), _declared(schemas)]).encode()


def _stated(schema: XmpSchema) -> str:
    properties = "".join(
        f"<{schema.prefix}:{name}>{escape(value)}</{schema.prefix}:{name}>"
        for name, value in schema.values.items()
    )
    return f'<rdf:Description rdf:about="" xmlns:{schema.prefix}={quoteattr(schema.uri)}>{properties}</rdf:Description>'


def _declared(schemas: Sequence[XmpSchema]) -> str:
    return (
        '<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"'
        ' xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"'
        ' xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"><pdfaExtension:schemas><rdf:Bag>'
        f"{''.join(map(_schema, schemas))}"
        "</rdf:Bag></pdfaExtension:schemas></rdf:Description>"
    )


def _schema(schema: XmpSchema) -> str:
    properties = "".join(_property(schema, name) for name in schema.values)
    return (
        '<rdf:li rdf:parseType="Resource">'
        f"<pdfaSchema:schema>{escape(schema.title)}</pdfaSchema:schema>"
        f"<pdfaSchema:namespaceURI>{escape(schema.uri)}</pdfaSchema:namespaceURI>"
        f"<pdfaSchema:prefix>{schema.prefix}</pdfaSchema:prefix>"
        f"<pdfaSchema:property><rdf:Seq>{properties}</rdf:Seq></pdfaSchema:property></rdf:li>"
    )


def _property(schema: XmpSchema, name: str) -> str:
    return (
        '<rdf:li rdf:parseType="Resource">'
        f"<pdfaProperty:name>{name}</pdfaProperty:name>"
        f"<pdfaProperty:valueType>{schema.value_type}</pdfaProperty:valueType>"
        f"<pdfaProperty:category>{schema.category}</pdfaProperty:category>"
        f"<pdfaProperty:description>{name}</pdfaProperty:description></rdf:li>"
    )
