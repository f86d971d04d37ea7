"""Who follows a recommendation and why, in words; the form by which it is given to somebody else."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from portal.kit import db
from portal.kit.forms import Form
from portal.kit.text import _
from portal.leads.assignment import access
from portal.leads.assignment.forms import AssignForm
from portal.leads.assignment.rules import SAID
from portal.people.rules import Person

Change = Mapping[str, Any]


async def shown(person: Person, lead: db.Row, form: Form | None = None) -> dict[str, Any]:
    """For staff alone: who follows it, why, since when, and the colleagues to whom it may be given."""
    if not person.is_staff:
        return {}
    changes, colleagues = await access.around_lead(lead["id"])
    last = changes[0] if changes else None
    return {
        "follows_why": why(last) if last else "",
        "hands": [{"at": datetime.fromisoformat(one["at"]), "to": one["to_name"], "why": why(one)} for one in changes],
        "colleagues": [(one["ref"], one["name"]) for one in colleagues if one["id"] != lead["sales_user_id"]],
        "giving": form or AssignForm.showing(version=lead["version"]),
    }  # fmt: skip


def why(change: Change) -> str:
    """'règle « Rhône », en l'absence de Sonia Klein'."""
    said = _(SAID[change["why"]]) % {"rule": change["rule"], "who": change["by_name"] or _("le portail")}
    if change["for_name"]:
        return _("%(why)s, en l'absence de %(name)s") % {"why": said, "name": change["for_name"]}
    return said
