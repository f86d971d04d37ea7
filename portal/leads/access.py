"""The only doors to recommendations."""

from collections.abc import Sequence
from datetime import datetime

from portal.kit import db
from portal.kit.listing import Listing
from portal.kit.problems import NotFound
from portal.leads.rules import OPEN, UNANSWERED
from portal.people.rules import Person, Seat

LEAD = """
SELECT lead.*, programme.name AS programme, programme.prospects, programme.answer_days, typist.name AS typed_by_name, sales.name AS sales_name, sales.phone AS sales_phone, sales.email AS sales_email,
       referrer.ref AS referrer_ref, referrer.number AS referrer_number,
       coalesce(nullif(referrer.company_name, ''), concat_ws(' ', referrer.first_name, referrer.last_name)) AS referrer_name
FROM lead
JOIN programme ON programme.id = lead.programme_id
JOIN referrer ON referrer.id = lead.referrer_id
LEFT JOIN app_user sales ON sales.id = lead.sales_user_id
LEFT JOIN app_user typist ON typist.id = lead.typed_by
"""


def check_acts(person: Person) -> None:
    """The accountant of a referrer reads and does nothing."""
    if person.seat is Seat.ACCOUNTANT:
        raise NotFound("seat")


async def lead_for(person: Person, ref: str) -> db.Row:
    """A referrer sees their own; staff see all."""
    found = await db.row(
        f"{LEAD} WHERE lead.ref = $1 AND ($2 OR lead.referrer_id = ANY ((SELECT ids_of($3))::bigint[]))",
        ref,
        person.is_staff,
        person.referrer_id,
    )
    if found is None:
        raise NotFound("lead")
    return found


async def lead_by_ref(ref: str) -> db.Row:
    """For who holds the key of its page, not for a person who signed in: those come through `lead_for`."""
    found = await db.row(f"{LEAD} WHERE lead.ref = $1", ref)
    if found is None:
        raise NotFound("lead")
    return found


async def lead(lead_id: int) -> db.Row:
    found = await db.row(f"{LEAD} WHERE lead.id = $1", lead_id)
    if found is None:
        raise NotFound("lead")
    return found


async def leads(lead_ids: Sequence[int]) -> dict[int, db.Row]:
    return {row["id"]: row for row in await db.rows(f"{LEAD} WHERE lead.id = ANY ($1)", lead_ids)}


async def not_imported(lead_ids: Sequence[int]) -> list[int]:
    """Those of them that somebody has just sent, in this order."""
    found = await db.rows("SELECT id FROM lead WHERE id = ANY ($1) AND source <> 'import'", lead_ids)
    sent = {row["id"] for row in found}
    return [lead_id for lead_id in lead_ids if lead_id in sent]


async def moves_of(lead_id: int) -> list[db.Row]:
    return await db.rows(
        """SELECT lead_move.*, app_user.name AS who FROM lead_move
           LEFT JOIN app_user ON app_user.id = lead_move.by_user WHERE lead_id = $1 ORDER BY lead_move.id""",
        lead_id,
    )


async def known_external_ids(external_ids: Sequence[str]) -> set[str]:
    found = await db.rows("SELECT external_id FROM lead WHERE external_id = ANY ($1)", external_ids)
    return {row["external_id"] for row in found}


async def by_external_id(external_id: str) -> db.Row | None:
    return await db.row(f"{LEAD} WHERE lead.external_id = $1", external_id)


SHOWN = 50  # of the inbox
WAITS = f"lead.state IN ({db.literals(UNANSWERED)})"


async def waits_for_answer() -> list[db.Row]:
    """The inbox: what sales have not answered, the nearest deadline first."""
    return await db.rows(f"{LEAD} WHERE {WAITS} ORDER BY lead.answer_due_at, lead.id LIMIT {SHOWN}")


async def inbox_mark() -> str:
    """Changes whenever what the inbox shows does: pages ask for it every second or so. Reads those few by their index."""
    return await db.value(
        f"""SELECT coalesce(md5(string_agg(concat_ws('.', id, version), ' ')), '') FROM (
              SELECT id, version FROM lead WHERE {WAITS} ORDER BY answer_due_at, id LIMIT {SHOWN}) shown"""
    )


SORTS = {"company": "lower(lead.company_name)", "day": "lead.submitted_at"}
# Whoever a referrer was before a merge counts as them: of each the first rows by their index, then the first of these.
OWN = """
FROM unnest((SELECT ids_of($1))) one (id) CROSS JOIN LATERAL (
  SELECT lead.id FROM lead WHERE lead.referrer_id = one.id AND {asked} {first}) own
"""
TYPED = "($2 = '' OR concat_ws(' ', lead.company_name, lead.contact_name, lead.siren) ILIKE '%' || $2 || '%')"


