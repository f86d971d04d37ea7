"""Forms of joining: asking for it, deciding, the page of a programme, links and lists."""

import hmac
import re
from datetime import date, datetime, timedelta
from typing import Annotated, ClassVar, Literal, Self

from litestar.datastructures import UploadFile
from pydantic import Field, StringConstraints, field_validator

from portal.kit.cells import plain_words
from portal.kit.days import now, today
from portal.kit.forms import Form
from portal.kit.identifiers import parse_email, parse_phone, parse_siren
from portal.kit.keyring import ring
from portal.kit.text import N_, _
from portal.referrers.countries import WORLD, named
from portal.referrers.forms import Day, Email, Line
from portal.referrers.joining.eligibility import BY_SOMEBODY, Answers, Why
from portal.referrers.joining.rules import FASTEST, SLOWEST
from portal.referrers.rules import Status

Words = Annotated[str, StringConstraints(max_length=500)]
STAMP = "application.stamp"
AGAIN = N_("Cette page est restée ouverte un moment : relisez vos réponses et envoyez-les de nouveau.")
TOO_LONG_LINK = N_("Choisissez un jour entre demain et dans deux ans.")


def countries() -> list[tuple[str, str]]:
    """All of the world in the reader's language, France first."""
    return named(WORLD)


def stamped() -> str:
    """When the form was opened, signed: who answers sooner than a hand can write is no person."""
    at = now().isoformat()
    return f"{at}~{_seal(at)}"


def _seal(at: str) -> str:
    return ring().mac(at, STAMP, 1).hex()[:32]


def is_written_by_hand(stamp: str) -> bool:
    at, _tilde, seal = stamp.partition("~")
    if not hmac.compare_digest(seal.encode(), _seal(at).encode()):
        return False
    return FASTEST <= now() - datetime.fromisoformat(at) <= SLOWEST


class ApplyForm(Form):
    SENTENCES: ClassVar = {
        "first_name.missing": N_("Indiquez votre prénom."),
        "last_name.missing": N_("Indiquez votre nom."),
        "email.missing": N_("Indiquez votre adresse e-mail."),
        "status.missing": N_("Dites-nous quelle est votre situation."),
        "knows.missing": N_("Un mot suffit : client, ancien collègue, partenaire…"),
        "adult.missing": N_("Répondez à cette question."),
        "house.missing": N_("Répondez à cette question."),
        "public.missing": N_("Répondez à cette question."),
    }
    first_name: Line
    last_name: Line
    email: Email
    phone: str = ""
    status: Status
    country: str = "FR"
    knows: Words
    adult: Literal["yes", "no"]
    house: Literal["no", "house", "group"]
    public: Literal["no", "agent", "buyer"]
    code: Annotated[str, StringConstraints(max_length=40)] = ""
    website: str = ""  # nobody sees it: who fills it in is no person
    stamp: str = ""

    @field_validator("phone")
    @classmethod
    def _phone(cls, typed: str) -> str:
        return parse_phone(typed) if typed else ""

    @field_validator("country")
    @classmethod
    def _country(cls, code: str) -> str:
        if code not in dict(countries()):
            raise ValueError(N_("Choisissez un pays de la liste."))
        return code

    @property
    def answers(self) -> Answers:
        return Answers(
            self.adult == "yes", self.house, self.public, self.country, self.email.rpartition("@")[2]
        )

    def said(self) -> dict[str, object]:
        """What is kept of it until somebody decides."""
        names = ("first_name", "last_name", "phone", "status", "country", "knows")
        return {**{name: getattr(self, name) for name in names}, "public_agent": self.public == "agent"}


class RefuseApplicationForm(Form):
    SENTENCES: ClassVar = {"reason.missing": N_("Choisissez une raison : elle est dite à la personne.")}
    reason: Why
    words: Words = ""

    @field_validator("reason")
    @classmethod
    def _of_the_list(cls, why: Why) -> Why:
        if why not in BY_SOMEBODY:
            raise ValueError(N_("Choisissez une des réponses proposées."))
        return why


class AcceptApplicationForm(Form):
    contact: str = ""


def several(typed: object) -> list[str]:
    """Boxes of one name: none, one or many."""
    return [str(one) for one in typed] if isinstance(typed, list) else [str(typed)] if typed else []


class PageForm(Form):
    """The application page of a programme."""

    SENTENCES: ClassVar = {"slug.missing": N_("Donnez une adresse à la page, par exemple « apporteurs ».")}
    version: int = 0
    slug: str
    opened: bool = False
    automatic: bool = False
    invited_only: bool = False
    most: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    contact: str = ""

    @field_validator("slug")
    @classmethod
    def _slug(cls, typed: str) -> str:
        made = "-".join(plain_words(typed).split())[:60].strip("-")
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", made):
            raise ValueError(N_("Donnez une adresse à la page, par exemple « apporteurs »."))
        return made

    def chosen(self, allowed: tuple[str, ...]) -> tuple[list[str], list[str]]:
        """Statuses and countries; what stands in no list is left out, and nothing chosen is refused."""
        statuses = [one for one in several(self.values.get("statuses")) if one in set(Status)]
        countries = [one for one in several(self.values.get("countries")) if one in allowed]
        if not statuses:
            self.refuse("statuses", _("Cochez au moins une situation."))
        if not countries:
            self.refuse("countries", _("Choisissez au moins un pays."))
        return statuses, countries


class GroupForm(Form):
    """SIREN numbers of the group and domains of its addresses, one a line."""

    sirens: str = ""
    domains: str = ""

    @field_validator("sirens")
    @classmethod
    def _sirens(cls, typed: str) -> str:
        return "\n".join(parse_siren(line) for line in _lines(typed))

    @field_validator("domains")
    @classmethod
    def _domains(cls, typed: str) -> str:
        return "\n".join(parse_email(f"x@{line.removeprefix('@')}")[2:] for line in _lines(typed))

    def option(self) -> dict[str, list[str]]:
        return {"sirens": _lines(self.sirens), "domains": _lines(self.domains)}


def _lines(typed: str) -> list[str]:
    return [line.strip() for line in re.split(r"[\n,;]", typed) if line.strip()][:200]


class LinkForm(Form):
    SENTENCES: ClassVar = {
        "name.missing": N_("Donnez-lui un nom, par exemple « Cartes de visite »."),
        "programme.missing": N_("Choisissez un programme."),
        "until.missing": N_("Indiquez jusqu'à quand."),
    }
    name: Line
    programme: str
    contact: str = ""
    until: Day
    most: Annotated[int, Field(ge=1, le=1_000_000)] | None = None

    @field_validator("until")
    @classmethod
    def _until(cls, day: date) -> date:
        if not today() < day <= today() + timedelta(731):
            raise ValueError(TOO_LONG_LINK)
        return day


class ListForm(Form):
    SENTENCES: ClassVar = {"name.missing": N_("Donnez-lui un nom, par exemple « Salon de mars ».")}
    name: Line
    programme: str = ""
    contact: str = ""
    language: Literal["fr", "en"] = "fr"
    pasted: Annotated[str, StringConstraints(max_length=200_000)] = ""
    file: UploadFile | None = None

    def both_or_none(self) -> Self:
        if bool(self.pasted) == bool(self.file):
            self.refuse("pasted", _("Collez une liste, ou choisissez un fichier."))
        return self
