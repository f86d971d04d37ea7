"""A file and a function fit into a head."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.codebase.house import PORTAL, ROOT, TESTS, name, python_files, templates

MOST_LINES, MOST_LINES_OF_A_FUNCTION = 400, 70


def test_no_file_is_longer_than_400_lines():
    files = [*python_files(PORTAL, TESTS, ROOT / "migrations"), *templates()]
    assert [name(path) for path in files if len(path.read_text().splitlines()) > MOST_LINES] == []


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{name(path)}:{node.name}", (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_function_is_longer_than_70_lines():
    measured = [measure for path in python_files(PORTAL, TESTS) for measure in functions(path)]
    assert [where for where, lines in measured if lines > MOST_LINES_OF_A_FUNCTION] == []
