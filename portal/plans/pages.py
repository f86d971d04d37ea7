"""/reglages/programmes: programmes, products, and plans of the simple kind; each publication is a version for ever."""

from typing import Any

from litestar import Request

from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.problems import Refused
from portal.kit.text import _, money
from portal.kit.web import Answer, again, get, page, post, see
from portal.people.rules import Person, Role
from portal.plans import access, actions
from portal.plans.forms import ProductForm, ProgrammeForm, SimplePlanForm
from portal.plans.rules.compiled import compile_plan
from portal.plans.sentences import rule_sentence

ADMIN = {Role.ADMIN}
HOME = "/reglages/programmes"
EXAMPLE_CENTS = 600_000


@get(HOME, allows=ADMIN)
async def programmes() -> Answer:
    return page("programmes/index.html", **await _all())


async def _all(programme: Form | None = None, product: Form | None = None) -> dict[str, Any]:
    return {
        "programmes": await access.programmes_with_plans(today()),
        "products": await access.products(),
        "programme": programme
        or ProgrammeForm.showing(starts_on=today().isoformat(), priority_months=6, answer_days=2),
        "product": product or ProductForm.showing(kind="one_off"),
        "today": today(),
    }


@post(HOME, allows=ADMIN)
async def open_programme(request: Request, person: Person) -> Answer:
    form = await ProgrammeForm.read(request)
    if form.errors:
        return again("programmes/index.html", **await _all(programme=form))
    try:
        async with deed(person, form.once) as doing:
            made = await actions.open_programme(
                form.name, form.starts_on, ends_on=form.ends_on, priority_months=form.priority_months,
                answer_days=form.answer_days,
            )  # fmt: skip
            doing.at(f"{HOME}/{made['ref']}/bareme")
    except Refused as taken:
        return again("programmes/index.html", **await _all(programme=form.refuse("name", _(taken.sentence))))
    return see(doing.answer["location"])


@post("/reglages/produits", allows=ADMIN)
async def add_product(request: Request, person: Person) -> Answer:
    form = await ProductForm.read(request)
    if form.errors:
        return again("programmes/index.html", **await _all(product=form))
    try:
        async with deed(person, form.once) as doing:
            doing.at(f"{HOME}#produits")
            await actions.add_product(form.key, form.name, category=form.category, kind=form.kind)
    except Refused as taken:
        return again("programmes/index.html", **await _all(product=form.refuse("key", _(taken.sentence))))
    return see(f"{HOME}#produits")


@get("/reglages/programmes/{ref:str}/bareme", allows=ADMIN)
async def plan(ref: str) -> Answer:
    programme = await access.programme_by_ref(ref)
    form = SimplePlanForm.showing(
        rate="10", recurs="months", recurs_for_months=12, hold_days=30, clawback_days=180,
        effective_from=today().isoformat(), name=programme["name"],
    )  # fmt: skip
    return page("programmes/bareme.html", **_plan(programme, form, None))


@get("/reglages/programmes/{ref:str}/bareme/exemple", allows=ADMIN)
async def example(request: Request, ref: str) -> Answer:
    """The sentence under the form, as it is being typed."""
    await access.programme_by_ref(ref)
    form = SimplePlanForm.of(dict(request.query_params))
    return page("programmes/_exemple.html", said=None if form.errors else said_of(form))


def _plan(programme: db.Row, form: Form, said: dict[str, str] | None) -> dict[str, Any]:
    return {"programme": programme, "form": form, "said": said or said_of(SimplePlanForm.of(form.values))}


def said_of(form: SimplePlanForm) -> dict[str, str] | None:
    """The rule as the contract will say it, and what a deal would bring; nothing while it is not readable."""
    if form.errors:
        return None
    body = form.body()
    rules = compile_plan(body).plan.rules
    return {
        "rule": " ; ".join(rule_sentence(rule) for rule in rules),
        "paid": money(EXAMPLE_CENTS),
        "earned": money(access.would_earn(body, EXAMPLE_CENTS, today())),
    }


@post("/reglages/programmes/{ref:str}/bareme", allows=ADMIN)
async def publish(request: Request, person: Person, ref: str) -> Answer:
    programme = await access.programme_by_ref(ref)
    form = await SimplePlanForm.read(request)
    if not form.errors and await access.plan_elsewhere(form.name, programme["id"]):
        form.refuse("name", _("Un autre programme a un barème de ce nom."))
    if form.errors or form.values.get("look"):
        return page("programmes/bareme.html", 422 if form.errors else 200, **_plan(programme, form, None))
    async with deed(person, form.once) as doing:
        doing.at(HOME)
        await actions.publish(programme["id"], form.body(), form.effective_from)
    return see(HOME)
