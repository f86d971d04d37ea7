"""`portal close-year Y`: what a year still needs and for whom, and the closing itself."""

import click

from portal.commands.running import Refusal, finance, run
from portal.company import access as company
from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.text import N_, _, day
from portal.taxes.closing import access, deciding, papers
from portal.taxes.closing.requirements import BY_CODE, lacking
from portal.taxes.closing.rules import LABELS, Lack, YearState, obstacles
from portal.taxes.closing.words import named, value_of, why_of
from portal.taxes.rules import FIRST_YEAR

NO_COMPANY = N_("L'entreprise n'est pas encore décrite : complétez d'abord les réglages.")
CLOSED = N_("Cette année est déjà close.")


@click.command("close-year", epilog="Exemple : portal close-year 2026 --by fanny@exemple.fr")
@click.argument("year", type=int, metavar="AAAA")
@click.option("--by", "email", help="Au nom de qui : un compte de la finance.")
def close_year(year: int, email: str | None) -> None:
    """Dit ce qui manque à une année et pour qui, puis la clôt.

    L'année est d'abord contrôlée par une personne, puis close par une autre : la même commande, au nom de l'autre.
    """
    if not FIRST_YEAR <= year <= today().year:
        raise Refusal(
            _("Donnez une année de %(first)s à %(last)s.") % {"first": FIRST_YEAR, "last": today().year}
        )
    run(lambda: close(year, email))


async def close(year: int, email: str | None) -> None:
    entity = await company.legal_entity()
    if entity is None:
        raise Refusal(_(NO_COMPANY))
    closing = await access.closing_of(year)
    state = YearState(closing["state"]) if closing else YearState.OPENED
    label = LABELS[state]
    click.echo(f"{year} : {_(label)}")
    if state == YearState.CLOSED:
        raise Refusal(_(CLOSED))
    _say(year, await lacking(entity["id"], year))
    person = await finance(email)
    click.echo(_("Vérification des écritures…"))
    async with deed(person):
        opened = await deciding.opened(entity["id"], year)
        await (deciding.control if state == YearState.OPENED else deciding.approve)(opened)
    await _tell(await access.closing(opened["id"]))


def _say(year: int, lacks: list[Lack]) -> None:
    """Each person with the reason, then what stands in the way. Raises Refusal when something does."""
    for lack in lacks:
        about = BY_CODE[lack.code]
        who = " ".join(part for part in (lack.number, named(lack.name)) if part)
        click.echo("- " + " : ".join(part for part in (_(about.label), who, why_of(lack)) if part))
    waits = [
        _(sentence) % {name: value_of(value) for name, value in params.items()}
        for sentence, params in obstacles(year, lacks, today())
    ]
    for sentence in waits:
        click.echo(sentence)
    if waits:
        raise Refusal(_("L'année ne peut pas encore être close."))


async def _tell(closing: db.Row) -> None:
    if closing["state"] == YearState.CONTROLLED:
        click.echo(
            _("Contrôlée. Une autre personne la clôt : la même commande à son nom, ou la page de la clôture.")
        )
        return
    wanted = (await papers.progress(closing["id"])).wanted
    click.echo(
        _("Close le %(day)s. Ses documents se préparent : %(count)s…")
        % {"day": day(closing["closed_at"]), "count": wanted}
    )
    await work_off()
    click.echo(f"{(await papers.progress(closing['id'])).done}/{wanted}  sha256 {closing['digest'].hex()}")
