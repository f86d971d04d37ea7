"""/contrats/{ref}: suspension and its end, formal notice, end, the letter, and the plan that the contract pins."""

from typing import Any

from litestar import Request
from markupsafe import Markup

from portal.contracts import access
from portal.contracts.lifetime import life, notices
from portal.contracts.lifetime.forms import EndForm, NoticeForm
from portal.contracts.lifetime.rules import ENDING, NOTICES, NoticeKind, Side, Terms, earliest
from portal.contracts.rules import STANDS
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.problems import NotAllowed, NotFound, Refused
from portal.kit.text import N_, _, day
from portal.kit.web import Answer, again, get, page, post, see
from portal.people.rules import EVERYBODY, Person, Role
from portal.plans import access as plans
from portal.plans.rules.compiled import compile_plan
from portal.plans.sentences import rule_sentence
from portal.plans.terms import terms_of
from portal.referrers.rules import NOT_OWNER

ADMIN = {Role.ADMIN}
EITHER = {Role.ADMIN, Role.REFERRER}
NOT_STANDING = N_("Ce contrat n'est pas en vigueur.")
FIELD_OF = {"too_soon": "until", "too_far": "until", "reason_missing": "reason", "not_warned": "grave"}


async def _standing(person: Person, ref: str) -> tuple[db.Row, Side]:
    """A contract that stands, for whoever may act for one of its sides."""
    contract = await access.contract_for(person, ref)
    side = life.side_of(person)
    if side is None:
        raise NotAllowed("not_owner", NOT_OWNER)
    if contract["state"] not in STANDS:
        raise Refused("stands_not", NOT_STANDING)
    return contract, side


# Suspension and formal notice: a reason and nothing else


async def _asking(kind: NoticeKind, contract: db.Row, form: Form) -> dict[str, Any]:
    until = earliest(today(), Terms.of(contract["filled"]).cure_days) if kind is NoticeKind.FORMAL else None
    return {"contract": contract, "form": form, "kind": kind.value, "title": _(NOTICES[kind]), "until": until}


async def _ask(person: Person, ref: str, kind: NoticeKind) -> Answer:
    contract, _side = await _standing(person, ref)
    return page("contrats/annonce.html", **await _asking(kind, contract, NoticeForm.showing()))


async def _give(request: Request, person: Person, ref: str, kind: NoticeKind) -> Answer:
    contract, side = await _standing(person, ref)
    form = await NoticeForm.read(request)
    if form.errors:
        return again("contrats/annonce.html", **await _asking(kind, contract, form))
    async with deed(person, form.once) as doing:
        doing.at(f"/contrats/{ref}#vie")
        await notices.give(contract, kind, side, reason=form.reason)
    return see(f"/contrats/{ref}#vie")


@get("/contrats/{ref:str}/suspension", allows=ADMIN)
async def ask_suspension(person: Person, ref: str) -> Answer:
    return await _ask(person, ref, NoticeKind.SUSPENSION)


@post("/contrats/{ref:str}/suspension", allows=ADMIN)
async def suspend(request: Request, person: Person, ref: str) -> Answer:
    return await _give(request, person, ref, NoticeKind.SUSPENSION)


@get("/contrats/{ref:str}/mise-en-demeure", allows=EITHER)
async def ask_formal(person: Person, ref: str) -> Answer:
    return await _ask(person, ref, NoticeKind.FORMAL)


@post("/contrats/{ref:str}/mise-en-demeure", allows=EITHER)
async def give_formal(request: Request, person: Person, ref: str) -> Answer:
    return await _give(request, person, ref, NoticeKind.FORMAL)


@post("/contrats/{ref:str}/reprise", allows=ADMIN)
async def resume(request: Request, person: Person, ref: str) -> Answer:
    """The suspension that stands is over."""
    contract, form = await access.contract_for(person, ref), await Form.read(request)
    given = (await notices.standing_of(contract["id"])).get(NoticeKind.SUSPENSION)
    if given is None:
        raise Refused("told_already", notices.TOLD_ALREADY)
    async with deed(person, form.once) as doing:
        doing.at(f"/contrats/{ref}#vie")
        await notices.lift(given, Side.COMPANY)
    return see(f"/contrats/{ref}#vie")


