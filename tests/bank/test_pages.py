"""Finance drops the file of the bank and sees what became of it; what is not sure is one tap away."""

import html
import re
from datetime import timedelta
from pathlib import Path

import pytest

from portal.insights.of_finance import finance_home
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import Machine
from portal.payouts.bank import commands
from tests.bank.messages import Entry, Stated, camt, pain002


def plain(page: str) -> str:
    """As it reads: no tags, plain spaces."""
    return " ".join(
        html.unescape(re.sub(r"<[^>]+>", " ", page))
        .replace("\u202f", " ")
        .replace("\u00a0", " ")
        .replace("’", "'")
        .split()
    )


async def dropped(client, data: bytes, name: str = "releve.xml"):
    return await client.post_form("/virements/banque/ajout", files={"file": (name, data, "application/xml")})


async def test_a_statement_is_dropped_and_the_run_is_settled(client, bank):
    fanny = client(bank.cast.fanny)
    answer = await dropped(fanny, bank.debits(bank.remi, bank.rachel))
    assert answer.status_code == 303
    text = plain((await fanny.get(answer.headers["location"])).text)
    assert "Appliqué 2" in text
    assert "Reconnu par sa référence" in text
    assert await bank.states() == ("settled", "settled", "settled")
    again = await dropped(fanny, bank.debits(bank.remi, bank.rachel))
    assert "Ce fichier avait déjà été lu" in plain((await fanny.get(again.headers["location"])).text)


async def test_what_cannot_be_read_is_said_under_the_field(client, bank):
    fanny = client(bank.cast.fanny)
    answer = await dropped(fanny, b"\x1f\x8b\x08rest")
    assert answer.status_code == 422
    assert "Ce fichier est compressé" in plain(answer.text)
    answer = await dropped(fanny, camt(Stated((Entry(1_00, today()),), iban="DE89370400440532013000")))
    assert "Ce relevé n'est pas celui du compte de l'entreprise" in plain(answer.text)
    assert await db.value("SELECT count(*) FROM bank_file") == 0


async def test_what_is_not_sure_is_one_tap_away(client, bank):
    fanny = client(bank.cast.fanny)
    await dropped(fanny, camt(Stated((Entry(432_00, today(), label="VIREMENT EMIS"),))))
    ref = await db.value("SELECT ref FROM bank_entry")
    assert "VIREMENT EMIS" in plain((await fanny.get("/virements/banque")).text)
    text = plain((await fanny.get(f"/virements/banque/{ref}")).text)
    assert "même montant" in text
    version = await db.value("SELECT version FROM bank_entry")
    done = await fanny.post_form(
        f"/virements/banque/{ref}/rattachement", what=bank.remi["end_to_end_id"], version=version
    )
    assert done.status_code == 303
    assert await bank.states() == ("sent", "settled", "sent")


async def test_what_waits_for_somebody_stands_at_the_home_of_finance(client, bank):
    fanny = client(bank.cast.fanny)
    assert 'href="/virements/banque"' not in (await fanny.get("/")).text
    await bank.take(camt(Stated((Entry(432_00, today(), label="VIREMENT EMIS"),))))
    assert (await finance_home(bank.cast.fanny.user_id)).counts["bank"] == 1
    page = (await fanny.get("/")).text
    assert 'href="/virements/banque"' in page
    assert "Réponses de la banque à décider" in page


async def test_a_run_says_on_which_day_the_bank_took_it(client, bank):
    fanny, run = client(bank.cast.fanny), f"/virements/{bank.run['ref']}"
    assert "Accepté par la banque" not in (await fanny.get(run)).text
    await bank.take(pain002(bank.run["number"], group="ACCP", on=today()))
    page = (await fanny.get(run)).text
    assert "Accepté par la banque" in page
    assert f'href="/virements/banque/{await db.value("SELECT ref FROM bank_entry")}"' in page


async def test_a_reference_that_is_none_and_a_wrong_amount_are_said(client, bank):
    fanny = client(bank.cast.fanny)
    await dropped(fanny, camt(Stated((Entry(432_00, today(), label="VIREMENT EMIS"),))))
    ref, version = (
        await db.value("SELECT ref FROM bank_entry"),
        await db.value("SELECT version FROM bank_entry"),
    )
    for what, sentence in (
        ("NONE", "Aucun virement ne porte"),
        (bank.rachel["end_to_end_id"], "Le montant n'est pas"),
    ):
        answer = await fanny.post_form(f"/virements/banque/{ref}/rattachement", what=what, version=version)
        assert answer.status_code == 422
        assert sentence in plain(answer.text)
    assert await bank.states() == ("sent", "sent", "sent")


async def test_a_gap_between_two_statements_is_said(client, bank):
    """1 000,00 − 432,00 = 568,00; the next one begins at 500,00."""
    fanny, before = client(bank.cast.fanny), today() - timedelta(2)
    first = Stated((Entry(432_00, before, label="LOYER"),), opening=1_000_00, closing=568_00)
    await dropped(fanny, camt(first))
    late = Stated(
        (Entry(100_00, today(), bank.rachel["end_to_end_id"]),), opening=500_00, closing=400_00, number=3
    )
    answer = await dropped(fanny, camt(late, message="MSG-3"))
    text = plain((await fanny.get(answer.headers["location"])).text)
    assert "Il manque un relevé" in text
    assert re.search(r"Écart .68,00 €", text)
    whole = Stated((Entry(1_00, today(), label="FRAIS"),), opening=400_00, closing=390_00, number=4)
    answer = await dropped(fanny, camt(whole, message="MSG-4"))
    assert "écart 9,00 €" in plain((await fanny.get(answer.headers["location"])).text)  # 400 − 1 is not 390


async def test_what_clients_paid_goes_where_it_is_attached(client, bank):
    fanny = client(bank.cast.fanny)
    answer = await dropped(
        fanny, camt(Stated((Entry(120_00, today(), credit=True, name="Lumière SAS", label="F-2026-031"),)))
    )
    place = answer.headers["location"]
    assert "un client a peut-être payé" in plain((await fanny.get(place)).text)
    for counted in ("1-0-0", "0-0-1"):
        moved = await fanny.post_form(f"{place}/encaissements")
        assert moved.headers["location"].endswith(counted)
    assert await db.value("SELECT count(*) FROM incoming_payment") == 1


@pytest.mark.parametrize("who", ["remi", "sam"])
async def test_nobody_else_sees_what_the_bank_said(client, bank, who):
    await bank.take(bank.debits(bank.remi))
    ref = await db.value("SELECT ref FROM bank_entry")
    other = client(getattr(bank.cast, who))
    for path in ("/virements/banque", f"/virements/banque/{ref}", "/virements/banque/fichiers"):
        assert (await other.get(path)).status_code == 404


async def test_the_command_reads_a_file(bank, tmp_path: Path, capsys):
    """As an operator runs it; here with the connections of the test."""
    file = tmp_path / "releve.xml"
    file.write_bytes(bank.debits(bank.remi))
    commands._say(await commands.taking.take(file.read_bytes(), file.name, Machine("command:bank")))
    assert "Appliqué : 1 ligne" in capsys.readouterr().out.replace("\u202f", " ").replace("\u00a0", " ")
