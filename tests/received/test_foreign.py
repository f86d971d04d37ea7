"""Whatever comes in, there is a plain answer: read and compared, or refused with a sentence. Nothing crashes, nothing is accepted wrongly."""

import time
from datetime import date
from decimal import Decimal

import pytest

from portal.invoicing.received import reading_text, reading_xml
from portal.invoicing.received.comparing import Ours, compare
from portal.invoicing.received.differences import Level, level_of, said
from portal.invoicing.received.mentions import Mention
from portal.invoicing.received.opening import opened
from portal.invoicing.received.standard import broken_rules
from portal.invoicing.received.told import Party
from portal.invoicing.received.words import Unreadable
from portal.kit.invalid import Invalid
from tests.received.foreign import FILES, HERE
from tests.received.shapes import ubl

LUMEN = Party(name="Lumen Conseil", siren="732829320", vat_number="FR44732829320", country="FR")
DUE = Ours(
    today=date(2026, 11, 22), buyer=LUMEN, net_cents=360_00, all_cents=360_00, vat_cents=72_00, rate=Decimal("20.0"),
    seller=Party(name="Morin Conseil", siren="404833048", vat_number="FR83404833048", country="FR"),
    due_on=date(2026, 12, 20), earned_on=date(2026, 11, 15), iban="FR7630004028370000001654611",
    used=[("F2026-000", 2026), ("F-7", 2025)],
    mentions=tuple(Mention(code, code) for code in ("PMT", "PMD", "AAB")),
)  # fmt: skip
NOTHING = Ours(today=DUE.today, buyer=LUMEN, iban=DUE.iban)
MOST_SECONDS = 20


async def answer_to(body: bytes) -> set[str]:
    try:
        found = await opened(body)
        told = (
            reading_xml.read(found.root)
            if found.root is not None
            else reading_text.read(found.text, Party(siren=LUMEN.siren, vat_number=LUMEN.vat_number))
        )
    except (Unreadable, Invalid) as wrong:
        return {f"!{wrong.code}"} if wrong.sentence else set()
    ours = NOTHING if told.is_credit else DUE
    broken = broken_rules(found.root, told) if found.root is not None else ()
    differences = compare(told, found.format, _with(ours, broken))
    assert all(said(one).sentence for one in differences)
    return {one.code for one in differences}


def _with(ours: Ours, broken: tuple[str, ...]) -> Ours:
    from dataclasses import replace

    return replace(ours, broken=broken)


@pytest.mark.parametrize("name", sorted(FILES))
async def test_every_invoice_has_its_plain_answer(name):
    started = time.monotonic()
    assert await answer_to((HERE / name).read_bytes()) == FILES[name].answer
    assert time.monotonic() - started < MOST_SECONDS


def test_the_files_are_those_of_the_table():
    assert {path.name for path in HERE.iterdir()} == set(FILES)
    assert len(FILES) >= 30


async def test_a_huge_file_is_refused_before_it_is_opened():
    with pytest.raises(Invalid) as wrong:
        await opened(b"<" + b"a" * 11_000_000)
    assert wrong.value.code == "file_too_big"


async def test_a_deep_file_is_refused():
    with pytest.raises(Unreadable) as wrong:
        await opened(b"<a>" * 5000 + b"</a>" * 5000)
    assert wrong.value.code == "xml_broken"


async def test_an_invoice_with_a_million_lines_of_words_keeps_a_bounded_text():
    body = ubl().replace(b"30 jours", b"mots " * 400_000)
    told = reading_xml.read((await opened(body)).root)
    assert len(told.text) <= reading_xml.LONGEST


@pytest.mark.parametrize("name", sorted(name for name, file in FILES.items() if not file.answer))
async def test_what_is_right_differs_in_nothing(name):
    assert await answer_to((HERE / name).read_bytes()) == set()


def test_what_may_never_be_accepted_is_said_to_be_so():
    from portal.invoicing.received.comparing import Difference

    never = ("over", "under", "currency", "seller_siren", "buyer_siren", "number_used", "date_future", "kind", "sums",
             "nothing_due", "mandated", "blocked", "vat_amount", "rate", "credits_other")  # fmt: skip
    assert {level_of(Difference(code)) for code in never} == {Level.FORBIDS}
