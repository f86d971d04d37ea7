"""The same amendment offered to all who stand under an older version of a plan: by a job, some at a time, each told once."""

from datetime import date

from portal.contracts import access
from portal.contracts.conditions import of_contract
from portal.contracts.events import RoundAsked
from portal.contracts.lifetime import amending
from portal.contracts.lifetime.amending import Proposal
from portal.contracts.rules import TERMS
from portal.history.access import record
from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import attempt, current
from portal.kit.events import emit
from portal.kit.problems import NotFound, Refused
from portal.kit.references import new_ref
from portal.kit.text import N_
from portal.plans import access as plans

AT_ONCE = 25
NOBODY = N_("Aucun contrat en vigueur ne suit une version plus ancienne de ce barème.")
NOT_PUBLISHED = N_("Publiez d'abord cette version.")
AT_WORK = N_("Des avenants de ce programme sont déjà en cours d'envoi.")
LEFT_OUT = {
    "conditions": N_("A des conditions particulières : à proposer un par un"),
    "suspended": N_("Suspendu"),
    "ends": N_("Prend bientôt fin"),
    "amended_already": N_("Un avenant déjà signé attend son jour"),
    "value_missing": N_("Une information manque au profil"),
    "too_soon": N_("Son contrat prévoit un préavis plus long"),
    "second_signatory_missing": N_("Il manque un second signataire"),
    "other": N_("N'a pas pu être écrit"),
}
TO_AMEND = """
FROM contract JOIN plan_version held ON held.id = contract.plan_version_id JOIN plan_version wanted ON wanted.id = $1
WHERE held.plan_id = wanted.plan_id AND held.number < wanted.number AND contract.state IN ('in_force', 'suspended') AND contract.id > $2
"""
ROUND = """
SELECT round.*, plan.name AS plan_name, plan_version.number AS plan_number, plan_version.ref AS version_ref, programme.name AS programme,
       app_user.name AS who
FROM amendment_round round JOIN plan_version ON plan_version.id = round.plan_version_id JOIN plan ON plan.id = plan_version.plan_id
JOIN programme ON programme.id = round.programme_id LEFT JOIN app_user ON app_user.id = round.asked_by
"""


async def how_many(version_id: int) -> int:
    return await db.value(f"SELECT count(*) {TO_AMEND}", version_id, 0)


async def ask(version_id: int, effective_on: date, reason: str, *, newest_text: bool) -> db.Row:
    """From now on a job writes and sends them. `effective_on` leaves the notice that the house writes into its contracts."""
    version = await plans.version(version_id)
    await db.execute("SELECT FROM programme WHERE id = $1 FOR NO KEY UPDATE", version["programme_id"])
    await amending.check_day(
        TERMS["notice_days"], Proposal(plan_version_id=version_id, effective_on=effective_on, reason=reason)
    )
    await _check(version)
    round_id = await db.insert(
        "amendment_round",
        ref=new_ref(), programme_id=version["programme_id"], plan_version_id=version_id, effective_on=effective_on,
        newest_text=newest_text, reason=reason, asked_at=now(), asked_by=current().actor.user_id, total=await how_many(version_id),
    )  # fmt: skip
    await record("contracts.round_asked", "amendment_round", round_id, version=version_id)
    emit(RoundAsked(round_id=round_id))
    found = await db.row(f"{ROUND} WHERE round.id = $1", round_id)
    assert found is not None
    return found


async def _check(version: db.Row) -> None:
    if version["state"] != "published":
        raise Refused("not_published", NOT_PUBLISHED)
    at_work = "SELECT EXISTS (SELECT FROM amendment_round WHERE programme_id = $1 AND finished_at IS NULL)"
    if await db.value(at_work, version["programme_id"]):
        raise Refused("at_work", AT_WORK)
    if not await how_many(version["id"]):
        raise Refused("nobody", NOBODY)


async def some(round_id: int) -> bool:
    """The next few; False when all are done. A job that is done twice goes on where the first stood."""
    row = await db.row("SELECT * FROM amendment_round WHERE id = $1 FOR NO KEY UPDATE", round_id)
    if row is None or row["finished_at"]:
        return False
    found = await db.rows(
        f"SELECT contract.id {TO_AMEND} ORDER BY contract.id LIMIT $3",
        row["plan_version_id"],
        row["after_id"],
        AT_ONCE,
    )
    for one in found:
        await _offer(row, await access.contract(one["id"]))
    done = len(found) < AT_ONCE
    after = found[-1]["id"] if found else row["after_id"]
    await db.execute(
        "UPDATE amendment_round SET after_id = $2, finished_at = $3 WHERE id = $1",
        round_id,
        after,
        now() if done else None,
    )
    return not done


async def _offer(row: db.Row, contract: db.Row) -> None:
    """One that cannot be written is left out with its reason; the others go on."""
    amendment_id, why = None, "conditions" if of_contract(contract) else ""
    if not why:
        try:
            async with attempt():
                amendment_id = (await amending.propose(contract, _proposal(row)))["id"]
        except Refused as no:
            why = _code(no, contract)
    await db.execute(
        "INSERT INTO amendment_round_contract (round_id, contract_id, amendment_id, left_out) VALUES ($1, $2, $3, $4)",
        row["id"], contract["id"], amendment_id, why,
    )  # fmt: skip


def _proposal(row: db.Row) -> Proposal:
    return Proposal(
        plan_version_id=row["plan_version_id"], effective_on=row["effective_on"], reason=row["reason"], newest_text=row["newest_text"]
    )  # fmt: skip


def _code(no: Refused, contract: db.Row) -> str:
    if contract["state"] == "suspended":
        return "suspended"
    return no.code if no.code in LEFT_OUT else "other"


# Reading


async def by_ref(ref: str) -> db.Row:
    found = await db.row(f"{ROUND} WHERE round.ref = $1", ref)
    if found is None:
        raise NotFound("round")
    return found


async def rounds_of(version_id: int) -> list[db.Row]:
    return await db.rows(f"{ROUND} WHERE round.plan_version_id = $1 ORDER BY round.id DESC", version_id)


async def offered(round_id: int) -> list[db.Row]:
    """Each contract of the round, with its amendment as it stands or why it has none."""
    return await db.rows(
        """SELECT one.left_out, contract.ref, contract.number, amendment.ref AS amendment_ref, amendment.number AS amendment,
                  amendment.state, amendment.refusal,
                  coalesce(nullif(referrer.company_name, ''), concat_ws(' ', referrer.first_name, referrer.last_name)) AS referrer_name
           FROM amendment_round_contract one JOIN contract ON contract.id = one.contract_id
           JOIN referrer ON referrer.id = contract.referrer_id LEFT JOIN contract amendment ON amendment.id = one.amendment_id
           WHERE one.round_id = $1 ORDER BY contract.id""",
        round_id,
    )
