"""Every route of deals: signing, client invoices, payments, refunds, cancellation, and what a referrer sees of it."""

from datetime import timedelta
from decimal import Decimal

import pytest

from portal.deals import actions as deals
from portal.deals.rules import NewLine, Share
from portal.earnings.policy import Policy, Sight, set_policy
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.problems import Refused
from portal.plans import actions as plans
from tests.counting import Queries
from tests.stories import contract_of, moved, open_a_programme, paid, recommended, won


def on_day(ahead: int = 0) -> str:
    return (today() + timedelta(ahead)).isoformat()


def said_now(typed: dict) -> dict:
    """A day that is asked for stands for the day of the test, not of the hour when the tests were gathered."""
    return {name: said() if callable(said) else said for name, said in typed.items()}


@pytest.fixture
async def plan(cast):
    plan = await open_a_programme()
    await contract_of(cast.rachel, plan)
    return plan


@pytest.fixture
async def lead(cast, plan):
    return await moved(await recommended(cast.rachel, need="Site marchand"), cast.sam, "accept")


@pytest.fixture
async def deal(cast, plan):
    return await won(cast.rachel, cast.sam)  # 12 000 € HT, one line


def typed(lead, **changes):
    said = {
        "version": lead["version"], "title": "Site marchand", "signed_on": on_day(),
        "label": ["Site", "Formation"], "product": ["", ""], "net": ["9 000", "3 000,50"], "quantity": ["1", "2"],
    }  # fmt: skip
    return {**said, **changes}


async def test_a_recommendation_won_becomes_a_deal_with_its_lines(cast, client, lead):
    sam, path = client(cast.sam), f"/recommandations/{lead['ref']}/affaire"
    assert "Enregistrer l’affaire" in (await sam.get(path)).text
    signed = await sam.post_form(path, **typed(lead))
    assert signed.status_code == 303
    page = await sam.get(signed.headers["location"])
    assert page.status_code == 200
    assert "12\u202f000,50" in page.text  # 9 000 + 3 000,50
    assert await db.value("SELECT state FROM lead") == "won"


async def test_one_more_line_without_a_script_keeps_what_was_typed(cast, client, lead):
    page = await client(cast.sam).post_form(
        f"/recommandations/{lead['ref']}/affaire", **typed(lead), more="1"
    )
    assert page.status_code == 200
    assert "Ligne 3" in page.text
    assert 'value="3 000,50"' in page.text
    assert await db.value("SELECT count(*) FROM deal") == 0


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title": ""}, "Donnez un nom à l’affaire."),
        ({"signed_on": lambda: on_day(1)}, "La signature ne peut pas être dans le futur."),
        ({"signed_on": "hier"}, "Cette date ne se lit pas."),
        ({"net": ["neuf mille", "1"]}, "Ce montant ne se lit pas."),
        ({"net": ["", ""], "label": ["", ""]}, "Nommez la ligne."),
        ({"net": ["0", ""], "label": ["Site", ""]}, "Indiquez au moins une ligne avec un montant."),
        ({"partner": "AP9999", "partner_weight": "40"}, "Aucun apporteur ne porte ce nom ou ce numéro."),
        ({"partner": "R0002"}, "Indiquez la part de cet apporteur"),
        ({"partner": "R0001", "partner_weight": "40"}, "C’est déjà l’apporteur"),
    ],
)
async def test_a_fault_of_the_signature_is_said_and_nothing_typed_is_lost(cast, client, lead, wrong, said):
    answer = await client(cast.sam).post_form(
        f"/recommandations/{lead['ref']}/affaire", **typed(lead, **said_now(wrong))
    )
    assert answer.status_code == 422
    assert said in answer.text
    assert await db.value("SELECT count(*) FROM deal") == 0


async def test_a_partner_has_a_share(cast, client, lead):
    said = typed(lead, partner="r0002", partner_weight="40")
    assert (
        await client(cast.sam).post_form(f"/recommandations/{lead['ref']}/affaire", **said)
    ).status_code == 303
    shares = await db.rows("SELECT referrer_id, weight FROM deal_share ORDER BY position")
    assert [(row["referrer_id"], row["weight"]) for row in shares] == [
        (cast.rachel.referrer_id, Decimal(60)), (cast.remi.referrer_id, Decimal(40)),
    ]  # fmt: skip


async def test_two_submits_are_one_deal_and_a_stale_page_none(cast, client, lead):
    sam, path = client(cast.sam), f"/recommandations/{lead['ref']}/affaire"
    first = await sam.post_form(path, once="le-meme", **typed(lead))
    second = await sam.post_form(path, once="le-meme", **typed(lead))
    assert first.headers["location"] == second.headers["location"]
    assert (await sam.post_form(path, **typed(lead))).status_code == 409
    assert await db.value("SELECT count(*) FROM deal") == 1


