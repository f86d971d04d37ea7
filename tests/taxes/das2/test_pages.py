"""The pages of the declaration: reviewed, asked for, decided, drawn, filed; and what a referrer gives."""

import asyncio

from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import Machine, deed
from portal.taxes.das2 import access
from tests.counting import Queries
from tests.taxes.das2.reader import read
from tests.taxes.partners import is_employed, is_given
from tests.taxes.stories import is_paid

DRAWN = {"contact": "Fanny Leroy", "phone": "04 72 00 00 01", "email": "fanny@exemple.fr", "pays_wages": "on"}


def here() -> str:
    return f"/fiscalite/{today().year}/das2"


def plain(text: str) -> str:
    return text.replace("\xa0", " ").replace("\u202f", " ")


async def ref_of(who) -> str:
    return await db.value("SELECT ref FROM referrer WHERE id = $1", who.referrer_id)


async def changed(who, column: str, value: str) -> None:
    async with deed(Machine("test")):
        await db.execute(f"UPDATE referrer SET {column} = $2 WHERE id = $1", who.referrer_id, value)


async def test_finance_reviews_draws_packs_files_and_rectifies(client, books, cast):
    await is_paid(books, cast.remi, 3_000_00)
    fanny = client(cast.fanny)
    assert f'href="{here()}"' in (await fanny.get(f"/fiscalite/{today().year}")).text
    text = plain((await fanny.get(here())).text)
    for said in ("Morin Conseil", "3 600,00 €", "Dans le fichier", "L’année n’est pas finie"):
        assert said in text
    drawn = await fanny.post_form(here(), **DRAWN)
    path = drawn.headers["location"]
    text = plain((await fanny.get(path)).text)
    assert "Reste à déposer" in text
    assert 'hx-trigger="every 2s"' in text
    await work_off()
    fragment = (await fanny.get(f"{path}/chiffrement")).text
    run = await access.last_run(cast.entity_id, today().year)
    assert f"/fichiers/{run['packed_ref']}" in fragment
    plain_file = await fanny.get(f"/fichiers/{run['plain_ref']}")
    assert [record.code for record in read(plain_file.content)] == ["010", "020", "210", "300", "310"]
    assert (await fanny.get(f"/fichiers/{run['packed_ref']}")).headers["content-disposition"].count("DSAL_")
    for stranger in (cast.remi, cast.sam):
        assert (await client(stranger).get(f"/fichiers/{run['plain_ref']}")).status_code == 404
    filed = await fanny.post_form(f"{path}/depot", filed_on=today().isoformat(), receipt="2026-99")
    assert filed.headers["location"] == path
    assert "2026-99" in (await fanny.get(path)).text
    await is_paid(books, cast.rachel, 2_500_00)
    text = plain((await fanny.get(here())).text)
    assert "Depuis le dernier fichier, 1 bénéficiaire a changé." in text
    assert "Établir un fichier rectificatif" in text
    again = (await fanny.post_form(here(), **DRAWN)).headers["location"]
    text = plain((await fanny.get(again)).text)
    assert "Fichier n° 1, déjà déposé" in text
    assert "Rachel Vidal</a> : Ajouté" in text


async def test_what_is_missing_is_asked_of_each_by_mail(client, books, cast):
    await is_paid(books, cast.remi, 3_000_00)
    await changed(cast.remi, "siret", "")
    fanny = client(cast.fanny)
    assert "Il manque quelque chose à 1 personne" in plain((await fanny.get(here())).text)
    for _twice in range(2):
        await fanny.post_form(f"{here()}/demandes")
    mails = await db.rows(
        "SELECT to_user, text_body AS text FROM mail_message WHERE kind = 'taxes.das2_missing'"
    )
    assert [mail["to_user"] for mail in mails] == [cast.remi.user_id]
    assert "Numéro SIRET" in mails[0]["text"]
    assert "/profil/coordonnees" in mails[0]["text"]
    person = plain((await fanny.get(f"{here()}/{await ref_of(cast.remi)}")).text)
    assert "Demandé le" in person


async def test_finance_decides_about_the_employee_of_a_partner_with_a_reason(client, books, cast):
    await is_employed(cast.rachel)
    await is_given(cast, cast.rachel, 2_500_00)
    fanny, path = client(cast.fanny), f"{here()}/{await ref_of(cast.rachel)}"
    refused = await fanny.post_form(here(), **DRAWN)
    assert refused.status_code == 422
    assert "Dites d’abord" in refused.text
    assert 'value="Fanny Leroy"' in refused.text  # nothing typed is lost
    assert (await fanny.post_form(path, declared="no")).status_code == 422
    assert (await fanny.post_form(path, declared="no", reason="En salaires")).status_code == 303
    assert "En salaires" in (await fanny.get(path)).text
    nobody = await fanny.post_form(here(), **DRAWN)
    assert "Personne n’est à déclarer" in nobody.text


