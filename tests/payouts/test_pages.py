"""The pages of transfers: finance from preparation to the bank, the referrer's card."""

import asyncio
import re
from datetime import date, timedelta

import pytest

from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import Machine, deed
from portal.law.holidays import is_bank_day, same_or_next
from portal.payouts import access, actions
from tests.invoicing.books import Books


@pytest.fixture
async def papers(books: Books, cast) -> Books:
    await books.earns(cast.remi, 360_00)
    await books.earns(cast.rachel, 100_00)
    await books.issue()
    return books


@pytest.fixture
async def run(papers: Books, cast) -> db.Row:
    async with deed(cast.fanny.person):
        return await actions.prepare(cast.entity_id, today())


@pytest.fixture
async def sent(run: db.Row, cast) -> db.Row:
    async with deed(cast.fred.person):
        await actions.approve(run)
    run = await access.run(run["id"])
    kept = await actions.bank_file(run)
    async with deed(cast.fanny.person):
        await actions.send(run, kept)
    return await access.run(run["id"])


def bank_day() -> date:
    return same_or_next(today(), is_bank_day)


async def line_of(member) -> db.Row:
    found = await db.row("SELECT * FROM payout_line WHERE referrer_id = $1", member.referrer_id)
    assert found
    return found


def plain(text: str) -> str:
    return text.replace("\xa0", " ").replace("\u202f", " ")


async def test_from_preparation_to_the_bank_by_two_people(client, papers, cast):
    fanny, fred = client(cast.fanny), client(cast.fred)
    text = plain((await fanny.get("/virements/preparation")).text)
    assert "532,00 €" in text
    assert "Écart 0,00 €" in text
    prepared = await fanny.post_form("/virements/preparation", executes_on=bank_day().isoformat())
    path = prepared.headers["location"]
    assert "Une autre personne doit approuver." in (await fanny.get(path)).text
    assert (await fanny.post_form(f"{path}/approbation")).status_code == 403
    assert (await fred.post_form(f"{path}/approbation")).status_code == 303
    assert "Envoyer à la banque" in (await fanny.get(path)).text
    await fanny.post_form(f"{path}/envoi")
    file = await fanny.get(f"{path}/fichier")
    assert file.headers["content-type"].startswith("application/xml")
    assert b"pain.001.001.09" in file.content
    assert f'value="{today()}"' in (await fanny.get(path)).text  # also where the bank works again on Monday
    to_come = await fanny.post_form(f"{path}/reglement", on=(today() + timedelta(1)).isoformat())
    assert to_come.status_code == 422
    assert "Indiquez un jour entre" in plain(to_come.text)
    await fanny.post_form(f"{path}/reglement", on=today().isoformat())
    text = plain((await fanny.get(path)).text)
    assert "Réglée" in text
    assert "Écart 0,00 €" in text


async def test_the_referrer_reads_the_transfer_from_top_to_bottom(client, sent, cast):
    line = await line_of(cast.remi)
    remi = client(cast.remi)
    assert f"/virements/{line['ref']}" in (await remi.get("/virements")).text
    text = plain((await remi.get(f"/virements/{line['ref']}")).text)
    for said in ("432,00 €", "…4611", "3 600,00 €", "10 %", "360,00 € HT + 72,00 € TVA", "Article"):
        assert said in text
    for opened in ("/commissions/", "/factures/", "/contrats/"):
        assert opened in text


async def test_the_mail_says_the_amount_and_the_account(sent, cast):
    mail = await db.row(
        "SELECT * FROM mail_message WHERE kind = 'payouts.sent' AND to_user = $1", cast.remi.user_id
    )
    assert plain(mail["subject"]) == "432,00 € arrivent sur votre compte …4611"
    assert "360,00 € HT + 72,00 € TVA = 432,00 €" in plain(mail["text_body"])


async def test_a_paper_contested_meanwhile_stops_the_run_and_leaves_it_with_one_button(client, run, cast):
    """Rémi's 432.00 are contested after the run was prepared: nobody approves it as it is; Rachel's 100.00 go on."""
    paper = await db.row("SELECT * FROM invoice WHERE referrer_id = $1", cast.remi.referrer_id)
    assert paper
    await client(cast.remi).post_form(f"/factures/{paper['ref']}/contestation", reason="Il manque un client.")
    fanny, fred = client(cast.fanny), client(cast.fred)
    here = f"/virements/{run['ref']}"
    assert f"{paper['number']} est contestée depuis la préparation" in plain((await fanny.get(here)).text)
    assert (await fred.post_form(f"{here}/approbation")).status_code == 409
    answer = await fred.post_form(f"{here}/sans-contestees")
    assert answer.status_code == 303
    assert (await access.run(run["id"]))["state"] == "cancelled"
    text = plain((await fanny.get(answer.headers["location"])).text)
    assert "100,00 €" in text
    assert paper["number"] not in text
    assert (await fanny.post_form(f"{here}/sans-contestees")).status_code == 409
    approved = await fanny.post_form(f"{answer.headers['location']}/approbation")
    assert approved.status_code == 303


