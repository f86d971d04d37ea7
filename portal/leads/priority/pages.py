"""Contesting who was first or a refusal: asked by who recommended, decided by sales with both files side by side."""

from typing import Any

from litestar import Request

from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.listing import Cells, Column, Filter, Listing
from portal.kit.problems import NotFound, Refused, Stale
from portal.kit.text import _
from portal.kit.web import Answer, again, done, get, page, post, see
from portal.leads import access as leads
from portal.leads.priority import access, disputes, known, receipts
from portal.leads.priority.forms import DecideForm, WhyForm
from portal.leads.priority.rules import (
    ABOUT,
    DECISIONS,
    LABELS,
    TONES,
    check_decider,
    contests,
    decisions_for,
    may_appeal,
)
from portal.leads.rules import LABELS as STATES
from portal.leads.rules import REASONS, SALES, SOURCES, consent_said
from portal.leads.rules import TONES as STATE_TONES
from portal.leads.timeline import Moment
from portal.people.rules import Person, Role

LIST = "/recommandations/litiges"
ASK, FILES = "/recommandations/{ref:str}/contestation", "/recommandations/{ref:str}/litige"
ASKING, DECIDING = "recommandations/dispute.html", "recommandations/dispute_files.html"
FIELD_OF = {"share_missing": "share", "decision_unknown": "decision"}

CELLS: Cells = {
    "company": lambda row: row["company_name"],
    "referrer": lambda row: row["referrer_name"],
    "about": lambda row: _(ABOUT[row["about"]]),
    "opened": lambda row: row["opened_at"],
    "due": lambda row: row["due_at"],
    "state": lambda row: _(LABELS[row["state"]]),
}


# The list


@get(LIST, allows=SALES)
async def listed(request: Request) -> Answer:
    """What is to decide, by its date; and the extensions that were asked for."""
    listing = Listing.asked(
        request,
        columns=(
            Column("company", _("Entreprise"), sortable=True), Column("referrer", _("Apporteur")),
            Column("about", _("Objet")), Column("opened", _("Ouvert le"), sortable=True),
            Column("due", _("À trancher avant"), sortable=True), Column("state", _("État")),
        ),
        filters=(
            Filter("q", _("Rechercher")),
            Filter("etat", _("État"), "select", [(code.value, _(label)) for code, label in LABELS.items()]),
        ),
    )  # fmt: skip
    await access.listed(listing)
    return await listing.answer(
        "recommandations/disputes.html", cells=CELLS, name="litiges", labels=_said(LABELS), tones=TONES,
        about=_said(ABOUT), now=now(), asked=await access.extensions_asked(),
    )  # fmt: skip


# Who contests


@get(ASK, allows=SALES | {Role.REFERRER})
async def asking(person: Person, ref: str) -> Answer:
    lead = await leads.lead_for(person, ref)
    found = await _own(person, lead)
    if found and person.is_staff:
        return see(f"/recommandations/{found['lead_ref']}/litige")
    if found is None and contests(lead, now()) is None:
        raise NotFound("dispute")
    return page(ASKING, **await _asking(person, lead, found))


@post(ASK, allows=SALES | {Role.REFERRER})
async def contest(request: Request, person: Person, ref: str) -> Answer:
    leads.check_acts(person)
    lead, form = await leads.lead_for(person, ref), await WhyForm.read(request)
    if form.errors:
        return again(ASKING, **await _asking(person, lead, await _own(person, lead), form))
    try:
        async with deed(person, form.once) as doing:
            await disputes.contest(lead, form.body)
            doing.at(f"/recommandations/{ref}/" + ("litige" if person.is_staff else "contestation"))
    except Refused as no:
        form.refuse("", _(no.sentence))
        return again(ASKING, **await _asking(person, lead, await _own(person, lead), form))
    return done(doing)


@post(f"{ASK}/recours", allows={Role.REFERRER})
async def appeal(request: Request, person: Person, ref: str) -> Answer:
    leads.check_acts(person)
    lead, form = await leads.lead_for(person, ref), await WhyForm.read(request)
    dispute = await access.appealable(lead)
    if form.errors:
        return again(ASKING, **await _asking(person, lead, dispute, form))
    async with deed(person, form.once) as doing:
        await disputes.appeal(lead, dispute, form.body)
        doing.at(f"/recommandations/{ref}/contestation")
    return done(doing)


async def _own(person: Person, lead: db.Row) -> db.Row | None:
    """The dispute of this recommendation; its other side learns of it by a decision alone, and only that it was put behind."""
    found = await access.latest_dispute(lead["id"])
    if found is None or person.is_staff or found["lead_id"] == lead["id"]:
        return found
    return (
        found if found["appealed_lead_id"] == lead["id"] or may_appeal(found, lead["id"], today()) else None
    )


