"""The same prospect entered twice: one recommendation stays, the other leads there, and can be separated again.

Nothing is moved or rewritten: words, tasks, files and proofs keep their recommendation and are read from the one that
stays. Nobody loses their date: of two of the same referrer the earlier day counts; between two referrers only the one that
waits behind joins, and takes its turn after all when the other ends without a deal."""

from portal.clients import actions as clients
from portal.clients.keys import keys_of
from portal.history.access import record
from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import current
from portal.kit.problems import Refused, Stale
from portal.leads import access, actions
from portal.leads.dossier.merge_rules import (
    TOO_LATE,
    WHY_NOT,
    Obstacle,
    back_to,
    came_first,
    claimed_on,
    obstacle,
    separable,
)
from portal.leads.events import LeadMoved
from portal.leads.priority import claims
from portal.leads.rules import BY_NAME, CLAIMS, ENDED, LeadState

LIVING = "SELECT * FROM lead_merge WHERE lead_id = $1 AND separated_at IS NULL"


async def merge(goes: db.Row, stays: db.Row) -> db.Row:
    """`goes` joins `stays`. Raises Refused with the obstacle: what is asked twice at once is done once."""
    both = await _locked(goes, stays)
    goes, stays = both[goes["id"]], both[stays["id"]]
    own = await same_referrer(goes, stays)
    why = obstacle(stays, goes, same_referrer=own)
    if why is not Obstacle.NONE:
        raise Refused(f"merge_{why}", WHY_NOT[why])
    await _remember(goes, stays)
    await db.execute("UPDATE lead SET merged_into_id = $2 WHERE id = $1", goes["id"], stays["id"])
    if own:
        await _keep_the_earlier_day(goes, stays)
    await actions.move(goes, "merge")
    await _take_its_place(goes, await access.lead(stays["id"]))
    await clients.remember_keys("lead", stays["id"], _keys(goes))
    return await access.lead(stays["id"])


async def separate(lead: db.Row) -> db.Row:
    """On its own again, in the state in which it was. Raises Refused after thirty days, Stale when it is separated already."""
    merge = await db.row(LIVING, lead["id"])
    if merge is None:
        raise Stale("stale")
    if not separable(merge["at"], now()):
        raise Refused("merge_old", TOO_LATE)
    return await _separate(lead, merge)


async def give_their_turn(events: list[LeadMoved]) -> None:
    """What another referrer brought goes on by itself when the recommendation that it joined ends without a deal."""
    ended = list(dict.fromkeys(event.lead_id for event in events if BY_NAME[event.move].to in ENDED))
    joined = await db.rows(
        """SELECT merge.* FROM unnest($1::bigint[]) WITH ORDINALITY AS ended (id, place)
           JOIN lead_merge merge ON merge.into_id = ended.id
           JOIN lead ON lead.id = merge.lead_id JOIN lead stays ON stays.id = merge.into_id
           WHERE separated_at IS NULL AND lead.erased_at IS NULL AND lead.objected_at IS NULL
             AND root_of(lead.referrer_id) <> root_of(stays.referrer_id) ORDER BY place, lead.recommended_on, lead.id""",
        ended,
    )
    for row in joined:
        await _separate(await access.lead(row["lead_id"]), row, waits_its_turn=True)


async def same_referrer(one: db.Row, other: db.Row) -> bool:
    """Two files of one person are one referrer."""
    return one["referrer_id"] == other["referrer_id"] or await db.value(
        "SELECT root_of($1) = root_of($2)", one["referrer_id"], other["referrer_id"]
    )


async def co_referrers(lead_id: int) -> list[db.Row]:
    """Who else recommended the prospect and joined this recommendation: the deal may be shared with them. .id .ref .number .name"""
    return await db.rows(
        """SELECT DISTINCT referrer.id, referrer.ref, referrer.number,
                  coalesce(nullif(referrer.company_name, ''), concat_ws(' ', referrer.first_name, referrer.last_name)) AS name
           FROM lead stays JOIN lead ON lead.id = ANY ((SELECT same_dossier($1, false))::bigint[])
           JOIN referrer ON referrer.id = root_of(lead.referrer_id)
           WHERE stays.id = $1 AND referrer.id <> root_of(stays.referrer_id) ORDER BY referrer.id""",
        lead_id,
    )


