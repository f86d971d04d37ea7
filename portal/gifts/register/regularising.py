"""The VAT of a person's calendar year is brought to what the law allows: a line per gift that changes, each in the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.company import access as company
from portal.gifts.register import access
from portal.gifts.register.rules import VatMove, threshold_cents, threshold_day, vat_moves, year_total
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.money import Cents
from portal.law import Figures, figure_id
from portal.law.gifts import VAT_THRESHOLD
from portal.ledger import gifts as recipes
from portal.ledger.posting import closed_until, post


async def lock(referrer_id: int | None, outsider_id: int | None) -> None:
    """All files of the person, so that two gifts at once see one another."""
    await db.rows(
        "SELECT id FROM referrer WHERE id = ANY ((SELECT ids_of($1))::bigint[]) ORDER BY id FOR NO KEY UPDATE",
        referrer_id,
    )
    await db.rows("SELECT id FROM gift_outsider WHERE id = $1 FOR NO KEY UPDATE", outsider_id)


async def put_right(gift: db.Row) -> int:
    """After this gift, or this correction: of the year in which what it concerns was given. How many lines it took."""
    about = await access.gift(gift["reverses_id"]) if gift["reverses_id"] else gift
    given = await access.year_of(
        about["legal_entity_id"], about["referrer_id"], about["outsider_id"], about["given_on"].year
    )
    figures = await company.figures()
    moves = vat_moves(given, today(), figures)
    await _write(moves, gift, Judged(year_total(given), threshold_day(given)), figures)
    return len(moves)


@dataclass(frozen=True, slots=True)
class Judged:
    """A year as its lines keep it: what it came to, and the day whose figure ruled."""

    total_cents: Cents
    day: date


async def _write(moves: Sequence[VatMove], cause: db.Row, judged: Judged, figures: Figures) -> None:
    entity_id = cause["legal_entity_id"]
    closed = (await closed_until()).get(entity_id, date.min)
    characters = await access.characters([move.gift_id for move in moves])
    entries = []
    for move in moves:
        line_id = await _line(move, cause["id"], judged, closed, figures)
        character = characters[move.gift_id]
        entries.append(
            recipes.gift_vat(entity_id, move.gift_id, line_id, move.cents, move.fact_on, character)
        )
    await post(entries)


async def _line(move: VatMove, cause_id: int, judged: Judged, closed: date, figures: Figures) -> int:
    """A fact of a closed month is declared in the open one."""
    return await db.insert(
        "gift_vat",
        gift_id=move.gift_id, kind=move.kind, falls_on=move.fact_on if move.fact_on > closed else today(),
        cents=move.cents, cause_id=cause_id, year_cents=judged.total_cents,
        threshold_cents=threshold_cents(judged.day, figures),
        figure=figure_id(VAT_THRESHOLD, figures.at(VAT_THRESHOLD, judged.day)), at=now(),
    )  # fmt: skip


async def review(entity_id: int, year: int) -> int:
    """Everybody's year again: a threshold was dated anew, or two files became one. How many lines it took."""
    lines = 0
    for last in await access.last_of_each(entity_id, year):
        await lock(last["referrer_id"], last["outsider_id"])
        lines += await put_right(await access.gift(last["id"]))
    return lines
