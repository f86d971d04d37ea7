"""`portal das2 --year Y`: who was paid how much in a civil year, and who is to be declared."""

import click

from portal.commands.running import Refusal, run
from portal.company import access as company
from portal.kit import db
from portal.kit.days import today
from portal.kit.text import N_, _, day, money, ngettext
from portal.taxes import access
from portal.taxes.access import Paid
from portal.taxes.rules import DECLARED_LABELS, FIRST_YEAR, FilingDays, filing_days, threshold_of

NO_COMPANY = N_("L'entreprise n'est pas encore décrite : complétez d'abord les réglages.")


@click.command("das2", epilog="Exemple : portal das2 --year 2026")
@click.option("--year", required=True, type=int, help="L'année civile des versements.")
def das2(year: int) -> None:
    """Liste les bénéficiaires payés dans l'année, TTC, et ceux que la DAS2 doit déclarer."""
    if not FIRST_YEAR <= year <= today().year:
        raise Refusal(
            _("--year : donnez une année de %(first)s à %(last)s.")
            % {"first": FIRST_YEAR, "last": today().year}
        )
    run(lambda: say(year))


async def say(year: int) -> None:
    entity, figures = await company.legal_entity(), await company.figures()
    if entity is None:
        raise Refusal(_(NO_COMPANY))
    threshold = threshold_of(year, figures)
    for row in await access.beneficiaries(entity["id"], year, threshold):
        click.echo(_line(row))
    click.echo(_sum(await access.paid_in(entity["id"], year, threshold), year, threshold))
    click.echo(_dates(filing_days(year, figures)))


def _line(row: db.Row) -> str:
    label = DECLARED_LABELS[row["declared"]]
    return f"{row['number']:<10}{row['name'][:40]:<42}{money(row['total_cents']):>16}  {_(label)}"


def _sum(paid: Paid, year: int, threshold: int) -> str:
    people = ngettext("%(n)s bénéficiaire", "%(n)s bénéficiaires", paid.people) % {"n": paid.people}
    said = _("%(year)s : %(people)s, %(total)s TTC versés ; %(declare)s au-dessus de %(threshold)s")
    return said % {
        "year": year, "people": people, "total": money(paid.total.total),
        "declare": paid.to_declare, "threshold": money(threshold),
    }  # fmt: skip


def _dates(days: FilingDays) -> str:
    said = _(
        "À déposer au plus tard le %(filing)s ; par télédéclaration, le %(tele)s (à vérifier chaque année)."
    )
    return said % {"filing": day(days.filing), "tele": day(days.tele_filing)}
