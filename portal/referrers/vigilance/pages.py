"""/justificatifs: what is asked of a referrer, why, until when; a photo is enough, or a click."""

from typing import Any

from litestar import Request

from portal.company import access as company
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.invalid import Invalid
from portal.kit.problems import NotFound
from portal.kit.text import _, number
from portal.kit.uploads import DOCUMENTS, receive
from portal.kit.web import Answer, again, done, get, page, post
from portal.people.rules import Person, Role
from portal.referrers.vigilance import access, documents
from portal.referrers.vigilance import access_watches as watches
from portal.referrers.vigilance import watches as watching
from portal.referrers.vigilance.forms import DeclareForm, GiveForm, TurnoverForm
from portal.referrers.vigilance.rules import BY_CLICK, ELSEWHERE
from portal.referrers.vigilance.watch_rules import asks_turnover
from portal.referrers.vigilance.words import DECLARES, HOW, KINDS, LIFE_TONES, LIVES, STATE_TONES, STATES, why

HOME = "/justificatifs"
OWN = {Role.REFERRER}


@get(HOME, allows=OWN)
async def listed(person: Person) -> Answer:
    return page("apporteurs/justificatifs.html", **await _shown(person))


@post(f"{HOME}/chiffre-affaires", allows=OWN)
async def declare_turnover(request: Request, person: Person) -> Answer:
    """What they turn over elsewhere this year: the thresholds look at the whole."""
    form = await TurnoverForm.read(request)
    if form.errors:
        return again("apporteurs/justificatifs.html", **await _shown(person, turnover=form))
    async with deed(person, form.once) as doing:
        await watching.declare_turnover(_own(person), today().year, form.amount)
        doing.at(HOME)
    return done(doing)


@post(f"{HOME}/{{kind:str}}", allows=OWN, uploads=True)
async def give(request: Request, person: Person, kind: str) -> Answer:
    form, wanted = await GiveForm.read(request), documents.kind_of(kind)
    kept = None
    if not form.errors:
        try:
            kept = await receive(form.file, DOCUMENTS)
        except Invalid as wrong:
            form.refuse("file", wrong.sentence)
    if kept is None:
        return again("apporteurs/justificatifs.html", **await _shown(person, **{wanted: form}))
    async with deed(person, form.once) as doing:
        await documents.give(_own(person), wanted, kept)
        doing.at(HOME)
    return done(doing)


@post(f"{HOME}/{{kind:str}}/declaration", allows=OWN)
async def declare(request: Request, person: Person, kind: str) -> Answer:
    form, wanted = await DeclareForm.read(request), documents.kind_of(kind)
    if wanted not in BY_CLICK:
        raise NotFound("kind")
    if form.errors:
        return again("apporteurs/justificatifs.html", **await _shown(person, **{wanted: form}))
    async with deed(person, form.once) as doing:
        await documents.declare(_own(person), wanted)
        doing.at(HOME)
    return done(doing)


def _own(person: Person) -> int:
    assert person.referrer_id is not None
    return person.referrer_id


async def _shown(person: Person, **forms: Form) -> dict[str, Any]:
    referrer_id = _own(person)
    figures = await company.figures()
    dossier = await access.dossier(referrer_id, figures)
    due = {one["kind"]: one for one in await access.open_requests([referrer_id])}
    given = await access.documents_of(referrer_id)
    asks = asks_turnover(dossier.facts.status, dossier.row["vat_regime"])
    said = await watches.turnover_said(referrer_id, today().year) if asks else None
    return {
        "lines": dossier.lines, "due": due, "given": given, "blocks": dossier.blocks, "forms": forms, "today": today(),
        "turnover": asks, "by_click": BY_CLICK, "elsewhere": ELSEWHERE, "year": today().year,
        "said": number(said) if said is not None else "",
        "why": {line.kind: why(line.asked.reason, figures, today()) for line in dossier.lines},
        "kinds": {code: _(label) for code, label in KINDS.items()}, "how": {code: _(label) for code, label in HOW.items()},
        "declares": {code: _(label) for code, label in DECLARES.items()},
        "lives": {code: _(label) for code, label in LIVES.items()}, "life_tones": LIFE_TONES,
        "states": {code: _(label) for code, label in STATES.items()}, "state_tones": STATE_TONES,
    }  # fmt: skip
