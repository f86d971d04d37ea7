"""What staff do on the page of a deal when the client changed the order, when it was written wrongly, when a bank rejects."""

import pytest

from portal.deals import access
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.plans import actions as plans
from tests.stories import contract_of, open_a_programme, paid, won


@pytest.fixture
async def deal(cast):
    await contract_of(cast.rachel, await open_a_programme())
    return await won(cast.rachel, cast.sam)  # 12 000 € HT, one line, 8 %


def typed(deal, **changes):
    said = {
        "version": deal["version"], "kind": "correction", "on": today().isoformat(), "reason": "Montant mal saisi",
        "label": ["Site"], "product": [""], "net": ["9 000"], "quantity": ["1"], "cost": [""], "discount": ["0"],
    }  # fmt: skip
    return {**said, **changes}


async def test_the_page_shows_the_lines_as_they_are(cast, client, deal):
    page = (await client(cast.sam).get(f"/affaires/{deal['ref']}/modification")).text
    assert 'value="12000,00"' in page
    assert "La saisie était fausse" in page


async def test_a_corrected_amount_stands_on_the_deal_with_its_reason(cast, client, deal):
    sam, path = client(cast.sam), f"/affaires/{deal['ref']}/modification"
    changed = await sam.post_form(path, **typed(deal))
    assert changed.headers["location"] == f"/affaires/{deal['ref']}#lignes"
    page = (await sam.get(f"/affaires/{deal['ref']}")).text
    assert "9\u202f000,00" in page
    assert "Montant mal saisi" in page
    assert (await access.deal(deal["id"]))["net_cents"] == 900_000


async def test_a_line_more_without_a_script_keeps_what_was_typed(cast, client, deal):
    page = await client(cast.sam).post_form(f"/affaires/{deal['ref']}/modification", **typed(deal), more="1")
    assert page.status_code == 200
    assert 'value="9 000"' in page.text
    assert "Ligne 2" in page.text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"reason": ""}, "Dites en quelques mots"),
        ({"kind": ""}, "Dites ce qui change."),
        ({"net": ["12 000"]}, "Rien ne change."),
        ({"net": ["douze"]}, "Ce montant ne se lit pas."),
        ({"net": ["0"]}, "Indiquez au moins une ligne avec un montant."),
        ({"kind": "amendment", "on": "2020-01-01"}, "entre la signature et aujourd’hui"),
    ],
)
async def test_what_cannot_be_is_said_and_nothing_typed_is_lost(cast, client, deal, wrong, said):
    answer = await client(cast.sam).post_form(f"/affaires/{deal['ref']}/modification", **typed(deal, **wrong))
    assert answer.status_code == 422
    assert said in answer.text
    assert await db.value("SELECT count(*) FROM deal_change") == 0


async def test_of_two_who_change_it_the_second_is_told(cast, client, deal):
    path = f"/affaires/{deal['ref']}/modification"
    assert (await client(cast.sam).post_form(path, **typed(deal))).status_code == 303
    assert (await client(cast.fanny).post_form(path, **typed(deal, net=["8 000"]))).status_code == 409
    assert (await access.deal(deal["id"]))["net_cents"] == 900_000


async def test_a_one_off_sale_is_not_corrected_below_what_was_paid(cast, client, deal):
    async with deed(cast.alice.person):
        await plans.add_product("site", "Site")
    await paid(deal, cast.fanny, 10_000_00)
    said = typed(await access.deal(deal["id"]), product=["site"])
    answer = await client(cast.sam).post_form(f"/affaires/{deal['ref']}/modification", **said)
    assert answer.status_code == 422
    assert "dépasse le montant" in answer.text


