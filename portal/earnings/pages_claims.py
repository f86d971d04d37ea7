"""'Signaler une erreur': asked from whatever somebody finds wrong, answered by finance, appealed once, all on one page."""

from typing import Any

from litestar import Request

from portal.earnings import access_claims as access
from portal.earnings import claims
from portal.earnings.claim_rules import (
    LABELS,
    OUTCOME_TONES,
    OUTCOMES,
    REASONS,
    REASONS_FOR,
    TONES,
    ClaimState,
    Outcome,
    told_state,
)
from portal.earnings.forms import TAKES, AnswerForm, AppealForm, ClaimForm, WordForm, in_unit
from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import deed
from portal.kit.files import Kept
from portal.kit.forms import Form
from portal.kit.invalid import Invalid
from portal.kit.listing import Column, Filter, Listing
from portal.kit.problems import NotFound, Refused
from portal.kit.rows import Row
from portal.kit.text import _
from portal.kit.uploads import receive
from portal.kit.web import Answer, again, done, get, page, post, see
from portal.leads.access import check_acts
from portal.people.rules import EVERYBODY, Person, Role

ME = {Role.REFERRER}
ANSWERERS = {Role.FINANCE, Role.ADMIN}
HOME = "/commissions/demandes"
ABOUT = {"commissions": "earning", "affaires": "deal", "recommandations": "lead"}
ASKED_FROM = [f"/{path}/{{ref:str}}/demande" for path in ABOUT]


# The list: the referrer's own; for staff what waits, late first


@get(HOME, allows=EVERYBODY)
async def listed(request: Request, person: Person) -> Answer:
    listing = await access.claims_of(person, _listing(request, person))
    return await listing.answer(
        "commissions/claims.html", cells=CELLS, name="demandes", now=now(), status_of=_status_of(person), reasons=REASONS,
        waiting=await access.adjustments_waiting() if person.may(*ANSWERERS) else [],
    )  # fmt: skip


CELLS = {
    "client": lambda row: row["company_name"],
    "referrer": lambda row: row["referrer_name"],
    "reason": lambda row: _(REASONS[row["reason"]]),
    "opened": lambda row: row["opened_at"].date(),
    "due": lambda row: row["due_at"].date(),
    "state": lambda row: status_of(row)[0],
}


def _listing(request: Request, person: Person) -> Listing:
    who = (Column("referrer", _("Apporteur")),) if person.is_staff else ()
    columns = (
        Column("client", _("Client")), *who, Column("reason", _("Ce qui est signalé")),
        Column("opened", _("Reçue le"), sortable=True), Column("due", _("Réponse avant le"), sortable=True),
        Column("state", _("État")),
    )  # fmt: skip
    states = [(code.value, _(label)) for code, label in LABELS.items()]
    filters = (Filter("etat", _("État"), "select", states), Filter("q", _("Rechercher")))
    return Listing.asked(request, columns, filters if person.is_staff else ())


def status_of(claim: Row) -> tuple[str, str]:
    """Words and tone: how it was answered, or where it stands."""
    if claim["state"] == ClaimState.ANSWERED:
        return _(OUTCOMES[claim["outcome"]]), OUTCOME_TONES[claim["outcome"]]
    return _(LABELS[claim["state"]]), TONES[claim["state"]]


def _status_of(person: Person) -> Any:
    """A referrer is not told of a second pair of eyes."""
    return status_of if person.is_staff else lambda row: status_of({**row, "state": told_state(row)})


# Asking


@get(ASKED_FROM, allows=ME)
async def ask(request: Request, person: Person, ref: str) -> Answer:
    about, subject_id, title = await _subject(request, person, ref)
    if known := await access.claim_about(about, subject_id, person.referrer_id):
        return see(f"{HOME}/{known}")
    return page("commissions/claim_new.html", **_asking(request, about, title, ClaimForm.showing()))


@post(ASKED_FROM, allows=ME, uploads=True)
async def open_claim(request: Request, person: Person, ref: str) -> Answer:
    about, subject_id, title = await _subject(request, person, ref)
    form = await ClaimForm.read(request)
    given = await _received(form)
    if form.errors:
        return again("commissions/claim_new.html", **_asking(request, about, title, form))
    try:
        async with deed(person, form.once) as doing:
            made = await claims.open_claim(
                about, subject_id, person.referrer_id or 0, form.reason, form.body, given
            )
            doing.at(f"{HOME}/{made['ref']}")
    except Refused as no:
        form.refuse("", _(no.sentence))
        return again("commissions/claim_new.html", **_asking(request, about, title, form))
    return done(doing)


async def _subject(request: Request, person: Person, ref: str) -> tuple[str, int, str]:
    check_acts(person)
    about = ABOUT[request.scope["path"].split("/")[1]]
    return about, *await access.subject_for(person, about, ref)


def _asking(request: Request, about: str, title: str, form: Form) -> dict[str, Any]:
    here = request.scope["path"]
    return {
        "form": form, "title": title, "here": here, "back": here.removesuffix("/demande"),
        "reasons": [(code, _(REASONS[code])) for code in REASONS_FOR[about]],
    }  # fmt: skip


