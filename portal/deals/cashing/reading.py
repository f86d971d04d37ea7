"""Bringing in what a statement tells: some rows a deed, harmless twice."""

from dataclasses import dataclass, field

from portal.deals.cashing import access, actions
from portal.deals.cashing.statements import Money, Statement
from portal.kit.deed import Actor, deed
from portal.kit.problems import Refused
from portal.kit.text import N_

AT_ONCE, MOST = 100, 1_000
TOO_MANY = N_("Ce relevé compte %(count)s encaissements : envoyez-en %(most)s au plus, mois par mois.")


@dataclass(slots=True)
class Taken:
    """What became of the rows: new in the queue, attached by themselves, there already, refused (line, sentence)."""

    waiting: int = 0
    attached: int = 0
    known: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)


async def take(statement: Statement, actor: Actor) -> Taken:
    if len(statement.money) > MOST:
        raise Refused("statement_too_long", TOO_MANY, count=len(statement.money), most=MOST)
    taken = Taken()
    for first in range(0, len(statement.money), AT_ONCE):
        async with deed(actor):
            for one in statement.money[first : first + AT_ONCE]:
                await _take(one, taken)
    return taken


async def _take(one: Money, taken: Taken) -> None:
    if await access.by_external_id(one.external_id):
        taken.known += 1
        return
    try:
        found = await actions.receive(
            source="bank", paid_on=one.paid_on, total_cents=one.total_cents, payer=one.payer, label=one.label,
            invoice_number=one.invoice_number, account_end=one.account_end, external_id=one.external_id,
        )  # fmt: skip
    except Refused as no:
        taken.refused.append((one.line, no.sentence))
        return
    if found["state"] == "attached":
        taken.attached += 1
    else:
        taken.waiting += 1
