"""/programme: what a referrer's contract pays, the campaigns that add to it, what their contacts get."""

from typing import Any

from portal.contracts import access as contracts
from portal.kit import db
from portal.kit.days import today
from portal.kit.web import Answer, get, page
from portal.people.rules import Person, Role
from portal.plans import access
from portal.plans.programme import advantages, campaigns
from portal.plans.programme.campaign_sentences import campaign_sentence
from portal.plans.rules.compiled import compile_plan
from portal.plans.sentences import Names, rule_sentence


@get("/programme", allows={Role.REFERRER})
async def own(person: Person) -> Answer:
    signed = [
        row for row in await contracts.contracts_of(person.referrer_id or 0) if row["state"] == "in_force"
    ]
    running = await campaigns.running([row["programme_id"] for row in signed], today())
    names = await access.product_names()
    return page(
        "programmes/own.html", programmes=[await _of(contract, running, names) for contract in signed]
    )


async def _of(contract: db.Row, running: list[db.Row], names: Names) -> dict[str, Any]:
    """Rules as published; beside them what this contract says otherwise."""
    version = await access.version(contract["plan_version_id"])
    plan = compile_plan(version["body"]).plan
    return {
        "contract": contract,
        "rules": [rule_sentence(rule, plan.unit, names) for rule in plan.rules],
        "conditions": contract["filled"].get("contract.overrides", ()),
        "campaigns": [
            {
                "name": row["name"], "says": campaign_sentence(row["body"], plan.unit), "since": campaigns.first_day(row),
                "until": campaigns.last_day(row), "running": campaigns.first_day(row) <= today(),
            }
            for row in running if row["programme_id"] == contract["programme_id"]
        ],
        "advantage": advantages.told(await advantages.offered(contract["programme_id"])),
    }  # fmt: skip
