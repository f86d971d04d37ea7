"""First claim among many that come at once: what stands is read once, those of the list are settled in their order."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from portal.clients import access as clients
from portal.clients.access import CANDIDATES, TOO_COMMON, Described, Key
from portal.leads.priority import claims

Keys = Collection[Key]


@dataclass(slots=True)
class Line:
    """As `claims.earlier` would answer for each, were the ones before it written already."""

    owners: dict[Key, list[int]]  # of what tells a company or a person
    same: dict[Described, list[int]]  # written already
    since: dict[int, date]  # those that hold their company
    named: dict[tuple[str, str], list[tuple[int, str]]] = field(
        default_factory=dict
    )  # of this list, with SIREN

    def ahead_of(self, keys: Keys, *, persons: bool) -> int | None:
        same = self._same_company(dict(keys))
        if persons:
            same += [one for key in keys if key[0] in claims.OF_A_PERSON for one in self._owners(key)]
        return min(
            (one for one in same if one in self.since), key=lambda one: (self.since[one], one), default=None
        )

    def add(self, lead_id: int, keys: Keys, holds_since: date | None) -> None:
        """`holds_since`: None for one that claims nothing."""
        for key in keys:
            if key in self.owners:
                self.owners[key].append(lead_id)
        if name_and_domain := _named(dict(keys)):
            self.named.setdefault(name_and_domain, []).append((lead_id, dict(keys).get("siren", "")))
        if holds_since:
            self.since[lead_id] = holds_since

    def _owners(self, key: Key) -> list[int]:
        found = self.owners[key]
        return found if len(found) <= TOO_COMMON else []

    def _same_company(self, known: dict[str, str]) -> list[int]:
        siren = known.get("siren", "")
        if siren and (found := self._owners(("siren", siren))):
            return list(found)
        if not (pair := _named(known)):
            return []
        written = self.same.get((*pair, siren), [])
        here = [one for one, own in self.named.get(pair, []) if not (siren and own and own != siren)]
        return [*written, *here][:CANDIDATES]


async def line_of(each: Collection[Keys], *, persons: bool) -> Line:
    """Locked for the deed: a form that names one of these companies waits until the list is written."""
    telling = ("siren", *claims.OF_A_PERSON) if persons else ("siren",)
    every = {key for keys in each for key in keys}
    await claims.lock(every, claims.CLAIMING + claims.OF_A_PERSON if persons else claims.CLAIMING)
    asked = {key for key in every if key[0] in telling}
    owners = await clients.owners_of_each("lead", asked)
    described = {(*pair, known.get("siren", "")) for known in map(dict, each) if (pair := _named(known))}
    same = await clients.same_name_and_domain("lead", described)
    found = {one for ids in (*owners.values(), *same.values()) for one in ids}
    return Line({key: owners.get(key, []) for key in asked}, same, await claims.holding(found))


def _named(known: dict[str, str]) -> tuple[str, str] | None:
    return (known["name"], known["domain"]) if {"name", "domain"} <= known.keys() else None
