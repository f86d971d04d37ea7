"""What `portal verify` finds when a promise is broken."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """`code` names the broken promise; `where` the row, file or chain."""

    code: str
    where: str
