"""Contracts that draft themselves, so that whoever was invited comes to the signature without waiting."""

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import date

from portal.company.access import option
from portal.contracts import access, actions, mails
from portal.contracts.conditions import of_contract
from portal.contracts.events import ContractEnded
from portal.contracts.lifetime import amending
from portal.contracts.rules import ContractState
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import attempt
from portal.kit.problems import Refused
from portal.plans import access as plans
from portal.plans.programme import trials
from portal.referrers import actions as referrer_actions
from portal.referrers.events import ReferrerApplied, ReferrerChanged
from portal.referrers.joining import access as joining

SEND_BY_ITSELF = "contracts.send_by_itself"  # an option of the company, on unless it says otherwise


@dataclass(frozen=True, slots=True)
class Offer:
    """A programme that is open and one of its plans."""

    programme: db.Row
    plan: db.Row

    @property
    def key(self) -> str:
        return f"{self.programme['ref']}.{self.plan['ref']}"


async def offers(day: date, referrer_id: int) -> list[Offer]:
    """What a contract of this referrer that starts that day may be about. Of two plans on trial, the one they draw."""
    programmes = {programme["id"]: programme for programme in await plans.open_programmes(day)}
    versions = await plans.published_in(list(programmes), day)
    offered = trials.offered(versions, referrer_id)
    return [
        Offer(programme, plan)
        for programme in programmes.values()
        for plan in offered
        if plan["programme_id"] == programme["id"]
    ]


async def draft_offer(offer: Offer, referrer_id: int, starts_on: date | None = None) -> db.Row:
    """The contract of an offer; what was drawn for it is kept."""
    contract = await actions.draft(referrer_id, offer.programme["id"], offer.plan["id"], starts_on=starts_on)
    await trials.keep_draw(offer.programme["id"], referrer_id, offer.plan["id"])
    return contract


async def draft_for_applicants(events: list[ReferrerApplied]) -> None:
    """Sent at once when there is one programme with one plan; else whoever looks after the referrer chooses."""
    for referrer_id in {event.referrer_id for event in events}:
        choice = await _of_their_programme(referrer_id, await offers(today(), referrer_id))
        by_itself = len(choice) == 1 and await option(SEND_BY_ITSELF, True)
        if not (by_itself and await _sent(draft_offer(choice[0], referrer_id))):
            await mails.tell_to_draft(referrer_id)


async def _of_their_programme(referrer_id: int, choice: list[Offer]) -> list[Offer]:
    """Who came in for a programme is offered that one."""
    origin = await joining.origin_of(referrer_id)
    if origin is None or origin["programme_id"] is None:
        return choice
    return [offer for offer in choice if offer.programme["id"] == origin["programme_id"]]


async def draft_again(events: list[ReferrerChanged]) -> None:
    """What waits for a signature says who the referrer is: it is written anew when that changes."""
    for referrer_id in {event.referrer_id for event in events}:
        for contract in await access.contracts_of(referrer_id):
            if contract["state"] == ContractState.SENT:
                await _sent(_written_anew(contract))


def _written_anew(contract: db.Row) -> Awaitable[db.Row]:
    if contract["amends_id"]:
        return amending.draft_again(contract)
    return actions.draft(
        contract["referrer_id"], contract["programme_id"], contract["plan_version_id"],
        conditions=of_contract(contract),
    )  # fmt: skip


async def _sent(drafting: Awaitable[db.Row]) -> bool:
    """False when the company has still to complete something; the referrer's own deed goes on."""
    try:
        async with attempt():
            await actions.send(await drafting)
    except Refused:
        return False
    return True


async def close_who_has_no_other(events: list[ContractEnded]) -> None:
    """The last contract of a referrer is over: they keep their space, and recommend no more."""
    for event in events:
        contract = await access.contract(event.contract_id)
        if not await access.binds(contract["referrer_id"]):
            await referrer_actions.close(contract["referrer_id"])