async def test_a_payment_of_an_invoice_counts_before_tax_and_earns(cast, client, deal):
    fanny, path = client(cast.fanny), f"/affaires/{deal['ref']}"
    added = await fanny.post_form(
        f"{path}/factures", number="F-1", issued_on=on_day(), net="6 000", vat="1 200"
    )
    assert added.status_code == 303
    invoice = await db.value("SELECT ref FROM client_invoice")
    paid_in = await fanny.post_form(
        f"{path}/encaissements", paid_on=on_day(), invoice=invoice, amount="3 600"
    )
    assert paid_in.status_code == 303
    assert await db.value("SELECT net_cents FROM client_payment") == 300_000  # 3 600 × 6 000 ÷ 7 200
    page = (await fanny.get(path)).text
    earning = await db.row("SELECT ref, amount FROM earning")
    assert earning["amount"] == 24_000  # 3 000 × 8 %
    assert f"/commissions/{earning['ref']}" in page


async def test_a_refund_takes_back_and_names_its_payment(cast, client, deal):
    await paid(deal, cast.fanny, 600_000)
    payment = await db.value("SELECT ref FROM client_payment")
    answer = await client(cast.fanny).post_form(
        f"/affaires/{deal['ref']}/remboursements",
        paid_on=on_day(),
        net="1 500",
        payment=payment,
        cause="client",
    )
    assert answer.status_code == 303
    assert await db.value("SELECT sum(amount)::bigint FROM earning") == 36_000  # (6 000 − 1 500) × 8 %


async def test_a_cancelled_deal_says_why_and_is_not_cancelled_twice(cast, client, deal):
    fanny, path = client(cast.fanny), f"/affaires/{deal['ref']}"
    said = {"version": deal["version"], "on": on_day(), "cause": "client", "reason": "Projet abandonné"}
    assert (await fanny.post_form(f"{path}/annulation", **said)).status_code == 303
    assert "Projet abandonné" in (await fanny.get(path)).text
    assert (await fanny.post_form(f"{path}/annulation", **said)).status_code == 409


REFUSED = [
    ("encaissements", {"paid_on": on_day, "amount": "0"}, "Indiquez un montant au-dessus de zéro."),
    ("encaissements", {"paid_on": "demain", "amount": "10"}, "Cette date ne se lit pas."),
    ("remboursements", {"paid_on": on_day, "net": "0,01"}, "Ce remboursement dépasse ce que le client a payé."),
    ("remboursements", {"paid_on": on_day, "net": "1", "cause": "lune"}, "Choisissez une des réponses proposées."),
    ("factures", {"number": "F-1", "issued_on": on_day, "net": "0"}, "Indiquez un montant au-dessus de zéro."),
    ("factures", {"number": "", "issued_on": on_day, "net": "10"}, "Indiquez le numéro de la facture."),
    ("annulation", {"version": "1", "on": lambda: on_day(1), "cause": "client", "reason": "x"}, "entre la signature et aujourd’hui"),
    ("annulation", {"version": "1", "on": on_day, "cause": "client", "reason": ""}, "Dites en quelques mots"),
]  # fmt: skip


@pytest.mark.parametrize(("noun", "given", "said"), REFUSED)
async def test_what_cannot_be_is_said_on_the_form_and_nothing_is_kept(cast, client, deal, noun, given, said):
    answer = await client(cast.fanny).post_form(f"/affaires/{deal['ref']}/{noun}", **said_now(given))
    assert answer.status_code == 422
    assert said in answer.text
    kept = await db.value(
        "SELECT (SELECT count(*) FROM client_payment) + (SELECT count(*) FROM client_invoice)"
    )
    assert kept == 0


@pytest.mark.parametrize(("kind", "status"), [("one_off", 422), ("recurring", 303)])
async def test_goods_are_not_paid_beyond_their_price_but_a_subscription_goes_on(
    cast, client, lead, kind, status
):
    async with deed(cast.alice.person):
        product_id = await plans.add_product("site", "Site", kind=kind)
    lines = [NewLine("Site", 1_200_000, product_id=product_id)]
    async with deed(cast.sam.person):
        deal = await deals.sign(lead, title="Site", signed_on=today(), lines=lines)
    said = {"paid_on": on_day(), "amount": "12 000,01"}
    answer = await client(cast.fanny).post_form(f"/affaires/{deal['ref']}/encaissements", **said)
    assert answer.status_code == status
    assert ("Ce paiement dépasse" in answer.text) is (status == 422)


async def test_an_invoice_number_stands_once_in_a_deal(cast, client, deal):
    fanny, said = client(cast.fanny), {"number": "F-1", "issued_on": on_day(), "net": "100"}
    assert (await fanny.post_form(f"/affaires/{deal['ref']}/factures", **said)).status_code == 303
    again = await fanny.post_form(f"/affaires/{deal['ref']}/factures", **said)
    assert again.status_code == 422
    assert "a déjà une facture de ce numéro" in again.text


