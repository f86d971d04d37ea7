"""What is watched as it comes near a threshold: by the figures of the law, told once for each level of the year."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.days import at, clock_at, today
from portal.kit.deed import deed
from portal.law import SHIPPED
from portal.payouts import access as payout_access
from portal.payouts import actions as payouts
from portal.referrers.rules import Regime, Status
from portal.referrers.tasks import watch
from portal.referrers.vigilance import access_watches, watches
from portal.referrers.vigilance.lines import Life, Line
from portal.referrers.vigilance.rules import Asked, Kind, Need, Reason
from portal.referrers.vigilance.watch_rules import Level, Situation, What, asks_turnover, level_of, watched
from tests.earnings.scene import TEN_PERCENT, scene_of
from tests.invoicing.books import books_of

DAY = date(2026, 11, 22)
INDIVIDUAL = (Status.INDIVIDUAL, Regime.NONE)
MICRO = (Status.MICRO, Regime.FRANCHISE)
ASSOCIATION = (Status.ASSOCIATION, Regime.EXEMPT)
PARTNER = (Status.PARTNER_EMPLOYEE, Regime.NONE)


def levels(one: Situation, day: date = DAY) -> dict[What, Level]:
    return {seen.what: seen.level for seen in watched(one, day, SHIPPED)}


@pytest.mark.parametrize(
    ("who", "known", "what", "level"),
    [
        (INDIVIDUAL, {"deals": 1}, What.OCCASIONAL, Level.FAR),
        (INDIVIDUAL, {"deals": 2}, What.OCCASIONAL, Level.NEAR),
        (INDIVIDUAL, {"deals": 3}, What.OCCASIONAL, Level.REACHED),
        (INDIVIDUAL, {"paid_cents": 1_920_00}, What.OCCASIONAL_AMOUNT, Level.FAR),  # 2 400 × 80 %
        (INDIVIDUAL, {"paid_cents": 1_920_01}, What.OCCASIONAL_AMOUNT, Level.NEAR),
        (INDIVIDUAL, {"paid_cents": 2_400_01}, What.OCCASIONAL_AMOUNT, Level.REACHED),
        (INDIVIDUAL, {"paid_cents": 83_600_01}, What.MICRO, Level.REACHED),
        (MICRO, {"paid_cents": 66_880_00}, What.MICRO, Level.FAR),  # 83 600 × 80 %
        (MICRO, {"paid_cents": 6_880_00, "elsewhere_cents": 60_000_01}, What.MICRO, Level.NEAR),
        (MICRO, {"paid_cents": 30_000_00}, What.FRANCHISE, Level.FAR),  # 37 500 × 80 %
        (MICRO, {"paid_cents": 30_000_01}, What.FRANCHISE, Level.NEAR),
        (MICRO, {"paid_cents": 37_500_01}, What.FRANCHISE, Level.REACHED),
        (MICRO, {"paid_cents": 33_000_01}, What.FRANCHISE_UPPER, Level.NEAR),  # 41 250 × 80 %
        (MICRO, {"paid_cents": 41_250_01}, What.FRANCHISE_UPPER, Level.REACHED),
        (ASSOCIATION, {"elsewhere_cents": 64_008_81}, What.ASSOCIATION, Level.NEAR),  # 80 011 × 80 %
        (PARTNER, {"paid_cents": 218_76}, What.PARTNER_EXEMPT, Level.FAR),  # 1 823.03 × 15 % = 273.45; × 80 % = 218.76
        (PARTNER, {"paid_cents": 218_77}, What.PARTNER_EXEMPT, Level.NEAR),
        (PARTNER, {"paid_cents": 273_46}, What.PARTNER_EXEMPT, Level.REACHED),
        (PARTNER, {"paid_cents": 73_46, "rewards_cents": 200_00}, What.PARTNER_EXEMPT, Level.REACHED),
        (PARTNER, {"paid_cents": 2_734_56}, What.PARTNER_FLAT, Level.REACHED),  # 1 823.03 × 150 % = 2 734.55
        (MICRO, {"paid_total_cents": 1_920_01, "identified": False}, What.DAS2, Level.NEAR),
        (MICRO, {"paid_total_cents": 2_400_01, "identified": False}, What.DAS2, Level.REACHED),
    ],
)  # fmt: skip
def test_each_threshold_is_near_at_eighty_percent_and_reached_beyond(who, known, what, level):
    assert levels(Situation(*who, **known))[what] is level


def test_who_is_identified_is_no_matter_of_the_yearly_declaration():
    assert What.DAS2 not in levels(Situation(*MICRO, paid_total_cents=9_000_00))


def test_a_company_with_vat_has_no_ceiling():
    assert levels(Situation(Status.COMPANY, Regime.STANDARD, paid_cents=900_000_00)) == {}


def test_a_figure_that_is_not_published_is_said_and_not_guessed():
    [exempt, _flat] = watched(Situation(*PARTNER, paid_cents=1), date(2027, 3, 1), SHIPPED)
    assert (exempt.level, exempt.ceiling, exempt.figure) == (Level.NEAR, 0, "")


def line(kind: Kind, life: Life, need: Need = Need.REQUIRED, *, covered: bool = False) -> Line:
    return Line(Asked(kind, need, Reason.CONTRACT, "", holds=True), life, covered)


def test_documents_are_watched_and_those_of_foreigners_and_employees_by_name():
    lines = (line(Kind.RESIDENCE, Life.ENDING, covered=True), line(Kind.VIGILANCE, Life.EXPIRED))
    assert levels(Situation(Status.EU_COMPANY, Regime.REVERSE_CHARGE, lines=lines)) == {
        What.RESIDENCE: Level.NEAR, What.DOCUMENTS: Level.REACHED,
    }  # fmt: skip


cents = st.integers(min_value=0, max_value=100_000_00)


@given(cents, cents, st.integers(1, 90_000_00))
def test_more_is_never_farther(value, more, ceiling):
    assert level_of(value + more, ceiling, 80) >= level_of(value, ceiling, 80)


def test_only_those_are_asked_for_their_turnover_whose_thresholds_look_at_it():
    assert asks_turnover(*MICRO)
    assert asks_turnover(Status.COMPANY, Regime.FRANCHISE)
    assert not asks_turnover(*INDIVIDUAL)


# The nights


async def said(cast, cents: int) -> None:
    async with deed(cast.mina.person):
        await watches.declare_turnover(cast.mina.referrer_id, today().year, cents)


async def night(day: date | None = None) -> None:
    with clock_at(at(day or today(), 7)):
        await watch()
        await work_off()


async def mails(who, kind: str) -> list[db.Row]:
    return await db.rows(
        "SELECT * FROM mail_message WHERE to_email = $1 AND kind = $2 ORDER BY id",
        who.email,
        f"referrers.{kind}",
    )


@pytest.fixture
async def mina(cast):
    await (await scene_of(cast)).contract(cast.mina, TEN_PERCENT)
    return cast.mina


async def test_each_level_is_told_once_to_the_referrer_and_to_who_looks_after_them(cast, mina):
    await said(cast, 30_000_01)
    await night()
    await night()
    [mail] = await mails(mina, "ceiling_near")
    assert "Franchise de TVA" in mail["text_body"]
    assert len(await mails(cast.fanny, "ceiling_near_staff")) == 1
    assert len(await mails(cast.sam, "ceiling_near_staff")) == 1
    assert await mails(cast.sonia, "ceiling_near_staff") == []
    await said(cast, 37_500_01)
    await night()
    near, reached, upper = await mails(
        mina, "ceiling_near"
    )  # and the upper threshold, 41 250 × 80 % = 33 000, comes near
    assert near["id"] == mail["id"]
    assert {"atteint" in reached["subject"], "atteint" in upper["subject"]} == {True, False}


async def test_what_is_far_again_leaves_the_list_and_is_not_told_twice(cast, mina):
    await said(cast, 30_000_01)
    await night()
    await said(cast, 10_000_00)
    await night()
    assert {row["level"] for row in await access_watches.watches_of([mina.referrer_id], today().year)} == {0}
    await said(cast, 30_000_01)
    await night()
    assert len(await mails(mina, "ceiling_near")) == 1


async def test_a_new_year_begins_anew(cast, mina):
    await said(cast, 30_000_01)
    await night()
    january = date(today().year + 1, 1, 2)
    await night(january)
    assert await access_watches.watches_of([mina.referrer_id], january.year) == []
    assert len(await mails(mina, "ceiling_near")) == 1


async def test_what_was_paid_here_is_read_in_the_ledger(cast):
    books = await books_of(cast)
    await books.earns(cast.rachel, 2_500_00)
    [paper] = await books.issue(cast.rachel)
    assert paper["net_cents"] == 2_500_00
    async with deed(cast.fanny.person):
        run = await payouts.prepare(cast.entity_id, today())
    async with deed(cast.fred.person):
        await payouts.approve(run)
    run = await payout_access.run(run["id"])
    kept = await payouts.bank_file(run)
    async with deed(cast.fanny.person):
        await payouts.send(run, kept)
        await payouts.settle(await payout_access.run(run["id"]), today())
    await night()
    rows = {
        row["what"]: row for row in await access_watches.watches_of([cast.rachel.referrer_id], today().year)
    }
    assert rows["occasional_amount"]["value"] == 2_500_00
    assert rows["occasional_amount"]["level"] == Level.REACHED
