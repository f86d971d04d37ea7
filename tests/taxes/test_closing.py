"""Closing a year: what is missing and for whom, two pairs of eyes, figures that stay, papers, facts that come later."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date

import asyncpg
import pytest

from portal import verify
from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.days import at, clock_at
from portal.kit.deed import Machine, deed
from portal.kit.problems import NotAllowed, Problem, Refused, Stale
from portal.payouts import access as payout_access
from portal.taxes.closing import access, deciding, papers
from portal.taxes.closing.requirements import lacking
from portal.taxes.closing.rules import digest
from tests.invoicing.books import Books
from tests.taxes.closings import (
    IN_DECEMBER,
    IN_FEBRUARY,
    IN_JANUARY,
    LATER_IN_DECEMBER,
    YEAR,
    closed,
    controlled,
    december,
    paid_on_the_20th,
    put,
    street,
)
from tests.taxes.stories import arrives, comes_back, sent


@pytest.fixture
async def books(cast) -> Books:
    return await december(cast)


@pytest.fixture
async def paid(books) -> db.Row:
    return await paid_on_the_20th(books)


@pytest.fixture
async def owner(base, cluster) -> AsyncIterator[asyncpg.Connection]:
    """Of the database: who may do what the portal may not."""
    connection = await asyncpg.connect(cluster.owner(base))
    yield connection
    await connection.close()


# Closing


async def test_one_controls_another_closes_and_the_figures_stay(cast, paid):
    with clock_at(IN_JANUARY):
        found = await closed(cast)
        assert (found["state"], found["controller"], found["closer"], found["alone"]) == (
            "closed",
            "Fanny Moreau",
            "Fred Aubin",
            False,
        )
        lines = {line["referrer_id"]: line for line in await access.lines_kept(found["id"])}
        remi, rachel = lines[cast.remi.referrer_id], lines[cast.rachel.referrer_id]
        assert (remi["status"], remi["payments"], remi["net_cents"], remi["vat_cents"]) == (
            "company",
            1,
            1_000_00,
            200_00,
        )
        assert (rachel["status"], rachel["net_cents"], rachel["vat_cents"]) == ("individual", 300_00, 0)
        assert digest(YEAR, lines.values()) == found["digest"]
        assert (await verify.everything()).faults == []


async def test_who_controls_does_not_close_and_may_withdraw(cast, paid):
    with clock_at(IN_JANUARY):
        found = await controlled(cast)
        with pytest.raises(NotAllowed):
            async with deed(cast.fanny.person):
                await deciding.approve(found)
        async with deed(cast.fanny.person):
            await deciding.withdraw(found)
        assert (await access.closing_of(YEAR))["state"] == "opened"
        await controlled(cast)
        async with deed(cast.fred.person):
            await deciding.refuse(found, "Il manque un virement")
        assert (await access.closing_of(YEAR))["state"] == "opened"


async def test_twenty_closings_at_once_are_one(cast, paid):
    with clock_at(IN_JANUARY):
        found = await controlled(cast)

        async def approve() -> bool:
            try:
                async with deed(cast.fred.person):
                    await deciding.approve(found)
            except Refused:
                return False
            return True

        assert sum(await asyncio.gather(*(approve() for _ in range(20)))) == 1
        assert await db.value("SELECT count(*) FROM year_closing_line") == 2


async def test_the_clock_opens_the_year_that_ended_once_and_not_an_empty_one(cast, paid):
    with clock_at(IN_JANUARY):
        for _twice in range(2):
            async with deed(Machine("clock")):
                await deciding.open_due(cast.entity_id)
        assert [row["year"] for row in await db.rows("SELECT year FROM year_closing")] == [YEAR]
    with clock_at(at(date(2030, 1, 2), 10)):
        async with deed(Machine("clock")):
            assert await deciding.open_due(cast.entity_id) is None  # nothing was paid in 2029


# Paris midnight


async def test_what_arrives_one_minute_before_midnight_in_paris_is_of_the_year_and_what_arrives_after_is_not(
    cast, books
):
    with clock_at(at(date(2027, 12, 31), 23)):  # 22:00 UTC
        run = await sent(books)
        await arrives(books, run)
    with clock_at(at(date(2027, 12, 31), 23)), pytest.raises(Refused, match="year_not_over"):
        async with deed(cast.fanny.person):
            await deciding.opened(cast.entity_id, YEAR)
    with clock_at(at(date(2028, 1, 1), 0)):  # 23:00 UTC, still 2027 in London
        assert (await closed(cast))["state"] == "closed"
        assert (await access.totals(cast.entity_id, YEAR)).people == 2
        assert (await access.totals(cast.entity_id, YEAR + 1)).people == 0


# What is missing


async def test_a_year_that_is_not_complete_does_not_close_and_says_why_for_each_person(cast, books):
    with clock_at(LATER_IN_DECEMBER):
        await sent(books)  # and the bank has not answered
        await street(cast, "")
    with clock_at(IN_JANUARY):
        found = await lacking(cast.entity_id, YEAR)
        assert {(one.code, one.name) for one in found} == {
            ("with_bank", "Rachel Vidal"),
            ("with_bank", "Morin Conseil"),
        }
        with pytest.raises(Refused, match="year_not_ready"):
            await controlled(cast)
        assert await access.closing_of(YEAR) is None
        run = await payout_access.run(await db.value("SELECT id FROM payout_run"))
        await arrives(books, run, date(2027, 12, 21))
        (left,) = await lacking(cast.entity_id, YEAR)
        assert (left.code, left.name, left.path.startswith("/apporteurs/")) == (
            "identity",
            "Rachel Vidal",
            True,
        )
        assert left.why == (("adresse manquante", {}),)
        await street(cast, "3 rue des Lilas")
        assert await lacking(cast.entity_id, YEAR) == []
        assert (await closed(cast))["state"] == "closed"


async def test_a_month_that_is_open_keeps_its_year_open(cast, paid):
    await put(
        "INSERT INTO settlement (ref, legal_entity_id, month, state, opened_at) VALUES ('M', $1, '2027-12-01', 'opened', $2)",
        cast.entity_id, IN_DECEMBER,
    )  # fmt: skip
    with clock_at(IN_JANUARY):
        (left,) = await lacking(cast.entity_id, YEAR)
        assert (left.code, left.name) == ("months", date(2027, 12, 1))


async def test_a_figure_that_nobody_gave_is_missing_by_its_name(cast, paid):
    """In 2027 the minimum wage of 1 January is to be published; it is asked for when employees of partners were paid."""
    assert [one for one in await lacking(cast.entity_id, YEAR) if one.code == "figures"] == []
    await put(
        """INSERT INTO referrer_standing (referrer_id, since, status, vat_regime, source, recorded_at)
           SELECT referrer_id, '2027-01-01', 'partner_employee', 'none', 'test', recorded_at FROM referrer_standing WHERE referrer_id = $1 LIMIT 1""",
        cast.rachel.referrer_id,
    )
    (left,) = [one for one in await lacking(cast.entity_id, YEAR) if one.code == "figures"]
    assert (left.name, left.path) == ("SMIC mensuel", "/reglages/chiffres/partner_employees.smic_monthly_eur")


# After the closing


async def test_nothing_arrives_in_a_closed_year_any_more(cast, paid, books):
    with clock_at(IN_JANUARY):
        await closed(cast)
    with clock_at(IN_FEBRUARY):
        with pytest.raises(Exception, match="is closed"):
            await put("UPDATE payout_line SET settled_on = '2027-11-30' WHERE state = 'settled'")
        await books.earns(cast.remi, 50_00)
        await books.issue(cast.remi)
        run = await sent(books)
        await arrives(books, run)
        assert (await access.totals(cast.entity_id, YEAR)).net == 1_300_00
        assert (await access.totals(cast.entity_id, YEAR + 1)).net == 50_00


async def test_what_comes_back_later_is_told_and_changes_no_frozen_figure(cast, paid, books):
    with clock_at(IN_JANUARY):
        found = await closed(cast)
        assert await access.later_facts(found) == []
    with clock_at(IN_FEBRUARY):
        await comes_back(books, paid, cast.rachel)
        (fact,) = await access.later_facts(found)
        assert (fact["name"], fact["cents"]) == ("Rachel Vidal", -300_00)
        assert (await access.totals_kept(found["id"])).net == 1_300_00  # 1 000 + 300, as it was declared
        assert (await access.totals(cast.entity_id, YEAR)).net == 1_000_00
        assert (await verify.everything()).faults == []


async def test_what_changed_between_control_and_closing_is_seen(cast, paid, books):
    with clock_at(IN_JANUARY):
        found = await controlled(cast)
        await comes_back(books, paid, cast.rachel)
        with pytest.raises((Stale, Problem)):
            async with deed(cast.fred.person):
                await deciding.approve(found)
        assert (await access.closing_of(YEAR))["state"] == "controlled"


async def test_the_check_of_closed_years_sees_a_figure_that_was_changed(cast, paid, owner):
    with clock_at(IN_JANUARY):
        await closed(cast)
        await owner.execute("ALTER TABLE year_closing_line DISABLE TRIGGER USER")
        await owner.execute("UPDATE year_closing_line SET net_cents = net_cents + 1 WHERE net_cents = 30000")
        faults = {line.split(": ")[1] for line in (await verify.everything()).faults}
        assert faults == {"closed_year_differs_from_ledger", "closed_year_differs_from_its_digest"}
        await owner.execute("UPDATE year_closing_line SET net_cents = net_cents - 1 WHERE net_cents = 30001")
        await owner.execute("ALTER TABLE year_closing_line ENABLE TRIGGER USER")


async def test_a_closed_line_is_never_changed(cast, paid):
    with clock_at(IN_JANUARY):
        await closed(cast)
    for wrong in ("UPDATE year_closing_line SET net_cents = 0", "DELETE FROM year_closing_line"):
        with pytest.raises(Exception, match="permission denied"):
            await put(wrong)


# Papers


async def test_every_paper_of_the_year_is_made_in_the_background_once_and_finance_is_told(cast, paid):
    with clock_at(IN_JANUARY):
        found = await controlled(cast)
        async with deed(cast.fred.person):
            await deciding.approve(found)
        assert await papers.progress(found["id"]) == (0, 2)
        await work_off()
        assert await papers.progress(found["id"]) == (2, 2)
        assert (
            await db.value("SELECT count(*) FROM mail_message WHERE kind = 'taxes.year_papers'") == 2
        )  # Fanny, Fred
        async with deed(cast.fanny.person):
            await deciding.make_papers(await access.closing_of(YEAR))
        await work_off()
        assert await db.value("SELECT count(*) FROM year_paper WHERE kind = 'summary'") == 2
