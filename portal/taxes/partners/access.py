"""The only doors to what employees of partners were paid and given, and to how it was counted."""

from collections.abc import Sequence
from datetime import date

from portal.company import access as company
from portal.gifts.register.access import BENEFITS
from portal.kit import db
from portal.kit.listing import Listing
from portal.kit.problems import NotFound
from portal.law.partner_employees import Slices
from portal.referrers.access import NAME, standing_on
from portal.referrers.rules import Status
from portal.taxes.access import PAYMENTS
from portal.taxes.partners.rules import Foreseen, Key, foresee

# Each sum on its day: a transfer that arrived, a reward that was given. $1: of these referrers alone, or null.
FACTS = f"""
SELECT 'payment' AS kind, paid.id AS fact_id, paid.ref, paid.legal_entity_id, paid.referrer_id, paid.settled_on AS on_day, paid.year, paid.net_cents AS cents
FROM ({PAYMENTS} AND ($1::bigint[] IS NULL OR line.referrer_id = ANY ($1))) paid WHERE paid.status = 'partner_employee'
UNION ALL
SELECT 'reward', given.gift_id, given.ref, given.legal_entity_id, given.referrer_id, given.given_on, given.year, given.value_cents
FROM ({BENEFITS} AND ($1::bigint[] IS NULL OR gift.referrer_id = ANY ($1))) given WHERE given.status = 'partner_employee'
"""
SLICES = ("exempt_cents", "flat_cents", "ordinary_cents", "contribution_cents")
SUMS = ", ".join(f"coalesce(sum({name}), 0)::bigint AS {name}" for name in ("value_cents", *SLICES))


async def files_of(referrer_ids: Sequence[int]) -> list[int]:
    """With those that were joined to them."""
    found = await db.rows(
        "SELECT id FROM referrer WHERE coalesce(alias_of, id) IN (SELECT root_of(one) FROM unnest($1::bigint[]) one)",
        list(referrer_ids),
    )
    return [row["id"] for row in found]


async def facts(referrer_ids: Sequence[int] | None) -> list[db.Row]:
    return await db.rows(
        f"SELECT * FROM ({FACTS}) fact ORDER BY referrer_id, year, on_day, kind, fact_id",
        None if referrer_ids is None else list(referrer_ids),
    )


async def counted_facts(referrer_ids: Sequence[int] | None) -> list[db.Row]:
    """What was counted of each fact, by year."""
    return await db.rows(
        """SELECT referrer_id, year, legal_entity_id, kind, fact_id, sum(value_cents)::bigint AS cents FROM third_party_sum
           WHERE kind <> 'correction' AND ($1::bigint[] IS NULL OR referrer_id = ANY ($1)) GROUP BY 1, 2, 3, 4, 5 HAVING sum(value_cents) <> 0""",
        None if referrer_ids is None else list(referrer_ids),
    )


async def counted(referrer_id: int, year: int) -> Slices:
    found = await db.row(
        f"SELECT {SUMS} FROM third_party_sum WHERE referrer_id = $1 AND year = $2", referrer_id, year
    )
    assert found is not None
    return Slices(*(found[name] for name in SLICES))


async def customary(referrer_id: int) -> bool:
    """As the gates were answered; who came in by an import answered none."""
    found = await db.value(
        "SELECT coalesce(customary, true) FROM partner_employment WHERE referrer_id = $1", referrer_id
    )
    return found is None or bool(found)


async def booked_by_papers(line_id: int) -> int:
    """The contribution that the papers of a transfer booked when they were issued."""
    return await db.value(
        """SELECT coalesce(sum(line.amount), 0)::bigint FROM payout_invoice part
           JOIN ledger_entry entry ON entry.idempotency_key = 'invoice:' || part.invoice_id || ':contribution'
           JOIN ledger_line line ON line.entry_id = entry.id
           JOIN ledger_account account ON account.id = line.account_id AND account.role = 'contributions_expense'
           WHERE part.line_id = $1""",
        line_id,
    )


def key_of(row: db.Row) -> Key:
    return (row["kind"], row["fact_id"])


# One person's year


async def sum_by(sum_id: int) -> db.Row:
    found = await db.row("SELECT * FROM third_party_sum WHERE id = $1", sum_id)
    if found is None:
        raise NotFound("sum")
    return found


