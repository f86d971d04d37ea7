"""The page of a recommended contact: who recommended them, whom they may call, what it brings them; nothing else."""

from decimal import Decimal

import pytest

from portal.kit.days import today
from portal.kit.deed import deed
from portal.leads import actions
from portal.leads.prospect.addresses import path_of
from portal.plans.programme import advantages
from tests.stories import contract_of, open_a_programme, recommended


@pytest.fixture
async def plan(cast):
    plan = await open_a_programme()
    await contract_of(cast.rachel, plan)
    return plan


async def test_it_says_who_recommended_them_and_what_they_get(cast, client, plan):
    async with deed(cast.alice.person):
        await advantages.offer(
            plan["programme_id"], kind="percent", rate_percent=Decimal(10), text_fr="10 % sur la première commande", text_en="10 % off the first order",
            conditions_fr="Au-dessus de 500 €", conditions_en="Above €500", until=today(),
        )  # fmt: skip
    lead = await recommended(cast.rachel)
    page = await client(None).get(path_of(lead["ref"]))
    assert page.status_code == 200
    assert "vous a recommandé" in page.text
    assert "10 % sur la première commande" in page.text.replace("\u202f", " ").replace("\xa0", " ")
    assert "noindex" in page.text
    assert "Claire Morin" not in page.text  # whoever finds the address learns nothing of them
    assert "Atelier Morin" not in page.text


async def test_the_referrer_sends_its_address(cast, client, plan):
    lead = await recommended(cast.rachel)
    receipt = (await client(cast.rachel).get(f"/recommandations/{lead['ref']}/recu")).text
    assert f'href="{path_of(lead["ref"])}"' in receipt  # to see it oneself
    assert f"http://testserver.local{path_of(lead['ref'])}" in receipt  # in the message


@pytest.mark.parametrize("key", ["0" * 20, "x", "é"])
async def test_a_key_that_is_not_its_own_opens_nothing(cast, client, plan, key):
    lead = await recommended(cast.rachel)
    assert (await client(None).get(f"/recommande/{lead['ref']}/{key}")).status_code == 404


async def test_one_recommendation_does_not_open_another(cast, client, plan):
    mine, other = await recommended(cast.rachel), await recommended(cast.rachel, "Boulangerie Petit")
    key = path_of(mine["ref"]).rsplit("/", 1)[1]
    assert (await client(None).get(f"/recommande/{other['ref']}/{key}")).status_code == 404


async def test_what_has_ended_is_told_no_more_but_what_is_kept_can_still_be_erased(cast, client, plan):
    lead = await recommended(cast.rachel)
    async with deed(cast.rachel.person):
        await actions.move(lead, "withdraw")
    page = await client(None).get(path_of(lead["ref"]))
    assert "Effacer mes coordonnées" in page.text
    assert "Demander à être appelé" not in page.text
    assert "Votre interlocuteur" not in page.text
