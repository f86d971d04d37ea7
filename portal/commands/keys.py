"""The key ring, from a terminal."""

import click

from portal.commands.running import run
from portal.kit.keyring import ring
from portal.kit.text import _


@click.group()
def keys() -> None:
    """Trousseau de clés : en changer sans rien perdre."""


@keys.command(epilog="Exemple : portal keys rotate")
def rotate() -> None:
    """Ajoute une clé qui sert dès lors ; les anciennes ouvrent encore ce qu'elles ont scellé."""

    async def work() -> int:
        return ring().rotate()

    number = run(work)
    click.echo(
        _("La clé %(number)s sert désormais. Redémarrez le portail, puis sauvegardez.") % {"number": number}
    )