# Each sum with where it is shown: the transfer, or the order of the reward.
SUMS_OF = """
SELECT counted.*, line.ref AS line_ref, ordered.ref AS order_ref, gift.ref AS gift_ref, coalesce(gift.what, '') AS what
FROM third_party_sum counted
LEFT JOIN payout_line line ON counted.kind = 'payment' AND line.id = counted.fact_id
LEFT JOIN gift ON counted.kind = 'reward' AND gift.id = counted.fact_id LEFT JOIN reward_order ordered ON ordered.id = gift.order_id
WHERE counted.referrer_id = $1 AND counted.year = $2 AND ($3::bigint IS NULL OR counted.id <= $3) ORDER BY counted.id
"""


async def sums_of(referrer_id: int, year: int, until: int | None = None) -> list[db.Row]:
    """In the order in which they were counted: each stands above those before it."""
    return await db.rows(SUMS_OF, referrer_id, year, until)


def total_of(sums: Sequence[db.Row]) -> Slices:
    return Slices(*(sum(one[name] for one in sums) for name in SLICES))


EMPLOYERS = """
SELECT referrer.id AS referrer_id, coalesce(nullif(work.employer_name, ''), referrer.employer_name) AS name,
       coalesce(nullif(work.employer_siren, ''), referrer.employer_siren) AS siren, coalesce(work.contact_name, '') AS contact,
       coalesce(nullif(work.contact_email, ''), consent.email, '') AS email, coalesce(work.customary, true) AS customary
FROM referrer LEFT JOIN partner_employment work ON work.referrer_id = referrer.id
LEFT JOIN LATERAL (SELECT email FROM employer_consent WHERE referrer_id = referrer.id AND email <> '' ORDER BY id DESC LIMIT 1) consent ON true
"""


async def employer_of(referrer_id: int) -> db.Row:
    found = await db.row(f"{EMPLOYERS} WHERE referrer.id = $1", referrer_id)
    if found is None:
        raise NotFound("referrer")
    return found


# Whose papers of a year are not made, or tell something else now.
TO_TELL = """
SELECT told.referrer_id, kind.name AS kind FROM (
  SELECT referrer_id, max(at) AS at FROM third_party_sum WHERE year = $1 GROUP BY referrer_id
) told CROSS JOIN (VALUES ('attestation'), ('employer')) kind (name)
LEFT JOIN LATERAL (
  SELECT at FROM year_paper WHERE referrer_id = told.referrer_id AND year = $1 AND year_paper.kind = kind.name ORDER BY turn DESC LIMIT 1
) paper ON true
WHERE paper.at IS NULL OR paper.at < told.at ORDER BY told.referrer_id, kind.name
"""


async def to_tell(year: int) -> list[db.Row]:
    return await db.rows(TO_TELL, year)


async def foreseen(referrer_id: int, cents: int, day: date) -> Foreseen | None:
    """With a reward given on that day; None of who is no employee of a partner then."""
    law = await standing_on(referrer_id, day)
    if law is None or law.status is not Status.PARTNER_EMPLOYEE:
        return None
    before, favoured = await counted(referrer_id, day.year), await customary(referrer_id)
    return foresee(before, cents, day.year, await company.figures(), customary=favoured)


# The counter of a year, by person


PEOPLE = f"""
SELECT person.*, referrer.ref, referrer.number, {NAME} AS name, employer.name AS employer, employer.siren AS employer_siren, employer.email <> '' AS reachable
FROM (
  SELECT referrer_id, {SUMS}, (array_agg(customary ORDER BY id DESC))[1] AS customary,
         coalesce(sum(value_cents) FILTER (WHERE kind = 'payment'), 0)::bigint AS money_cents,
         coalesce(sum(value_cents) FILTER (WHERE kind = 'reward'), 0)::bigint AS in_kind_cents
  FROM third_party_sum WHERE legal_entity_id = $1 AND year = $2 GROUP BY referrer_id
) person JOIN referrer ON referrer.id = person.referrer_id JOIN ({EMPLOYERS}) employer ON employer.referrer_id = referrer.id
"""
PEOPLE_SORTS = {
    "name": "lower(name)", "employer": "lower(employer)", "value": "value_cents", "contribution": "contribution_cents",
}  # fmt: skip
REACHED = "CASE WHEN ordinary_cents > 0 THEN 'ordinary' WHEN flat_cents > 0 THEN 'flat' ELSE 'exempt' END"
PEOPLE_FILTERS = {
    "q": "concat_ws(' ', name, number, employer, employer_siren) ILIKE {}",
    "tranche": f"{REACHED} = {{}}",
}


