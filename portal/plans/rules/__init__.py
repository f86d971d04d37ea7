"""The plan language and its one evaluator: pure, without database or network.

compiled = compile_plan(plan)                    once per version
earnings = apply(compiled, state, event)         one event, the state moves on
answer = simulate(plan, events)                  JSON in, JSON out
"""

from portal.plans.rules.answer import answer, earning_data, step_data
from portal.plans.rules.campaigns import Campaign, parse_campaign
from portal.plans.rules.cases import Difference, run_cases
from portal.plans.rules.compiled import CompiledPlan, compile_plan
from portal.plans.rules.earning import Earning, Step
from portal.plans.rules.evaluate import apply, simulate
from portal.plans.rules.facts import Event, Line, parse_event, parse_events
from portal.plans.rules.language import Plan, Refusal, Refused, Rule
from portal.plans.rules.overrides import overridden
from portal.plans.rules.plan import parse_plan
from portal.plans.rules.state import State, from_data, to_data
from portal.plans.rules.warnings import warnings

__all__ = [
    "Campaign",
    "CompiledPlan",
    "Difference",
    "Earning",
    "Event",
    "Line",
    "Plan",
    "Refusal",
    "Refused",
    "Rule",
    "State",
    "Step",
    "answer",
    "apply",
    "compile_plan",
    "earning_data",
    "from_data",
    "overridden",
    "parse_campaign",
    "parse_event",
    "parse_events",
    "parse_plan",
    "run_cases",
    "simulate",
    "step_data",
    "to_data",
    "warnings",
]
