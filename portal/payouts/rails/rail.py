"""What each rail answers. A rail is asked by payouts.access and payouts.actions, so it imports neither: only its jobs do."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from portal.kit import db
from portal.kit.files import Kept
from portal.payouts.rails.rules import RailName, Where

Papers = Mapping[int, Sequence[db.Row]]  # of a run: line → its papers


async def no_file(_run: db.Row, _lines: Sequence[db.Row], _papers: Papers) -> Kept | None:
    """Before the deed that sends, for a rail that hands no file to anybody."""


async def nothing_goes(_run: db.Row, _lines: Sequence[db.Row]) -> None:
    """In the deed that sends, for a rail on which nothing goes out by itself."""


def always() -> bool:
    """For a rail that needs nothing of anybody."""
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Rail:
    """`where`: asked when a run is prepared and again when it is sent, one answer for each referrer asked about.
    `make_file`: before the deed that sends; `go`: within it, where the outside world is never called: it enqueues.
    `as_one`: the bank debits all lines at once, so that a person may say of the whole run that it arrived.
    `is_on`: whether it is offered at all."""

    name: RailName
    where: Callable[[Sequence[int]], Awaitable[Mapping[int, Where]]]
    make_file: Callable[[db.Row, Sequence[db.Row], Papers], Awaitable[Kept | None]] = no_file
    go: Callable[[db.Row, Sequence[db.Row]], Awaitable[None]] = nothing_goes
    as_one: bool = False
    is_on: Callable[[], bool] = always
