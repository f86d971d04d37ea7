"""Closing a year: what is missing and for whom, two pairs of eyes, figures that stay, papers, facts that come later."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import asyncpg
import pytest

from portal import verify
from portal.commands.running import Refusal
from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.days import at, clock_at
from portal.kit.deed import Machine, deed
from portal.kit.problems import NotAllowed, Problem, Refused, Stale
from portal.payouts import access as payout_access
from portal.taxes.closing import access, commands, deciding, papers
from portal.taxes.closing.requirements import REQUIREMENTS, lacking
from portal.taxes.closing.rules import LABELS, YEAR_MOVES, Lack, YearState, digest, is_over, obstacles
from tests.books.months import browser
from tests.counting import Queries
from tests.invoicing.books import Books, books_of
from tests.taxes.stories import arrives, comes_back, sent

YEAR = 2027
IN_DECEMBER = at(date(2027, 12, 10), 10)
LATER_IN_DECEMBER = at(date(2027, 12, 20), 10)
IN_JANUARY = at(date(2028, 1, 4), 10)
IN_FEBRUARY = at(date(2028, 2, 4), 10)


# The rules


def test_a_year_has_one_table_of_moves():
    assert {(move.source, move.to) for move in YEAR_MOVES.values()} == {
        (YearState.OPENED, YearState.CONTROLLED), (YearState.CONTROLLED, YearState.OPENED), (YearState.CONTROLLED, YearState.CLOSED),
    }  # fmt: skip
    assert set(LABELS) == set(YearState)


@pytest.mark.parametrize(("today", "over"), [(date(2027, 12, 31), False), (date(2028, 1, 1), True)])
def test_a_year_is_over_on_the_first_of_january_and_not_before(today, over):
    assert is_over(YEAR, today) is over
    assert bool(obstacles(YEAR, [], today)) is not over


def test_each_lack_and_a_fault_stand_in_the_way():
    january = date(2028, 1, 4)
    lack = Lack("identity", "Rachel Vidal", "/apporteurs/R1")
    assert obstacles(YEAR, [], january) == []
    ((said, params),) = obstacles(YEAR, [lack, lack], january)
    assert params == {"count": 2}
    assert len(obstacles(YEAR, [lack], january, faults=1)) == 2
    assert said


def test_the_digest_depends_on_each_figure_and_not_on_their_order():
    line = {
        "referrer_id": 1,
        "status": "micro",
        "payments": 1,
        "net_cents": 10000,
        "vat_cents": 0,
        "benefits": 0,
        "benefits_cents": 0,
    }
    other = line | {"referrer_id": 2}
    assert digest(YEAR, [line, other]) == digest(YEAR, [other, line])
    changed = [line | {name: (line[name] + 1 if name != "status" else "company")} for name in line]
    assert len({digest(YEAR, [one, other]) for one in [line, *changed]}) == 1 + len(line)
    assert digest(YEAR, [line]) != digest(YEAR + 1, [line])


# The stage: in December Rémi gets 1 000,00 HT + 200,00 of VAT, Rachel 300,00


@pytest.fixture
async def books(cast) -> Books:
    with clock_at(IN_DECEMBER):
        books = await books_of(cast)
        await books.earns(cast.remi, 1_000_00)
        await books.earns(cast.rachel, 300_00)
        await books.issue()
    return books


@pytest.fixture
async def paid(books) -> Any:
    """The run that arrived on 20 December."""
    with clock_at(LATER_IN_DECEMBER):
        run = await sent(books)
        await arrives(books, run)
    return run


async def put(sql: str, *args: Any) -> None:
    async with db.transaction():
        await db.execute(sql, *args)


async def controlled(cast) -> Any:
    async with deed(cast.fanny.person):
        opened = await deciding.opened(cast.entity_id, YEAR)
        await deciding.control(opened)
    return await access.closing_of(YEAR)


async def closed(cast) -> Any:
    found = await controlled(cast)
    async with deed(cast.fred.person):
        await deciding.approve(found)
    await work_off()
    return await access.closing_of(YEAR)


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
        await put("UPDATE referrer SET street = '' WHERE id = $1", cast.rachel.referrer_id)
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
        await put("UPDATE referrer SET street = '3 rue des Lilas' WHERE id = $1", cast.rachel.referrer_id)
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


def test_each_requirement_says_what_to_do():
    assert all(one.label and one.todo and (one.sql or one.find) for one in REQUIREMENTS)
    assert len({one.code for one in REQUIREMENTS}) == len(REQUIREMENTS)


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


# The page and the command


async def test_finance_closes_on_the_page_and_another_approves(cast, paid, client):
    page = f"/fiscalite/{YEAR}/cloture"
    with clock_at(IN_DECEMBER):
        told = (await (await browser(client, cast.fanny)).get(page)).text
        assert "Il ne manque rien" in told
        assert "pas terminée" in told
        assert "Clore l&#39;année" not in told
    with clock_at(IN_JANUARY):
        fanny, fred = await browser(client, cast.fanny), await browser(client, cast.fred)
        await db_put_street(cast, "")
        told = (await fanny.get(page)).text
        assert "Rachel Vidal" in told
        assert "adresse manquante" in told
        exported = await fanny.get(f"{page}?format=csv&quoi=identity")
        assert "Rachel Vidal" in exported.text
        refused = await fanny.post_form(f"{page}/controle")
        assert refused.status_code == 409
        await db_put_street(cast, "3 rue des Lilas")
        assert (await fanny.post_form(f"{page}/controle")).status_code == 303
        assert "Approuver" in (await fred.get(page)).text
        assert (await fanny.post_form(f"{page}/approbation")).status_code == 403
        wrong = await fred.post_form(f"{page}/approbation/refus")
        assert wrong.status_code == 422
        assert (await fred.post_form(f"{page}/approbation")).status_code == 303
        told = (await fanny.get(page)).text
        assert "1 300,00" in told.replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\N{NO-BREAK SPACE}", " ")
        assert "se préparent" in told
        await work_off()
        assert "sont prêts" in (await fanny.get(f"{page}/avancement")).text
        assert "/fichiers/" in (await fanny.get(page)).text


async def db_put_street(cast, street: str) -> None:
    await put("UPDATE referrer SET street = $2 WHERE id = $1", cast.rachel.referrer_id, street)


async def test_the_pages_cost_the_same_with_one_or_many(cast, paid, books, client):
    with clock_at(IN_JANUARY):
        page, fanny = f"/fiscalite/{YEAR}/cloture", await browser(client, cast.fanny)
        async with Queries() as open_page:
            await fanny.get(page)
        await closed(cast)
        async with Queries() as closed_page:
            await fanny.get(page)
        assert len(open_page) <= 8
        assert len(closed_page) <= 8


@pytest.mark.parametrize(
    ("by", "said"),
    [(None, "Dites au nom de qui"), ("sam@lumen.example", "pas un compte ouvert de la finance")],
)
async def test_the_command_says_what_is_missing_and_wants_a_name(cast, paid, capsys, by, said):
    with clock_at(IN_JANUARY), pytest.raises(Refusal, match=said):
        await commands.close(YEAR, by)


async def test_the_command_closes_a_year_in_two_names(cast, paid, capsys):
    with clock_at(IN_JANUARY):
        await db_put_street(cast, "")
        with pytest.raises(Refusal, match="pas encore être close"):
            await commands.close(YEAR, "fanny@lumen.example")
        assert "Identité à compléter : R0001 Rachel Vidal" in capsys.readouterr().out
        await db_put_street(cast, "3 rue des Lilas")
        await commands.close(YEAR, "fanny@lumen.example")
        assert "Contrôlée" in capsys.readouterr().out
        await commands.close(YEAR, "fred@lumen.example")
        told = capsys.readouterr().out
        assert "2/2" in told
        assert (await access.closing_of(YEAR))["digest"].hex() in told
        with pytest.raises(Refusal, match="déjà close"):
            await commands.close(YEAR, "fred@lumen.example")