async def test_a_long_address_is_shown_as_it_will_stand(client, books, cast):
    await is_paid(books, cast.remi, 3_000_00)
    await changed(cast.remi, "street", "122 rue du Général de division Tartempion")
    fanny = client(cast.fanny)
    assert "Rue raccourcie" in (await fanny.get(here())).text
    assert "E DIVISION TARTEMPION" in (await fanny.get(f"{here()}/{await ref_of(cast.remi)}")).text


async def test_the_list_for_the_form_online_is_exported(client, books, cast):
    await is_paid(books, cast.remi, 3_000_00)
    await is_paid(books, cast.rachel, 3_000_00)
    await changed(cast.remi, "siret", "")
    fanny = client(cast.fanny)
    path = (await fanny.post_form(here(), **DRAWN)).headers["location"]
    lines = (await fanny.get(f"{path}?voie=online&format=csv")).content.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("Morin Conseil;")
    assert "3600,00" in lines[1]
    assert "Numéro SIRET" in lines[1]
    assert len((await fanny.get(f"{path}?voie=online&format=xlsx")).content) > 1_000
    review = (await fanny.get(f"{here()}?voie=online&format=csv")).content.decode("utf-8-sig").splitlines()
    assert len(review) == 2


async def test_a_company_that_is_not_described_reads_what_it_lacks(client, books, cast):
    await is_paid(books, cast.remi, 3_000_00)
    async with deed(Machine("test")):
        await db.execute("UPDATE legal_entity SET ape = ''")
    fanny = client(cast.fanny)
    assert "Complétez d’abord la fiche de l’entreprise" in (await fanny.get(here())).text
    refused = await fanny.post_form(here(), **DRAWN)
    assert refused.status_code == 422
    assert await db.value("SELECT count(*) FROM das2_run") == 0


async def test_a_filing_of_tomorrow_or_without_its_number_is_refused(client, books, cast):
    await is_paid(books, cast.remi, 3_000_00)
    fanny = client(cast.fanny)
    path = (await fanny.post_form(here(), **DRAWN)).headers["location"]
    refused = await fanny.post_form(f"{path}/depot", filed_on="2099-01-01")
    assert refused.status_code == 422
    assert "Cette date n’est pas encore passée." in refused.text
    assert "Donnez le numéro" in refused.text


async def test_the_same_form_sent_twice_draws_once(client, books, cast):
    await is_paid(books, cast.remi, 3_000_00)
    fanny = client(cast.fanny)
    answers = await asyncio.gather(*(fanny.post_form(here(), **DRAWN) for _twice in range(2)))
    assert len({answer.headers["location"] for answer in answers}) == 1


async def test_a_referrer_gives_a_date_of_birth(client, books, cast):
    rachel, path = client(cast.rachel), "/fiscalite/date-de-naissance"
    assert (await rachel.get(path)).status_code == 200
    for wrong in ("2099-01-01", "1066-10-14", "hier"):
        assert (await rachel.post_form(path, born_on=wrong)).status_code == 422
    assert (await rachel.post_form(path, born_on="1980-03-07")).headers["location"] == path
    assert "enregistrée" in (await rachel.get(path)).text
    assert str(await access.birth_date_of(cast.rachel.referrer_id)) == "1980-03-07"


async def test_no_year_before_the_law_or_to_come_has_a_declaration(client, books, cast):
    fanny = client(cast.fanny)
    for year in (2006, today().year + 1):
        assert (await fanny.get(f"/fiscalite/{year}/das2")).status_code == 404
    assert (await fanny.get(f"{here()}/0000000000")).status_code == 404


async def test_pages_ask_the_database_few_questions_whoever_is_declared(client, books, cast):
    await is_paid(books, cast.remi, 3_000_00)
    fanny = client(cast.fanny)
    path = (await fanny.post_form(here(), **DRAWN)).headers["location"]
    few = {one: await asked(fanny, one) for one in (here(), path)}
    for who in (cast.rachel, cast.mina):
        await is_paid(books, who, 2_500_00)
    assert {one: await asked(fanny, one) for one in (here(), path)} == few
    assert max(few.values()) <= 12


async def asked(browser, path: str) -> int:
    async with Queries() as queries:
        assert (await browser.get(path)).status_code == 200
    return len(queries)
