"""A deal's lines change: the client ordered otherwise from a day on, or what was written down was wrong all along."""

from collections.abc import Sequence
from datetime import date

from portal.deals import access, completing
from portal.deals.events import DealChanged
from portal.deals.rules import (
    DealState,
    NewLine,
    check_overpayment,
    same_lines,
    total_of,
)
from portal.history.access import record
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import current
from portal.kit.events import emit
from portal.kit.problems import Refused, Stale
from portal.kit.text import N_


async def amend(deal: db.Row, lines: Sequence[NewLine], *, on: date, reason: str) -> int:
    """From that day on the deal has these lines; what was paid before is not looked at again. The new generation."""
    if not deal["signed_on"] <= on <= today():
        raise Refused("changed_when", N_("Ce jour doit se situer entre la signature et aujourd'hui."))
    if on < await access.last_changed_on(deal["id"]):
        raise Refused("changed_since", N_("L'affaire a déjà changé après ce jour."))
    return await _change(deal, lines, "amendment", None, on, reason)


async def correct(deal: db.Row, lines: Sequence[NewLine], *, reason: str) -> int:
    """The lines were these all along: what they earned is reckoned again. The new generation."""
    corrects = await access.generation_in_force(deal["id"])
    return await _change(deal, lines, "correction", corrects, today(), reason)


async def _change(
    deal: db.Row, lines: Sequence[NewLine], kind: str, corrects: int | None, on: date, reason: str
) -> int:
    await _check(deal, lines)
    return await write_change(deal, lines, kind, corrects, on, reason)


async def write_change(
    deal: db.Row, lines: Sequence[NewLine], kind: str, corrects: int | None, on: date, reason: str
) -> int:
    """A further generation, told to the plans. Its number."""
    generation = await access.last_generation(deal["id"]) + 1
    await db.execute(
        """INSERT INTO deal_change (deal_id, generation, kind, corrects, on_day, reason, by_user, at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)""",
        deal["id"], generation, kind, corrects, on, reason, current().actor.user_id, now(),
    )  # fmt: skip
    await write_lines(deal["id"], lines, on, generation)
    changed = await db.execute(
        "UPDATE deal SET net_cents = $3, version = version + 1 WHERE id = $1 AND version = $2",
        deal["id"], deal["version"], total_of(lines),
    )  # fmt: skip
    if not changed:
        raise Stale("stale")
    await record(f"deals.{kind}", "deal", deal["id"], generation=generation)
    emit(DealChanged(deal_id=deal["id"], generation=generation))
    return generation


async def _check(deal: db.Row, lines: Sequence[NewLine]) -> None:
    if deal["state"] == DealState.CANCELLED:
        raise Refused("cancelled", N_("Cette affaire est annulée."))
    if not total_of(lines):
        raise Refused("empty_deal", N_("Indiquez au moins une ligne avec un montant."))
    known = await access.lines_of(deal["id"])
    if same_lines(lines, [dict(line) for line in known]):
        raise Refused("nothing_changed", N_("Rien ne change."))
    kinds = await access.product_kinds([line.product_id for line in lines])
    paid = await access.paid_net(deal["id"])
    check_overpayment(kinds, paid, total_of(lines))
    await completing.look(deal["id"], kinds, paid, total_of(lines))


async def write_lines(deal_id: int, lines: Sequence[NewLine], since: date, generation: int = 1) -> None:
    for position, line in enumerate(lines, 1):
        await db.insert(
            "deal_line",
            deal_id=deal_id, generation=generation, position=position, product_id=line.product_id, label=line.label,
            net_cents=line.net_cents, cost_cents=line.cost_cents, quantity=line.quantity,
            discount_rate=line.discount_rate, since=since,
        )  # fmt: skip
