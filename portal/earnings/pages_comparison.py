"""/reglages/baremes/…/comparaison: who would have earned what under a draft, deal by deal."""

from datetime import date
from typing import Any

from litestar import Request

from portal.deals import access as deals
from portal.earnings import comparing
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.problems import NotFound
from portal.kit.text import N_, _
from portal.kit.web import Answer, again, done, get, page, post
from portal.people.rules import Person, Role
from portal.plans import access as plans
from portal.plans.editor import shelf
from portal.plans.editor.forms import ComparisonForm
from portal.plans.reasons import REASONS
from portal.plans.rules import parse_plan
from portal.plans.sentences import Names, rule_sentence
from portal.plans.telling import Facts, step_told

ADMIN = {Role.ADMIN}
PATH = "/reglages/baremes/{ref:str}/comparaison"
EVENTS = {
    "qualified": N_("Recommandation qualifiée"),
    "signed": N_("Affaire signée"),
    "invoice": N_("Facture au client"),
    "payment": N_("Paiement du client"),
    "cancelled": N_("Affaire annulée"),
}


@get(PATH, allows=ADMIN)
async def show(person: Person, ref: str) -> Answer:
    return page("programmes/bareme_comparaison.html", **await _shown(await shelf.draft_for(person, ref)))


async def _shown(draft: db.Row) -> dict[str, Any]:
    found = await comparing.latest(draft["id"])
    finished = found is not None and found["state"] == "done"
    return {
        "draft": draft,
        "way": f"/reglages/baremes/{draft['ref']}",
        "comparison": found,
        "against": await _offered(draft),
        "form": ComparisonForm.showing(),
        **(await _result(found) if found and finished else {}),
    }


async def _offered(draft: db.Row) -> list[tuple[str, str]]:
    """What can stand on the other side: its own version in force first, then those of the programme's other plans."""
    versions = await plans.published_versions(draft["programme_id"], today())
    versions.sort(key=lambda one: one["plan_id"] != draft["plan_id"])
    return [
        (one["ref"], _("%(plan)s, version %(n)s") % {"plan": one["plan_name"], "n": one["number"]})
        for one in versions
    ]


async def _result(comparison: db.Row) -> dict[str, Any]:
    result = comparison["result"]
    rows = result["referrers"]
    return {
        "units": result["units"],
        "comparable": result["units"][0] == result["units"][1],
        "referrers": rows,
        "names": await comparing.names_of([who for who, _before, _after in rows]),
        "totals": (sum(before for _who, before, _ in rows), sum(after for _who, _, after in rows)),
        "deals": [(one, _why(one["refused"])) for one in await comparing.differing(comparison["id"])],
        "result": result,
    }


def _why(refused: dict[str, Any] | None) -> str:
    return _(REASONS[refused["code"]]) % refused["params"] if refused else ""


@get(PATH + "/avancement", allows=ADMIN)
async def progress(person: Person, ref: str) -> Answer:
    """The progress, as long as there is one to show; then the page itself comes."""
    draft = await shelf.draft_for(person, ref)
    found = await comparing.latest(draft["id"])
    answer = page("programmes/_bareme_avancement.html", way=f"/reglages/baremes/{ref}", comparison=found)
    if found and found["state"] == "done":
        answer.headers["HX-Refresh"] = "true"
    return answer


@post(PATH, allows=ADMIN)
async def start(request: Request, person: Person, ref: str) -> Answer:
    draft = await shelf.draft_for(person, ref)
    form = await ComparisonForm.read(request)
    offered = [one for one, _label in await _offered(draft)]
    if not form.errors and form.against not in offered:
        form.refuse("against", _("Choisissez une version en vigueur."))
    if form.errors:
        return again("programmes/bareme_comparaison.html", **await _shown(draft) | {"form": form})
    against = await shelf.version_for(person, form.against)
    async with deed(person, form.once) as doing:
        doing.at(f"/reglages/baremes/{ref}/comparaison")
        await comparing.ask(draft, against)
    return done(doing)


@get(PATH + "/affaires/{deal:str}", allows=ADMIN)
async def both(person: Person, ref: str, deal: str) -> Answer:
    """One deal under both plans, step by step."""
    draft = await shelf.draft_for(person, ref)
    comparison = await comparing.latest(draft["id"])
    if comparison is None:
        raise NotFound("plan_comparison")
    found = await comparing.differing_deal(comparison["id"], deal)
    labels = [line["label"] for line in await deals.lines_of(found["deal_id"])]
    days = {f"payment:{one['id']}": one["paid_on"] for one in await deals.payments_of(found["deal_id"])}
    who = await comparing.names_of([one["referrer"] for side in found["told"].values() for one in side])
    products = await plans.product_names()
    sides = zip(("before", "after"), (comparison["against_body"], comparison["draft_body"]), strict=True)
    return page(
        "programmes/bareme_affaire.html", draft=draft, way=f"/reglages/baremes/{ref}", deal=found, names=who,
        comparison=comparison, why=_why(found["refused"]), units=comparison["result"]["units"],
        sides=[_told(found["told"][name], body, labels, days, products) for name, body in sides],
    )  # fmt: skip


def _told(
    earned: list[dict[str, Any]], body: dict[str, Any], labels: list[str], days: dict[str, date], names: Names
) -> list[dict[str, Any]]:
    """Each earning with its event, its rule and its steps in words."""
    plan = parse_plan(body)
    rules = {rule.key: rule_sentence(rule, plan.unit, names) for rule in plan.rules}
    facts = Facts(plan.unit, labels, days)
    return [
        {
            **one,
            "what": _(EVENTS.get(one["event"].partition(":")[0], EVENTS["payment"])),
            "day": days.get(one["event"]),
            "rule": rules.get(one["rule"], one["rule"]),
            "told": [step_told(step, facts) for step in one["steps"]],
        }
        for one in earned
    ]
