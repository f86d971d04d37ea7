"""/reglages/baremes/…/redaction: the whole plan as a form; its buttons add, remove and move without losing a word."""

from typing import Any

from litestar import Request

from portal.kit import db
from portal.kit.deed import deed
from portal.kit.problems import Refused, Stale
from portal.kit.text import _
from portal.kit.web import Answer, again, done, get, page, post
from portal.people.rules import Person
from portal.plans import words
from portal.plans.editor import drafting, shelf
from portal.plans.editor.forms import ExampleForm, SheetForm
from portal.plans.editor.pages import ADMIN, VERSION, keep, way
from portal.plans.editor.preview import Catalogue, catalogue, guaranteed, preview
from portal.plans.editor.sheet import sheet_from
from portal.plans.rules import Refused as Impossible
from portal.plans.rules.language import LISTS, Kind, kind_of

REDACTION = VERSION + "/redaction"
ANSWERS = {
    "units": words.UNITS, "pays_on": words.PAYS_ON, "bases": words.BASES, "chooses": words.CHOICES,
    "kinds": words.KINDS, "per": words.PER, "modes": words.MODES, "measures": words.MEASURES,
    "periods": words.PERIODS, "recurs": words.RECURS, "clawbacks": words.CLAWBACKS,
}  # fmt: skip
USUAL = {"unit": "EUR", "pays_on": "client_paid", "base": "net", "choose": "first"}


@get(REDACTION, allows=ADMIN)
async def edit(person: Person, ref: str) -> Answer:
    draft = await shelf.draft_for(person, ref)
    form = SheetForm.on(sheet_from(draft["body"]), draft["version"])
    return page("programmes/bareme_redaction.html", **await _around(draft, form))


async def _around(draft: db.Row, form: SheetForm, saved: list[str] | None = None) -> dict[str, Any]:
    """`saved`: what somebody else wrote meanwhile."""
    known = await catalogue()
    body = form.plan(draft["plan_name"])
    return {
        "draft": draft,
        "way": way(draft),
        "form": form,
        "sheet": form.sheet,
        "conditions": [[_condition(one, known) for one in rule["when"]] for rule in form.sheet["rules"]],
        "answers": {name: words.choices(table) for name, table in ANSWERS.items()},
        "fields": words.fields(),
        "catalogue": known,
        "unusual": any(form.sheet[name] != usual for name, usual in USUAL.items()),
        "limited": any(form.sheet["limits"].values()),
        "saved": saved or [],
        **await _beside(draft, body, form, known),
    }


async def _beside(draft: db.Row, body: dict[str, Any], form: SheetForm, known: Catalogue) -> dict[str, Any]:
    example = ExampleForm.of(form.values)
    shown = preview(body, known, example)
    kept = [] if shown.impossible else guaranteed(body, await shelf.examples_of(draft["plan_id"]))
    return {"preview": shown, "example": example, "guaranteed": [one for one in kept if not one.holds]}


def _condition(one: dict[str, Any], known: Catalogue) -> dict[str, Any]:
    """How a condition is asked: its name, its comparisons, what can be ticked."""
    offered = known.known(one["field"]) if one["field"] != "customer." else []
    listed = {value for value, _label in offered}
    strange = [(value, value) for value in one["ticked"] if value and value not in listed]
    return {
        "name": words.field_name(one["field"]),
        "comparisons": words.comparisons(one["field"]),
        "ticks": [*offered, *strange],
        "flag": kind_of(one["field"]) is Kind.FLAG,
        "number": kind_of(one["field"]) is Kind.NUMBER,
        "tag": one["field"] == "customer.",
        "several": one["is"] in LISTS,
    }


@post(REDACTION + "/apercu", allows=ADMIN)
async def look(request: Request, person: Person, ref: str) -> Answer:
    """What stands beside the form, as it is being typed; nothing is written."""
    draft = await shelf.draft_for(person, ref)
    form = await SheetForm.read(request)
    body = form.plan(draft["plan_name"])
    return page(
        "programmes/_bareme_apercu.html",
        draft=draft, way=way(draft), form=form, **await _beside(draft, body, form, await catalogue()),
    )  # fmt: skip


@post(REDACTION, allows=ADMIN)
async def save(request: Request, person: Person, ref: str) -> Answer:
    draft = await shelf.draft_for(person, ref)
    form = await SheetForm.read(request)
    if form.errors:
        return again("programmes/bareme_redaction.html", **await _around(draft, form))
    if form.act == "keep":
        return await _kept(person, draft, form)
    if form.act:
        return page("programmes/bareme_redaction.html", **await _around(draft, form.does(form.act)))
    try:
        async with deed(person, form.once) as doing:
            doing.at(way(draft))
            await drafting.save(draft, form.version, form.plan(draft["plan_name"]))
    except Impossible as impossible:
        return again("programmes/bareme_redaction.html", **await _around(draft, form.told(impossible)))
    except Stale:
        return await _both(person, ref, form)
    return done(doing)


async def _kept(person: Person, draft: db.Row, form: SheetForm) -> Answer:
    """The live example becomes a guaranteed one, at what the plan answers as it is typed."""
    example = ExampleForm.of(form.values)
    try:
        if example.errors:
            raise Refused("example", next(iter(example.errors.values())))
        async with deed(person, form.once) as doing:
            doing.at(f"{way(draft)}/redaction")
            await keep(draft, form.plan(draft["plan_name"]), example, await catalogue())
    except Refused as no:
        form.refuse("ex_net", _(no.sentence))
        return again("programmes/bareme_redaction.html", **await _around(draft, form))
    return page("programmes/bareme_redaction.html", **await _around(draft, form), kept=True)


async def _both(person: Person, ref: str, form: SheetForm) -> Answer:
    """Somebody saved in between: both are shown; saving again prefers what is typed here."""
    draft = await shelf.draft_for(person, ref)
    saved = preview(draft["body"], await catalogue(), ExampleForm.of(form.values))
    form.values["version"] = draft["version"]
    told = [*saved.rules, *(f"{question} : {answer}" for question, answer in saved.terms)]
    return page("programmes/bareme_redaction.html", 409, **await _around(draft, form, told))
