"""A reward of a business is invoiced both ways: 60.00 TTC of a basket against 60.00 TTC of service, nothing transferred."""

import asyncio

import pytest

from portal import verify
from portal.books.journal.entries import entries_between
from portal.books.own import receipts
from portal.company import access as company
from portal.gifts.orders import deciding, sending
from portal.gifts.orders.placing import Address
from portal.gifts.orders.sending import Parcel
from portal.gifts.register import access as register
from portal.gifts.register import recording
from portal.invoicing import access as papers
from portal.invoicing.barter import access
from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import deed
from portal.kit.problems import Refused
from portal.ledger.balances import account_balance, referrer_balances
from portal.referrers import actions as referrers
from portal.referrers.rules import Regime, Status
from tests.cast import SINCE
from tests.gifts.orders.shop import as_it_is, offer, order
from tests.referrers.abroad import certify


async def approved(cast, who, reward) -> db.Row:
    placed = await order(who, reward)
    async with deed(cast.fanny.person):
        await deciding.approve(await as_it_is(placed))
    return await as_it_is(placed)


async def papers_of(cast, placed) -> list[db.Row]:
    return await access.papers_of_order(cast.fanny.person, placed["ref"])


def told(paper) -> tuple[str, int, int]:
    return paper["kind"], paper["net_cents"], paper["vat_cents"]


async def balance(cast, role: str) -> int:
    return await account_balance(f"entity:{cast.entity_id}:{role}")


async def test_the_order_of_a_company_makes_both_invoices(scene, cast):
    """60.00 ÷ 1.2 = 50.00: 50.00 + 10.00 on both sides."""
    placed = await approved(cast, cast.remi, await offer(cast))
    service, sale = await papers_of(cast, placed)
    assert (told(service), told(sale)) == (("self_billed", 50_00, 10_00), ("sale", 50_00, 10_00))
    year = today().year
    assert sale["number"] == f"FV-{year}-0001"
    kept = (await papers.invoice(service["id"]))["paper"]
    assert (kept["set_off"]["number"], kept["kind"]) == (sale["number"], "389")
    other = (await papers.invoice(sale["id"]))["paper"]
    assert (other["set_off"]["number"], other["kind"], other["seller"]["name"]) == (
        service["number"],
        "380",
        "Lumen Conseil",
    )


async def test_under_293_b_only_our_side_has_vat(scene, cast):
    placed = await approved(cast, cast.mina, await offer(cast))
    assert [told(paper) for paper in await papers_of(cast, placed)] == [
        ("self_billed", 60_00, 0),
        ("sale", 50_00, 10_00),
    ]


async def test_an_individual_makes_no_barter(scene, cast):
    placed = await approved(cast, cast.rachel, await offer(cast))
    assert await papers_of(cast, placed) == []


async def test_nothing_is_left_to_pay_and_the_money_identity_is_untouched(scene, cast):
    await approved(cast, cast.remi, await offer(cast))
    assert await papers.unpaid(cast.entity_id) == []
    money = await referrer_balances(cast.remi.referrer_id)
    assert (money.earned, money.invoiced, money.paid, money.due) == (0, 0, 0, 0)
    assert await account_balance(f"entity:{cast.entity_id}:referrer:{cast.remi.referrer_id}:barter") == 0


async def test_the_books_have_a_purchase_a_sale_and_its_cost(scene, cast):
    """Bought 72.00 TTC with 12.00 of VAT; sold 50.00 + 10.00; his service 50.00 + 10.00."""
    await approved(cast, cast.remi, await offer(cast))
    number = await db.value("SELECT number FROM referrer WHERE id = $1", cast.remi.referrer_id)
    day = today()
    entries = await entries_between(
        await company.legal_entity_by(cast.entity_id), day.replace(month=1, day=1), day
    )
    written = {
        entry.fact.label.split(" FV")[0].split(f" {number}")[0]: [
            (line.account.number, line.cents) for line in entry.lines
        ]
        for entry in entries
    }
    assert written == {
        "Facture réglée par échange": [("44566", 10_00), ("6222", 50_00), ("401", -60_00)],
        "Vente par échange": [("401", 60_00), ("44571", -10_00), ("707", -50_00)],
        "Achat vendu par échange": [("44566", 12_00), ("607", 60_00), ("6234", -72_00)],
    }


