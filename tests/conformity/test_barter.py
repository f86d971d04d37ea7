"""Both papers of a barter, for each status, regime and territory of a business and each nature of what it gets: right in
law, with every mention, equal to the cent, nothing left to pay."""

from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.invoicing.barter.composing import Swap, sale_paper, service_paper
from portal.invoicing.barter.rules import BUSINESSES, Asked, sale_of, value_of
from portal.invoicing.conformity import faults
from portal.invoicing.facturx import final_xml
from portal.invoicing.mentions import missing_mentions, stands
from portal.invoicing.papers import RECEIPTS, Brand, Paper, french, paper_html
from portal.invoicing.proposals import standing_of, treatment_by
from portal.kit.money import net_within
from portal.law import SHIPPED
from portal.law.territories import territory_of
from tests.conformity.grid import CASES, COMPANY, Case, row_of

BRAND = Brand(name="Maison Vauquelin")
DAY = date(2026, 6, 30)
ORDER = {"title": "Enceinte portative", "points": 130, "nature": "good", "recipient": "Claire Rochebrune",
         "street": "3 quai Jules-Courmont", "price_cents": 120_00, "vat_rate": Decimal(20)}  # fmt: skip
NATURES = ("good", "voucher", "service")


def swap_of(case: Case, nature: str = "good", price: int = 120_00, rate: str = "20", **order) -> Swap | str:
    row = row_of(case, DAY.year) | {"vies_number": None, "email": "compta@brueckenbau.example"}
    standing = standing_of(row)
    assert standing
    where = territory_of(row["country"], row["postcode"], DAY, SHIPPED)
    ordered = ORDER | {"nature": nature, "price_cents": price, "vat_rate": Decimal(rate),
                       "postcode": row["postcode"], "city": row["city"], "country": row["country"]} | order  # fmt: skip
    asked = Asked(nature, Decimal(rate), case.place, where, ordered["country"], in_vies=True)
    sale = sale_of(asked, DAY, SHIPPED)
    if isinstance(sale, str):
        return sale
    treatment = treatment_by(row, standing, case.place, SHIPPED)
    value = value_of(price, Decimal(rate), sale)
    return Swap(ordered, row, COMPANY | {"place": case.place}, treatment, sale, value, DAY)


def both(swap: Swap) -> tuple[Paper, Paper]:
    return (
        service_paper(swap, "AP0014-2026-0007", "FV-2026-0003", SHIPPED),
        sale_paper(swap, "FV-2026-0003", "AP0014-2026-0007", SHIPPED),
    )


def words(paper: Paper) -> str:
    return " ".join(unescape(paper_html(paper, BRAND)).split())


BARTERS = [
    pytest.param(case, nature, id=f"{case}-{nature}")
    for case in CASES
    if case.status in BUSINESSES
    for nature in NATURES
    if not isinstance(swap_of(case, nature), str)
]


def test_every_status_of_a_business_has_a_barter():
    assert {param.values[0].status for param in BARTERS} == BUSINESSES
    assert {param.values[1] for param in BARTERS} == set(NATURES)


@pytest.mark.parametrize(("case", "nature"), BARTERS)
def test_both_papers_are_right_in_law_and_equal(case: Case, nature: str):
    swap = swap_of(case, nature)
    assert isinstance(swap, Swap)
    service, sale = both(swap)
    assert service.gross_cents == sale.gross_cents == swap.value_cents
    assert (service.transfer_cents, sale.transfer_cents) == (0, 0)
    for paper, other in ((service, sale), (sale, service)):
        assert missing_mentions(paper) == ()
        page = words(paper)
        absent = [text for texts in stands(paper).values() for text in texts
                  if " ".join(french(text).split()) not in page and " ".join(text.split()) not in page]  # fmt: skip
        assert absent == []
        assert other.number in page
        if paper.kind not in RECEIPTS:
            assert faults(final_xml(paper)) == []


@pytest.mark.parametrize(
    ("case", "nature", "service", "sale"),
    [
        # 120.00 TTC at 20 %: 100.00 + 20.00 on both sides
        (CASES[0], "good", (100_00, 20_00), (100_00, 20_00)),
        # under 293 B his 120.00 carry no VAT, ours do
        (CASES[8], "good", (120_00, 0), (100_00, 20_00)),
        # a card of 120.00 is outside VAT, the service is not
        (CASES[0], "voucher", (100_00, 20_00), (120_00, 0)),
        # sent to Stuttgart: exempt, so that both are worth 100.00
        (CASES[15], "good", (100_00, 0), (100_00, 0)),
        (CASES[15], "service", (100_00, 0), (100_00, 0)),
    ],
    ids=["two with VAT", "franchise", "card", "to Germany", "service to Germany"],
)
def test_each_side_at_its_own_vat(case, nature, service, sale):
    swap = swap_of(case, nature)
    assert isinstance(swap, Swap)
    told = [(paper.net_cents, paper.vat_cents) for paper in both(swap)]
    assert told == [service, sale]


def test_what_a_german_company_fetches_in_france_bears_french_vat():
    swap = swap_of(CASES[15], "good", country="FR", postcode="69002", city="Lyon")
    assert isinstance(swap, Swap)
    assert [(paper.net_cents, paper.vat_cents) for paper in both(swap)] == [(120_00, 0), (100_00, 20_00)]
    assert faults(final_xml(both(swap)[1])) == []


@pytest.mark.parametrize(
    ("case", "nature", "why"),
    [
        (CASES[16], "good", "abroad"),
        (CASES[2], "good", "abroad"),
        (CASES[6], "service", "abroad"),
        (CASES[18], "good", "abroad"),
    ],
    ids=["from La Réunion to Germany", "La Réunion", "Nouméa", "Zürich"],
)
def test_what_leaves_the_territory_is_invoiced_by_hand(case, nature, why):
    assert swap_of(case, nature) == why


def test_without_a_rate_or_an_answer_of_vies_there_is_no_barter():
    assert swap_of(CASES[0], "good", rate="0") == "no_rate"
    asked = Asked(
        "good", Decimal(20), "metropole", territory_of("DE", "70173", DAY, SHIPPED), "DE", in_vies=False
    )
    assert sale_of(asked, DAY, SHIPPED) == "not_in_vies"


@settings(max_examples=15)
@given(st.integers(100, 10**6), st.sampled_from(["20", "10", "5.5", "8.5"]))
def test_any_price_gives_two_equal_papers_without_fault(price: int, rate: str):
    """0.03 TTC at 20 % is 0.03 + 0.00 or 0.02 + 0.01, never more than a cent from rate × net."""
    swap = swap_of(CASES[0], "good", price, rate)
    assert isinstance(swap, Swap)
    service, sale = both(swap)
    assert service.gross_cents == sale.gross_cents == price
    assert faults(final_xml(sale)) == faults(final_xml(service)) == []


@given(st.integers(0, 10**9), st.decimals("0", "30", places=1))
def test_net_and_vat_of_a_total_add_up_to_it(total: int, rate: Decimal):
    net = net_within(total, rate)
    assert 0 <= net <= total
    assert abs(total - net - net * rate / 100) <= 1
