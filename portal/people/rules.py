"""Roles, seats, the person who asks; the life of a user; what a password must be."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portal.kit.problems import Refused
from portal.kit.text import N_, _


class Role(StrEnum):
    REFERRER = "referrer"
    SALES = "sales"
    FINANCE = "finance"
    ADMIN = "admin"
    READER = "reader"  # an accountant or an auditor of the company: sees what finance sees, changes nothing


STAFF = frozenset({Role.SALES, Role.FINANCE, Role.ADMIN, Role.READER})
EVERYBODY = STAFF | {Role.REFERRER}
ROLE_LABELS = {
    Role.REFERRER: N_("Apporteur"),
    Role.SALES: N_("Commercial"),
    Role.FINANCE: N_("Finance"),
    Role.ADMIN: N_("Administration"),
    Role.READER: N_("Lecture seule"),
}


class Seat(StrEnum):
    """For whom a user of a referrer sits there."""

    OWNER = "owner"
    MEMBER = "member"
    ACCOUNTANT = "accountant"  # reads, signs nothing


SEAT_LABELS = {Seat.OWNER: N_("Titulaire"), Seat.MEMBER: N_("Membre"), Seat.ACCOUNTANT: N_("Comptable")}

SCOPES = {
    "leads:read": N_("Lire les recommandations"),
    "leads:write": N_("Déposer des recommandations"),
    "plans:read": N_("Lire et essayer les barèmes"),
    "earnings:read": N_("Lire les commissions"),
    "invoices:read": N_("Lire les factures envoyées et leurs réponses"),
    "invoices:write": N_("Envoyer ses factures"),
    "rewards:read": N_("Lire les récompenses et les commandes"),
    "rewards:write": N_("Commander des récompenses, noter leur envoi"),
    "deals:read": N_("Lire les affaires et les encaissements"),
    "deals:write": N_("Noter affaires, factures et encaissements"),
}


@dataclass(frozen=True, slots=True)
class Seeing:
    """A colleague looks at the space of this referrer, until then."""

    id: int
    referrer_name: str
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Person:
    """A user in one of their memberships: staff with all staff roles, or a seat of one referrer."""

    user_id: int
    name: str
    email: str
    language: str
    roles: frozenset[Role]
    referrer_id: int | None = None
    seat: Seat | None = None
    session_id: int | None = None
    second_factor: bool = False
    scopes: frozenset[str] | None = None  # of an API token; a session is not bound to any
    seeing: Seeing | None = (
        None  # a colleague who only looks: `roles`, `referrer_id` and `seat` are the referrer's
    )
    words: str = "apporteur"  # how they are spoken to: the word set of their programme
    called: tuple[str, ...] = ()  # and what it calls its points, when it has a name of its own for them
    unread: tuple[str, ...] = ()  # where the notices lead that they have not read, the latest first
    due: int = 0  # tasks of theirs for today, or late

    @property
    def actor_key(self) -> str:
        return f"user:{self.user_id}"

    @property
    def is_staff(self) -> bool:
        return bool(self.roles & STAFF)

    @property
    def reads_only(self) -> bool:
        """The sight of finance, and nothing to do."""
        return Role.READER in self.roles

    @property
    def role_label(self) -> str:
        shown = {Role.READER} if self.reads_only else self.roles
        return ", ".join(_(ROLE_LABELS[role]) for role in Role if role in shown)

    def may(self, *roles: Role) -> bool:
        return bool(self.roles & set(roles))


def sight_of(roles: frozenset[Role]) -> frozenset[Role]:
    """What somebody sees with these seats. Who only reads looks with the eyes of finance; beside another role, reading
    adds nothing."""
    if roles == {Role.READER}:
        return frozenset({Role.READER, Role.FINANCE})
    return roles - {Role.READER}


class UserState(StrEnum):
    INVITED = "invited"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    DEACTIVATED = "deactivated"


@dataclass(frozen=True, slots=True)
class UserMove:
    name: str
    origin: UserState
    target: UserState


U = UserState
USER_MOVES = (
    UserMove("accept", U.INVITED, U.ACTIVE),
    UserMove("suspend", U.ACTIVE, U.SUSPENDED),
    UserMove("resume", U.SUSPENDED, U.ACTIVE),
    UserMove("deactivate", U.INVITED, U.DEACTIVATED),
    UserMove("deactivate", U.ACTIVE, U.DEACTIVATED),
    UserMove("deactivate", U.SUSPENDED, U.DEACTIVATED),
    UserMove("invite_again", U.DEACTIVATED, U.INVITED),
)
STATE_LABELS = {
    U.INVITED: N_("Invitation envoyée"),
    U.ACTIVE: N_("Compte ouvert"),
    U.SUSPENDED: N_("Suspendu"),
    U.DEACTIVATED: N_("Fermé"),
}
STATE_TONES = {U.INVITED: "wait", U.ACTIVE: "good", U.SUSPENDED: "bad", U.DEACTIVATED: "plain"}


def move_of(name: str, state: str) -> UserMove:
    """Raises Refused when nobody in this state can make that move."""
    for move in USER_MOVES:
        if move.name == name and move.origin == state:
            return move
    raise Refused("user_move", N_("Ce compte a changé entre-temps. Rechargez la page."))


def moves_from(state: str) -> list[str]:
    return [move.name for move in USER_MOVES if move.origin == state]


PASSWORD_LENGTH = 12
PASSWORD_LONGEST = 200
TOO_SHORT = N_("Choisissez au moins 12 caractères ; une phrase se retient mieux qu'un mot.")
TOO_LONG = N_("Choisissez au plus 200 caractères.")
TOO_CLOSE = N_("Ce mot de passe ressemble trop à votre nom ou à votre adresse.")
TOO_PLAIN = N_("Ce mot de passe se devine trop vite. Mêlez plusieurs mots.")
FEW = 5
PLAIN = ("motdepasse", "password", "azertyuiop", "qwertyuiop", "123456789012", "entremise")


def password_fault(password: str, email: str, name: str) -> str:
    """The msgid of what is wrong with it; empty when it will do."""
    if len(password) < PASSWORD_LENGTH:
        return TOO_SHORT
    if len(password) > PASSWORD_LONGEST:
        return TOO_LONG
    plain = _letters(password)
    if any(
        len(part) >= 4 and len(plain) - len(part) < 8 and part in plain
        for part in _of_the_person(email, name)
    ):
        return TOO_CLOSE
    if len(set(plain)) < FEW or any(word in plain and len(plain) - len(word) < 6 for word in PLAIN):
        return TOO_PLAIN
    return ""


def _of_the_person(email: str, name: str) -> list[str]:
    local, _at, domain = email.partition("@")
    return [_letters(part) for part in (email, local, domain.partition(".")[0], name, *name.split())]


def _letters(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(letter for letter in decomposed if letter.isalnum())


def safe_path(wanted: str, otherwise: str = "/") -> str:
    """Where to go on after signing in: a path of ours and nothing else."""
    leads_away = not wanted.startswith("/") or wanted.startswith("//") or "\\" in wanted
    return (
        otherwise
        if leads_away or any(ord(letter) < 32 or ord(letter) == 127 for letter in wanted)
        else wanted
    )
