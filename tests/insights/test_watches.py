"""One page of all that nears a day or a threshold: by urgency, each with what to do and where."""

from datetime import date, timedelta

import pytest

from portal.company import access as company
from portal.insights.tasks import tell_figures
from portal.insights.watches import access
from portal.insights.watches.rules import (
    OF_REFERRERS,
    STATES,
    URGENCIES,
    URGENT_STATES,
    WATCHES,
    Urgency,
    figures_to_watch,
    urgency_of,
)
from portal.insights.watches.words import path_of
from portal.kit import db
from portal.kit.days import at, clock_at, today
from portal.kit.listing import Column, Listing
from portal.law.calendar import Ageing, ageing
from portal.referrers.vigilance.watch_rules import What
from tests.counting import Queries
from tests.gifts.register.gifts import a_box, given
from tests.invoicing.books import books_of
from tests.taxes.closings import put

TODAY = date(2026, 11, 22)


# The rules


@pytest.mark.parametrize(
    ("days", "urgency"), [(-1, Urgency.NOW), (0, Urgency.SOON), (14, Urgency.SOON), (15, Urgency.AHEAD)]
)
def test_a_day_is_urgent_by_how_near_it_is(days, urgency):
    assert urgency_of(TODAY + timedelta(days), TODAY) is urgency


def test_each_threshold_of_a_referrer_stands_on_the_page():
    assert set(OF_REFERRERS) == set(What)
    assert set(OF_REFERRERS.values()) <= set(WATCHES)
    assert set(URGENCIES) == set(Urgency)
    assert set(STATES) == set(URGENT_STATES)


def test_a_figure_is_told_once_by_its_worst():
    ages = Ageing(ended=("a",), ends_soon=("b",), old=("a", "b", "c"), to_confirm=("c", "d"))
    assert figures_to_watch(ages) == [
        ("a", "ended", Urgency.NOW), ("b", "ends_soon", Urgency.SOON), ("c", "old", Urgency.SOON), ("d", "to_confirm", Urgency.AHEAD),
    ]  # fmt: skip


async def test_when_all_figures_grow_old_one_line_says_so(cast):
    with clock_at(at(date(2028, 1, 4), 10)):
        rows = await seen()
        assert [row["value"] for row in rows if row["kind"] == "figures"] == [
            sum(1 for state in await states() if state == "old"),
        ]
        assert {row["what"] for row in rows if row["kind"] == "figure"} == {"ended"}


async def states() -> list[str]:
    return [state for _code, state, _urgency in figures_to_watch(ageing(await company.figures(), today()))]


# What stands there


async def seen(**filters: str) -> list[db.Row]:
    listing = Listing.of("/veille", filters, (Column("what", ""),))
    listing.size = 1000
    await access.page_of(listing, await company.figures(), today())
    return list(listing.rows)


async def a_watch(referrer_id: int, what: str, level: int) -> None:
    await put(
        """INSERT INTO referrer_watch (referrer_id, what, year, level, value, ceiling, figure, since, seen_on)
           VALUES ($1, $2, $3, $4, 240000, 240000, '', $5, $5)""",
        referrer_id, what, today().year, level, today(),
    )  # fmt: skip


async def test_thresholds_reached_come_before_those_that_are_near_and_figures(cast):
    await a_watch(cast.rachel.referrer_id, "occasional_amount", 2)
    await a_watch(cast.mina.referrer_id, "franchise", 1)
    rows = await seen()
    kinds = [row["kind"] for row in rows]
    assert [row["urgency"] for row in rows] == sorted(row["urgency"] for row in rows)
    assert kinds.index("occasional") < kinds.index("ceiling")
    assert kinds.count("figures") == 1  # those to confirm, on one line
    assert kinds.count("return") == 1 or today().month in (6, 7, 8, 9, 10, 11, 12)


async def test_a_document_that_ends_and_a_contract_that_ends_are_told_with_their_day(cast):
    await books_of(cast)
    with clock_at(at(TODAY, 10)):
        await put(
            "UPDATE contract SET ends_on = $2 WHERE referrer_id = $1",
            cast.remi.referrer_id,
            TODAY + timedelta(10),
        )
        (mandate,) = [row for row in await seen() if row["kind"] == "mandate"]
        assert (mandate["name"], mandate["day"], mandate["urgency"]) == (
            "Morin Conseil",
            TODAY + timedelta(10),
            Urgency.SOON,
        )


