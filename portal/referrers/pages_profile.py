"""/profil: a referrer says who they are, step by step, and keeps it true afterwards."""

from typing import Any

from litestar import Request

from portal.contracts import access as contracts
from portal.contracts.rules import BOUND
from portal.contracts.rules import LABELS as CONTRACT_LABELS
from portal.contracts.rules import TONES as CONTRACT_TONES
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.identifiers import show_siren
from portal.kit.invalid import Invalid
from portal.kit.problems import NotAllowed
from portal.kit.text import _
from portal.kit.web import Answer, again, get, page, post, see
from portal.payouts.stripe import access as stripe
from portal.payouts.stripe.rules import ACCOUNT_LABELS
from portal.people.rules import Person, Role, Seat
from portal.referrers import access, actions
from portal.referrers.countries import named
from portal.referrers.einvoicing_rules import OTHER_SIREN, belongs
from portal.referrers.forms import (
    FORMS,
    INPUTS,
    VAT_FORMS,
    ContactForm,
    PostalForm,
    RegisteredForm,
    Said,
    StandingForm,
    VatForm,
    checked_vat,
)
from portal.referrers.joining import employing
from portal.referrers.pages_change import Announced, agreed, announced
from portal.referrers.pages_registers import complete
from portal.referrers.payee_rules import TOLD_TO_REFERRER, First
from portal.referrers.registers import company_search
from portal.referrers.rules import NATURAL_PERSONS, NOT_OWNER, SIGN_ALONE, Standing, Status, Step, step_of
from portal.referrers.words import (
    chosen_status,
    company_name,
    identity_of,
    labels,
    status_cards,
    stepper,
    vat_answers,
)

HOME = "/profil"
OWN = {Role.REFERRER}


async def own(person: Person) -> db.Row:
    assert person.referrer_id is not None
    return await access.referrer(person.referrer_id)


def refuse_others(person: Person) -> None:
    """Members and accountants read."""
    if person.seat is not Seat.OWNER:
        raise NotAllowed("not_owner", NOT_OWNER)


async def step_for(referrer: db.Row) -> Step:
    return _step(
        await access.standing_on(referrer["id"], today()),
        await access.living_bank_details(referrer["id"]),
        await contracts.contracts_of(referrer["id"]),
    )


def _step(standing: Standing | None, details: list[db.Row], sent: list[db.Row]) -> Step:
    return step_of(
        known=standing is not None,
        paid_where=bool(details),
        contract_states=[contract["state"] for contract in sent],
    )


@get(HOME, allows=OWN)
async def profile(person: Person) -> Answer:
    """What is still to be done, or who they are."""
    shown = await _shown(person)
    step = shown["step"]
    if step is Step.IDENTITY:
        return page(
            "apporteurs/statut.html", cards=status_cards(None), steps=stepper(step), owner=_is_owner(person)
        )
    if step is Step.BANK and _is_owner(person):
        return see("/profil/compte-bancaire")
    return page("apporteurs/profil.html", **shown)


async def _shown(person: Person) -> dict[str, Any]:
    """Each thing is read once: the step is told from what the page shows."""
    referrer = await own(person)
    standings = await access.standings_of(referrer["id"])
    standing = access.ruling(standings, today())
    details = await access.living_bank_details(referrer["id"])
    sent = await contracts.contracts_of(referrer["id"])
    step = _step(standing, details, sent)
    return {
        "referrer": referrer,
        "step": step,
        "steps": stepper(step),
        "owner": _is_owner(person),
        "standings": standings,
        "standing": standing,
        "alone": SIGN_ALONE,
        "details": details,
        "payee": told_payee(await access.payee_on(referrer["id"], today())),
        "contracts": sent,
        "bound": any(contract["state"] in BOUND for contract in sent),
        "identity": identity_of(referrer),
        "today": today(),
        "stripe": await stripe.account_shown(referrer["id"]),
        "stripe_labels": {str(code): _(label) for code, label in ACCOUNT_LABELS.items()},
        "contract_labels": {code: _(label) for code, label in CONTRACT_LABELS.items()},
        "contract_tones": CONTRACT_TONES,
        **labels(),
    }


