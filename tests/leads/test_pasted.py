"""What is read of a message in which somebody introduces somebody; it is always shown to be confirmed."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.leads.intake.pasted import Found, read_message

FORWARDED = """De : Claire Morin <claire.morin@atelier-morin.fr>
Objet : Refonte de notre site

Bonjour, nous cherchons quelqu'un pour notre site.
Vous pouvez m'appeler au 06 12 34 56 78, ou au bureau, 04 72 11 22 33.

Claire Morin
Atelier Morin SARL, SIREN 732 829 320
"""
SPOKEN = "Salut, appelle Monsieur Paul Roux chez Boulangerie Petit, 0612345678, il attend ton appel."
SIGNED = "Voici mon contact\n\nJulien Lefèvre\nDirecteur commercial\nj.lefevre@gmail.com\n+33 7 61 23 45 67"
LABELLED = "Nom : Anne Petit\nSociété : Menuiserie du Port\nTél : 04 91 00 11 22"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (FORWARDED, Found("Claire Morin", "Atelier Morin SARL", "+33612345678", "claire.morin@atelier-morin.fr", "732829320")),
        (SPOKEN, Found("Paul Roux", "Boulangerie Petit", "+33612345678")),
        (SIGNED, Found("Julien Lefèvre", "", "+33761234567", "j.lefevre@gmail.com")),
        (LABELLED, Found("Anne Petit", "Menuiserie du Port", "+33491001122")),
        ("merci et à bientôt", Found()),
        ("", Found()),
    ],
)  # fmt: skip
def test_a_message_says_who_and_how_to_reach_them(text, found):
    assert read_message(text) == found


def test_the_domain_of_a_free_mailbox_is_no_company():
    assert read_message("paul.roux@orange.fr") == Found("Paul Roux", "", "", "paul.roux@orange.fr")


def test_the_company_may_be_read_from_the_address():
    assert read_message("contact : paul@menuiserie-du-port.fr").company == "Menuiserie Du Port"


HOSTILE = (
    "1" * 8000, "a@" * 4000, "A " * 4000, "(" * 8000, "06 " * 2600, "siren " + "1." * 4000, "De: " + "x" * 8000,
    "A.b " * 2000, "SARL " * 1600, "-".join(["A"] * 3000), "chez " * 1600, "Mme " * 2000, "+" * 8000,
    "A-" * 4000, "<" * 8000, "\u202e" * 8000, "Nom : " * 1300, "\n" * 8000,
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:6].strip() or "blank")
def test_a_hostile_message_takes_no_time(text):
    begun = time.perf_counter()
    read_message(text)
    assert time.perf_counter() - begun < 2


@given(st.text(max_size=500))
def test_no_text_breaks_the_reader_and_what_it_finds_fits_a_field(text):
    found = read_message(text)
    assert all(len(one) <= 254 for one in (found.contact, found.company, found.phone, found.email))
    assert "\n" not in found.contact + found.company + found.phone + found.email
