"""Finance brings twelve payments of the bank: nine find their invoice, one is attached, one split, one is not theirs."""

from datetime import timedelta

import pytest

from portal.deals import actions as deals
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from tests.earnings.scene import Scene
from tests.journeys.town import Town
from tests.journeys.window import Window

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(600)]


async def invoiced(house: Town) -> list[str]:
    """Three deals of 12 000 with four invoices each, 1 000 HT and 1 200 TTC, of one referrer at ten per cent."""
    programme = await db.row("SELECT * FROM programme ORDER BY id LIMIT 1")
    assert programme
    scene = Scene(house.cast, programme)
    await scene.contract(house.cast.rachel, since=today() - timedelta(200))
    numbers = []
    for place in range(3):
        deal = await scene.deal(house.cast.rachel, 12_000_00 + place)
        async with deed(house.cast.fanny.person):
            for month in range(4):
                numbers.append(f"F-{place}{month}7")
                await deals.record_invoice(
                    deal, number=numbers[-1], issued_on=today() - timedelta(60), net_cents=1_000_00 + month * 100_00,
                    vat_cents=200_00 + month * 20_00,
                )  # fmt: skip
    return numbers


def statement(numbers: list[str]) -> bytes:
    """Nine say their invoice; one has the name and the amount of a client, one pays two, one is the tax office's."""
    day = f"{today() - timedelta(2):%d/%m/%Y}"
    named = [f"{day};VIR SEPA {number};;{1_200 + 120 * int(number[3])},00" for number in numbers[:9]]
    others = [f"{day};VIR CLIENT 1200002 100;;1 320,00", f"{day};REGLEMENT GROUPE;;1 600,00", f"{day};DRFIP REMBOURSEMENT TVA;;812,00"]  # fmt: skip
    return "\n".join(["Date;Libellé;Débit;Crédit", *named, *others]).encode()


async def opens_the_one_of(fanny: Window, words: str) -> None:
    await fanny.opens("/encaissements/a-rattacher")
    row = fanny.page.locator("tr", has_text=words)
    await fanny._goes(row.locator("th a"), 200)


async def brings_the_statement(fanny: Window, data: bytes) -> None:
    await fanny.opens("/encaissements/releve")
    await fanny.page.set_input_files(
        "[name=file]", {"name": "releve.csv", "mimeType": "text/csv", "buffer": data}
    )
    await fanny.presses("Ajouter")
    await fanny.sees("3 encaissements à rattacher, 9 rattachés tout seuls")


async def splits_it(fanny: Window, numbers: list[str]) -> None:
    """1 600 are 1 440 of one invoice and 160 on account of another."""
    await opens_the_one_of(fanny, "REGLEMENT GROUPE")
    if await fanny.page.locator("#f-0-what").is_hidden():
        await fanny.unfolds("Choisir ou répartir")
    for place, (what, amount) in enumerate([(numbers[10], "1 440"), (numbers[11], "100")]):
        await fanny.page.locator(f"#f-{place}-what").fill(what)
        await fanny.page.locator(f"#f-{place}-amount").fill(amount)
    await fanny.presses("Répartir", 422)
    await fanny.sees("Les parts font")
    await fanny.page.locator("#f-1-amount").fill("160")
    await fanny.presses("Répartir")


async def test_twelve_payments_find_their_place(house, opens):
    numbers = await invoiced(house)
    fanny = await opens(house, house.cast.fanny)
    await brings_the_statement(fanny, statement(numbers))
    assert await db.value("SELECT count(*) FROM earning") == 9
    row = fanny.page.locator("tr", has_text="CLIENT 1200002 100")
    await fanny.presses("Rattacher", within=row)
    await fanny.sees("Voir ou annuler")
    await splits_it(fanny, numbers)
    await opens_the_one_of(fanny, "DRFIP")
    await fanny.unfolds("Pas pour nous")
    await fanny.fills(fanny.form("/mise-a-l-ecart"), reason="Crédit de TVA")
    await fanny.presses("Mettre de côté")
    await fanny.sees("Tout est rattaché")
    paid = await db.value("SELECT sum(net_cents)::bigint FROM client_payment")
    # nine of the statement, 1 320 TTC = 1 100 HT, 1 600 TTC = 1 333,33 HT
    nine = sum(1_000_00 + 100_00 * int(number[3]) for number in numbers[:9])
    assert paid == nine + 1_100_00 + 1_333_33
    phone = await opens(house, house.cast.fanny, device="phone", scheme="dark")
    await phone.opens("/encaissements/rattaches")
    await phone.opens("/encaissements/releve")
