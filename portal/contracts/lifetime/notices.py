"""What one side tells the other about a contract that stands: suspended, to be mended, ended; and its term, which renews."""

from datetime import date

from portal.contracts import access, actions
from portal.contracts.events import ContractRenewed, NoticeGiven, NoticeLifted
from portal.contracts.lifetime.letters import letter_of
from portal.contracts.lifetime.rules import (
    ENDING,
    MAY_GIVE,
    NoticeKind,
    NoticeState,
    Side,
    Terms,
    ends_on,
    next_term,
)
from portal.contracts.rules import STANDS, ContractState
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import current
from portal.kit.events import emit
from portal.kit.problems import NotAllowed, Refused, Stale
from portal.kit.references import new_ref
from portal.kit.text import N_, day
from portal.referrers import actions as referrers

STANDS_NOT = N_("Ce contrat n'est pas en vigueur.")
ENDS_ALREADY = N_("Ce contrat prend déjà fin le %(day)s.")
TOLD_ALREADY = N_("C'est déjà fait : relisez le contrat.")
NOT_THIS_SIDE = N_("Seule l'entreprise peut suspendre un contrat.")
REASON_MISSING = N_("Dites les faits : l'autre partie les lira.")
NOT_WARNED = N_("Envoyez d'abord une mise en demeure et laissez passer son délai, sauf manquement grave.")
NOT_YOURS = N_("Seule la partie qui l'a annoncé peut revenir dessus.")


async def give(
    contract: db.Row, kind: NoticeKind, side: Side, *, reason: str = "", wanted: date | None = None, grave: bool = False
) -> db.Row:  # fmt: skip
    """`wanted`: a later day than the notice asks. `grave`: a fault that nothing can mend needs no formal notice before."""
    contract = await _locked(contract)
    standing = await standing_of(contract["id"])
    _check(contract, standing, kind, side, reason, grave)
    until = ends_on(kind, today(), Terms.of(contract["filled"]), contract["term_on"], wanted)
    notice_id = await db.insert(
        "contract_notice",
        ref=new_ref(), contract_id=contract["id"], kind=kind, side=side, reason=reason,
        given_at=now(), given_by=current().actor.user_id, until=until,
        **(await letter_of(contract, kind, side, until, reason) if kind in ENDING and until else {}),
    )  # fmt: skip
    await actions.chain(
        contract["id"], f"contracts.notice_{kind}", notice=notice_id, side=side, until=str(until or "")
    )
    emit(NoticeGiven(notice_id=notice_id))
    await _effect(contract, kind, until)
    return await notice(notice_id)


def _check(
    contract: db.Row, standing: dict[str, db.Row], kind: NoticeKind, side: Side, reason: str, grave: bool
) -> None:
    if contract["state"] not in STANDS:
        raise Refused("stands_not", STANDS_NOT)
    if side not in MAY_GIVE[kind]:
        raise NotAllowed("not_this_side", NOT_THIS_SIDE)
    if kind in standing:
        raise Refused("told_already", TOLD_ALREADY)
    if contract["ends_on"] and kind in ENDING and kind != NoticeKind.FAULT:
        raise Refused("ends_already", ENDS_ALREADY, day=day(contract["ends_on"]))
    if kind in (NoticeKind.SUSPENSION, NoticeKind.FORMAL, NoticeKind.FAULT) and not reason.strip():
        raise Refused("reason_missing", REASON_MISSING)
    if kind is NoticeKind.FAULT and not grave and not _was_warned(standing.get(NoticeKind.FORMAL), side):
        raise Refused("not_warned", NOT_WARNED)


def _was_warned(formal: db.Row | None, side: Side) -> bool:
    return formal is not None and formal["side"] == side and formal["until"] <= today()


async def _effect(contract: db.Row, kind: NoticeKind, until: date | None) -> None:
    if kind is NoticeKind.SUSPENSION:
        await actions.move(contract, "suspend")
        if not await access.others_in_force(contract):
            await referrers.suspend(contract["referrer_id"])
    elif kind in ENDING:
        await _will_end(contract, until)


async def _will_end(contract: db.Row, until: date | None) -> None:
    """At once for a fault, whatever was announced before; else the clock ends it on its day."""
    await actions.drop_to_come(contract["id"])
    await db.execute(
        "UPDATE contract SET ends_on = $2, version = version + 1 WHERE id = $1", contract["id"], until
    )
    if until and until <= today():
        await _end(contract, until)


