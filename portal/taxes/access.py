"""The only doors to what was paid in a year. A year is a civil year in Paris; what counts is the day a transfer arrived."""

from datetime import date
from typing import NamedTuple

from portal.gifts.register.access import BENEFITS
from portal.kit import db, files
from portal.kit.listing import Listing
from portal.kit.problems import NotFound
from portal.people.rules import Person, Role
from portal.referrers.access import NAME
from portal.taxes.rules import Declared, Total

MAY_SEE_ALL = (Role.FINANCE, Role.ADMIN)
# A transfer that came back has another state; what a credit note took has reduced its line already.
PAYMENTS = """
SELECT line.id, line.ref, coalesce(referrer.alias_of, line.referrer_id) AS referrer_id, line.net_cents, line.vat_cents, line.withheld_cents, line.total_cents, run.number AS run_number,
       run.legal_entity_id, line.settled_on, extract(year FROM line.settled_on)::int AS year, standing.status, coalesce(bank.last4, '') AS last4
FROM payout_line line
JOIN referrer ON referrer.id = line.referrer_id
JOIN payout_run run ON run.id = line.run_id
LEFT JOIN bank_detail bank ON bank.id = line.bank_detail_id
LEFT JOIN LATERAL (
  SELECT status FROM referrer_standing WHERE referrer_id = line.referrer_id AND since <= line.settled_on
  ORDER BY since DESC, id DESC LIMIT 1
) standing ON true
WHERE line.state = 'settled'
"""


async def payments_of(referrer_id: int, year: int) -> list[db.Row]:
    return await db.rows(
        f"{PAYMENTS} AND line.referrer_id = ANY ((SELECT ids_of($1))::bigint[]) AND line.settled_on BETWEEN $2 AND $3 ORDER BY line.settled_on, line.id",
        referrer_id, date(year, 1, 1), date(year, 12, 31),
    )  # fmt: skip


YEARS_OF = f"""
SELECT year, sum(payments)::int AS payments, sum(net_cents)::bigint AS net_cents, sum(vat_cents)::bigint AS vat_cents,
       sum(in_kind_cents)::bigint AS in_kind_cents, sum(net_cents + vat_cents + in_kind_cents)::bigint AS total_cents
FROM (
  SELECT year, 1 AS payments, net_cents, vat_cents, 0::bigint AS in_kind_cents
  FROM ({PAYMENTS} AND line.referrer_id = ANY ((SELECT ids_of($1))::bigint[])) paid
  UNION ALL
  SELECT year, 0, 0, 0, value_cents FROM ({BENEFITS} AND gift.referrer_id = ANY ((SELECT ids_of($1))::bigint[])) given
) each GROUP BY year ORDER BY year DESC
"""


async def years_of(referrer_id: int) -> list[db.Row]:
    """Each year in which something was paid or given, the latest first, with its totals."""
    return await db.rows(YEARS_OF, referrer_id)


# Who a paper is for


PARTIES = f"""
SELECT referrer.id, referrer.ref, referrer.number, referrer.legal_entity_id, referrer.siret, referrer.street,
       referrer.postcode, referrer.city, referrer.country, {NAME} AS name,
       entity.name AS company_name, entity.street AS company_street, entity.postcode AS company_postcode,
       entity.city AS company_city, entity.siret AS company_siret, entity.brand_name, entity.accent
FROM referrer JOIN legal_entity entity ON entity.id = referrer.legal_entity_id
"""


async def parties(referrer_id: int) -> db.Row:
    """The referrer and the company that pays, as a paper names them."""
    found = await db.row(f"{PARTIES} WHERE referrer.id = $1", referrer_id)
    if found is None:
        raise NotFound("referrer")
    return found


async def parties_for(person: Person, ref: str) -> db.Row:
    """Finance and administration see the year of all, a referrer their own."""
    found = await db.row(
        f"{PARTIES} WHERE referrer.ref = $1 AND ($2 OR referrer.id = $3)",
        ref, person.may(*MAY_SEE_ALL), person.referrer_id,
    )  # fmt: skip
    if found is None:
        raise NotFound("referrer")
    return found


@files.door("year_summary")
async def opens_file(person: Person, referrer_id: int) -> object:
    return await parties_for(person, (await parties(referrer_id))["ref"])


# The list of a year

