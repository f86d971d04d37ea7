"""Amendments: a contract of its own beside the one that it changes, whose place it takes on a day that leaves the notice."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from portal.contracts import access, actions
from portal.contracts.conditions import WHAT, Conditions, are_approved, digest, of_contract
from portal.contracts.drafting import Draft, values_of
from portal.contracts.events import ConditionsProposed
from portal.contracts.lifetime.changes import Version, changes, example
from portal.contracts.lifetime.rules import Terms, after_notice
from portal.contracts.rules import ContractState
from portal.contracts.wording.texts import AMENDMENT
from portal.kit import db
from portal.kit.days import today
from portal.kit.events import emit
from portal.kit.fill import Value
from portal.kit.problems import Refused
from portal.kit.text import N_, day, money, speaking
from portal.people import approvals
from portal.plans import access as plans
from portal.referrers import access as referrers

NOT_IN_FORCE = N_("Seul un contrat en vigueur peut être modifié.")
ENDS = N_("Ce contrat prend fin le %(day)s : il ne peut plus être modifié.")
SIGNED_ALREADY = N_("L'avenant %(number)s est déjà signé : attendez qu'il s'applique.")
NOTHING = N_("Rien ne change : choisissez un autre barème, d'autres conditions ou un texte plus récent.")
PAST = N_("Choisissez un jour à venir.")
LATER = N_("Cette version du barème ne s'applique qu'à partir du %(day)s.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """`priority_months` None: as it is. `sooner`: before the notice is over, because both agree."""

    plan_version_id: int
    effective_on: date
    reason: str
    conditions: Conditions = field(default_factory=Conditions)
    priority_months: int | None = None
    newest_text: bool = False
    sooner: bool = False


async def propose(former: db.Row, proposal: Proposal, sent_with: db.Row | None = None) -> db.Row:
    """Written and sent; figures of its own wait for a second person first. `sent_with`: the round it belongs to."""
    amendment = await draft(former, proposal)
    if of_contract(amendment) and not await are_approved(amendment):
        await approvals.ask(WHAT, "contract", amendment["id"], digest(amendment))
        emit(ConditionsProposed(contract_id=amendment["id"]))
        return amendment
    return await actions.send(amendment)


async def draft(former: db.Row, proposal: Proposal) -> db.Row:
    """The amendment, joined with the whole contract as it will read. What was sent before is withdrawn."""
    await _make_room(former)
    await check_day(Terms.of(former["filled"]).notice_days, proposal)
    original = await access.contract(former["original_id"] or former["id"])
    rank = await _next_rank(original["id"])
    made, texts = await _filling(former, proposal, f"{original['number']}-A{rank}")
    before, after = await version_of(former), _version(made, texts)
    values = {
        **values_of(made), **_line_of(original), **_amendment(original, rank, proposal), **await _compared(before, after)
    }  # fmt: skip
    return await actions.write(
        made, texts, actions.filled_parts(texts, values), values,
        referrer_id=former["referrer_id"], amends_id=former["id"], original_id=original["id"], rank=rank, reason=proposal.reason,
    )  # fmt: skip


async def draft_again(amendment: db.Row) -> db.Row:
    """The same proposal for who has changed meanwhile."""
    former = await access.contract(amendment["amends_id"])
    return await draft(former, proposal_of(amendment, former))


def proposal_of(amendment: db.Row, former: db.Row) -> Proposal:
    """`priority_months`: only where it was changed without being a condition of its own."""
    moved = amendment["priority_months"] != former["priority_months"]
    own = amendment["own_priority_months"]
    return Proposal(
        plan_version_id=amendment["plan_version_id"], effective_on=max(amendment["starts_no_sooner"], today()),
        reason=amendment["reason"], conditions=of_contract(amendment),
        priority_months=amendment["priority_months"] if moved and own is None else None,
        newest_text=amendment["joined_texts"] != signed_texts(former), sooner=True,
    )  # fmt: skip


def signed_texts(contract: db.Row) -> list[int]:
    """The texts of the contract itself, whichever amendment carries them."""
    return (
        contract["joined_texts"]
        if contract["amends_id"]
        else [contract["text_id"], *contract["joined_texts"]]
    )


async def _make_room(former: db.Row) -> None:
    await actions.lock(former["referrer_id"])
    stands = await access.contract(former["id"])
    if stands["state"] != ContractState.IN_FORCE:
        raise Refused("not_in_force", NOT_IN_FORCE)
    if stands["ends_on"]:
        raise Refused("ends", ENDS, day=day(stands["ends_on"]))
    for earlier in await access.to_come(former["id"]):
        if earlier["state"] not in (ContractState.DRAFTED, ContractState.SENT):
            raise Refused("amended_already", SIGNED_ALREADY, number=earlier["number"])
        await actions.move(earlier, "withdraw")


async def check_day(notice_days: int, proposal: Proposal) -> None:
    """After the notice, unless both agree on less; never before the version itself applies."""
    if proposal.effective_on < today():
        raise Refused("too_soon", PAST)
    after_notice(today(), 0 if proposal.sooner else notice_days, proposal.effective_on)
    version = await plans.version(proposal.plan_version_id)
    if version["effective_from"] and version["effective_from"] > proposal.effective_on:
        raise Refused("too_soon", LATER, day=day(version["effective_from"]))


async def _filling(former: db.Row, proposal: Proposal, number: str) -> tuple[Draft, list[db.Row]]:
    """The texts as signed go on, unless younger ones are wanted or the referrer's status asks for others."""
    made, youngest = await actions.filling(
        await referrers.referrer(former["referrer_id"]), await plans.programme(former["programme_id"]),
        await plans.version(proposal.plan_version_id), proposal.effective_on, number=number,
        conditions=proposal.conditions.chosen(of_contract(former).in_points),
        priority_kept=proposal.priority_months or former["priority_months"],
    )  # fmt: skip
    signed = [text for text in await access.texts_of(former) if text["key"] != AMENDMENT]
    as_signed = not proposal.newest_text and [one["key"] for one in signed] == [
        one["key"] for one in youngest
    ]
    [amendment] = await access.texts_in_force([AMENDMENT], today())
    return made, [amendment, *(signed if as_signed else youngest)]


