"""`portal plan check | simulate | cases`: plans tried from a terminal, without a database."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from portal.kit.text import _
from portal.plans.editor.filed import difference_sentence, plain, told
from portal.plans.reasons import warning_sentence
from portal.plans.rules import Refusal, Refused, Rule, parse_plan, run_cases, simulate, warnings
from portal.plans.sentences import rule_sentence

WRONG_INPUT = 2
DIFFERS = 1
UNREADABLE: dict[type[Exception], str] = {
    FileNotFoundError: "no_file",
    IsADirectoryError: "not_a_file",
    UnicodeDecodeError: "not_utf8",
}


@click.group()
def plan() -> None:
    """Barèmes : vérifier, essayer, comparer à des exemples."""


@plan.command(epilog="Exemple : portal plan check bareme-2026.json")
@click.argument("plan_file", metavar="PLAN.json", type=click.Path(path_type=Path))
def check(plan_file: Path) -> None:
    """Vérifie un barème, dit ses règles en clair et signale ce qui surprendrait."""
    with refusing(plan_file):
        checked = parse_plan(_json(plan_file))
    for rule in checked.rules:
        click.echo(_rule_line(rule, checked.unit))
    for warning in warnings(checked):
        click.echo(plain(_("Attention : %(warning)s") % {"warning": warning_sentence(warning)}))
    click.echo(_("Le barème est valable."))


@plan.command("simulate", epilog="Exemple : portal plan simulate bareme-2026.json evenements.json")
@click.argument("plan_file", metavar="PLAN.json", type=click.Path(path_type=Path))
@click.argument("events_file", metavar="EVENTS.json", type=click.Path(path_type=Path))
def simulate_(plan_file: Path, events_file: Path) -> None:
    """Écrit en JSON ce que le barème paie pour ces événements, avec le détail de chaque calcul."""
    with refusing(plan_file):
        plan_data = _json(plan_file)
        parse_plan(plan_data)
    with refusing(events_file):
        answer = simulate(plan_data, _json(events_file))
    click.echo(json.dumps(answer, ensure_ascii=False, indent=2))


@plan.command(epilog="Exemple : portal plan cases exemples.json")
@click.argument("cases_file", metavar="FILE", type=click.Path(path_type=Path))
def cases(cases_file: Path) -> None:
    """Compare des exemples à leurs montants attendus ; sort en 1 quand l'un diffère."""
    with refusing(cases_file):
        data = _json(cases_file)
        passed, differences = run_cases(data)
    for difference in differences:
        click.echo(difference_sentence(difference))
    failed = len(data) - passed
    click.echo(f"{passed} passed, {failed} failed")
    sys.exit(DIFFERS if failed else 0)


def _rule_line(rule: Rule, unit: str) -> str:
    return plain(_("%(key)s : %(sentence)s") % {"key": rule.key, "sentence": rule_sentence(rule, unit)})


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"), object_pairs_hook=_each_key_once)
    except json.JSONDecodeError as error:
        raise Refused(Refusal("", "not_json", {"line": error.lineno})) from None
    except (OSError, ValueError, RecursionError) as error:
        raise Refused(Refusal("", UNREADABLE.get(type(error), "not_readable"))) from None


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Of a key written twice JSON keeps the last in silence."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Refused(Refusal("", "key_twice", {"key": twice}))
    return found


@contextmanager
def refusing(path: Path) -> Iterator[None]:
    """One clear line on standard error and exit 2."""
    try:
        yield
    except Refused as refused:
        click.echo(
            _("%(file)s : %(said)s") % {"file": plain(str(path)), "said": told(refused.refusals)}, err=True
        )
        sys.exit(WRONG_INPUT)
