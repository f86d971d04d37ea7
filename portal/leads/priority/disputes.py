"""Who was first, or whether a refusal is right: contested once, decided by somebody else, examined again once. What was
written stays; who recommended learns of their own recommendation alone."""

from datetime import date, datetime
from decimal import Decimal

import asyncpg

from portal.history.access import record_chained
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import current
from portal.kit.events import emit
from portal.kit.keyring import ring
from portal.kit.problems import Refused, Stale
from portal.kit.references import new_ref
from portal.kit.text import N_
from portal.leads import access as leads
from portal.leads import actions
from portal.leads.events import DisputeMoved, LeadMoved
from portal.leads.priority import access, claims
from portal.leads.priority.rules import (
    DECISIONS,
    WAITS,
    About,
    DisputeState,
    Side,
    appeal_until,
    check_decider,
    contests,
    decide_by,
    decisions_for,
    shares,
)
from portal.leads.rules import AT_WORK, CLAIMS, LeadState
from portal.people.rules import Person

NOTHING = N_("Il n'y a rien à contester ici pour l'instant.")
OPEN_ALREADY = N_("C'est déjà contesté : une seule fois suffit.")
OWN = N_("Celle qui passe devant est aussi la vôtre.")
CHOOSE = N_("Choisissez une des décisions proposées.")
WEIGHT = N_("Indiquez une part entre 1 et 99.")
ENDS = frozenset({"object", "erase", "withdraw", "advance"})


async def contest(lead: db.Row, body: str) -> db.Row:
    """By who recommended, or by sales for them. Raises Refused where there is nothing to contest."""
    about = contests(lead, now())
    if about is None:
        raise Refused("nothing_to_contest", NOTHING)
    against = await _other(lead, about)
    try:
        async with db.savepoint():
            dispute_id = await db.insert(
                "dispute",
                ref=new_ref(), lead_id=lead["id"], against_id=against and against["id"], about=about.value,
                refused_as=lead["reason"], state=DisputeState.OPENED.value,
                opened_by=current().actor.user_id, opened_at=now(), due_at=decide_by(today()),
            )  # fmt: skip
    except asyncpg.UniqueViolationError as twice:
        raise Refused("contested", OPEN_ALREADY) from twice
    await actions.move(lead, "dispute")
    await _write(dispute_id, "opening", body)
    return await access.dispute(dispute_id)


async def _other(lead: db.Row, about: About) -> db.Row | None:
    """The recommendation that goes first, of somebody else."""
    known = lead["behind_lead_id"] if about is About.FIRST else await claims.holder(lead)
    other = await leads.lead(known) if known else None
    if other and other["referrer_id"] == lead["referrer_id"]:
        if about is About.FIRST:
            raise Refused("own_line", OWN)
        return None
    if other and await db.value("SELECT EXISTS (SELECT FROM dispute WHERE (lead_id, against_id) = ($1, $2))", other["id"], lead["id"]):  # fmt: skip
        raise Refused("contested", OPEN_ALREADY)
    return other


async def appeal(lead: db.Row, dispute: db.Row, body: str) -> None:
    """Once, by whom the decision put behind; an administrator decides. Raises Stale when somebody was faster."""
    changed = await db.execute(
        """UPDATE dispute SET state = 'appealed', appealed_at = $2, appealed_lead_id = $3, due_at = $4, version = version + 1
           WHERE id = $1 AND state = 'decided'""",
        dispute["id"], now(), lead["id"], decide_by(today()),
    )  # fmt: skip
    if not changed:
        raise Stale("stale")
    await actions.move(lead, "appeal")
    await _write(dispute["id"], "appeal", body)


async def decide(
    dispute: db.Row, person: Person, version: int, code: str, body: str, share_percent: int | None = None
) -> None:
    """`body`: why, for colleagues alone; who recommended reads the sentence of the decision. Raises Refused, or Stale."""
    check_decider(dispute, person.user_id, person.roles, dispute["refused_by"])
    if code not in decisions_for(dispute["about"], two=dispute["against_id"] is not None):
        raise Refused("decision_unknown", CHOOSE)
    side = DECISIONS[code].side
    if side is Side.SHARED and not 1 <= (share_percent or 0) <= 99:
        raise Refused("share_missing", WEIGHT)
    weight = share_percent if side is Side.SHARED else None
    second = dispute["state"] == DisputeState.APPEALED
    changed = await db.execute(
        """UPDATE dispute SET state = $2, decision = $3, share_percent = $4, decided_by = $5, decided_at = $6, appeal_until = $7,
                  version = version + 1 WHERE id = $1 AND version = $8 AND state = ANY ($9)""",
        dispute["id"], DisputeState.CLOSED if second else DisputeState.DECIDED, code, weight, person.user_id, now(),
        None if second else appeal_until(today()), version, sorted(WAITS),
    )  # fmt: skip
    if not changed:
        raise Stale("stale")
    await _apply(dispute, side)
    await _write(dispute["id"], "second_decision" if second else "decision", body, code, weight)


