"""What is done with papers: proposed, issued, accepted or contested."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from portal.company import access as company
from portal.earnings.policy import policy
from portal.history.access import record, record_chained
from portal.invoicing import access, issuing
from portal.invoicing.events import PaperContested, PaperIssued
from portal.invoicing.issuing import Desk, Draft, Refusal
from portal.invoicing.platform import effects
from portal.invoicing.proposals import Held, Proposal, proposals
from portal.invoicing.rules import OWN_BLOCKS, acceptance, check_answer, contest_days
from portal.jobs.queue import enqueue
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import current
from portal.kit.events import emit
from portal.kit.problems import Refused
from portal.kit.text import N_
from portal.law import Figures
from portal.ledger.posting import closed_until
from portal.referrers.vigilance import access as documents
from portal.referrers.vigilance.access import Dossier
from portal.referrers.vigilance.lines import blocks_of, complete_since
from portal.referrers.vigilance.policy import Mode

AT_ONCE = 25  # referrers issued while somebody waits; more become jobs of as many


@dataclass(frozen=True, slots=True)
class Issued:
    invoice_ids: list[int]
    refusals: list[Refusal]


async def dry_run(entity_id: int, day: date, referrer_ids: Sequence[int] | None = None) -> list[Proposal]:
    """What would be issued that day: for each referrer the papers, or why there is none. Writes nothing."""
    return await proposed(await company.legal_entity_by(entity_id), day, referrer_ids)


async def proposed(
    entity: db.Row, day: date, referrer_ids: Sequence[int] | None = None, figures: Figures | None = None
) -> list[Proposal]:
    """The same, for who has the company at hand, and perhaps the figures."""
    rows = await access.payable_rows(entity["id"], day, referrer_ids)
    figures = figures or await company.figures()
    held = await held_of([row["referrer_id"] for row in rows], day, figures)
    found = proposals(rows, entity["place"], figures, held)
    who = [proposal.referrer["referrer_id"] for proposal in found]
    refused = await access.refusals(who)
    return [_with_received(_with_refusal(proposal, refused)) for proposal in found]


async def held_of(referrer_ids: Sequence[int], day: date, figures: Figures) -> dict[int, Held]:
    """What their documents say that day. One query, however many."""
    found = await documents.dossiers(sorted(set(referrer_ids)), day, figures)
    return {referrer_id: _held(one) for referrer_id, one in found.items()}


def _held(dossier: Dossier) -> Held:
    codes = tuple(blocks_of(dossier.lines))
    blocks = dossier.policy.mode is Mode.BLOCK
    return Held(
        codes if blocks else (), () if blocks else codes, complete_since(dossier.lines), dossier.room_cents
    )


def _with_refusal(proposal: Proposal, refused: dict[int, str]) -> Proposal:
    rules = refused.get(proposal.referrer["referrer_id"])
    return proposal.but("refused", detail=rules) if rules and proposal.ready else proposal


def _with_received(proposal: Proposal) -> Proposal:
    """Their own invoice is no longer awaited once it came in."""
    came = OWN_BLOCKS & set(proposal.blocks) and any(row["own_received"] for row in proposal.rows)
    others = tuple(code for code in proposal.blocks if code not in OWN_BLOCKS)
    return replace(proposal, blocks=("own_received", *others)) if came else proposal


async def issue(
    entity_id: int,
    referrer_ids: Sequence[int] | None = None,
    day: date | None = None,
    until: date | None = None,
) -> Issued:
    """Issue all that is ready, of these referrers or of all, dated this day. A referrer of whom one paper is faulty
    gets none, and is reported; one refused before is tried again. `until`: nothing that was confirmed after it."""
    day = day or today()
    if referrer_ids is None:
        referrer_ids = [
            proposal.referrer["referrer_id"] for proposal in await dry_run(entity_id, until or day)
        ]
    return await _issue(entity_id, referrer_ids, day, until=until)


async def issue_credit_notes(entity_id: int, referrer_ids: Sequence[int], day: date | None = None) -> Issued:
    """Only what is taken back from invoices, each at the VAT of its invoice; nothing new is invoiced."""
    return await _issue(entity_id, referrer_ids, day or today(), credits_only=True)


async def _issue(
    entity_id: int,
    referrer_ids: Sequence[int],
    day: date,
    *,
    until: date | None = None,
    credits_only: bool = False,
) -> Issued:
    if day > today():
        raise Refused("future_day", N_("Une pièce ne peut pas être datée d'un jour à venir."))
    if day <= (await closed_until()).get(entity_id, date.min):
        raise Refused("closed_month", N_("Une pièce ne peut pas être datée d'un mois clos."))
    await issuing.lock(sorted(set(referrer_ids)))
    entity, figures = await company.legal_entity_by(entity_id), await company.figures()
    desk = Desk(entity, figures, day, (await policy()).sight)
    drafts, refusals = await _drafts(desk, referrer_ids, until or day, credits_only)
    ids = await issuing.issued(drafts, desk)
    for refusal in refusals:
        await record("invoicing.refused", "referrer", refusal.referrer_id, rules=list(refusal.rules))
    for invoice_id in ids:
        emit(PaperIssued(invoice_id=invoice_id))
    return Issued(ids, refusals)


async def _drafts(
    desk: Desk, referrer_ids: Sequence[int], until: date, credits_only: bool
) -> tuple[list[Draft], list[Refusal]]:
    """Under the lock: what another deed has issued meanwhile is no longer payable."""
    rows = await access.payable_rows(desk.company["id"], until, referrer_ids)
    by_referrer: dict[int, list[Proposal]] = defaultdict(list)
    held = await held_of(referrer_ids, desk.day, desk.figures)
    for proposal in proposals(rows, desk.company["place"], desk.figures, held):
        if proposal.ready and (proposal.credits or not credits_only):
            by_referrer[proposal.referrer["referrer_id"]].append(proposal)
    drafts: list[Draft] = []
    refusals: list[Refusal] = []
    for ready in by_referrer.values():
        made = await issuing.drafted(ready, desk)
        if isinstance(made, Refusal):
            refusals.append(made)
        else:
            drafts += made
    return drafts, refusals


async def order(
    entity_id: int, referrer_ids: Sequence[int], day: date, until: date | None = None
) -> Issued | None:
    """A few are issued at once; many become jobs, each with its part of the list (None)."""
    if len(referrer_ids) <= AT_ONCE:
        return await issue(entity_id, referrer_ids, day, until)
    for start in range(0, len(referrer_ids), AT_ONCE):
        part = list(referrer_ids[start : start + AT_ONCE])
        await enqueue(
            "invoicing.issue", entity_id=entity_id, referrer_ids=part, day=day.isoformat(),
            user_id=current().actor.user_id, until=until and until.isoformat(),
        )  # fmt: skip
    return None


async def allow_tacit(referrer_id: int) -> None:
    """A few invoices a year are drawn up without a written mandate; the referrer accepts each one expressly."""
    made = await db.execute(
        "INSERT INTO tacit_mandate (referrer_id, by_user, at) VALUES ($1, $2, $3) ON CONFLICT (referrer_id) DO NOTHING",
        referrer_id, current().actor.user_id, now(),
    )  # fmt: skip
    if made:
        await record("invoicing.tacit", "referrer", referrer_id)


# What the referrer says


async def answer(invoice: db.Row, what: str, reason: str = "") -> None:
    """`what`: accept or contest. Raises Refused."""
    await issuing.lock([invoice["referrer_id"]])
    fresh = await access.invoice(invoice["id"])
    state = check_answer(what, acceptance_of(fresh))
    await effects.refuse_if_dead(invoice["id"])
    await db.insert(
        "invoice_acceptance",
        invoice_id=invoice["id"], state=state, reason=reason, by_user=current().actor.user_id, at=now(),
    )  # fmt: skip
    await record_chained(f"invoice:{invoice['id']}", f"invoicing.{state}", "invoice", invoice["id"])
    if what == "contest":
        emit(PaperContested(invoice_id=invoice["id"]))


def acceptance_of(invoice: db.Row) -> str:
    return acceptance(
        invoice["said"], invoice["issued_on"], contest_days(invoice["filled"]), today(), invoice["mandate"]
    )
