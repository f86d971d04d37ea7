"""Arrêtés of the last months: opened by the clock, every card answered, the rest issued, controlled by one, closed by another."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date, timedelta
from itertools import groupby

from portal.books.month import access, deciding
from portal.books.month.looks import INCLUDED, Card
from portal.books.month.reading import month_of
from portal.books.month.rules import first_day, next_month, opens_on
from portal.demo import story
from portal.demo.closing import FINANCE
from portal.demo.stage import Stage, working_day
from portal.jobs.queue import TASKS
from portal.kit import db
from portal.kit.days import add_months, clock_at, now
from portal.kit.deed import Deed, deed

SECOND_LOOK = timedelta(minutes=25)
WHY = {  # a decision against a date, or to leave somebody out, has its reason
    "left_out": "Dossier à compléter : demandé, à reprendre le mois prochain.",
    "refused": "La facture est à revoir avec l'apporteur.",
    "late": "L'apporteur est prévenu, le virement part avec le prochain règlement.",
}


def closes(stage: Stage) -> None:
    """Put them on the agenda. The month of the last day told stays open, with its cards to look at."""
    month = first_day(add_months(stage.last_day, -story.ARRETES))
    while month <= stage.last_day:
        stage.on(opens_on(month), "", open_due, hour=6)
        stage.on(working_day(next_month(month) + timedelta(story.CLOSED_AFTER)), "", close, month, hour=8)
        month = next_month(month)


async def open_due(_stage: Stage) -> None:
    await TASKS["books.open_month"]()


async def close(stage: Stage, month: date) -> None:
    one, other = FINANCE[:: 1 if month.month % 2 else -1]
    settlement = await access.settlement_of(stage.entity_id, month)
    assert settlement is not None
    async with _as(stage, one):
        await _answer(settlement)
    async with _as(stage, one):
        await _issue(settlement)
    async with _as(stage, one):
        await deciding.control(settlement)
    with clock_at(now() + SECOND_LOOK):
        async with _as(stage, other):
            await deciding.approve(settlement)
        if next_month(month) >= first_day(stage.last_day):  # the others are made by the worker
            await TASKS["books.pack"](settlement_id=settlement["id"])


def _as(stage: Stage, email: str) -> AbstractAsyncContextManager[Deed]:
    return deed(stage.people[email], notify=stage.is_loud(now()))


async def _answer(settlement: db.Row) -> None:
    asked = [card for card in (await month_of(settlement)).cards if card.blocks]
    for look, cards in groupby(asked, lambda card: card.look):
        await deciding.decide(settlement, *_said(look, list(cards)))


def _said(look: str, cards: Sequence[Card]) -> tuple[list[str], str, str]:
    """Their keys, the answer, and why."""
    answers = cards[0].about.answers
    return (
        [card.key for card in cards],
        INCLUDED if INCLUDED in answers else answers[0],
        WHY.get(look, ""),
    )


async def _issue(settlement: db.Row) -> None:
    if (await month_of(settlement)).issuable.free:
        await deciding.issue(settlement)
