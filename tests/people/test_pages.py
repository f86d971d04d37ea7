"""Every page of accounts is drawn for those who may see it."""

import pytest

SIGNED_OUT = ("/connexion", "/connexion/lien", "/mot-de-passe")
OWN = ("/compte", "/compte/role", "/compte/second-facteur")
ADMIN = ("/reglages/utilisateurs", "/reglages/jetons")


@pytest.mark.parametrize("path", SIGNED_OUT)
async def test_a_visitor_sees_the_ways_in(cast, client, path):
    answer = await client(None).get(path)
    assert answer.status_code == 200


@pytest.mark.parametrize("path", OWN)
@pytest.mark.parametrize("who", ["rachel", "sam", "alice"])
async def test_everybody_sees_their_own_account(cast, client, who, path):
    member = getattr(cast, who)
    answer = await client(member).get(path)
    assert answer.status_code == 200


@pytest.mark.parametrize("path", ADMIN)
async def test_the_administrator_sees_colleagues_and_tokens(cast, client, path):
    answer = await client(cast.alice).get(path)
    assert answer.status_code == 200


async def test_the_administrator_opens_a_colleague_with_their_history(cast, client):
    from portal.people.access import user

    sam = await user(cast.sam.user_id)
    answer = await client(cast.alice).get(f"/reglages/utilisateurs/{sam['ref']}")
    assert answer.status_code == 200
    assert "Invitation acceptée" in answer.text
