"""What is done with referrers."""

from datetime import date
from typing import Any

from portal.history.access import record
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import current
from portal.kit.events import emit
from portal.kit.files import Kept, attach
from portal.kit.identifiers import bic_of, parse_iban
from portal.kit.keyring import ring
from portal.kit.problems import Refused
from portal.kit.references import new_ref
from portal.kit.text import N_
from portal.people import actions as people
from portal.people.access import user_by_email
from portal.referrers import access
from portal.referrers.banking_rules import Doubt, parties_of
from portal.referrers.banking_rules import doubts as doubts_of
from portal.referrers.events import (
    BankDetailChanged,
    BankDetailDoubtful,
    BankDetailRefused,
    ReferrerActivated,
    ReferrerApplied,
    ReferrerChanged,
    ReferrerInvited,
    StandingChanged,
)
from portal.referrers.rules import IBAN_WAIT, BankState, ReferrerState, Regime, Standing, Status, check_regime
from portal.search import access as search

IBAN = "bank_detail.iban"
ALREADY = N_("%(name)s est déjà apporteur, sous le numéro %(number)s.")
COLLEAGUE = N_("C'est l'adresse d'un collègue : un salarié de l'entreprise ne peut pas en être l'apporteur.")
BANK_SETTLED = N_("Ce changement de compte bancaire a déjà été traité.")


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
    """Create the referrer, give its owner a seat, and mail the invitation. Raises Refused for one who is here already."""
    await _refuse_known(email)
    made = await create(email=email, first_name=first_name, last_name=last_name, sales_user_id=sales_user_id)
    await people.give_seat(email, f"{first_name} {last_name}".strip(), made["id"], "owner", language=language)
    emit(ReferrerInvited(referrer_id=made["id"]))
    return made


async def _refuse_known(email: str) -> None:
    """One at a time per address, so that two colleagues cannot invite the same person at once."""
    await db.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 1))", f"referrer:{email.lower()}")
    if known := await access.referrer_by_email(email):
        raise Refused("already_referrer", ALREADY, number=known["number"], name=known["name"])
    user = await user_by_email(email)
    if user and user["staff_roles"]:
        raise Refused("colleague", COLLEAGUE)


async def fill_profile(
    referrer: db.Row, *, status: Status, vat_regime: Regime, since: date, vat_on_debits: bool = False, **values: Any
) -> db.Row:  # fmt: skip
    """Who the referrer is: names, identifiers and address, and the standing from a day on."""
    check_regime(status, vat_regime)
    await change_identity(referrer, **values)
    if await access.standing_on(referrer["id"], since) != Standing(status, vat_regime, vat_on_debits):
        await record_standing(referrer["id"], since, status, vat_regime, "profile", vat_on_debits)
    return await access.referrer(referrer["id"])


async def change_identity(referrer: db.Row, **values: Any) -> None:
    """Only what differs is written; who had applied is told of as changed."""
    changes = {name: value for name, value in values.items() if value != referrer[name]}
    if not changes:
        return
    sets = ", ".join(f'"{name}" = ${i}' for i, name in enumerate(changes, 2))
    await db.execute(
        f"UPDATE referrer SET {sets}, version = version + 1 WHERE id = $1", referrer["id"], *changes.values()
    )
    if "electronic_address" in changes:
        await db.insert(
            "electronic_address",
            referrer_id=referrer["id"], address=changes["electronic_address"], recorded_at=now(), by_user=current().actor.user_id,
        )  # fmt: skip
    await record("referrers.profile", "referrer", referrer["id"], fields=sorted(changes))
    await make_findable(referrer["id"])
    _changed(referrer)


async def record_standing(
    referrer_id: int,
    since: date,
    status: Status,
    vat_regime: Regime,
    source: str,
    vat_on_debits: bool = False,
    *,
    proof_file: int | None = None,
) -> None:
    """Dated, never overwritten: what is recorded later for the same day rules."""
    before, after = await access.standing_on(referrer_id, since), Standing(status, vat_regime, vat_on_debits)
    standing_id = await db.insert(
        "referrer_standing",
        referrer_id=referrer_id, since=since, status=status, vat_regime=vat_regime, vat_on_debits=vat_on_debits,
        source=source, recorded_at=now(), by_user=current().actor.user_id, proof_file=proof_file,
    )  # fmt: skip
    await record("referrers.standing", "referrer", referrer_id, status=status, vat_regime=vat_regime)
    _changed(await access.referrer(referrer_id))
    if before and before != after:
        emit(StandingChanged(referrer_id=referrer_id, standing_id=standing_id))


