"""Saved views: filters and order under a name, one's own or the team's; which one opens first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from portal.history.access import record
from portal.kit import db
from portal.kit.days import now
from portal.kit.problems import NotFound, Refused, Stale
from portal.kit.references import new_ref
from portal.kit.text import N_
from portal.kit.versions import change
from portal.leads.desk.rules import MOST_VIEWS, PATHS, Place
from portal.people.rules import Person, Role
from portal.search.access import words

KNOWN = N_("Vous avez déjà une vue de ce nom.")
ENOUGH = N_("Quarante vues suffisent : retirez-en une d'abord.")
NOT_YOURS = N_("Cette vue est à un collègue : enregistrez la vôtre.")


@dataclass(frozen=True, slots=True)
class View:
    id: int
    ref: str
    name: str
    place: Place
    asked: Mapping[str, str]
    shared: bool
    mine: bool
    owner: str
    first: bool  # opens first, for who asks
    version: int

    @property
    def path(self) -> str:
        return f"{PATHS[self.place]}?{urlencode(self.asked or {'vue': self.ref})}"


async def views_of(person: Person) -> list[View]:
    """One's own and those of the team, by name."""
    rows = await db.rows(
        """SELECT lead_view.*, app_user.name AS owner, lead_view_first.id IS NOT NULL AS first
           FROM lead_view JOIN app_user ON app_user.id = lead_view.owner_id
           LEFT JOIN lead_view_first ON lead_view_first.view_id = lead_view.id AND lead_view_first.user_id = $1
           WHERE lead_view.owner_id = $1 OR lead_view.shared ORDER BY lower(lead_view.name), lead_view.id""",
        person.user_id,
    )
    return [_view(row, person) for row in rows]


def _view(row: db.Row, person: Person) -> View:
    return View(
        row["id"], row["ref"], row["name"], Place(row["place"]), row["asked"], row["shared"],
        row["owner_id"] == person.user_id, row["owner"], row["first"], row["version"],
    )  # fmt: skip


async def view_for(person: Person, ref: str) -> View:
    """Another's own is not there."""
    found = next((one for one in await views_of(person) if one.ref == ref), None)
    if found is None:
        raise NotFound("view")
    return found


def shown_now(views: Sequence[View], place: Place, asked: Mapping[str, str]) -> View | None:
    """The one whose filters and order are those asked for."""
    return next((one for one in views if one.place == place and dict(one.asked) == dict(asked)), None)


def opens_first(views: Sequence[View], place: Place) -> View | None:
    return next((one for one in views if one.first and one.place == place), None)


async def save(person: Person, name: str, place: Place, asked: Mapping[str, str], *, shared: bool) -> View:
    """Raises Refused for a name that one has already given."""
    await _lock(person)
    if await db.value("SELECT count(*) FROM lead_view WHERE owner_id = $1", person.user_id) >= MOST_VIEWS:
        raise Refused("enough_views", ENOUGH)
    await _refuse_a_known_name(person, name, 0)
    view_id = await db.insert(
        "lead_view",
        ref=(ref := new_ref()), owner_id=person.user_id, name=name, place=place.value, asked=dict(asked),
        shared=shared, made_at=now(),
    )  # fmt: skip
    await record("leads.view_saved", "lead_view", view_id, shared=shared)
    return await view_for(person, ref)


async def rename(person: Person, view: View, version: int, name: str, *, shared: bool) -> None:
    _check_may(person, view)
    await _lock(person)
    await _refuse_a_known_name(person, name, view.id)
    await change("lead_view", view.id, version, name=name, shared=shared)
    if view.shared and not shared:
        await db.execute(
            "DELETE FROM lead_view_first USING lead_view view WHERE view_id = $1 AND view.id = view_id AND user_id <> view.owner_id",
            view.id,
        )
    await record("leads.view_renamed", "lead_view", view.id, shared=shared)


async def drop(person: Person, view: View, version: int) -> None:
    """Raises Stale when it has another name by now."""
    _check_may(person, view)
    await db.execute("DELETE FROM lead_view_first WHERE view_id = $1", view.id)
    if not await db.execute("DELETE FROM lead_view WHERE id = $1 AND version = $2", view.id, version):
        raise Stale("stale")
    await record("leads.view_dropped", "lead_view", view.id)


async def open_first(person: Person, view: View, *, first: bool) -> None:
    """One for each place; the one before no longer is."""
    await db.execute(
        "DELETE FROM lead_view_first WHERE user_id = $1 AND place = $2", person.user_id, view.place.value
    )
    if first:
        await db.insert("lead_view_first", user_id=person.user_id, place=view.place.value, view_id=view.id)
    await record("leads.view_first", "lead_view", view.id, first=first)


def may_change(person: Person, view: View) -> bool:
    """Its owner; an administrator the views of the team."""
    return view.mine or (view.shared and person.may(Role.ADMIN))


async def forget(company: str, contact: str) -> None:
    """Views that name somebody who is forgotten lose what was searched for, and their name."""
    for row in await db.rows("SELECT id, ref, name, asked FROM lead_view"):
        name = row["ref"] if _names(row["name"], company, contact) else row["name"]
        asked = {
            key: said
            for key, said in row["asked"].items()
            if key != "q" or not _names(said, company, contact)
        }
        if (name, asked) != (row["name"], row["asked"]):
            await db.execute(
                "UPDATE lead_view SET name = $2, asked = $3, version = version + 1 WHERE id = $1",
                row["id"],
                name,
                asked,
            )


def _names(said: str, company: str, contact: str) -> bool:
    """A part of the contact's name, or the whole of the company's: a trade or a town alone is nobody's."""
    told, whole = set(words(said).split()), set(words(company).split())
    return bool(told & set(words(contact).split())) or (bool(whole) and whole <= told)


def _check_may(person: Person, view: View) -> None:
    if not may_change(person, view):
        raise Refused("not_yours", NOT_YOURS)


async def _lock(person: Person) -> None:
    """One change at a time of somebody's views."""
    await db.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended('lead_view:' || $1::text, 0))", str(person.user_id)
    )


async def _refuse_a_known_name(person: Person, name: str, but: int) -> None:
    known: Any = await db.value(
        """SELECT EXISTS (SELECT FROM lead_view WHERE lower(name) = lower($2) AND id <> $3
             AND owner_id = coalesce((SELECT owner_id FROM lead_view WHERE id = $3), $1))""",
        person.user_id, name, but,
    )  # fmt: skip
    if known:
        raise Refused("view_known", KNOWN)
