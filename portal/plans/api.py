"""Trying a plan through the API: the same evaluator as everywhere, nothing is written."""

import asyncio
from typing import Any

import msgspec
from litestar import Request, Response

from portal.kit import api
from portal.kit.text import N_, _
from portal.people.rules import EVERYBODY
from portal.plans.reasons import refusal_sentence
from portal.plans.rules import Refused, simulate

PLAN_REFUSED = N_("Ce barème ou ces événements sont refusés.")


class Trial(msgspec.Struct, forbid_unknown_fields=True):
    plan: dict[str, Any]
    events: list[Any]


@api.post("/plans/simulate", allows=EVERYBODY, scope="plans:read")
async def simulate_plan(request: Request) -> Response[Any]:
    """What a plan pays for a list of events, with the steps of every computation."""
    trial = await api.read_json(request, Trial)
    try:
        answer = await asyncio.to_thread(simulate, trial.plan, trial.events)
    except Refused as refused:
        return api.problem_document(422, "plan_refused", _(PLAN_REFUSED), errors=_errors(refused))
    return Response(answer, status_code=200)


def _errors(refused: Refused) -> list[dict[str, Any]]:
    """Where, why as a code, and why in words."""
    return [
        {"place": refusal.place, "code": refusal.code, "sentence": refusal_sentence(refusal)}
        for refusal in refused.refusals
    ]
