"""Opening the first account, and any other, from a terminal."""

import click

from portal.commands.running import run
from portal.kit.deed import Machine, deed
from portal.kit.identifiers import parse_email
from portal.kit.invalid import Invalid
from portal.people import access as people_access
from portal.people import actions as people
from portal.people import links, mails
from portal.people.links import Purpose
from portal.people.rules import STAFF, Role
from portal.settings import settings

ROLES = sorted(role.value for role in STAFF)


@click.group()
def user() -> None:
    """Comptes : en ouvrir un depuis un terminal."""


@user.command(epilog='Exemple : portal user add claire@exemple.fr --name "Claire Aubier" --role admin')
@click.argument("email")
@click.option("--name", required=True, help="Nom et prénom.")
@click.option(
    "--role", "roles", required=True, multiple=True, type=click.Choice(ROLES), help="Plusieurs fois possible."
)
@click.option(
    "--language", default="fr", type=click.Choice(["fr", "en"]), help="Langue des pages et des courriels."
)
def add(email: str, name: str, roles: tuple[str, ...], language: str) -> None:
    """Invite quelqu'un ; affiche aussi le lien qui ouvre le compte, pour le premier, avant que les courriels partent."""
    address = _address(email)

    async def work() -> str:
        async with deed(Machine("command:user_add")):
            if await people_access.user_by_email(address):
                raise click.BadParameter(f"{address} : ce compte existe déjà", param_hint="EMAIL")
            user_id = await people.add_user(address, name.strip(), language)
            await people.set_roles(user_id, {Role(role) for role in roles})
            token = await links.make(user_id, Purpose.INVITATION)
            await mails.invitation(await people_access.user(user_id), token)
            return token

    click.echo(f"{settings().origin}/invitation/{run(work)}")


def _address(typed: str) -> str:
    try:
        return parse_email(typed)
    except Invalid as wrong:
        raise click.BadParameter(wrong.sentence, param_hint="EMAIL") from wrong
