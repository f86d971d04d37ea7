"""A suite that runs through midnight sees two days: what a test is told of today, it is told when it runs."""

import ast
from collections.abc import Iterator

from tests.codebase.house import TESTS, name, python_files

CLOCKS = {"today", "now"}


def asked_while_gathering(node: ast.AST) -> Iterator[int]:
    """The lines on which a file asks the clock as it is read: outside every function, or in what stands around one."""
    if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in CLOCKS:
        yield node.lineno
    for child in around(node):
        yield from asked_while_gathering(child)


def around(node: ast.AST) -> list[ast.AST]:
    """What of a piece of code runs where it stands: of a function its decorators and defaults alone."""
    if isinstance(node, ast.Lambda):
        return [node.args]
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return [*node.decorator_list, node.args]
    return list(ast.iter_child_nodes(node))


def test_no_test_asks_for_the_day_while_the_tests_are_gathered():
    found = [
        f"{name(path)}:{line}"
        for path in python_files(TESTS)
        for line in asked_while_gathering(ast.parse(path.read_text()))
    ]
    assert found == []


def test_a_clock_around_a_test_would_be_found():
    told = "@given(day=today())\ndef test_it(day=now()):\n    return today()\nDAY = today()\nLATER = lambda: today()\n"
    assert list(asked_while_gathering(ast.parse(told))) == [1, 2, 4]
