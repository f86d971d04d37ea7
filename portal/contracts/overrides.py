"""Proposing conditions of one contract, and deciding on them with a second pair of eyes."""

from datetime import date

from portal.contracts import actions
from portal.contracts.conditions import WHAT, Conditions, digest
from portal.contracts.events import ConditionsProposed
from portal.contracts.rules import ContractState
from portal.kit import db
from portal.kit.events import emit
from portal.kit.problems import Refused
from portal.kit.text import N_
from portal.people import approvals
from portal.people.rules import Person

NOTHING_CHANGED = N_("Ces conditions sont celles du barème : changez au moins un chiffre.")
NO_LONGER_DRAFTED = N_("Ce contrat n'attend plus d'approbation.")


async def approval_of(contract: db.Row) -> db.Row | None:
    """For parts/approval.html."""
    return await approvals.latest(WHAT, "contract", contract["id"])


async def propose(
    referrer_id: int, programme_id: int, plan_version_id: int, starts_on: date, conditions: Conditions
) -> db.Row:
    """Draft the contract with them; it is sent when a second person approves."""
    if not conditions:
        raise Refused("nothing_changed", NOTHING_CHANGED)
    contract = await actions.draft(
        referrer_id, programme_id, plan_version_id, starts_on=starts_on, conditions=conditions
    )
    await approvals.ask(WHAT, "contract", contract["id"], digest(contract))
    emit(ConditionsProposed(contract_id=contract["id"]))
    return contract


async def approve(contract: db.Row, person: Person) -> None:
    """Then it goes to the referrer at once."""
    await approvals.decide(await _waiting(contract), person, digest(contract))
    await actions.send(contract)


async def refuse(contract: db.Row, person: Person, reason: str) -> None:
    await approvals.refuse(await _waiting(contract), person, reason)


async def withdraw(contract: db.Row, person: Person) -> None:
    """The preparer takes the demand back, and the draft with it."""
    await approvals.withdraw(await _waiting(contract), person)
    await actions.move(contract, "withdraw")


async def _waiting(contract: db.Row) -> db.Row:
    """The demand that waits, of a contract that nobody has replaced meanwhile."""
    asked = await approval_of(contract)
    if asked is None or asked["state"] != "waiting" or contract["state"] != ContractState.DRAFTED:
        raise Refused("conditions_over", NO_LONGER_DRAFTED)
    return asked
