"""What the files do not say: taken from the command line, asked in a terminal, else refused with one clear line."""

import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from portal.commands.running import Refusal
from portal.imports.options import Options
from portal.imports.rules import ASKED, NO_COMPANY, lacking
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import Machine, deed
from portal.kit.text import N_, _
from portal.people.rules import Role
from portal.plans import access as plan_access
from portal.plans import actions as plans
from portal.plans.rules.language import Refused as PlanRefused

COMMAND = Machine("command:import")
SENTENCES = {
    "signed_on_paper": N_("Ce fichier porte des contrats datés : ajoutez --signed-on-paper (avec --programme et --plan) s'ils sont signés sur papier, sinon --no-signed-on-paper."),
    "programme": N_("Donnez --programme : à quel programme ces lignes appartiennent-elles ?"),
    "plan": N_("Donnez --plan : le barème de ces contrats, par son nom ou dans un fichier JSON."),
}  # fmt: skip
QUESTIONS = {
    "signed_on_paper": N_(
        "Les contrats datés de ce fichier sont-ils signés sur papier, et en répondez-vous ?"
    ),
    "programme": N_("Programme (un nouveau nom en ouvre un)"),
    "plan": N_("Barème publié, ou fichier JSON"),
    "text": N_("Clé du texte de contrat (vide : celui de chaque statut)"),
    "mandate": N_("Ces contrats portent-ils le mandat de facturation ?"),
    "notify": N_("Prévenir par e-mail les personnes concernées ?"),
}
YES_OR_NO = {"signed_on_paper", "mandate", "notify"}
OF_A_CONTRACT = {"plan", "text", "mandate"}


@dataclass(frozen=True, slots=True)
class Said:
    """None: not said."""

    programme: str | None
    plan: str | None
    text: str | None
    signed_on_paper: bool | None
    mandate: bool | None
    notify: bool | None


async def options_for(kind: str, said: Said, *, dated: bool) -> Options:
    """Raises Refusal when something needed is neither said nor can be asked."""
    body = plan_body(said.plan)
    if await db.value("SELECT id FROM legal_entity LIMIT 1") is None:
        raise Refusal(_(NO_COMPANY))
    if sys.stdin.isatty():
        said = await _asked(kind, said, dated=dated)
        body = body or plan_body(said.plan)
    programme_id = await _programme(said.programme)
    options = Options(
        programme_id=programme_id, plan_version_id=await _plan(said.plan, body, programme_id) if said.plan else None,
        text_key=said.text or "", signed_on_paper=bool(said.signed_on_paper), mandate=bool(said.mandate),
        notify=bool(said.notify), vouched_by=await _administrator(),
    )  # fmt: skip
    if missing := lacking(kind, options, dated_contracts=dated, paper_said=said.signed_on_paper is not None):
        raise Refusal(_(SENTENCES[missing[0]]))
    return options


def plan_body(named: str | None) -> Any:
    """The plan in a JSON file; none when a published plan is named."""
    path = Path(named or "")
    if not named or not (path.is_file() or named.endswith(".json")):
        return None
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as wrong:
        raise Refusal(
            _("%(file)s : ce fichier n'est pas du JSON (ligne %(line)s).")
            % {"file": named, "line": wrong.lineno}
        ) from wrong
    except (OSError, ValueError, RecursionError) as wrong:
        raise Refusal(_("%(file)s : ce fichier ne se lit pas.") % {"file": named}) from wrong


async def _asked(kind: str, said: Said, *, dated: bool) -> Said:
    for name in ASKED[kind]:
        if getattr(said, name) is None and await _worth_asking(kind, name, said, dated=dated):
            said = replace(said, **{name: _answer(name)})
    return said


async def _worth_asking(kind: str, name: str, said: Said, *, dated: bool) -> bool:
    if name == "signed_on_paper":
        return dated
    if kind == "referrers" and name in OF_A_CONTRACT | {"programme"} and not said.signed_on_paper:
        return False
    return name != "programme" or len(await plan_access.programmes()) != 1


def _answer(name: str) -> str | bool:
    if name in YES_OR_NO:
        return click.confirm(
            _(QUESTIONS[name]), default=None if name == "signed_on_paper" else False, err=True
        )
    return click.prompt(
        _(QUESTIONS[name]), default="" if name == "text" else None, show_default=False, err=True
    )


async def _programme(name: str | None) -> int | None:
    """The one of this name, opened when there is none; without a name the only one there is."""
    programmes = await plan_access.programmes()
    if not name:
        return programmes[0]["id"] if len(programmes) == 1 else None
    if known := next((one for one in programmes if one["name"] == name), None):
        return known["id"]
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
