"""Which recommendation of a company came first. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from portal.clients.keys import Key, domain_key, name_key

Values = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Claim:
    """A recommendation and what it knows of its company: a SIREN, a name and a domain, or only some of them."""

    ref: str
    day: date
    keys: Mapping[str, str]


def claim_of(values: Values) -> Claim:
    day = values["day"]
    assert isinstance(day, date)
    keys = {
        "siren": str(values.get("siren") or ""),
        "name": name_key(str(values.get("company") or "")),
        "domain": domain_key(str(values.get("email") or "").rpartition("@")[2]),
    }
    return Claim(str(values["ref"]), day, {kind: key for kind, key in keys.items() if key})


def waiting(earlier: Iterable[Claim], rows: Mapping[int, Values]) -> dict[int, str]:
    """Line → the reference that it waits behind; the earliest day goes first, wherever it stands."""
    first: dict[Key, Claim] = {}
    for claim in earlier:
        _enter(first, claim)
    behind: dict[int, str] = {}
    claims = sorted(
        ((claim_of(values), line) for line, values in rows.items()), key=lambda at: (at[0].day, at[1])
    )
    for claim, line in claims:
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
