"""Clients as a list: a million are searched by the beginnings of words and by SIREN, counted up to a bound."""

from datetime import date

from portal.kit import db
from portal.kit.listing import Listing
from portal.search.access import words

MOST = 10_000
# Whether it has deals is asked of each client shown: an EXISTS would read the deals of all.
SELECT = """
SELECT client.id, client.ref, client.name, client.siren, client.city, client.country, client.external_id,
       coalesce(client.since, client.created_at::date) AS since,
       coalesce((SELECT true FROM deal WHERE deal.client_id = client.id LIMIT 1), false) AS has_deals
FROM client WHERE client.merged_into IS NULL AND $1::date IS NOT NULL
"""
NAMED = """
AND client.id IN (SELECT coalesce(found.merged_into, found.id) FROM search_row JOIN client found ON found.id = search_row.subject_id
                  WHERE search_row.kind = 'client' AND to_tsvector('simple', search_row.words) @@ to_tsquery('simple', $2))
"""
# The telling keys of a recommendation at work whose priority still runs.
IN_PRIORITY = """
client.id IN (
  SELECT coalesce(found.merged_into, found.id) FROM lead
  JOIN match_key theirs ON theirs.subject_kind = 'lead' AND theirs.subject_id = lead.id AND theirs.kind IN ('siren', 'email', 'phone')
  JOIN match_key ours ON ours.subject_kind = 'client' AND (ours.kind, ours.value) = (theirs.kind, theirs.value)
  JOIN client found ON found.id = ours.subject_id
  WHERE lead.priority_until >= $1 AND lead.state IN ('accepted', 'contacted', 'qualified', 'proposal'))
"""
AMONG = {
    "affaires": "client.id IN (SELECT coalesce(found.merged_into, found.id) FROM deal JOIN client found ON found.id = deal.client_id)",
    "importes": "client.external_id IS NOT NULL",
    "priorite": IN_PRIORITY,
}
SORTS = {"name": "lower(client.name)", "since": "client.created_at", "siren": "client.siren"}


async def fetch(listing: Listing, today: date) -> Listing:
    """Filters `q` (words or a SIREN) and `parmi`, a key of AMONG."""
    query = " & ".join(f"{word}:*" for word in words(_together(listing.value("q"))).split())
    among = AMONG.get(listing.value("parmi"), "")
    select = SELECT + (NAMED if query else "") + (f" AND {among}" if among else "")
    listing.most = MOST
    return await listing.fetch(select, today, *([query] if query else []), sorts=SORTS, then="client.id DESC")


def _together(typed: str) -> str:
    """732 829 320 is one word."""
    return typed.replace(" ", "") if typed.replace(" ", "").isdigit() else typed


async def recommendations_of(client_id: int, limit: int = 50) -> list[db.Row]:
    """Those that named this company, the first first, with whose they are and by what they are the same."""
    return await db.rows(
        """SELECT lead.ref, lead.company_name, lead.state, lead.recommended_on, lead.priority_until, named.by,
                  referrer.ref AS referrer_ref,
                  coalesce(nullif(referrer.company_name, ''), concat_ws(' ', referrer.first_name, referrer.last_name)) AS referrer_name
           FROM (SELECT theirs.subject_id AS lead_id, array_agg(DISTINCT ours.kind) AS by
                 FROM match_key ours JOIN match_key theirs USING (kind, value)
                 WHERE ours.subject_kind = 'client' AND ours.subject_id = ANY ((SELECT clients_of($1))::bigint[])
                   AND theirs.subject_kind = 'lead' AND ours.kind <> 'domain' GROUP BY 1 LIMIT 1000) named
           JOIN lead ON lead.id = named.lead_id JOIN referrer ON referrer.id = lead.referrer_id
           WHERE lead.state NOT IN ('draft', 'erased', 'merged') ORDER BY lead.recommended_on, lead.id LIMIT $2""",
        client_id, limit,
    )  # fmt: skip


KNOWN = """
SELECT coalesce((SELECT jsonb_object_agg(name, value) FROM client_tag WHERE client_id = client.id), '{}') AS tags,
       coalesce((SELECT jsonb_agg(jsonb_build_object('ref', ref, 'name', name, 'siren', siren) ORDER BY id)
                 FROM client other WHERE other.merged_into = client.id), '[]') AS family,
       coalesce((SELECT jsonb_agg(DISTINCT jsonb_build_array(kind, value)) FROM match_key
                 WHERE subject_kind = 'client' AND subject_id = ANY (clients_of(client.id))), '[]') AS keys,
       (SELECT name FROM territory WHERE id = territory_of(client.postcode, client.country)) AS territory, money.*
FROM client CROSS JOIN LATERAL (
  SELECT coalesce(sum(deal.net_cents) FILTER (WHERE deal.state <> 'cancelled'), 0)::bigint AS signed_cents,
         coalesce(sum(paid.cents), 0)::bigint AS paid_cents, min(deal.signed_on) AS first_on, count(deal.id) AS deals
  FROM deal LEFT JOIN LATERAL (
    SELECT sum(CASE kind WHEN 'payment' THEN net_cents ELSE -net_cents END) AS cents
    FROM client_payment WHERE client_payment.deal_id = deal.id) paid ON true
  WHERE deal.client_id = ANY (clients_of(client.id))) money
WHERE client.id = $1
"""


async def known_of(client_id: int) -> db.Row:
    """All else that a page shows of it, asked once: tags, other names, keys, territory; HT: signed, and paid less what went back."""
    found = await db.row(KNOWN, client_id)
    assert found is not None
    return found