def told_payee(first: First | None) -> First | None:
    """What the referrer may read of who is paid in their place."""
    return first if first and first.payee["kind"] in TOLD_TO_REFERRER else None


def _is_owner(person: Person) -> bool:
    return person.seat is Seat.OWNER


@get("/profil/statut", allows=OWN)
async def choose_status(person: Person) -> Answer:
    """The status has changed, or is about to."""
    refuse_others(person)
    standing = await access.standing_on((await own(person))["id"], today())
    return page("apporteurs/statut.html", cards=status_cards(standing), steps=None, owner=True)


@get("/profil/coordonnees", allows=OWN)
async def identity(request: Request, person: Person) -> Answer:
    refuse_others(person)
    referrer = await own(person)
    standing = await access.standing_on(referrer["id"], today())
    status = chosen_status(request.query_params.get("statut", ""), standing)
    if status is None:
        return see(HOME)
    if await _is_locked(referrer, status, standing):
        return see("/profil/contact")
    if not await _passed_the_gates(referrer, status, standing):
        return see("/profil/employeur")
    return page(
        "apporteurs/coordonnees.html", **await _identity(referrer, status, _known(referrer, status, standing))
    )


async def _passed_the_gates(referrer: db.Row, status: Status, standing: Standing | None) -> bool:
    """Who becomes an employee of a partner answers about the employer first."""
    return status is not Status.PARTNER_EMPLOYEE or await employing.may_go_on(
        referrer, standing.status if standing else ""
    )


async def _is_locked(referrer: db.Row, status: Status, standing: Standing | None) -> bool:
    """What a signed contract says of them changes with another contract, not here."""
    return standing is not None and standing.status is status and await contracts.binds(referrer["id"])


def _known(referrer: db.Row, status: Status, standing: Standing | None) -> Form:
    """What is on file; the representative is most often the person who was invited."""
    name = f"{referrer['first_name']} {referrer['last_name']}".strip()
    values = {field: referrer[field] for field in INPUTS} | {
        "represented_by": referrer["represented_by"] or name,
        "since": today().isoformat(),
        **_address(referrer),
        "vat_regime": standing.vat_regime if standing and standing.status is status else "",
        "vat_on_debits": "1" if standing and standing.vat_on_debits else "",
    }
    return FORMS[status].showing(**values)


async def _identity(
    referrer: db.Row, status: Status, form: Form, told: Announced | None = None
) -> dict[str, Any]:
    fields = FORMS[status]
    step = await step_for(referrer)
    return {
        "form": form,
        "announced": told,
        "completes": company_search.is_on() and "siret" in fields.model_fields,
        "chosen": status,
        "fields": fields.FIELDS,
        "labels": fields.LABELS,
        "inputs": INPUTS,
        "countries": named(fields.COUNTRIES),
        "answers": vat_answers(status),
        "declares": status in NATURAL_PERSONS,
        "company": await company_name(referrer),
        "steps": stepper(Step.IDENTITY) if step in (Step.IDENTITY, Step.BANK) else None,
        "first": step is Step.IDENTITY,
        **labels(),
    }


@post("/profil/coordonnees", allows=OWN)
async def save_identity(request: Request, person: Person) -> Answer:
    refuse_others(person)
    referrer = await own(person)
    standing = await access.standing_on(referrer["id"], today())
    typed = await Form.read(request)
    status = chosen_status(str(typed.values.get("status", "")), standing)
    if status is None:
        return see(HOME)
    if await _is_locked(referrer, status, standing):
        return see("/profil/contact")
    if not await _passed_the_gates(referrer, status, standing):
        return see("/profil/employeur")
    if typed.values.get("complete") and company_search.is_on():
        said = await complete(person, referrer, typed)
        return page("apporteurs/coordonnees.html", **await _identity(referrer, status, typed), completed=said)
    form = await FORMS[status].read(request)
    if form.errors:
        shown = form.propose() if isinstance(form, RegisteredForm) else form
        return again("apporteurs/coordonnees.html", **await _identity(referrer, status, shown))
    assert isinstance(form, StandingForm)
    told = await announced(referrer, form.standing, form.since)
    if not agreed(form, told):
        return page("apporteurs/coordonnees.html", **await _identity(referrer, status, form, told))
    async with deed(person, form.once) as doing:
        doing.at("/profil/compte-bancaire" if await step_for(referrer) is Step.IDENTITY else HOME)
        await actions.fill_profile(
            referrer, status=status, vat_regime=form.vat_regime, since=form.since, vat_on_debits=form.vat_on_debits,
            **form.identity(),
        )  # fmt: skip
        if status in NATURAL_PERSONS:
            await actions.declare(referrer["id"])
        await actions.apply(referrer["id"])
    return see(doing.answer["location"])


