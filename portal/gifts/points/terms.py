"""How a programme counts in points: what they are called, what one is worth, until when it is valid, who may choose them."""

from dataclasses import asdict, dataclass, fields

from portal.history.access import record
from portal.kit import db
from portal.kit.money import Cents
from portal.kit.problems import Stale
from portal.kit.text import N_, Called
from portal.referrers.rules import NATURAL_PERSONS, Status

CHOICES = {
    "none": N_("Personne : le barème décide seul"),
    "contract": N_("L'apporteur, une fois, avant de signer son contrat"),
    "deal": N_("L'apporteur, pour chaque affaire, avant sa signature"),
}
CHOOSERS = {  # word on the form → statuses
    "individuals": ([Status.INDIVIDUAL], N_("Les particuliers")),
    "persons": (sorted(NATURAL_PERSONS), N_("Les particuliers et les salariés de partenaires")),
    "everybody": (list(Status), N_("Tous les apporteurs")),
}


@dataclass(frozen=True, slots=True)
class Terms:
    """`version` 0: nothing was ever said, and one point is one euro, for ever, called a point."""

    one_fr: str = ""
    many_fr: str = ""
    one_en: str = ""
    many_en: str = ""
    worth_cents: Cents = 100
    valid_months: int | None = None
    choice: str = "none"
    choosers: tuple[str, ...] = (Status.INDIVIDUAL,)
    gifts: bool = False
    version: int = 0

    @property
    def called(self) -> Called:
        return (self.one_fr, self.many_fr, self.one_en, self.many_en) if self.one_fr else ()

    @property
    def who(self) -> str:
        """The word of the form for who may choose."""
        return next(word for word, (said, _label) in CHOOSERS.items() if set(said) == set(self.choosers))


NAMES = [field.name for field in fields(Terms)]


async def terms_of(programme_id: int) -> Terms:
    return _terms(await db.row("SELECT * FROM programme_points WHERE programme_id = $1", programme_id))


async def terms_for(referrer_id: int) -> Terms:
    """Of the programme under which they are, else of the last under which they were."""
    return _terms(
        await db.row("SELECT * FROM programme_points WHERE programme_id = programme_of($1)", referrer_id)
    )


def _terms(found: db.Row | None) -> Terms:
    if found is None:
        return Terms()
    return Terms(**{**{name: found[name] for name in NAMES}, "choosers": tuple(found["choosers"])})


KEEP = """
INSERT INTO programme_points (programme_id, one_fr, many_fr, one_en, many_en, worth_cents, valid_months, choice, choosers, gifts)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (programme_id) DO UPDATE SET one_fr = $2, many_fr = $3, one_en = $4, many_en = $5, worth_cents = $6, valid_months = $7,
  choice = $8, choosers = $9, gifts = $10, version = programme_points.version + 1
WHERE programme_points.version = $11 RETURNING version
"""


async def keep(programme_id: int, wanted: Terms) -> None:
    """For points that are acquired from now on: a lot keeps what was said when it was. Raises Stale."""
    *said, version = (getattr(wanted, name) for name in NAMES)
    kept = await db.value(KEEP, programme_id, *said, version)
    if kept is None:
        raise Stale("stale", row_id=programme_id)
    told = {name: value for name, value in asdict(wanted).items() if name not in ("version", "choosers")}
    await record("points.terms_set", "programme", programme_id, **told, who=wanted.who)