async def test_what_was_sold_is_a_benefit_but_no_gift(scene, cast):
    """In the register it stands as remuneration of 60.00; its VAT is that of a sale and no gift's."""
    placed = await approved(cast, cast.remi, await offer(cast))
    async with deed(cast.fanny.person):
        await sending.send(placed, Parcel())
    gift = await register.gift_of_order(placed["id"])
    assert gift
    assert (gift["sold"], gift["value_cents"], gift["character"]) == (True, 60_00, "remuneration")
    assert await register.vat_lines_of(gift["id"]) == []
    assert (await balance(cast, "benefits_expense"), await balance(cast, "rewards_cost")) == (60_00, 50_00)


async def test_our_own_numbers_have_no_gap_whoever_orders_at_once(scene, cast):
    basket = await offer(cast)
    placed = [await order(who, basket) for who in (cast.remi, cast.mina, cast.remi, cast.mina)]

    async def one(row) -> None:
        async with deed(cast.fanny.person):
            await deciding.approve(await as_it_is(row))

    await asyncio.gather(*map(one, placed))
    numbers = await db.rows("SELECT number FROM invoice WHERE kind = 'sale' ORDER BY series_position")
    assert [row["number"] for row in numbers] == [f"FV-{today().year}-{n:04}" for n in range(1, 5)]


async def test_several_approved_in_one_deed_make_all_their_papers(scene, cast):
    basket = await offer(cast)
    placed = [await order(who, basket) for who in (cast.mina, cast.remi)]
    async with deed(cast.fanny.person):
        for row in sorted(placed, key=lambda one: one["referrer_id"]):
            await deciding.approve(await as_it_is(row))
    assert [len(await papers_of(cast, row)) for row in placed] == [2, 2]


async def test_without_a_mandate_the_order_is_not_approved_and_nothing_is_half_done(scene, cast):
    await db_execute(
        cast, "UPDATE contract SET self_billing = false WHERE referrer_id = $1", cast.remi.referrer_id
    )
    placed = await order(cast.remi, await offer(cast))
    with pytest.raises(Refused) as refusal:
        async with deed(cast.fanny.person):
            await deciding.approve(await as_it_is(placed))
    assert refusal.value.code == "barter_no_mandate"
    assert (await as_it_is(placed))["state"] == "requested"
    assert (
        await db.value("SELECT count(*) FROM barter")
        == await db.value("SELECT coalesce(sum(last), 0) FROM number_series")
        == 0
    )


async def db_execute(cast, sql: str, *args) -> None:
    async with deed(cast.alice.person):
        await db.execute(sql, *args)


async def test_a_reward_without_a_rate_is_not_sold(scene, cast):
    placed = await order(cast.remi, await offer(cast, vat_rate=0, vat_cents=0))
    with pytest.raises(Refused) as refusal:
        async with deed(cast.fanny.person):
            await deciding.approve(await as_it_is(placed))
    assert refusal.value.code == "barter_no_rate"


async def test_both_papers_are_printed_with_their_xml(scene, cast):
    placed = await approved(cast, cast.remi, await offer(cast))
    await work_off()
    for paper in await papers_of(cast, placed):
        found = await papers.invoice(paper["id"])
        assert found["file_ref"]
        assert found["xml"]


async def test_each_sees_their_own_papers_only(scene, cast):
    placed = await approved(cast, cast.remi, await offer(cast))
    assert len(await access.papers_of_order(cast.remi.person, placed["ref"])) == 2
    assert await access.papers_of_order(cast.mina.person, placed["ref"]) == []


async def test_the_night_finds_nothing_off(scene, cast):
    await approved(cast, cast.remi, await offer(cast))
    assert (await verify.everything()).faults == []


async def sent_gift(cast, who, reward):
    placed = await approved(cast, who, reward)
    async with deed(cast.fanny.person):
        await sending.send(placed, Parcel())
    gift = await register.gift_of_order(placed["id"])
    assert gift
    return placed, gift


