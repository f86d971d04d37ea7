"""The homes: what did I earn, what is coming, what should I do now; for staff, what waits for them."""

from collections.abc import Mapping
from typing import Any

from portal.company import access as company
from portal.earnings import access_claims
from portal.earnings.claim_rules import LABELS as CLAIM_LABELS
from portal.earnings.claim_rules import OUTCOME_TONES, OUTCOMES, REASONS, ClaimState, told_state
from portal.earnings.claim_rules import TONES as CLAIM_TONES
from portal.insights import forecast, of_admin, of_finance, of_referrer, of_sales
from portal.insights.labels import APPROVALS, BLOCKS, CARES, DECISIONS, RUNS, SERIES
from portal.insights.months import best_said
from portal.insights.rules import advice
from portal.kit.days import now, today
from portal.kit.text import _, day
from portal.kit.web import ANYONE, Answer, get, page, see
from portal.law.calendar import ageing, legal_days
from portal.law.labels import LABELS as FIGURE_LABELS
from portal.leads.rules import LABELS, TONES
from portal.leads.timeline import next_step
from portal.people.reach import reaches
from portal.people.rules import Person, Role, Seat


@get("/", allows=ANYONE)
async def home(person: Person | None) -> Answer:
    if person is None:
        return see("/connexion")
    if person.referrer_id is not None:
        return await _of_referrer(person, person.referrer_id)
    return await _of_staff(person)


async def _of_referrer(person: Person, referrer_id: int) -> Answer:
    found = await of_referrer.referrer_home(referrer_id)
    acts = person.seat is not Seat.ACCOUNTANT and not person.seeing
    return page(
        "accueil/referrer.html",
        home=found,
        year=today().year,
        todo=[_said(one) for one in advice(found.referrer)] if acts else [],
        sees_leads=reaches(person, "/recommandations"),
        best=best_said(found.months),
        claim=await access_claims.latest_of(referrer_id),
        claim_told=claim_told,
        next_step=next_step,
        tones=TONES,
        labels={code: _(label) for code, label in LABELS.items()},
    )


def claim_told(claim: Any) -> tuple[str, str]:
    """Where their latest request for review stands, as they are told it."""
    if claim["state"] == ClaimState.ANSWERED:
        return _(OUTCOMES[claim["outcome"]]), OUTCOME_TONES[claim["outcome"]]
    state = told_state(claim)
    return _(CLAIM_LABELS[state]), CLAIM_TONES[state]


def _said(one: Any) -> Mapping[str, str]:
    """An advice in words; its day as a day."""
    values = {key: day(value) if key == "day" else value for key, value in one.values.items()}
    return {
        "code": one.code, "title": _(one.title), "text": _(one.text) % values, "button": _(one.button), "href": one.href,
    }  # fmt: skip


async def _of_staff(person: Person) -> Answer:
    """A colleague with several roles: first what only they can decide, then who waits, then the money."""
    figures = await company.figures() if person.may(Role.FINANCE, Role.ADMIN) else None
    return page(
        "accueil/staff.html",
        now=now(),
        today=today(),
        admin=await of_admin.admin_home() if person.may(Role.ADMIN) else None,
        sales=await of_sales.sales_home(person.user_id) if person.may(Role.SALES) else None,
        finance=await of_finance.finance_home(person.user_id) if person.may(Role.FINANCE) else None,
        ageing=ageing(figures, today()) if figures else None,
        legal_days=legal_days(figures, today()) if figures else [],
        forecast=forecast,
        words=_words(),
    )


def _words() -> Mapping[str, Any]:
    """What the codes are called."""
    said = {
        "blocks": BLOCKS, "cares": CARES, "runs": RUNS, "figures": FIGURE_LABELS,
        "lines": forecast.LABELS, "why": forecast.WHY, "reasons": REASONS,
    }  # fmt: skip
    return {
        **{name: {code: _(label) for code, label in labels.items()} for name, labels in said.items()},
        "decisions": {code: (_(label), path) for code, (label, path) in (DECISIONS | APPROVALS).items()},
        "series": [_(label) for label in SERIES],
        "blocked": lambda codes: " · ".join(_(BLOCKS[code]) for code in codes),
    }
