"""Figures of law: all of them with source and age; another value from a day on; read again and unchanged."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from portal.company import access as company
from portal.company import overriding
from portal.company.figures import access, rules
from portal.company.figures.rules import AGES, SUBJECTS, Age
from portal.kit import db
from portal.kit.days import at, clock_at, today
from portal.kit.deed import deed
from portal.kit.problems import NotFound
from portal.law import FIGURES, SHIPPED
from portal.law.figures import Kind, kind_of, value_of
from portal.law.labels import LABELS
from tests.taxes.closings import last_year_closed

GIFTS = "gifts.vat_threshold_ttc_eur"
IN_2026 = at(date(2026, 11, 22), 10)


# What a figure is


def test_every_figure_has_a_subject_a_name_and_a_kind():
    assert {code.partition(".")[0] for code in FIGURES} == set(SUBJECTS)
    assert set(FIGURES) == set(LABELS)
    assert {kind_of(dated) for dated in FIGURES.values()} == set(Kind)


@pytest.mark.parametrize("code", sorted(code for code, dated in FIGURES.items() if dated))
def test_every_shipped_value_survives_its_own_form(code):
    value = FIGURES[code][-1].value
    assert value_of(FIGURES[code], rules.kept(code, rules.typed(value))) == value


@pytest.mark.parametrize(
    ("code", "typed", "value"),
    [
        (GIFTS, "85", Decimal(85)),
        (GIFTS, "1 085,50", Decimal("1085.50")),
        ("vat.cgi_references_accepted_until", "30/06/2029", date(2029, 6, 30)),
        ("individuals.receipts_boxes", "5KU, 5LU,5MU", ("5KU", "5LU", "5MU")),
        ("partner_employees.dsn_code", "CTP 479", "CTP 479"),  # nobody could give it when it was shipped
        ("vat.standard_percent.guyane", "", None),  # still no VAT there
        ("vat.standard_percent.guyane", "8,5", Decimal("8.5")),
    ],
)
def test_a_value_is_typed_as_people_write_it(code, typed, value):
    assert value_of(FIGURES[code], rules.kept(code, typed)) == value


@pytest.mark.parametrize(
    ("code", "typed"),
    [
        (GIFTS, "beaucoup"),
        (GIFTS, "-3"),
        (GIFTS, "NaN"),
        (GIFTS, ""),
        ("vat.cgi_references_accepted_until", "demain"),
    ],
)
def test_what_is_no_such_value_is_refused_in_words(code, typed):
    with pytest.raises(ValueError, match="par exemple"):
        rules.kept(code, typed)


@pytest.mark.parametrize(
    ("code", "value", "said"),
    [
        (GIFTS, Decimal(73), "73,00\N{NO-BREAK SPACE}€"),
        ("invoices.longest_term_days", Decimal(60), "60 jours"),
        ("vigilance.renewal_months", Decimal(6), "6 mois"),
        ("vat.standard_percent.guyane", None, "Aucun"),
    ],
)
def test_a_value_is_told_with_its_unit(code, value, said):
    assert rules.said(code, value).replace("\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}") == said


# What the company dates


async def test_another_value_rules_from_its_day_on_and_not_before(cast):
    async with deed(cast.alice.person):
        await overriding.override(GIFTS, "84", date(2026, 6, 1), "arrêté du 28 mai 2026", "Révision de 2026")
    figures = await company.figures()
    assert figures.number(GIFTS, date(2026, 5, 31)) == 73
    assert figures.number(GIFTS, date(2026, 6, 1)) == 84
    assert figures.number(GIFTS, date(2026, 12, 31)) == 84
    assert figures.number(GIFTS, date(2027, 1, 1)) == 73  # what is shipped for 2027 is younger


async def test_a_value_with_an_end_gives_way_to_what_ruled_before(cast):
    async with deed(cast.alice.person):
        await overriding.override(GIFTS, "90", date(2026, 6, 1), "texte", "essai", date(2026, 6, 30))
    figures = await company.figures()
    assert figures.number(GIFTS, date(2026, 6, 30)) == 90
    assert figures.number(GIFTS, date(2026, 7, 1)) == 73


async def test_a_list_that_the_company_dates_is_still_a_list(cast):
    async with deed(cast.alice.person):
        await overriding.override("etnc.countries", "AG, PA", date(2026, 1, 1), "arrêté", "révision")
    assert (await company.figures()).at("etnc.countries", date(2026, 6, 1)).value == ("AG", "PA")


async def test_the_history_says_who_dated_what_and_why(cast):
    async with deed(cast.alice.person):
        await overriding.override(GIFTS, "84", date(2026, 6, 1), "arrêté du 28 mai 2026", "Révision de 2026")
    with clock_at(IN_2026):
        told, history = await access.one_told(GIFTS)
    assert told.own
    assert (told.figure.value, told.next.since) == (Decimal(84), date(2027, 1, 1))
    (ruling,) = [step for step in history if step.ruling]
    assert (ruling.own["who"], ruling.own["reason"]) == ("Alice Ferrand", "Révision de 2026")
    assert [step.figure.since for step in history] == sorted(
        (step.figure.since for step in history), reverse=True
    )


async def test_a_code_that_the_law_does_not_ship_is_unknown(cast):
    with pytest.raises(NotFound):
        await access.one_told("gifts.nothing")
    with pytest.raises(KeyError):
        async with deed(cast.alice.person):
            await overriding.override("gifts.nothing", "1", today(), "texte", "essai")


# The pages


async def test_finance_reads_what_an_administrator_dates(client, cast):
    alice, fanny = client(cast.alice), client(cast.fanny)
    answer = await alice.post_form(
        f"/reglages/chiffres/{GIFTS}",
        value="84", since="2026-06-01", source="arrêté du 28 mai 2026", reason="Révision de 2026",
    )  # fmt: skip
    assert answer.status_code == 303
    told = (await fanny.get(f"/reglages/chiffres/{GIFTS}")).text
    assert "arrêté du 28 mai 2026" in told
    assert "Révision de 2026" in told
    assert "Dater ce chiffre" not in told  # finance reads
    assert "Daté par vous" in (await fanny.get("/reglages/chiffres?q=seuil+de+TVA")).text


async def test_what_is_missing_is_said_under_its_field(client, cast):
    alice, page = client(cast.alice), f"/reglages/chiffres/{GIFTS}"
    answer = await alice.post_form(page, value="beaucoup", since="2026-06-01", until="2026-05-01")
    assert answer.status_code == 422
    assert "La fin vient après le début." in answer.text
    assert "Indiquez le texte ou la page qui le dit." in answer.text
    answer = await alice.post_form(page, value="beaucoup", since="2026-06-01", source="x", reason="y")
    assert answer.status_code == 422
    assert "Un nombre, par exemple 73" in answer.text
    assert await db.value("SELECT count(*) FROM figure_override") == 0


async def test_a_figure_that_was_read_again_is_young_and_confirmed(client, cast):
    alice, page = client(cast.alice), f"/reglages/chiffres/{GIFTS}"
    told, _history = await access.one_told(GIFTS)
    assert told.age is Age.TO_CONFIRM
    answer = await alice.post_form(f"{page}/relecture", checked="légifrance, ce matin")
    assert answer.status_code == 303
    told, _history = await access.one_told(GIFTS)
    assert told.age is Age.WELL
    assert told.figure.value == SHIPPED.at(GIFTS, today()).value
    assert told.figure.reviewed == today()


async def test_old_figures_come_first_and_can_be_picked(client, cast):
    fanny = client(cast.fanny)
    with clock_at(
        at(date(2026, 11, 22) + timedelta(days=400), 10)
    ):  # 2027-12-27: all were reviewed over a year ago
        found = await access.all_told()
        assert {one.age for one in found} <= {Age.ENDED, Age.OLD, Age.AHEAD}
    assert (await fanny.get("/reglages/chiffres?etat=to_confirm")).text.count('class="badge note-tone"') >= 5
    assert AGES[Age.OLD] == "À relire"


async def test_the_list_is_exported(client, cast):
    answer = await client(cast.fanny).get("/reglages/chiffres?format=csv&sujet=gifts")
    assert answer.status_code == 200
    assert "arrêté du 9 juin 2021" not in answer.text  # not in force any more
    assert "CIBS" in answer.text or "aucun arrêté trouvé" in answer.text


async def test_a_figure_of_a_closed_year_is_not_dated_any_more_and_nothing_typed_is_lost(client, cast):
    await last_year_closed(cast)
    page, last = f"/reglages/chiffres/{GIFTS}", today().year - 1
    typed = {"value": "84", "source": "arrêté", "reason": "Révision"}
    answer = await client(cast.alice).post_form(page, since=f"{last}-12-31", **typed)
    assert answer.status_code == 422
    assert f"{last} est close" in answer.text
    assert 'value="arrêté"' in answer.text
    assert (await client(cast.alice).post_form(page, since=f"{last + 1}-01-01", **typed)).status_code == 303
