"""The only doors to lists of the register: its lines, the years of persons, the lines of VAT, the statement of a year."""

from datetime import date

from portal.gifts.register.access import GIFT
from portal.gifts.register.rules import (
    STATEMENT_FORM,
    STATEMENT_THRESHOLD,
    Statement,
    is_left_out,
    threshold_cents,
)
from portal.kit import db
from portal.kit.listing import Listing
from portal.law import Figures
from portal.law.gifts import VAT_THRESHOLD
from portal.referrers.access import NAME

SORTS = {"who": "lower(who)", "day": "given_on", "cost": "cost_cents", "what": "lower(what)"}
FILTERS = {
    "q": "concat_ws(' ', who, organisation, referrer_number, what, reason) ILIKE {}",
    "caractere": "character = {}",
    "nature": "nature = {}",
}
IN_YEAR = "gift.legal_entity_id = $1 AND gift.given_on BETWEEN $2 AND $3"


def year_days(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)


async def page_of(listing: Listing, entity_id: int, year: int) -> Listing:
    return await listing.fetch(
        f"SELECT * FROM ({GIFT} WHERE {IN_YEAR}) gift WHERE true",
        entity_id, *year_days(year), sorts=SORTS, where=FILTERS, then="given_on DESC, id DESC",
    )  # fmt: skip


async def totals(entity_id: int, year: int) -> db.Row:
    """What a year's gifts cost TTC, by character, and what becomes of their VAT."""
    found = await db.row(
        f"""SELECT coalesce(sum(cost_cents) FILTER (WHERE character = 'remuneration'), 0)::bigint AS rewards_cents,
                   coalesce(sum(cost_cents) FILTER (WHERE character = 'liberality'), 0)::bigint AS gifts_cents,
                   (SELECT coalesce(sum(cents), 0)::bigint FROM gift_vat JOIN gift about ON about.id = gift_vat.gift_id
                    WHERE about.legal_entity_id = $1 AND falls_on BETWEEN $2 AND $3) AS vat_cents
            FROM gift WHERE {IN_YEAR}""",
        entity_id, *year_days(year),
    )  # fmt: skip
    assert found is not None
    return found


async def years_given(entity_id: int) -> list[int]:
    found = await db.rows(
        "SELECT DISTINCT extract(year FROM given_on)::int AS year FROM gift WHERE legal_entity_id = $1 ORDER BY 1 DESC",
        entity_id,
    )
    return [row["year"] for row in found]


# One row a person: goods of the year against the threshold

NOT_TAKEN_BACK = (
    "gift.reverses_id IS NULL AND NOT EXISTS (SELECT FROM gift later WHERE later.reverses_id = gift.id)"
)
COUNTS = f"gift.nature = 'good' AND NOT gift.sold AND {NOT_TAKEN_BACK}"  # as rules.Given.counts
PEOPLE = f"""
SELECT person.*, CASE WHEN total_cents > $4 THEN 'over' WHEN total_cents * 100 >= $4 * $5 THEN 'near' ELSE 'within' END AS state,
       greatest(0, $4 - total_cents) AS room_cents
FROM (
  SELECT min(coalesce(root.ref, outsider.ref)) AS ref, bool_or(root.id IS NOT NULL) AS is_referrer,
         min(CASE WHEN root.id IS NULL THEN outsider.name ELSE {NAME.replace("referrer.", "root.")} END) AS who,
         min(coalesce(root.number, outsider.organisation, '')) AS number, count(*) AS gifts,
         coalesce(sum(gift.cost_cents) FILTER (WHERE gift.nature = 'good' AND NOT gift.sold), 0)::bigint AS total_cents,
         sum(gift.cost_cents)::bigint AS cost_cents, coalesce(sum(vat.cents), 0)::bigint AS vat_cents,
         max(gift.given_on) AS last_on
  FROM gift
  LEFT JOIN referrer root ON root.id = root_of(gift.referrer_id)
  LEFT JOIN gift_outsider outsider ON outsider.id = gift.outsider_id
  LEFT JOIN LATERAL (SELECT sum(cents) AS cents FROM gift_vat WHERE gift_id = gift.id) vat ON true
  WHERE {IN_YEAR} AND {NOT_TAKEN_BACK}
  GROUP BY root.id, gift.outsider_id
) person
"""
NEAR_PERCENT = 80
PEOPLE_SORTS = {"who": "lower(who)", "total": "total_cents", "cost": "cost_cents"}
PEOPLE_FILTERS = {"q": "concat_ws(' ', who, number) ILIKE {}", "etat": "state = {}"}


async def people_page(listing: Listing, entity_id: int, year: int, figures: Figures) -> Listing:
    return await listing.fetch(
        f"SELECT * FROM ({PEOPLE}) person WHERE true",
        entity_id, *year_days(year), threshold_cents(date(year, 12, 31), figures), NEAR_PERCENT,
        sorts=PEOPLE_SORTS, where=PEOPLE_FILTERS, then="total_cents DESC, lower(who)",
    )  # fmt: skip


# The lines of VAT

VAT_LINES = f"""
SELECT line.*, gift.ref, gift.what, gift.given_on, gift.cost_cents, gift.character,
       CASE WHEN referrer.id IS NULL THEN outsider.name ELSE {NAME} END AS who, cause.ref AS cause_ref, cause.what AS cause_what
FROM gift_vat line
JOIN gift ON gift.id = line.gift_id JOIN gift cause ON cause.id = line.cause_id
LEFT JOIN referrer ON referrer.id = gift.referrer_id
LEFT JOIN gift_outsider outsider ON outsider.id = gift.outsider_id
WHERE gift.legal_entity_id = $1 AND line.falls_on BETWEEN $2 AND $3
"""
VAT_SORTS = {"day": "falls_on", "cents": "cents", "who": "lower(who)"}
VAT_FILTERS = {"q": "concat_ws(' ', who, what) ILIKE {}", "cause": "kind = {}"}


async def vat_page(listing: Listing, entity_id: int, first: date, last: date) -> Listing:
    return await listing.fetch(
        f"SELECT * FROM ({VAT_LINES}) line WHERE true",
        entity_id, first, last, sorts=VAT_SORTS, where=VAT_FILTERS, then="falls_on DESC, id DESC",
    )  # fmt: skip


# The statement of general expenses

LIBERALITIES = f"{GIFT} WHERE gift.character = 'liberality' AND {IN_YEAR} ORDER BY gift.given_on, gift.id"


async def liberalities(entity_id: int, first: date, last: date) -> list[db.Row]:
    return await db.rows(LIBERALITIES, entity_id, first, last)


async def statement(
    entity_id: int, first: date, last: date, figures: Figures
) -> tuple[Statement, list[db.Row]]:
    """Of a financial year, with the gifts that it is made of."""
    gifts = await liberalities(entity_id, first, last)
    left_out = sum(gift["cost_cents"] for gift in gifts if is_left_out(dict(gift), figures))
    total = sum(gift["cost_cents"] for gift in gifts) - left_out
    threshold = int(figures.number(STATEMENT_THRESHOLD, last) * 100)
    return Statement(first, last, total, left_out, threshold, figures.text(STATEMENT_FORM, last)), gifts


def ruling(year: int, figures: Figures) -> tuple[int, bool, str]:
    """The threshold of a year in cents, whether it is to be confirmed, and its source."""
    figure = figures.at(VAT_THRESHOLD, date(year, 12, 31))
    return threshold_cents(date(year, 12, 31), figures), figure.to_confirm, figure.source