async def _next_rank(original_id: int) -> int:
    """What was refused keeps its own."""
    return await db.value(
        "SELECT coalesce(max(rank), 0) + 1 FROM contract WHERE original_id = $1", original_id
    )


def _version(made: Draft, texts: list[db.Row]) -> Version:
    return Version(
        made.plan["plan_name"], made.plan["number"], made.plan["body"], made.conditions, made.priority_months,
        [text["version"] for text in texts if text["key"] != AMENDMENT],
    )  # fmt: skip


async def _compared(before: Version, after: Version) -> dict[str, Value]:
    """What the text prints, and beside it the same as a table with an example, for the page that is signed from."""
    names = await plans.product_names()
    with speaking("fr"):
        differs = changes(before, after, names)
        if not differs:
            raise Refused("nothing_changed", NOTHING)
        shown = example(before, after, today(), names)
        sale = money(shown.net_cents)
        return {
            "amendment.changes": tuple(change.said for change in differs),
            "amendment.labels": tuple(change.label for change in differs),
            "amendment.before": tuple(change.before for change in differs),
            "amendment.after": tuple(change.after for change in differs),
            "amendment.example": (
                f"{sale} ({shown.product})" if shown.product else sale,
                shown.before,
                shown.after,
            ),
        }


async def version_of(contract: db.Row) -> Version:
    plan = await plans.version(contract["plan_version_id"])
    texts = await access.texts_of(contract)
    return Version(
        plan["plan_name"], plan["number"], plan["body"], of_contract(contract), contract["priority_months"],
        [text["version"] for text in texts if text["key"] != AMENDMENT],
    )  # fmt: skip


def _line_of(original: db.Row) -> dict[str, Value]:
    """The contract as it will read began on its first day: an amendment does not begin its term anew."""
    with speaking("fr"):
        return {"contract.starts_on": day(original["starts_on"])}


def _amendment(original: db.Row, rank: int, proposal: Proposal) -> Mapping[str, Value]:
    with speaking("fr"):
        return {
            "amendment.of_number": original["number"],
            "amendment.of_date": day(original["starts_on"]),
            "amendment.rank": str(rank),
            "amendment.effective_on": day(proposal.effective_on),
            "amendment.notice_days": str((proposal.effective_on - today()).days),
            "amendment.reason": proposal.reason,
        }


async def sides_of(amendment: db.Row) -> tuple[Version, Version]:
    """Before and after."""
    return await version_of(await access.contract(amendment["amends_id"])), await version_of(amendment)
