"""Roles, and the person who asks."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    REFERRER = "referrer"
    SALES = "sales"
    FINANCE = "finance"
    ADMIN = "admin"


STAFF = frozenset({Role.SALES, Role.FINANCE, Role.ADMIN})
EVERYBODY = STAFF | {Role.REFERRER}


@dataclass(frozen=True, slots=True)
class Person:
    """A user in one of their memberships: staff with all staff roles, or a seat of one referrer."""

    user_id: int
    name: str
    email: str
    language: str
    roles: frozenset[Role]
    referrer_id: int | None = None
    session_id: int | None = None
    second_factor: bool = False

    @property
    def actor_key(self) -> str:
        return f"user:{self.user_id}"

    @property
    def is_staff(self) -> bool:
        return bool(self.roles & STAFF)

    def may(self, *roles: Role) -> bool:
        return bool(self.roles & set(roles))