# What counts in a civil year: transfers that arrived, gross of what was withheld, and what was given in kind.
# $1 the company, $2 and $3 the first and the last day.
COUNTED = f"""
SELECT referrer_id, settled_on AS day, status, 1 AS payments, net_cents, vat_cents, withheld_cents, 0::bigint AS benefit_cents
FROM ({PAYMENTS} AND run.legal_entity_id = $1 AND line.settled_on BETWEEN $2 AND $3) paid
UNION ALL
SELECT referrer_id, given_on, status, 0, 0::bigint, 0::bigint, 0::bigint, value_cents
FROM ({BENEFITS}) given WHERE legal_entity_id = $1 AND given_on BETWEEN $2 AND $3
"""
SUMMED = f"""
SELECT referrer_id, (array_agg(status ORDER BY day DESC))[1] AS status, sum(payments)::int AS payments,
       sum(net_cents)::bigint AS net_cents, sum(vat_cents)::bigint AS vat_cents, sum(net_cents + vat_cents)::bigint AS commission_cents,
       sum(benefit_cents)::bigint AS benefit_cents, sum(withheld_cents)::bigint AS withheld_cents,
       sum(net_cents + vat_cents + benefit_cents)::bigint AS total_cents
FROM ({COUNTED}) counted GROUP BY referrer_id
"""
# Whether who is taxed as an employee is declared: what finance said last.
DECISION = """
LEFT JOIN LATERAL (
  SELECT declared FROM das2_decision WHERE legal_entity_id = $1 AND year = extract(year FROM $2::date) AND referrer_id = referrer.id
  ORDER BY id DESC LIMIT 1
) decision ON true
"""
BENEFICIARIES = f"""
SELECT referrer.ref, referrer.number, {NAME} AS name, referrer.siret, referrer.country, sums.*,
       CASE WHEN total_cents <= $4 THEN '{Declared.BELOW}' WHEN decision.declared = false THEN '{Declared.LEFT_OUT}'
            WHEN status = 'partner_employee' AND decision.declared IS NULL THEN '{Declared.CHECK}' ELSE '{Declared.DECLARE}' END AS declared
FROM ({SUMMED}) sums JOIN referrer ON referrer.id = sums.referrer_id {DECISION}
"""
SORTS = {"name": "lower(name)", "number": "number", "amount": "total_cents"}
FILTERS = {"q": "concat_ws(' ', name, number, siret) ILIKE {}", "etat": "declared = {}"}


async def beneficiaries_page(listing: Listing, entity_id: int, year: int, threshold: int) -> Listing:
    return await listing.fetch(
        f"SELECT * FROM ({BENEFICIARIES}) listed WHERE true",
        entity_id, date(year, 1, 1), date(year, 12, 31), threshold, sorts=SORTS, where=FILTERS, then="number",
    )  # fmt: skip


async def beneficiaries(entity_id: int, year: int, threshold: int) -> list[db.Row]:
    """Everybody paid in the year, the most first."""
    return await db.rows(
        f"{BENEFICIARIES} ORDER BY total_cents DESC, number",
        entity_id, date(year, 1, 1), date(year, 12, 31), threshold,
    )  # fmt: skip


class Paid(NamedTuple):
    """What left the bank in a year, or was given: gross, `withheld` of it for the tax office."""

    people: int
    to_declare: int
    total: Total
    benefits: int
    withheld: int


async def paid_in(entity_id: int, year: int, threshold: int) -> Paid:
    found = await db.row(
        f"""SELECT count(*) AS people, count(*) FILTER (WHERE total_cents > $4) AS to_declare,
                   coalesce(sum(net_cents), 0)::bigint AS net, coalesce(sum(vat_cents), 0)::bigint AS vat,
                   coalesce(sum(benefit_cents), 0)::bigint AS benefits, coalesce(sum(withheld_cents), 0)::bigint AS withheld,
                   coalesce(sum(total_cents), 0)::bigint AS total
            FROM ({SUMMED}) each""",
        entity_id, date(year, 1, 1), date(year, 12, 31), threshold,
    )  # fmt: skip
    assert found is not None
    total = Total(found["net"], found["vat"], found["total"])
    return Paid(found["people"], found["to_declare"], total, found["benefits"], found["withheld"])


async def years_paid(entity_id: int) -> list[int]:
    """In which something was paid or given, the latest first."""
    found = await db.rows(
        f"""SELECT DISTINCT extract(year FROM line.settled_on)::int AS year FROM payout_line line JOIN payout_run run ON run.id = line.run_id
            WHERE run.legal_entity_id = $1 AND line.state = 'settled'
            UNION SELECT DISTINCT year FROM ({BENEFITS}) given WHERE legal_entity_id = $1 ORDER BY year DESC""",
        entity_id,
    )
    return [row["year"] for row in found]
