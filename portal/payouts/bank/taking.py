"""A file of the bank: stored once, its facts kept, then applied in deeds of at most a thousand, harmless twice."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from portal.company import access as company
from portal.company.actions import IBAN as COMPANY_IBAN
from portal.history.access import record
from portal.kit import db, files
from portal.kit.camt import Statement
from portal.kit.days import now, today
from portal.kit.deed import Actor, current, deed
from portal.kit.files import Store
from portal.kit.keyring import ring
from portal.kit.problems import Problem, Refused
from portal.kit.references import new_ref
from portal.kit.text import N_
from portal.payouts.bank import access, applying
from portal.payouts.bank.reading import Fact, Kind, Read, income, read_bank_file
from portal.payouts.bank.rules import State
from portal.referrers.actions import IBAN

AT_ONCE = 1_000
XML = "application/xml"
NOT_OURS = N_("Ce relevé n'est pas celui du compte de l'entreprise (…%(ours)s) : rien n'a été pris.")
NO_ACCOUNT = N_("Indiquez d'abord le compte bancaire de l'entreprise dans les réglages.")


@dataclass(slots=True)
class Taken:
    """`again`: these bytes were taken before. `counts`: state → entries of the file."""

    file: db.Row
    again: bool
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def found_nothing(self) -> bool:
        return not any(self.counts.get(state) for state in (State.APPLIED, State.KNOWN, State.WAITING))


async def take(data: bytes, name: str, actor: Actor) -> Taken:
    """Raises Invalid where it cannot be read, Refused where it is of another account. A reading cut short goes on."""
    read = await asyncio.to_thread(read_bank_file, data)
    entity, iban = await account()
    if read.statements and not read.of(iban):
        raise Refused("other_account", NOT_OURS, ours=iban[-4:])
    sha256 = hashlib.sha256(data).digest()
    before = await access.by_digest(sha256)
    file = before or await _keep(data, name, sha256, read, entity["id"], iban, actor)
    await _keep_facts(file, _ours(read, iban), actor)
    await _apply(file, actor)
    return Taken(file, before is not None, await access.counted(file["id"]))


async def account() -> tuple[db.Row, str]:
    entity = await company.legal_entity()
    if entity is None or entity["iban_sealed"] is None:
        raise Refused("company_iban", NO_ACCOUNT)
    return entity, ring().open(entity["iban_sealed"], COMPANY_IBAN)


async def _keep(
    data: bytes, name: str, sha256: bytes, read: Read, entity_id: int, iban: str, actor: Actor
) -> db.Row:
    kept = await files.keep(Store.UPLOADS, data, media_type=XML, name=name[:100])
    async with deed(actor):
        await db.value("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", sha256.hex())
        if there := await access.by_digest(sha256):
            return there
        file_id = await db.insert(
            "bank_file",
            ref=new_ref(), legal_entity_id=entity_id, sha256=sha256, format=read.format, message=read.message[:35],
            entries=len(_ours(read, iban)), income=sum(1 for _ in income(read, iban)),
            foreign_statements=len(read.statements) - len(read.of(iban)), by_user=current().actor.user_id, at=now(),
        )  # fmt: skip
        stored = await files.attach(kept, "bank_file", file_id)
        await db.execute("UPDATE bank_file SET file_id = $2 WHERE id = $1", file_id, stored["id"])
        for position, stated in enumerate(read.of(iban), 1):
            await _keep_statement(file_id, position, stated)
        await record("payouts.bank_file", "bank_file", file_id, sha256=sha256.hex(), format=read.format)
    found = await access.by_digest(sha256)
    assert found is not None
    return found


async def _keep_statement(file_id: int, position: int, stated: Statement) -> None:
    opening, closing = stated.opening, stated.closing
    await db.insert(
        "bank_statement",
        bank_file_id=file_id, position=position, message=stated.message[:35], number=stated.number[:35], last4=stated.iban[-4:],
        opened_on=opening.on if opening else None, opening_cents=opening.cents if opening else None,
        closed_on=closing.on if closing else None, closing_cents=closing.cents if closing else None,
        moved_cents=stated.booked_cents,
    )  # fmt: skip


def _ours(read: Read, iban: str) -> list[Fact]:
    """What came in without being a return is kept only where it names something: it may be one all the same."""
    return [one for one in read.facts_of(iban) if one.kind != Kind.CREDIT or one.end_to_end_id]


async def _keep_facts(file: db.Row, facts: Sequence[Fact], actor: Actor) -> None:
    """The same fact told by two files is kept once."""
    for start in range(0, len(facts), AT_ONCE):
        async with deed(actor):
            await db.execute_many(
                """INSERT INTO bank_entry (ref, external_id, bank_file_id, kind, amount_cents, currency, said_on, end_to_end_id, batch,
                     count, reason, name, label, iban_blind, last4, state)
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 'read')
                   ON CONFLICT (external_id) DO NOTHING""",
                [_row(file["id"], one) for one in facts[start : start + AT_ONCE]],
            )


def _row(file_id: int, fact: Fact) -> tuple[object, ...]:
    blind = ring().blind(fact.iban, IBAN) if fact.iban else None
    return (
        new_ref(), fact.external_id, file_id, str(fact.kind), fact.amount_cents, fact.currency, fact.said_on,
        fact.end_to_end_id, fact.batch, fact.count, fact.reason, fact.name, fact.label, blind, fact.iban[-4:],
    )  # fmt: skip


async def _apply(file: db.Row, actor: Actor) -> None:
    """What a deed refuses is tried alone, so that one entry never holds back the others."""
    size = AT_ONCE
    while True:
        try:
            async with deed(actor):
                if not (entries := await access.unread(file["id"], size)):
                    return
                await applying.apply(file["legal_entity_id"], entries, today())
            size = AT_ONCE
        except Problem:
            if size == 1:
                async with deed(actor):
                    await applying.leave_to_decide(await access.unread(file["id"], 1), "refused")
            size = 1
