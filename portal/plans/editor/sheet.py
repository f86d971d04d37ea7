"""A plan as it is typed: text in the fields of a form, from the format of plans and back to it.

A sheet holds every field that the form can show, also those of the kinds that a rule is not of, so that nothing typed is
lost when somebody changes their mind. What cannot be read stays as it was typed: reading the plan refuses it, with its place."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from portal.kit.cells import parse_amount, parse_whole
from portal.kit.invalid import Invalid
from portal.plans.rules.answer import cents_text, number_text
from portal.plans.rules.language import LISTS, ORDERING, Kind, kind_of

Sheet = dict[str, Any]
TERMS = (
    "name",
    "unit",
    "pays_on",
    "base",
    "choose",
    "recurs",
    "months",
    "hold_days",
    "clawback",
    "clawback_days",
)
LIMITS = ("per_event", "per_deal", "per_calendar_year", "minimum")
RULE = ("key", "kind", "rate", "amount", "per", "mode", "measure", "period", "adds")
BLANK_RULE = {
    "key": "", "kind": "percent", "rate": "", "amount": "", "per": "deal", "mode": "marginal", "measure": "base",
    "period": "calendar_year", "adds": "product",
}  # fmt: skip
NAME = re.compile(r"[a-z_]+(?:\.\d{1,3}\.[a-z_]+)*|limits\.[a-z_]+", re.ASCII)
YES_NO = {"oui": True, "non": False}
MANY = {"=": "in", "!=": "not_in"}


# From the form


def sheet_of(typed: Mapping[str, Any]) -> Sheet:
    data = _nested(typed)
    return {
        **{name: _text(data.get(name)) for name in TERMS},
        "limits": {name: _text(_inner(data, "limits").get(name)) for name in LIMITS},
        "rules": [_rule(rule) for rule in _items(data, "rules")],
    }


def _rule(data: dict[str, Any]) -> Sheet:
    return {
        **{name: _text(data.get(name)) or BLANK_RULE[name] for name in RULE},
        "when": [_condition(one) for one in _items(data, "when")],
        "bands": [
            {name: _text(band.get(name)) for name in ("from", "rate")} for band in _items(data, "bands")
        ],
    }


def _condition(data: dict[str, Any]) -> Sheet:
    ticked = data.get("ticked", [])
    return {
        **{name: _text(data.get(name)) for name in ("field", "tag", "is", "value")},
        "ticked": [_text(one) for one in (ticked if isinstance(ticked, list) else [ticked])],
    }


def _nested(typed: Mapping[str, Any]) -> dict[str, Any]:
    """`rules.0.when.1.is` → {"rules": {0: {"when": {1: {"is": …}}}}}."""
    data: dict[str, Any] = {}
    for name, value in typed.items():
        if NAME.fullmatch(name):
            *way, last = name.split(".")
            place = data
            for step in way:
                place = found if isinstance(found := place.setdefault(step, {}), dict) else {}
            place[last] = value
    return data


def _items(data: dict[str, Any], name: str) -> list[dict[str, Any]]:
    numbered = [
        (key, one) for key, one in _inner(data, name).items() if key.isdecimal() and isinstance(one, dict)
    ]
    return [one for _, one in sorted(numbered, key=lambda found: int(found[0]))]


def _inner(data: dict[str, Any], name: str) -> dict[str, Any]:
    found = data.get(name)
    return found if isinstance(found, dict) else {}


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def flat(sheet: Any, place: str = "") -> dict[str, Any]:
    """The names and values of the form's fields."""
    if isinstance(sheet, dict):
        return {n: v for key, one in sheet.items() for n, v in flat(one, _at(place, key)).items()}
    if isinstance(sheet, list) and not place.endswith(".ticked"):
        return {n: v for i, one in enumerate(sheet) for n, v in flat(one, _at(place, i)).items()}
    return {place: sheet}


def _at(place: str, key: str | int) -> str:
    return f"{place}.{key}" if place else str(key)


# To the format of plans


def body_of(sheet: Sheet) -> dict[str, Any]:
    """In the format of plans; what it refuses is told by parse_plan."""
    return {
        **{name: sheet[name] for name in ("name", "unit", "pays_on", "base", "choose")},
        "rules": [_body_rule(rule, key) for rule, key in zip(sheet["rules"], keys_of(sheet), strict=True)],
        "limits": {name: _money(typed) if (typed := sheet["limits"][name]) else None for name in LIMITS},
        "recurs_for_months": RECURS[sheet["recurs"]](sheet) if sheet["recurs"] in RECURS else sheet["recurs"],
        "hold_days": _whole(sheet["hold_days"]),
        "clawback_days": CLAWBACKS[sheet["clawback"]](sheet) if sheet["clawback"] in CLAWBACKS else sheet["clawback"],
    }  # fmt: skip


def keys_of(sheet: Sheet) -> list[str]:
    """The names of the rules; one without gets the first free number."""
    named = [rule["key"] for rule in sheet["rules"]]
    free = (key for n in range(1, 2 * len(named) + 2) if (key := f"regle-{n}") not in named)
    return [name or next(free) for name in named]