async def test_a_paper_whose_legal_day_is_past_is_to_be_paid_now(cast):
    books = await books_of(cast)
    await books.earns(cast.remi, 360_00)
    (paper,) = await books.issue(cast.remi)
    assert [row for row in await seen() if row["kind"] == "paper"] == []
    with clock_at(at(paper["due_on"] + timedelta(1), 10)):
        (late,) = [row for row in await seen() if row["kind"] == "paper"]
        assert (late["number"], late["urgency"], late["value"]) == (
            paper["number"],
            Urgency.NOW,
            432_00,
        )  # 360 + 72 of VAT


async def test_years_and_months_to_close_are_told(cast):
    with clock_at(at(date(2028, 1, 20), 10)):
        await put(
            """INSERT INTO year_closing (ref, legal_entity_id, year, state, opened_at) VALUES ('Y', $1, 2027, 'opened', $2)""",
            cast.entity_id, at(date(2028, 1, 1), 6),
        )  # fmt: skip
        await put(
            "INSERT INTO settlement (ref, legal_entity_id, month, state, opened_at) VALUES ('M', $1, '2027-11-01', 'opened', $2)",
            cast.entity_id, at(date(2027, 11, 2), 6),
        )  # fmt: skip
        found = {row["kind"]: row for row in await seen()}
        assert (found["year"]["ref"], found["year"]["urgency"]) == ("2027", Urgency.AHEAD)
        assert found["month"]["urgency"] == Urgency.NOW  # December is over too


async def test_a_person_near_the_threshold_of_gifts_is_told_before_it_is_passed(cast):
    with clock_at(at(TODAY, 10)):
        await given(cast, a_box(58_00, 9_67, TODAY), cast.remi)  # 80 % of 73,00 is 58,40
        assert [row for row in await seen() if row["kind"] == "gift"] == []
        await given(cast, a_box(41, 7, TODAY), cast.remi)  # 58,41
        (near,) = [row for row in await seen() if row["kind"] == "gift"]
        assert (near["name"], near["value"], near["ceiling"], near["urgency"]) == (
            "Morin Conseil",
            58_41,
            73_00,
            Urgency.SOON,
        )
        assert path_of(near) == "/fiscalite/cadeaux?q=Morin%20Conseil"
        await given(cast, a_box(14_60, 2_43, TODAY), cast.remi)  # 73,01: passed, and put right
        (passed,) = [row for row in await seen() if row["kind"] == "gift"]
        assert passed["urgency"] == Urgency.AHEAD


# The page


async def test_finance_reads_it_with_links_filters_and_an_export(cast, client):
    await a_watch(cast.rachel.referrer_id, "occasional_amount", 2)
    fanny = client(cast.fanny)
    async with Queries() as queries:
        told = (await fanny.get("/veille")).text
    assert len(queries) <= 8
    assert "Rachel Vidal" in told
    assert "/reglages/chiffres?etat=to_confirm" in (await fanny.get("/veille?quoi=figures")).text
    only = (await fanny.get("/veille?urgence=0")).text
    assert "Rachel Vidal" in only
    assert "À faire confirmer" not in only
    exported = await fanny.get("/veille?format=csv&quoi=occasional")
    assert "Rachel Vidal" in exported.text
    assert (await client(cast.sam).get("/veille")).status_code == 404


# The alert


async def told_on(day: date) -> int:
    with clock_at(at(day, 8)):
        await tell_figures()
    return await db.value("SELECT count(*) FROM mail_message WHERE kind = 'insights.figures'")


async def test_an_administrator_is_told_once_of_a_figure_that_ages_and_of_what_is_new(cast):
    assert await told_on(date(2026, 10, 1)) == 1  # no rate of the central bank is known since July
    assert await told_on(date(2026, 10, 2)) == 1
    assert (
        await told_on(date(2026, 11, 22)) == 2
    )  # and the minimum wage ends with the year, within sixty days
    assert await told_on(date(2026, 11, 23)) == 2
    first, second = await db.rows(
        "SELECT text_body FROM mail_message WHERE kind = 'insights.figures' ORDER BY id"
    )
    assert "SMIC" not in first["text_body"]
    assert "SMIC mensuel" in second["text_body"]
    assert "Banque centrale" not in second["text_body"]  # told already
    assert "Seuil de TVA" not in first["text_body"]  # to be confirmed, as it was shipped
    assert await told_on(date(2027, 1, 2)) == 3  # now none is in force
    assert await told_on(date(2027, 1, 3)) == 3