async def _asking(
    person: Person, lead: db.Row, dispute: db.Row | None, form: Form | None = None
) -> dict[str, Any]:
    """A referrer reads their own words and the sentence of the decision, never why it was taken."""
    decision = DECISIONS.get(dispute["decision"]) if dispute else None
    own = dispute is not None and dispute["lead_id"] == lead["id"]
    mine = {"opening"} if own else set()
    if dispute and dispute["appealed_lead_id"] == lead["id"]:
        mine.add("appeal")
    words = await access.words_of(dispute["id"]) if dispute else []
    return {
        "lead": lead, "dispute": dispute, "form": form, "about": contests(lead, now()), "now": now(),
        "told": _(decision.told if own else decision.told_other) if decision else "",
        "words": [word for word in words if word["kind"] in mine],
        "may_appeal": dispute is not None and not person.is_staff and may_appeal(dispute, lead["id"], today()),
        "labels": _said(LABELS), "tones": TONES,
    }  # fmt: skip


# Who decides


@get(FILES, allows=SALES)
async def files(person: Person, ref: str) -> Answer:
    return page(DECIDING, **await _files(person, await access.dispute_at(ref)))


@post(FILES, allows=SALES)
async def decide(request: Request, person: Person, ref: str) -> Answer:
    dispute = await access.dispute_at(ref)
    form = await DecideForm.read(request)
    if "version" in form.errors:
        raise Stale("stale")
    if form.errors:
        return again(DECIDING, **await _files(person, dispute, form))
    try:
        async with deed(person, form.once) as doing:
            await disputes.decide(dispute, person, form.version, form.decision, form.body, form.share)
            doing.at(f"/recommandations/{dispute['lead_ref']}/litige")
    except Refused as no:
        form.refuse(FIELD_OF.get(no.code, ""), _(no.sentence))
        return again(DECIDING, **await _files(person, dispute, form))
    return done(doing)


async def _files(person: Person, dispute: db.Row, form: Form | None = None) -> dict[str, Any]:
    ids = [lead_id for lead_id in (dispute["lead_id"], dispute["against_id"]) if lead_id]
    both = await access.both_files(ids)
    moves, agreed = await access.moves_of(ids), await access.proofs_of(ids)
    fitting = decisions_for(dispute["about"], two=len(both) == 2)
    return {
        "dispute": dispute, "form": form, "now": now(), "about": _(ABOUT[dispute["about"]]),
        "files": [_file(lead, moves, agreed) for lead in both],
        "same": _same(*both) if len(both) == 2 else [],
        "known": await known.of(both[0]), "words": await access.words_of(dispute["id"]),
        "decisions": [(code, _(one.label)) for code, one in fitting.items()],
        "decision_of": {code: _(one.label) for code, one in DECISIONS.items()},
        "why_not": _why_not(person, dispute), "labels": _said(LABELS), "tones": TONES,
        "states": _said(STATES), "state_tones": STATE_TONES,
    }  # fmt: skip


def _file(lead: db.Row, moves: list[db.Row], agreed: list[db.Row]) -> dict[str, Any]:
    """Time stamps, source, agreement and its proofs, all that happened."""
    return {
        "lead": lead, "source": _(SOURCES[lead["source"]]), "consent": consent_said(lead["consent"]),
        "at": receipts.exact(lead["submitted_at"]), "receipt": receipts.read(lead, lead["receipt_code"]),
        "proofs": [one for one in agreed if one["lead_id"] == lead["id"]],
        "moments": [_moment(one) for one in moves if one["lead_id"] == lead["id"]],
    }  # fmt: skip


def _moment(move: db.Row) -> Moment:
    reason = REASONS.get(move["move"], {}).get(move["reason"], "")
    return Moment(
        move["at"], _(STATES[move["to_state"]]), text=_(reason) if reason else "", who=move["who"] or "",
        tone=STATE_TONES.get(move["to_state"], "plain"),
    )  # fmt: skip


SAME = {
    "siren": lambda lead: lead["siren"],
    "name": lambda lead: lead["company_name"].lower(),
    "email": lambda lead: lead["contact_email"].lower(),
    "domain": lambda lead: lead["contact_email"].rpartition("@")[2].lower(),
    "phone": lambda lead: lead["contact_phone"],
}


def _same(first: db.Row, other: db.Row) -> list[str]:
    """By what both are the same company."""
    said = {
        "siren": _("SIREN"), "name": _("nom"), "email": _("adresse e-mail"), "domain": _("domaine"), "phone": _("téléphone"),
    }  # fmt: skip
    return [said[key] for key, of in SAME.items() if of(first) and of(first) == of(other)]


def _why_not(person: Person, dispute: db.Row) -> str:
    """Why this person does not decide; empty when they may."""
    try:
        check_decider(dispute, person.user_id, person.roles, dispute["refused_by"])
    except Refused as no:
        return _(no.sentence)
    return ""


def _said(words: Any) -> dict[str, str]:
    return {code: _(label) for code, label in words.items()}
