"""Where the files of the house are."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PORTAL, TEMPLATES, TESTS = ROOT / "portal", ROOT / "templates", ROOT / "tests"


def python_files(*folders: Path) -> list[Path]:
    return sorted(path for folder in folders for path in folder.rglob("*.py"))


def templates(*unless: str) -> list[Path]:
    found = sorted(path for path in TEMPLATES.rglob("*") if path.suffix in (".html", ".txt"))
    return [path for path in found if not path.relative_to(TEMPLATES).as_posix().startswith(unless)]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
