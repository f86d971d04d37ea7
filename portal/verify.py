"""Everything that must always hold, recomputed: `portal verify`, the nightly check and the end of every test.

A domain says what must hold in its `verify.py`: `faults()` answers what is off, and `CHECKED`, where there is one,
names in SQL what was looked at."""

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

import portal
from portal.company import access as company
from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import Machine, deed
from portal.kit.faults import Fault

OPTION = "verify.last"


@dataclass(slots=True)
class Report:
    counts: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def checks() -> dict[str, ModuleType]:
    """Domain → its module of checks."""
    names = [package.name for package in pkgutil.iter_modules(portal.__path__) if package.ispkg]
    return {
        name: import_module(f"portal.{name}.verify")
        for name in sorted(names)
        if find_spec(f"portal.{name}.verify")
    }


async def everything(say: Callable[[str], None] = lambda _line: None) -> Report:
    """Every check of every domain, in one view of the database."""
    report = Report()
    for domain, module in checks().items():
        counts = {what: await db.value(sql) for what, sql in getattr(module, "CHECKED", {}).items()}
        found = [_line(domain, fault) for fault in await module.faults()]
        report.counts |= {f"{domain}.{what}": count for what, count in counts.items()}
        report.faults += found
        looked_at = ", ".join(f"{count} {what}" for what, count in counts.items())
        say(f"{domain:<12}{looked_at or '…':<60}{len(found) or 'ok'}")
    for line in report.faults:
        say(line)
    return report


def _line(domain: str, fault: Fault) -> str:
    return f"{domain}: {fault.code}: {fault.where}"


async def remember(report: Report) -> None:
    async with deed(Machine("command:verify")):
        await company.set_option(
            OPTION, {"at": now().isoformat(), "faults": report.faults[:100], "counts": report.counts}
        )
