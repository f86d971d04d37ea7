"""Visiting cards of three versions, as address books write them, and as nobody should."""

import quopri
import time
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.kit.invalid import Invalid
from portal.leads.intake.vcard import LONGEST, Card, read_card

OF_AN_OLD_PHONE = (
    b"BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Morin;=C3=89lo=\r\n=C3=AFse;;;\r\n"
    b"TEL;WORK;PREF:04 72 00 00 00\r\nTEL;CELL:06 12 34 56 78\r\nORG:Atelier Morin;Direction\r\n"
    b"EMAIL;INTERNET:Eloise@Morin.example.org\r\nPHOTO;ENCODING=BASE64;JPEG:"
    + b"A" * 3000
    + b"\r\nEND:VCARD\r\n"
)
OF_AN_APPLE = (
    "BEGIN:VCARD\nVERSION:3.0\nFN:Éloïse Mo\n rin\nitem1.TEL;type=pref;type=IPHONE:+33 6 12 34 56 78\n"
    "ORG:Morin\\, Fils \\; Cie;\nitem2.EMAIL;type=INTERNET:eloise@morin.fr\nEND:VCARD"
)
OF_TODAY = (
    'BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Éloïse Morin\r\nTEL;VALUE=uri;TYPE="voice,cell":tel:+33-6-12-34-56-78;ext=5\r\n'
    "EMAIL;PREF=1:eloise@morin.fr\r\nEND:VCARD\r\n"
)


@pytest.mark.parametrize(
    ("body", "company", "email"),
    [
        (OF_AN_OLD_PHONE, "Atelier Morin", "eloise@morin.example.org"),
        (OF_AN_APPLE.encode(), "Morin, Fils ; Cie", "eloise@morin.fr"),
        (OF_TODAY.encode(), "", "eloise@morin.fr"),
        (OF_TODAY.encode("utf-16"), "", "eloise@morin.fr"),
        (b"\xef\xbb\xbf" + OF_TODAY.encode(), "", "eloise@morin.fr"),
        (OF_TODAY.encode("cp1252"), "", "eloise@morin.fr"),
    ],
)
def test_a_card_of_any_version_says_who_it_is(body, company, email):
    assert read_card(body) == Card("Éloïse Morin", company, "+33612345678", email)


def test_a_number_that_does_not_exist_is_shown_as_it_stands():
    assert read_card(b"BEGIN:VCARD\nFN:Paul\nTEL:12 34\nEND:VCARD").phone == "12 34"


def test_the_card_of_a_company_names_no_contact():
    card = read_card(b"BEGIN:VCARD\nFN:Atelier Morin\nORG:Atelier Morin\nTEL:0472000000\nEND:VCARD")
    assert (card.company, card.contact) == ("Atelier Morin", "")


def test_of_several_cards_the_first_that_says_something_is_read():
    empty, full = "BEGIN:VCARD\nVERSION:3.0\nEND:VCARD\n", "BEGIN:VCARD\nFN:Paul Roux\nEND:VCARD\n"
    assert read_card((empty + full + full.replace("Paul", "Anne")).encode()).contact == "Paul Roux"


HOSTILE = {
    "empty": b"",
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40,
    "never closed": b"BEGIN:VCARD\nFN:Paul\n" * 500,
    "only ends": b"END:VCARD\n" * 5000,
    "backslashes": b"BEGIN:VCARD\nN:" + b"\\" * 900_000 + b"\nEND:VCARD",
    "parameters": b"BEGIN:VCARD\nTEL" + b";A" * 500_000 + b":1\nEND:VCARD",
    "open quotes": b'N;"' * 300_000,
    "soft breaks": b"FN;ENCODING=QUOTED-PRINTABLE:=\n" * 60_000,
    "folds": b"BEGIN:VCARD\nFN:a" + b"\n a" * 600_000 + b"\nEND:VCARD",
    "strange charset": b"BEGIN:VCARD\nFN;CHARSET=../../etc:\xff\xfe\nEND:VCARD",
    "compressing charset": b"BEGIN:VCARD\nFN;CHARSET=zlib_codec:\x78\x9c\nEND:VCARD",
    "markup": b"BEGIN:VCARD\nFN:<script>alert(1)</script>\nEND:VCARD",
    "a formula": b"BEGIN:VCARD\nFN:=HYPERLINK(1)\nEND:VCARD",
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_card_gives_little_and_takes_no_time(body):
    begun = time.perf_counter()
    with suppress(Invalid):
        card = read_card(body)
        assert all(len(text) <= LONGEST for text in (card.contact, card.company, card.phone, card.email))
    assert time.perf_counter() - begun < 3


def test_a_card_that_is_too_heavy_is_refused():
    with pytest.raises(Invalid, match="file_too_big"):
        read_card(b"x" * 3_000_000)


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(body):
    try:
        card = read_card(b"BEGIN:VCARD\r\n" + body + b"\r\nEND:VCARD")
    except Invalid:
        return
    shown = card.contact + card.company + card.phone + card.email
    assert not any(ord(sign) < 32 or ord(sign) == 127 for sign in shown)


NAMES = st.text(
    st.characters(whitelist_categories=["Lu", "Ll"], max_codepoint=0x17F), min_size=2, max_size=20
)


@example("AAAµµµµµµµµµµµµ", "AA")  # its soft break falls before the space
@given(NAMES, NAMES)
def test_a_name_comes_through_quoted_printable_and_through_folds(given_name, family):
    name = f"{given_name} {family}"
    quoted = quopri.encodestring(name.encode(), quotetabs=False).replace(b"\n", b"\r\n").rstrip()
    old = b"BEGIN:VCARD\r\nFN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:" + quoted + b"\r\nEND:VCARD\r\n"
    assert read_card(old).contact == name
    raw = b"FN:" + name.encode()
    folded = b"\r\n ".join(raw[start : start + 7] for start in range(0, len(raw), 7))
    assert read_card(b"BEGIN:VCARD\r\n" + folded + b"\r\nEND:VCARD\r\n").contact == name