@get("/profil/contact", allows=OWN)
async def contact(person: Person) -> Answer:
    refuse_others(person)
    referrer = await own(person)
    return page(
        "apporteurs/contact.html",
        **_contact(ContactForm.showing(**{name: referrer[name] for name in INPUTS} | _address(referrer))),
    )


def _address(referrer: db.Row) -> dict[str, str]:
    """The address for electronic invoices on file, else the SIREN, which is most often the one."""
    return {"electronic_address": referrer["electronic_address"] or referrer["siret"][:9]}


def _contact(form: Form) -> dict[str, Any]:
    return {
        "form": form,
        "fields": ContactForm.FIELDS,
        "inputs": INPUTS,
        "labels": {},
        "countries": named(ContactForm.COUNTRIES),
    }


@post("/profil/contact", allows=OWN)
async def save_contact(request: Request, person: Person) -> Answer:
    """Address and telephone are not part of who they are in law: they change at any time."""
    refuse_others(person)
    form, referrer = await ContactForm.read(request), await own(person)
    if not form.errors and not belongs(form.electronic_address, referrer["siret"][:9]):
        form.refuse("electronic_address", _(OTHER_SIREN) % {"siren": show_siren(referrer["siret"][:9])})
    if form.errors:
        return again("apporteurs/contact.html", **_contact(form))
    async with deed(person, form.once) as doing:
        doing.at(HOME)
        await actions.change_identity(referrer, **PostalForm.identity(form))
    return see(HOME)


@get("/profil/tva", allows=OWN)
async def vat(person: Person) -> Answer:
    refuse_others(person)
    referrer = await own(person)
    standing = await access.standing_on(referrer["id"], today())
    if standing is None or standing.status not in VAT_FORMS:
        return see(HOME)
    form = VatForm.showing(
        since=today().isoformat(), vat_regime=standing.vat_regime, vat_number=referrer["vat_number"],
        vat_on_debits="1" if standing.vat_on_debits else "",
    )  # fmt: skip
    return page("apporteurs/tva.html", **_vat(form, standing))


def _vat(form: Form, standing: Standing, told: Announced | None = None) -> dict[str, Any]:
    return {"form": form, "answers": vat_answers(standing.status), "announced": told}


@post("/profil/tva", allows=OWN)
async def save_vat(request: Request, person: Person) -> Answer:
    """Dated and recorded: what ruled before goes on ruling for the facts of its time."""
    refuse_others(person)
    referrer = await own(person)
    standing = await access.standing_on(referrer["id"], today())
    if standing is None or standing.status not in VAT_FORMS:
        return see(HOME)
    form = await VAT_FORMS[standing.status].read(request)
    number = _number(form, referrer)
    if form.errors:
        return again("apporteurs/tva.html", **_vat(form, standing))
    told = await announced(referrer, form.standing, form.since)
    if not agreed(form, told):
        return page("apporteurs/tva.html", **_vat(form, standing, told))
    async with deed(person, form.once) as doing:
        doing.at(HOME)
        await actions.change_identity(referrer, vat_number=number or referrer["vat_number"])
        await actions.record_standing(
            referrer["id"], form.since, standing.status, form.vat_regime, "profile", form.vat_on_debits
        )
    return see(HOME)


def _number(form: VatForm, referrer: db.Row) -> str:
    """The same rule as when the profile was filled, with the SIRET that is on file."""
    if form.errors:
        return ""
    try:
        return checked_vat(form.vat_number, referrer["siret"], form.vat_regime)
    except (Said, Invalid) as wrong:
        form.refuse("vat_number", wrong.sentence)
        return ""
