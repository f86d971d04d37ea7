"""The table of rules as it is typed and as it is read: conditions in words, an example tried against it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.company import territories
from portal.company.territories_places import parse_places
from portal.kit import db
from portal.kit.problems import Refused
from portal.kit.text import N_, _, about
from portal.leads.assignment import access
from portal.leads.assignment.forms import RuleForm, TrialForm
from portal.leads.assignment.rules import CHOICES, SAID, Choice, Decision, decide
from portal.leads.rules import SOURCES
from portal.referrers import access as referrers

UNKNOWN_REFERRER = N_("Aucun apporteur ne porte ce numéro.")
UNKNOWN = N_("Choisissez une des réponses proposées.")


async def lists() -> dict[str, Any]:
    """What a rule may ask for: (value, label); programmes, territories and colleagues by ref. `defaults`: programmes with theirs."""
    programmes = await defaults()
    fields = await db.rows(
        "SELECT DISTINCT key, label_fr FROM lead_field WHERE active AND kind IN ('choice', 'text', 'postcode') ORDER BY label_fr"
    )
    return {
        "programmes": [(one["ref"], one["name"]) for one in programmes], "defaults": programmes,
        "territories": [(one["ref"], one["name"]) for one in await territories.territories()],
        "sources": [(code, _(said)) for code, said in SOURCES.items() if code != "import"],
        "fields": [(one["key"], one["label_fr"]) for one in fields],
        "users": [(one["ref"], one["name"]) for one in await access.colleagues()],
        "choices": [(choice.value, _(said)) for choice, said in CHOICES.items()],
    }  # fmt: skip


async def ids_of(refs: Sequence[str]) -> list[int]:
    """Colleagues in the order in which they were chosen."""
    known = {one["ref"]: one["id"] for one in await access.colleagues()}
    return [known[ref] for ref in refs if ref in known]


async def conditions(form: RuleForm) -> list[dict[str, Any]]:
    """As kept; faults are put under their fields."""
    asked: list[dict[str, Any]] = []
    if form.programme:
        asked.append(
            {
                "field": "programme",
                "is": "is",
                "value": await _id(form, "programme", "SELECT id FROM programme WHERE ref = $1"),
            }
        )
    if form.territory:
        asked.append(
            {
                "field": "territory",
                "is": "is",
                "value": await _id(form, "territory", "SELECT id FROM territory WHERE ref = $1"),
            }
        )
    if form.places:
        asked.append({"field": "place", "is": "starts_with", "value": _places(form)})
    if form.referrer:
        asked.append({"field": "referrer", "is": "is", "value": await _referrer(form)})
    if form.source:
        asked.append({"field": "source", "is": "is", "value": form.source})
    if form.estimate is not None:
        asked.append({"field": "estimate", "is": "from", "value": form.estimate})
    if form.field and form.value:
        asked.append({"field": f"field:{form.field}", "is": "is", "value": form.value})
    return asked


def _places(form: RuleForm) -> list[str]:
    try:
        return [
            place.prefix if place.country == "FR" else " ".join(place).strip()
            for place in parse_places(form.places)
        ]
    except ValueError as wrong:
        form.refuse("places", getattr(wrong, "sentence", "") or _(str(wrong)))
        return []


async def _id(form: RuleForm, name: str, sql: str) -> int | None:
    found = await db.value(sql, getattr(form, name))
    if found is None:
        form.refuse(name, _(UNKNOWN))
    return found


async def _referrer(form: RuleForm | TrialForm) -> int | None:
    found = await referrers.referrer_by_number(form.referrer)
    if found is None:
        form.refuse("referrer", _(UNKNOWN_REFERRER))
    return found["id"] if found else None


@dataclass(frozen=True, slots=True)
class Named:
    ref: str  # of a referrer the number
    name: str


Names = dict[str, dict[Any, Named]]


async def rows() -> list[dict[str, Any]]:
    """The table in its order: each rule with its conditions and whom it gives to, in words."""
    found = await access.rule_rows()
    names = await _names(found)
    return [
        {
            "ref": row["ref"], "name": row["name"],
            "when": [_said(one, names) for one in row["conditions"]],
            "choice": _(CHOICES[Choice(row["choice"])]),
            "users": [names["user"][user].name for user in row["users"]],
        }
        for row in found
    ]  # fmt: skip


async def _names(rules: Sequence[db.Row]) -> Names:
    """Of all that the rules name, in one question."""
    asked = [one for row in rules for one in row["conditions"]]
    wanted = {
        kind: [one["value"] for one in asked if one["field"] == kind]
        for kind in ("programme", "territory", "referrer")
    }
    found = await db.rows(
        """SELECT 'programme' AS kind, id, ref, name FROM programme WHERE id = ANY ($1::bigint[])
           UNION ALL SELECT 'territory', id, ref, name FROM territory WHERE id = ANY ($2::bigint[])
           UNION ALL SELECT 'referrer', id, number, concat_ws(' ', number, coalesce(nullif(company_name, ''), last_name)) FROM referrer WHERE id = ANY ($3::bigint[])
           UNION ALL SELECT 'user', id, ref, name FROM app_user WHERE id = ANY ($4::bigint[])""",
        wanted["programme"], wanted["territory"], wanted["referrer"], [user for row in rules for user in row["users"]],
    )  # fmt: skip
    names: Names = {kind: {} for kind in ("programme", "territory", "referrer", "user")}
    for row in found:
        names[row["kind"]][row["id"]] = Named(row["ref"], row["name"])
    return names


SENTENCES = {
    "programme": N_("programme %(value)s"),
    "territory": N_("territoire %(value)s"),
    "place": N_("lieu %(value)s"),
    "referrer": N_("apporteur %(value)s"),
    "source": N_("reçue par : %(value)s"),
    "estimate": N_("à partir de %(value)s HT"),
    "field": N_("%(field)s : %(value)s"),
}


def _said(condition: Mapping[str, Any], names: Names) -> str:
    kind, _colon, key = condition["field"].partition(":")
    return _(SENTENCES[kind]) % {"value": _value_said(kind, condition["value"], names), "field": key}


def _value_said(kind: str, value: Any, names: Names) -> str:
    if kind == "estimate":
        return about(value)
    if kind == "place":
        return ", ".join(value)
    if kind == "source":
        label = SOURCES[value]
        return _(label)
    return names[kind][value].name if kind in names else str(value)


async def tried(form: TrialForm) -> tuple[Decision | None, str, str]:
    """Who would get such a recommendation today: the decision, the name, the reason in words. No turn is taken."""
    rules = [access.rule_of(row) for row in await access.rule_rows()]
    referrer_id = await _referrer(form) if form.referrer else None
    around = await db.row(
        """SELECT (SELECT id FROM programme WHERE ref = $1) AS programme, (SELECT default_sales_id FROM programme WHERE ref = $1) AS fallback,
                  territory_of($2, 'FR') AS territory, (SELECT sales_user_id FROM referrer WHERE id = $3) AS contact""",
        form.programme, form.postcode, referrer_id,
    )  # fmt: skip
    assert around is not None
    facts = {
        "programme": around["programme"], "territory": around["territory"], "place": form.postcode or None,
        "referrer": referrer_id, "source": form.source, "estimate": form.estimate,
    }  # fmt: skip
    decision = decide(facts, rules, await access.house(rules), around["contact"], around["fallback"])
    if decision is None:
        return None, "", ""
    name = await db.value("SELECT name FROM app_user WHERE id = $1", decision.user)
    return (
        decision,
        name,
        _(SAID[decision.why]) % {"rule": decision.rule.name if decision.rule else "", "who": ""},
    )


async def defaults() -> list[db.Row]:
    """Each programme with who gets what no rule wants."""
    return await db.rows(
        """SELECT programme.ref, programme.name, app_user.ref AS user_ref FROM programme
           LEFT JOIN app_user ON app_user.id = programme.default_sales_id ORDER BY programme.starts_on DESC, programme.name"""
    )


async def set_default(programme_ref: str, user_id: int | None) -> None:
    """Who gets what no rule wants, where the referrer has no contact."""
    done = await db.execute(
        "UPDATE programme SET default_sales_id = $2, version = version + 1 WHERE ref = $1",
        programme_ref,
        user_id,
    )
    if not done:
        raise Refused("unknown_programme", UNKNOWN)


async def refill(rule: db.Row) -> dict[str, Any]:
    """What would be typed to make this rule."""
    names = await _names([rule])
    typed: dict[str, Any] = {
        "name": rule["name"], "choice": rule["choice"],
        "users": [names["user"][user].ref for user in rule["users"]],
    }  # fmt: skip
    for one in rule["conditions"]:
        kind, _colon, key = one["field"].partition(":")
        typed |= _typed(kind, key, one["value"], names)
    return typed


def _typed(kind: str, key: str, value: Any, names: Names) -> dict[str, Any]:
    match kind:
        case "field":
            return {"field": key, "value": value}
        case "place":
            return {"places": ", ".join(value)}
        case "estimate":
            return {"estimate": f"{value / 100:.2f}".replace(".", ",")}
        case _:
            return {kind: names[kind][value].ref if kind in names else value}
