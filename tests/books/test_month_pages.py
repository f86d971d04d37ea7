"""The pages of an arrêté, what they ask of the database, its pack, and its command."""

import asyncio
import csv
import hashlib
import io
import zipfile
from datetime import date, timedelta

import pytest

from portal import cli
from portal.books import commands
from portal.books.month import access
from portal.books.month.packing import pack
from portal.jobs.queue import work_off
from portal.kit import db, files
from portal.kit.days import clock_at
from portal.kit.deed import deed
from portal.payouts import access as runs
from portal.payouts import actions as payouts
from tests.books import months
from tests.books.months import AFTER, IN_OCTOBER, OCTOBER, WHY, browser, issued, pay
from tests.counting import Queries
from tests.invoicing.books import Books

VIEWS = ("commissions", "pieces", "virements", "compte-401", "tva", "charges-a-payer", "budgets")


@pytest.fixture
async def stage(cast) -> tuple[Books, db.Row]:
    return await months.in_october(cast)


@pytest.fixture
def books(stage) -> Books:
    return stage[0]


@pytest.fixture
def october(stage) -> db.Row:
    return stage[1]


def plain(text: str) -> str:
    return text.replace("\xa0", " ").replace("\u202f", " ")


async def test_from_the_first_look_to_the_closing_by_two_people(cast, client, october):
    path = f"/arretes/{october['ref']}"
    with clock_at(IN_OCTOBER):
        fanny, fred = await browser(client, cast.fanny), await browser(client, cast.fred)
        text = plain((await fanny.get(path)).text)
        assert "2 commissions, HT" in text
        assert "460,00 €" in text
        assert "0 sans remarque, 2 à regarder" in text
        assert "Nouveau bénéficiaire" in text
        keys = [card.key for card in (await months.seen(october)).cards]
        assert (await fanny.post_form(f"{path}/decisions", key=keys, outcome="included")).status_code == 303
        text = plain((await fanny.get(path)).text)
        assert "2 sans remarque, 0 à regarder" in text
        assert "Établir les 2 documents sans remarque" in text
        assert (await fanny.post_form(f"{path}/factures")).headers["location"] == path
        assert "Écart 0,00 €" in plain((await fanny.get(path)).text)
    with clock_at(AFTER):
        fanny, fred = await browser(client, cast.fanny), await browser(client, cast.fred)
        assert "Clore le mois" in (await fanny.get(path)).text
        assert (await fanny.post_form(f"{path}/controle")).status_code == 303
        assert "Une autre personne doit approuver." in (await fanny.get(path)).text
        assert (await fanny.post_form(f"{path}/approbation")).status_code == 403
        assert (await fred.post_form(f"{path}/approbation")).status_code == 303
        await work_off()
        answer = await fred.get(f"{path}/dossier")
        assert answer.headers["content-type"] == "application/zip"
        for view in VIEWS:
            assert (await fred.get(f"{path}/lignes?vue={view}")).status_code == 200


async def test_leaving_without_a_reason_is_told_on_the_page_and_nothing_is_lost(cast, client, october):
    path = f"/arretes/{october['ref']}"
    with clock_at(IN_OCTOBER):
        key = (await months.seen(october)).cards[0].key
        answer = await (await browser(client, cast.fanny)).post_form(
            f"{path}/decisions", key=key, outcome="left"
        )
        assert answer.status_code == 422
        assert "la décision est gardée avec son motif" in answer.text
        assert await db.value("SELECT count(*) FROM settlement_decision") == 0


@pytest.mark.parametrize(
    ("month", "status"), [("2027-13", 422), ("hier", 422), ("2027-12", 409), ("2027-10", 303)]
)
async def test_a_month_is_opened_by_hand(cast, client, october, month, status):
    with clock_at(IN_OCTOBER):
        assert (
            await (await browser(client, cast.fanny)).post_form("/arretes", month=month)
        ).status_code == status


async def test_who_gets_the_pack_is_a_setting_with_checked_addresses(cast, client):
    fanny = client(cast.fanny)
    assert (await fanny.post_form("/arretes/destinataires", addresses="cabinet")).status_code == 422
    answer = await fanny.post_form(
        "/arretes/destinataires", addresses="a@compta.example\nb@compta.example, a@compta.example"
    )
    assert answer.status_code == 303
    assert await access.accountants() == ["a@compta.example", "b@compta.example"]
    assert "a@compta.example" in (await fanny.get("/arretes")).text


