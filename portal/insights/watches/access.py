"""All watches in one question: what the clock and the rooms have written, and what the law says of its own days."""

from datetime import date
from decimal import Decimal
from typing import Any

from portal.books.month.facts import UNSENT
from portal.gifts.register.access_lists import COUNTS, NEAR_PERCENT
from portal.insights.watches.rules import (
    AHEAD,
    OF_REFERRERS,
    SOON,
    TOGETHER,
    URGENT_STATES,
    Urgency,
    days_to_watch,
    figures_to_watch,
    urgency_of,
)
from portal.kit import db
from portal.kit.listing import Listing
from portal.kit.text import _
from portal.law import Figures, NoFigure
from portal.law.calendar import ageing, legal_days
from portal.law.das2 import tele_filing_day
from portal.law.gifts import VAT_THRESHOLD
from portal.law.labels import LABELS
from portal.referrers.access import NAME

URGENT = f"CASE WHEN {{0}} < $1 THEN 0 WHEN {{0}} <= $1::date + {SOON.days} THEN 1 ELSE 2 END"
COLUMNS = ("kind", "ref", "name", "number", "day", "urgency", "what", "value", "ceiling", "figure")
EMPTY = {
    "number": "''",
    "day": "NULL::date",
    "what": "''",
    "value": "0::bigint",
    "ceiling": "0::bigint",
    "figure": "''",
}


def watch(kind: str, source: str, **columns: str) -> str:
    """`kind` and `columns` in SQL; a column that is not named is empty."""
    said = EMPTY | columns | {"kind": kind}
    return f"SELECT {', '.join(f'{said[name]} AS {name}' for name in COLUMNS)} {source}"


# $1 today, $2 the company's own (figures, days of the law), $3 and $4 what of referrers stands for which kind,
# $5 the gifts' threshold in cents, $6 the last day to file the return of last year.
SOURCES = (
    "SELECT own.* FROM jsonb_to_recordset($2) AS own (kind text, ref text, name text, number text, day date, urgency int, what text, value bigint, ceiling bigint, figure text)",
    watch(
        "of_referrers.kind",
        """FROM referrer_watch seen JOIN referrer ON referrer.id = seen.referrer_id
           JOIN unnest($3::text[], $4::text[]) AS of_referrers (what, kind) ON of_referrers.what = seen.what
           WHERE seen.level > 0 AND seen.year = extract(year FROM $1::date) AND referrer.state NOT IN ('closed', 'merged')""",
        ref="referrer.ref", name=NAME, number="referrer.number", urgency="2 - seen.level",
        what="seen.what", value="seen.value", ceiling="seen.ceiling", figure="seen.figure",
    ),
    watch(
        "'document'",
        f"""FROM referrer_document given JOIN referrer ON referrer.id = given.referrer_id
            WHERE given.state = 'accepted' AND given.valid_until <= $1::date + {AHEAD.days} AND referrer.state NOT IN ('closed', 'merged')
              AND NOT EXISTS (SELECT FROM referrer_document other WHERE other.referrer_id = given.referrer_id AND other.kind = given.kind
                              AND other.state = 'accepted' AND (other.valid_until > given.valid_until OR other.valid_until IS NULL))""",
        ref="referrer.ref", name=NAME, number="referrer.number", day="given.valid_until",
        urgency=URGENT.format("given.valid_until"), what="'kind:' || given.kind",
    ),
    watch(
        "'mandate'",
        f"""FROM contract JOIN referrer ON referrer.id = contract.referrer_id
            WHERE contract.state = 'in_force' AND contract.ends_on <= $1::date + {AHEAD.days}""",
        ref="contract.ref", name=NAME, number="contract.number", day="contract.ends_on", urgency=URGENT.format("contract.ends_on"),
        what="CASE WHEN contract.self_billing THEN 'mandate' ELSE '' END",
    ),
    watch(
        "'paper'",
        f"""FROM invoice JOIN referrer ON referrer.id = invoice.referrer_id
            WHERE invoice.sign > 0 AND invoice.due_on <= $1::date + {SOON.days} AND {UNSENT}
              AND invoice.total_cents > (SELECT coalesce(sum(total_cents), 0) FROM invoice note WHERE note.credits_id = invoice.id AND note.sign < 0)""",
        ref="invoice.ref", name=NAME, number="invoice.number", day="invoice.due_on", urgency=URGENT.format("invoice.due_on"),
        value="invoice.total_cents",
    ),
    watch(
        "'month'", "FROM settlement WHERE state <> 'closed' AND month < date_trunc('month', $1::date)",
        ref="ref", name="to_char(month, 'YYYY-MM-DD')", urgency="CASE WHEN month < date_trunc('month', $1::date) - interval '1 month' THEN 0 ELSE 1 END",
    ),
    watch(
        "'year'", "FROM year_closing WHERE state <> 'closed'",
        ref="year::text", name="year::text", day="CASE WHEN year = extract(year FROM $1::date) - 1 THEN $6::date ELSE make_date(year + 1, 12, 31) END",
        urgency=URGENT.format("CASE WHEN year = extract(year FROM $1::date) - 1 THEN $6::date ELSE make_date(year + 1, 12, 31) END"),
    ),
    watch(
        "'gift'",
        f"""FROM (
              SELECT coalesce(referrer.alias_of, gift.referrer_id) AS referrer_id, gift.outsider_id, sum(gift.cost_cents)::bigint AS cents
              FROM gift LEFT JOIN referrer ON referrer.id = gift.referrer_id
              WHERE {COUNTS} AND extract(year FROM gift.given_on) = extract(year FROM $1::date)
              GROUP BY 1, 2 HAVING sum(gift.cost_cents) * 100 >= $5 * {NEAR_PERCENT}
            ) given LEFT JOIN referrer ON referrer.id = given.referrer_id LEFT JOIN gift_outsider outsider ON outsider.id = given.outsider_id""",
        ref=f"CASE WHEN referrer.id IS NULL THEN outsider.name ELSE {NAME} END", name=f"CASE WHEN referrer.id IS NULL THEN outsider.name ELSE {NAME} END",
        number="coalesce(referrer.number, '')", urgency="CASE WHEN given.cents > $5 THEN 2 ELSE 1 END", value="given.cents", ceiling="$5::bigint",
    ),
    watch(
        "'points'",
        """FROM (
              SELECT referrer_id, min(expires_on) AS day, sum(left_over)::bigint AS points FROM point_stock
              WHERE left_over > 0 AND expires_on BETWEEN $1 AND $1::date + 60 GROUP BY referrer_id
            ) lot JOIN referrer ON referrer.id = lot.referrer_id""",
        ref="referrer.ref", name=NAME, number="referrer.number", day="lot.day", urgency=URGENT.format("lot.day"), value="lot.points",
    ),
    watch(
        "'certificate'",
        f"""FROM (SELECT DISTINCT ON (legal_entity_id) name, (until AT TIME ZONE 'Europe/Paris')::date AS day FROM seal_certificate
                  ORDER BY legal_entity_id, id DESC) sealing WHERE day <= $1::date + {AHEAD.days}""",
        ref="''", name="name", day="day", urgency=URGENT.format("day"),
    ),
)  # fmt: skip
FOUND = "\nUNION ALL\n".join(SOURCES)
SORTS = {"when": "day", "who": "lower(name)", "what": "kind"}
FILTERS = {"q": "concat_ws(' ', name, number) ILIKE {}", "quoi": "kind = {}", "urgence": "urgency::text = {}"}
THEN = "urgency, day NULLS FIRST, kind, lower(name), number"