async def prove_debits(referrer: db.Row, standing: db.Row, kept: Kept) -> None:
    """The same record again, with the letter that proves the option for débits."""
    file = await attach(kept, "referrer", referrer["id"])
    await record_standing(
        referrer["id"], standing["since"], Status(standing["status"]), Regime(standing["vat_regime"]),
        standing["source"], standing["vat_on_debits"], proof_file=file["id"],
    )  # fmt: skip


async def apply(referrer_id: int) -> None:
    """All that a contract needs is there: the company is told. Nothing happens while something is missing."""
    referrer = await access.referrer(referrer_id)
    complete = await access.standing_on(referrer_id, today()) and await access.living_bank_details(
        referrer_id
    )
    if complete and referrer["state"] == ReferrerState.INVITED:
        await _move(referrer_id, [ReferrerState.INVITED], ReferrerState.APPLIED)
        emit(ReferrerApplied(referrer_id=referrer_id))


def _changed(referrer: db.Row) -> None:
    if referrer["state"] != ReferrerState.INVITED:
        emit(ReferrerChanged(referrer_id=referrer["id"]))


async def declare(referrer_id: int) -> None:
    """A natural person says who they are not: under age, of the house, tied to a public buyer."""
    await record("referrers.declared", "referrer", referrer_id)


async def keep_employer_consent(referrer: db.Row, kept: Kept) -> None:
    file = await attach(kept, "referrer", referrer["id"])
    await db.execute(
        "UPDATE referrer SET employer_consent_file = $2, version = version + 1 WHERE id = $1",
        referrer["id"],
        file["id"],
    )
    await record("referrers.employer_consent", "referrer", referrer["id"], file=file["id"])


async def give_bank_detail(
    referrer_id: int, holder: str, iban: str, *, vouched_by: int | None = None, by_code: bool = False
) -> None:
    """The first account is used at once, and one that somebody of the company vouches for.

    A change waits 72 h, during which nothing is paid; one made by a mailed code alone waits for finance to call back
    besides, as does any account in another name than the referrer's. The old address is told. Raises Invalid."""
    iban = parse_iban(iban)
    await db.row("SELECT 1 FROM referrer WHERE id = $1 FOR NO KEY UPDATE", referrer_id)
    living = await access.living_bank_details(referrer_id)
    blind = ring().blind(iban, IBAN)
    if living and living[0]["iban_blind"] == blind:
        return
    waits = bool(living) and not vouched_by
    doubts = [] if vouched_by else await _doubts(referrer_id, holder, iban, blind)
    await _replace([one for one in living if not waits or one["state"] != BankState.USABLE])
    made = await db.insert(
        "bank_detail",
        ref=new_ref(), referrer_id=referrer_id, holder=holder,
        iban_sealed=ring().seal(iban, IBAN), iban_blind=blind, last4=iban[-4:], bic=bic_of(iban) or "",
        state=_first_state(waits=waits, by_code=by_code, doubts=doubts),
        proposed_at=now(), by_user=current().actor.user_id, doubts=doubts,
        usable_from=now() + IBAN_WAIT if waits else now(), vouched_by=vouched_by,
    )  # fmt: skip
    await record("referrers.bank_changed" if waits else "referrers.bank_given", "referrer", referrer_id)
    if waits:
        emit(BankDetailChanged(bank_detail_id=made))
    if doubts:
        emit(BankDetailDoubtful(bank_detail_id=made))
    await make_findable(referrer_id)


def _first_state(*, waits: bool, by_code: bool, doubts: list[Doubt]) -> BankState:
    if Doubt.HOLDER in doubts or (waits and by_code):
        return BankState.PROPOSED
    return BankState.CONFIRMED if waits else BankState.USABLE