@post("/contrats/{ref:str}/annonces/{told:str}/levee", allows=EITHER)
async def lift(request: Request, person: Person, ref: str, told: str) -> Answer:
    """Whoever gave it takes it back."""
    contract, form = await access.contract_for(person, ref), await Form.read(request)
    given = await _given(contract, told)
    side = life.side_of(person)
    if side is None:
        raise NotAllowed("not_owner", NOT_OWNER)
    async with deed(person, form.once) as doing:
        doing.at(f"/contrats/{ref}#vie")
        await notices.lift(given, side)
    return see(f"/contrats/{ref}#vie")


async def _given(contract: db.Row, ref: str) -> db.Row:
    found = next((one for one in await notices.notices_of(contract["id"]) if one["ref"] == ref), None)
    if found is None:
        raise NotFound("notice")
    return found


# The end


def _ways(contract: db.Row, side: Side) -> list[tuple[str, str, str]]:
    """Value, label and hint of each way to end it."""
    terms = Terms.of(contract["filled"])
    hints = {
        NoticeKind.TERMINATION: _("Sans avoir à donner de raison, à partir du %(day)s.")
        % {"day": day(earliest(today(), terms.notice_days))},
        NoticeKind.NON_RENEWAL: _("Le contrat va jusqu'à son terme, le %(day)s.")
        % {"day": day(contract["term_on"]) if contract["term_on"] else "…"},
        NoticeKind.FAULT: _(
            "Aujourd'hui, après une mise en demeure restée sans effet, ou pour un manquement grave."
        ),
    }
    labels = {
        NoticeKind.TERMINATION: _("Avec un préavis de %(days)s jours") % {"days": terms.notice_days},
        NoticeKind.NON_RENEWAL: _("À son terme"),
        NoticeKind.FAULT: _("Pour manquement"),
    }
    return [(kind.value, labels[kind], hints[kind]) for kind in ENDING]


def _ending(contract: db.Row, side: Side, form: Form) -> dict[str, Any]:
    return {"contract": contract, "form": form, "ways": _ways(contract, side)}


@get("/contrats/{ref:str}/resiliation", allows=EITHER)
async def ask_end(person: Person, ref: str) -> Answer:
    contract, side = await _standing(person, ref)
    form = EndForm.showing(kind=NoticeKind.TERMINATION.value)
    return page("contrats/resiliation.html", **_ending(contract, side, form))


@post("/contrats/{ref:str}/resiliation", allows=EITHER)
async def end(request: Request, person: Person, ref: str) -> Answer:
    contract, side = await _standing(person, ref)
    form = await EndForm.read(request)
    if not form.errors and form.kind not in ENDING:
        form.refuse("kind", _(EndForm.SENTENCES["kind.missing"]))
    if form.errors:
        return again("contrats/resiliation.html", **_ending(contract, side, form))
    wanted = form.until if form.kind is NoticeKind.TERMINATION else None
    try:
        async with deed(person, form.once) as doing:
            doing.at(f"/contrats/{ref}#vie")
            await notices.give(contract, form.kind, side, reason=form.reason, wanted=wanted, grave=form.grave)
    except Refused as no:
        form.refuse(FIELD_OF.get(no.code, ""), _(no.sentence) % no.params)
        return again("contrats/resiliation.html", **_ending(contract, side, form))
    return see(f"/contrats/{ref}#vie")


@get("/contrats/{ref:str}/lettres/{told:str}", allows=EVERYBODY)
async def letter(person: Person, ref: str, told: str) -> Answer:
    """As it was written, for both sides."""
    contract = await access.contract_for(person, ref)
    given = await _given(contract, told)
    if not given["html"]:
        raise NotFound("letter")
    return page("contrats/lettre.html", contract=contract, notice=given, html=Markup(given["html"]))


# The plan that the contract pins


@get("/contrats/{ref:str}/bareme", allows=EVERYBODY)
async def plan(person: Person, ref: str) -> Answer:
    """As published, with what this contract says otherwise."""
    contract = await access.contract_for(person, ref)
    version = await plans.version(contract["plan_version_id"])
    read = compile_plan(version["body"]).plan
    names = await plans.product_names()
    return page(
        "contrats/bareme.html",
        contract=contract,
        rules=[rule_sentence(rule, read.unit, names) for rule in read.rules],
        terms=list(terms_of(read)),
        conditions=contract["filled"].get("contract.overrides", ()),
    )
