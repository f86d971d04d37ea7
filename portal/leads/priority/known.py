"""What the company knew of a recommended company before: its clients, its reserved accounts, what the register says. For
sales alone, with the proof; asked when sales look, so that handing in takes the same time whoever is recommended."""

from datetime import date, datetime
from typing import Any, Literal

import msgspec

from portal.clients.access import TOO_COMMON
from portal.clients.keys import keys_of
from portal.kit import db
from portal.kit.days import day_of
from portal.kit.rows import Row

# Whoever shares a telling key: a client with when it became one and by whom it was brought, an account with when it was listed.
KNOWN = f"""
SELECT coalesce(jsonb_agg(to_jsonb(found) ORDER BY found.since NULLS LAST, found.ref), '[]') FROM (
  WITH mine AS (SELECT * FROM unnest($2::text[], $3::text[]) AS key (kind, value)),
       shared AS (
         SELECT owner.subject_kind, owner.subject_id, array_agg(mine.kind) AS by FROM mine
         CROSS JOIN (VALUES ('client'), ('reserved')) AS wanted (subject_kind)
         CROSS JOIN LATERAL (
           SELECT few.*, count(*) OVER () AS owners FROM (
             SELECT subject_kind, subject_id FROM match_key
             WHERE (kind, value, subject_kind) = (mine.kind, mine.value, wanted.subject_kind) LIMIT {TOO_COMMON + 1}) few) owner
         WHERE owner.owners <= {TOO_COMMON} GROUP BY 1, 2)
  SELECT 'client' AS what, client.ref, client.name, client.siren, least(client.since, sold.first_on) AS since, shared.by,
         client.created_at AS noted_at, NULL::date AS until, NULL::timestamptz AS withdrawn_at, NULL AS owner,
         sold.ref AS deal_ref, sold.title AS deal_title, coalesce(sold.brought, false) AS brought
  FROM shared JOIN client ON client.id = shared.subject_id AND shared.subject_kind = 'client'
  CROSS JOIN LATERAL (
    SELECT min(deal.signed_on) AS first_on, (array_agg(deal.ref ORDER BY deal.signed_on, deal.id))[1] AS ref,
           (array_agg(deal.title ORDER BY deal.signed_on, deal.id))[1] AS title,
           bool_or(brought.referrer_id = $4 AND brought.priority_until >= $5) AS brought
    FROM deal LEFT JOIN lead brought ON brought.id = deal.lead_id
    WHERE deal.client_id = client.id AND deal.state <> 'cancelled' AND deal.lead_id IS DISTINCT FROM $1) sold
  WHERE client.since IS NOT NULL OR sold.first_on IS NOT NULL
  UNION ALL
  SELECT 'reserved', account.ref, account.name, account.siren, account.since, shared.by, account.listed_at, account.until,
         gone.at, coalesce(owner.name, lister.name), NULL, NULL, false
  FROM shared JOIN reserved_account account ON account.id = shared.subject_id AND shared.subject_kind = 'reserved'
  LEFT JOIN reserved_withdrawal gone ON gone.account_id = account.id
  LEFT JOIN app_user owner ON owner.id = account.owner_id LEFT JOIN app_user lister ON lister.id = account.listed_by
) found
"""


class Finding(msgspec.Struct, frozen=True):
    """`noted_at`: when it was written down here, what proves `since`."""

    what: Literal["client", "reserved"]
    ref: str
    name: str
    siren: str
    since: date
    by: list[str]
    noted_at: datetime
    until: date | None
    withdrawn_at: datetime | None
    owner: str | None
    deal_ref: str | None
    deal_title: str | None
    brought: bool  # by the same referrer, whose priority still runs

    @property
    def sure(self) -> bool:
        """A name or a number alone is a hint; a domain is its account's own."""
        own = {"reserved": "domain", "client": "email"}[self.what]
        return "siren" in self.by or own in self.by or {"name", "domain"} <= {*self.by}

    @property
    def reason(self) -> str:
        """The code of the refusal that fits."""
        return "already_client" if self.what == "client" else "already_known"

    def proves(self, lead: Row) -> bool:
        """Dated before the recommendation, and still so on its day."""
        before = (
            self.since < lead["recommended_on"]
            if self.what == "client"
            else self.noted_at < lead["submitted_at"]
        )
        return (
            self.sure and not self.brought and before and self.since <= lead["recommended_on"]
            and (self.until is None or self.until >= lead["recommended_on"])
            and (self.withdrawn_at is None or day_of(self.withdrawn_at) > lead["recommended_on"])
        )  # fmt: skip


def asked(lead: Row) -> tuple[int, list[str], list[str], int, date]:
    """The parameters of KNOWN: keys as typed today, so that a corrected number finds what it should."""
    keys = sorted(
        keys_of(
            name=lead["company_name"], siren=lead["siren"], email=lead["contact_email"], phone=lead["contact_phone"]
        )
    )  # fmt: skip
    if lead["erased_at"]:
        keys = []
    return lead["id"], [kind for kind, _ in keys], [value for _, value in keys], lead["referrer_id"], lead["recommended_on"]  # fmt: skip


def read(said: Any, lead: Row) -> list[Finding]:
    """As the database answered. Two SIREN are two companies, whatever their names."""
    found = msgspec.convert(said, list[Finding])
    return [one for one in found if not (one.siren and lead["siren"] and one.siren != lead["siren"])]


async def of(lead: db.Row) -> list[Finding]:
    return read(await db.value(KNOWN, *asked(lead)), lead)
