"""What is installed is what is locked, comes from anywhere with the right content, and has no known fault."""

import re
from importlib import metadata

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from tests.codebase.house import ROOT

FOLDER = ROOT / "requirements"
LOCKED = ("runtime.txt", "dev.txt", "setup.txt")


def requirements(name: str) -> dict[str, str]:
    """Pinned requirement → its hashes."""
    text = re.sub(r"^\s*#.*\n", "", (FOLDER / name).read_text(), flags=re.MULTILINE).replace("\\\n", " ")
    return dict(
        line.split(" ", 1) if " " in line else (line, "") for line in text.splitlines() if line.strip()
    )


@pytest.mark.parametrize("name", LOCKED)
def test_everything_is_pinned_and_hashed(name: str):
    loose = [
        line for line, rest in requirements(name).items() if "==" not in line or "--hash=sha256:" not in rest
    ]
    assert loose == []


@pytest.mark.parametrize("name", [*LOCKED, "runtime.in", "dev.in", "setup.in"])
def test_no_file_of_requirements_names_a_host(name: str):
    assert not re.search(r"://|--(extra-)?index-url|--find-links|--trusted-host", (FOLDER / name).read_text())


def test_what_is_installed_is_what_is_locked():
    pins = [Requirement(line.partition(";")[0]) for line in requirements("runtime.txt")]
    off = [str(pin) for pin in pins if installed(pin.name) not in pin.specifier]
    assert off == []


def installed(name: str) -> Version:
    return Version(metadata.version(name))


def advisories() -> list[tuple[str, str, str]]:
    lines = (FOLDER / "advisories.txt").read_text().splitlines()
    return [tuple(line.split()) for line in lines if line and not line.startswith("#")]  # pyright: ignore


@pytest.mark.parametrize(("package", "fixed", "number"), advisories())
def test_nothing_installed_has_a_known_fault(package: str, fixed: str, number: str):
    present = {dist.metadata["Name"].lower().replace("_", "-") for dist in metadata.distributions()}
    assert package not in present or installed(package) >= Version(fixed), number
