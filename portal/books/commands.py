"""`portal close-month`: what stands between a month and its closing, and the closing itself."""

from datetime import date

import click

from portal.books.month import access, deciding
from portal.books.month.forms import parse_month
from portal.books.month.reading import month_of
from portal.books.month.rules import LABELS, MonthState, obstacles
from portal.books.month.words import month_name, told
from portal.commands.running import Refusal, finance, run
from portal.company import access as company
from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.text import N_, _, money

NO_COMPANY = N_("L'entreprise n'est pas encore décrite : complétez d'abord les réglages.")
NOT_OPEN = N_("Aucun arrêté n'est ouvert pour ce mois.")
CLOSED = N_("Ce mois est déjà clos.")


@click.command("close-month", epilog="Exemple : portal close-month 2026-10 --by fanny@exemple.fr")
@click.argument("month", required=False, metavar="[AAAA-MM]")
@click.option("--by", "email", help="Au nom de qui : un compte de la finance.")
def close_month(month: str | None, email: str | None) -> None:
    """Contrôle un mois, puis le clôt ; sans mois, le plus ancien qui est ouvert.

    Le mois est d'abord contrôlé par une personne, puis clos par une autre : la même commande, au nom de l'autre.
    """
    wanted = _month(month)
    run(lambda: close(wanted, email))


def _month(typed: str | None) -> date | None:
    try:
        return parse_month(typed) if typed else None
    except ValueError as wrong:
        raise click.BadParameter(_(str(wrong)), param_hint="MONTH") from wrong


async def close(month: date | None, email: str | None) -> None:
    settlement = await _settlement(month)
    click.echo(f"{month_name(settlement['month'])} : {_said(settlement['state'])}")
    if settlement["state"] == MonthState.CLOSED:
        raise Refusal(_(CLOSED))
    await _say(settlement)
    person = await finance(email)
    click.echo(_("Vérification des écritures…"))
    async with deed(person):
        move = deciding.control if settlement["state"] == MonthState.OPENED else deciding.approve
        await move(settlement)
    await _tell(await access.settlement(settlement["id"]))


async def _settlement(month: date | None) -> db.Row:
    entity = await company.legal_entity()
    if entity is None:
        raise Refusal(_(NO_COMPANY))
    found = await (access.settlement_of(entity["id"], month) if month else access.oldest_open(entity["id"]))
    if found is None:
        raise Refusal(_(NOT_OPEN))
    return found


def _said(state: str) -> str:
    label = LABELS[MonthState(state)]
    return _(label)


async def _say(settlement: db.Row) -> None:
    """The figures, then what stands in the way."""
    found = await month_of(settlement)
    click.echo(
        _("%(count)s commissions, %(net)s HT ; à regarder : %(look)s ; écart %(off)s")
        % {"count": found.commissions, "net": money(found.net_cents), "look": found.to_look, "off": money(found.agreement.off)}
    )  # fmt: skip
    waits = [
        _(sentence) % told(params) for sentence, params in obstacles(settlement, found.standing, today())
    ]
    for sentence in waits:
        click.echo(f"- {sentence}")
    if waits:
        raise Refusal(_("Le mois ne peut pas encore être clos."))


async def _tell(settlement: db.Row) -> None:
    if settlement["state"] == MonthState.CONTROLLED:
        click.echo(
            _("Contrôlé. Une autre personne le clôt : la même commande à son nom, ou la page de l'arrêté.")
        )
        return
    click.echo(_("Clos. Le dossier se prépare…"))
    await work_off()
    packed = await access.settlement(settlement["id"])
    click.echo(f"{packed['file_name']}  sha256 {packed['file_sha256'].hex()}")
