"""`portal bank FILE`."""

from pathlib import Path

import click

from portal.commands.running import Refusal, run
from portal.kit.deed import Machine
from portal.kit.invalid import Invalid
from portal.kit.text import _, ngettext
from portal.payouts.bank import taking
from portal.payouts.bank.rules import STATE_LABELS, State
from portal.payouts.bank.taking import Taken

COMMAND = Machine("command:bank")


@click.command(epilog="Exemple : portal bank releve-camt053.xml")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
def bank(file: Path) -> None:
    """Lit un fichier de la banque (pain.002, camt.053, camt.054) et note ce qu'il dit des virements.

    Le même fichier deux fois ne change rien. Sort en 2 quand il ne se lit pas ou n'est pas celui de l'entreprise."""
    try:
        taken = run(lambda: taking.take(file.read_bytes(), file.name, COMMAND))
    except Invalid as wrong:
        raise Refusal(wrong.sentence) from wrong
    _say(taken)


def _say(taken: Taken) -> None:
    if taken.again:
        click.echo(_("Ce fichier a déjà été lu."))
    for state, count in sorted(taken.counts.items()):
        label = _(STATE_LABELS[State(state)])
        click.echo(f"{label} : " + ngettext("%(num)d ligne", "%(num)d lignes", count) % {"num": count})
    if taken.found_nothing:
        click.echo(_("Rien dans ce fichier ne correspond à vos virements : rien n'a bougé."))
