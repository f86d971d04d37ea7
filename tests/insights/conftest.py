"""The plan of the stories, and somebody who is everything at once."""

import pytest

from portal.kit.deed import Machine, deed
from portal.people import actions as people
from portal.people import passwords, sessions
from portal.people.rules import STAFF
from tests.cast import PASSWORD, Member
from tests.invoicing.books import Books, books_of
from tests.stories import open_a_programme


@pytest.fixture
async def plan(cast):
    return await open_a_programme()


@pytest.fixture
async def books(cast) -> Books:
    return await books_of(cast)


@pytest.fixture
async def olga(cast) -> Member:
    """The head of a small company: administration, finance and sales."""
    async with deed(Machine("cast")):
        user = await people.invite_staff("olga@lumen.example", "Olga Perrin", set(STAFF))
        await people.accept(user["id"], "Olga Perrin", await passwords.hashed(PASSWORD))
        token = await sessions.open_session(user["id"], seat_id=None, step="full", second_factor=True)
    session = await sessions.session_of(token)
    assert session
    assert session.person
    return Member(session.person, token)
