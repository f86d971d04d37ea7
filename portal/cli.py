"""The `portal` command: each of its words is a file, loaded when it is said."""

import os
import sys
from importlib import import_module
from typing import Any

import click

COMMANDS = {
    "demo": "portal.commands.demo:demo",
    "serve": "portal.commands.serve:serve",
    "worker": "portal.commands.serve:worker",
    "migrate": "portal.commands.database:migrate",
    "verify": "portal.commands.database:verify",
    "backup": "portal.commands.database:backup",
    "restore": "portal.commands.database:restore",
    "keys": "portal.commands.keys:keys",
    "user": "portal.commands.users:user",
    "plan": "portal.commands.plans:plan",
    "import": "portal.imports.commands:import_",
    "bank": "portal.payouts.bank.commands:bank",
    "close-month": "portal.books.commands:close_month",
    "close-year": "portal.taxes.closing.commands:close_year",
    "das2": "portal.taxes.commands:das2",
}


class Words(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        return getattr(import_module(module), name)


@click.command(cls=Words, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--demo", is_flag=True, help="Agit sur la démonstration en marche au lieu de DATABASE_URL.")
def portal(demo: bool) -> None:
    """Le portail d'un réseau d'apporteurs d'affaires.

    Exemple : DATABASE_URL=postgresql://… DATABASE_OWNER_URL=postgresql://… portal serve
    """
    if demo:
        from portal.commands.demo import attach

        attach()


def main(arguments: list[str] | None = None) -> Any:
    """Exit 2 and one clear line when something asked for cannot be done."""
    from portal.commands.running import refusal_of
    from portal.kit.text import speak

    speak((os.environ.get("LC_ALL") or os.environ.get("LANG", ""))[:2])
    try:
        return portal.main(arguments, prog_name="portal", standalone_mode=False)
    except click.exceptions.Abort:
        return 130
    except click.ClickException as refused:
        click.echo(refused.format_message(), err=True)
        return 2
    except Exception as fault:
        if (said := refusal_of(fault)) is None:
            raise
        print(said, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
