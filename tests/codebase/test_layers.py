"""Imports go downward only (DESIGN §3); what must be pure reaches neither database, web nor payment, not even indirectly."""

from functools import cache

import grimp
import pytest

LAYERS = (
    {"cli", "commands", "app", "doors", "faults", "logs", "consequences", "clockwork", "privacy", "privacy_archive", "privacy_columns", "shell",
     "verify", "backup", "worker", "demo", "house", "database"},
    {"webhooks", "imports"},
    {"insights"},
    {"books"},
    {"network", "taxes"},
    {"payouts"},
    {"invoicing"},
    {"gifts"},
    {"earnings"},
    {"deals"},
    {"leads"},
    {"clients"},
    {"contracts"},
    {"referrers"},
    {"plans"},
    {"people"},
    {"ledger", "mail", "search"},
    {"company"},
    {"law", "history"},
    {"jobs"},
    {"kit"},
    {"settings"},
)  # fmt: skip
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}
PURE = ("portal.law", "portal.kit.money", "portal.kit.days")
RUNNING = "portal.commands.running"  # how a command of a domain opens the database
EDGES = (".commands", ".asking")
OUTSIDE = {"piccolo", "litestar", "stripe", "asyncpg"}


@cache
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("portal", include_external_packages=True, cache_dir=None)


def modules() -> list[str]:
    return sorted(name for name in graph().modules if name.startswith("portal."))


def domain(module: str) -> str:
    return module.split(".")[1]


def is_room(module: str) -> bool:
    """pages and api: a layer of their own, which only `app` imports."""
    return (
        module.count(".") >= 2
        and domain(module) != "kit"
        and module.rsplit(".", 1)[1].partition("_")[0] in ("pages", "api")
    )


def goes_down(importer: str, imported: str) -> bool:
    if domain(importer) == domain(imported):
        return True
    if RANK[domain(importer)] == RANK[domain(imported)] == 0:
        return True
    if imported == RUNNING:
        return importer.endswith(EDGES)
    if is_room(importer):
        reads = imported.endswith((".access", ".rules")) or RANK[domain(imported)] == 0
        return reads or RANK[domain(imported)] > RANK[domain(importer)]
    return RANK[domain(imported)] > RANK[domain(importer)]


def test_every_domain_has_its_layer():
    assert {domain(module) for module in modules()} - set(RANK) == set()


def test_imports_go_downward_only():
    upward = [
        f"{importer} → {imported}"
        for importer in modules()
        for imported in sorted(graph().find_modules_directly_imported_by(importer))
        if imported.startswith("portal.") and not goes_down(importer, imported)
    ]
    assert upward == []


def test_nobody_imports_the_rooms_but_the_app():
    entered = [
        f"{importer} → {room}"
        for room in modules()
        if is_room(room)
        for importer in graph().find_modules_that_directly_import(room)
        if domain(importer) not in ("app", domain(room))
    ]
    assert entered == []


def test_a_page_never_reads_a_table():
    reads = [
        f"{room} → {imported}"
        for room in modules()
        if is_room(room)
        for imported in graph().find_modules_directly_imported_by(room)
        if imported.endswith(".tables")
    ]
    assert reads == []


def pure_modules() -> list[str]:
    return [m for m in modules() if ".rules" in m or m.endswith("_rules") or m.startswith(PURE)]


@pytest.mark.parametrize("module", pure_modules())
def test_rules_reach_nothing_outside(module: str):
    assert graph().find_upstream_modules(module) & OUTSIDE == set()


def test_the_check_of_layers_sees_a_step_upward():
    assert not goes_down("portal.kit.money", "portal.leads.rules")
    assert not goes_down("portal.leads.actions", "portal.earnings.access")
    assert goes_down("portal.leads.pages", "portal.earnings.access")
    assert not goes_down("portal.leads.pages", "portal.earnings.tables")
