"""The only doors to what was told from outside."""

from portal.kit import db
from portal.kit.listing import Listing
from portal.kit.problems import NotFound
from portal.people.rules import Person, Role

MAY_SEE = (Role.FINANCE, Role.ADMIN)
EVENT = """
SELECT event.id, event.ref, event.external_id, event.kind, event.about, event.live, event.state, event.fault, event.tries,
       event.happened_at, event.received_at, event.ended_at, line.ref AS line_ref, referrer.ref AS referrer_ref
FROM webhook_event event
LEFT JOIN stripe_transfer transfer ON transfer.transfer = event.about
LEFT JOIN payout_line line ON line.id = transfer.line_id
LEFT JOIN stripe_account account ON account.account = event.about
LEFT JOIN referrer ON referrer.id = account.referrer_id
"""
SORTS = {"received": "received_at", "kind": "kind"}


async def event(event_id: int) -> db.Row:
    found = await db.row(f"{EVENT} WHERE event.id = $1", event_id)
    assert found is not None
    return found


async def event_for(person: Person, ref: str) -> db.Row:
    found = await db.row(f"{EVENT} WHERE event.ref = $1 AND $2", ref, person.may(*MAY_SEE))
    if found is None:
        raise NotFound("event")
    return found


async def events_page(listing: Listing) -> Listing:
    return await listing.fetch(
        f"SELECT * FROM ({EVENT}) event WHERE true",
        sorts=SORTS, where={"q": "about || ' ' || external_id ILIKE {}", "etat": "state = {}"}, then="id DESC",
    )  # fmt: skip