async def _end(contract: db.Row, on: date) -> None:
    await actions.end(contract, on)
    await _settle_all(contract["id"], NoticeState.DONE)


async def _settle_all(contract_id: int, state: NoticeState) -> None:
    await db.execute(
        "UPDATE contract_notice SET state = $2, settled_at = $3 WHERE contract_id = $1 AND state = 'standing'",
        contract_id, state, now(),
    )  # fmt: skip


async def lift(given: db.Row, side: Side) -> None:
    """Taken back by who gave it: the breach is mended, the suspension over, the end called off."""
    if given["side"] != side:
        raise NotAllowed("not_yours", NOT_YOURS)
    contract = await _locked(await access.contract(given["contract_id"]))
    lifted = await db.execute(
        "UPDATE contract_notice SET state = 'lifted', settled_at = $2 WHERE id = $1 AND state = 'standing'",
        given["id"], now(),
    )  # fmt: skip
    if not lifted:
        raise Stale("stale")
    await actions.chain(contract["id"], "contracts.notice_lifted", notice=given["id"])
    if given["kind"] == NoticeKind.SUSPENSION:
        await _resume(contract)
    elif given["kind"] in ENDING:
        await db.execute(
            "UPDATE contract SET ends_on = NULL, version = version + 1 WHERE id = $1", contract["id"]
        )
    emit(NoticeLifted(notice_id=given["id"]))


async def _resume(contract: db.Row) -> None:
    """An amendment whose day came meanwhile takes effect now."""
    await actions.move(contract, "resume")
    await referrers.activate(contract["referrer_id"])
    for coming in await access.to_come(contract["id"]):
        if coming["state"] == ContractState.AGREED and coming["starts_on"] <= today():
            await actions.take_effect(coming)


# The clock


async def end_due() -> int:
    """What was to end by today; how many."""
    due = await db.rows(
        "SELECT id, ends_on FROM contract WHERE state IN ('in_force', 'suspended') AND ends_on <= $1 ORDER BY referrer_id, id",
        today(),
    )
    for row in due:
        await _end(await access.contract(row["id"]), row["ends_on"])
    return len(due)


async def renew_due() -> int:
    """What has come to its term and nobody objected to goes on for as long again; how many."""
    due = await db.rows(
        """SELECT contract.id, contract.term_on, contract.filled, coalesce(original.starts_on, contract.starts_on) AS first_day
           FROM contract LEFT JOIN contract original ON original.id = contract.original_id
           WHERE contract.state IN ('in_force', 'suspended') AND contract.term_on <= $1
             AND (contract.ends_on IS NULL OR contract.ends_on > contract.term_on)
           ORDER BY contract.referrer_id, contract.id FOR NO KEY UPDATE OF contract""",
        today(),
    )
    for row in due:
        await _renew(row)
    return len(due)


async def _renew(row: db.Row) -> None:
    term_on = next_term(row["first_day"], Terms.of(row["filled"]).duration_months, today())
    await db.execute(
        "UPDATE contract SET term_on = $2, version = version + 1 WHERE id = $1", row["id"], term_on
    )
    await actions.chain(
        row["id"], "contracts.renewed", since=row["term_on"].isoformat(), until=term_on.isoformat()
    )
    emit(ContractRenewed(contract_id=row["id"]))


# Reading


async def notice(notice_id: int) -> db.Row:
    found = await db.row("SELECT * FROM contract_notice WHERE id = $1", notice_id)
    assert found is not None
    return found


async def notices_of(contract_id: int) -> list[db.Row]:
    return await db.rows(
        """SELECT notice.*, file.ref AS pdf_ref FROM contract_notice notice LEFT JOIN stored_file file ON file.id = notice.pdf_file
           WHERE notice.contract_id = $1 ORDER BY notice.id DESC""",
        contract_id,
    )


async def standing_of(contract_id: int) -> dict[str, db.Row]:
    """By kind: what was told and is not settled."""
    return {row["kind"]: row for row in await notices_of(contract_id) if row["state"] == NoticeState.STANDING}


async def _locked(contract: db.Row) -> db.Row:
    await actions.lock(contract["referrer_id"])
    return await access.contract(contract["id"])
