"""What comes to a deal from another room: a row of an import that waited in the queue, shares as a dispute was decided."""

from portal.deals.cashing import access
from portal.imports.collecting import Row
from portal.imports.taking import queue_payment
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from tests.leads.priorities import contested, decided, two_of_one
from tests.stories import contract_of, moved, open_a_programme, won


async def test_a_row_of_an_import_waits_once_and_is_attached_by_hand(cast, client):
    """1 000 HT of somebody whom the file does not name well; attached, they earn 1 000 × 8 %."""
    await contract_of(cast.rachel, await open_a_programme())
    deal = await won(cast.rachel, cast.sam)
    values = {
        "day": today(),
        "amount_cents": 1_000_00,
        "gross_cents": 1_200_00,
        "company": "Morin père et fils",
    }
    for _again in range(2):
        async with deed(cast.fanny.person):
            await queue_payment(Row(2, "import/encaissements/E7", values))
    assert await db.value("SELECT count(*) FROM incoming_payment") == 1
    money = await access.by_external_id("import/encaissements/E7")
    assert (money["state"], money["source"]) == ("waiting", "import")
    fanny = client(cast.fanny)
    assert "Morin père et fils" in (await fanny.get("/encaissements/a-rattacher")).text
    answer = await fanny.post_form(
        f"/encaissements/{money['ref']}/rattachement", what=deal["ref"], version=money["version"]
    )
    assert answer.status_code == 303
    assert await db.value("SELECT net_cents FROM client_payment") == 1_000_00
    assert await db.value("SELECT amount FROM earning") == 80_00
    assert "Morin père et fils" not in (await fanny.get("/encaissements/a-rattacher")).text


async def test_the_shares_of_a_decided_dispute_stand_ready_on_the_form_that_signs(cast, client):
    """Decided at 40 % for who contested: the form names them, signed as it stands the deal is 60 and 40."""
    plan = await open_a_programme()
    await contract_of(cast.rachel, plan)
    await contract_of(cast.remi, plan)
    first, second = await two_of_one(cast.rachel, cast.remi)
    first = await moved(first, cast.sam, "accept")
    await decided(await contested(second, cast.remi), cast.alice, "shared", 40)
    number = await db.value("SELECT number FROM referrer WHERE id = $1", cast.remi.referrer_id)
    sam, path = client(cast.sam), f"/recommandations/{first['ref']}/affaire"
    form = (await sam.get(path)).text
    assert f'value="{number}"' in form
    assert 'value="40"' in form
    version = await db.value("SELECT version FROM lead WHERE id = $1", first["id"])
    answer = await sam.post_form(
        path, title="Chantier", signed_on=today().isoformat(), version=version, label="Chantier", net="1 000", quantity="1",
        cost="", discount="", product="", partner=[number], partner_weight=["40"],
    )  # fmt: skip
    assert answer.status_code == 303
    shares = await db.rows("SELECT referrer_id, weight FROM deal_share ORDER BY position")
    assert [(row["referrer_id"], int(row["weight"])) for row in shares] == [
        (cast.rachel.referrer_id, 60), (cast.remi.referrer_id, 40),
    ]  # fmt: skip
