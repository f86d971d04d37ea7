"""What must hold of any invoice: what is due is never exceeded, what is read is what was written."""

import asyncio
import contextlib
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from portal.invoicing.received import reading_text, reading_xml
from portal.invoicing.received.comparing import Difference, Ours, compare
from portal.invoicing.received.differences import DIFFERENCES, Level, forbids, said
from portal.invoicing.received.mentions import Mention, absent
from portal.invoicing.received.opening import Format, opened
from portal.invoicing.received.told import Party, Told, kept, told_from
from portal.kit.money import percentage_of
from tests.received.shapes import but, cii, ubl, words
from tests.received.test_foreign import DUE, LUMEN

CENTS = st.integers(1, 10_000_000_00)
RATES = st.sampled_from(["0", "5.5", "8.5", "10", "20"])
DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))
NUMBERS = st.from_regex(r"[A-Z]{1,3}-?20[0-9]{2}[-/][0-9]{1,6}", fullmatch=True)


def a_told(net: int, vat: int, day: date = DUE.today, number: str = "F-1") -> Told:
    return Told(
        number=number, issued_on=day, seller=DUE.seller, buyer=LUMEN, net_cents=net, vat_cents=vat, total_cents=net + vat, lines=1
    )  # fmt: skip


def ours(net: int, rate: str = "20") -> Ours:
    vat = percentage_of(net, Decimal(rate))
    return replace(DUE, net_cents=net, all_cents=net, vat_cents=vat, rate=Decimal(rate))


@given(CENTS, CENTS, RATES)
def test_only_what_is_due_to_the_cent_may_be_accepted(theirs, due, rate):
    found = compare(a_told(theirs, percentage_of(theirs, Decimal(rate))), Format.PDF, ours(due, rate))
    assert forbids(found) == (theirs != due)


@given(CENTS, RATES, st.integers(-500, 500))
def test_vat_is_forgiven_a_cent_and_no_more(net, rate, off):
    right = percentage_of(net, Decimal(rate))
    found = compare(a_told(net, right + off), Format.PDF, ours(net, rate))
    never = right + off < 0 or (rate == "0" and off) or (right and not right + off)
    assert forbids(found) == bool(never or abs(off) > 1)


@given(DAYS)
def test_a_day_to_come_forbids(day):
    codes = {one.code for one in compare(a_told(360_00, 72_00, day), Format.PDF, DUE)}
    assert ("date_future" in codes) == (day > DUE.today)
    assert ("date_early" in codes) == (day < date(2026, 11, 15))


@given(NUMBERS, st.integers(2020, 2030))
def test_a_number_serves_once_in_a_year(number, year):
    found = compare(
        a_told(360_00, 72_00, number=number.lower()), Format.PDF, replace(DUE, used=[(number, year)])
    )
    assert {one.code for one in found} == {
        "number_used" if year == DUE.today.year else "number_used_before"
    } | {one.code for one in compare(a_told(360_00, 72_00, number=number), Format.PDF, replace(DUE, used=[]))}


@given(CENTS, st.sampled_from(["5.50", "10.00", "20.00"]), DAYS, NUMBERS, st.sampled_from([ubl, cii]))
def test_what_was_written_is_what_is_read(net, rate, day, number, write):
    facts = but(net=net, rate=rate, day=day.isoformat(), due=(day + timedelta(30)).isoformat(), number=number)
    told = reading_xml.read(asyncio.run(opened(write(facts))).root)
    assert (told.number, told.issued_on, told.due_on) == (number, day, day + timedelta(30))
    assert (told.net_cents, told.vat_cents, told.total_cents) == (net, facts.vat_cents, facts.total_cents)
    assert told_from(kept(told)) == told


@given(CENTS, DAYS, NUMBERS)
def test_the_words_of_a_pdf_give_back_its_figures(net, day, number):
    facts = but(net=net, day=day.isoformat(), number=number)
    told = reading_text.read(words(facts), Party(siren=LUMEN.siren, vat_number=LUMEN.vat_number))
    assert (told.number, told.issued_on) == (number, day)
    assert (told.net_cents, told.vat_cents, told.total_cents) == (net, facts.vat_cents, facts.total_cents)
    assert (told.seller.siren, told.buyer.siren) == ("404833048", "732829320")


@given(st.text(max_size=400))
def test_any_words_at_all_are_read_without_a_fall(text):
    told = reading_text.read(text, LUMEN)
    compare(told, Format.PDF, DUE)


@given(st.binary(max_size=300))
def test_any_bytes_at_all_have_an_answer(body):
    from portal.invoicing.received.words import Unreadable
    from portal.kit.invalid import Invalid

    if body.startswith(b"%PDF-"):
        return
    with contextlib.suppress(Unreadable, Invalid):
        asyncio.run(opened(body))


def test_every_difference_is_a_sentence_with_its_values():
    samples = {"money": (1_00, 2_00), "day": ("2026-11-01", "2026-11-22"), "percent": ("10", "20"), "siren": ("404833048", "732829320"),
               "iban": ("FR7630004028370000001654611", "…4611"), "block": ("", "carried"), "words": ("l'un", "l'autre")}  # fmt: skip
    for code, kind in DIFFERENCES.items():
        theirs, mine = samples[kind.shows]
        sentence = said(Difference(code, theirs, mine)).sentence
        assert sentence
        assert "%(" not in sentence
        assert kind.level in Level


def test_mentions_are_recognised_in_other_words_and_languages():
    wanted = [Mention("PMT", ""), Mention("PMD", ""), Mention("AAB", ""), Mention("reverse_charge", "")]
    text = "Frais de recouvrement 40 €. Late payment interest 12 %. Kein Skonto. Steuerschuldnerschaft des Leistungsempfängers."
    assert absent(wanted, text) == []
    assert absent(wanted, "Facture de 40 pommes") == wanted
