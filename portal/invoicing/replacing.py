"""A wrong paper is put right: a corrective, or a credit note for all of it and the paper that should have been."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from portal.company import access as company
from portal.earnings.policy import policy
from portal.history.access import record, record_chained
from portal.invoicing import access, issuing, rectifying
from portal.invoicing.composing import compose, paper_from
from portal.invoicing.events import PaperIssued
from portal.invoicing.issuing import Desk, Refusal
from portal.invoicing.papers import Paper
from portal.invoicing.platform import access as platform
from portal.invoicing.proposals import Proposal, proposals
from portal.invoicing.rectifying import State
from portal.invoicing.replacing_rules import (
    REMEDY_LABELS,
    Remedy,
    corrected,
    corrective_of,
    differences,
    moved_on,
    remedy_of,
    taken_off,
)
from portal.invoicing.rules import BLOCKS, CONTESTED, RECTIFIED
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import current
from portal.kit.events import emit
from portal.kit.problems import Refused
from portal.kit.text import N_, _
from portal.ledger.posting import closed_until

RECTIFIABLE = ("self_billed", "receipt")
SPENT = N_("Il ne reste rien de cette pièce : elle a déjà été annulée.")
MOVING = N_("Cette pièce est en cours de virement : attendez qu'il soit arrivé ou revenu.")
SAME = REMEDY_LABELS[Remedy.NOTHING]
FAULTY = N_("La nouvelle pièce ne passerait pas le contrôle : %(rules)s.")


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be done with a paper, and how what would replace it reads."""

    remedy: Remedy
    now: Paper
    rights: tuple[Paper, ...]
    papers: tuple[Proposal, ...]  # in the order in which they are issued
    blocks: tuple[str, ...] = ()

    @property
    def differing(self) -> list[str]:
        return sorted({code for right in self.rights for code in differences(self.now, right)})


async def desk_of(entity_id: int, day: date) -> Desk:
    entity, figures = await company.legal_entity_by(entity_id), await company.figures()
    return Desk(entity, figures, day, (await policy()).sight)


async def plan(invoice_id: int, day: date) -> Plan | None:
    """None when nothing is left of the paper. By today's standings, parties and mentions; writes nothing."""
    credited = await access.credited(invoice_id)
    ids = credited["standing_ids"]
    if (
        credited["credited_kind"] not in RECTIFIABLE
        or not ids
        or credited["credited_net"] <= credited["before_net"]
    ):
        return None
    desk, ended = (
        await desk_of(credited["legal_entity_id"], day),
        await platform.has_ended(invoice_id),
    )
    rows = await access.rows_of(ids, day)
    right = [
        replace(one, replaces=corrected(credited))
        for one in proposals(
            moved_on([dict(row.items()) for row in rows]), desk.company["place"], desk.figures
        )
    ]
    return _planned(credited, rows, right, desk, ended=ended)


def _planned(
    credited: db.Row, rows: Sequence[db.Row], right: Sequence[Proposal], desk: Desk, *, ended: bool
) -> Plan:
    stands = paper_from(credited["corrected_paper"] or credited["credited_paper"])
    blocks = tuple(code for one in right for code in one.blocks)
    if blocks:
        return Plan(Remedy.REPLACE, stands, (), (), blocks)
    rights = tuple(compose(one, "", desk.day, desk.company, desk.figures, desk.sight) for one in right)
    debits = right[0].treatment is not None and right[0].treatment.on_debits
    remedy = remedy_of(
        stands, rights, credited=credited["before_net"] > 0, on_debits=(credited["credited_on_debits"], debits), ended=ended
    )  # fmt: skip
    papers = {
        Remedy.NOTHING: (),
        Remedy.CORRECTIVE: (corrective_of(right[0], credited),),
        Remedy.REPLACE: (taken_off(credited, rows), *right),
    }
    return Plan(remedy, stands, rights, papers[remedy])


async def rectify(invoice: db.Row, reason: str) -> list[int]:
    """Issue what the plan says, dated today; who contested the paper, and the list of wrong papers, have their answer."""
    await issuing.lock([invoice["referrer_id"]])
    planned = await plan(invoice["id"], today())
    credited = await access.credited(invoice["id"])
    await _check(planned, credited)
    assert planned is not None
    desk = await desk_of(invoice["legal_entity_id"], today())
    drafts = await issuing.drafted(planned.papers, desk)
    if isinstance(drafts, Refusal):
        raise Refused("faulty", FAULTY, rules=", ".join(drafts.rules))
    ids = await issuing.issued(drafts, desk)
    for invoice_id in ids:
        emit(PaperIssued(invoice_id=invoice_id))
    await _answer(invoice, reason)
    return ids


async def _check(planned: Plan | None, credited: db.Row) -> None:
    if planned is None:
        raise Refused("spent", SPENT)
    if planned.blocks:
        said = (BLOCKS[code] for code in planned.blocks)
        raise Refused(
            "blocked", N_("Pas encore possible : %(why)s."), why=", ".join(_(text) for text in said)
        )
    if planned.remedy is Remedy.NOTHING:
        raise Refused("same", SAME)
    if credited["credited_in_run"]:
        raise Refused("in_run", MOVING)
    if today() <= (await closed_until()).get(credited["legal_entity_id"], date.min):
        raise Refused("closed_month", N_("Une pièce ne peut pas être datée d'un mois clos."))


async def _answer(invoice: db.Row, reason: str) -> None:
    todo = await rectifying.open_todo(invoice["id"])
    if todo:
        await rectifying.settle(todo, State.RECTIFIED, reason)
    if (await access.invoice(invoice["id"]))["said"] == CONTESTED:
        await db.insert(
            "invoice_acceptance",
            invoice_id=invoice["id"], state=RECTIFIED, reason=reason, by_user=current().actor.user_id, at=now(),
        )  # fmt: skip
    await record("invoicing.rectified", "invoice", invoice["id"], reason=reason)
    await record_chained(f"invoice:{invoice['id']}", "invoicing.rectified", "invoice", invoice["id"])
