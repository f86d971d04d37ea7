"""An earning told from top to bottom: what the client paid, what the plan makes of it, limits, share, amount."""

from portal.earnings.policy import Sight
from portal.kit.db import Row
from portal.kit.text import N_, _, short_day
from portal.plans.rules.overrides import overridden
from portal.plans.rules.plan import parse_plan
from portal.plans.sentences import Names, rule_sentence
from portal.plans.telling import Facts, Told, step_told


def told(earning: Row, facts: Facts, payment: Row | None, sight: Sight) -> list[Told]:
    """As much of it as the reader is shown."""
    if sight is Sight.AMOUNT:
        return []
    steps = [step_told(step, facts) for step in earning["steps"]]
    reached = next((step.cents for step in reversed(steps) if step.subtotal), None)
    if reached is not None and reached != earning["amount"]:
        steps.append(
            Told(
                _("La part de cette règle"),
                _("Plusieurs règles du barème se partagent ce montant."),
                earning["amount"],
                subtotal=True,
            )
        )
    return [*([_paid(payment, facts)] if payment else []), *steps]


MOVED = {
    "payment": N_("Payé par le client le %(day)s"),
    "refund": N_("Remboursé au client le %(day)s"),
    "rejection": N_("Rejeté par la banque le %(day)s"),
    "correction": N_("Saisi par erreur le %(day)s"),
}


def _paid(payment: Row, facts: Facts) -> Told:
    said = _(MOVED[payment["kind"]])
    why = (
        _("HT, facture %(number)s") % {"number": payment["invoice_number"]}
        if payment["invoice_number"]
        else _("HT")
    )
    said %= {"day": short_day(payment["paid_on"])}
    if not facts.shows_base:
        return Told(said)
    return Told(said, why, payment["net_cents"], base=True)


def rule_of(earning: Row, names: Names) -> str:
    """The rule of the plan as signed, with the figures of this contract; a campaign has its own name; a correction is no
    rule's doing."""
    if earning["cause"] == "adjustment":
        return ""
    plan = parse_plan(
        overridden(earning["plan_body"], {**earning["plan_overrides"], "unit": earning["unit"]})
    )
    rule = next((rule for rule in plan.rules if rule.key == earning["rule"]), None)
    return (
        rule_sentence(rule, plan.unit, names)
        if rule
        else _("Campagne « %(name)s »") % {"name": earning["campaign_name"] or earning["rule"]}
    )
