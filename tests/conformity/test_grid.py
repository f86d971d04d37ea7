"""Each paper of each status, regime, territory and year: right in law, with every mention, on the page as in the XML."""

from datetime import date
from html import unescape

import pytest

from portal.invoicing.conformity import faults
from portal.invoicing.facturx import final_xml
from portal.invoicing.mentions import MENTIONS, duties_on, mentions_of, missing_mentions, stands
from portal.invoicing.papers import RECEIPTS, Brand, Kind, Paper, french, paper_html
from tests.conformity.grid import CASES, YEARS, Case, papers_of, proposal_of

BRAND = Brand(name="Maison Vauquelin")
NO_SMIC_YET = 2027  # published in December 2026: nothing is assumed
GRID = [
    pytest.param(case, year, id=f"{case}-{year}")
    for case in CASES
    for year in YEARS
    if (case.status, year) != ("partner_employee", NO_SMIC_YET)
]


def words(paper: Paper) -> str:
    return " ".join(unescape(paper_html(paper, BRAND)).split())


@pytest.mark.parametrize(("case", "year"), GRID)
def test_every_paper_is_right_in_law_and_says_all_that_it_must(case: Case, year: int):
    assert proposal_of(case, year).blocks == ()
    for name, paper in papers_of(case, year):
        assert missing_mentions(paper) == (), name
        page = words(paper)
        absent = {
            code: [
                text
                for text in texts
                if " ".join(french(text).split()) not in page and " ".join(text.split()) not in page
            ]
            for code, texts in stands(paper).items()
        }
        assert {code: texts for code, texts in absent.items() if texts} == {}, name
        if paper.kind not in RECEIPTS:
            assert faults(final_xml(paper)) == [], name


def test_a_year_whose_smic_is_unknown_makes_no_attestation():
    (employee,) = (case for case in CASES if case.status == "partner_employee")
    assert "smic_missing" in proposal_of(employee, NO_SMIC_YET).blocks


def test_no_mention_is_asked_of_no_paper_and_each_has_its_source():
    assert all(mention.kinds and mention.law for mention in MENTIONS)
    assert len({mention.code for mention in MENTIONS}) == len(MENTIONS)


@pytest.mark.parametrize("kind", Kind)
def test_what_becomes_a_duty_later_is_printed_before(kind: Kind):
    before = duties_on(kind, date(2026, 8, 31))
    assert set(before) <= set(duties_on(kind, date(2026, 9, 1))) == set(mentions_of(kind))