async def people_page(listing: Listing, entity_id: int, year: int) -> Listing:
    return await listing.fetch(
        f"SELECT *, {REACHED} AS reached FROM ({PEOPLE}) listed WHERE true",
        entity_id, year, sorts=PEOPLE_SORTS, where=PEOPLE_FILTERS, then="number",
    )  # fmt: skip


async def year_total(entity_id: int, year: int) -> db.Row:
    """Of everybody."""
    found = await db.row(f"SELECT count(*) AS people, {SUMS} FROM ({PEOPLE}) listed", entity_id, year)
    assert found is not None
    return found


async def years(entity_id: int) -> list[int]:
    found = await db.rows(
        "SELECT DISTINCT year FROM third_party_sum WHERE legal_entity_id = $1 ORDER BY year DESC", entity_id
    )
    return [row["year"] for row in found]


async def uncounted(entity_id: int, year: int) -> int:
    """Sums that wait for the minimum wage of the year."""
    return await db.value(
        f"""SELECT count(*) FROM ({FACTS}) fact WHERE legal_entity_id = $2 AND year = $3
              AND NOT EXISTS (SELECT FROM third_party_sum done WHERE done.kind = fact.kind AND done.fact_id = fact.fact_id AND done.year = fact.year)""",
        None, entity_id, year,
    )  # fmt: skip


# The list for the declaration: each sum on its day


DECLARED = f"""
SELECT counted.*, referrer.ref AS referrer_ref, referrer.number, {NAME} AS name, employer.name AS employer, employer.siren AS employer_siren,
       line.ref AS line_ref, ordered.ref AS order_ref, gift.ref AS gift_ref
FROM third_party_sum counted JOIN referrer ON referrer.id = counted.referrer_id JOIN ({EMPLOYERS}) employer ON employer.referrer_id = referrer.id
LEFT JOIN payout_line line ON counted.kind = 'payment' AND line.id = counted.fact_id
LEFT JOIN gift ON counted.kind = 'reward' AND gift.id = counted.fact_id LEFT JOIN reward_order ordered ON ordered.id = gift.order_id
WHERE counted.legal_entity_id = $1 AND counted.year = $2
"""
DECLARED_SORTS = {"day": "on_day", "name": "lower(name)", "contribution": "contribution_cents"}
DECLARED_FILTERS = {
    "mois": "date_trunc('month', on_day) = {}",
    "q": "concat_ws(' ', name, number, employer, employer_siren) ILIKE {}",
}


async def declaration_page(listing: Listing, entity_id: int, year: int) -> Listing:
    return await listing.fetch(
        f"SELECT * FROM ({DECLARED}) listed WHERE true",
        entity_id, year, sorts=DECLARED_SORTS, where=DECLARED_FILTERS, then="id",
    )  # fmt: skip


# What is still to come: papers to be paid, rewards approved


COMING = """
SELECT 'payment' AS kind, invoice.ref, invoice.number AS what, invoice.due_on AS on_day, invoice.sign * invoice.net_cents AS cents
FROM invoice WHERE invoice.referrer_id = ANY ((SELECT ids_of($1))::bigint[]) AND paper ->> 'employment' IS NOT NULL
  AND NOT EXISTS (SELECT FROM payout_invoice part JOIN payout_line line ON line.id = part.line_id
                  WHERE part.invoice_id = invoice.id AND NOT part.released AND line.state = 'settled')
UNION ALL
SELECT 'reward', ordered.ref, ordered.title, NULL, ordered.price_cents FROM reward_order ordered
WHERE ordered.referrer_id = ANY ((SELECT ids_of($1))::bigint[]) AND ordered.state IN ('requested', 'approved')
ORDER BY kind, on_day, ref
"""


async def coming(referrer_id: int) -> list[db.Row]:
    return await db.rows(COMING, referrer_id)
