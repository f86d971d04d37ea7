"""`portal import referrers|leads|payments|clients FILE`."""

import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from portal.commands.running import run
from portal.imports import access, actions
from portal.imports.applying import Report, Told, import_file, looked_at
from portal.imports.asking import COMMAND, Said, options_for, plan_body
from portal.imports.columns import KINDS
from portal.imports.faults import Fault
from portal.imports.labels import field_choices
from portal.imports.options import Options
from portal.imports.reading import Reading
from portal.imports.taking import TAKING
from portal.kit.cells import plain_words
from portal.kit.deed import deed
from portal.kit.text import _

SHOWN_FAULTS = 200
NOTHING_TAKEN = 1


@click.command(
    "import",
    epilog="Example: portal import referrers apporteurs.csv --programme 'Apporteurs' --plan plan.json --signed-on-paper --mandate",
)
@click.argument("kind", type=click.Choice(list(TAKING)))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@click.option(
    "--programme",
    help="The programme of contracts and leads, by name; opened when there is none of that name.",
)
@click.option("--plan", help="The plan of the contracts: a published plan by name, or a plan in a JSON file.")
@click.option("--text", help="The contract text, by key; without it, the published text of each status.")
@click.option(
    "--signed-on-paper/--no-signed-on-paper",
    default=None,
    help="Whether the dated contracts are signed on paper; the administrator vouches for them.",
)
@click.option(
    "--mandate/--no-mandate", default=None, help="Whether these contracts hold the self-billing mandate."
)
@click.option(
    "--notify/--no-notify",
    default=None,
    help="Mail everybody concerned, as if it happened now; by default nobody.",
)
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="TITLE=FIELD",
    help="What an unusual column holds, remembered: --column 'Montant=gross_cents|20'. Several times.",
)
@click.option("--json", "as_json", is_flag=True, help="Write the report as JSON on standard output.")
def import_(kind: str, file: Path, as_json: bool, columns: tuple[str, ...], **said: Any) -> None:
    """Take a spreadsheet in: good rows enter, each bad row is named with line, column, value and reason.

    What the file does not say is asked in a terminal. Stopped at any point and run again, it goes on where it
    stopped; the same file twice adds nothing. Exit 0: taken, 1: not one row could be taken, 2: refused."""
    plan_body(said["plan"])
    meant = meant_by(kind, columns)
    report = run(lambda: _import(kind, file.name, file.read_bytes(), Said(**said), meant))
    (_say_json if as_json else _say)(kind, file.name, report)
    there = any(warning.code == "already_imported" for warning in report.warnings)
    sys.exit(NOTHING_TAKEN if report.faults and not report.good and not there else 0)


def meant_by(kind: str, columns: Sequence[str]) -> dict[str, str]:
    """Title → field, of what --column says. Raises BadParameter, naming the fields of this kind."""
    choices = {value for value, _label in field_choices(kind)}
    meant = {}
    for said in columns:
        title, _sign, choice = said.rpartition("=")
        if not plain_words(title) or choice not in choices:
            fields = ", ".join(column.field for column in KINDS[kind])
            raise click.BadParameter(f"{said} : TITLE=FIELD ({fields})", param_hint="--column")
        meant[plain_words(title)] = choice
    return meant


async def _import(kind: str, name: str, data: bytes, said: Said, meant: dict[str, str]) -> Report:
    if meant:
        async with deed(COMMAND):
            await actions.remember(kind, meant)
    options = await _options(kind, data, said)
    with _progress(name) as told:
        return await import_file(kind, name, data, options, COMMAND, told)


async def _options(kind: str, data: bytes, said: Said) -> Options:
    """What was asked the first time stands when an import goes on; nothing is asked for a file without a good row."""
    if await access.begun(kind, hashlib.sha256(data).digest()):
        click.echo(_("Cet import avait commencé : il reprend où il s'était arrêté."), err=True)
        return Options()
    _columns, reading = await looked_at(kind, data, await access.mapping(kind))
    return await options_for(kind, said, dated=holds_dated_contracts(reading)) if reading.good else Options()


def holds_dated_contracts(reading: Reading) -> bool:
    return any(row.values.get("contract_on") for row in reading.good)


@contextmanager
def _progress(label: str) -> Iterator[Told]:
    with click.progressbar(length=1, label=label, file=sys.stderr) as bar:

        def told(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        yield told


def _say(_kind: str, _name: str, report: Report) -> None:
    _list(report.faults, _("Lignes écartées"))
    _list(report.warnings, _("Remarques"))
    click.echo(
        _(
            "%(good)s lignes bonnes, dont %(added)s nouvelles ; %(faulty)s lignes écartées ; %(warned)s remarques."
        )
        % {
            "good": report.good,
            "added": report.added,
            "faulty": faulty_lines(report),
            "warned": len(report.warnings),
        }
    )


def _list(faults: Sequence[Fault], title: str) -> None:
    if faults:
        click.echo(title, err=True)
    for fault in faults[:SHOWN_FAULTS]:
        click.echo(f"  {_line(fault)}", err=True)
    if len(faults) > SHOWN_FAULTS:
        click.echo("  " + _("… et %(n)s autres.") % {"n": len(faults) - SHOWN_FAULTS}, err=True)


def _line(fault: Fault) -> str:
    column = f", {fault.column}" if fault.column else ""
    value = f" « {fault.value} »" if fault.value else ""
    return _("Ligne %(line)s%(column)s%(value)s : %(why)s") % {
        "line": fault.line, "column": column, "value": value, "why": fault.sentence,
    }  # fmt: skip


def _say_json(kind: str, name: str, report: Report) -> None:
    said = {
        "import": report.ref, "kind": kind, "file": name,
        "good": report.good, "added": report.added, "faulty": faulty_lines(report), "warned": len(report.warnings),
        "faults": [_as_json(fault) for fault in report.faults],
        "warnings": [_as_json(fault) for fault in report.warnings],
    }  # fmt: skip
    click.echo(json.dumps(said, ensure_ascii=False, indent=2))


def _as_json(fault: Fault) -> dict[str, Any]:
    return {
        "line": fault.line, "column": fault.column, "value": fault.value,
        "code": fault.code, "reason": fault.sentence, "ref": fault.ref,
    }  # fmt: skip


def faulty_lines(report: Report) -> int:
    return len({fault.line for fault in report.faults})