async def _locked(goes: db.Row, stays: db.Row) -> dict[int, db.Row]:
    """Both as they are now, and no claim on the same company until this is written. Always in the same order."""
    await claims.lock(_keys(goes) | _keys(stays))
    rows = await db.rows(
        f"{access.LEAD} WHERE lead.id = ANY ($1) ORDER BY lead.id FOR NO KEY UPDATE OF lead",
        sorted({goes["id"], stays["id"]}),
    )
    return {row["id"]: row for row in rows}


async def _remember(goes: db.Row, stays: db.Row) -> None:
    await db.insert(
        "lead_merge",
        lead_id=goes["id"], into_id=stays["id"], was_state=goes["state"],
        claimed_on=stays["claimed_on"], priority_until=stays["priority_until"],
        at=now(), by_user=current().actor.user_id,
    )  # fmt: skip
    await record("leads.took_in", "lead", stays["id"], lead=goes["id"])


async def _keep_the_earlier_day(goes: db.Row, stays: db.Row) -> None:
    """Two receipts of one referrer, which both stand: the earlier day is theirs, and nothing that either promised is taken back."""
    await db.execute(
        """UPDATE lead SET claimed_on = nullif($2::date, recommended_on), priority_until = greatest(priority_until, $3),
                  contract_id = coalesce(contract_id, $4), version = version + 1 WHERE id = $1""",
        stays["id"], claimed_on(came_first(goes, stays)), goes["priority_until"], goes["contract_id"],
    )  # fmt: skip


async def _take_its_place(goes: db.Row, stays: db.Row) -> None:
    """Who waited behind the one that went waits behind the one that stays, or behind whatever that one waits for."""
    if stays["behind_lead_id"] == goes["id"]:
        stays = await actions.move(stays, "advance")
    front = stays["behind_lead_id"] or stays["id"]
    await db.execute(
        "UPDATE lead SET behind_lead_id = $2 WHERE behind_lead_id = $1 AND state IN ('waiting', 'disputed') AND id <> $2",
        goes["id"], front,
    )  # fmt: skip


async def _separate(lead: db.Row, merge: db.Row, *, waits_its_turn: bool = False) -> db.Row:
    both = await _locked(lead, await access.lead(merge["into_id"]))
    lead, stays = both[lead["id"]], both[merge["into_id"]]
    separated = await db.execute(
        "UPDATE lead_merge SET separated_at = $2, separated_by = $3 WHERE id = $1 AND separated_at IS NULL",
        merge["id"], now(), current().actor.user_id,
    )  # fmt: skip
    if not separated:
        raise Stale("stale")
    await _give_back(merge, lead)
    state = back_to(merge["was_state"], holds=waits_its_turn or stays["state"] in CLAIMS)
    front = (stays["behind_lead_id"] or stays["id"]) if state == LeadState.WAITING else None
    await actions.move(lead, "separate", back_to=state, behind=front)
    await db.execute("UPDATE lead SET merged_into_id = NULL WHERE id = $1", lead["id"])
    await _forget_keys(stays, lead)
    await record("leads.let_go", "lead", stays["id"], lead=lead["id"])
    return await access.lead(lead["id"])


async def _give_back(merge: db.Row, lead: db.Row) -> None:
    """The day that the one that stays had taken over; its priority too, unless that was prolonged since."""
    await db.execute(
        """UPDATE lead SET claimed_on = $2, version = version + 1,
                  priority_until = CASE WHEN priority_until = $4 THEN $3 ELSE priority_until END
           WHERE id = $1 AND claimed_on IS DISTINCT FROM $2""",
        merge["into_id"], merge["claimed_on"], merge["priority_until"], lead["priority_until"],
    )  # fmt: skip


async def _forget_keys(stays: db.Row, lead: db.Row) -> None:
    """What told the other alone no longer tells this one."""
    others = _keys(lead) - _keys(stays)
    await db.execute(
        """DELETE FROM match_key USING unnest($2::text[], $3::text[]) AS key (kind, value)
           WHERE subject_kind = 'lead' AND subject_id = $1 AND (match_key.kind, match_key.value) = (key.kind, key.value)""",
        stays["id"], [kind for kind, _value in others], [value for _kind, value in others],
    )  # fmt: skip


def _keys(lead: db.Row) -> frozenset[tuple[str, str]]:
    return frozenset(
        keys_of(
            name=lead["company_name"],
            siren=lead["siren"],
            email=lead["contact_email"],
            phone=lead["contact_phone"],
        )
    )
