"""/reglages/repartition: the table of rules, the defaults, an example tried; what nobody follows is shared out."""

from typing import Any

from litestar import Request

from portal.jobs.queue import enqueue
from portal.kit import db
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.problems import NotFound, Refused
from portal.kit.text import _
from portal.kit.web import Answer, again, done, get, page, post
from portal.leads.assignment import access, keeping, table
from portal.leads.assignment.forms import DefaultForm, RuleForm, TrialForm
from portal.people.rules import Person, Role

ADMIN = {Role.ADMIN}
PATH = "/reglages/repartition"
ONE = f"{PATH}/{{ref:str}}"
STEPS = {"monter": -1, "descendre": 1}


@get(PATH, allows=ADMIN)
async def rules(request: Request) -> Answer:
    asked = dict(request.query_params)
    trial = TrialForm.of(asked) if asked else TrialForm.showing(source="form")
    found = await table.tried(trial) if asked and not trial.errors else None
    return page(
        "reglages/repartition.html", rules=await table.rows(), trial=trial, found=found, tried=bool(asked),
        nobodys=await access.how_many_nobodys(), **await table.lists(),
    )  # fmt: skip


@get(f"{PATH}/nouvelle", allows=ADMIN)
async def new() -> Answer:
    return page("reglages/repartition_regle.html", **await _around(RuleForm.showing(choice="one"), PATH))


@post(PATH, allows=ADMIN)
async def add(request: Request, person: Person) -> Answer:
    form = await RuleForm.read(request)
    conditions, users = await _read(form)
    if form.errors:
        return again("reglages/repartition_regle.html", **await _around(form, PATH))
    async with deed(person, form.once) as doing:
        await keeping.add(form.name, conditions, form.choice.value, users)
        doing.at(PATH)
    return done(doing)


@get(ONE, allows=ADMIN)
async def one(ref: str) -> Answer:
    rule = await access.rule_row(ref)
    form = RuleForm.showing(**await table.refill(rule))
    return page("reglages/repartition_regle.html", **await _around(form, f"{PATH}/{ref}", rule))


@post(ONE, allows=ADMIN)
async def change(request: Request, person: Person, ref: str) -> Answer:
    rule, form = await access.rule_row(ref), await RuleForm.read(request)
    conditions, users = await _read(form)
    if form.errors:
        return again("reglages/repartition_regle.html", **await _around(form, f"{PATH}/{ref}", rule))
    async with deed(person, form.once) as doing:
        await keeping.change(rule, form.name, conditions, form.choice.value, users)
        doing.at(PATH)
    return done(doing)


@post(f"{ONE}/{{step:str}}", allows=ADMIN)
async def rank(request: Request, person: Person, ref: str, step: str) -> Answer:
    """monter, descendre, retrait."""
    rule, form = await access.rule_row(ref), await Form.read(request)
    if step not in (*STEPS, "retrait"):
        raise NotFound("step")
    async with deed(person, form.once) as doing:
        doing.at(PATH)
        if step in STEPS:
            await keeping.rank(rule, STEPS[step])
        else:
            await keeping.retire(rule)
    return done(doing)


@post(f"{PATH}/defaut", allows=ADMIN)
async def set_default(request: Request, person: Person) -> Answer:
    form = await DefaultForm.read(request)
    users = await table.ids_of([form.colleague] if not form.errors else [])
    if form.errors:
        raise Refused("unknown_programme", table.UNKNOWN)
    async with deed(person, form.once) as doing:
        await table.set_default(form.programme, users[0] if users else None)
        doing.at(PATH)
    return done(doing)


@post(f"{PATH}/file", allows=ADMIN)
async def share_out(request: Request, person: Person) -> Answer:
    form = await Form.read(request)
    async with deed(person, form.once) as doing:
        await enqueue("leads.assign_nobodys", key="leads.assign_nobodys")
        doing.at(PATH)
    return done(doing)


async def _read(form: RuleForm) -> tuple[list[dict[str, Any]], list[int]]:
    if form.errors:
        return [], []
    conditions, users = await table.conditions(form), await table.ids_of(form.users)
    if not users:
        form.refuse("users", _(keeping.NOBODY))
    return conditions, users


async def _around(form: RuleForm, action: str, rule: db.Row | None = None) -> dict[str, Any]:
    typed = form.values.get("users") or []
    return {"filled": form, "action": action, "rule": rule, "ticked": typed if isinstance(typed, list) else [typed], **await table.lists()}  # fmt: skip
