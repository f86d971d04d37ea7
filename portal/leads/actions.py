"""What is done with recommendations."""

from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from portal.clients import actions as clients
from portal.clients.keys import keys_of
from portal.contracts import access as contracts
from portal.contracts.events import ContractInForce
from portal.history.access import record
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import current
from portal.kit.events import emit
from portal.kit.problems import Refused, Stale
from portal.kit.references import new_ref
from portal.kit.text import N_
from portal.leads import access
from portal.leads.conversation.rules import side_of
from portal.leads.dossier import words
from portal.leads.events import EarnsDecided, LeadMoved, LeadNoted, LeadSubmitted
from portal.leads.fields import reasons
from portal.leads.priority import claims, receipts
from portal.leads.prospect import opposing
from portal.leads.rules import (
    BY_NAME,
    ENDED,
    KEEPS_ITS_PLACE,
    Came,
    LeadState,
    accepted_until,
    answer_due,
    check,
    earns_under,
    priority_until,
    unsigned_until,
)
from portal.search import access as search

ITSELF = Came()


async def submit(
    referrer_id: int, *, company_name: str, consent: str, programme_id: int | None = None, siren: str = "",
    contact_name: str = "", contact_email: str = "", contact_phone: str = "", need: str = "",
    estimate_cents: int | None = None, source: str = "form", recommended_on: date | None = None,
    external_id: str | None = None, sales_user_id: int | None = None, postcode: str = "", city: str = "",
    country: str = "FR", came: Came = ITSELF,
) -> db.Row:  # fmt: skip
    """A recommendation is received; behind an earlier claim on the same company it waits its turn.

    Brought again under the same `external_id`, it is the one that is there already. Raises Refused for somebody who
    does not want to be contacted."""
    if external_id and (known := await access.by_external_id(external_id)):
        return known
    await opposing.refuse_opposed(
        opposing.keys_of(
            email=contact_email, phone=contact_phone, company_name=company_name, contact_name=contact_name
        )
    )
    programme = await programme_of(referrer_id, programme_id)
    on = recommended_on or today()
    await contracts.refuse_unless_open(referrer_id, programme["id"], on)
    contract = await contracts.in_force(referrer_id, programme["id"], today())
    keys = keys_of(name=company_name, siren=siren, email=contact_email, phone=contact_phone)
    earlier = await claims.earlier(keys, persons=programme["prospects"] != "business")
    lead_id = await db.insert(
        "lead",
        ref=new_ref(), external_id=external_id, referrer_id=referrer_id,
        company_name=company_name, siren=siren, postcode=postcode, city=city, country=country,
        contact_name=contact_name, contact_email=contact_email, contact_phone=contact_phone,
        need=need, consent=consent, source=source, estimate_cents=estimate_cents,
        sales_user_id=sales_user_id or programme["sales_user_id"],
        **asdict(came), **arrival(programme, contract, earlier, on),
    )  # fmt: skip
    await clients.remember_keys("lead", lead_id, keys)
    await _remember_move(lead_id, "submit", "", LeadState.WAITING if earlier else LeadState.SUBMITTED, "", on)
    await record("leads.submitted", "lead", lead_id, source=source, behind=earlier)
    lead = await access.lead(lead_id)
    await receipts.keep(lead)
    await _make_findable(lead)
    emit(LeadSubmitted(lead_id=lead_id))
    return lead


def arrival(programme: db.Row, contract: db.Row | None, behind: int | None, on: date) -> dict[str, Any]:
    """How it stands when it comes in, by column."""
    return {
        "programme_id": programme["id"], "contract_id": contract["id"] if contract else None,
        "state": LeadState.WAITING if behind else LeadState.SUBMITTED, "behind_lead_id": behind,
        "recommended_on": on, "submitted_at": now(), "moved_at": now(),
        "answer_due_at": answer_due(today(), programme["answer_days"]),
        "earns": "undecided" if contract and on < contract["starts_on"] else "yes",
        "priority_until": None if contract else unsigned_until(on),
    }  # fmt: skip


async def remember_keys(lead: db.Row) -> None:
    """Of a contact that has changed; the old keys stay."""
    keys = keys_of(
        name=lead["company_name"],
        siren=lead["siren"],
        email=lead["contact_email"],
        phone=lead["contact_phone"],
    )
    await clients.remember_keys("lead", lead["id"], keys)


async def move(
    lead: db.Row, name: str, *, reason: str = "", on: date | None = None,
    back_to: str | None = None, behind: int | None = None,
) -> db.Row:  # fmt: skip
    """Perform one move of the table. `back_to`: the state before, for a move that leads back; `behind`: the one that it
    waits for from now on. Raises Refused when the state does not allow it, Stale when it just changed."""
    step = BY_NAME[name]
    to = back_to if step.back and back_to else step.to
    check(step, lead["state"], reason, await reasons.codes(name) if step.needs_reason else None)
    changes = await _effects(lead, name)
    moved = await db.execute(
        f"""UPDATE lead SET state = $2, reason = $3, moved_at = $4, version = version + 1,
                  accepted_at = coalesce($5, accepted_at), priority_until = coalesce($6, priority_until),
                  behind_lead_id = CASE WHEN $2 IN ({db.literals(KEEPS_ITS_PLACE)}) THEN coalesce($8, behind_lead_id) END
           WHERE id = $1 AND state = $7""",
        lead["id"], to, reason, now(), changes.get("accepted_at"), changes.get("priority_until"), lead["state"], behind,
    )  # fmt: skip
    if not moved:
        raise Stale("stale")
    move_id = await _remember_move(lead["id"], name, lead["state"], to, reason, on or today())
    await record(f"leads.{name}", "lead", lead["id"], reason=reason)
    emit(LeadMoved(lead_id=lead["id"], move_id=move_id, move=name))
    return await access.lead(lead["id"])


