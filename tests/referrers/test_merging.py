"""Two files of one person: one joins the other, and what is owed is owed to the one that stays."""

import pytest

from portal.kit import db
from portal.kit.deed import deed
from portal.kit.problems import Refused
from portal.ledger.balances import referrer_balances
from portal.people import actions as people
from portal.people.rules import Role
from portal.referrers import access, actions, merging
from portal.referrers.rules import Regime, Status
from tests.cast import HOME, SINCE
from tests.invoicing.books import books_of


@pytest.fixture
async def books(cast):
    return await books_of(cast)


async def another_file_of(cast, email="remi@maison.example"):
    """Rémi was invited twice, at another address."""
    async with deed(cast.sam.person):
        made = await actions.invite(email, "Rémi", "Morin", sales_user_id=cast.sam.user_id)
        return await actions.fill_profile(
            made, since=SINCE, **HOME, status=Status.COMPANY, vat_regime=Regime.STANDARD, company_name="Morin Conseil",
            legal_form="SARL", rcs_city="Lyon", siret="40483304800022", vat_number="FR83404833048",
        )  # fmt: skip


async def joined(cast, joins_id: int, stays_id: int) -> bool:
    wanted = await merging.plan(await access.referrer(joins_id), await access.referrer(stays_id))
    async with deed(cast.alice.person):
        done = await merging.merge(wanted, cast.alice.person)
    if done:
        return True
    async with deed(cast.alice.person):
        second = await people.invite_staff("anne@lumen.example", "Anne Roy", {Role.ADMIN})
    anne = type(cast.alice.person)(second["id"], "Anne Roy", second["email"], "fr", frozenset({Role.ADMIN}))
    async with deed(anne):
        return await merging.merge(wanted, anne)


async def test_what_is_owed_goes_over_and_the_earnings_keep_their_file(cast, books):
    await books.earns(cast.remi, 360_00)
    stays = await another_file_of(cast)
    before = await referrer_balances(cast.remi.referrer_id)
    assert before.earned >= 360_00
    assert await joined(cast, cast.remi.referrer_id, stays["id"])
    assert await referrer_balances(stays["id"]) == before
    assert (await referrer_balances(cast.remi.referrer_id)).earned == 0
    assert await db.value("SELECT count(*) FROM earning WHERE referrer_id = $1", cast.remi.referrer_id) > 0
    assert (await access.referrer(cast.remi.referrer_id))["state"] == "merged"
    assert (await access.referrer(stays["id"]))["state"] == "active"


async def test_what_the_joined_file_earns_afterwards_is_owed_and_invoiced_to_the_one_that_stays(cast, books):
    stays = await another_file_of(cast)
    assert await joined(cast, cast.remi.referrer_id, stays["id"])
    await books.earns(cast.remi, 100_00)
    assert (await referrer_balances(stays["id"])).earned >= 100_00
    assert (await referrer_balances(cast.remi.referrer_id)).earned == 0
    from portal.invoicing.access import payable_rows
    from portal.kit.days import today

    rows = await payable_rows(cast.entity_id, today())
    assert {row["referrer_id"] for row in rows} <= {stays["id"]}


async def test_money_wants_a_second_administrator_who_sees_the_same(cast, books):
    await books.earns(cast.remi, 360_00)
    stays = await another_file_of(cast)
    wanted = await merging.plan(await access.referrer(cast.remi.referrer_id), stays)
    async with deed(cast.alice.person):
        assert not await merging.merge(wanted, cast.alice.person)
    with pytest.raises(Exception, match="approval_own_work"):
        async with deed(cast.alice.person):
            await merging.merge(wanted, cast.alice.person)
    assert (await access.referrer(cast.remi.referrer_id))["state"] != "merged"


async def test_whoever_sat_there_sits_here_and_reads_both_histories(cast, client, books):
    await books.earns(cast.remi, 360_00)
    stays = await another_file_of(cast)
    await joined(cast, cast.remi.referrer_id, stays["id"])
    seats = await db.rows(
        "SELECT referrer_id, seat FROM membership WHERE user_id = $1 AND ended_at IS NULL", cast.remi.user_id
    )
    assert [tuple(row) for row in seats] == [(stays["id"], "member")]
    assert (
        await client(cast.remi).get("/commissions")
    ).status_code == 303  # that session was for the other file


@pytest.mark.parametrize("case", ["standing", "same", "bank"])
async def test_what_stands_in_the_way_is_said(cast, case):
    joins, stays = cast.remi.referrer_id, cast.mina.referrer_id
    if case == "same":
        stays = joins
    if case == "bank":
        async with deed(cast.sam.person):
            await actions.give_bank_detail(joins, "Rémi", "FR7630006000011234567890189")
            await actions.give_bank_detail(joins, "Rémi", "FR7610107001011234567890129", by_code=True)
    wanted = await merging.plan(await access.referrer(joins), await access.referrer(stays))
    assert case in wanted.obstacles
    with pytest.raises(Refused):
        async with deed(cast.alice.person):
            await merging.merge(wanted, cast.alice.person)


async def test_without_money_one_administrator_merges_by_the_page(cast, client):
    stays = await another_file_of(cast)
    ref = (await access.referrer(cast.remi.referrer_id))["ref"]
    alice = client(cast.alice)
    page = await alice.get(f"/apporteurs/{ref}/fusion?avec={stays['number']}")
    assert "On ne revient pas en arrière" in page.text
    answer = await alice.post_form(f"/apporteurs/{ref}/fusion", avec=stays["number"])
    assert answer.headers["location"] == f"/apporteurs/{stays['ref']}"
    assert (await alice.post_form(f"/apporteurs/{ref}/fusion", avec="R9999")).status_code == 422


async def test_the_file_that_stays_says_which_one_joined_it_and_the_old_address_leads_there(cast, client):
    stays = await another_file_of(cast)
    gone = await access.referrer(cast.remi.referrer_id)
    assert await joined(cast, gone["id"], stays["id"])
    alice = client(cast.alice)
    answer = await alice.get(f"/apporteurs/{gone['ref']}")
    assert answer.headers["location"] == f"/apporteurs/{stays['ref']}"
    assert f"anciennement {gone['number']}" in (await alice.get(answer.headers["location"])).text