async def page_of(person: Person, listing: Listing) -> tuple[list[db.Row], int]:
    """One page of what a referrer brought, and how many there are in all."""
    asked, down = (person.referrer_id, listing.value("q")), listing.sort.startswith("-")
    order = listing.order_by(SORTS, "lead.id DESC" if down else "lead.id")
    rows = await _own(TYPED, order, listing.size, listing.offset, *asked)
    return rows, await db.value(f"SELECT count(*) {OWN.format(asked=TYPED, first='')}", *asked)


async def latest_of(referrer_id: int, limit: int = 50) -> list[db.Row]:
    """A referrer's own, the last to have moved first."""
    return await _own("true", "lead.moved_at DESC, lead.id DESC", limit, 0, referrer_id)


async def _own(asked: str, order: str, size: int, offset: int, *given: object) -> list[db.Row]:
    first = OWN.format(asked=asked, first=f"ORDER BY {order} LIMIT {offset + size:d}")
    return await db.rows(
        f"{LEAD} WHERE lead.id = ANY (ARRAY(SELECT own.id {first})) ORDER BY {order} LIMIT {size:d} OFFSET {offset:d}",
        *given,
    )


async def silent_since(instant: datetime, states: Sequence[str], limit: int) -> list[db.Row]:
    """At work without a move since then, the longest first."""
    return await db.rows(
        f"{LEAD} WHERE lead.state = ANY ($1) AND lead.moved_at < $2 ORDER BY lead.moved_at LIMIT $3",
        list(states), instant, limit,
    )  # fmt: skip


async def undecided(limit: int) -> list[db.Row]:
    """Dated before their contract: an administrator says whether they earn."""
    return await db.rows(f"{LEAD} WHERE lead.earns = 'undecided' ORDER BY lead.id LIMIT $1", limit)


async def behind(lead_id: int) -> list[db.Row]:
    """Those that wait behind it or contest that they do, in the order in which they came."""
    return await db.rows(
        f"""{LEAD} WHERE lead.behind_lead_id = $1 AND lead.state IN ('waiting', 'disputed')
            ORDER BY coalesce(lead.claimed_on, lead.recommended_on), lead.id""",
        lead_id,
    )


async def waited_for(lead_ids: Sequence[int]) -> list[int]:
    """Those of them behind which others wait or contest that they do, in this order."""
    found = await db.rows(
        "SELECT DISTINCT behind_lead_id FROM lead WHERE behind_lead_id = ANY ($1) AND state IN ('waiting', 'disputed')",
        lead_ids,
    )
    waited = {row["behind_lead_id"] for row in found}
    return [lead_id for lead_id in lead_ids if lead_id in waited]


async def without_contract(referrer_id: int, programme_id: int) -> list[db.Row]:
    return await db.rows(
        f"""{LEAD} WHERE lead.referrer_id = $1 AND lead.programme_id = $2 AND lead.contract_id IS NULL
            AND lead.state = ANY($3) ORDER BY lead.id""",
        referrer_id, programme_id, sorted(OPEN),
    )  # fmt: skip


async def note(note_id: int) -> db.Row:
    found = await db.row(
        """SELECT lead_note.*, app_user.name AS who FROM lead_note
           JOIN app_user ON app_user.id = lead_note.author_id WHERE lead_note.id = $1""",
        note_id,
    )
    assert found is not None
    return found


async def who_may_recommend(typed: str, limit: int) -> list[db.Row]:
    """Referrers by name, number or telephone, those who recommended last first."""
    return await db.rows(
        """SELECT * FROM (
             SELECT referrer.ref, referrer.number, referrer.phone, referrer.email,
                    coalesce(nullif(referrer.company_name, ''), concat_ws(' ', referrer.first_name, referrer.last_name)) AS name,
                    (SELECT max(submitted_at) FROM lead WHERE lead.referrer_id = referrer.id) AS last_at, referrer.id
             FROM referrer WHERE referrer.state IN ('invited', 'applied', 'active')
               AND concat_ws(' ', company_name, first_name, last_name, number, phone, email) ILIKE '%' || $1 || '%') found
           ORDER BY last_at DESC NULLS LAST, id DESC LIMIT $2""",
        typed, limit,
    )  # fmt: skip


async def leads_after(person: Person, after: int, limit: int) -> list[db.Row]:
    return await db.rows(
        f"{LEAD} WHERE lead.id > $1 AND ($2 OR lead.referrer_id = ANY ((SELECT ids_of($3))::bigint[])) ORDER BY lead.id LIMIT $4",
        after, person.is_staff, person.referrer_id, limit,
    )  # fmt: skip


async def referrer_numbered(number: str) -> int | None:
    return await db.value(
        "SELECT id FROM referrer WHERE number = $1 AND state NOT IN ('merged', 'closed')", number
    )


async def join_page_of(lead_id: int) -> str | None:
    """The address under which anybody may ask to recommend in the programme of this recommendation, while it is open."""
    return await db.value(
        """SELECT page.slug FROM application_page page JOIN lead ON lead.programme_id = page.programme_id
           WHERE lead.id = $1 AND page.opened AND NOT page.invited_only""",
        lead_id,
    )