async def test_every_word_of_the_card_opens_its_proof(client, sent, cast):
    remi = client(cast.remi)
    text = (await remi.get(f"/virements/{(await line_of(cast.remi))['ref']}")).text
    card = text[text.index('<dl class="definitions">') : text.index("</dl>")]
    told = re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", card, re.DOTALL)
    assert [label for label, _ in told][:3] == ["Affaire", "Base", "Taux"]
    for label, value in told:
        found = re.search(r'<a href="([^"#]+)', value)
        assert found, label
        assert (await remi.get(found[1])).status_code == 200, label


async def test_a_transfer_is_not_shown_before_it_is_sent(client, run, cast):
    line = await line_of(cast.remi)
    assert (await client(cast.remi).get(f"/virements/{line['ref']}")).status_code == 404


async def test_the_transfers_of_another_are_not_there(client, sent, cast):
    line = await line_of(cast.remi)
    for stranger in (cast.stefan, cast.rachel, cast.sam):
        assert (await client(stranger).get(f"/virements/{line['ref']}")).status_code == 404
    for stranger in (cast.remi, cast.sam):
        assert (await client(stranger).get(f"/virements/{sent['ref']}")).status_code == 404


POSTS = (
    "approbation",
    "approbation/refus",
    "approbation/retrait",
    "annulation",
    "envoi",
    "reglement",
    "retour",
)


@pytest.mark.parametrize("what", POSTS)
async def test_only_finance_moves_a_run(client, run, cast, what):
    line = await line_of(cast.remi)
    for ref in (run["ref"], line["ref"]):
        for wrong in (cast.sam, cast.remi):
            assert (await client(wrong).post_form(f"/virements/{ref}/{what}")).status_code == 404
    assert (await access.run(run["id"]))["state"] == "drafted"


@pytest.mark.parametrize("path", ["/virements", "/virements/preparation"])
async def test_transfers_need_a_sign_in(client, cast, path):
    assert (await client(None).get(path)).status_code == 303


async def test_the_form_sent_twenty_times_prepares_one_run(client, papers, cast):
    fanny = client(cast.fanny)
    fields = {**await fanny.hidden("the same"), "executes_on": bank_day().isoformat()}
    answers = await asyncio.gather(*(fanny.post("/virements/preparation", data=fields) for _ in range(20)))
    assert {answer.headers.get("location") for answer in answers} == {
        f"/virements/{(await db.row('SELECT ref FROM payout_run'))['ref']}"
    }
    assert await db.value("SELECT count(*) FROM payout_run") == 1


async def test_sending_twice_sends_once(client, run, cast):
    fanny, fred = client(cast.fanny), client(cast.fred)
    await fred.post_form(f"/virements/{run['ref']}/approbation")
    answers = await asyncio.gather(*(fanny.post_form(f"/virements/{run['ref']}/envoi") for _ in range(4)))
    assert all(answer.status_code in (303, 409) for answer in answers)
    assert await db.value("SELECT count(*) FROM history_event WHERE what = 'payouts.sent'") == 1
    assert await db.value("SELECT count(*) FROM stored_file WHERE subject_kind = 'payout_run'") == 1


async def test_a_refusal_says_why_and_frees_the_papers(client, run, cast):
    fred = client(cast.fred)
    path = f"/virements/{run['ref']}"
    assert (await fred.post_form(f"{path}/approbation/refus")).status_code == 422
    await fred.post_form(f"{path}/approbation/refus", reason="À revoir avec Rémi.")
    text = (await fred.get(path)).text
    assert "À revoir avec Rémi." in text
    assert "Annulée" in text


async def test_the_preparer_withdraws(client, run, cast):
    fanny = client(cast.fanny)
    assert (await fanny.post_form(f"/virements/{run['ref']}/approbation/retrait")).status_code == 303
    assert (await access.run(run["id"]))["state"] == "cancelled"


async def test_a_transfer_that_came_back_is_said_to_the_referrer(client, sent, cast):
    line = await line_of(cast.remi)
    await client(cast.fanny).post_form(f"/virements/{line['ref']}/retour")
    assert "La banque n’a pas pu verser" in (await client(cast.remi).get(f"/virements/{line['ref']}")).text
    assert await db.value("SELECT count(*) FROM mail_message WHERE kind = 'payouts.failed'") == 1


async def test_who_is_left_out_is_shown_with_the_reason(client, papers, cast):
    async with deed(Machine("test")):
        await db.execute(
            "UPDATE bank_detail SET state = 'replaced' WHERE referrer_id = $1", cast.rachel.referrer_id
        )
    text = (await client(cast.fanny).get("/virements/preparation")).text
    assert "Pas d’IBAN" in text
    assert re.search(r"Laissés de côté", text)


async def test_a_past_day_is_refused_beside_its_field(client, papers, cast):
    answer = await client(cast.fanny).post_form("/virements/preparation", executes_on="01/01/2020")
    assert answer.status_code == 422
    assert "Choisissez un jour d’exécution à venir." in answer.text


async def test_a_list_page_asks_as_many_questions_with_one_row_or_many(client, sent, cast):
    answer = await client(cast.fanny).get("/virements?format=csv")
    assert sent["number"] in answer.text
