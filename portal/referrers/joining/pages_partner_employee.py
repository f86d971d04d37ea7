"""/profil/employeur: the gates that an employee of a partner passes, then what the employer is told, then the consent."""

from typing import Any

from litestar import Request

from portal.company import access as company
from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.invalid import Invalid
from portal.kit.problems import Refused
from portal.kit.text import N_, _
from portal.kit.uploads import DOCUMENTS, receive
from portal.kit.web import Answer, again, get, page, post, see
from portal.people.rules import Person, Role
from portal.referrers import access
from portal.referrers.joining import employing
from portal.referrers.joining.forms_employer import EmployerForm, GateForm
from portal.referrers.joining.partner_employee import BY_GATE, FULL_MEANS, GATES, REFUSALS, Gate, outcome
from portal.referrers.pages_profile import own, refuse_others

PATH, OWN = "/profil/employeur", {Role.REFERRER}
CONSENT_LABELS = {
    "asked": N_("Demandé, sans réponse"), "given": N_("Donné"), "refused": N_("Refusé"), "withdrawn": N_("Retiré"),
    "expired": N_("Terminé"),
}  # fmt: skip
CONSENT_TONES = {"asked": "wait", "given": "good", "refused": "bad", "withdrawn": "bad", "expired": "bad"}


@get(PATH, allows=OWN)
async def wizard(person: Person) -> Answer:
    refuse_others(person)
    return page("apporteurs/employeur.html", **await _shown(await own(person)))


async def _shown(referrer: db.Row, form: Form | None = None) -> dict[str, Any]:
    """The next thing to do: a question, the employer, the authorisation, the letter; else how it ended."""
    file = await employing.file_of(referrer["id"])
    answers = file["answers"] if file else {}
    at = outcome(answers)
    step = _step(file, at)
    customary = at.customary if file is None or file["customary"] is None else file["customary"]
    return {
        "referrer": referrer,
        "step": step,
        "form": form or GateForm.showing(),
        "question": _said(at.gate) if step == "gate" and at.gate else None,
        "place": len(answers) + 1,
        "gates": len(GATES),
        "customary": customary,
        "full_means": _(FULL_MEANS),
        "refusal": _(REFUSALS[file["reason"]]) if file and file["reason"] else "",
        "file": file,
        "by_employer": at.by_employer,
        "letter": await employing.sample(referrer, customary) if step in ("letter", "agreed") else None,
        "consent": await employing.latest_consent(referrer["id"]) if step == "agreed" else None,
        "consent_labels": {code: _(label) for code, label in CONSENT_LABELS.items()},
        "consent_tones": CONSENT_TONES,
        "company": (await company.legal_entity() or {"name": ""})["name"],
        "profiled": bool(await access.standings_of(referrer["id"])),
        "now": now(),
    }


def _step(file: db.Row | None, at: Any) -> str:
    if file and file["state"] != "answering":
        return file["state"]
    if at.gate:
        return "gate"
    if not (file and file["employer_siren"]):
        return "employer"
    return "authorisation" if at.needs_authorisation and not file["authorisation_file"] else "letter"


def _said(gate: Gate) -> dict[str, Any]:
    question = BY_GATE[gate]
    return {
        "gate": gate.value,
        "asks": _(question.asks),
        "hint": _(question.hint),
        "choices": [(choice.code, _(choice.label)) for choice in question.choices],
    }


@post(f"{PATH}/reponse", allows=OWN)
async def answer(request: Request, person: Person) -> Answer:
    refuse_others(person)
    referrer, form = await own(person), await GateForm.read(request)
    if form.errors:
        return again("apporteurs/employeur.html", **await _shown(referrer, form))
    try:
        async with deed(person, form.once) as doing:
            doing.at(PATH)
            await employing.answer(referrer["id"], form.gate, form.answer)
    except Refused as no:
        form.refuse("answer", _(no.sentence))
        return again("apporteurs/employeur.html", **await _shown(referrer, form))
    return see(PATH)


@post(f"{PATH}/reprise", allows=OWN)
async def begin_anew(request: Request, person: Person) -> Answer:
    return await _do(request, person, employing.begin_anew)


@post(f"{PATH}/coordonnees", allows=OWN)
async def employer(request: Request, person: Person) -> Answer:
    refuse_others(person)
    referrer, form = await own(person), await EmployerForm.read(request)
    if form.errors:
        return again("apporteurs/employeur.html", **await _shown(referrer, form))
    try:
        async with deed(person, form.once) as doing:
            doing.at(PATH)
            await employing.name_employer(
                referrer, name=form.name, siren=form.siren, contact=form.contact, email=form.email
            )
    except Refused as no:
        form.refuse("email", _(no.sentence) % no.params)
        return again("apporteurs/employeur.html", **await _shown(referrer, form))
    return see(PATH)


@post(f"{PATH}/autorisation", allows=OWN, uploads=True)
async def authorisation(request: Request, person: Person) -> Answer:
    refuse_others(person)
    referrer, form = await own(person), await Form.read(request)
    given = form.values.get("file")
    try:
        if given is None or isinstance(given, str):
            form.refuse("file", _("Choisissez un fichier."))
            return again("apporteurs/employeur.html", **await _shown(referrer, form))
        kept = await receive(given, DOCUMENTS)
    except Invalid as wrong:
        form.refuse("file", wrong.sentence)
        return again("apporteurs/employeur.html", **await _shown(referrer, form))
    async with deed(person, form.once) as doing:
        doing.at(PATH)
        await employing.keep_authorisation(referrer["id"], kept)
    return see(PATH)


@post(f"{PATH}/accord", allows=OWN)
async def agree(request: Request, person: Person) -> Answer:
    """To what the employer is told: the words that stood on the page."""
    refuse_others(person)
    referrer, form = await own(person), await Form.read(request)
    file = await employing.file_of(referrer["id"])
    shown = await employing.sample(referrer, bool(file and file["customary"]))
    async with deed(person, form.once) as doing:
        doing.at(PATH)
        await employing.agree(referrer, employing.told(shown))
    return see(PATH)


@post(f"{PATH}/demande", allows=OWN)
async def ask_again(request: Request, person: Person) -> Answer:
    return await _do(request, person, employing.ask_consent)


async def _do(request: Request, person: Person, verb: Any) -> Answer:
    refuse_others(person)
    referrer, form = await own(person), await Form.read(request)
    async with deed(person, form.once) as doing:
        doing.at(PATH)
        await verb(referrer["id"])
    return see(PATH)
