"""`portal das2 --year Y`: who was paid how much in a civil year, who is to be declared, and the file for the tax office."""

from pathlib import Path

import click

from portal.commands.running import Refusal, run
from portal.company import access as company
from portal.kit import db, files
from portal.kit.days import today
from portal.kit.deed import Machine, deed
from portal.kit.text import N_, _, day, money, ngettext
from portal.taxes import access
from portal.taxes.access import Paid
from portal.taxes.das2 import access as declarations
from portal.taxes.das2 import drawing, packing, reviewing
from portal.taxes.das2.file import Unwritable
from portal.taxes.das2.packing import NotPacked
from portal.taxes.das2.rules import LACK_LABELS, law_of
from portal.taxes.rules import DECLARED_LABELS, FIRST_YEAR, FilingDays, filing_days, threshold_of

NO_COMPANY = N_("L'entreprise n'est pas encore décrite : complétez d'abord les réglages.")
NO_KEY = N_("La clé de l'administration pour cette année n'est pas connue : le fichier n'est pas chiffré.")


@click.command("das2", epilog="Exemple : portal das2 --year 2026 --out declarations")
@click.option("--year", required=True, type=int, help="L'année civile des versements.")
@click.option(
    "--out", default=".", type=click.Path(exists=True, file_okay=False, writable=True, path_type=Path),
    help="Le dossier où écrire le fichier ; sans réponse, celui où vous êtes.",
)  # fmt: skip
@click.option("--list", "only_list", is_flag=True, help="La liste seule, sans établir de fichier.")
def das2(year: int, out: Path, only_list: bool) -> None:
    """Liste les bénéficiaires de l'année, TTC, et écrit le fichier de la DAS2 : en clair, et chiffré pour le dépôt."""
    if not FIRST_YEAR <= year <= today().year:
        raise Refusal(
            _("--year : donnez une année de %(first)s à %(last)s.")
            % {"first": FIRST_YEAR, "last": today().year}
        )
    run(lambda: say(year) if only_list else say_and_write(year, out))


async def say_and_write(year: int, out: Path) -> None:
    await say(year)
    await write(year, out)


async def say(year: int) -> None:
    entity, figures = await _entity(), await company.figures()
    threshold = threshold_of(year, figures)
    for row in await access.beneficiaries(entity["id"], year, threshold):
        click.echo(_line(row))
    click.echo(_sum(await access.paid_in(entity["id"], year, threshold), year, threshold))
    click.echo(_dates(filing_days(year, figures)))


async def _entity() -> db.Row:
    entity = await company.legal_entity()
    if entity is None:
        raise Refusal(_(NO_COMPANY))
    return entity


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


# The file


async def write(year: int, out: Path) -> None:
    """Drawn as the page draws it and kept like there; the same declaration is not drawn twice."""
    made = await _drawn(await _entity(), year)
    await _copy(made["plain_ref"], out)
    try:
        await packing.pack_run(made["id"])
    except NotPacked:
        click.echo(_(NO_KEY), err=True)
    else:
        await _copy((await declarations.run(made["id"]))["packed_ref"], out)
    for row in await declarations.online_lines(made["id"]):
        lacks = ", ".join(_(LACK_LABELS[lack]) for lack in row["lacks"])
        click.echo(f"{_('Formulaire en ligne')} : {row['number']}  {row['name'][:40]}  ({lacks})")
    click.echo(f"SHA-256 {made['sha256'].hex()}")


async def _drawn(entity: db.Row, year: int) -> db.Row:
    last = await declarations.last_run(entity["id"], year)
    contact = reviewing.contact_of(entity, last)
    try:
        by = reviewing.declarant_of(entity, year, contact)
    except Unwritable as lack:
        raise Refusal(_(reviewing.INCOMPLETE)) from lack
    drawn = await drawing.draw(entity["id"], law_of(year, await company.figures()), by)
    drawing.refuse_unready(drawn)
    kept = await drawing.store(drawn)
    async with deed(Machine("command:das2")):
        return await drawing.keep(entity["id"], drawn, kept, contact.pays_wages)


async def _copy(ref: str, out: Path) -> None:
    kept = await files.by_ref(ref)
    path = out / kept["name"]
    path.write_bytes(await files.content(kept))
    click.echo(_("Écrit : %(path)s") % {"path": path})
