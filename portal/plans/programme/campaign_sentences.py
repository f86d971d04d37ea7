"""A campaign as one sentence, for the mail that announces it, the referrer's pages and the explanation."""

from typing import Any

from portal.kit.text import _
from portal.plans.rules.campaigns import ONCE, parse_campaign
from portal.plans.rules.language import Condition
from portal.plans.rules.plan import parse_condition
from portal.plans.sentences import amount, condition_sentence, number


def campaign_sentence(body: dict[str, Any], unit: str = "EUR") -> str:
    """« vos commissions sont multipliées par 1,5 si le produit est parmi audit »."""
    gift = _gift(body, unit)
    if not body["for"]:
        return gift
    return _("%(gift)s si %(conditions)s") % {
        "gift": gift,
        "conditions": _(" et ").join(condition_sentence(condition) for condition in conditions_of(body)),
    }


def conditions_of(body: dict[str, Any]) -> list[Condition]:
    return [parse_condition(condition, f"for[{i}]") for i, condition in enumerate(body["for"])]


def _gift(body: dict[str, Any], unit: str) -> str:
    campaign = parse_campaign(body)
    if campaign.multiplies != ONCE:
        return _("vos commissions sont multipliées par %(times)s") % {"times": number(campaign.multiplies)}
    return _("%(amount)s de plus à chaque commission") % {"amount": amount(campaign.adds, unit)}
