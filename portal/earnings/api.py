"""Commissions through the API: the list by pages, and each with its whole explanation in codes, numbers and sentences."""

from typing import Any

from litestar import Request

from portal.earnings import access, showing
from portal.earnings.policy import Sight
from portal.kit import api, db
from portal.kit.api import Cursor
from portal.people.rules import EVERYBODY, Person
from portal.plans.telling import Told

SCOPE = "earnings:read"
HIDDEN = {  # what a referrer is not shown of a step
    Sight.BASE: frozenset[str](),
    Sight.RATE: frozenset({"base"}),
}


@api.get("/earnings", allows=EVERYBODY, scope=SCOPE)
async def earnings(request: Request, person: Person) -> dict[str, Any]:
    """Commissions of the referrer, or all for staff, the oldest first. Amounts: `cents` before tax, or `points`."""
    cursor, sight = api.cursor_of(request), await access.sight_of(person)
    rows = await access.earnings_after(person, cursor.after, cursor.limit + 1)
    return _page(rows, cursor, sight)


def _page(rows: list[Any], cursor: Cursor, sight: Sight) -> dict[str, Any]:
    return api.cursor_page(rows, cursor, lambda row: _said(row, sight))


@api.get("/earnings/{ref:str}", allows=EVERYBODY, scope=SCOPE)
async def earning(person: Person, ref: str) -> dict[str, Any]:
    """One commission with all that explains it: contract and clause, plan version, rule, steps, limits, payments, papers."""
    shown = await showing.explanation(person, ref)
    row, (number, title) = shown.earning, shown.clause
    return {
        **_said(row, shown.sight),
        "contract": {"number": row["contract_number"], "clause": row["clause"], "article": number, "title": title},
        "plan": {"name": row["plan_name"], "version": row["plan_number"]},
        "rule": {"key": row["rule"], "sentence": shown.rule} if shown.rule else None,
        "steps": _steps(row["steps"], shown.sight),
        "explanation": [_told(one) for one in shown.told],
        "moments": [
            {"day": one.day.isoformat(), "sentence": one.title, "still_to_come": one.tone == "next"}
            for one in shown.moments
        ],
        "blocked_by": shown.blocks,
        "paper": shown.paper["invoice_number"] if shown.paper else None,
        "transfer": shown.transfer["run_number"] if shown.transfer else None,
        "tax_year": shown.tax_year,
        "later": [
            {"ref": one["ref"], "amount": one["amount"], "on": one["occurred_on"].isoformat()}
            for one in shown.after.earnings
        ],
        "reason": shown.adjusted["reason"] if shown.adjusted else None,
    }  # fmt: skip


def _said(row: db.Row, sight: Sight) -> dict[str, Any]:
    shows_base = sight is Sight.BASE and row["cause"] != "adjustment"
    return {
        "ref": row["ref"], "state": row["state"], "cause": row["cause"], "unit": row["unit"], "amount": row["amount"],
        "base_cents": row["base_cents"] if shows_base else None,
        "client": row["client_name"], "deal": row["deal_ref"], "referrer": row["referrer_number"],
        "occurred_on": row["occurred_on"].isoformat(), "due_on": row["confirmed_on"].isoformat(),
        "takes_back": row["original_ref"],
    }  # fmt: skip


def _steps(steps: list[dict[str, Any]], sight: Sight) -> list[dict[str, Any]]:
    """As the evaluator keeps them: base in cents, rates in hundredths of a percent, amounts in the unit of the plan."""
    if sight is Sight.AMOUNT:
        return []
    return [{name: value for name, value in step.items() if name not in HIDDEN[sight]} for step in steps]


def _told(one: Told) -> dict[str, Any]:
    return {"sentence": one.what, "because": one.why, "amount": one.cents}