async def test_an_invoice_or_payment_of_another_deal_is_not_there(cast, client, deal):
    other = await won(cast.rachel, cast.sam, company="Autre maison")
    await paid(other, cast.fanny, 100_000)
    foreign = await db.value("SELECT ref FROM client_payment")
    path = f"/affaires/{deal['ref']}"
    fanny = client(cast.fanny)
    assert (
        await fanny.post_form(f"{path}/remboursements", paid_on=on_day(), net="1", payment=foreign)
    ).status_code == 404
    assert (
        await fanny.post_form(f"{path}/encaissements", paid_on=on_day(), amount="1", invoice="AAAAAAAAAA")
    ).status_code == 404


NOUNS = ["factures", "encaissements", "remboursements", "annulation"]


@pytest.mark.parametrize("noun", NOUNS)
async def test_acting_needs_a_person_of_the_house(cast, client, deal, noun):
    path = f"/affaires/{deal['ref']}/{noun}"
    assert (await client(None).post_form(path)).headers["location"].startswith("/connexion")
    for who in (cast.rachel, cast.stefan):
        assert (await client(who).post_form(path, version=1)).status_code == 404


@pytest.mark.parametrize("noun", ["encaissements", "remboursements", "annulation"])
async def test_sales_do_not_touch_the_money(cast, client, deal, noun):
    assert (await client(cast.sam).post_form(f"/affaires/{deal['ref']}/{noun}", version=1)).status_code == 404


async def test_a_deal_is_for_staff_and_for_those_who_share_it(cast, client, deal):
    path = f"/affaires/{deal['ref']}"
    assert (await client(None).get(path)).headers["location"].startswith("/connexion")
    assert (await client(cast.stefan).get(path)).status_code == 404
    assert (await client(cast.rachel).get("/affaires")).status_code == 404
    assert "Site marchand" in (await client(cast.sam).get("/affaires")).text
    for noun in ("affaire",):
        assert (
            await client(cast.rachel).get(f"/recommandations/{deal['lead_ref']}/{noun}")
        ).status_code == 404


async def test_the_referrer_sees_what_was_paid_and_what_is_still_to_come(cast, client, deal):
    await paid(deal, cast.fanny, 600_000)
    page = (await client(cast.rachel).get(f"/affaires/{deal['ref']}")).text
    assert "6\u202f000,00" in page
    assert "480,00" in page  # 6 000 × 8 %, and as much again when the rest is paid
    assert "En attente du client" in page
    assert "Fanny" not in page


async def test_amounts_stay_hidden_where_the_company_says_so(cast, client, deal):
    await paid(deal, cast.fanny, 500_000)
    async with deed(cast.alice.person):
        await set_policy(Policy(sight=Sight.RATE))
    page = (await client(cast.rachel).get(f"/affaires/{deal['ref']}")).text
    assert "400,00" in page  # 5 000 × 8 % is theirs
    for amount in ("12\u202f000", "5\u202f000", "7\u202f000"):
        assert amount not in page


async def test_a_partner_sees_the_deal_but_not_the_recommendation(cast, client, lead):
    shares = [Share(cast.rachel.referrer_id, Decimal(60)), Share(cast.remi.referrer_id, Decimal(40))]
    async with deed(cast.sam.person):
        deal = await deals.sign(
            lead, title="Site", signed_on=today(), lines=[NewLine("Site", 100_000)], shares=shares
        )
    remi = client(cast.remi)
    page = await remi.get(f"/affaires/{deal['ref']}")
    assert page.status_code == 200
    assert "40" in page.text
    assert "Rachel" not in page.text
    assert lead["ref"] not in page.text


async def test_what_another_system_brings_twice_counts_once_and_may_not_change(cast, deal):
    first = await paid(deal, cast.fanny, 100_000, external_id="BANK-1")
    assert await paid(deal, cast.fanny, 100_000, external_id="BANK-1") == first
    with pytest.raises(Refused, match="other_content"):
        await paid(deal, cast.fanny, 100_000, external_id="BANK-1", paid_on=today() - timedelta(1))
    assert await db.value("SELECT count(*) FROM client_payment") == 1


@pytest.mark.parametrize(
    ("who", "path"), [("fanny", "/affaires"), ("fanny", "/affaires/{ref}"), ("rachel", "/affaires/{ref}")]
)
async def test_a_page_costs_the_same_with_one_row_or_six(cast, client, deal, who, path):
    await paid(deal, cast.fanny, 10_000)
    browser = client(getattr(cast, who))
    async with Queries() as with_one:
        assert (await browser.get(path.format(ref=deal["ref"]))).status_code == 200
    for n in range(5):
        await won(cast.rachel, cast.sam, company=f"Société {n}")
        await paid(deal, cast.fanny, 10_000 + n)
    async with Queries() as with_six:
        await browser.get(path.format(ref=deal["ref"]))
    assert len(with_six) == len(with_one), with_six.asked
