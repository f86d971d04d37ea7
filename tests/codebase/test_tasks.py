"""A job that is enqueued has its work, and a work that stands there is enqueued by somebody."""

import ast

from portal import consequences
from portal.clockwork import CLOCKWORK
from portal.consequences import CONSEQUENCES
from portal.jobs.queue import TASKS
from tests.codebase.house import PORTAL, python_files


def enqueued_in_code() -> set[str]:
    return {
        node.args[0].value
        for path in python_files(PORTAL)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", getattr(node.func, "attr", "")) == "enqueue"
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }


def enqueued() -> set[str]:
    later = {task for follows in CONSEQUENCES.values() for task in follows.later}
    return enqueued_in_code() | later | {stroke.task for stroke in CLOCKWORK}


def test_every_job_enqueued_has_its_work():
    consequences.install()
    assert enqueued() - set(TASKS) == set()


def test_every_work_is_enqueued_by_somebody():
    consequences.install()
    ours = {name for name in TASKS if not name.startswith("test.")}
    assert ours - enqueued() == set()


def test_the_search_for_jobs_finds_the_mail_that_is_sent():
    assert "mail.send" in enqueued_in_code()