async def test_an_address_without_an_account_is_said_with_what_opens_one(cast, client):
    """The link of the mail asks to sign in: who cannot is named before the mail leaves."""
    fanny, alice = client(cast.fanny), client(cast.alice)
    await fanny.post_form("/arretes/destinataires", addresses=f"a@compta.example\n{cast.fred.person.email}")
    told = (await fanny.get("/arretes")).text.replace("\u202f", " ")
    assert "a@compta.example n'a pas de compte ici" in told.replace("&#39;", "'").replace("’", "'")
    assert "Un administrateur peut ouvrir" in told
    assert 'href="/reglages/utilisateurs"' in (await alice.get("/arretes")).text
    await fanny.post_form("/arretes/destinataires", addresses=cast.fred.person.email)
    assert "pas de compte ici" not in (await fanny.get("/arretes")).text


async def test_each_line_says_its_legal_date_and_who_accepted(cast, client, october):
    await issued(cast, october)
    with clock_at(IN_OCTOBER):
        text = plain(
            (
                await (await browser(client, cast.fanny)).get(f"/arretes/{october['ref']}/lignes?vue=pieces")
            ).text
        )
    assert "peut contester jusqu'au" in text.replace("’", "'").replace("&#39;", "'")
    with clock_at(AFTER + timedelta(60)):
        text = plain(
            (
                await (await browser(client, cast.fanny)).get(f"/arretes/{october['ref']}/lignes?vue=pieces")
            ).text
        )
    assert "tacitement" in text


async def test_the_page_asks_eight_questions_however_many_rows(cast, client, books, october):
    path = f"/arretes/{october['ref']}"
    asked = []
    with clock_at(IN_OCTOBER):
        fanny = await browser(client, cast.fanny)
        for _ in range(2):
            async with Queries() as queries:
                assert (await fanny.get(path)).status_code == 200
            asked.append(len(queries))
            assert len(queries) == len(set(queries.asked)) <= 8, queries.asked
            for _ in range(3):
                await books.earns(cast.mina, 10_00)
    assert asked[0] == asked[1]


async def test_issuing_many_shows_how_far_it_is(cast, client, october, monkeypatch):
    monkeypatch.setattr("portal.invoicing.actions.AT_ONCE", 1)
    path = f"/arretes/{october['ref']}"
    with clock_at(IN_OCTOBER):
        fanny = await browser(client, cast.fanny)
        await months.answer_all(cast, october)
        assert (await fanny.post_form(f"{path}/factures")).headers["location"] == f"{path}?sur=2"
        assert "0 sur 2" in plain((await fanny.get(f"{path}/avancement?sur=2")).text)
        await work_off()
        assert "Tous les documents sont établis." in (await fanny.get(f"{path}/avancement?sur=2")).text


async def test_what_programmes_cost_stands_beside_their_budgets(cast, client, books, october):
    """460,00 earned in October under a budget of 1 000,00: 540,00 are left."""
    async with deed(cast.alice.person):
        await db.execute("UPDATE programme SET budget_cents = 100000")
    with clock_at(IN_OCTOBER):
        fanny = await browser(client, cast.fanny)
        text = plain((await fanny.get(f"/arretes/{october['ref']}/lignes?vue=budgets")).text)
    for said in ("1 000,00 €", "460,00 €", "540,00 €"):
        assert said in text


# The pack


@pytest.fixture
async def closed(cast, october) -> db.Row:
    """Rémi's 432,00 left and arrived in October; Rachel's 100,00 too."""
    await issued(cast, october)
    with clock_at(IN_OCTOBER):
        run = await pay(cast)
        async with deed(cast.fanny.person):
            await payouts.settle(await runs.run(run["id"]), IN_OCTOBER.date())
    with clock_at(AFTER):
        return await months.close(cast, october)


async def opened(settlement: db.Row) -> dict[str, bytes]:
    body = await files.content(await files.by_ref(settlement["file_ref"]))
    with zipfile.ZipFile(io.BytesIO(body)) as pack:
        return {name: pack.read(name) for name in pack.namelist()}


