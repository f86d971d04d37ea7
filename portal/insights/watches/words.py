"""What a watch says to a reader."""

from datetime import date
from typing import Any
from urllib.parse import quote

from portal.insights.watches.rules import STATES, WATCHES
from portal.kit.text import _, day, money, ngettext, points
from portal.referrers.vigilance.rules import Kind
from portal.referrers.vigilance.watch_rules import What
from portal.referrers.vigilance.watch_words import ADVICE, NAMES, value_said
from portal.referrers.vigilance.words import KINDS


def label_of(row: Any) -> str:
    if row["what"] in set(What):
        name = NAMES[What(row["what"])]
        return _(name)
    label = WATCHES[row["kind"]].label
    return _(label)


def named(row: Any) -> str:
    """Of a month, octobre 2026; of several figures, how many they are."""
    if row["kind"] == "figures":
        return ngettext("%(num)d chiffre", "%(num)d chiffres", row["value"]) % {"num": row["value"]}
    return day(date.fromisoformat(row["name"]), "LLLL yyyy") if row["kind"] == "month" else row["name"]


def detail_of(row: Any) -> str:
    """How far it is: an amount, what of it, the state of a figure."""
    if row["what"] in set(What):
        return value_said(row["what"], row["value"], row["ceiling"])
    match row["kind"]:
        case "figure" | "figures":
            state = STATES[row["what"]]
            return _(state)
        case "gift":
            return _("%(value)s sur %(ceiling)s") % {
                "value": money(row["value"]),
                "ceiling": money(row["ceiling"]),
            }
        case "points":
            return points(row["value"])
        case "paper":
            return money(row["value"])
        case "mandate":
            return _("avec le mandat de facturation") if row["what"] else ""
        case "document":
            kind = row["what"].removeprefix("kind:")
            return _(KINDS[Kind(kind)]) if kind in set(Kind) else ""
    return ""


def todo_of(row: Any) -> str:
    if row["what"] in set(What):
        advice = ADVICE[What(row["what"])]
        return _(advice)
    todo = WATCHES[row["kind"]].todo
    return _(todo)


def path_of(row: Any) -> str:
    return WATCHES[row["kind"]].path.format(ref=quote(row["ref"]))
