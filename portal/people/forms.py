"""The forms of sign-in, accounts, users and tokens."""

from datetime import date
from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from portal.kit.forms import Form
from portal.kit.identifiers import parse_email
from portal.kit.text import N_, _
from portal.people.rules import PASSWORD_LONGEST, SCOPES, STAFF, Role, Seat

Name = Annotated[str, StringConstraints(min_length=2, max_length=100)]
Email = Annotated[str, BeforeValidator(lambda typed: parse_email(str(typed)).lower())]
# Spaces around a password belong to it
Password = Annotated[str, StringConstraints(strip_whitespace=False, max_length=PASSWORD_LONGEST)]
Code = Annotated[str, StringConstraints(max_length=40)]


def _list(given: object) -> list[object]:
    return given if isinstance(given, list) else [given]


def _colleague(role: Role) -> Role:
    """Nobody becomes a referrer on the page of colleagues."""
    if role not in STAFF:
        raise ValueError(N_("Choisissez une des réponses proposées."))
    return role


def _known(scope: str) -> str:
    if scope not in SCOPES:
        raise ValueError(N_("Choisissez une des réponses proposées."))
    return scope


StaffRole = Annotated[Role, AfterValidator(_colleague)]
StaffRoles = Annotated[set[StaffRole], BeforeValidator(_list), Field(min_length=1)]
READS_ALONE = N_("La lecture seule ne se donne qu'à quelqu'un qui n'a pas d'autre rôle.")
READS_UNTIL = N_("Indiquez le dernier jour de cet accès, aujourd'hui ou plus tard.")


class SeatedForm(Form):
    """Roles; who only reads does so until a day."""

    roles: StaffRoles
    until: date | None = None

    def checked(self, today: date) -> Self:
        reads = not self.errors and Role.READER in self.roles
        if reads and len(self.roles) > 1:
            self.refuse("roles", _(READS_ALONE))
        if reads and (self.until is None or self.until < today):
            self.refuse("until", _(READS_UNTIL))
        return self


Scopes = Annotated[set[Annotated[str, AfterValidator(_known)]], BeforeValidator(_list), Field(min_length=1)]


class SignInForm(Form):
    email: Annotated[str, StringConstraints(max_length=254)]
    password: Password
    suite: str = "/"


class LinkForm(Form):
    email: Email
    suite: str = "/"


class EmailForm(Form):
    email: Email


class CodeForm(Form):
    code: Code
    suite: str = "/"


class PasskeyForm(Form):
    answer: Annotated[str, StringConstraints(max_length=8000)]  # what the device signed, as JSON
    suite: str = "/"


class PasskeyNameForm(PasskeyForm):
    SENTENCES: ClassVar = {"answer.missing": N_("Votre appareil n'a pas répondu. Recommencez.")}
    name: Annotated[str, StringConstraints(min_length=1, max_length=60)]


class NewPasswordForm(Form):
    password: Password


class AcceptForm(Form):
    name: Name
    password: Password


class ChangePasswordForm(Form):
    current: Password
    password: Password


def _for_a_guest(seat: Seat) -> Seat:
    """There is one owner, who hands over."""
    if seat is Seat.OWNER:
        raise ValueError(N_("Choisissez une des réponses proposées."))
    return seat


class GuestSeatForm(Form):
    seat: Annotated[Seat, AfterValidator(_for_a_guest)]


class GuestForm(GuestSeatForm):
    SENTENCES: ClassVar = {"seat.missing": N_("Choisissez l'accès à donner.")}
    name: Name
    email: Email
    language: Literal["fr", "en"] = "fr"


class SeeingForm(Form):
    SENTENCES: ClassVar = {"reason.missing": N_("Dites pourquoi : l'apporteur le lira.")}
    reason: Annotated[str, StringConstraints(min_length=5, max_length=200)]


class SeatForm(Form):
    seat: Annotated[str, StringConstraints(max_length=20)]  # the reference of a referrer, or STAFF_SEAT


class InviteForm(SeatedForm):
    email: Email
    name: Name


class RolesForm(SeatedForm):
    pass


class TokenForm(Form):
    name: Annotated[str, StringConstraints(min_length=2, max_length=80)]
    role: StaffRole
    scopes: Scopes
    expires_on: date | None = None