async def test_a_rejected_debit_is_seen_on_the_deal(cast, client, deal):
    """8 % of 6 000 = 480, taken back."""
    await paid(deal, cast.fanny, 6_000_00)
    [payment] = await access.payments_of(deal["id"])
    fanny = client(cast.fanny)
    said = {"payment": payment["ref"], "on": today().isoformat()}
    assert (await fanny.post_form(f"/affaires/{deal['ref']}/rejets", **said)).status_code == 303
    page = (await fanny.get(f"/affaires/{deal['ref']}")).text
    assert "Rejeté par la banque" in page
    assert await db.value("SELECT sum(amount) FROM earning") == 0
    again = await fanny.post_form(f"/affaires/{deal['ref']}/rejets", **said)
    assert again.status_code == 422
    assert "il ne reste rien à rejeter" in again.text
    assert (
        await fanny.post_form(f"/affaires/{deal['ref']}/rejets", **{**said, "payment": "A"})
    ).status_code == 404


async def test_an_invoice_and_a_payment_name_their_lines(cast, client, deal):
    sam = client(cast.sam)
    two = typed(
        deal,
        label=["Site", "Audit"],
        product=["", ""],
        net=["9 000", "3 000"],
        quantity=["1", "1"],
        cost=["", ""],
        discount=["0", "10"],
    )
    assert (await sam.post_form(f"/affaires/{deal['ref']}/modification", **two)).status_code == 303
    fanny = client(cast.fanny)
    said = {"number": "F-1", "issued_on": today().isoformat(), "net": "3 000", "vat": "600", "lines": ["2"]}
    assert (await fanny.post_form(f"/affaires/{deal['ref']}/factures", **said)).status_code == 303
    invoice = await db.row("SELECT ref, line_positions FROM client_invoice")
    assert invoice["line_positions"] == [2]
    settled = {"paid_on": today().isoformat(), "invoice": invoice["ref"], "amount": "3 600"}
    assert (await fanny.post_form(f"/affaires/{deal['ref']}/encaissements", **settled)).status_code == 303
    assert await db.value("SELECT line_positions FROM client_payment") == [2]
    foreign = await fanny.post_form(
        f"/affaires/{deal['ref']}/encaissements", paid_on=today().isoformat(), amount="10", lines=["7"]
    )
    assert foreign.status_code == 422


async def test_a_deal_is_completed_when_all_is_paid_and_open_again_when_a_payment_bounces(cast, client, deal):
    await paid(deal, cast.fanny, 6_000_00)
    assert (await access.deal(deal["id"]))["state"] == "signed"
    await paid(deal, cast.fanny, 6_000_00)
    assert (await access.deal(deal["id"]))["state"] == "completed"
    assert "Terminée" in (await client(cast.sam).get(f"/affaires/{deal['ref']}")).text
    last = (await access.payments_of(deal["id"]))[-1]
    said = {"payment": last["ref"], "on": today().isoformat()}
    await client(cast.fanny).post_form(f"/affaires/{deal['ref']}/rejets", **said)
    assert (await access.deal(deal["id"]))["state"] == "signed"


async def test_a_completed_deal_opens_again_when_the_client_orders_more_and_may_still_be_cancelled(
    cast, client, deal
):
    await paid(deal, cast.fanny, 12_000_00)
    more = typed(await access.deal(deal["id"]), kind="amendment", net=["15 000"])
    assert (
        await client(cast.sam).post_form(f"/affaires/{deal['ref']}/modification", **more)
    ).status_code == 303
    assert (await access.deal(deal["id"]))["state"] == "signed"
    await paid(await access.deal(deal["id"]), cast.fanny, 3_000_00)
    told = {
        "version": (await access.deal(deal["id"]))["version"],
        "on": today().isoformat(),
        "cause": "client",
        "reason": "Renonce",
    }
    assert (
        await client(cast.fanny).post_form(f"/affaires/{deal['ref']}/annulation", **told)
    ).status_code == 303
    assert (await access.deal(deal["id"]))["state"] == "cancelled"


async def test_a_subscription_is_never_completed(cast, client, deal):
    async with deed(cast.alice.person):
        await plans.add_product("suivi", "Suivi", kind="recurring")
    said = typed(await access.deal(deal["id"]), product=["suivi"], net=["100"])
    await client(cast.sam).post_form(f"/affaires/{deal['ref']}/modification", **said)
    await paid(await access.deal(deal["id"]), cast.fanny, 100_00)
    assert (await access.deal(deal["id"]))["state"] == "signed"
