"""Transfers on their way: asked outside of any deed, what came of it written in one. Harmless however often, by whomever.

Exactly once, because: the row is committed before the first call; every call for it bears the same key, and Stripe
answers a key twice alike; when the key may be forgotten we look before we ask; a further attempt, with a key of its own,
is written only after Stripe surely said no to the one before; the database lets one attempt of a line live."""

from portal.jobs.queue import machine
from portal.kit import db
from portal.kit.days import day_of, now, today
from portal.kit.deed import deed
from portal.kit.events import emit
from portal.kit.problems import Refused
from portal.kit.text import N_
from portal.payouts import access as payouts
from portal.payouts import actions
from portal.payouts.events import TransferTroubled
from portal.payouts.stripe import access, outbox
from portal.payouts.stripe.client import Said, Silent, Stripe, connected
from portal.payouts.stripe.rules import (
    FOR_LACK,
    MOST_ATTEMPTS,
    TRIED_AGAIN,
    Answer,
    Declined,
    Made,
    TransferState,
    Unknown,
    concluded,
    must_look_first,
    pause,
)
from portal.payouts.stripe.switch import is_on


async def send_waiting() -> None:
    """All that is due. What goes wrong with one does not hold up the others."""
    waiting = await access.due(now()) if is_on() else []
    if not waiting:
        return
    wrong: list[Exception] = []
    async with connected() as stripe:
        for transfer in waiting:
            try:
                await send(stripe, transfer)
            except Exception as fault:
                wrong.append(fault)
    if wrong:
        raise ExceptionGroup("transfers", wrong)


async def send(stripe: Stripe, transfer: db.Row) -> None:
    if not await _begun(transfer):
        return
    answer = await ask(stripe, transfer)
    async with deed(machine("payouts.transfer", transfer["id"])):
        await take(transfer["id"], answer)


async def _begun(transfer: db.Row) -> bool:
    """It is noted that it is asked before it is; not when somebody has ended it meanwhile."""
    at = now()
    async with deed(machine("payouts.transfer", transfer["id"])):
        begun = await db.execute(
            """UPDATE stripe_transfer SET tries = tries + 1, first_asked_at = coalesce(first_asked_at, $2), next_try_at = $3
               WHERE id = $1 AND state = 'waiting'""",
            transfer["id"], at, at + pause(transfer["tries"]),
        )  # fmt: skip
        return begun == 1


async def ask(stripe: Stripe, transfer: db.Row) -> Answer:
    """`transfer` as it was before this try."""
    if must_look_first(transfer["first_asked_at"], now()):
        looked = await _look(stripe, transfer, None)
        if looked:
            return looked
    answer = await _asked(stripe, transfer)
    if isinstance(answer, Unknown) and answer.kept:
        return await _look(stripe, transfer, answer) or answer
    return answer


async def _asked(stripe: Stripe, transfer: db.Row) -> Answer:
    try:
        return await stripe.transfer(
            transfer["key"], account=transfer["account"], amount_cents=transfer["amount_cents"],
            group=transfer["line_ref"], text=transfer["end_to_end_id"],
        )  # fmt: skip
    except Said as no:
        return Declined(no.code)
    except Silent as silence:
        return Unknown(silence.code, silence.kept)


async def _look(stripe: Stripe, transfer: db.Row, answer: Unknown | None) -> Answer | None:
    """What Stripe holds under this key; None when it holds nothing and there is nothing to conclude."""
    try:
        found = await stripe.find(transfer["key"], transfer["line_ref"])
    except (Said, Silent) as no:
        return Unknown(no.code)
    if found or answer is None:
        return found
    return concluded(answer, transfer["first_asked_at"] or now(), now())


# What came of it


async def take(transfer_id: int, answer: Answer) -> None:
    """Of two who tell the same the second changes nothing."""
    transfer = await access.locked(transfer_id)
    match answer:
        case Made():
            await _made(transfer, answer)
        case Declined() if transfer["state"] == TransferState.WAITING:
            await _declined(transfer, answer.code)
        case Unknown() if transfer["state"] == TransferState.WAITING:
            await db.execute("UPDATE stripe_transfer SET code = $2 WHERE id = $1", transfer_id, answer.code)