async def test_a_reward_that_came_back_is_credited_on_both_sides(scene, cast):
    """−50.00 − 10.00 twice: every account of the barter is at zero again."""
    placed, gift = await sent_gift(cast, cast.remi, await offer(cast))
    async with deed(cast.fanny.person):
        await recording.correct(gift, "Colis revenu")
    service, sale, credit, sale_credit = await papers_of(cast, placed)
    assert [paper["kind"] for paper in (credit, sale_credit)] == ["credit_note", "sale_credit"]
    assert (credit["credits_id"], sale_credit["credits_id"]) == (service["id"], sale["id"])
    assert sale_credit["number"] == f"FV-{today().year}-0002"
    roles = (
        "rewards_cost",
        "sales",
        "vat_collected",
        "vat_deductible",
        "goods_sold",
        "gifts_bought",
        "benefits_expense",
    )
    assert {role: await balance(cast, role) for role in roles} == dict.fromkeys(roles, 0)
    await work_off()


async def test_a_company_abroad_is_served_without_vat_and_taxed_here(scene, cast):
    """60.00 TTC sent to Stuttgart: 50.00 of an exempt supply against 50.00 of service, of which we assess 10.00."""
    await at_stuttgart(cast)
    home = Address("Morin", "Königstraße 12", "70173", "Stuttgart", "DE", "")
    placed = await order(cast.remi, await offer(cast), home)
    async with deed(cast.fanny.person):
        await deciding.approve(await as_it_is(placed))
    assert [told(paper) for paper in await papers_of(cast, placed)] == [
        ("self_billed", 50_00, 0),
        ("sale", 50_00, 0),
    ]
    assert await balance(cast, "vat_self_assessed") == -10_00
    async with deed(cast.fanny.person):
        await sending.send(await as_it_is(placed), Parcel())
    gift = await register.gift_of_order(placed["id"])
    assert gift
    async with deed(cast.fanny.person):
        await recording.correct(gift, "Colis revenu")
    assert await balance(cast, "vat_self_assessed") == 0


async def at_stuttgart(cast) -> None:
    """Rémi's company is German from now on, with a VAT number that VIES knows and a certificate of residence."""
    member = cast.remi.referrer_id
    async with deed(cast.alice.person):
        await db.execute(
            """UPDATE referrer SET country = 'DE', street = 'Königstraße 12', postcode = '70173', city = 'Stuttgart',
                 siret = '', rcs_city = '', vat_number = 'DE136695976' WHERE id = $1""",
            member,
        )
        await referrers.record_standing(member, SINCE, Status.EU_COMPANY, Regime.REVERSE_CHARGE, "test")
        await db.insert(
            "register_answer",
            referrer_id=member,
            register="vat",
            number="DE136695976",
            result="valid",
            consultation="WAPIAAAA",
            name="",
            address="",
            asked_at=now(),
        )
    await certify(cast, cast.remi, today())


async def test_a_micro_entrepreneur_declares_what_came_in_kind(scene, cast):
    """60.00 without VAT: a receipt of its day, told to the Urssaf with the quarter."""
    await approved(cast, cast.mina, await offer(cast))
    [line] = await receipts.receipts(cast.mina.referrer_id, today(), today())
    assert (line["total_cents"], line["rail"], line["href"].startswith("/factures/")) == (
        60_00,
        "barter",
        True,
    )


async def test_both_papers_are_shown_with_what_pays_them(scene, cast, client):
    placed = await approved(cast, cast.remi, await offer(cast))
    service, sale = await papers_of(cast, placed)
    for who in (cast.remi, cast.fanny):
        listed = await client(who).get("/factures")
        for paper, other in ((service, sale), (sale, service)):
            assert paper["number"] in listed.text
            shown = await client(who).get(f"/factures/{paper['ref']}")
            assert shown.status_code == 200
            assert f"/factures/{other['ref']}" in shown.text
            assert f"/recompenses/commandes/{placed['ref']}" in shown.text
        assert "Compensée" in listed.text
    assert (await client(cast.mina).get(f"/factures/{sale['ref']}")).status_code == 404


async def test_a_mail_tells_of_both_once(scene, cast):
    placed = await approved(cast, cast.remi, await offer(cast))
    service, _sale = await papers_of(cast, placed)
    mails = await db.rows("SELECT text_body FROM mail_message WHERE kind = 'invoicing.issued'")
    assert len(mails) == 1
    assert service["number"] in mails[0]["text_body"]
    assert "échange" in mails[0]["text_body"]
