"""Foreign and broken invoices, each with its plain answer. `python -m tests.received.foreign` writes them to tests/data/invoices;
the tests read them there.

An answer is the reason for which a file is not read ("!xml_broken"), or the differences from what is due to Rémi:
360.00 HT, VAT 20 %, on 22 November 2026."""

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pikepdf

from tests.received.shapes import PROFILES, UBL_INVOICE, but, cii, facturx, pdf, ubl, words

HERE = Path(__file__).parent.parent / "data" / "invoices"
XXE = b'<?xml version="1.0"?>\n<!DOCTYPE Invoice [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n'
LAUGHS = b'<?xml version="1.0"?>\n<!DOCTYPE Invoice [<!ENTITY a "ha">' + b"".join(
    f'<!ENTITY a{n} "{("&a%s;" % (n - 1 if n > 1 else "")) * 10}">'.encode() for n in range(1, 12)
) + b"]>\n"  # fmt: skip
FOREIGN = {"iban": "", "siren": "", "category": "AE", "rate": "0.00", "reason": "Reverse charge"}
GERMAN = but(
    seller="Müller Beratung GmbH", vat_number="DE136695976", country="DE", number="RE-2026/0815", **FOREIGN
)
ITALIAN = but(seller="Rossi S.r.l.", vat_number="IT00743110157", country="IT", number="12/2026", **FOREIGN)
BELGIAN = but(seller="Dubois SRL", vat_number="BE0417497106", country="BE", number="VEN/2026/44", **FOREIGN)
AMERICAN = but(
    seller="Smith Consulting LLC",
    vat_number="",
    country="US",
    number="INV-1001",
    **(FOREIGN | {"category": "O"}),
)
THIRD_PARTY = {"seller_name", "seller_siren_missing", "rate"}  # who is not Rémi, and counts no VAT


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("facture.xml", ubl())
    return out.getvalue()


def _without_pages() -> bytes:
    out = io.BytesIO()
    pikepdf.new().save(out, deterministic_id=True)
    return out.getvalue()


def _locked() -> bytes:
    return pdf(words(), password="secret")


def _with_program() -> bytes:
    return pdf(words(), {"factur-x.xml": cii(), "aide.exe": b"MZ\x90\x00\x03\x00\x00\x00"})


def _without_namespace() -> bytes:
    return ubl().replace(f'xmlns="{UBL_INVOICE}"'.encode(), b"")


@dataclass(frozen=True)
class File:
    body: bytes
    answer: frozenset[str]


def _file(body: bytes, *answer: str) -> File:
    return File(body, frozenset(answer))


