"""/apporteurs/…/beneficiaires: who is paid in the place of a referrer, written down by one person, approved by another."""

from datetime import date
from typing import Annotated, Any

from litestar import Request
from litestar.datastructures import UploadFile
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)

from portal.kit import db
from portal.kit.cells import parse_amount
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.identifiers import parse_iban
from portal.kit.invalid import Invalid
from portal.kit.money import Cents
from portal.kit.text import N_, _
from portal.kit.uploads import DOCUMENTS, receive
from portal.kit.web import Answer, again, get, page, post, see
from portal.people import approvals
from portal.people.rules import Person, Role
from portal.referrers import access, payees
from portal.referrers.forms import Day, Line, in_sepa
from portal.referrers.payee_rules import KINDS, LABELS, PAPERS, TONES, Kind

FINANCE = {Role.FINANCE, Role.ADMIN}
PATH = "/apporteurs/{ref:str}/beneficiaires"


class PayeeForm(Form):
    SENTENCES = {
        "kind.missing": N_("Choisissez pourquoi un autre est payé."),
        "name.missing": N_("Indiquez qui est payé, comme sur l'acte."),
        "iban.missing": N_("Indiquez l'IBAN qui figure sur l'acte."),
        "since.missing": N_("Indiquez à partir de quel jour."),
        "ceiling.greater_than": N_("Indiquez un montant au-dessus de zéro, ou laissez vide."),
        "document.missing": N_("Déposez l'acte : rien ne se fait sans lui."),
    }
    kind: Kind
    name: Line
    iban: Annotated[str, AfterValidator(parse_iban), AfterValidator(in_sepa)]
    act: Line = ""
    since: Day
    until: Day | None = None
    ceiling: Annotated[Cents, BeforeValidator(lambda typed: parse_amount(str(typed))), Field(gt=0)] | None = (
        None
    )
    document: UploadFile

    @field_validator("until")
    @classmethod
    def _until(cls, until: date | None, known: ValidationInfo) -> date | None:
        if until and (since := known.data.get("since")) and until < since:
            raise ValueError(N_("La fin vient après le début."))
        return until


class RefusalForm(Form):
    SENTENCES = {"reason.missing": N_("Dites pourquoi : la personne qui a préparé le lira.")}
    reason: Annotated[str, StringConstraints(max_length=300)]


@get(PATH, allows=FINANCE)
async def listed(person: Person, ref: str) -> Answer:
    referrer = await access.referrer_for(person, ref)
    return page(
        "apporteurs/beneficiaires.html",
        **await _shown(referrer, PayeeForm.showing(since=today().isoformat())),
    )


async def _shown(referrer: db.Row, form: Form) -> dict[str, Any]:
    return {
        "referrer": referrer,
        "form": form,
        "payees": await payees.payees_of(referrer["id"]),
        "kinds": [(kind, _(label), _(PAPERS[kind])) for kind, label in KINDS.items()],
        **_words(),
    }


def _words() -> dict[str, Any]:
    return {
        "kind_labels": {kind: _(label) for kind, label in KINDS.items()},
        "payee_labels": {state: _(label) for state, label in LABELS.items()},
        "payee_tones": TONES,
    }


@post(PATH, allows=FINANCE, uploads=True)
async def propose(request: Request, person: Person, ref: str) -> Answer:
    referrer = await access.referrer_for(person, ref)
    form = await PayeeForm.read(request)
    kept = None
    if not form.errors:
        try:
            kept = await receive(form.document, DOCUMENTS)
        except Invalid as wrong:
            form.refuse("document", wrong.sentence)
    if kept is None:
        return again("apporteurs/beneficiaires.html", **await _shown(referrer, form))
    async with deed(person, form.once) as doing:
        made = await payees.propose(
            referrer["id"], kind=form.kind, name=form.name, iban=form.iban, act=form.act, since=form.since,
            until=form.until, ceiling_cents=form.ceiling, kept=kept,
        )  # fmt: skip
        doing.at(f"/beneficiaires/{made['ref']}")
    return see(doing.answer["location"])


@get("/beneficiaires/{ref:str}", allows=FINANCE)
async def show(person: Person, ref: str) -> Answer:
    payee = await payees.payee_for(person, ref)
    return page(
        "apporteurs/beneficiaire.html",
        payee=payee,
        referrer=await access.referrer(payee["referrer_id"]),
        approval=await approvals.latest(payees.APPROVAL, "payee", payee["id"]),
        **_words(),
    )


@post("/beneficiaires/{ref:str}/approbation", allows=FINANCE)
async def approve(request: Request, person: Person, ref: str) -> Answer:
    payee, form = await payees.payee_for(person, ref), await Form.read(request)
    async with deed(person, form.once) as doing:
        doing.at(f"/beneficiaires/{ref}")
        await payees.approve(payee, person)
    return see(f"/beneficiaires/{ref}")


@post("/beneficiaires/{ref:str}/approbation/refus", allows=FINANCE)
async def refuse(request: Request, person: Person, ref: str) -> Answer:
    payee, form = await payees.payee_for(person, ref), await RefusalForm.read(request)
    async with deed(person, form.once) as doing:
        doing.at(f"/beneficiaires/{ref}")
        await payees.refuse(payee, person, str(form.values.get("reason", "")))
    return see(f"/beneficiaires/{ref}")


@post("/beneficiaires/{ref:str}/approbation/retrait", allows=FINANCE)
async def withdraw(request: Request, person: Person, ref: str) -> Answer:
    payee, form = await payees.payee_for(person, ref), await Form.read(request)
    async with deed(person, form.once) as doing:
        doing.at(f"/beneficiaires/{ref}")
        await payees.withdraw(payee, person)
    return see(f"/beneficiaires/{ref}")


@post("/beneficiaires/{ref:str}/fin", allows=FINANCE)
async def end(request: Request, person: Person, ref: str) -> Answer:
    """Paid in full, lifted or over."""
    payee, form = await payees.payee_for(person, ref), await Form.read(request)
    async with deed(person, form.once) as doing:
        doing.at(f"/beneficiaires/{ref}")
        await payees.end(payee)
    return see(f"/beneficiaires/{ref}")
