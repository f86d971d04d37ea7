"""The front door promises nothing that is not there, and leaves no setting out."""

import re

import click
import pytest

from portal.cli import COMMANDS, portal
from portal.settings import Settings
from tests.codebase.house import ROOT

README = (ROOT / "README.md").read_text()
SAID = re.compile(r"\bbin/portal (?:--demo )?([a-z0-9-]+)(?: ([a-z]+(?:\|[a-z]+)*))?")
LINKED = re.compile(r"!\[[^\]]*\]\(([^)]+)\)")
ROUTE = re.compile(r"`(/[a-z/]+)`")


def settings_of_the_code() -> set[str]:
    return {field.alias or f"PORTAL_{name.upper()}" for name, field in Settings.model_fields.items()}


def test_every_setting_is_explained_and_every_setting_explained_exists():
    assert set(re.findall(r"\b(?:PORTAL|DATABASE)_[A-Z_]+\b", README)) == settings_of_the_code()


def test_every_word_of_the_command_is_shown():
    assert {word for word, _ in SAID.findall(README)} | {"demo"} == set(COMMANDS)


@pytest.mark.parametrize("said", sorted(set(SAID.findall(README))))
def test_what_is_shown_can_be_typed(said: tuple[str, str]):
    word, parts = said
    command = portal.get_command(click.Context(portal), word)
    if isinstance(command, click.Group):
        assert set(parts.split("|")) <= set(command.commands)


def test_options_that_are_shown_exist():
    shown = re.findall(r"\bbin/portal ([a-z0-9-]+)[^\n`]*?(--[a-z]+)", README)
    assert shown
    for word, option in shown:
        command = portal.get_command(click.Context(portal), word)
        leaves = command.commands.values() if isinstance(command, click.Group) else [command]
        assert any(option in one.opts for leaf in leaves if leaf for one in leaf.params), (word, option)


def test_pictures_and_scripts_are_there():
    named = {*LINKED.findall(README), *re.findall(r"\bbin/[a-z]+", README), ".ci/run"}
    assert {path for path in named if not (ROOT / path).exists()} == set()


def test_the_doors_that_are_named_are_doors():
    from tests.matrix.table import TABLE

    known = {row.path for row in TABLE}
    assert {path for path in ROUTE.findall(README) if path not in known} == set()
