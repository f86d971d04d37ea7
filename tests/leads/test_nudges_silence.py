"""Silence is visible: to sales wherever the recommendation stands, and to its referrer."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.kit.days import at, clock_at, now, today
from portal.kit.deed import deed
from portal.leads import actions
from portal.leads.nudges.silence import silent_days
from tests.stories import moved, open_a_programme, recommended

MOVED = datetime(2027, 3, 20, 9, tzinfo=UTC)


def lead(state: str = "contacted", said_at: datetime | None = None):
    return {"state": state, "moved_at": MOVED, "said_at": said_at}


@pytest.mark.parametrize(("days", "said"), [(9, 0), (10, 10), (11, 11)])
def test_ten_days_are_silence_by_the_calendar_even_when_clocks_change(days, said):
    """From 20 March to 30 March 2027 the clock goes forward: ten days all the same."""
    assert silent_days(lead(), MOVED + timedelta(days)) == said
    assert silent_days(lead(), at(MOVED.date() + timedelta(days), 0)) == said


@pytest.mark.parametrize("state", ["submitted", "won", "lost", "expired"])
def test_only_what_is_at_work_can_be_silent(state):
    assert silent_days(lead(state), MOVED + timedelta(40)) == 0


def test_a_word_counts_as_news():
    assert silent_days(lead(said_at=MOVED + timedelta(5)), MOVED + timedelta(14)) == 0


class TestSeen:
    @pytest.fixture(autouse=True)
    async def quiet(self, cast):
        await open_a_programme()
        with clock_at(at(today() - timedelta(12), 9)):
            return await moved(await recommended(cast.rachel), cast.sam, "accept")

    async def test_on_its_page_on_the_file_and_on_the_home_of_sales(self, cast, client, quiet):
        sam = client(cast.sam)
        assert "Sans nouvelle depuis 12 jours" in (await sam.get(f"/recommandations/{quiet['ref']}")).text
        assert "sans nouvelle depuis 12 jours" in (await sam.get(f"/apporteurs/{quiet['referrer_ref']}")).text
        assert "Atelier Morin" in (await sam.get("/")).text

    async def test_by_the_referrer_with_what_they_may_do(self, cast, client, quiet):
        rachel = client(cast.rachel)
        assert "12 jours sans nouvelle" in (await rachel.get("/recommandations")).text
        assert "Vous pouvez relancer" in (await rachel.get(f"/recommandations/{quiet['ref']}")).text

    async def test_a_shared_word_ends_it(self, cast, client, quiet):
        async with deed(cast.sam.person):
            await actions.note(quiet, "Le devis part jeudi.", shared=True)
        assert "sans nouvelle" not in (await client(cast.rachel).get("/recommandations")).text
        assert silent_days({**quiet, "said_at": now()}, now()) == 0
