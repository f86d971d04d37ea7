"""What is done with money that came in: received, attached to deals, set aside, taken back. Each needs a deed."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.deals import access as deals
from portal.deals import actions as verbs
from portal.deals import correcting
from portal.deals.cashing import access
from portal.deals.cashing.rules import MOVES, IncomingState, Suggestion, certain
from portal.deals.recording import invoice_of, lock
from portal.deals.rules import DealState, same
from portal.history.access import record
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import current
from portal.kit.money import Cents
from portal.kit.problems import Refused, Stale
from portal.kit.references import new_ref
from portal.kit.text import N_, money
from portal.search.access import words

NO_AMOUNT = N_("Indiquez un montant au-dessus de zéro.")
TO_COME = N_("Ce jour est dans le futur : enregistrez l'encaissement quand il sera arrivé.")
MOVED_ALREADY = N_("Cet encaissement a déjà été traité.")
PARTS_DIFFER = N_("Les parts font %(sum)s, l'encaissement %(amount)s.")
NO_PARTS = N_("Dites au moins une facture ou une affaire.")
CANCELLED = N_("L'affaire « %(title)s » est annulée.")
NET_UNKNOWN = N_("L'affaire « %(title)s » n'a pas de facture ici : indiquez le montant HT de cette part.")
REASON_MISSING = N_("Dites en quelques mots pourquoi.")


@dataclass(frozen=True, slots=True)
class Part:
    """What of it is for one deal: with tax where an invoice is named or the whole is known so, else before tax."""

    deal_id: int
    invoice_id: int | None = None
    total_cents: Cents | None = None
    net_cents: Cents | None = None


async def receive(
    *, source: str, paid_on: date, total_cents: Cents | None = None, net_cents: Cents | None = None, payer: str = "",
    label: str = "", invoice_number: str = "", account_end: str = "", nature: str = "ordinary", external_id: str | None = None,
) -> db.Row:  # fmt: skip
    """It waits, unless the number and the amount of one invoice agree exactly. The same `external_id` counts once."""
    if external_id and (known := await access.by_external_id(external_id)):
        same(dict(known), paid_on=paid_on, total_cents=total_cents, net_cents=net_cents)
        return known
    if not (total_cents or net_cents) or (total_cents or 1) < 0 or (net_cents or 1) < 0:
        raise Refused("no_amount", NO_AMOUNT)
    if paid_on > today():
        raise Refused("paid_later", TO_COME)
    told = {"payer": payer, "label": label, "invoice_number": invoice_number, "account_end": account_end[-4:]}
    incoming_id = await db.insert(
        "incoming_payment",
        ref=new_ref(), external_id=external_id, source=source, paid_on=paid_on, total_cents=total_cents, net_cents=net_cents,
        nature=nature, state=IncomingState.WAITING, words=words(*told.values()), at=now(), **told,
    )  # fmt: skip
    await record("deals.received", "incoming_payment", incoming_id)
    incoming = await access.incoming(incoming_id)
    if (sure := certain((await access.suggestions([incoming]))[incoming_id])) is not None:
        await _attach_by_itself(incoming, sure)
    return await access.incoming(incoming_id)


async def _attach_by_itself(incoming: db.Row, sure: Suggestion) -> None:
    """What its deal refuses waits for somebody's eye."""
    with suppress(Refused):
        async with db.savepoint():
            await attach(incoming, [part_of(incoming, sure)], automatic=True)


def part_of(incoming: db.Row, suggestion: Suggestion) -> Part:
    """The whole of it, for what is suggested."""
    what = suggestion.candidate
    return Part(what.deal_id, what.invoice_id, incoming["total_cents"], incoming["net_cents"])


async def attach(incoming: db.Row, parts: Sequence[Part], *, automatic: bool = False) -> list[int]:
    """Each part is a client payment of its deal and earns like one; together they are what came in. Their ids."""
    _check_sum(incoming, parts)
    await lock(*(part.deal_id for part in parts))
    await _move(incoming, "attach", automatic=automatic)
    made = [await _pay(incoming, part) for part in parts]
    await db.execute_many(
        "INSERT INTO incoming_part (client_payment_id, incoming_id) VALUES ($1, $2)",
        [(payment_id, incoming["id"]) for payment_id in made],
    )
    return made


async def set_aside(incoming: db.Row, reason: str) -> None:
    """It is no payment of a deal: a subsidy, a transfer between own accounts, somebody's mistake."""
    if not reason.strip():
        raise Refused("reason_missing", REASON_MISSING)
    await _move(incoming, "set_aside", reason=reason)


async def take_back(incoming: db.Row, reason: str) -> None:
    """It waits again; what it had paid never was, and what that earned is taken back."""
    if not reason.strip():
        raise Refused("reason_missing", REASON_MISSING)
    parts = await access.parts_of(incoming["id"])
    await lock(*(part["deal_id"] for part in parts))
    await _move(incoming, "take_back", reason=reason)
    for part in parts:
        await correcting.withdraw(await deals.deal(part["deal_id"]), part, reason=reason)


async def _pay(incoming: db.Row, part: Part) -> int:
    deal = await deals.deal(part.deal_id)
    if deal["state"] == DealState.CANCELLED:
        raise Refused("cancelled", CANCELLED, title=deal["title"])
    invoice = await invoice_of(deal["id"], part.invoice_id)
    if invoice is None and part.net_cents is None:
        raise Refused("net_unknown", NET_UNKNOWN, title=deal["title"])
    net_cents = None if invoice and part.total_cents is not None else part.net_cents
    return await verbs.record_payment(
        deal, paid_on=incoming["paid_on"], total_cents=part.total_cents, net_cents=net_cents,
        client_invoice_id=part.invoice_id, source=incoming["source"], nature=incoming["nature"],
    )  # fmt: skip


def _check_sum(incoming: db.Row, parts: Sequence[Part]) -> None:
    """To the cent, with tax where that is known of the whole."""
    if not parts:
        raise Refused("no_parts", NO_PARTS)
    whole = "total_cents" if incoming["total_cents"] is not None else "net_cents"
    given = sum(getattr(part, whole) or 0 for part in parts)
    if given != incoming[whole]:
        raise Refused("parts_differ", PARTS_DIFFER, sum=money(given), amount=money(incoming[whole]))


async def _move(incoming: db.Row, name: str, *, reason: str = "", automatic: bool = False) -> None:
    before, after = MOVES[name]
    if incoming["state"] not in before:
        raise Refused("moved_already", MOVED_ALREADY)
    changed = await db.execute(
        "UPDATE incoming_payment SET state = $3, version = version + 1 WHERE id = $1 AND state = $2 AND version = $4",
        incoming["id"], incoming["state"], after, incoming["version"],
    )  # fmt: skip
    if not changed:
        raise Stale("stale")
    told: dict[str, Any] = {
        "incoming_id": incoming["id"],
        "move": name,
        "automatic": automatic,
        "reason": reason,
    }
    await db.insert("incoming_move", **told, by_user=current().actor.user_id, at=now())
    await record(f"deals.{name}", "incoming_payment", incoming["id"], automatic=automatic)