async def page_of(listing: Listing, figures: Figures, on: date) -> Listing:
    """By urgency, then by day. Two questions."""
    return await listing.fetch(
        f"SELECT * FROM ({FOUND}) watch WHERE true",
        *_parameters(figures, on),
        sorts=SORTS,
        then=THEN,
        where=FILTERS,
    )


async def counts(figures: Figures, on: date) -> dict[int, int]:
    """How many of each urgency."""
    found = await db.rows(
        f"SELECT urgency, count(*) AS many FROM ({FOUND}) watch GROUP BY urgency", *_parameters(figures, on)
    )
    return {row["urgency"]: row["many"] for row in found}


def _parameters(figures: Figures, on: date) -> tuple[Any, ...]:
    what, kinds = [one.value for one in OF_REFERRERS], list(OF_REFERRERS.values())
    return on, _own(figures, on), what, kinds, _threshold(figures, on), tele_filing_day(on.year - 1, figures)


def _own(figures: Figures, on: date) -> list[dict[str, Any]]:
    """What the law itself brings: figures that age or change, days to file."""
    found = figures_to_watch(ageing(figures, on))
    rows = [
        _row("figure", code, _label(code), None, urgency, state)
        for code, state, urgency in found
        if state not in TOGETHER
    ]
    for state in sorted(TOGETHER):
        if many := sum(1 for _code, one, _urgency in found if one == state):
            rows.append(_row("figures", state, "", None, URGENT_STATES[state], state, many))
    for one in days_to_watch(legal_days(figures, on), on):
        urgency = urgency_of(one.day, on)
        if one.what == "das2":
            year = str(one.day.year - 1)
            rows.append(_row("return", year, year, one.day, urgency, ""))
        rows += [_row("law", code, _label(code), one.day, urgency, "") for code in one.codes]
    return rows


def _label(code: str) -> str:
    label = LABELS[code]
    return _(label)


def _row(
    kind: str, ref: str, name: str, day: date | None, urgency: Urgency, what: str, value: int = 0
) -> dict[str, Any]:
    return {
        "kind": kind, "ref": ref, "name": name, "number": "", "day": day.isoformat() if day else None, "urgency": int(urgency),
        "what": what, "value": value, "ceiling": 0, "figure": "",
    }  # fmt: skip


def _threshold(figures: Figures, on: date) -> int:
    try:
        return int(figures.number(VAT_THRESHOLD, on) * Decimal(100))
    except NoFigure:
        return 0
