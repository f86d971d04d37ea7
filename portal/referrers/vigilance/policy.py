"""What the company decides: whether a paper waits for a missing document, and up to what an individual is paid."""

from dataclasses import asdict, dataclass
from enum import StrEnum

from portal.company import access as company
from portal.history.access import record
from portal.kit.money import Cents

OPTION = "referrers.vigilance"


class Mode(StrEnum):
    OFF = "off"  # nothing is asked by itself
    WARN = "warn"  # asked; papers are made all the same
    BLOCK = "block"


@dataclass(frozen=True, slots=True)
class VigilancePolicy:
    mode: Mode = Mode.WARN
    individual_limit_cents: Cents | None = None  # a year, to one who is not registered; none: no limit

    @classmethod
    def of(cls, kept: dict[str, object] | None) -> "VigilancePolicy":
        kept = kept or {}
        limit = kept.get("individual_limit_cents")
        return cls(Mode(str(kept.get("mode", Mode.WARN))), int(str(limit)) if limit is not None else None)


async def vigilance_policy() -> VigilancePolicy:
    return VigilancePolicy.of(await company.option(OPTION))


async def set_vigilance_policy(wanted: VigilancePolicy) -> None:
    await company.set_option(OPTION, asdict(wanted))
    await record("referrers.vigilance_set", "policy", 0, **asdict(wanted))
