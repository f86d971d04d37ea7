"""`portal import referrers|leads|payments FILE`."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from portal.commands.running import Refusal, run
from portal.imports.actions import Report, import_file
from portal.imports.options import Options
from portal.imports.taking import TAKING
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import Machine, deed
from portal.kit.text import _
from portal.people.rules import Role
from portal.plans import actions as plans
from portal.plans.rules.language import Refused as PlanRefused

SHOWN_FAULTS = 200
COMMAND = Machine("command:import")


@click.command(
    "import",
    epilog="Example: portal import referrers apporteurs.csv --programme 'Apporteurs' --plan plan.json --signed-on-paper --mandate",
)
@click.argument("kind", type=click.Choice(list(TAKING)))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--programme",
    default="",
    help="The programme of contracts and leads, by name; opened when there is none of that name.",
)
@click.option(
    "--plan",
    default="",
    help="The plan of the contracts: a published plan by name, or a plan in a JSON file.",
)
@click.option(
    "--text", default="", help="The contract text, by key; without it, the published text of each status."
)
@click.option(
    "--signed-on-paper",
    is_flag=True,
    help="The dated contracts are signed on paper; the administrator vouches for them.",
)
@click.option("--mandate", is_flag=True, help="These contracts hold the self-billing mandate.")
@click.option("--notify", is_flag=True, help="Mail everybody concerned, as if it happened now.")
def import_(kind: str, file: Path, **said: Any) -> None:
    """Take a spreadsheet in: good rows enter, each bad row is named with line, column and reason."""
    plan_file = Path(said["plan"])
    body = json.loads(plan_file.read_text()) if said["plan"] and plan_file.is_file() else None
    report = run(lambda: _import(kind, file.name, file.read_bytes(), body, **said))
    _say(report)
    sys.exit(1 if report.faults and not report.good else 0)


async def _import(kind: str, name: str, data: bytes, body: Any, **said: Any) -> Report:
    options = await _options(body, **said)
    with click.progressbar(length=data.count(b"\n"), label=name, file=sys.stderr) as bar:
        return await import_file(kind, name, data, options, COMMAND, bar.update)


async def _options(
    body: Any, *, programme: str, plan: str, text: str, signed_on_paper: bool, mandate: bool, notify: bool
) -> Options:
    if await db.value("SELECT id FROM legal_entity LIMIT 1") is None:
        raise Refusal(_("L'entreprise n'est pas encore décrite : ouvrez Réglages, Entreprise."))
    programme_id = await _programme(programme)
    version_id = await _plan(plan, body, programme_id) if plan else None
    if signed_on_paper and not (programme_id and version_id):
        raise Refusal(_("Pour reprendre des contrats signés, donnez --programme et --plan."))
    return Options(
        programme_id=programme_id, plan_version_id=version_id, text_key=text, signed_on_paper=signed_on_paper,
        mandate=mandate, notify=notify, vouched_by=await _administrator(),
    )  # fmt: skip


async def _programme(name: str) -> int | None:
    if not name:
        return await db.value("SELECT id FROM programme ORDER BY id LIMIT 1")
    known = await db.value("SELECT id FROM programme WHERE name = $1", name)
    if known:
        return known
    async with deed(COMMAND):
        return (await plans.open_programme(name, today()))["id"]


async def _plan(named: str, body: Any, programme_id: int | None) -> int:
    """A published plan by its name, or one read from a file, published unless it is already."""
    if body is None:
        return await _published(named)
    if programme_id is None:
        raise Refusal(_("Donnez --programme : un barème appartient à un programme."))
    try:
        async with deed(COMMAND):
            return await plans.publish_once(programme_id, body)
    except PlanRefused as wrong:
        raise Refusal(f"{named}: {wrong}") from wrong


async def _published(name: str) -> int:
    found = await db.value(
        """SELECT plan_version.id FROM plan_version JOIN plan ON plan.id = plan_version.plan_id
           WHERE plan.name = $1 AND plan_version.state = 'published' ORDER BY number DESC LIMIT 1""",
        name,
    )
    if found is None:
        raise Refusal(_("Aucun barème publié ne s'appelle « %(name)s ».") % {"name": name})
    return found


async def _administrator() -> int | None:
    return await db.value(
        "SELECT user_id FROM membership WHERE role = $1 AND ended_at IS NULL ORDER BY id LIMIT 1", Role.ADMIN
    )


def _say(report: Report) -> None:
    for fault in report.faults[:SHOWN_FAULTS]:
        click.echo(_line(fault), err=True)
    if len(report.faults) > SHOWN_FAULTS:
        click.echo(_("… et %(n)s autres.") % {"n": len(report.faults) - SHOWN_FAULTS}, err=True)
    click.echo(
        _(
            "%(good)s lignes bonnes, dont %(added)s nouvelles ; %(faulty)s lignes écartées ; %(warned)s remarques."
        )
        % {
            "good": report.good,
            "added": report.added,
            "faulty": len({fault.line for fault in report.faults}),
            "warned": len(report.warnings),
        }
    )


def _line(fault: Any) -> str:
    column = f", {fault.column}" if fault.column else ""
    value = f" « {fault.value} »" if fault.value else ""
    return _("Ligne %(line)s%(column)s%(value)s : %(why)s") % {
        "line": fault.line, "column": column, "value": value, "why": fault.sentence,
    }  # fmt: skip
