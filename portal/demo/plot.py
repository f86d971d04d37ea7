"""From the tables of the story to who and what, with days: the same seed tells the same story. Pure."""

import math
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import product
from random import Random
from typing import Any, TypeVar

from portal.demo import names, numbers, story
from portal.demo.cast import REFERRERS, Introducer
from portal.demo.story import FATES, OFFERS, PAYERS, Fate, Group, Offer, Payer, Scene
from portal.kit.days import add_months
from portal.law.holidays import same_or_next
from portal.referrers.rules import NATURAL_PERSONS, Regime, Status

SEED = 7302
Chance = TypeVar("Chance", Fate, Offer, Payer)
SALES = ("samir@maison-aubier.example", "elise@maison-aubier.example")


@dataclass(frozen=True, slots=True)
class Member:
    """A referrer, how they came, and how often they recommend."""

    key: str
    who: Introducer
    path: str
    joined: date
    pace: int
    sales: str
    place: int
    lately: tuple[tuple[str, int], ...] = ()
    until: int = 0


@dataclass(frozen=True, slots=True)
class Prospect:
    name: str
    siren: str
    contact: str
    email: str
    phone: str
    need: str


@dataclass(frozen=True, slots=True)
class Recommendation:
    by: Member
    on: date
    prospect: Prospect
    fate: Fate
    offer: Offer
    payer: Payer
    size: int  # percent of the usual
    notes: tuple[tuple[str, bool, str], ...] = ()
    told_late: int = 0
    paid_on: date | None = None

    @property
    def net_cents(self) -> int:
        return sum(cents for _product, _label, cents in self.lines)

    @property
    def billed(self) -> list[tuple[int, int, tuple[int, ...]]]:
        """Days since the signature, cents HT, the lines when it is not for all."""
        if self.offer.by_line:
            return [(delay, self.lines[line - 1][2], (line,)) for delay, line in self.offer.billed]
        return [(delay, self.net_cents * percent // 100, ()) for delay, percent in self.offer.billed]

    @property
    def lines(self) -> list[tuple[str, str, int]]:
        return [(product, label, cents * self.size // 100) for product, label, cents in self.offer.lines]


@dataclass(slots=True)
class Plot:
    """`scale`: what part of the whole story is told; every thread is told in any case."""

    last_day: date
    scale: float = 1.0
    rng: Random = field(default_factory=lambda: Random(SEED))
    members: list[Member] = field(default_factory=list)
    recommendations: list[Recommendation] = field(default_factory=list)
    clients: list[Prospect] = field(default_factory=list)  # known before, of whom nobody speaks
    strangers: list[Prospect] = field(default_factory=list)  # who come by other ways
    _companies: list[tuple[str, str]] = field(
        default_factory=lambda: list(product(names.TRADES, names.LAST_NAMES))
    )
    _prospects: dict[str, Prospect] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rng.shuffle(self._companies)
        self.members = [*self._shown(), *self._others()]
        told = [*map(self._told, story.THREADS), *self._ordinary()]
        self.recommendations = sorted(told, key=lambda one: one.on)
        self.clients = [self._prospect() for _ in range(story.CLIENTS)]
        self.strangers = [self._prospect() for _ in range(story.STRANGERS)]

    @property
    def opened_on(self) -> date:
        """Two years back, so that a whole calendar year is always told."""
        return same_or_next(add_months(self.last_day.replace(day=1), -story.MONTHS))

    def ago(self, days: int) -> date:
        return self.last_day - timedelta(days)

    def take_strangers(self, count: int) -> list[Prospect]:
        """Each stranger comes once."""
        taken, self.strangers = self.strangers[:count], self.strangers[count:]
        return taken

    # Referrers

    def member(self, key: str) -> Member:
        return next(member for member in self.members if member.key == key)

    def _shown(self) -> Iterator[Member]:
        for place, who in enumerate(REFERRERS):
            lately = story.LATELY.get(who.email, ())
            yield Member(
                who.email, who, "paper", self.opened_on, story.SHOWN[who.email], SALES[0], place, lately
            )

    def _others(self) -> Iterator[Member]:
        place = len(REFERRERS)
        for group in story.NETWORK:
            for nth in range(math.ceil(group.count * self.scale)):
                yield self._member(group, place, group.key if nth == 0 else "")
                place += 1

    def _member(self, group: Group, place: int, key: str) -> Member:
        who = self._introducer(group.status, group.regime, place)
        joined = self.ago(self.rng.randint(*sorted(group.since)))
        sales = SALES[place % len(SALES)]
        return Member(
            key or who.email, who, group.path, joined, group.pace, sales, place, group.lately, group.until
        )

    def _introducer(self, status: Status, regime: Regime, place: int) -> Introducer:
        first, last = (
            names.FIRST_NAMES[place * 7 % len(names.FIRST_NAMES)],
            names.LAST_NAMES[place * 11 % len(names.LAST_NAMES)],
        )
        postcode, city = self.rng.choice(names.TOWNS)
        profile: dict[str, Any] = {
            "street": f"{self.rng.randint(1, 90)} {self.rng.choice(names.STREETS)}", "postcode": postcode, "city": city,
            "country": "FR", "phone": numbers.phone(place), **self._identity(status, regime, place, last),
        }  # fmt: skip
        host = "perso" if status in NATURAL_PERSONS else "pro"
        email = f"{_plain(first)}.{_plain(last)}@{host}.example"
        return Introducer(email, first, last, "", status, regime, numbers.iban(place), profile)

    def _identity(self, status: Status, regime: Regime, place: int, last: str) -> dict[str, Any]:
        """What the law asks of each status."""
        if status is Status.INDIVIDUAL:
            return {}
        if status is Status.PARTNER_EMPLOYEE:
            return {"employer_name": f"Comptoir {last}", "employer_position": "chargé de clientèle",
                    "employer_siren": numbers.siren(500 + place)}  # fmt: skip
        found = {"siret": numbers.siret(place)}
        if regime is Regime.STANDARD:
            found["vat_number"] = numbers.vat(place)
        if status is Status.MICRO:
            return found
        return (found if status is not Status.EU_COMPANY else {}) | self._legal_person(status, place, last)

    def _legal_person(self, status: Status, place: int, last: str) -> dict[str, Any]:
        represented = {"represented_by": f"{names.FIRST_NAMES[place * 7 % len(names.FIRST_NAMES)]} {last}"}
        if status is Status.ASSOCIATION:
            return {
                **represented,
                "company_name": names.CLUBS[place % len(names.CLUBS)],
                "represented_as": "présidence",
            }
        name = names.CONSULTANCIES[place % len(names.CONSULTANCIES)].format(last)
        if status is Status.EU_COMPANY:
            return {**represented, "company_name": f"{name} SRL", "represented_as": "gérance", "legal_form": "SRL",
                    "vat_number": numbers.belgian_vat(place), "country": "BE", "postcode": "1000", "city": "Bruxelles"}  # fmt: skip
        return {
            **represented,
            "company_name": name,
            "represented_as": "gérance",
            "legal_form": "SARL",
            "rcs_city": "Nantes",
        }

    # Recommendations

    def _told(self, scene: Scene) -> Recommendation:
        by = self.member(scene.by)
        prospect = (
            self._prospects.setdefault(scene.about, self._prospect()) if scene.about else self._prospect()
        )
        return self._recommendation(
            by, self.ago(scene.ago), FATES[scene.fate], prospect,
            offer=OFFERS[scene.offer], payer=PAYERS[scene.payer], told_late=scene.told_late,
            paid_on=self.ago(scene.paid) if scene.paid else None, size=scene.size,
        )  # fmt: skip

    def _ordinary(self) -> Iterator[Recommendation]:
        for member in self.members:
            start = member.joined + timedelta(12)
            days = (self.ago(max(member.until, 3)) - start).days
            for _ in range(int(member.pace * max(days, 0) / 365 * self.scale + self.rng.random())):
                day = start + timedelta(self.rng.randint(0, days))
                yield self._recommendation(member, day, self._often(FATES.values()), self._prospect())

    def _recommendation(
        self, by: Member, on: date, fate: Fate, prospect: Prospect, *, offer: Offer | None = None,
        payer: Payer | None = None, told_late: int = 0, paid_on: date | None = None, size: int = 0,
    ) -> Recommendation:  # fmt: skip
        notes = (self.rng.choice(story.NOTES),) if not self.rng.randrange(story.NOTE_EVERY) else ()
        return Recommendation(
            by, on, prospect, fate, offer or self._often(OFFERS), payer or self._often(PAYERS.values()),
            size or self.rng.choice(story.SIZES), notes, told_late, paid_on,
        )  # fmt: skip

    def _often(self, among: Iterable[Chance]) -> Chance:
        choices = list(among)
        return self.rng.choices(choices, [one.often for one in choices])[0]

    def _prospect(self) -> Prospect:
        """Each company once: a trade and a name."""
        name, place = " ".join(self._companies.pop()), len(self._companies)
        contact = self.rng.choice(names.FIRST_NAMES), self.rng.choice(names.LAST_NAMES)
        return Prospect(
            name, numbers.siren(1_000 + place) if self.rng.random() < 0.5 else "", " ".join(contact),
            f"{_plain(contact[0])}@{_plain(name)}.example", numbers.phone(1_000 + place), self.rng.choice(names.NEEDS),
        )  # fmt: skip


def _plain(text: str) -> str:
    """Émeline Le Goff → emeline-le-goff."""
    letters = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return "-".join("".join(letter if letter.isalnum() else " " for letter in letters).split())