async def _made(transfer: db.Row, made: Made) -> None:
    if transfer["state"] == TransferState.DECLINED:
        raise Refused("transfer_unexpected", UNEXPECTED)
    if (made.account, made.amount_cents) != (transfer["account"], transfer["amount_cents"]):
        raise Refused("transfer_differs", UNEXPECTED)
    if transfer["state"] == TransferState.WAITING:
        await _move(transfer, TransferState.MADE, transfer=made.transfer, code="")
        line = await payouts.line(transfer["line_id"])
        sent_on = day_of(line["sent_at"])
        await actions.settle_lines([line], max(sent_on, min(made.on, today())))
    if made.reversed_cents > transfer["reversed_cents"]:
        await _reversed(await access.transfer(transfer["id"]), made.reversed_cents)


UNEXPECTED = N_("Ce versement n'est pas celui qui était demandé : vérifiez-le chez Stripe.")


async def _reversed(transfer: db.Row, cents: int) -> None:
    """Taken back as a whole: the line came back. In part: it is told, and stands until finance decides."""
    if cents < transfer["amount_cents"]:
        await db.execute(
            "UPDATE stripe_transfer SET reversed_cents = $2 WHERE id = $1", transfer["id"], cents
        )
        emit(TransferTroubled(run_id=transfer["run_id"], code="reversed"))
        return
    await _move(transfer, TransferState.REVERSED, reversed_cents=cents, code="reversed")
    await _fail(transfer, "reversed")


async def _declined(transfer: db.Row, code: str) -> None:
    """Tried again where time may mend it; else the line came back, and its papers are free."""
    await _move(transfer, TransferState.DECLINED, code=code)
    if code not in TRIED_AGAIN or transfer["attempt"] >= MOST_ATTEMPTS:
        await _fail(transfer, code)
        return
    await outbox.write_next(transfer)
    if code == FOR_LACK:
        emit(TransferTroubled(run_id=transfer["run_id"], code=code))


async def _fail(transfer: db.Row, code: str) -> None:
    await actions.fail(await payouts.line(transfer["line_id"]), today(), code)
    emit(TransferTroubled(run_id=transfer["run_id"], code=code))


async def give_up(transfer: db.Row) -> None:
    """Finance no longer waits. Refused once it was asked: then only Stripe knows."""
    if transfer["state"] != TransferState.WAITING:
        raise Refused(
            "transfer_ended", N_("Ce versement n'attend plus : il est déjà abandonné, ou Stripe a répondu.")
        )
    ended = await db.execute(
        "UPDATE stripe_transfer SET state = 'declined', code = 'given_up', ended_at = $2 WHERE id = $1 AND state = 'waiting' AND tries = 0",
        transfer["id"], now(),
    )  # fmt: skip
    if ended != 1:
        raise Refused("transfer_asked", N_("Stripe a déjà reçu cette demande : attendez sa réponse."))
    await actions.fail(await payouts.line(transfer["line_id"]), today(), "given_up")


async def _move(row: db.Row, to: TransferState, **changes: object) -> None:
    sets = "".join(f", {column} = ${i}" for i, column in enumerate(changes, 4))
    await db.execute(
        f"UPDATE stripe_transfer SET state = $2, ended_at = coalesce(ended_at, $3){sets} WHERE id = $1",
        row["id"], to, now(), *changes.values(),
    )  # fmt: skip


# Told by Stripe


async def look_at(transfer: str) -> Made:
    """Outside of any deed: as it stands with Stripe now, whatever the event said."""
    async with connected() as stripe:
        return await stripe.transfer_by(transfer)


async def take_told(made: Made) -> bool:
    """Whether it is one of ours."""
    known = await access.transfer_by_key(made.key)
    if known:
        await take(known["id"], made)
    return known is not None
