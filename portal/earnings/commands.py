"""`portal plan replay`: all past earnings reckoned again, and each that differs."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import click

from portal.commands.running import Refusal, run
from portal.earnings import access_replay as access
from portal.earnings.replay import Scope, Told
from portal.earnings.replay import replay as reckoned_again
from portal.earnings.replaying import difference_data
from portal.kit.days import today
from portal.kit.problems import NotFound
from portal.kit.text import N_, _, money, points

DIFFERS = 1
UNKNOWN_PLAN = N_("--plan : aucun barème ne porte la référence ou le nom « %(ref)s ».")
NOT_PAST = N_("--since : donnez un jour passé.")


@click.command(epilog="Exemple : portal plan replay --plan 'Barème 2026' --since 2026-01-01")
@click.option("--plan", "ref", help="Un seul barème, par sa référence ou son nom.")
@click.option(
    "--since", type=click.DateTime(["%Y-%m-%d"]), help="Seulement ce qui a été gagné à partir de ce jour."
)
@click.option("--json", "as_json", is_flag=True, help="Écrit les écarts en JSON sur la sortie standard.")
def replay(ref: str | None, since: datetime | None, as_json: bool) -> None:
    """Recalcule toutes les commissions passées et montre chaque écart ; sort en 1 dès qu'il y en a un."""
    if since and since.date() > today():
        raise Refusal(_(NOT_PAST))
    found = run(lambda: _replay(ref, since.date() if since else None))
    click.echo(json.dumps(found, ensure_ascii=False, indent=2) if as_json else said(found))
    sys.exit(DIFFERS if found else 0)


async def _replay(ref: str | None, since: date | None) -> list[dict[str, Any]]:
    try:
        scope = Scope(plan_id=await access.plan_id(ref) if ref else None, since=since)
    except NotFound as unknown:
        raise Refusal(_(UNKNOWN_PLAN) % {"ref": ref}) from unknown
    with _progress() as told:
        found = await reckoned_again(scope, told)
    named = await access.named([one.key for one in found])
    return [difference_data(one, named[one.key]) for one in found]


@contextmanager
def _progress() -> Iterator[Told]:
    """On a terminal alone."""
    with click.progressbar(length=1, label=_("Recalcul"), file=sys.stderr) as bar:

        def told(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        yield told


def said(found: list[dict[str, Any]]) -> str:
    if not found:
        return _("Aucun écart : tout ce qui a été gagné se recalcule au centime près.")
    return "\n".join(_line(one) for one in found)


def _line(one: dict[str, Any]) -> str:
    return _("%(deal)s, %(referrer)s, %(event)s, règle %(rule)s : gardé %(kept)s, recalculé %(reckoned)s") % {
        "deal": one["deal"] or one["lead"] or "–", "referrer": one["referrer"] or "–", "event": one["event"] or "–",
        "rule": one["rule"] or "–", "kept": _amount(one["kept"], one["unit"]), "reckoned": _amount(one["recomputed"], one["unit"]),
    }  # fmt: skip


def _amount(amount: int | None, unit: str) -> str:
    if amount is None:
        return _("rien")
    return money(amount) if unit == "EUR" else points(amount)
