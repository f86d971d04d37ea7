"""What is done with referrers."""

from datetime import date
from typing import Any

from portal.history.access import record
from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import current
from portal.kit.events import emit
from portal.kit.identifiers import bic_of, parse_iban
from portal.kit.keyring import ring
from portal.kit.references import new_ref
from portal.people import actions as people
from portal.referrers import access
from portal.referrers.events import ReferrerActivated, ReferrerApplied, ReferrerInvited
from portal.referrers.rules import IBAN_WAIT, ReferrerState, Regime, Status, check_regime
from portal.search import access as search

IBAN = "bank_detail.iban"


async def create(
    *, email: str, first_name: str = "", last_name: str = "", company_name: str = "", number: str = "",
    sales_user_id: int | None = None, state: ReferrerState = ReferrerState.INVITED, **more: Any,
) -> db.Row:  # fmt: skip
    """A referrer's row, under the number given or the next free one."""
    entity_id = await db.value("SELECT id FROM legal_entity ORDER BY id LIMIT 1")
    referrer_id = await db.insert(
        "referrer",
        ref=new_ref(), number=number or await _next_number(), legal_entity_id=entity_id, state=state, email=email,
        first_name=first_name, last_name=last_name, company_name=company_name, sales_user_id=sales_user_id,
        created_at=now(), **more,
    )  # fmt: skip
    await record("referrers.created", "referrer", referrer_id)
    await make_findable(referrer_id)
    return await access.referrer(referrer_id)


async def invite(
    email: str, first_name: str, last_name: str, *, sales_user_id: int | None = None, language: str = "fr"
) -> db.Row:
    """Create the referrer, give its owner a seat, and mail the invitation."""
    made = await create(email=email, first_name=first_name, last_name=last_name, sales_user_id=sales_user_id)
    await people.give_seat(email, f"{first_name} {last_name}".strip(), made["id"], "owner", language=language)
    emit(ReferrerInvited(referrer_id=made["id"]))
    return made


async def fill_profile(
    referrer: db.Row, *, status: Status, vat_regime: Regime, since: date, **values: Any
) -> db.Row:
    """Who the referrer is: names, identifiers and address, and the standing from a day on."""
    check_regime(status, vat_regime)
    sets = ", ".join(f'"{name}" = ${i}' for i, name in enumerate(values, 2))
    await db.execute(
        f"UPDATE referrer SET {sets}, version = version + 1 WHERE id = $1", referrer["id"], *values.values()
    )
    await record_standing(referrer["id"], since, status, vat_regime, "profile")
    if referrer["state"] == ReferrerState.INVITED:
        await _move(referrer["id"], ReferrerState.INVITED, ReferrerState.APPLIED)
        emit(ReferrerApplied(referrer_id=referrer["id"]))
    await make_findable(referrer["id"])
    return await access.referrer(referrer["id"])


async def record_standing(
    referrer_id: int,
    since: date,
    status: Status,
    vat_regime: Regime,
    source: str,
    vat_on_debits: bool = False,
) -> None:
    """Dated, never overwritten: what is recorded later for the same day rules."""
    await db.insert(
        "referrer_standing",
        referrer_id=referrer_id, since=since, status=status, vat_regime=vat_regime, vat_on_debits=vat_on_debits,
        source=source, recorded_at=now(), by_user=current().actor.user_id,
    )  # fmt: skip
    await record("referrers.standing", "referrer", referrer_id, status=status, vat_regime=vat_regime)


async def give_bank_detail(
    referrer_id: int, holder: str, iban: str, *, vouched_by: int | None = None
) -> None:
    """The first detail is usable at once; a change waits 72 h and the old address is told. Raises Invalid."""
    iban = parse_iban(iban)
    known = await db.row("SELECT * FROM bank_detail WHERE referrer_id = $1 AND state = 'usable'", referrer_id)
    blind = ring().blind(iban, IBAN)
    if known and known["iban_blind"] == blind:
        return
    if known:
        await db.execute(
            "UPDATE bank_detail SET state = 'replaced', replaced_at = $2 WHERE id = $1", known["id"], now()
        )
    await db.insert(
        "bank_detail",
        ref=new_ref(), referrer_id=referrer_id, holder=holder,
        iban_sealed=ring().seal(iban, IBAN), iban_blind=blind, last4=iban[-4:], bic=bic_of(iban) or "",
        state="usable", proposed_at=now(), by_user=current().actor.user_id,
        usable_from=now() + IBAN_WAIT if known and not vouched_by else now(), vouched_by=vouched_by,
    )  # fmt: skip
    await record("referrers.bank_detail", "referrer", referrer_id, first=known is None)
    await make_findable(referrer_id)


async def activate(referrer_id: int) -> None:
    """A contract is in force."""
    moved = await db.execute(
        "UPDATE referrer SET state = 'active' WHERE id = $1 AND state IN ('invited', 'applied', 'suspended')",
        referrer_id,
    )
    if moved:
        await record("referrers.activated", "referrer", referrer_id)
        emit(ReferrerActivated(referrer_id=referrer_id))


async def _move(referrer_id: int, before: ReferrerState, after: ReferrerState) -> None:
    changed = await db.execute(
        "UPDATE referrer SET state = $3, version = version + 1 WHERE id = $1 AND state = $2",
        referrer_id,
        before,
        after,
    )
    assert changed == 1
    await record(f"referrers.{after}", "referrer", referrer_id)


async def _next_number() -> str:
    """The next of the sequence that no import has taken already."""
    while True:
        position = await db.value("SELECT nextval('referrer_number')")
        number = f"AP{position:04d}"
        if not await db.value("SELECT EXISTS (SELECT FROM referrer WHERE number = $1)", number):
            return number


async def make_findable(referrer_id: int) -> None:
    found = await access.referrer(referrer_id)
    bank = await access.usable_bank_detail(referrer_id)
    await search.put(
        "referrer", referrer_id,
        title=found["name"] or found["email"], subtitle=found["number"], path=f"/apporteurs/{found['ref']}",
        find=(found["first_name"], found["last_name"], found["email"], found["siret"], bank["last4"] if bank else ""),
        referrer_id=referrer_id,
    )  # fmt: skip
