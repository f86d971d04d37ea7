"""How far a person approves alone, and when the words for a run suffice. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from portal.kit.money import Cents

FOUR_EYES = "payouts.four_eyes"  # the company's option; on when nobody said


@dataclass(frozen=True, slots=True)
class Reach:
    """Up to how much one approves alone: on one line, on a whole run. None: without limit. `user_id`: whose power it is."""

    user_id: int
    line_cents: Cents | None = None
    run_cents: Cents | None = None

    def covers(self, largest_line: Cents, run: Cents) -> bool:
        return _within(largest_line, self.line_cents) and _within(run, self.run_cents)


def _within(cents: Cents, limit: Cents | None) -> bool:
    return limit is None or cents <= limit


@dataclass(frozen=True, slots=True)
class Word:
    """What approving means for one person: whether it suffices, and in whose name it is said."""

    suffices: bool
    for_user: int | None


def word_of(
    own: Reach,
    lent: Iterable[Reach],
    before: Sequence[int],
    largest_line: Cents,
    run: Cents,
    prepared_by: int,
) -> Word:
    """`lent`: the powers delegated to this person today; never that of who prepared. `before`: who approved already: two
    persons suffice whatever their limits."""
    if own.covers(largest_line, run):
        return Word(True, None)
    for power in lent:
        if power.user_id != prepared_by and power.covers(largest_line, run):
            return Word(True, power.user_id)
    return Word(bool(before), None)
