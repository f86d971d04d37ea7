"""/contrats/{ref}/avenant: another version, other figures, priority or text, from a day that leaves the notice."""

from collections.abc import Mapping
from typing import Any

from litestar import Request

from portal.contracts import access
from portal.contracts.conditions import Conditions, of_contract
from portal.contracts.forms_conditions import conditions_of, figures_of
from portal.contracts.lifetime import amending
from portal.contracts.lifetime.amending import Proposal
from portal.contracts.lifetime.forms import AmendmentForm, PlanForm
from portal.contracts.lifetime.rules import Terms, earliest
from portal.contracts.pages_draft import DRAFTS
from portal.contracts.rules import ContractState
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.problems import Refused
from portal.kit.text import _, short_day
from portal.kit.web import Answer, again, get, page, post, see
from portal.people.rules import Person
from portal.plans import access as plans
from portal.plans.rules.language import Refused as Impossible

FIELD_OF = {"too_soon": "effective_on", "too_far": "effective_on", "nothing_changed": "plan"}
EDITABLE = ("rules", "limits")


async def _contract(person: Person, ref: str) -> db.Row:
    contract = await access.contract_for(person, ref)
    if contract["state"] != ContractState.IN_FORCE:
        raise Refused("not_in_force", amending.NOT_IN_FORCE)
    return contract


async def _versions(contract: db.Row) -> Mapping[str, db.Row]:
    """By reference: its own version and those that new contracts of its programme may have, also from a later day on."""
    offered = await plans.published_in([contract["programme_id"]], today())
    coming = await plans.coming_in(contract["programme_id"], today())
    own = await plans.version(contract["plan_version_id"])
    return {row["ref"]: row for row in (own, *offered, *coming)}


def _options(versions: Mapping[str, db.Row], contract: db.Row) -> list[tuple[str, str, str]]:
    return [(ref, _named(row), _since(row, contract)) for ref, row in versions.items()]


def _named(row: db.Row) -> str:
    return f"{row['plan_name']}, {_('version %(n)s') % {'n': row['number']}}"


def _since(row: db.Row, contract: db.Row) -> str:
    if row["id"] == contract["plan_version_id"]:
        return _("Celle du contrat : seuls des chiffres, la priorité ou le texte changent.")
    return _("Depuis le %(day)s pour les nouveaux contrats.") % {"day": short_day(row["effective_from"])}


@get("/contrats/{ref:str}/avenant", allows=DRAFTS)
async def choose(request: Request, person: Person, ref: str) -> Answer:
    """Without a version the choice of one; with one, all that may change."""
    contract = await _contract(person, ref)
    versions = await _versions(contract)
    asked = dict(request.query_params)
    if asked.get("plan") not in versions:
        form = PlanForm.of(asked) if "plan" in asked else PlanForm.showing()
        return page(
            "contrats/avenant_choix.html", contract=contract, options=_options(versions, contract), form=form
        )
    version = versions[asked["plan"]]
    first = earliest(today(), Terms.of(contract["filled"]).notice_days)
    form = AmendmentForm.showing(
        plan=version["ref"], effective_on=max(first, version["effective_from"] or first).isoformat(),
        priority_months=contract["priority_months"], **_own_figures(contract, version),
    )  # fmt: skip
    return page("contrats/avenant.html", **_shown(contract, version, form))


def _shown(contract: db.Row, version: db.Row, form: Form) -> dict[str, Any]:
    return {
        "contract": contract, "version": version, "named": _named(version), "form": form,
        "figures": figures_of(version["body"]), "terms": Terms.of(contract["filled"]),
        "first": earliest(today(), Terms.of(contract["filled"]).notice_days),
    }  # fmt: skip


def _own_figures(contract: db.Row, version: db.Row) -> dict[str, str]:
    """What the contract says otherwise than the plan stands typed already, where the plan still has it."""
    try:
        own = figures_of(of_contract(contract).body(version["body"]))
    except Impossible:
        return {}
    asks = figures_of(version["body"])
    return {one.name: mine.shown for one, mine in zip(asks, own, strict=False) if one.now != mine.now}


@post("/contrats/{ref:str}/avenant", allows=DRAFTS)
async def propose(request: Request, person: Person, ref: str) -> Answer:
    contract = await _contract(person, ref)
    versions, form = await _versions(contract), await AmendmentForm.read(request)
    version = versions.get(str(form.values.get("plan")))
    if version is None:
        options = _options(versions, contract)
        return again("contrats/avenant_choix.html", contract=contract, options=options, form=PlanForm.of({}))
    conditions = Conditions() if form.errors else _conditions(form, contract, version)
    if form.errors:
        return again("contrats/avenant.html", **_shown(contract, version, form))
    try:
        async with deed(person, form.once) as doing:
            made = await amending.propose(contract, await _proposal(form, contract, version, conditions))
            doing.at(f"/contrats/{made['ref']}")
    except Refused as no:
        form.refuse(FIELD_OF.get(no.code, ""), _(no.sentence) % no.params)
        return again("contrats/avenant.html", **_shown(contract, version, form))
    return see(doing.answer["location"])


def _conditions(form: AmendmentForm, contract: db.Row, version: db.Row) -> Conditions:
    """Those typed; what no field asks for stays as the contract has it, under the same version."""
    typed = conditions_of(form, version["body"])
    if version["id"] != contract["plan_version_id"]:
        return typed
    kept = {name: value for name, value in contract["overrides"].items() if name not in EDITABLE}
    return Conditions({**kept, **typed.figures})


async def _proposal(
    form: AmendmentForm, contract: db.Row, version: db.Row, conditions: Conditions
) -> Proposal:
    """A priority that is not the programme's is a condition of this contract, unless it stands already."""
    months = form.priority_months or contract["priority_months"]
    programme = await plans.programme(contract["programme_id"])
    own = contract["own_priority_months"] if months == contract["priority_months"] else months
    if own == programme["priority_months"]:
        own = None
    return Proposal(
        plan_version_id=version["id"], effective_on=form.effective_on, reason=form.reason,
        conditions=Conditions(conditions.figures, own), priority_months=months,
        newest_text=form.newest_text, sooner=form.sooner,
    )  # fmt: skip
