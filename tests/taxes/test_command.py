"""`portal das2 --year Y`, as a terminal reads it."""

import click.testing

from portal.kit.days import today
from portal.taxes import commands
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
