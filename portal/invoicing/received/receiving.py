"""The referrer's side: an invoice comes in, its figures are confirmed, it is compared, or taken back."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import asyncpg
import msgspec

from portal.history.access import record
from portal.invoicing import issuing
from portal.invoicing.composing import buyer
from portal.invoicing.events import OwnInvoiceCompared
from portal.invoicing.proposals import Proposal
from portal.invoicing.received import access, due, reading_text, reading_xml
from portal.invoicing.received.comparing import Difference, Ours, compare
from portal.invoicing.received.due import Desk
from portal.invoicing.received.opening import Format, Opened, opened, parsed
from portal.invoicing.received.standard import broken_rules
from portal.invoicing.received.told import Party, Told, kept, told_from
from portal.invoicing.received.words import UNREADABLE, State
from portal.kit import db, files
from portal.kit.days import now
from portal.kit.deed import current
from portal.kit.events import emit
from portal.kit.files import Kept, Store
from portal.kit.problems import Refused, Stale
from portal.kit.references import new_ref
from portal.kit.text import N_
from portal.kit.uploads import EXTENSIONS, clean_name

GONE = N_("Cette facture a changé d'état entre-temps : relisez-la.")


@dataclass(frozen=True, kw_only=True)
class Handed:
    """What was sent, opened and stored; its row is made in the deed."""

    opened: Opened
    kept: Kept
    told: Told


async def hand_in(body: bytes, name: str, entity: db.Row) -> Handed:
    """Read it, then store it, before the deed. Raises Unreadable or Invalid."""
    found = await opened(body)
    us = buyer(entity)
    if found.root is not None:
        told = await asyncio.to_thread(reading_xml.read, found.root)
        told = replace(told, text=f"{told.text}\n{found.text}"[: reading_text.LONGEST])
    else:
        told = reading_text.read(found.text, Party(siren=us.siren, vat_number=us.vat_number))
    name = clean_name(name, EXTENSIONS.get(found.media_type, ".xml"))
    stored = await files.keep(Store.UPLOADS, body, media_type=found.media_type, name=name)
    return Handed(opened=found, kept=stored, told=told)


async def receive(referrer_id: int, handed: Handed, picked: Sequence[int] = (), via: str = "page") -> db.Row:
    """Two at the same instant are one. What is structured is compared at once; of a PDF the figures are confirmed first."""
    await issuing.lock([referrer_id])
    if await access.same_file(referrer_id, handed.kept.sha256):
        raise Refused("twice", UNREADABLE["twice"])
    received_id = await _insert(referrer_id, handed, picked, via)
    await record("invoicing.own_received", "received_invoice", received_id, format=handed.opened.format)
    row = await access.received(received_id)
    return row if handed.opened.root is None else await compare_now(row)


async def _insert(referrer_id: int, handed: Handed, picked: Sequence[int], via: str) -> int:
    received_id = await db.value("SELECT nextval(pg_get_serial_sequence('received_invoice', 'id'))")
    file = await files.attach(handed.kept, "received_invoice", received_id)
    entity_id = await db.value(
        "SELECT legal_entity_id FROM contract WHERE referrer_id = $1 LIMIT 1", referrer_id
    )
    await db.execute(
        """INSERT INTO received_invoice (id, ref, legal_entity_id, referrer_id, state, format, via, file_id, sha256, xml, told,
             picked, received_by, received_at)
           OVERRIDING SYSTEM VALUE
           VALUES ($1, $2, coalesce($3, (SELECT min(id) FROM legal_entity)), $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)""",
        received_id, new_ref(), entity_id, referrer_id, State.RECEIVED, handed.opened.format, via, file["id"],
        handed.kept.sha256, handed.opened.xml, kept(handed.told), list(picked), current().actor.user_id, now(),
    )  # fmt: skip
    return received_id


async def confirm(received: db.Row, figures: dict[str, Any]) -> db.Row:
    """Of a PDF: the figures as the referrer has them. What was read of parties, account and mentions stays."""
    if received["format"] != Format.PDF:
        raise Refused("structured", GONE)
    told = replace(told_from(received["told"]), **figures)
    return await compare_now(received, told)


async def compare_now(received: db.Row, told: Told | None = None) -> db.Row:
    """Beside what is due today. Raises Stale when it was answered meanwhile, Refused for a number that waits already."""
    told = told or told_from(received["told"])
    await issuing.lock([received["referrer_id"]])
    proposal, ours, found = await comparison(received, told, await due.desk_of(received["referrer_id"]))
    try:
        async with db.savepoint():
            changed = await db.execute(
                """UPDATE received_invoice SET state = 'compared', told = $2, differences = $3, earning_ids = $4, number = $5,
                     issued_on = $6, net_cents = $7, vat_cents = $8, total_cents = $9, compared_at = $10, expected = $11, version = version + 1
                   WHERE id = $1 AND state IN ('received', 'compared')""",
                received["id"], kept(told), msgspec.to_builtins(found), [row["id"] for row in proposal.rows] if proposal else [],
                told.number, told.issued_on, told.net_cents, told.vat_cents, told.total_cents, now(), ours.kept(),
            )  # fmt: skip
    except asyncpg.UniqueViolationError as twice:
        raise Refused("number_waiting", UNREADABLE["number_waiting"]) from twice
    if not changed:
        raise Stale("received_invoice", GONE)
    if received["state"] == State.RECEIVED:
        emit(OwnInvoiceCompared(received_id=received["id"]))
    return await access.received(received["id"])


async def comparison(
    received: db.Row, told: Told, desk: Desk
) -> tuple[Proposal | None, Ours, tuple[Difference, ...]]:
    """Which of the papers awaited it is, and how it differs from it."""
    proposal = due.meant(told, desk, received["picked"])
    ours = due.ours(
        proposal, told, desk, iban=await due.account_of(received["referrer_id"]),
        used=await access.numbers_used(received["referrer_id"]),
        waiting=await access.numbers_waiting(received["referrer_id"], received["id"]),
        broken=await asyncio.to_thread(_broken, received["xml"], told),
    )  # fmt: skip
    return proposal, ours, compare(told, Format(received["format"]), ours)


def _broken(xml: bytes | None, told: Told) -> tuple[str, ...]:
    return broken_rules(parsed(xml), told) if xml else ()


async def withdraw(received: db.Row) -> None:
    """By the referrer, who will send another."""
    changed = await db.execute(
        """UPDATE received_invoice SET state = 'withdrawn', decided_at = $2, decided_by = $3, version = version + 1
           WHERE id = $1 AND state IN ('received', 'compared')""",
        received["id"], now(), current().actor.user_id,
    )  # fmt: skip
    if not changed:
        raise Stale("received_invoice", GONE)
    await record("invoicing.own_withdrawn", "received_invoice", received["id"])
