"""The only doors to the closings of years."""

from collections.abc import Sequence
from typing import NamedTuple

from portal.company import access as company
from portal.gifts.register.access import BENEFITS
from portal.kit import db
from portal.kit.listing import Listing
from portal.kit.problems import NotFound
from portal.payouts.approval.rules import FOUR_EYES
from portal.referrers.access import NAME
from portal.taxes.access import PAYMENTS
from portal.taxes.closing.rules import APPROVAL

CLOSING = f"""
SELECT closing.*, controller.name AS controller, closer.name AS closer, asked.approval,
       coalesce((SELECT value = 'true' FROM company_option WHERE key = '{FOUR_EYES}'), true) AS four_eyes
FROM year_closing closing
LEFT JOIN app_user controller ON controller.id = closing.controlled_by
LEFT JOIN app_user closer ON closer.id = closing.closed_by
LEFT JOIN LATERAL (
  SELECT to_jsonb(approval) || jsonb_build_object('preparer', preparer.name, 'decider', decider.name) AS approval
  FROM approval JOIN app_user preparer ON preparer.id = approval.prepared_by LEFT JOIN app_user decider ON decider.id = approval.decided_by
  WHERE approval.what = '{APPROVAL}' AND approval.subject_kind = 'year_closing' AND approval.subject_id = closing.id
  ORDER BY approval.id DESC LIMIT 1
) asked ON true
"""
IN_YEAR = "BETWEEN make_date($2::int, 1, 1) AND make_date($2::int, 12, 31)"
# What each was paid and given under each status, of company $1 in year $2.
YEAR = f"""
SELECT referrer_id, status, sum(payments)::int AS payments, sum(net_cents)::bigint AS net_cents, sum(vat_cents)::bigint AS vat_cents,
       sum(benefits)::int AS benefits, sum(benefits_cents)::bigint AS benefits_cents
FROM (
  SELECT referrer_id, coalesce(status, '') AS status, 1 AS payments, net_cents, vat_cents, 0 AS benefits, 0::bigint AS benefits_cents
  FROM ({PAYMENTS}) paid WHERE legal_entity_id = $1 AND settled_on {IN_YEAR}
  UNION ALL
  SELECT referrer_id, coalesce(status, ''), 0, 0, 0, 1, value_cents FROM ({BENEFITS}) given WHERE legal_entity_id = $1 AND year = $2
) fact GROUP BY referrer_id, status
"""


async def closing_of(year: int) -> db.Row | None:
    return await db.row(f"{CLOSING} WHERE closing.year = $1 ORDER BY closing.legal_entity_id LIMIT 1", year)


async def closing(closing_id: int) -> db.Row:
    found = await db.row(f"{CLOSING} WHERE closing.id = $1", closing_id)
    if found is None:
        raise NotFound("year_closing")
    return found


async def locked(closing_id: int) -> db.Row:
    """Of two who move it at once, the second sees what the first did."""
    await db.value("SELECT id FROM year_closing WHERE id = $1 FOR NO KEY UPDATE", closing_id)
    return await closing(closing_id)


async def entity_id() -> int:
    entity = await company.legal_entity()
    if entity is None:
        raise NotFound("legal_entity")
    return entity["id"]


class Totals(NamedTuple):
    people: int
    net: int
    vat: int
    benefits: int


async def lines_now(entity: int, year: int) -> list[db.Row]:
    return await db.rows(YEAR, entity, year)


async def lines_kept(closing_id: int) -> list[db.Row]:
    """As they stood when the year was closed."""
    return await db.rows("SELECT * FROM year_closing_line WHERE closing_id = $1", closing_id)


async def totals(entity: int, year: int) -> Totals:
    """Of the year as it stands now."""
    return await _totals(YEAR, entity, year)


async def totals_kept(closing_id: int) -> Totals:
    return await _totals("SELECT * FROM year_closing_line WHERE closing_id = $1", closing_id)


async def _totals(lines: str, *args: int) -> Totals:
    found = await db.row(
        f"""SELECT count(DISTINCT referrer_id) AS people, coalesce(sum(net_cents), 0)::bigint AS net,
                   coalesce(sum(vat_cents), 0)::bigint AS vat, coalesce(sum(benefits_cents), 0)::bigint AS benefits
            FROM ({lines}) line""",
        *args,
    )
    assert found is not None
    return Totals(found["people"], found["net"], found["vat"], found["benefits"])


