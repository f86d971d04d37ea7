"""`portal das2 --year Y`, as a terminal reads it."""

import click.testing
import pytest

from portal.commands.running import Refusal
from portal.company import access, actions
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import Machine, deed
from portal.taxes import commands
from tests.taxes.das2.reader import read
from tests.taxes.stories import is_paid


def this_year() -> int:
    return today().year


def plain(text: str) -> str:
    return text.replace("\xa0", " ").replace("\u202f", " ")


async def test_the_list_names_everybody_the_total_and_the_days_of_the_law(books, cast, capsys):
    await is_paid(books, cast.remi, 2_400_00)
    await is_paid(books, cast.rachel, 100_00)
    await commands.say(this_year())
    first, second, total, days = plain(capsys.readouterr().out).splitlines()
    assert "Morin Conseil" in first
    assert first.endswith("2 880,00 €  À déclarer")  # 2 400 × 1.2
    assert second.endswith("100,00 €  Sous le seuil")
    assert total == f"{this_year()} : 2 bénéficiaires, 2 980,00 € TTC versés ; 1 au-dessus de 2 400,00 €"
    assert days.startswith("À déposer au plus tard le")


def test_a_year_to_come_is_refused_in_one_line():
    said = click.testing.CliRunner().invoke(commands.das2, ["--year", str(this_year() + 1)])
    assert said.exit_code != 0
    assert f"de 2007 à {this_year()}" in said.output


async def test_it_writes_the_file_plain_and_packed_and_names_who_is_not_in_it(books, cast, capsys, tmp_path):
    await is_paid(books, cast.remi, 2_400_00)
    await is_paid(books, cast.rachel, 2_500_00)
    await describes(cast, ape="62.01Z")
    async with deed(Machine("test")):
        await db.execute("UPDATE referrer SET street = '' WHERE id = $1", cast.rachel.referrer_id)
    await commands.write(this_year(), tmp_path)
    await commands.write(this_year(), tmp_path)  # the same file again
    packed, plain_file = sorted(tmp_path.iterdir())
    assert packed.name.startswith(f"DSAL_{this_year()}_")
    assert [record.code for record in read(plain_file.read_bytes())] == ["010", "020", "210", "300", "310"]
    told = plain(capsys.readouterr().out)
    assert "Formulaire en ligne : R" in told
    assert "Rachel Vidal  (Adresse complète)" in told
    assert await db.value("SELECT count(*) FROM das2_run") == 1


async def test_a_company_that_is_not_described_is_told_in_one_line(books, cast, tmp_path):
    await is_paid(books, cast.remi, 2_400_00)
    with pytest.raises(Refusal, match="SIRET, code APE, adresse"):
        await commands.write(this_year(), tmp_path)
    assert list(tmp_path.iterdir()) == []


async def describes(cast, **columns: str) -> None:
    async with deed(cast.alice.person):
        entity = await access.legal_entity_by(cast.entity_id)
        await actions.correct(entity, entity["version"], **columns)