FILES: dict[str, File] = {
    # right ones, in every dress
    "ubl.xml": _file(ubl()),
    "ubl-other-prefixes.xml": _file(ubl(a="ns1", b="ns2", root="inv")),
    "ubl-due-date.xml": _file(ubl(but(due="2026-12-31")), "due_on"),
    "cii.xml": _file(cii()),
    "cii-other-prefixes.xml": _file(cii(prefixes=("a", "b", "c"))),
    "ubl-utf16.xml": _file(ubl().decode().replace("UTF-8", "UTF-16").encode("utf-16")),
    "ubl-latin1.xml": _file(ubl().decode().replace("UTF-8", "ISO-8859-1").encode("latin-1", "replace")),
    "ubl-marked.xml": _file(b"\xef\xbb\xbf" + ubl()),
    "facturx-basic.pdf": _file(facturx(but(profile=PROFILES["basic"]))),
    "facturx-en16931.pdf": _file(facturx()),
    "facturx-extended.pdf": _file(facturx(but(profile=PROFILES["extended"]))),
    "facturx-minimum.pdf": _file(facturx(but(profile=PROFILES["minimum"])), "without_lines"),
    "facturx-basicwl.pdf": _file(facturx(but(profile=PROFILES["basicwl"])), "without_lines"),
    "zugferd-name.pdf": _file(facturx(name="zugferd-invoice.xml")),
    "facturx-with-proof.pdf": _file(pdf(words(), {"factur-x.xml": cii(), "releve.csv": b"client;montant\nA;360\n"})),
    "plain.pdf": _file(pdf(words())),
    # wrong ones
    "over.xml": _file(ubl(but(net=400_00)), "over"),
    "under.xml": _file(cii(but(net=300_00)), "under"),
    "negative.xml": _file(ubl(but(net=-360_00, vat=-72_00, total=-432_00)), "below_zero", "standard"),
    "wrong-sum.xml": _file(cii(but(total=440_00)), "sums", "standard"),
    "two-rates.xml": _file(ubl(but(vat=61_00, more_vat=(("5.50", 100_00),), total=421_00)), "rates", "standard"),
    "rate-ten.xml": _file(cii(but(rate="10.00")), "rate"),
    "no-vat.xml": _file(ubl(but(rate="0.00", category="E", reason="TVA non applicable, art. 293 B du CGI")), "rate"),
    "one-cent-of-vat.xml": _file(cii(but(vat=72_01)), "vat_rounding"),
    "other-seller.xml": _file(ubl(but(siren="552100554", vat_number="FR83404833048")), "seller_siren"),
    "other-buyer.xml": _file(cii(but(buyer="Autre SA", buyer_siren="552100554", buyer_vat="")), "buyer_siren", "buyer_name"),
    "no-siren.xml": _file(ubl(but(siren="")), "seller_siren_missing"),
    "dollars.xml": _file(ubl(but(currency="USD")), "currency"),
    "pounds.pdf": _file(facturx(but(currency="GBP")), "currency"),
    "other-iban.xml": _file(ubl(but(iban="FR7630003036200002021690750")), "iban_other"),
    "impossible-iban.xml": _file(cii(but(iban="FR7600000000000000000000000")), "iban_wrong"),
    "used-number.xml": _file(ubl(but(number="F2026-000")), "number_used"),
    "number-of-last-year.xml": _file(ubl(but(number="F-7")), "number_used_before"),
    "no-number.xml": _file(ubl(but(number="")), "number_missing", "standard"),
    "long-number.xml": _file(cii(but(number="F" * 40)), "number_long"),
    "tomorrow.xml": _file(ubl(but(day="2026-11-23")), "date_future"),
    "too-early.xml": _file(cii(but(day="2026-10-01")), "date_early"),
    "without-mentions.xml": _file(ubl(but(notes=())), "mention"),
    "deposit.xml": _file(cii(but(kind="386")), "kind"),
    "corrective.xml": _file(ubl(but(kind="384")), "kind"),
    "credit-note.xml": _file(ubl(but(kind="381", credits="F2026-000")), "credit_unasked", "nothing_due"),
    "credit-note-cii.pdf": _file(facturx(but(kind="381", credits="F2025-999")), "credit_unasked", "nothing_due"),
    # of others
    "german.xml": _file(cii(GERMAN), *THIRD_PARTY, "seller_vat"),
    "italian.xml": _file(ubl(ITALIAN), *THIRD_PARTY, "seller_vat"),
    "belgian.pdf": _file(facturx(BELGIAN), *THIRD_PARTY, "seller_vat"),
    "american.xml": _file(ubl(AMERICAN), *THIRD_PARTY, "seller_vat_missing", "standard"),
    # broken ones
    "truncated.xml": _file(ubl()[:900], "!xml_broken"),
    "wrong-encoding.xml": _file(ubl().decode().encode("cp1252"), "!xml_broken"),
    "unknown-encoding.xml": _file(ubl().replace(b"UTF-8", b"KLINGON"), "!xml_broken"),
    "no-namespace.xml": _file(_without_namespace(), "!no_namespace"),
    "order.xml": _file(b'<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2"/>', "!not_an_invoice"),
    "page.xml": _file(b"<html><body>Facture</body></html>", "!not_an_invoice"),
    "xxe.xml": _file(XXE + ubl().split(b"\n", 1)[1].replace(b"Morin Conseil", b"&x;"), "!entities"),
    "billion-laughs.xml": _file(LAUGHS + ubl().split(b"\n", 1)[1].replace(b"Morin Conseil", b"&a11;"), "!xml_broken"),
    "laughs-in-attribute.xml": _file(LAUGHS + ubl().split(b"\n", 1)[1].replace(b'currencyID="EUR"', b'currencyID="&a11;"'), "!xml_broken"),
    "words-for-amount.xml": _file(ubl().replace(b"360.00<", b"trois cent<"), "!amount"),
    "not-a-number.xml": _file(cii().replace(b"432.00", b"NaN"), "!amount"),
    "half-cents.xml": _file(ubl().replace(b"432.00", b"432.005"), "!amount"),
    "day-of-february.xml": _file(ubl(but(day="2026-02-30")), "!date"),
    "empty.pdf": _file(b"", "!file_empty"),
    "zip-named.pdf": _file(_zip(), "!kind"),
    "photo-named.pdf": _file(b"\xff\xd8\xff\xe0" + b"\0" * 64, "!picture"),
    "words.txt": _file("Facture 360 €".encode(), "!kind"),
    "locked.pdf": _file(_locked(), "!upload_locked"),
    "two-xmls.pdf": _file(pdf(words(), {"factur-x.xml": cii(), "ubl.xml": ubl()}), "!two_xmls"),
    "broken-xml-inside.pdf": _file(pdf(words(), {"factur-x.xml": cii()[:500]}), "!xml_broken"),
    "script.pdf": _file(pdf(words(), act="app.alert(1)"), "!upload_active"),
    "program-inside.pdf": _file(_with_program(), "!upload_active"),
    "truncated.pdf": _file(pdf(words())[:100], "!upload_broken"),
    "without-pages.pdf": _file(_without_pages(), "!upload_broken"),
    "image-only.pdf": _file(pdf(""), "picture", "amounts_missing", "number_missing", "date_missing", "seller_siren_missing",
                            "buyer_siren_missing", "seller_vat_missing"),
}  # fmt: skip


def write() -> None:
    HERE.mkdir(exist_ok=True)
    for name, file in FILES.items():
        (HERE / name).write_bytes(file.body)


if __name__ == "__main__":
    write()
