"""What sales filter recommendations by, and what that means in SQL. Values are parameters; conditions are written here."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from portal.kit import db
from portal.kit.days import at
from portal.kit.listing import Filter, Listing
from portal.kit.text import _
from portal.leads.rules import AT_WORK, LABELS, OPEN, SOURCES, LeadState
from portal.people.rules import Person
from portal.search.access import words

ME, NOBODY = "moi", "personne"


def _begun(one: Filter) -> str:
    """Every word typed begins a word of the recommendation; '' where there is none."""
    return " & ".join(f"{word}:*" for word in words(one.value).split())


def _said(one: Filter) -> Any:
    return one.parameter


WHERE: dict[str, tuple[str, Callable[[Filter], Any]]] = {
    "q": (
        """lead.id IN (SELECT subject_id FROM search_row WHERE kind = 'lead'
             AND to_tsvector('simple', words) @@ to_tsquery('simple', {}))""",
        _begun,
    ),
    "etat": ("lead.state = {}", _said),
    "apporteur": (
        """lead.referrer_id = ANY (ARRAY(SELECT id FROM referrer
             WHERE concat_ws(' ', company_name, first_name, last_name, number) ILIKE {}))""",
        _said,
    ),
    "programme": ("lead.programme_id = (SELECT id FROM programme WHERE ref = {})", _said),
    "source": ("lead.source = {}", _said),
    "silence": (
        f"lead.state IN ({db.literals(AT_WORK)}) AND lead.moved_at < {{}}",
        lambda one: at(one.parameter, 0),
    ),
    "priorite": (f"lead.state IN ({db.literals(OPEN)}) AND lead.priority_until < {{}}", _said),
    "montant": ("coalesce(lead.estimate_cents, 0) >= {}", _said),
}


@dataclass(slots=True)
class Conditions:
    """One after the other, joined by AND."""

    sql: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)

    def add(self, sql: str, *values: Any) -> None:
        """Each {} of it stands for one of the values."""
        for value in values:
            self.values.append(value)
            sql = sql.replace("{}", f"${len(self.values)}", 1)
        self.sql.append(f"({sql})")

    def __str__(self) -> str:
        return " AND ".join(self.sql) or "true"


def conditions(listing: Listing, person: Person, among: Collection[LeadState] = ()) -> Conditions:
    """What the filters of this listing ask, among these states."""
    asked = Conditions()
    if among and set(among) < set(LABELS):
        asked.add(f"lead.state IN ({db.literals(among)})")
    for one in listing.filters:
        if one.value and one.name == "suivie":
            _add_who(asked, one.value, person)
        elif one.value and (said := WHERE[one.name][1](one)) != "":
            asked.add(WHERE[one.name][0], said)
    return asked


def _add_who(asked: Conditions, who: str, person: Person) -> None:
    if who == NOBODY:
        asked.add("lead.sales_user_id IS NULL")
    elif who == ME:
        asked.add("lead.sales_user_id = {}", person.user_id)
    else:
        asked.add("lead.sales_user_id = (SELECT id FROM app_user WHERE ref = {})", who)


@dataclass(frozen=True, slots=True)
class Choices:
    """Whom and what one can choose among."""

    colleagues: list[db.Row]
    programmes: list[db.Row]


async def choices() -> Choices:
    """Who sells or has sold, and the programmes: one question."""
    rows = await db.rows(
        """SELECT 'who' AS kind, ref, name, id FROM app_user WHERE state = 'active' AND EXISTS (
             SELECT FROM membership WHERE user_id = app_user.id AND role = 'sales' AND ended_at IS NULL)
           UNION ALL SELECT 'programme', ref, name, id FROM programme ORDER BY name, id"""
    )
    return Choices(
        [row for row in rows if row["kind"] == "who"], [row for row in rows if row["kind"] == "programme"]
    )


def of_board(given: Choices) -> list[Filter]:
    return [_who(given), *_programme(given)]


def of_list(given: Choices, among: Collection[LeadState]) -> list[Filter]:
    """The first are at hand, the others unfold."""
    states = [(code, _(label)) for code, label in LABELS.items() if code in among]
    sources = [(code, _(label)) for code, label in SOURCES.items()]
    return [
        Filter("q", _("Rechercher")),
        Filter("etat", _("État"), "select", states),
        _who(given),
        Filter("apporteur", _("Apporteur"), more=True),
        *_programme(given),
        Filter("source", _("Reçue par"), "select", sources, more=True),
        Filter("silence", _("Sans mouvement depuis"), "date", more=True),
        Filter("priorite", _("Priorité finie avant"), "date", more=True),
        Filter("montant", _("À partir de (HT)"), "money", more=True),
    ]


def _who(given: Choices) -> Filter:
    options = [
        (ME, _("Moi")),
        (NOBODY, _("Personne")),
        *((row["ref"], row["name"]) for row in given.colleagues),
    ]
    return Filter("suivie", _("Suivie par"), "select", options)


def _programme(given: Choices) -> list[Filter]:
    """Where there is more than one."""
    options = [(row["ref"], row["name"]) for row in given.programmes]
    return [Filter("programme", _("Programme"), "select", options, more=True)] if len(options) > 1 else []
