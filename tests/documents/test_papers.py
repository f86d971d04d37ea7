"""What is written on a paper, and what it adds up to."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.invoicing.facturx import final_xml
from portal.invoicing.papers import (
    Brand,
    Kind,
    PaperLine,
    PaperRefused,
    VatTotal,
    day,
    french,
    paper_html,
    price,
)
from tests.documents.papers import (
    BRAND,
    INVOICES,
    NOTES,
    PAPERS,
    credit_note,
    franchise,
    line,
    on_debits,
    ordinary,
    receipt,
    reverse_charge,
    standard,
    with_a_take_back,
)

NBSP, THIN = "\xa0", "\u202f"


def words(paper, **options) -> str:
    return unescape(paper_html(paper, BRAND, **options)).replace(NBSP, " ").replace(THIN, " ")


def test_vat_is_computed_once_on_the_sum_of_the_lines():
    """36 000 + 15 000 + 3 333 = 54 333; 20 % = 10 866.6 → 10 867 cents."""
    assert standard().vat_totals == (VatTotal("S", Decimal(20), 54333, 10867),)


def test_three_lines_of_two_cents_carry_one_cent_of_vat():
    """20 % of 0.02 is 0.004 → 0.00 on each line, but 20 % of 0.06 is 0.012 → 0.01."""
    assert replace(standard(), lines=(line(2), line(2), line(2))).vat_cents == 1


def test_each_rate_has_its_own_total():
    """10 000 at 20 % = 2 000 and 10 000 at 8.5 % = 850."""
    paper = replace(standard(), lines=(line(10000), line(10000, vat_rate=Decimal("8.5"))))
    assert [(total.rate, total.vat_cents) for total in paper.vat_totals] == [
        (Decimal("8.5"), 850),
        (Decimal(20), 2000),
    ]


@given(
    st.lists(
        st.tuples(st.integers(-(10**9), 10**9), st.sampled_from(["20", "10", "8.5", "5.5"])),
        min_size=1,
        max_size=40,
    )
)
def test_totals_always_add_up(amounts):
    lines = tuple(line(net, vat_rate=Decimal(rate)) for net, rate in amounts)
    paper = replace(standard(), lines=lines)
    assert paper.net_cents == sum(total.base_cents for total in paper.vat_totals)
    assert paper.gross_cents == paper.net_cents + sum(total.vat_cents for total in paper.vat_totals)
    assert all(
        abs(total.vat_cents - total.base_cents * total.rate / 100) <= Decimal("0.5")
        for total in paper.vat_totals
    )


@given(st.integers(1, 10**10), st.integers(1, 500))
def test_a_unit_price_times_its_quantity_is_the_line(net_cents: int, quantity: int):
    sold = PaperLine(label="x", net_cents=net_cents, quantity=Decimal(quantity))
    assert round(sold.unit_price * quantity * 100) == net_cents


def test_what_is_taken_back_counts_backwards_at_a_positive_price():
    taken = with_a_take_back().lines[1]
    assert (taken.signed_quantity, taken.unit_price) == (Decimal(-1), Decimal(120))


@pytest.mark.parametrize("make", INVOICES)
def test_every_invoice_states_what_the_law_asks(make):
    paper = make()
    text = words(paper)
    for party in (paper.seller, paper.buyer):
        asked = (
            party.name,
            *party.address,
            party.postcode,
            party.city,
            party.vat_number,
            party.register,
            party.legal_form,
        )
        assert [each for each in asked if each not in text] == []
    assert "Nature des opérations" in text
    assert paper.number in text
    for each in paper.lines:
        assert [said for said in (each.label, each.client, each.deal, each.clause) if said not in text] == []
    assert [note for note in NOTES.values() if note not in text] == []


def test_a_self_billed_invoice_says_so_and_an_ordinary_one_does_not():
    drawn_up = (
        "Facture établie par Maison Vauquelin SAS au nom et pour le compte de Cabinet Rochebrune & Associés."
    )
    assert drawn_up in words(standard())
    assert "Autofacturation" in words(standard())
    assert "Autofacturation" not in words(ordinary())


def test_the_franchise_names_its_article_and_shows_no_vat():
    text = words(franchise())
    assert "TVA non applicable, art. 293 B du CGI" in text
    assert "TTC" not in text


def test_the_option_for_debits_is_stated():
    assert "Option pour le paiement de la taxe d’après les débits." in words(on_debits())


def test_reverse_charge_is_stated_with_both_vat_numbers():
    text = words(reverse_charge())
    for said in ("Autoliquidation", "DE136695976", "FR44732829320", "Allemagne"):
        assert said in text


def test_a_credit_note_names_the_invoice_that_it_corrects():
    assert "n° AP014-2026-0007 du 2 novembre 2026" in words(credit_note())


def test_a_receipt_is_no_invoice_and_helps_with_the_tax_return():
    text = words(receipt())
    assert "qui ne vaut pas facture" in text
    assert "2042 C PRO" in text
    assert "HT" not in text


def test_a_second_print_is_marked():
    assert "Duplicata" in words(standard(), duplicate=True)
    assert "Duplicata" not in words(standard())


@pytest.mark.parametrize("make", PAPERS)
def test_what_people_typed_stays_text(make):
    paper = make()
    typed = replace(paper.lines[0], client="<script>alert(1)</script>")
    html = paper_html(replace(paper, lines=(typed,)), BRAND)
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_a_credit_note_of_nothing_and_an_invoice_that_is_never_due_do_not_exist():
    with pytest.raises(PaperRefused, match="corrects"):
        replace(credit_note(), corrects=None)
    with pytest.raises(PaperRefused, match="due date"):
        replace(standard(), due_on=None)


def test_an_accent_that_is_no_colour_is_refused():
    with pytest.raises(ValueError, match="red"):
        Brand(name="x", accent="red;} body{display:none")


REFUSED = {
    "a receipt": receipt(),
    "a total of nothing": replace(standard(), lines=(line(100), line(-100))),
    "more taken back than earned": replace(standard(), lines=(line(100), line(-200))),
    "a wrong IBAN key": replace(standard(), iban="FR7630006000011234567890188"),
    "a wrong French account key": replace(standard(), iban="FR4030006000011234567890188"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_an_invoice_is_refused(case: str):
    with pytest.raises(PaperRefused):
        final_xml(REFUSED[case])


def test_every_kind_has_its_page():
    for kind in Kind:
        paper = replace(credit_note(), kind=kind, due_on=date(2026, 12, 2))
        assert paper.number in paper_html(paper, BRAND)


def test_the_first_of_a_month_and_a_price_in_fractions_are_written_the_french_way():
    assert day(date(2026, 10, 1)) == f"1er{NBSP}octobre 2026"
    assert price(Decimal("1234.5678")).replace(THIN, " ").replace(NBSP, " ") == "1 234,5678 €"
    assert french("Pénalités : 40 € !") == f"Pénalités{THIN}: 40{THIN}€{THIN}!"
