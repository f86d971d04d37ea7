"""The only doors to the gift register."""

from collections.abc import Sequence
from datetime import date

from portal.company import access as company
from portal.gifts.register.rules import Foreseen, Given, foresee
from portal.gifts.rewards.rules import Nature
from portal.kit import db
from portal.kit.problems import NotFound
from portal.people.rules import Person, Role
from portal.referrers.access import NAME

MAY_SEE_ALL = (Role.FINANCE, Role.ADMIN)
# What referrers were given for their recommendations, net of corrections: a pair of the same year is no benefit at all;
# what is corrected in a later year, because the first is closed, lowers that one. Of each: what it was worth to them.
BENEFITS = """
SELECT coalesce(referrer.alias_of, gift.referrer_id) AS referrer_id, gift.legal_entity_id, gift.id AS gift_id, gift.ref,
       gift.given_on, extract(year FROM gift.given_on)::int AS year, gift.value_cents, gift.character, standing.status
FROM gift JOIN referrer ON referrer.id = gift.referrer_id
LEFT JOIN LATERAL (
  SELECT status FROM referrer_standing WHERE referrer_id = gift.referrer_id AND since <= gift.given_on
  ORDER BY since DESC, id DESC LIMIT 1
) standing ON true
WHERE gift.character = 'remuneration' AND NOT EXISTS (
  SELECT FROM gift other WHERE (other.reverses_id = gift.id OR other.id = gift.reverses_id)
    AND extract(year FROM other.given_on) = extract(year FROM gift.given_on))
"""
GIFT = f"""
SELECT gift.*, taken_back.id AS taken_back_id, taken_back.ref AS taken_back_ref, taken_back.recorded_at AS taken_back_at,
       taken_back.reason AS taken_back_reason, reversed.ref AS reversed_ref,
       CASE WHEN referrer.id IS NULL THEN outsider.name ELSE {NAME} END AS who, coalesce(outsider.organisation, '') AS organisation,
       referrer.ref AS referrer_ref, referrer.number AS referrer_number, outsider.ref AS outsider_ref, outsider.erased_at,
       placed.ref AS order_ref, writer.name AS by_name, vat.deducted_cents
FROM gift
LEFT JOIN gift taken_back ON taken_back.reverses_id = gift.id
LEFT JOIN gift reversed ON reversed.id = gift.reverses_id
LEFT JOIN referrer ON referrer.id = gift.referrer_id
LEFT JOIN gift_outsider outsider ON outsider.id = gift.outsider_id
LEFT JOIN reward_order placed ON placed.id = gift.order_id
LEFT JOIN app_user writer ON writer.id = gift.by_user
LEFT JOIN LATERAL (SELECT coalesce(sum(cents), 0)::bigint AS deducted_cents FROM gift_vat WHERE gift_id = gift.id) vat ON true
"""


async def gift_for(person: Person, ref: str) -> db.Row:
    """The register is finance's."""
    found = await db.row(f"{GIFT} WHERE gift.ref = $1 AND $2", ref, person.may(*MAY_SEE_ALL))
    if found is None:
        raise NotFound("gift")
    return found


async def gift(gift_id: int) -> db.Row:
    found = await db.row(f"{GIFT} WHERE gift.id = $1", gift_id)
    if found is None:
        raise NotFound("gift")
    return found


async def gift_of_order(order_id: int) -> db.Row | None:
    return await db.row(f"{GIFT} WHERE gift.order_id = $1 AND gift.reverses_id IS NULL", order_id)


async def bartered(order_id: int) -> int | None:
    """What each side of its barter is worth, TTC; None when it was given."""
    return await db.value("SELECT value_cents FROM barter WHERE order_id = $1", order_id)


# The VAT of a year

YEAR = """
SELECT gift.id, gift.given_on, gift.cost_cents, gift.vat_cents, gift.nature, gift.sold,
       EXISTS (SELECT FROM gift later WHERE later.reverses_id = gift.id) AS taken_back, vat.cents, vat.lines
FROM gift
CROSS JOIN LATERAL (
  SELECT coalesce(sum(cents), 0)::bigint AS cents, count(*) AS lines FROM gift_vat WHERE gift_id = gift.id
) vat
WHERE gift.reverses_id IS NULL AND gift.legal_entity_id = $1 AND gift.given_on BETWEEN $4 AND $5
  AND (gift.referrer_id = ANY ((SELECT ids_of($2))::bigint[]) OR gift.outsider_id = $3)
ORDER BY gift.given_on, gift.id
"""


async def year_of(entity_id: int, referrer_id: int | None, outsider_id: int | None, year: int) -> list[Given]:
    """All that a person was given in a calendar year, with what of its VAT is deducted now."""
    found = await db.rows(YEAR, entity_id, referrer_id, outsider_id, date(year, 1, 1), date(year, 12, 31))
    return [
        Given(
            row["id"], row["given_on"], row["cost_cents"], row["vat_cents"], Nature(row["nature"]), row["sold"],
            row["taken_back"], row["cents"], row["lines"] > 0,
        )
        for row in found
    ]  # fmt: skip


async def characters(gift_ids: Sequence[int]) -> dict[int, str]:
    found = await db.rows("SELECT id, character FROM gift WHERE id = ANY ($1::bigint[])", list(gift_ids))
    return {row["id"]: row["character"] for row in found}


async def last_of_each(entity_id: int, year: int) -> list[db.Row]:
    """The last gift of each person who was given something in the year."""
    return await db.rows(
        """SELECT DISTINCT ON (coalesce(referrer.alias_of, gift.referrer_id), gift.outsider_id) gift.id, gift.referrer_id, gift.outsider_id
           FROM gift LEFT JOIN referrer ON referrer.id = gift.referrer_id
           WHERE gift.reverses_id IS NULL AND gift.legal_entity_id = $1 AND gift.given_on BETWEEN $2 AND $3
           ORDER BY coalesce(referrer.alias_of, gift.referrer_id), gift.outsider_id, gift.given_on DESC, gift.id DESC""",
        entity_id, date(year, 1, 1), date(year, 12, 31),
    )  # fmt: skip


async def vat_lines_of(gift_id: int) -> list[db.Row]:
    return await db.rows(
        """SELECT line.*, cause.ref AS cause_ref, cause.what AS cause_what, cause.reverses_id IS NOT NULL AS by_correction
           FROM gift_vat line JOIN gift cause ON cause.id = line.cause_id WHERE line.gift_id = $1 ORDER BY line.id""",
        gift_id,
    )


async def outsider_named(entity_id: int, name: str, organisation: str) -> int | None:
    """Whoever was given something before is the same person, so that their year adds up."""
    return await db.value(
        """SELECT id FROM gift_outsider WHERE legal_entity_id = $1 AND lower(name) = lower($2) AND lower(organisation) = lower($3)
             AND erased_at IS NULL ORDER BY id LIMIT 1""",
        entity_id, name, organisation,
    )  # fmt: skip


async def after(cursor_id: int, limit: int) -> list[db.Row]:
    return await db.rows(f"{GIFT} WHERE gift.id > $1 ORDER BY gift.id LIMIT $2", cursor_id, limit)


async def foreseen(
    entity_id: int,
    referrer_id: int | None,
    outsider_id: int | None,
    cost_cents: int,
    vat_cents: int,
    day: date,
) -> Foreseen:
    """What one more good would make of a person's year: asked before it is ordered, approved or given."""
    given = await year_of(entity_id, referrer_id, outsider_id, day.year)
    return foresee(given, cost_cents, vat_cents, day, await company.figures())
