"""An example in a few words (an amount, a product, instalments, a refund) and what a plan makes of it, step by step.

Shown beside the form as it is being typed; kept, it is guaranteed: every later version must answer the same."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import msgspec
from msgspec import Struct

from portal.kit.days import add_months
from portal.kit.money import Cents, allocate
from portal.kit.text import N_, _, money, ngettext, short_day
from portal.plans.rules import Earning, Refused
from portal.plans.rules.answer import cents_text
from portal.plans.rules.evaluate import evaluated
from portal.plans.telling import Facts as Spoken
from portal.plans.telling import Told, step_told

EARLIER, DEAL, REFERRER = "earlier", "deal", "referrer"
Events = list[dict[str, Any]]


class Facts(Struct, frozen=True, omit_defaults=True):
    """Amounts in cents HT. `earlier`: what other clients of the referrer paid the same year, before."""

    on: date
    net: Cents
    product: str = ""
    category: str = ""
    label: str = ""
    cost: Cents = 0
    quantity: int = 1
    is_new: bool = True
    tier: str = ""
    instalments: int = 1
    refund: Cents = 0
    earlier: Cents = 0


class Moment(Struct, frozen=True):
    """An event of the example that earns something, or a payment that earns nothing."""

    what: str
    on: date
    net: Cents | None
    amount: int
    due_on: date | None
    told: list[Told]


class Reckoning(Struct, frozen=True):
    unit: str
    total: int
    moments: list[Moment]


class Broken(Struct, frozen=True):
    """An example that a version answers otherwise; `got` is None when the plan refuses it."""

    ref: str
    unit: str
    expected: int
    got: int | None


def events_of(facts: Facts) -> Events:
    return [*_earlier(facts), *_deal(facts), *_money(facts)]


def _earlier(facts: Facts) -> Iterator[dict[str, Any]]:
    if facts.earlier:
        yield _signed(facts, EARLIER, facts.earlier)
        yield from _paid(EARLIER, "before", facts.on, facts.earlier)


def _deal(facts: Facts) -> Events:
    day = facts.on.isoformat()
    qualified = {"id": "qualified", "type": "lead_qualified", "deal": DEAL, "on": day, "referrer": REFERRER}
    return [qualified | _about(facts), _signed(facts, DEAL, facts.net)]


def _about(facts: Facts) -> dict[str, Any]:
    tier = {"referrers": {REFERRER: {"tier": facts.tier}}} if facts.tier else {}
    return {"customer": {"country": "FR", "is_new": facts.is_new}, "lead": {"source": "form"}, **tier}


def _signed(facts: Facts, deal: str, net: Cents) -> dict[str, Any]:
    known = {name: getattr(facts, name) for name in ("product", "category") if getattr(facts, name)}
    line = {"net": cents_text(net), "cost": cents_text(facts.cost), "quantity": str(facts.quantity), **known}
    day = facts.on.isoformat()
    return {
        "id": f"signed-{deal}", "type": "deal_signed", "deal": deal, "on": day, "referrer": REFERRER,
        "contracts": {REFERRER: day}, "lines": [line], **_about(facts),
    }  # fmt: skip


def _money(facts: Facts) -> Iterator[dict[str, Any]]:
    """A payment each month, and at last the refund."""
    for month, net in enumerate(allocate(facts.net, [1] * facts.instalments)):
        yield from _paid(DEAL, f"{month + 1}", add_months(facts.on, month), net)
    if facts.refund:
        day = add_months(facts.on, facts.instalments)
        yield _moved("client_refunded", "refund", DEAL, day, facts.refund)


def _paid(deal: str, name: str, day: date, net: Cents) -> Events:
    return [
        _moved("client_invoiced", f"invoiced-{name}", deal, day, net),
        _moved("client_paid", f"paid-{name}", deal, day, net),
    ]


def _moved(kind: str, name: str, deal: str, day: date, net: Cents) -> dict[str, Any]:
    return {"id": name, "type": kind, "deal": deal, "on": day.isoformat(), "net": cents_text(net)}


def reckoned(body: dict[str, Any], facts: Facts) -> Reckoning:
    """Raises Refused when the plan is impossible, or wants to know more than the example says."""
    events = events_of(facts)
    compiled, _state, earnings = evaluated(body, events)
    own = [earning for earning in earnings if earning.deal == DEAL]
    unit, days = compiled.plan.unit, {event["id"]: date.fromisoformat(event["on"]) for event in events}
    spoken = Spoken(unit, [facts.label], days)
    moments = [
        _moment(event, [one for one in own if one.event == event["id"]], spoken)
        for event in events
        if event["deal"] == DEAL
        and (
            event["type"] == compiled.plan.pays_on
            or any(one.event == event["id"] and one.amount for one in own)
        )
    ]
    return Reckoning(unit, sum(one.amount for one in own), moments)


WHATS = {
    "lead_qualified": N_("Recommandation qualifiée"),
    "deal_signed": N_("Affaire signée"),
    "client_invoiced": N_("Facture au client"),
    "client_paid": N_("Paiement du client"),
    "client_refunded": N_("Remboursement au client"),
}


def _moment(event: dict[str, Any], earned: Sequence[Earning], spoken: Spoken) -> Moment:
    steps = [msgspec.to_builtins(step) for earning in earned for step in earning.steps]
    net = event.get("net")
    return Moment(
        what=_(WHATS[event["type"]]),
        on=date.fromisoformat(event["on"]),
        net=int(net.replace(".", "")) if net else None,
        amount=sum(earning.amount for earning in earned),
        due_on=max((earning.due_on for earning in earned), default=None),
        told=[step_told(step, spoken) for step in steps],
    )


def broken_by(body: dict[str, Any], kept: Sequence[Any]) -> list[Broken]:
    """Of these examples (rows with .ref .facts .unit .expected) those that the plan answers otherwise."""
    answers = ((one, _answer(body, facts_from(one["facts"]))) for one in kept)
    return [
        Broken(one["ref"], one["unit"], one["expected"], got)
        for one, (unit, got) in answers
        if (unit, got) != (one["unit"], one["expected"])
    ]


def _answer(body: dict[str, Any], facts: Facts) -> tuple[str, int | None]:
    try:
        found = reckoned(body, facts)
    except Refused:
        return body["unit"], None
    return found.unit, found.total


def facts_from(data: dict[str, Any]) -> Facts:
    return msgspec.convert(data, Facts)


def facts_told(facts: Facts) -> str:
    """« 6 000 €, produit Audit, client nouveau, en 3 fois »."""
    parts = (
        _("%(amount)s HT") % {"amount": money(facts.net)},
        facts.label,
        _("coût %(amount)s") % {"amount": money(facts.cost)} if facts.cost else "",
        _("quantité %(n)s") % {"n": facts.quantity} if facts.quantity != 1 else "",
        _("client nouveau") if facts.is_new else _("client déjà connu"),
        _("palier %(tier)s") % {"tier": facts.tier} if facts.tier else "",
        ngettext("payé en %(n)s fois", "payé en %(n)s fois", facts.instalments) % {"n": facts.instalments},
        _("remboursé de %(amount)s") % {"amount": money(facts.refund)} if facts.refund else "",
        _("après %(amount)s la même année") % {"amount": money(facts.earlier)} if facts.earlier else "",
        _("signé le %(day)s") % {"day": short_day(facts.on)},
    )
    return ", ".join(part for part in parts if part)
