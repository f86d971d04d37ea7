"""The page of a year's closing, and the command."""

import pytest

from portal.commands.running import Refusal
from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.days import clock_at
from portal.taxes.closing import access, commands
from tests.books.months import browser
from tests.counting import Queries
from tests.invoicing.books import Books
from tests.taxes.closings import IN_DECEMBER, IN_JANUARY, YEAR, closed, december, paid_on_the_20th, street


@pytest.fixture
async def books(cast) -> Books:
    return await december(cast)


@pytest.fixture
async def paid(books) -> db.Row:
    return await paid_on_the_20th(books)


async def test_finance_closes_on_the_page_and_another_approves(cast, paid, client):
    page = f"/fiscalite/{YEAR}/cloture"
    with clock_at(IN_DECEMBER):
        told = (await (await browser(client, cast.fanny)).get(page)).text
        assert "Il ne manque rien" in told
        assert "pas terminée" in told
        assert "Clore l&#39;année" not in told
    with clock_at(IN_JANUARY):
        fanny, fred = await browser(client, cast.fanny), await browser(client, cast.fred)
        await street(cast, "")
        told = (await fanny.get(page)).text
        assert "Rachel Vidal" in told
        assert "adresse manquante" in told
        exported = await fanny.get(f"{page}?format=csv&quoi=identity")
        assert "Rachel Vidal" in exported.text
        refused = await fanny.post_form(f"{page}/controle")
        assert refused.status_code == 409
        await street(cast, "3 rue des Lilas")
        assert (await fanny.post_form(f"{page}/controle")).status_code == 303
        assert "Approuver" in (await fred.get(page)).text
        assert (await fanny.post_form(f"{page}/approbation")).status_code == 403
        wrong = await fred.post_form(f"{page}/approbation/refus")
        assert wrong.status_code == 422
        assert (await fred.post_form(f"{page}/approbation")).status_code == 303
        told = (await fanny.get(page)).text
        assert "1 300,00" in told.replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\N{NO-BREAK SPACE}", " ")
        assert "se préparent" in told
        await work_off()
        assert "sont prêts" in (await fanny.get(f"{page}/avancement")).text
        assert "/fichiers/" in (await fanny.get(page)).text


async def test_the_pages_cost_the_same_with_one_or_many(cast, paid, books, client):
    with clock_at(IN_JANUARY):
        page, fanny = f"/fiscalite/{YEAR}/cloture", await browser(client, cast.fanny)
        async with Queries() as open_page:
            await fanny.get(page)
        await closed(cast)
        async with Queries() as closed_page:
            await fanny.get(page)
        assert len(open_page) <= 8
        assert len(closed_page) <= 8


@pytest.mark.parametrize(
    ("by", "said"),
    [(None, "Dites au nom de qui"), ("sam@lumen.example", "pas un compte ouvert de la finance")],
)
async def test_the_command_says_what_is_missing_and_wants_a_name(cast, paid, capsys, by, said):
    with clock_at(IN_JANUARY), pytest.raises(Refusal, match=said):
        await commands.close(YEAR, by)


async def test_the_command_closes_a_year_in_two_names(cast, paid, capsys):
    with clock_at(IN_JANUARY):
        await street(cast, "")
        with pytest.raises(Refusal, match="pas encore être close"):
            await commands.close(YEAR, "fanny@lumen.example")
        assert "Identité à compléter : R0001 Rachel Vidal" in capsys.readouterr().out
        await street(cast, "3 rue des Lilas")
        await commands.close(YEAR, "fanny@lumen.example")
        assert "Contrôlée" in capsys.readouterr().out
        await commands.close(YEAR, "fred@lumen.example")
        told = capsys.readouterr().out
        assert "2/2" in told
        assert (await access.closing_of(YEAR))["digest"].hex() in told
        with pytest.raises(Refusal, match="déjà close"):
            await commands.close(YEAR, "fred@lumen.example")