LINES = f"""
SELECT line.*, {NAME} AS name, referrer.ref, referrer.number, line.net_cents + line.vat_cents AS total_cents, paper.files
FROM year_closing_line line JOIN year_closing closing ON closing.id = line.closing_id JOIN referrer ON referrer.id = line.referrer_id
LEFT JOIN LATERAL (
  SELECT jsonb_agg(jsonb_build_object('ref', file.ref, 'kind', made.kind) ORDER BY made.id) AS files FROM year_paper made JOIN stored_file file ON file.id = made.file_id
  WHERE made.referrer_id = line.referrer_id AND made.year = closing.year AND made.sum_id IS NULL
) paper ON true
WHERE line.closing_id = $1
"""
SORTS = {
    "who": f"lower({NAME})",
    "amount": "line.net_cents + line.vat_cents",
    "benefits": "line.benefits_cents",
}
WHERE = {"q": f"concat_ws(' ', {NAME}, referrer.number) ILIKE {{}}"}


async def lines_page(listing: Listing, closing_id: int) -> Listing:
    return await listing.fetch(
        LINES, closing_id, sorts=SORTS, where=WHERE, then="referrer.number, line.status"
    )


# Later facts: they are booked after the closing and concern the year


LATER = f"""
SELECT entry.id, entry.recorded_at, entry.occurred_on, {NAME} AS name, referrer.ref, referrer.number, line_of.ref AS line_ref,
       sum(line.amount)::bigint AS cents
FROM ledger_entry entry LEFT JOIN ledger_entry undone ON undone.id = entry.reverses_id
JOIN ledger_line line ON line.entry_id = entry.id JOIN ledger_account account ON account.id = line.account_id
JOIN referrer ON referrer.id = account.referrer_id
LEFT JOIN payout_line line_of ON line_of.id = coalesce(undone.subject_id, entry.subject_id)
WHERE coalesce(undone.kind, entry.kind) = 'payout_settled' AND account.role IN ('in_transit', 'vat_in_transit')
  AND account.legal_entity_id = $1 AND entry.recorded_at > $3
  AND coalesce(undone.concerns_on, undone.occurred_on, entry.concerns_on, entry.occurred_on) {IN_YEAR}
GROUP BY entry.id, referrer.id, line_of.ref ORDER BY entry.id
"""


async def later_facts(closing: db.Row) -> Sequence[db.Row]:
    """What came back, or arrived, since: the declarations of the year are put right by it."""
    return await db.rows(LATER, closing["legal_entity_id"], closing["year"], closing["closed_at"])


# Papers: those of portal/taxes/keeping.py, of each who is in the closed year


# A summary that says something else than what was frozen is made again, as the next of its turn.
WANTED = """
SELECT line.referrer_id, wanted.kind, coalesce(paper.id IS NOT NULL AND (
         wanted.kind <> 'summary' OR (paper.money_cents, paper.in_kind_cents) = (whole.money, whole.in_kind)), false) AS made
FROM year_closing closing JOIN year_closing_line line ON line.closing_id = closing.id
JOIN unnest($2::text[], $3::text[]) AS wanted (status, kind) ON wanted.status = line.status
CROSS JOIN LATERAL (
  SELECT sum(net_cents + vat_cents) AS money, sum(benefits_cents) AS in_kind FROM year_closing_line each
  WHERE each.closing_id = closing.id AND each.referrer_id = line.referrer_id
) whole
LEFT JOIN LATERAL (
  SELECT made.id, made.money_cents, made.in_kind_cents FROM year_paper made WHERE made.referrer_id = line.referrer_id
    AND made.year = closing.year AND made.kind = wanted.kind AND made.sum_id IS NULL ORDER BY made.turn DESC LIMIT 1
) paper ON true
WHERE closing.id = $1
"""


class Progress(NamedTuple):
    done: int
    wanted: int

    @property
    def is_complete(self) -> bool:
        return self.done == self.wanted


async def progress(closing_id: int, statuses: list[str], kinds: list[str]) -> Progress:
    """`statuses` and `kinds`, pairwise: which paper each status is owed."""
    found = await db.row(
        f"SELECT count(*) FILTER (WHERE made) AS done, count(*) AS wanted FROM (SELECT DISTINCT * FROM ({WANTED}) each) paper",
        closing_id, statuses, kinds,
    )  # fmt: skip
    assert found is not None
    return Progress(found["done"], found["wanted"])


async def all_made(closing_id: int, statuses: list[str], kinds: list[str]) -> bool:
    """Cheap while many are missing: each job asks."""
    return not await db.value(
        f"SELECT EXISTS (SELECT FROM ({WANTED}) paper WHERE NOT made)", closing_id, statuses, kinds
    )


async def papers_to_make(
    closing_id: int, statuses: list[str], kinds: list[str], first: int = 0, last: int = 2**62
) -> list[db.Row]:
    """.referrer_id .kind of each that is not made yet, of the people from `first` to `last`."""
    return await db.rows(
        f"SELECT DISTINCT referrer_id, kind FROM ({WANTED} AND line.referrer_id BETWEEN $4 AND $5) paper WHERE NOT made ORDER BY referrer_id, kind",
        closing_id, statuses, kinds, first, last,
    )  # fmt: skip
