"""Who follows a recommendation: by hand, with its trace."""

import pytest

from portal.kit import db
from portal.kit.deed import deed
from portal.kit.problems import Refused, Stale
from portal.leads import access
from portal.leads.assignment.assigning import assign
from tests.stories import open_a_programme, recommended


@pytest.fixture(autouse=True)
async def plan(cast):
    return await open_a_programme()


async def test_a_recommendation_is_given_to_a_colleague_and_the_change_is_kept(cast):
    lead = await recommended(cast.rachel)
    async with deed(cast.sam.person):
        given = await assign(lead, cast.sonia.user_id)
    assert given["sales_name"] == "Sonia Klein"
    kept = await db.rows("SELECT * FROM lead_assignment WHERE lead_id = $1", lead["id"])
    assert [(row["from_user"], row["to_user"], row["why"], row["by_user"]) for row in kept] == [
        (cast.sam.user_id, cast.sonia.user_id, "by_hand", cast.sam.user_id)
    ]


async def test_giving_it_to_who_has_it_changes_nothing(cast):
    lead = await recommended(cast.rachel)
    async with deed(cast.sam.person):
        same = await assign(lead, cast.sam.user_id)
    assert same["version"] == lead["version"]
    assert await db.value("SELECT count(*) FROM lead_assignment") == 0


async def test_finance_follows_no_recommendation(cast):
    lead = await recommended(cast.rachel)
    with pytest.raises(Refused):
        async with deed(cast.sam.person):
            await assign(lead, cast.fanny.user_id)


async def test_of_two_who_give_it_at_once_the_second_reads_again(cast):
    lead = await recommended(cast.rachel)
    async with deed(cast.sam.person):
        await assign(lead, cast.sonia.user_id)
    with pytest.raises(Stale):
        async with deed(cast.sonia.person):
            await assign(lead, None)
    assert (await access.lead(lead["id"]))["sales_user_id"] == cast.sonia.user_id