RECURS: dict[str, Callable[[Sheet], Any]] = {
    "once": lambda sheet: None,
    "months": lambda sheet: _whole(sheet["months"]),
    "deal": lambda sheet: "deal",
    "always": lambda sheet: "always",
}
CLAWBACKS: dict[str, Callable[[Sheet], Any]] = {
    "never": lambda sheet: "never",
    "days": lambda sheet: _whole(sheet["clawback_days"]),
    "unlimited": lambda sheet: None,
}
PAYS: dict[str, Callable[[Sheet], dict[str, Any]]] = {
    "percent": lambda rule: {"rate": _figure(rule["rate"])},
    "flat": lambda rule: {"amount": _money(rule["amount"]), "per": rule["per"]},
    "tiers": lambda rule: {
        **{name: rule[name] for name in ("mode", "measure", "period")},
        "bands": [{name: _figure(band[name]) for name in ("from", "rate")} for band in rule["bands"]],
    },
}


def _body_rule(rule: Sheet, key: str) -> dict[str, Any]:
    pay = PAYS[rule["kind"]](rule) if rule["kind"] in PAYS else {}
    return {
        "key": key,
        "when": [_body_condition(one) for one in rule["when"]],
        "pay": {"kind": rule["kind"], **pay},
    }


def _body_condition(one: Sheet) -> dict[str, Any]:
    """Several values ticked under « est » mean « est parmi »."""
    field = f"customer.{one['tag']}" if one["field"] == "customer." else one["field"]
    values = [*one["ticked"], *_typed_values(one)]
    asked = str(one["is"])
    operator = MANY.get(asked, asked) if len(values) > 1 else asked
    read = _reader(kind_of(field), operator)
    value = [read(v) for v in values] if operator in LISTS else read(values[0] if values else "")
    return {"field": field, "is": operator, "value": value}


def _typed_values(one: Sheet) -> list[str]:
    """« ; » stands between several."""
    several = one["value"].split(";") if one["is"] in (*LISTS, *MANY) else [one["value"]]
    return [value.strip() for value in several if value.strip()]


def _reader(kind: Kind | None, operator: str) -> Callable[[str], Any]:
    if kind is Kind.NUMBER or (kind is Kind.TAG and operator in ORDERING):
        return _figure
    return _yes_no if kind in (Kind.FLAG, Kind.TAG) else str


def _yes_no(typed: str) -> Any:
    return YES_NO.get(typed.lower(), typed)


def _figure(typed: str) -> str:
    """12,5 % → 12.5."""
    return _read(typed.rstrip("% "), number_text)


def _money(typed: str) -> str:
    return _read(typed, cents_text)


def _read(typed: str, written: Callable[[int], str]) -> str:
    try:
        return written(parse_amount(typed))
    except Invalid:
        return typed.replace(",", ".")


def _whole(typed: str) -> Any:
    try:
        return parse_whole(typed)
    except Invalid:
        return typed


# From the format of plans


def sheet_from(body: dict[str, Any]) -> Sheet:
    recurs, clawback = body["recurs_for_months"], body["clawback_days"]
    limits = body.get("limits") or {}
    return {
        "name": body.get("name", ""),
        **{name: body[name] for name in ("unit", "pays_on", "base", "choose")},
        "recurs": "months" if isinstance(recurs, int) else recurs or "once",
        "months": str(recurs) if isinstance(recurs, int) else "12",
        "hold_days": str(body["hold_days"]),
        "clawback": "days" if isinstance(clawback, int) else clawback or "unlimited",
        "clawback_days": str(clawback) if isinstance(clawback, int) else "180",
        "limits": {name: _shown(limits.get(name) or "") for name in LIMITS},
        "rules": [_rule_from(rule) for rule in body["rules"]],
    }


def _rule_from(rule: dict[str, Any]) -> Sheet:
    pay = rule["pay"]
    figures = {name: _shown(pay[name]) for name in ("rate", "amount") if name in pay}
    words = {name: pay[name] for name in ("kind", "per", "mode", "measure", "period") if name in pay}
    return {
        **BLANK_RULE, **words, **figures,
        "key": rule["key"],
        "when": [_condition_from(one) for one in rule["when"]],
        "bands": [{name: _shown(str(band[name])) for name in ("from", "rate")} for band in pay.get("bands", ())],
    }  # fmt: skip


def _condition_from(one: dict[str, Any]) -> Sheet:
    field, kind = one["field"], kind_of(one["field"])
    values = [_said(value) for value in (one["value"] if isinstance(one["value"], list) else [one["value"]])]
    numbers = kind is Kind.NUMBER or (kind is Kind.TAG and one["is"] in ORDERING)
    ticks = kind in (Kind.TEXT, Kind.TAG) and one["is"] in (*LISTS, *MANY)
    return {
        "field": "customer." if kind is Kind.TAG else field,
        "tag": field.removeprefix("customer.") if kind is Kind.TAG else "",
        "is": one["is"],
        "ticked": values if ticks else [],
        "value": "" if ticks else " ; ".join(map(_shown, values) if numbers else values),
    }


def _said(value: Any) -> str:
    return next((word for word, flag in YES_NO.items() if flag is value), str(value))


def _shown(figure: str) -> str:
    """12000.5 → 12 000,5: as French people type it, and it is read back in every language."""
    whole, point, decimals = figure.partition(".")
    grouped = f"{int(whole):,}".replace(",", " ") if whole.isdecimal() else whole
    return f"{grouped},{decimals}" if point else grouped
