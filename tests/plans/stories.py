"""Short words to tell a deal: a plan, its rules, and what happened."""

from portal.plans.rules import simulate


def percent(rate, key="taux", when=()):
    return {"key": key, "when": list(when), "pay": {"kind": "percent", "rate": rate}}


def flat(amount, per, key="prime", when=()):
    return {"key": key, "when": list(when), "pay": {"kind": "flat", "amount": amount, "per": per}}


def tiers(mode, period, *bands, measure="base", key="volume", when=()):
    pay = {"kind": "tiers", "mode": mode, "measure": measure, "period": period}
    return {
        "key": key,
        "when": list(when),
        "pay": {**pay, "bands": [{"from": f, "rate": r} for f, r in bands]},
    }


def asks(field, operator, value):
    return {"field": field, "is": operator, "value": value}


def plan(*rules, **changes):
    whole = {
        "name": "Barème",
        "unit": "EUR",
        "pays_on": "client_paid",
        "base": "net",
        "choose": "first",
        "rules": list(rules),
        "limits": {},
        "recurs_for_months": "always",
        "hold_days": 0,
        "clawback_days": None,
    }
    return {**whole, **changes}


def line(net, product="p", **facts):
    return {"product": product, "net": net, **facts}


def qualified(on="2026-01-05", deal="D1", referrer="R1", id=None):
    return {"id": id or f"l-{deal}", "type": "lead_qualified", "deal": deal, "on": on, "referrer": referrer}


def signed(*lines, on="2026-01-10", deal="D1", **facts):
    parties = {} if {"shares", "referrer"} & set(facts) else {"referrer": "R1"}
    story = {"id": f"s-{deal}", "type": "deal_signed", "deal": deal, "on": on, **parties, **facts}
    return {**story, "lines": list(lines)} if lines else story


def happened(type, id, on, deal="D1", **facts):
    return {"id": id, "type": type, "deal": deal, "on": on, **facts}


def paid(id, net, on="2026-04-01", **facts):
    return happened("client_paid", id, on, net=net, **facts)


def invoiced(id, net, on="2026-03-01", **facts):
    return happened("client_invoiced", id, on, net=net, **facts)


def refunded(id, net, on="2026-06-01", **facts):
    return happened("client_refunded", id, on, net=net, **facts)


def cancelled(id="x1", on="2026-07-01", **facts):
    return happened("deal_cancelled", id, on, **facts)


def amended(id, *lines, on="2026-05-01", **facts):
    return happened("deal_amended", id, on, lines=list(lines), **facts)


def totals(plan, *events):
    """Referrer → amount."""
    answer = simulate(plan, list(events))
    return {referrer: amounts[plan["unit"]] for referrer, amounts in answer["totals"].items()}


def earned(plan, *events):
    """Event → amounts in the order of the answer; what earned nothing is left out."""
    found = {}
    for earning in simulate(plan, list(events))["earnings"]:
        if float(earning["amount"]):
            found.setdefault(earning["event"], []).append(earning["amount"])
    return found
