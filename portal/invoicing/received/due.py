"""What a referrer without a mandate may invoice now, what that invoice has to say, and which part of it one pays for."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from portal.company import access as company
from portal.earnings.policy import Sight, policy
from portal.invoicing import access
from portal.invoicing.actions import held_of
from portal.invoicing.composing import buyer, compose
from portal.invoicing.papers import Kind, Paper, Party
from portal.invoicing.proposals import Proposal, proposals, standing_of
from portal.invoicing.received.comparing import Ours
from portal.invoicing.received.mentions import Mention, mentions_of
from portal.invoicing.received.told import Party as Compared
from portal.invoicing.received.told import Told
from portal.invoicing.rules import OWN_BLOCKS
from portal.kit.days import today
from portal.kit.keyring import ring
from portal.kit.rows import Row
from portal.law import Figures
from portal.referrers import access as referrers
from portal.referrers.actions import IBAN
from portal.referrers.rules import Status


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What is asked of the base once, for one referrer."""

    entity: Row
    figures: Figures
    due: tuple[Proposal, ...]  # every paper that they have to send themselves
    mandated: bool  # something is due, and it is for us to draw it up
    sight: Sight


@dataclass(frozen=True, kw_only=True)
class Expected:
    """One invoice or credit note that they have to send, as it would be."""

    proposal: Proposal
    paper: Paper
    mentions: tuple[Mention, ...]

    @property
    def blocks(self) -> tuple[str, ...]:
        """What stands against it besides that it has to come."""
        return tuple(code for code in self.proposal.blocks if code not in OWN_BLOCKS)


async def desk_of(referrer_id: int) -> Desk:
    entity = await company.legal_entity()
    assert entity is not None
    figures = await company.figures()
    rows = await access.payable_rows(entity["id"], today(), [referrer_id])
    due = await _own(rows, entity, figures)
    sight = (await policy()).sight
    return Desk(entity=entity, figures=figures, due=due, mandated=bool(rows) and not due, sight=sight)


async def account_of(referrer_id: int) -> str:
    """The IBAN that is paid now; none while a change waits."""
    bank = await referrers.usable_bank_detail(referrer_id)
    return ring().open(bank["iban_sealed"], IBAN) if bank else ""


async def _own(rows: Sequence[Row], entity: Row, figures: Figures) -> tuple[Proposal, ...]:
    held = await held_of([row["referrer_id"] for row in rows], today(), figures)
    found = proposals(rows, entity["place"], figures, held)
    return tuple(one for one in found if OWN_BLOCKS & set(one.blocks))


def picked_of(proposal: Proposal, desk: Desk, earning_ids: Collection[int]) -> Proposal | None:
    """Only these commissions of it; the whole of it when none is named."""
    if not earning_ids or proposal.credits:
        return proposal
    rows = [row for row in proposal.rows if row["id"] in earning_ids]
    held = {rows[0]["referrer_id"]: proposal.held} if rows else {}
    return next(iter(proposals(rows, desk.entity["place"], desk.figures, held)), None)


def expected(proposal: Proposal, desk: Desk) -> Expected:
    """As it would be if it were dated today."""
    paper = paper_of(proposal, desk, "", today())
    standing = standing_of(proposal.referrer)
    alone = standing is not None and standing.status is Status.MICRO
    return Expected(
        proposal=proposal, paper=paper, mentions=() if proposal.credits else mentions_of(paper, sole_trader=alone)
    )  # fmt: skip


def paper_of(proposal: Proposal, desk: Desk, number: str, issued_on: date) -> Paper:
    """The invoice or credit note of the referrer: what we would have drawn up, under its own type."""
    assert proposal.treatment is not None
    own = replace(proposal, treatment=replace(proposal.treatment, kind=kind_of(proposal)))
    made = compose(own, number, issued_on, desk.entity, desk.figures, desk.sight)
    return replace(made, kind=kind_of(proposal))


def kind_of(proposal: Proposal) -> Kind:
    return Kind.CREDIT_NOTE if proposal.credits else Kind.INVOICE


def meant(told: Told, desk: Desk, earning_ids: Collection[int]) -> Proposal | None:
    """Which of the papers awaited this one is: the credit note for the invoice that it names; the invoice with its net,
    else the largest."""
    found = [
        part
        for one in desk.due
        if bool(one.credits) == told.is_credit
        and (part := picked_of(one, desk, earning_ids))
        and part.treatment
    ]
    named = [one for one in found if one.credits and one.credits["credited_number"] == told.credits]
    exact = [one for one in found if abs(one.net_cents) == told.net_cents]
    return next(iter(named or exact or sorted(found, key=lambda one: -abs(one.net_cents))), None)


def ours(
    proposal: Proposal | None,
    told: Told,
    desk: Desk,
    *,
    iban: str = "",
    used: Collection[tuple[str, int]] = (),
    waiting: Collection[str] = (),
    broken: tuple[str, ...] = (),
) -> Ours:
    """Our side of the comparison."""
    us = buyer(desk.entity)
    bare = Ours(
        today=today(), buyer=_party(us), iban=iban, mandated=desk.mandated, used=used, waiting=waiting, broken=broken
    )  # fmt: skip
    if proposal is None:
        return bare
    assert proposal.treatment is not None
    wanted = expected(proposal, desk)
    dated = paper_of(proposal, desk, told.number, told.issued_on or today())
    whole = next((one for one in desk.due if proposal.rows[0] in one.rows), proposal)
    return replace(
        bare, seller=_party(wanted.paper.seller), net_cents=abs(proposal.net_cents), all_cents=abs(whole.net_cents),
        vat_cents=abs(proposal.vat_cents), rate=proposal.treatment.rate, due_on=dated.due_on,
        earned_on=max(row["due_on"] for row in proposal.rows), blocks=wanted.blocks, mentions=wanted.mentions,
        credited=proposal.credits["credited_number"] if proposal.credits else "",
    )  # fmt: skip


def _party(party: Party) -> Compared:
    return Compared(name=party.name, siren=party.siren, vat_number=party.vat_number, country=party.country)