async def _apply(dispute: db.Row, side: Side) -> None:
    """The recommendations stand as decided: one goes first, or both, and what waited behind the other waits behind it."""
    first, other = await leads.lead(dispute["lead_id"]), await _living(dispute["against_id"])
    if side is Side.SHARED:
        for one in filter(None, (first, other)):
            await _win(one)
    elif side is Side.FOR and dispute["about"] == About.REFUSAL and other and _came(other) < _came(first):
        await actions.move(
            first, "decide_behind", behind=other["id"]
        )  # wrongly refused, and still the later one
    else:
        winner, loser = (first, other) if side is Side.FOR else (other, first)
        if winner:
            await _win(winner)
        if loser:
            await _lose(loser, winner, dispute)


async def _living(lead_id: int | None) -> db.Row | None:
    """What ended meanwhile claims nothing any more."""
    lead = await leads.lead(lead_id) if lead_id else None
    return lead if lead and lead["state"] in CLAIMS else None


def _came(lead: db.Row) -> tuple[date, int]:
    return lead["recommended_on"], lead["id"]


async def _win(lead: db.Row) -> None:
    if lead["state"] == LeadState.DISPUTED:
        await actions.move(lead, "decide_for")


async def _lose(lead: db.Row, winner: db.Row | None, dispute: db.Row) -> None:
    refused = lead["id"] == dispute["lead_id"] and dispute["about"] == About.REFUSAL
    if lead["state"] == LeadState.DISPUTED and (refused or winner is None):
        await actions.move(lead, "decide_against", reason=dispute["refused_as"])
    elif winner and lead["state"] == LeadState.DISPUTED:
        await actions.move(lead, "decide_behind", behind=winner["id"])
    elif winner and lead["state"] in AT_WORK | {LeadState.SUBMITTED}:
        await actions.move(lead, "yield", behind=winner["id"])
    if winner:
        await db.execute(
            """UPDATE lead SET behind_lead_id = $2 WHERE behind_lead_id = $1 AND state IN ('waiting', 'disputed') AND id <> $2""",
            lead["id"], winner["id"],
        )  # fmt: skip


async def _write(
    dispute_id: int, kind: str, body: str, decision: str = "", percent: int | None = None
) -> None:
    """The words can be erased; the chain keeps a keyed digest of them."""
    word_id = await db.insert(
        "dispute_word",
        dispute_id=dispute_id, kind=kind, decision=decision, share_percent=percent, body=body,
        author_id=current().actor.user_id, at=now(),
    )  # fmt: skip
    await record_chained(
        f"dispute:{dispute_id}", f"leads.dispute_{kind}", "dispute", dispute_id,
        word=word_id, decision=decision, words=ring().blind(body, "dispute_word.body").hex(),
    )  # fmt: skip
    emit(DisputeMoved(dispute_id=dispute_id, word_id=word_id))


async def drop(events: list[LeadMoved]) -> None:
    """The recommendation ended, or its turn came: nothing is left to decide."""
    if ended := [event.lead_id for event in events if event.move in ENDS]:
        await db.execute(
            """UPDATE dispute SET state = 'dropped', version = version + 1
               WHERE (state = 'opened' AND lead_id = ANY ($1)) OR (state = 'appealed' AND appealed_lead_id = ANY ($1))""",
            ended,
        )


async def forget_words(lead_id: int, at: datetime) -> None:
    """What was written about somebody who is to be forgotten."""
    await db.execute(
        """UPDATE dispute_word SET body = '', erased_at = $2 WHERE erased_at IS NULL
             AND dispute_id IN (SELECT id FROM dispute WHERE lead_id = $1 OR against_id = $1)""",
        lead_id, at,
    )  # fmt: skip
    await db.execute(
        "UPDATE lead_extension SET body = '', erased_at = $2 WHERE lead_id = $1 AND erased_at IS NULL",
        lead_id,
        at,
    )


async def erase_of(user_id: int) -> None:
    """What somebody wrote who is to be forgotten."""
    for table, author in (("dispute_word", "author_id"), ("lead_extension", "by_user")):
        await db.execute(
            f"UPDATE {table} SET body = '', erased_at = $2 WHERE {author} = $1 AND erased_at IS NULL",
            user_id,
            now(),
        )


async def suggested_shares(lead: db.Row) -> dict[int, Decimal]:
    """Referrer → per cent of a deal on this company, as a dispute was decided; empty where none was."""
    dispute = await access.latest_dispute(lead["id"])
    if dispute is None or not dispute["decision"] or dispute["against_id"] is None:
        return {}
    first, other = [
        lead if each == lead["id"] else await leads.lead(each)
        for each in (dispute["lead_id"], dispute["against_id"])
    ]
    return shares(dispute, first["referrer_id"], other["referrer_id"])
