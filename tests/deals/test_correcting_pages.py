"""In the browser: several rates, the total instead of the net, a credit note, a payment put right, shares put right."""

import pytest

from portal.kit import db
from portal.kit.days import today
from tests.stories import contract_of, open_a_programme, paid, won


@pytest.fixture
async def deal(cast):
    await contract_of(cast.rachel, await open_a_programme())
    return await won(cast.rachel, cast.sam)  # 12 000 € HT, 8 %


def day() -> str:
    return today().isoformat()


async def invoiced(fanny, deal, **said):
    return await fanny.post_form(f"/affaires/{deal['ref']}/factures", number="F-1", issued_on=day(), **said)


@pytest.mark.parametrize(
    ("typed", "net", "vat"),
    [
        ({"total": "1 200", "vat": "200"}, 1_000_00, 200_00),
        ({"total": "1 200", "net": "1 000"}, 1_000_00, 200_00),
        ({"net": "1 000"}, 1_000_00, 0),
        ({"rate": ["20", "5,5", ""], "base": ["1 000", "200", ""]}, 1_200_00, 211_00),  # 200 + 11
    ],
)
async def test_an_invoice_says_any_two_of_its_amounts_or_its_rates(cast, client, deal, typed, net, vat):
    assert (await invoiced(client(cast.fanny), deal, **typed)).status_code == 303
    row = await db.row("SELECT net_cents, vat_cents FROM client_invoice")
    assert tuple(row) == (net, vat)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"total": "1 200"}, "Indiquez le HT et la TVA"),
        ({"net": "1 000", "vat": "200", "total": "1 300"}, "HT et TVA ne font pas le TTC."),
        ({"rate": ["vingt"], "base": ["100"]}, "Ce taux ne se lit pas."),
    ],
)
async def test_amounts_that_do_not_agree_are_said_and_kept(cast, client, deal, typed, said):
    answer = await invoiced(client(cast.fanny), deal, **typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert await db.value("SELECT count(*) FROM client_invoice") == 0


async def test_a_credit_note_stands_under_its_invoice(cast, client, deal):
    fanny = client(cast.fanny)
    await invoiced(fanny, deal, net="1 000", vat="200")
    invoice = await db.value("SELECT ref FROM client_invoice")
    said = {"invoice": invoice, "kind": "credit_note", "issued_on": day(), "net": "100", "vat": "20"}
    path = f"/affaires/{deal['ref']}/avoirs"
    assert "Indiquez le numéro de l’avoir." in (await fanny.post_form(path, **said)).text
    assert (await fanny.post_form(path, number="AV-1", **said)).status_code == 303
    assert "AV-1" in (await fanny.get(f"/affaires/{deal['ref']}")).text
    again = await fanny.post_form(path, number="AV-1", **said)
    assert "Cette facture a déjà un avoir de ce numéro." in again.text
    more = await fanny.post_form(path, number="AV-2", **{**said, "net": "1 000", "vat": "200"})
    assert "Cet avoir dépasse ce qui reste de la facture." in more.text


async def test_a_payment_is_put_right_and_the_wrong_one_crossed_out(cast, client, deal):
    await paid(deal, cast.fanny, 600_000)
    fanny, path = client(cast.fanny), f"/affaires/{deal['ref']}"
    payment = await db.value("SELECT ref FROM client_payment")
    correction = f"{path}/encaissements/{payment}/correction"
    assert 'value="6000,00"' in (await fanny.get(correction)).text
    said = {"paid_on": day(), "amount": "600", "nature": "deposit", "reason": "Un zéro de trop"}
    assert "Dites en quelques mots" in (await fanny.post_form(correction, **{**said, "reason": ""})).text
    assert (await fanny.post_form(correction, **said)).status_code == 303
    page = (await fanny.get(path)).text
    assert "<s>6\u202f000,00" in page
    assert "Un zéro de trop" in page
    assert "Acompte" in page
    assert await db.value("SELECT sum(amount)::bigint FROM earning") == 48_00  # 600 × 8 %
    assert (await client(cast.rachel).get(path)).status_code == 200


async def test_a_payment_that_never_came_is_crossed_out_alone(cast, client, deal):
    await paid(deal, cast.fanny, 600_000)
    payment = await db.value("SELECT ref FROM client_payment")
    path = f"/affaires/{deal['ref']}/encaissements/{payment}/correction"
    assert (await client(cast.fanny).post_form(path, never="1", reason="Doublon")).status_code == 303
    assert await db.value("SELECT sum(amount)::bigint FROM earning") == 0


async def test_a_refund_is_put_right_and_the_wrong_one_crossed_out(cast, client, deal):
    """6 000 earned 480; 3 000 typed instead of 300: 456 stay."""
    await paid(deal, cast.fanny, 600_000)
    fanny, path = client(cast.fanny), f"/affaires/{deal['ref']}"
    payment = await db.value("SELECT ref FROM client_payment")
    said = {"paid_on": day(), "payment": payment, "cause": "client"}
    assert (await fanny.post_form(f"{path}/remboursements", net="3 000", **said)).status_code == 303
    refund = await db.value("SELECT ref FROM client_payment WHERE kind = 'refund'")
    correction = f"{path}/encaissements/{refund}/correction"
    assert f'href="{correction}"' in (await fanny.get(path)).text
    form = (await fanny.get(correction)).text
    assert 'value="3000,00"' in form
    assert f'value="{payment}" selected' in form
    assert "Dites en quelques mots" in (await fanny.post_form(correction, **said, net="300", reason="")).text
    nothing = await fanny.post_form(correction, **said, net="", reason="Un zéro de trop")
    assert "Indiquez le montant remboursé." in nothing.text
    much = await fanny.post_form(correction, **said, net="9 000", reason="Un zéro de trop")
    assert "Ce remboursement dépasse ce que le client a payé." in much.text
    assert (await fanny.post_form(correction, **said, net="300", reason="Un zéro de trop")).status_code == 303
    page = (await fanny.get(path)).text
    assert "<s>-3\u202f000,00" in page or "<s>\u22123\u202f000,00" in page
    assert "Un zéro de trop" in page
    assert await db.value("SELECT sum(amount)::bigint FROM earning") == 456_00
    again = await fanny.post_form(correction, **said, net="30", reason="Encore")
    assert "Cette ligne a déjà été corrigée." in again.text


async def test_a_refund_that_never_was_is_crossed_out_alone(cast, client, deal):
    await paid(deal, cast.fanny, 600_000)
    fanny, path = client(cast.fanny), f"/affaires/{deal['ref']}"
    await fanny.post_form(f"{path}/remboursements", net="3 000", paid_on=day(), cause="client")
    refund = await db.value("SELECT ref FROM client_payment WHERE kind = 'refund'")
    answer = await fanny.post_form(f"{path}/encaissements/{refund}/correction", never="1", reason="Doublon")
    assert answer.status_code == 303
    assert await db.value("SELECT sum(amount)::bigint FROM earning") == 480_00
    assert "Doublon" in (await fanny.get(path)).text


async def test_what_is_still_expected_is_said_after_a_payment_was_put_right(cast, client, deal):
    """12 000 signed, 600 paid once it is put right: 11 400 × 8 % = 912 are still to come."""
    await paid(deal, cast.fanny, 600_000)
    payment = await db.value("SELECT ref FROM client_payment")
    path = f"/affaires/{deal['ref']}"
    said = {"paid_on": day(), "amount": "600", "nature": "ordinary", "reason": "Un zéro de trop"}
    await client(cast.fanny).post_form(f"{path}/encaissements/{payment}/correction", **said)
    assert "912,00" in (await client(cast.rachel).get(path)).text


def shared(deal, **changes):
    said = {
        "version": deal["version"],
        "partner": ["R0001", "rémi morin"],
        "weight": ["60", "40"],
        "reason": "Apporté à deux",
    }
    return {**said, **changes}


async def test_shares_are_put_right_before_money_and_stay_to_be_read(cast, client, deal):
    sam, path = client(cast.sam), f"/affaires/{deal['ref']}/parts"
    assert 'value="R0001"' in (await sam.get(path)).text
    assert (await sam.post_form(path, **shared(deal))).status_code == 303
    page = (await sam.get(f"/affaires/{deal['ref']}")).text
    assert "Apporté à deux" in page
    assert "Rachel Vidal 100 %" in page
    assert "Pas de contrat en vigueur" in page  # Rémi has none
    await paid(deal, cast.fanny, 100_000)
    assert await db.value("SELECT sum(amount)::bigint FROM earning") == 48_00  # 1 000 × 8 % × 60 %
    assert (await client(cast.remi).get(f"/affaires/{deal['ref']}")).status_code == 200
    late = await sam.post_form(path, **shared(deal, version=2, weight=["50", "50"]))
    assert "Le client a déjà payé" in late.text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"weight": ["60", "30"]}, "les parts font 90"),
        ({"partner": ["R0001", "personne"]}, "Aucun apporteur ne porte ce nom"),
        ({"partner": ["R0001", "R0001"]}, "nommé deux fois"),
        ({"partner": ["R0001"], "weight": ["100"]}, "Rien ne change."),
        ({"reason": ""}, "Dites en quelques mots"),
    ],
)
async def test_shares_that_cannot_be_are_said(cast, client, deal, wrong, said):
    answer = await client(cast.sam).post_form(f"/affaires/{deal['ref']}/parts", **shared(deal, **wrong))
    assert answer.status_code == 422
    assert said in answer.text
