"""What is posted for points. Pure; the examples are written as a bookkeeper writes them and are executed by the tests.
The company's account points_issued is what referrers still hold: all that was earned, less what was taken back, spent, expired."""

from datetime import date

from portal.ledger.book import Book
from portal.ledger.rules import Entry


def earned(entity_id: int, referrer_id: int, earning_id: int, points: int, on: date) -> Entry:
    """
    >>> print(booked(earned(1, 5, 34, 120, DAY)))
    Dr points_issued            120 pts
       Cr points_held              120 pts
    """
    book = Book(entity_id, referrer_id, "POINT").ours("points_issued", points).theirs("points_held", -points)
    return book.entry("points_earned", f"earning:{earning_id}:earned", on)


def released(entity_id: int, referrer_id: int, earning_id: int, points: int, on: date) -> Entry:
    """They may be spent. What was taken back while held leaves with them (negative).

    >>> print(booked(released(1, 5, 34, 120, DAY)))
    Dr points_held              120 pts
       Cr points                   120 pts
    """
    book = Book(entity_id, referrer_id, "POINT").move(points, "points_held", "points")
    return book.entry("points_released", f"earning:{earning_id}:released", on)


def taken_back(
    entity_id: int, referrer_id: int, earning_id: int, points: int, on: date, *, held: bool = False
) -> Entry:
    """Points may have been spent: what is taken back after the release is owed, and spendable is points − owed.

    >>> print(booked(taken_back(1, 5, 36, 30, DAY)))
    Dr points_owed               30 pts
       Cr points_issued             30 pts
    """
    book = Book(entity_id, referrer_id, "POINT").theirs("points_held" if held else "points_owed", points)
    return book.ours("points_issued", -points).entry(
        "points_taken_back", f"earning:{earning_id}:taken_back", on
    )


def set_off(entity_id: int, referrer_id: int, move_id: int, points: int, on: date) -> Entry:
    """What is owed since points were taken back is taken from those that can be spent.

    >>> print(booked(set_off(1, 5, 81, 30, DAY)))
    Dr points                    30 pts
       Cr points_owed               30 pts
    """
    book = Book(entity_id, referrer_id, "POINT").move(points, "points", "points_owed")
    return book.entry("points_set_off", f"point_move:{move_id}:set_off", on)


def reserved(entity_id: int, referrer_id: int, order_id: int, points: int, on: date) -> Entry:
    """A reward was ordered: its points are put aside.

    >>> print(booked(reserved(1, 5, 12, 90, DAY)))
    Dr points                    90 pts
       Cr points_reserved           90 pts
    """
    book = Book(entity_id, referrer_id, "POINT").move(points, "points", "points_reserved")
    return book.entry("points_reserved", f"reward_order:{order_id}:points_reserved", on)


def put_back(entity_id: int, referrer_id: int, order_id: int, points: int, on: date) -> Entry:
    """The order was refused.

    >>> print(booked(put_back(1, 5, 12, 90, DAY)))
    Dr points_reserved           90 pts
       Cr points                    90 pts
    """
    book = Book(entity_id, referrer_id, "POINT").move(points, "points_reserved", "points")
    return book.entry("points_put_back", f"reward_order:{order_id}:points_put_back", on)


def spent(entity_id: int, referrer_id: int, order_id: int, points: int, on: date) -> Entry:
    """The order was approved: what was issued has done its work.

    >>> print(booked(spent(1, 5, 12, 90, DAY)))
    Dr points_reserved           90 pts
       Cr points_issued             90 pts
    """
    book = (
        Book(entity_id, referrer_id, "POINT").theirs("points_reserved", points).ours("points_issued", -points)
    )
    return book.entry("points_spent", f"reward_order:{order_id}:points_spent", on)


def expired(entity_id: int, referrer_id: int, move_id: int, points: int, on: date) -> Entry:
    """
    >>> print(booked(expired(1, 5, 82, 40, DAY)))
    Dr points                    40 pts
       Cr points_issued             40 pts
    """
    book = Book(entity_id, referrer_id, "POINT").theirs("points", points).ours("points_issued", -points)
    return book.entry("points_expired", f"point_move:{move_id}:expired", on)


def cashed(entity_id: int, referrer_id: int, move_id: int, points: int, on: date) -> Entry:
    """The contract or the programme is over and the catalogue offers nothing: they are paid as a commission, which
    is an entry of its own.

    >>> print(booked(cashed(1, 5, 83, 40, DAY)))
    Dr points                    40 pts
       Cr points_issued             40 pts
    """
    entry = expired(entity_id, referrer_id, move_id, points, on)
    return Entry("points_cashed", f"point_move:{move_id}:cashed", on, "point_move", move_id, entry.lines)


def given(
    entity_id: int, from_id: int, to_id: int, transfer_id: int, points: int, on: date, reason: str
) -> Entry:
    """
    >>> print(booked(given(1, 5, 6, 3, 40, DAY, "succession")))
    Dr points                    40 pts
       Cr points                    40 pts
    """
    book = Book(entity_id, from_id, "POINT").theirs("points", points)
    book.lines += Book(entity_id, to_id, "POINT").theirs("points", -points).lines
    return book.entry("points_given", f"point_transfer:{transfer_id}:given", on, reason)


def provided(entity_id: int, provision_id: int, change_cents: int, on: date) -> Entry:
    """At the end of a year: what points still out will cost, beyond what was provided for before; less is written back.

    >>> print(booked(provided(1, 4, 900_00, DAY)))
    Dr points_provided           900.00
       Cr points_provision          900.00
    >>> print(booked(provided(1, 5, -200_00, DAY)))
    Dr points_provision          200.00
       Cr points_written_back       200.00
    """
    book = Book(entity_id, 0)
    if change_cents > 0:
        book.ours("points_provided", change_cents).ours("points_provision", -change_cents)
    else:
        book.ours("points_provision", -change_cents).ours("points_written_back", change_cents)
    return book.entry("points_provided", f"points_provision:{provision_id}:provided", on)