async def note(lead: db.Row, body: str, *, shared: bool) -> None:
    """A word on the recommendation; a shared one is told to the other side."""
    author, salt = current().actor.user_id, words.new_salt()
    note_id = await db.insert(
        "lead_note",
        ref=new_ref(), lead_id=lead["id"], author_id=author, side=side_of(current().actor).value,
        body=body, shared=shared, salt=salt, at=now(),
    )  # fmt: skip
    await record(
        "leads.noted", "lead", lead["id"], note=note_id, shared=shared, digest=words.digest(salt, body)
    )
    if shared:
        emit(LeadNoted(note_id=note_id))


async def decide_earns(lead: db.Row, earns: str) -> None:
    """An administrator decides whether a recommendation dated before its contract earns."""
    await db.execute("UPDATE lead SET earns = $2, version = version + 1 WHERE id = $1", lead["id"], earns)
    await record("leads.earns_decided", "lead", lead["id"], earns=earns)
    emit(EarnsDecided(lead_id=lead["id"]))


async def let_the_next_in(events: list[LeadMoved]) -> None:
    """A recommendation ended without a deal: the first that waits behind it, or contests that it does, takes its turn; the
    others wait behind that one."""
    ended = [event.lead_id for event in events if BY_NAME[event.move].to in ENDED]
    for lead_id in await access.waited_for(ended):
        waiting = await access.behind(lead_id)
        if not waiting:
            continue
        first = waiting[0]
        await db.execute(
            """UPDATE lead SET behind_lead_id = $2 WHERE behind_lead_id = $1 AND state IN ('waiting', 'disputed')
                 AND id <> $2""",
            lead_id, first["id"],
        )  # fmt: skip
        await move(first, "advance")


async def adopt_contract(events: list[ContractInForce]) -> None:
    """What was recommended before any contract now stands under the one just signed."""
    for event in events:
        contract = await contracts.contract(event.contract_id)
        for lead in await access.without_contract(contract["referrer_id"], contract["programme_id"]):
            await db.execute(
                """UPDATE lead SET contract_id = $2, earns = $3, version = version + 1,
                          priority_until = CASE WHEN accepted_at IS NULL THEN NULL ELSE $4::date END WHERE id = $1""",
                lead["id"], contract["id"], earns_under(lead["recommended_on"], contract["starts_on"]),
                priority_until(lead["recommended_on"], contract["priority_months"]),
            )  # fmt: skip
            await record("leads.contract", "lead", lead["id"], contract=contract["id"])


async def _effects(lead: db.Row, name: str) -> dict[str, Any]:
    if name not in ("accept", "decide_for"):
        return {}
    months = await db.value("SELECT priority_months FROM contract WHERE id = $1", lead["contract_id"])
    return {
        "accepted_at": now(),
        "priority_until": accepted_until(lead["recommended_on"], months, lead["priority_until"]),
    }


async def _remember_move(lead_id: int, name: str, before: str, after: str, reason: str, on: date) -> int:
    return await db.insert(
        "lead_move",
        lead_id=lead_id, move=name, from_state=before, to_state=after, reason=reason,
        by_user=current().actor.user_id, at=now(), on_day=on,
    )  # fmt: skip


async def programme_of(referrer_id: int, programme_id: int | None = None) -> db.Row:
    """The one asked for, else that of the contract in force, else the first that is open; with who looks after the referrer."""
    return (await programmes_of([referrer_id], programme_id))[referrer_id]


async def programmes_of(referrer_ids: Collection[int], programme_id: int | None = None) -> dict[int, db.Row]:
    """The same for each of them, with their name. Raises Refused when there is none for somebody."""
    found = await db.rows(
        """SELECT one.*, asked.id AS referrer_id, referrer.sales_user_id,
                  coalesce(nullif(referrer.company_name, ''), concat_ws(' ', referrer.first_name, referrer.last_name)) AS referrer_name
           FROM unnest($1::bigint[]) AS asked (id) LEFT JOIN referrer ON referrer.id = asked.id CROSS JOIN LATERAL (
             SELECT programme.* FROM programme
             LEFT JOIN contract ON contract.programme_id = programme.id AND contract.referrer_id = asked.id
                  AND contract.state IN ('in_force', 'suspended')
             WHERE CASE WHEN $2::bigint IS NULL
               THEN contract.id IS NOT NULL OR (programme.starts_on <= $3 AND (programme.ends_on IS NULL OR programme.ends_on > $3))
               ELSE programme.id = $2 END
             ORDER BY contract.id IS NULL, programme.id LIMIT 1) one""",
        list(referrer_ids), programme_id, today(),
    )  # fmt: skip
    if len(found) < len(referrer_ids):
        raise Refused("no_programme", N_("Aucun programme n'est ouvert pour l'instant."))
    return {row["referrer_id"]: row for row in found}


async def _make_findable(lead: db.Row) -> None:
    await search.put("lead", **asdict(findable(lead)))


def findable(lead: db.Row | Mapping[str, Any]) -> search.Findable:
    return search.Findable(
        lead["id"],
        title=lead["company_name"], subtitle=lead["referrer_name"], path=f"/recommandations/{lead['ref']}",
        find=(lead["siren"], lead["contact_name"], lead["external_id"] or ""), referrer_id=lead["referrer_id"],
    )  # fmt: skip
