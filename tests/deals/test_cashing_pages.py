"""The queue of what came in, as finance uses it: one tap, a split, not ours, taken back, a statement of the bank."""

import pytest

from portal.deals import actions as deals
from portal.deals.cashing import actions
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from tests.counting import Queries
from tests.stories import contract_of, open_a_programme, won

QUEUE = "/encaissements/a-rattacher"


@pytest.fixture
async def deal(cast):
    await contract_of(cast.rachel, await open_a_programme())
    return await won(cast.rachel, cast.sam)  # Atelier Morin, 12 000 € HT, 8 %


@pytest.fixture
async def invoice(cast, deal):
    async with deed(cast.fanny.person):
        return await deals.record_invoice(
            deal, number="F-2026-031", issued_on=today(), net_cents=1_070_00, vat_cents=214_00
        )


async def received(cast, total_cents=1_284_00, **told):
    async with deed(cast.fanny.person):
        return await actions.receive(
            source="bank", **{"paid_on": today(), "total_cents": total_cents, **told}
        )


async def test_the_queue_says_the_likeliest_and_one_tap_attaches(cast, client, deal, invoice):
    money = await received(cast, payer="SARL Atelier Morin")
    fanny = client(cast.fanny)
    page = (await fanny.get(QUEUE)).text
    assert "Facture F-2026-031, Atelier Morin" in page
    assert "même montant que ce qui reste à payer, le payeur porte le nom du client" in page
    what = await db.value("SELECT ref FROM client_invoice")
    done = await fanny.post_form(
        f"/encaissements/{money['ref']}/rattachement", what=what, version=money["version"]
    )
    assert done.headers["location"] == f"{QUEUE}?fait={money['ref']}"
    assert "Voir ou annuler" in (await fanny.get(done.headers["location"])).text
    assert await db.value("SELECT amount FROM earning") == 85_60  # 1 070 × 8 %
    twice = await fanny.post_form(
        f"/encaissements/{money['ref']}/rattachement", what=what, version=money["version"]
    )
    assert twice.status_code == 409
    assert await db.value("SELECT count(*) FROM client_payment") == 1


@pytest.mark.parametrize("typed", ["1 284,00", "1284", "morin", "F-2026", "atelier mor"])
async def test_it_is_found_by_amount_name_and_number(cast, client, deal, typed):
    await received(cast, payer="Atelier Morin", label="VIR F-2026-099")
    await received(cast, 5_00, payer="Garage du Lac")
    page = (await client(cast.fanny).get(f"{QUEUE}?q={typed}")).text
    assert "Atelier Morin" in page
    assert "Garage du Lac" not in page


async def test_one_transfer_is_split_and_wrong_parts_are_said(cast, client, deal, invoice):
    other = await won(cast.rachel, cast.sam, company="Garage du Lac")
    money, fanny = await received(cast, 1_884_00), client(cast.fanny)
    path = f"/encaissements/{money['ref']}"
    parts = {
        "what": ["f 2026 031", other["ref"]],
        "amount": ["1 284", "600"],
        "net": ["", "500"],
        "version": 1,
    }
    wrong = await fanny.post_form(f"{path}/partage", **{**parts, "amount": ["1 284", "500"]})
    assert wrong.status_code == 422
    assert "Les parts font 1\u202f784,00" in wrong.text
    assert 'value="f 2026 031"' in wrong.text
    unknown = await fanny.post_form(f"{path}/partage", **{**parts, "what": ["F-999", other["ref"]]})
    assert "Aucune facture, ou plusieurs, ne porte ce numéro" in unknown.text
    assert (await fanny.post_form(f"{path}/partage", **parts)).status_code == 303
    assert await db.value("SELECT sum(net_cents)::bigint FROM client_payment") == 1_570_00  # 1 070 + 500


async def test_what_is_not_ours_says_why_and_comes_back(cast, client, deal):
    money, fanny = await received(cast, 77_00, payer="Trésor public"), client(cast.fanny)
    path = f"/encaissements/{money['ref']}"
    missing = await fanny.post_form(f"{path}/mise-a-l-ecart", reason="", version=1)
    assert "Dites en quelques mots pourquoi." in missing.text
    assert (
        await fanny.post_form(f"{path}/mise-a-l-ecart", reason="TVA remboursée", version=1)
    ).status_code == 303
    assert "Trésor public" in (await fanny.get("/encaissements/ecartes")).text
    assert "TVA remboursée" in (await fanny.get(path)).text
    assert (await fanny.post_form(f"{path}/retour", reason="Erreur", version=2)).status_code == 303
    assert "Trésor public" in (await fanny.get(QUEUE)).text


async def test_what_was_attached_is_taken_back_and_stays_to_be_read(cast, client, deal, invoice):
    money, fanny = await received(cast, label="VIR F-2026-031"), client(cast.fanny)
    path = f"/encaissements/{money['ref']}"
    assert "numéro de facture et montant sont exacts" in (await fanny.get(path)).text
    answer = await fanny.post_form(f"{path}/retour", reason="Mauvaise société", version=money["version"])
    assert answer.status_code == 303
    assert "À rattacher" in (await fanny.get(path)).text
    assert await db.value("SELECT sum(amount)::bigint FROM earning") == 0
    deal_page = (await fanny.get(f"/affaires/{deal['ref']}")).text
    assert "Mauvaise société" in deal_page


def statement() -> bytes:
    day = f"{today():%d/%m/%Y}"
    return f"""Compte courant;;;
Date;Libellé;Débit;Crédit
{day};VIR SEPA ATELIER MORIN F-2026-031;;1 284,00
{day};LOYER;900,00;
{day};VIR INCONNU FR7630006000011234567890189;;50,00
""".encode()


async def test_a_statement_of_the_bank_is_taken_once(cast, client, deal, invoice):
    fanny = client(cast.fanny)
    for _again in range(2):
        answer = await fanny.post_form(
            "/encaissements/releve", files={"file": ("releve.csv", statement(), "text/csv")}
        )
        assert answer.status_code == 303
    assert answer.headers["location"] == f"{QUEUE}?recus=0-0-2"
    rows = await db.rows("SELECT state, account_end FROM incoming_payment ORDER BY total_cents")
    assert [tuple(row) for row in rows] == [("waiting", "0189"), ("attached", "")]


async def test_a_file_that_is_no_statement_says_so(cast, client):
    answer = await client(cast.fanny).post_form(
        "/encaissements/releve", files={"file": ("x.csv", b"nom;ville\nMorin;Lyon\n", "text/csv")}
    )
    assert answer.status_code == 422
    assert "une date, un libellé et un montant" in answer.text


async def test_the_queue_costs_the_same_with_one_row_or_six(cast, client, deal, invoice):
    fanny = client(cast.fanny)
    await received(cast, 1_00)
    await fanny.get(QUEUE)
    async with Queries() as one:
        await fanny.get(QUEUE)
    for cents in range(2, 7):
        await received(cast, cents * 100, payer="Atelier Morin")
    async with Queries() as six:
        await fanny.get(QUEUE)
    assert len(one) == len(six) <= 8