async def _received(form: Form) -> list[Kept]:
    """What was given, checked and stored before the deed; what is not taken stands under its field."""
    given: list[Kept] = []
    if form.errors:
        return given
    try:
        for upload in getattr(form, "files", []):
            given.append(await receive(upload, TAKES))
    except Invalid as wrong:
        form.refuse("files", wrong.sentence)
    return given


# The claim and its exchange


@get(f"{HOME}/{{ref:str}}", allows=EVERYBODY)
async def show(person: Person, ref: str) -> Answer:
    return page("commissions/claim.html", **await _shown(person, await access.claim_for(person, ref)))


@post(f"{HOME}/{{ref:str}}/mots", allows=EVERYBODY, uploads=True)
async def write(request: Request, person: Person, ref: str) -> Answer:
    check_acts(person)
    claim, form = await access.claim_for(person, ref), await WordForm.read(request)
    given = await _received(form)
    if form.errors:
        return again("commissions/claim.html", **await _shown(person, claim, word=form))
    async with deed(person, form.once) as doing:
        await claims.write(claim, form.body, given)
        doing.at(f"{HOME}/{ref}")
    return done(doing)


@post(f"{HOME}/{{ref:str}}/recours", allows=ME, uploads=True)
async def appeal(request: Request, person: Person, ref: str) -> Answer:
    check_acts(person)
    claim, form = await access.claim_for(person, ref), await AppealForm.read(request)
    given = await _received(form)
    if form.errors:
        return again("commissions/claim.html", **await _shown(person, claim, appeal=form))
    async with deed(person, form.once) as doing:
        await claims.appeal(claim, form.version, form.body, given)
        doing.at(f"{HOME}/{ref}")
    return done(doing)


@post(f"{HOME}/{{ref:str}}/reponse", allows=ANSWERERS)
async def answer(request: Request, person: Person, ref: str) -> Answer:
    claim, form = await access.claim_for(person, ref), await AnswerForm.read(request)
    if not form.errors:
        try:
            async with deed(person, form.once) as doing:
                await _answer(person, claim, form)
                doing.at(f"{HOME}/{ref}")
            return done(doing)
        except Invalid as wrong:
            form.refuse("amount", wrong.sentence)
        except Refused as no:
            if no.code == "claim_moved_on":
                raise
            form.refuse("", _(no.sentence))
    return again("commissions/claim.html", **await _shown(person, claim, answer=form))


async def _answer(person: Person, claim: db.Row, form: AnswerForm) -> None:
    target = await _target(person, claim, form) if form.amount else None
    amount = in_unit(form.amount or 0, target.unit) if target else 0
    await claims.answer(claim, form.version, form.outcome, form.body, target, amount)


async def _target(person: Person, claim: db.Row, form: AnswerForm) -> access.Target:
    if claim["earning_ref"]:
        return await access.target_of_earning(person, claim["earning_ref"])
    shares = await access.deals_of_claim(claim)
    chosen = [share for share in shares if form.deal in ("", share["ref"])]
    if not chosen:
        raise NotFound("deal")
    return await access.target_of_share(person, chosen[0]["ref"], chosen[0]["referrer_ref"])


async def _shown(person: Person, claim: db.Row, **forms: Form) -> dict[str, Any]:
    staff = person.is_staff
    said = [one for one in await access.messages_of(claim["id"]) if staff or one["told_at"]]
    given: dict[int, list[db.Row]] = {}
    for file in await access.files_of(claim["id"]):
        given.setdefault(file["subject_id"], []).append(file)
    adjusted = [
        one for one in await access.adjustments_of_claim(claim["id"]) if staff or one["state"] == "posted"
    ]
    may_answer = person.may(*ANSWERERS) and claim["state"] in (ClaimState.OPENED, ClaimState.APPEALED)
    answered_before = claim["appealed_at"] is not None and claim["answered_by"] == person.user_id
    return {
        "claim": claim, "messages": said, "files": given, "adjustments": adjusted, "now": now(),
        "standing": _status_of(person)(claim), "reason": _(REASONS[claim["reason"]]),
        "outcomes": [(code.value, _(label)) for code, label in OUTCOMES.items()],
        "outcome_tones": OUTCOME_TONES, "outcome_labels": {code: _(label) for code, label in OUTCOMES.items()},
        "shares": await access.deals_of_claim(claim) if may_answer and not claim["earning_ref"] else [],
        "may": {
            "answer": may_answer and not answered_before, "answered_before": may_answer and answered_before,
            "write": claim["state"] != ClaimState.ANSWERED and (person.may(*ANSWERERS) or not staff),
            "appeal": not staff and claim["state"] == ClaimState.ANSWERED and claim["appealed_at"] is None
            and claim["outcome"] != Outcome.ACCEPTED,
        },
        "forms": {"word": None, "appeal": None, "answer": None, **forms},
    }  # fmt: skip
