"""What templates need to show a dossier, in the reader's words."""

from typing import Any

from portal.kit import db
from portal.kit.days import now, today
from portal.kit.text import _, number
from portal.leads.dossier import access, attaching
from portal.leads.dossier.access import Subject
from portal.leads.dossier.merge_rules import separable
from portal.leads.dossier.task_rules import LATER, WHEN_TONES, WHENS, Kind, title_of, when
from portal.leads.rules import BY_NAME, SALES, LeadState, consent_said
from portal.people.rules import Person, Seat

KILO, MEGA = 1_000, 1_000_000


async def on_lead(person: Person, lead: db.Row) -> dict[str, Any]:
    """For the page of a recommendation, in one question."""
    found = await access.dossier(person, Subject("lead", lead["id"], f"/recommandations/{lead['ref']}"))
    acts = person.seat is not Seat.ACCOUNTANT and not lead["erased_at"]
    sells = person.may(*SALES)
    return {
        "dossier": found, "tasks_said": tasks_said(), **files_said(),
        "separable": lambda at: sells and separable(at, now()),
        "consents": {one["ref"]: consent_said(one["more"]) for one in found.merged},
        "gathers": {
            "tasks": sells and (bool(found.tasks) or lead["state"] != LeadState.ERASED),
            "files": acts and lead["state"] not in (LeadState.MERGED, LeadState.ERASED),
            "merge": sells and lead["state"] in BY_NAME["merge"].froms,
        },
    }  # fmt: skip


def tasks_said() -> dict[str, Any]:
    return {
        "later": {code: _(one.said) for code, one in LATER.items()}, "when": lambda day: when(day, today()),
        "whens": {code: _(said) for code, said in WHENS.items()}, "when_tones": WHEN_TONES, "title_of": title_said,
        "tomorrow": LATER["demain"].day(today()).isoformat(),
    }  # fmt: skip


def title_said(kind: str, title: str) -> str:
    """In the reader's words, or in those of who wrote it."""
    return title if kind == Kind.HAND and title else _(title_of(kind, title))


def files_said() -> dict[str, Any]:
    return {"weight": weight_said, "accept": attaching.ACCEPT}


def weight_said(size: int) -> str:
    """1,24 Mo; 340 ko."""
    if size < MEGA:
        return _("%(size)s ko") % {"size": max(1, size // KILO)}
    return _("%(size)s Mo") % {"size": number(size * 100 // MEGA)}
