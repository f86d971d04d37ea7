"""What is missing of a year, said to a reader."""

from datetime import date
from typing import Any

from portal.kit.text import _, day
from portal.taxes.closing.rules import Lack


def named(name: str | date) -> str:
    """Of a month, octobre 2026."""
    return day(name, "LLLL yyyy") if isinstance(name, date) else name


def why_of(lack: Lack) -> str:
    said = [
        _(sentence) % {name: value_of(value) for name, value in params.items()}
        for sentence, params in lack.why
    ]
    return ", ".join(said)


def value_of(value: Any) -> str:
    return day(value) if isinstance(value, date) else str(value)