def table(body: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig")), delimiter=";"))


async def test_the_pack_holds_all_that_a_month_takes_home(closed):
    found = await opened(closed)
    run = await db.value("SELECT number FROM payout_run")
    assert set(found) == {
        "732829320FEC20271031.txt", "charges-a-payer.csv", "commissions.csv", "decisions.csv", "ecritures-inventaire.csv",
        "journal.csv", "pieces.csv", "rapprochement.csv", "relances.csv", f"sepa/{run}.xml", "sommaire.txt", "tva.csv",
    }  # fmt: skip
    for line in found["sommaire.txt"].decode().splitlines()[4:]:
        digest, name = line.split("  ")
        assert hashlib.sha256(found[name]).hexdigest() == digest


async def test_the_pack_agrees_with_the_page(closed):
    found = await opened(closed)
    said = {row[0]: row[1:] for row in table(found["rapprochement.csv"])[1:]}
    assert said["Commissions"] == ["460,00", ""]
    assert said["Factures et bordereaux"] == said["Virements"] == ["460,00", "72,00"]
    assert said["Écart"] == ["0,00", ""]
    *_, total = table(found["tva.csv"])
    # issued and paid in October: nothing waits, 72,00 is deductible, nothing is owed for who is abroad
    assert total[-4:] == ["0,00", "72,00", "0,00", "0,00"]
    assert len(table(found["decisions.csv"])) == 3  # its head, and a word for each of two new payees


async def test_the_pack_is_made_once_and_the_same_facts_give_the_same_bytes(closed):
    before = await opened(closed)
    with clock_at(AFTER):
        await asyncio.gather(*(pack(closed["id"]) for _ in range(3)))
    assert await db.value("SELECT count(*) FROM settlement_pack") == 1
    assert await db.value("SELECT count(*) FROM stored_file WHERE subject_kind = 'settlement'") == 1
    assert (await opened(await access.settlement(closed["id"]))) == before


async def test_what_is_owed_at_the_end_of_the_month_is_accrued_in_three_layers(cast, books, october):
    """Left out: Rachel 100,00 and Rémi 360,00 are due. A client of Mina invoiced 2 000,00 and has not paid: 200,00."""
    with clock_at(IN_OCTOBER):
        deal = await books.scene.deal(cast.mina, 2_000_00, days_ago=10)
        await books.scene.is_invoiced(deal, 2_000_00)
        await months.leave(cast, october, "new_payee")
    with clock_at(AFTER):
        await months.answer_all(cast, october)
        closed = await months.close(cast, october)
    found = {
        (row["kind"], row["referrer_name"]): (row["net_cents"], row["vat_cents"])
        for row in await access.accruals_of(closed["id"])
    }
    assert found == {
        ("due", "Morin Conseil"): (360_00, 72_00),  # 360 × 20 %
        ("due", "Rachel Vidal"): (100_00, 0),
        ("uncollected", "Mina Kaci"): (200_00, 0),  # 2 000 × 10 %, article 293 B
    }
    lines = table((await opened(closed))["ecritures-inventaire.csv"])[1:]
    days = {row[0] for row in lines}
    assert days == {"31/10/2027", "01/11/2027"} or days == {"2027-10-31", "2027-11-01"}
    # 6222: 660,00; 44586: 72,00; 4081: 732,00, each once and once the other way
    assert sum(row[1] == "4081" for row in lines) == 6
    assert sum(row[2].startswith("Extourne") for row in lines) == len(lines) / 2


# The command


async def test_the_command_says_what_is_in_the_way_and_closes_by_two(cast, october, capsys):
    with clock_at(AFTER):
        with pytest.raises(commands.Refusal, match="ne peut pas encore"):
            await commands.close(OCTOBER, cast.fanny.email)
        assert "attendent votre décision" in plain(capsys.readouterr().out)
        await months.answer_all(cast, october)
        await months.issue_all(cast, october)
        with pytest.raises(commands.Refusal, match="--by"):
            await commands.close(None, None)
        with pytest.raises(commands.Refusal, match="finance"):
            await commands.close(None, cast.sam.email)
        await commands.close(None, cast.fanny.email)
        assert "Une autre personne le clôt" in plain(capsys.readouterr().out)
        await commands.close(None, cast.fred.email)
        assert "arrete-2027-10.zip" in capsys.readouterr().out
        with pytest.raises(commands.Refusal, match="déjà clos"):
            await commands.close(OCTOBER, cast.fanny.email)
        with pytest.raises(commands.Refusal, match="Aucun arrêté"):
            await commands.close(date(2027, 9, 1), None)


def test_a_month_that_is_none_is_refused_in_one_line(capsys):
    assert cli.main(["close-month", "octobre"]) == 2
    assert "2026-10" in capsys.readouterr().err


async def test_decisions_are_kept_with_their_reason_in_the_pack(cast, october):
    with clock_at(IN_OCTOBER):
        await months.leave(cast, october, "new_payee")
    with clock_at(AFTER):
        await months.answer_all(cast, october)
        closed = await months.close(cast, october)
    rows = table((await opened(closed))["decisions.csv"])[1:]
    assert {(row[2], row[3], row[5]) for row in rows} == {("Laissé au mois suivant", WHY, "Fanny Moreau")}
