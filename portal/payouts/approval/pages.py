"""/reglages/reglements: how referrers are paid, who approves how much, in whose name, by two or alone."""

from typing import Any

from litestar import Request

from portal.company import access as company
from portal.history.access import record
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.problems import Refused
from portal.kit.text import _
from portal.kit.web import Answer, again, get, page, post, see
from portal.payouts.approval import access, approving
from portal.payouts.approval.forms import DelegateForm, FourEyesForm, LimitForm, PolicyForm
from portal.payouts.candidate_rules import THRESHOLD, Threshold
from portal.payouts.rails import choosing
from portal.payouts.rails.table import offered
from portal.people import second_factor
from portal.people.rules import Person, Role

HERE = "/reglages/reglements"
APPROVERS = {Role.FINANCE, Role.ADMIN}
ADMIN = {Role.ADMIN}


@get(HERE, allows=APPROVERS)
async def show(person: Person) -> Answer:
    return page("reglages/reglements.html", **await _shown(person))


async def _shown(person: Person, **forms: Form) -> dict[str, Any]:
    threshold = Threshold.of(await company.option(THRESHOLD))
    approvers = await access.approvers()
    policy = PolicyForm.showing(
        rail=await choosing.company_rail(), threshold=_typed(threshold.cents), days=threshold.days
    )
    return {
        "approvers": approvers,
        "colleagues": [(one["ref"], one["name"]) for one in approvers if one["id"] != person.user_id],
        "delegations": await access.delegations(),
        "four_eyes": await access.four_eyes(),
        "rails": offered(),
        "today": today(),
        "policy": policy,
        "eyes": FourEyesForm.showing(),
        "delegating": DelegateForm.showing(since=today().isoformat()),
        **forms,
    }


@post(HERE, allows=ADMIN)
async def decide(request: Request, person: Person) -> Answer:
    form = await PolicyForm.read(request)
    if form.errors:
        return again("reglages/reglements.html", **await _shown(person, policy=form))
    async with deed(person, form.once) as doing:
        doing.at(HERE)
        await choosing.set_company_rail(form.rail)
        await company.set_option(THRESHOLD, {"cents": form.threshold, "days": form.days})
        entity = await company.legal_entity()
        assert entity is not None
        await record("payouts.threshold", "legal_entity", entity["id"], cents=form.threshold, days=form.days)
    return see(HERE)


@post(f"{HERE}/double-regard", allows=ADMIN)
async def switch(request: Request, person: Person) -> Answer:
    """The second factor is asked again: from then on one pair of eyes lets money go."""
    form = await FourEyesForm.read(request)
    if not form.errors and not await second_factor.check(person.user_id, form.code):
        form.refuse("code", _("Ce code n'est pas le bon. Attendez le suivant."))
    if form.errors:
        form.values["code"] = ""
        return again("reglages/reglements.html", **await _shown(person, eyes=form))
    async with deed(person, form.once) as doing:
        doing.at(f"{HERE}#double-regard")
        await approving.ask_for_two(form.wanted)
    return see(f"{HERE}#double-regard")


@get(f"{HERE}/plafonds/{{ref:str}}", allows=ADMIN)
async def limits(ref: str) -> Answer:
    approver = await access.approver(ref)
    form = LimitForm.showing(line=_typed(approver["line_cents"]), run=_typed(approver["run_cents"]))
    return page("reglages/plafond.html", approver=approver, form=form)


def _typed(cents: int | None) -> str:
    return "" if cents is None else f"{cents // 100},{cents % 100:02d}"


@post(f"{HERE}/plafonds/{{ref:str}}", allows=ADMIN)
async def limit(request: Request, person: Person, ref: str) -> Answer:
    approver = await access.approver(ref)
    form = await LimitForm.read(request)
    if form.errors:
        return again("reglages/plafond.html", approver=approver, form=form)
    async with deed(person, form.once) as doing:
        doing.at(HERE)
        await approving.limit(approver["id"], person, form.line, form.run)
    return see(HERE)


@post(f"{HERE}/delegations", allows=APPROVERS)
async def delegate(request: Request, person: Person) -> Answer:
    form = await DelegateForm.read(request)
    found = {one["ref"]: one["id"] for one in await access.approvers()}
    if not form.errors and form.to not in found:
        form.refuse("to", _("Choisissez qui approuve à votre place."))
    if not form.errors:
        try:
            async with deed(person, form.once) as doing:
                doing.at(f"{HERE}#delegations")
                await approving.delegate(person, found[form.to], form.since, form.until)
        except Refused as no:
            form.refuse("to", _(no.sentence))
    if form.errors:
        return again("reglages/reglements.html", **await _shown(person, delegating=form))
    return see(f"{HERE}#delegations")


@post(f"{HERE}/delegations/{{ref:str}}/fin", allows=APPROVERS)
async def end(request: Request, person: Person, ref: str) -> Answer:
    delegation, form = await access.delegation_for(person, ref), await Form.read(request)
    async with deed(person, form.once) as doing:
        doing.at(f"{HERE}#delegations")
        await approving.end(delegation, person)
    return see(f"{HERE}#delegations")