async def _doubts(referrer_id: int, holder: str, iban: str, blind: bytes) -> list[Doubt]:
    referrer = await access.referrer(referrer_id)
    return doubts_of(
        holder=holder, parties=parties_of(referrer), bank_country=iban[:2], country=referrer["country"],
        postcode=referrer["postcode"], shared=await access.is_shared(blind, referrer_id),
    )  # fmt: skip


async def _replace(details: list[db.Row]) -> None:
    await db.execute(
        "UPDATE bank_detail SET state = 'replaced', replaced_at = $2 WHERE id = ANY ($1)",
        [one["id"] for one in details], now(),
    )  # fmt: skip


async def vouch_for_bank_detail(waiting: db.Row) -> None:
    """Finance has called the referrer back on the number known before: the account is used from now on."""
    await _use(waiting, vouched_by=current().actor.user_id)
    await record("referrers.bank_vouched", "referrer", waiting["referrer_id"])


async def call_off_bank_detail(waiting: db.Row) -> None:
    """The change was not theirs: the account before it is used again. Raises Refused once the change has taken effect."""
    refused = await db.execute(
        "UPDATE bank_detail SET state = 'refused', replaced_at = $2 WHERE id = $1 AND state IN ('proposed', 'confirmed')",
        waiting["id"], now(),
    )  # fmt: skip
    if not refused:
        raise Refused("bank_detail_settled", BANK_SETTLED)
    await record("referrers.bank_called_off", "referrer", waiting["referrer_id"])
    emit(BankDetailRefused(bank_detail_id=waiting["id"]))


async def open_bank_details() -> int:
    """Accounts whose waiting time is over take the place of those before them; how many."""
    ripe = await db.rows(
        "SELECT * FROM bank_detail WHERE state = 'confirmed' AND usable_from <= $1 ORDER BY id FOR NO KEY UPDATE",
        now(),
    )
    for waiting in ripe:
        await _use(waiting, vouched_by=None)
        await record("referrers.bank_used", "referrer", waiting["referrer_id"])
    return len(ripe)


async def _use(waiting: db.Row, *, vouched_by: int | None) -> None:
    """The former one makes room first: an account in use is the only one."""
    await _replace(
        [
            one
            for one in await access.living_bank_details(waiting["referrer_id"])
            if one["id"] != waiting["id"]
        ]
    )
    used = await db.execute(
        """UPDATE bank_detail SET state = 'usable', usable_from = $2, vouched_by = $3
           WHERE id = $1 AND state IN ('proposed', 'confirmed')""",
        waiting["id"], now(), vouched_by,
    )  # fmt: skip
    if not used:
        raise Refused("bank_detail_settled", BANK_SETTLED)
    await make_findable(waiting["referrer_id"])


async def activate(referrer_id: int) -> None:
    """A contract is in force."""
    moved = await db.execute(
        "UPDATE referrer SET state = 'active' WHERE id = $1 AND state IN ('invited', 'applied', 'suspended', 'closed')",
        referrer_id,
    )
    if moved:
        await record("referrers.activated", "referrer", referrer_id)
        emit(ReferrerActivated(referrer_id=referrer_id))


async def suspend(referrer_id: int) -> None:
    """Nothing new for now; what was earned is still paid."""
    await _move(referrer_id, [ReferrerState.ACTIVE], ReferrerState.SUSPENDED)


async def close(referrer_id: int) -> None:
    """No contract any more; what was earned is still paid, and their space stays open."""
    await _move(referrer_id, [ReferrerState.ACTIVE, ReferrerState.SUSPENDED], ReferrerState.CLOSED)


async def call_off(referrer_id: int) -> None:
    """Invited, and the invitation is taken back before they came."""
    await _move(referrer_id, [ReferrerState.INVITED], ReferrerState.CLOSED)


async def _move(referrer_id: int, before: list[ReferrerState], after: ReferrerState) -> None:
    """Harmless for who is there already."""
    changed = await db.execute(
        "UPDATE referrer SET state = $3, version = version + 1 WHERE id = $1 AND state = ANY ($2::text[])",
        referrer_id,
        before,
        after,
    )
    if changed:
        await record(f"referrers.{after}", "referrer", referrer_id)


async def _next_number() -> str:
    """The next of the sequence that no import has taken already."""
    while True:
        position = await db.value("SELECT nextval('referrer_number')")
        number = f"R{position:04d}"
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
