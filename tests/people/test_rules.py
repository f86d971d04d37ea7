"""Passwords, paths and moves, without a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kit.problems import Refused
from portal.people import rules
from portal.people.rules import USER_MOVES, UserState, move_of, password_fault, safe_path

RACHEL = ("rachel.vidal@perso.example", "Rachel Vidal")


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("onze lettre", rules.TOO_SHORT),
        ("quatre chevaux bleus", ""),
        ("rachelvidal2026", rules.TOO_CLOSE),
        ("Rachel.Vidal!!", rules.TOO_CLOSE),
        ("aaaaaaaaaaaaaa", rules.TOO_PLAIN),
        ("motdepasse2026", rules.TOO_PLAIN),
        ("x" * 201, rules.TOO_LONG),
        ("rachel aime les longues promenades", ""),
    ],
)
def test_a_password_is_long_and_not_oneself(password, fault):
    assert password_fault(password, *RACHEL) == fault


@given(st.text(max_size=300))
def test_any_password_is_judged_without_a_fault_of_ours(password):
    if len(password) < 12:
        assert password_fault(password, *RACHEL) == rules.TOO_SHORT
    else:
        assert isinstance(password_fault(password, *RACHEL), str)


@given(st.text())
def test_the_way_on_is_always_a_path_of_ours(wanted):
    path = safe_path(wanted)
    assert path.startswith("/")
    assert not path.startswith("//")
    assert "\\" not in path


def test_a_closed_account_only_opens_by_a_new_invitation():
    assert [move.name for move in USER_MOVES if move.origin == UserState.DEACTIVATED] == ["invite_again"]
    with pytest.raises(Refused):
        move_of("resume", UserState.DEACTIVATED)
