"""What holds for every figure that the portal ships."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kit.text import translations
from portal.law import FIGURES, SHIPPED, SUBJECTS, Figure, NoFigure, figure, figure_id
from portal.law.labels import LABELS

DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2040, 12, 31))
CODES = st.sampled_from(sorted(FIGURES))

# Lists that stop on purpose: nobody has read what follows, or the rule itself ends.
STOPS = {
    "gifts.vat_revaluation_years",
    "partner_employees.smic_monthly_eur",
    "partner_employees.smic_hourly_eur",
    "partner_employees.smic_monthly_mayotte_eur",
    "individuals.micro_bnc_ceiling_eur",
    "individuals.micro_bic_services_ceiling_eur",
    "invoices.ecb_rate_percent",
    "invoices.legal_interest_percent",
    "das2.key_fingerprint",
}
UNKNOWN = {"partner_employees.dsn_code"}


@pytest.mark.parametrize("code", sorted(FIGURES))
def test_a_dated_list_has_neither_gap_nor_overlap(code: str) -> None:
    dated = FIGURES[code]
    for earlier, later in pairwise(dated):
        assert earlier.since < later.since
        assert earlier.until in (None, later.since - timedelta(days=1))


@pytest.mark.parametrize("code", sorted(FIGURES))
def test_only_the_known_lists_stop(code: str) -> None:
    dated = FIGURES[code]
    assert (not dated) == (code in UNKNOWN)
    assert bool(dated and dated[-1].until) == (code in STOPS)


@pytest.mark.parametrize("code", sorted(FIGURES))
def test_every_figure_has_a_source_a_review_and_the_type_its_code_announces(code: str) -> None:
    units = ("_eur", "_percent", "_days", "_months", "_years", "_characters", "_points", "_multiple")
    for item in FIGURES[code]:
        assert item.source
        assert item.reviewed <= date(2026, 11, 21)
        assert not isinstance(item.value, float)
        if code.endswith(units):
            assert isinstance(item.value, Decimal)
        if code.split(".")[1].endswith("_on"):
            assert isinstance(item.value, date)


def test_a_code_begins_with_its_subject() -> None:
    for subject in SUBJECTS:
        assert all(code.startswith(subject.__name__.rpartition(".")[2] + ".") for code in subject.FIGURES)


@given(CODES, DAYS)
def test_a_figure_is_the_last_one_begun_and_none_is_given_before_or_after_the_list(
    code: str, day: date
) -> None:
    begun = [item for item in FIGURES[code] if item.since <= day]
    if begun and begun[-1].holds_on(day):
        assert figure(code, day) is begun[-1]
    else:
        with pytest.raises(NoFigure, match=code):
            figure(code, day)


def test_the_day_of_the_fact_chooses_the_figure() -> None:
    assert figure("das2.threshold_ttc_eur", date(2023, 12, 31)).value == Decimal(1200)
    assert figure("das2.threshold_ttc_eur", date(2024, 1, 1)).value == Decimal(2400)


def test_an_ended_figure_does_not_give_way_to_an_older_one() -> None:
    with pytest.raises(NoFigure):
        figure("partner_employees.smic_monthly_eur", date(2027, 1, 1))


def test_an_unknown_code_is_a_mistake_and_not_a_silent_law() -> None:
    with pytest.raises(KeyError):
        figure("gifts.nothing", date(2026, 1, 1))


def an_override(since: date, value: Decimal, until: date | None = None) -> Figure:
    return Figure(since, value, "Journal officiel", date(2026, 12, 20), to_confirm=False, until=until)


def test_the_company_enters_the_smic_of_next_year() -> None:
    code = "partner_employees.smic_monthly_eur"
    figures = SHIPPED.overridden_by({code: (an_override(date(2027, 1, 1), Decimal("1850.00")),)})
    assert figures.number(code, date(2027, 6, 1)) == Decimal("1850.00")
    assert figures.number(code, date(2026, 6, 1)) == Decimal("1823.03")


def test_an_override_of_the_same_day_wins_and_a_younger_shipped_figure_wins_over_it() -> None:
    code = "gifts.vat_threshold_ttc_eur"
    figures = SHIPPED.overridden_by({code: (an_override(date(2026, 1, 1), Decimal(85)),)})
    assert figures.number(code, date(2026, 5, 1)) == Decimal(85)
    assert figures.at(code, date(2027, 1, 1)).to_confirm


def test_a_temporary_override_gives_the_shipped_figure_back() -> None:
    code = "gifts.statement_threshold_eur"
    figures = SHIPPED.overridden_by(
        {code: (an_override(date(2026, 3, 1), Decimal(1), until=date(2026, 3, 31)),)}
    )
    assert [figures.whole(code, date(2026, month, 15)) for month in (2, 3, 4)] == [3000, 1, 3000]


def test_an_override_of_an_unknown_code_is_refused() -> None:
    with pytest.raises(KeyError):
        SHIPPED.overridden_by({"gifts.nothing": ()})


def test_a_number_asked_as_a_text_is_refused() -> None:
    day = date(2026, 1, 1)
    with pytest.raises(TypeError):
        SHIPPED.text("das2.threshold_ttc_eur", day)
    with pytest.raises(TypeError):
        SHIPPED.number("das2.category", day)
    with pytest.raises(TypeError):
        SHIPPED.day("das2.category", day)


def test_a_document_keeps_the_id_of_its_figure() -> None:
    code = "das2.threshold_ttc_eur"
    assert figure_id(code, figure(code, date(2026, 2, 1))) == "das2.threshold_ttc_eur@2024-01-01"


@pytest.mark.parametrize(
    ("code", "day"),
    [
        ("gifts.vat_threshold_ttc_eur", date(2026, 6, 1)),
        ("gifts.vat_threshold_ttc_eur", date(2027, 6, 1)),
        ("individuals.receipts_boxes", date(2026, 12, 31)),
        ("individuals.social_levies_boxes", date(2026, 12, 31)),
        ("mentions.franchise", date(2028, 7, 1)),
        ("einvoicing.self_billed_size_of", date(2026, 9, 1)),
        ("das2.key_fingerprint", date(2027, 2, 1)),
        ("vigilance.threshold_ht_eur", date(2026, 11, 21)),
        ("franchise.services_base_eur", date(2027, 1, 1)),
    ],
)
def test_what_could_not_be_confirmed_says_so(code: str, day: date) -> None:
    assert figure(code, day).to_confirm


def test_every_figure_has_a_name_of_its_own_in_both_languages() -> None:
    assert LABELS.keys() == FIGURES.keys()
    assert len(set(LABELS.values())) == len(LABELS)
    assert all(translations("en").gettext(label) != label for label in LABELS.values())
