"""What the desk of sales reads: the board, the lists, the tabs. Each by an index, and each count stops where it says nothing more."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from portal.kit import db
from portal.kit.days import now
from portal.kit.listing import MOST_EXPORTED, Listing
from portal.leads.access import LEAD
from portal.leads.desk.filters import Conditions
from portal.leads.desk.rules import (
    CARDS,
    MOST_COUNTED,
    MOST_LISTED,
    RECENT,
    STAGE_OF,
    STAGES,
    Stage,
)
from portal.leads.rules import AT_WORK, UNANSWERED, LeadState

SORTS = {
    "company": "lower(lead.company_name)",
    "moved": "lead.moved_at",
    "amount": "coalesce(lead.estimate_cents, 0)",
}


@dataclass(frozen=True, slots=True)
class Column:
    stage: Stage
    many: int  # up to MOST_COUNTED + 1
    cards: Sequence[db.Row]

    @property
    def many_said(self) -> str:
        return f"{MOST_COUNTED}+" if self.many > MOST_COUNTED else str(self.many)


FAR = datetime.max.replace(tzinfo=UTC)
Part = Callable[[Stage, LeadState, str], str]


async def board(asked: Conditions) -> list[Column]:
    """Two questions, however many recommendations there are: how many each column has, and its cards."""
    values = (*asked.values, now() - RECENT)
    counted = await db.rows(_of_states(_count, asked), *values)
    shown = await db.rows(f"{LEAD} WHERE lead.id = ANY (ARRAY({_of_states(_first, asked)}))", *values)
    many: dict[str, int] = defaultdict(int)
    for row in counted:
        many[STAGE_OF[LeadState(row["state"])]] += row["many"]
    cards: dict[str, list[db.Row]] = defaultdict(list)
    for row in shown:
        cards[STAGE_OF[LeadState(row["state"])]].append(row)
    return [Column(stage, many[stage.key], _top(stage, cards[stage.key])) for stage in STAGES]


def _of_states(part: Part, asked: Conditions) -> str:
    """Of what was won, only the recent: its day comes after the values of what is asked."""
    recent = f" AND lead.moved_at >= ${len(asked.values) + 1}"
    return "\nUNION ALL\n".join(
        part(stage, state, f"lead.state = '{state}'{recent if state == LeadState.WON else ''} AND {asked}")
        for stage in STAGES
        for state in stage.states
    )


def _count(_stage: Stage, state: LeadState, where: str) -> str:
    few = f"SELECT FROM lead WHERE {where} LIMIT {MOST_COUNTED + 1}"
    return f"SELECT '{state}' AS state, count(*) AS many FROM ({few}) few"


def _first(stage: Stage, _state: LeadState, where: str) -> str:
    down = "DESC" if stage.latest_first else "ASC"
    return f"(SELECT lead.id FROM lead WHERE {where} ORDER BY lead.{stage.by} {down}, lead.id {down} LIMIT {CARDS})"


def _top(stage: Stage, rows: Sequence[db.Row]) -> Sequence[db.Row]:
    def place(row: db.Row) -> tuple[datetime, int]:
        return row[stage.by] or FAR, row["id"]

    return sorted(rows, key=place, reverse=stage.latest_first)[:CARDS]


async def listed(listing: Listing, asked: Conditions) -> Listing:
    """One page of a list, and how many there are, as far as counting goes."""
    most = MOST_EXPORTED if listing.format else MOST_LISTED
    [counted] = await db.rows_weighed(
        f"SELECT count(*) AS many FROM (SELECT FROM lead WHERE {asked} LIMIT {most + 1}) few", *asked.values
    )
    listing.total = counted["many"]
    listing.most = MOST_LISTED
    listing.page = min(listing.page, listing.pages)
    listing.rows = await db.rows_weighed(
        f"{LEAD} WHERE {asked} ORDER BY {_order(listing)} LIMIT {listing.size:d} OFFSET {listing.offset:d}",
        *asked.values,
    )
    return listing


def _order(listing: Listing) -> str:
    """The tie goes the way of the column: one index, read in either direction."""
    down = "DESC" if listing.sort.startswith("-") else "ASC"
    return listing.order_by(SORTS, f"lead.id {down}")


async def every_choice(asked: Conditions, most: int) -> list[db.Row]:
    """References and versions of all that a list would show."""
    return await db.rows_weighed(
        f"SELECT ref, version FROM lead WHERE {asked} ORDER BY id LIMIT {most:d}", *asked.values
    )


async def counts() -> Mapping[str, int]:
    """How many are to be answered, and at work: for the tabs, up to MOST_COUNTED + 1."""
    parts = {"unanswered": UNANSWERED, "at_work": AT_WORK}
    sql = ", ".join(
        f"(SELECT count(*) FROM (SELECT FROM lead WHERE state IN ({db.literals(states)}) LIMIT {MOST_COUNTED + 1}) few) AS {name}"
        for name, states in parts.items()
    )
    found = await db.row(f"SELECT {sql}")
    return dict(found or {})
