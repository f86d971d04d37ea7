"""What the buttons of the form do to a sheet: add, remove, move a rule, a condition, a band. Nothing typed is lost."""

from collections.abc import Callable
from typing import Any

from portal.plans.editor.sheet import BLANK_RULE, Sheet
from portal.plans.rules.language import OPERATORS, Kind, kind_of

Items = list[dict[str, Any]]
YES = "oui"


def edited(sheet: Sheet, act: str) -> tuple[Sheet, str]:
    """`act` as the button says it: `add:rules.0.when`, `up:rules.1`. The sheet, and the field to go on with;
    what does not fit the sheet changes nothing."""
    verb, _, path = act.partition(":")
    try:
        return sheet, ACTS[verb](sheet, path)
    except (KeyError, IndexError, ValueError, TypeError):
        return sheet, ""


def _list_of(sheet: Sheet, path: str) -> Items:
    found: Any = sheet
    for step in path.split("."):
        found = found[int(step)] if step.isdigit() else found[step]
    if not isinstance(found, list):
        raise ValueError(path)
    return found


def _item(sheet: Sheet, path: str) -> tuple[Items, int, str]:
    """The list, the position in it, and the path of the list."""
    way, _, last = path.rpartition(".")
    items, position = _list_of(sheet, way), int(last)
    if not 0 <= position < len(items):
        raise IndexError(path)
    return items, position, way


def _add(sheet: Sheet, path: str) -> str:
    items = _list_of(sheet, path)
    owner, _, name = path.rpartition(".")
    item, first = BLANKS[name](sheet, owner)
    items.append(item)
    return f"{path}.{len(items) - 1}.{first}"


def _remove(sheet: Sheet, path: str) -> str:
    items, position, way = _item(sheet, path)
    del items[position]
    return f"{way}.{min(position, len(items) - 1)}" if items else way


def _moved(by: int) -> Callable[[Sheet, str], str]:
    def move(sheet: Sheet, path: str) -> str:
        items, position, way = _item(sheet, path)
        target = min(max(0, position + by), len(items) - 1)
        items.insert(target, items.pop(position))
        return f"{way}.{target}"

    return move


def _blank_rule(sheet: Sheet, owner: str) -> tuple[Sheet, str]:
    return {**BLANK_RULE, "when": [], "bands": [{"from": "0", "rate": ""}]}, "rate"


def _blank_condition(sheet: Sheet, owner: str) -> tuple[Sheet, str]:
    """On the renseignement that stands chosen beside the button."""
    rules, position, _ = _item(sheet, owner)
    field = rules[position]["adds"]
    kind = kind_of(field) or Kind.TAG
    return {
        "field": field, "tag": "", "is": FIRST_OPERATOR.get(kind, OPERATORS[kind][0]), "ticked": [],
        "value": YES if kind is Kind.FLAG else "",
    }, "is"  # fmt: skip


def _blank_band(sheet: Sheet, owner: str) -> tuple[Sheet, str]:
    return {"from": "", "rate": ""}, "from"


FIRST_OPERATOR = {Kind.TEXT: "in", Kind.NUMBER: ">="}
BLANKS: dict[str, Callable[[Sheet, str], tuple[Sheet, str]]] = {
    "rules": _blank_rule,
    "when": _blank_condition,
    "bands": _blank_band,
}
ACTS: dict[str, Callable[[Sheet, str], str]] = {
    "add": _add,
    "remove": _remove,
    "up": _moved(-1),
    "down": _moved(1),
    "look": lambda sheet, path: "",
}
