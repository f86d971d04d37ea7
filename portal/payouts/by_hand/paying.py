"""A line, or one share of it, paid by a person: it arrives with its proof."""

from datetime import date

from portal.kit import db, files
from portal.kit.days import day_of, now, today
from portal.kit.deed import current
from portal.kit.files import Kept
from portal.kit.money import Cents
from portal.kit.problems import NotFound, Refused
from portal.kit.text import N_
from portal.payouts import access, actions
from portal.payouts.by_hand.rules import Way, check
from portal.payouts.moves import chain, locked
from portal.payouts.shares import ending
from portal.people.rules import Person


async def pay(
    line: db.Row,
    position: int | None,
    *,
    way: Way,
    amount_cents: Cents,
    paid_on: date,
    reference: str,
    kept: Kept,
) -> None:
    """Exactly what is due. Raises Refused for another amount, or what does not wait for it."""
    await locked([line["run_id"]])
    line = await access.line(line["id"])
    check(line, position, amount_cents)
    if not day_of(line["sent_at"]) <= paid_on <= today():
        raise Refused("settled_when", N_("Indiquez un jour entre l'envoi et aujourd'hui."))
    file = await files.attach(kept, "payout_line", line["id"])
    await db.insert(
        "hand_payment",
        line_id=line["id"], position=position, way=way, amount_cents=amount_cents, paid_on=paid_on, reference=reference,
        file_id=file["id"], by_user=current().actor.user_id, at=now(),
    )  # fmt: skip
    await chain(line["run_id"], "paid_by_hand", line=line["id"], sha256=kept.sha256.hex())
    if position is None:
        await actions.settle_lines([line], paid_on)
    else:
        await ending.share_arrived(line, position, paid_on)


async def payments_of(line_id: int) -> list[db.Row]:
    return await db.rows(
        """SELECT paid.*, file.ref AS file_ref, file.name AS file_name, app_user.name AS who FROM hand_payment paid
           JOIN stored_file file ON file.id = paid.file_id JOIN app_user ON app_user.id = paid.by_user
           WHERE paid.line_id = $1 ORDER BY paid.id""",
        line_id,
    )


@files.door("payout_line")
async def opens(person: Person, _line_id: int) -> None:
    """The proof is the company's: it may show accounts of others."""
    if not person.may(*access.MAY_SEE_ALL):
        raise NotFound("file")
