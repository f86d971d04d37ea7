"""Which recommendation of a company came first. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from portal.clients.keys import Key, domain_key, name_key
from portal.imports.recognising import lead_key_of

Values = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Claim:
    """A recommendation and what it knows of its company: a SIREN, a name and a domain, or only some of them."""

    ref: str
    referrer: str
    day: date
    keys: Mapping[str, str]


class Claims(tuple[Claim, ...]):
    """Those of the portal."""

    @cached_property
    def made(self) -> frozenset[str]:
        """By what a file without numbers would know them again; built only for such a file."""
        return frozenset(
            lead_key_of(claim.referrer, claim.day, claim.keys[kind])
            for claim in self
            for kind in claim.keys.keys() & {"siren", "name"}
        )


def claim_of(ref: str, values: Values) -> Claim:
    day = values["day"]
    assert isinstance(day, date)
    keys = {
        "siren": str(values.get("siren") or ""),
        "name": name_key(str(values.get("company") or "")),
        "domain": domain_key(str(values.get("email") or "").rpartition("@")[2]),
    }
    return Claim(ref, str(values["referrer"]), day, {kind: key for kind, key in keys.items() if key})


def waiting(earlier: Iterable[Claim], rows: Mapping[int, Claim]) -> dict[int, str]:
    """Line → the reference that it waits behind; the earliest day goes first, wherever it stands."""
    first: dict[Key, Claim] = {}
    for claim in earlier:
        _enter(first, claim)
    behind: dict[int, str] = {}
    for line, claim in sorted(rows.items(), key=lambda at: (at[1].day, at[0])):
        if before := _before(first, claim):
            behind[line] = before.ref
        _enter(first, claim)
    return behind


def _before(first: Mapping[Key, Claim], claim: Claim) -> Claim | None:
    """By SIREN, else by name and domain together; two different SIREN are two companies."""
    siren = claim.keys.get("siren")
    if siren and (found := first.get(("siren", siren))):
        return found
    found = first.get(_named(claim))
    return None if found and siren and "siren" in found.keys else found


def _enter(first: dict[Key, Claim], claim: Claim) -> None:
    if siren := claim.keys.get("siren"):
        first.setdefault(("siren", siren), claim)
    if claim.keys.keys() >= {"name", "domain"}:
        first.setdefault(_named(claim), claim)


def _named(claim: Claim) -> Key:
    return claim.keys.get("name", ""), claim.keys.get("domain", "")
