"""Amendments: notice, signature, the day on which the former gives way, and what earns by which plan."""

import asyncio
from datetime import date, timedelta

import pytest

from portal.contracts import access
from portal.contracts import actions as contracts
from portal.contracts.conditions import Conditions
from portal.contracts.lifetime import amending
from portal.contracts.lifetime.amending import Proposal
from portal.contracts.signature import signing
from portal.contracts.tasks import take_effect
from portal.deals import actions as deals
from portal.deals.rules import NewLine
from portal.history.access import broken_chains
from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.days import at, clock_at, today
from portal.kit.deed import deed
from portal.kit.problems import Refused, Stale
from portal.leads import actions as leads
from portal.plans import actions as plans
from portal.referrers import access as referrers
from portal.referrers import actions as profiles
from tests.contracts.stories import HERE, code_for, in_force, sign
from tests.walk.test_by_verbs import PLAN

TWELVE = PLAN | {"rules": [{"key": "tout", "when": [], "pay": {"kind": "percent", "rate": "12"}}]}
NOTICE = 30


def plain(html: str) -> str:
    return html.replace("\xa0", " ").replace("\u202f", " ").replace("’", "'")


async def state(contract):
    return (await access.contract(contract["id"]))["state"]


async def twelve_percent(cast, contract) -> int:
    async with deed(cast.alice.person):
        version = await plans.publish(contract["programme_id"], TWELVE, today())
    return version["id"]


async def propose(cast, contract, **more):
    proposal = {"plan_version_id": contract["plan_version_id"], "effective_on": today() + timedelta(NOTICE),
                "reason": "Nous payons mieux vos recommandations."} | more  # fmt: skip
    async with deed(cast.alice.person):
        return await amending.propose(contract, Proposal(**proposal))


async def signed(cast, who, amendment):
    given = await sign(amendment, who.person, await code_for(amendment, who.person))
    async with deed(cast.alice.person):
        return await signing.countersign(given, cast.alice.person, HERE)


async def amended(cast, who, **more):
    """In force by code, and its amendment signed by both for a day to come."""
    contract = await in_force(cast, who)
    amendment = await propose(cast, contract, plan_version_id=await twelve_percent(cast, contract), **more)
    return contract, await signed(cast, who, amendment)


async def test_an_amendment_says_what_changes_and_waits_for_its_day(cast):
    contract = await in_force(cast, cast.rachel)
    amendment = await propose(cast, contract, plan_version_id=await twelve_percent(cast, contract))
    assert (amendment["state"], amendment["number"], amendment["rank"]) == (
        "sent",
        f"{contract['number']}-A1",
        1,
    )
    assert "10 %, dans tous les cas avant l'avenant ; 12 %, dans tous les cas après" in plain(
        amendment["html"]
    )
    assert "Nous payons mieux vos recommandations." in amendment["html"]
    assert 'id="remuneration.bareme"' in amendment["html"]
    assert amendment["clauses"]["remuneration.bareme"] == contract["clauses"]["remuneration.bareme"]
    agreed = await signed(cast, cast.rachel, amendment)
    assert (agreed["state"], agreed["starts_on"]) == ("agreed", today() + timedelta(NOTICE))
    assert await state(contract) == "in_force"


async def test_on_its_day_the_amendment_takes_the_place_of_the_contract_in_one_deed(cast):
    contract, amendment = await amended(cast, cast.rachel)
    day = amendment["starts_on"]
    with clock_at(at(day - timedelta(days=1), 23, 59)):
        await take_effect()
        assert await state(amendment) == "agreed"
    with clock_at(at(day, 0, 5)):
        await take_effect()
        await work_off()
        former, stands = await access.contract(contract["id"]), await access.contract(amendment["id"])
    assert (former["state"], former["ends_on"]) == ("superseded", day)
    assert (stands["state"], stands["starts_on"], stands["term_on"]) == ("in_force", day, former["term_on"])
    assert await broken_chains() == []


async def test_signed_after_its_day_it_applies_from_the_last_signature_on(cast):
    contract = await in_force(cast, cast.rachel)
    version = await twelve_percent(cast, contract)
    amendment = await propose(
        cast, contract, plan_version_id=version, effective_on=today() + timedelta(5), sooner=True
    )
    with clock_at(at(today() + timedelta(9), 15)):
        stands = await signed(cast, cast.rachel, amendment)
        assert (stands["state"], stands["starts_on"]) == ("in_force", today())
        assert (await access.contract(contract["id"]))["ends_on"] == today()


async def test_an_amendment_leaves_the_notice_of_the_contract(cast):
    contract = await in_force(cast, cast.rachel)
    version = await twelve_percent(cast, contract)
    with pytest.raises(Refused, match="too_soon"):
        await propose(cast, contract, plan_version_id=version, effective_on=today() + timedelta(NOTICE - 1))
    sooner = await propose(
        cast, contract, plan_version_id=version, effective_on=today() + timedelta(3), sooner=True
    )
    assert "en lui laissant 3 jours" in sooner["html"]


async def test_an_amendment_that_changes_nothing_is_refused(cast):
    contract = await in_force(cast, cast.rachel)
    with pytest.raises(Refused, match="nothing_changed"):
        await propose(cast, contract)


async def test_a_longer_priority_alone_is_an_amendment(cast):
    contract = await in_force(cast, cast.rachel)
    amendment = await propose(cast, contract, priority_months=9)
    assert "6 mois avant l'avenant ; 9 mois après" in plain(amendment["html"])
    assert (amendment["priority_months"], amendment["own_priority_months"]) == (9, None)


async def test_figures_of_its_own_wait_for_a_second_person(cast):
    contract = await in_force(cast, cast.rachel)
    amendment = await propose(cast, contract, conditions=Conditions({"rules": {"tout": {"rate": "15.00"}}}))
    assert amendment["state"] == "drafted"
    assert await db.value("SELECT state FROM approval WHERE subject_id = $1", amendment["id"]) == "waiting"
    with pytest.raises(Refused, match="conditions_not_approved"):
        async with deed(cast.alice.person):
            await contracts.send(amendment)


async def test_refused_it_leaves_the_contract_as_it_was_and_another_may_be_proposed(cast):
    contract = await in_force(cast, cast.rachel)
    version = await twelve_percent(cast, contract)
    amendment = await propose(cast, contract, plan_version_id=version)
    async with deed(cast.rachel.person):
        await signing.refuse(amendment, cast.rachel.person, "Je préfère l'ancien.")
    assert (await state(amendment), await state(contract)) == ("refused", "in_force")
    assert (await propose(cast, contract, plan_version_id=version))["number"] == f"{contract['number']}-A2"


async def test_a_second_proposal_withdraws_the_first_and_a_signed_one_stands_in_the_way(cast):
    contract = await in_force(cast, cast.rachel)
    version = await twelve_percent(cast, contract)
    first = await propose(cast, contract, plan_version_id=version)
    second = await propose(cast, contract, plan_version_id=version)
    assert await state(first) == "withdrawn"
    await signed(cast, cast.rachel, second)
    with pytest.raises(Refused, match="amended_already"):
        await propose(cast, contract, plan_version_id=version)


async def test_an_amendment_can_be_amended_and_keeps_the_line(cast):
    contract, amendment = await amended(cast, cast.rachel)
    with clock_at(at(amendment["starts_on"])):
        await take_effect()
        again = await propose(cast, await access.contract(amendment["id"]), plan_version_id=amendment["plan_version_id"],
                              priority_months=12, effective_on=today() + timedelta(NOTICE))  # fmt: skip
    assert (again["number"], again["original_id"]) == (f"{contract['number']}-A2", contract["id"])
    assert again["html"].count('id="remuneration.bareme"') == 1


async def test_two_at_once_make_one_amendment_and_one_contract_in_force(cast):
    contract = await in_force(cast, cast.rachel)
    version = await twelve_percent(cast, contract)
    answers = await asyncio.gather(
        *[propose(cast, contract, plan_version_id=version) for _ in range(2)], return_exceptions=True
    )
    assert [type(one) for one in answers if isinstance(one, BaseException)] in ([], [Stale])
    living = await access.to_come(contract["id"])
    assert [one["state"] for one in living] == ["sent"]
    agreed = await signed(cast, cast.rachel, await access.contract(living[0]["id"]))
    with clock_at(at(agreed["starts_on"])):
        await asyncio.gather(take_effect(), take_effect(), return_exceptions=True)
    assert await db.value("SELECT count(*) FROM contract WHERE state = 'in_force'") == 1
    assert await state(agreed) == "in_force"


async def test_the_database_refuses_a_second_contract_in_force(cast):
    contract, amendment = await amended(cast, cast.rachel)
    with pytest.raises(Exception, match="contract_one_in_force"):
        async with deed(cast.alice.person):
            await contracts.move(amendment, "take_effect")
    assert await state(contract) == "in_force"


async def test_a_suspended_contract_is_amended_when_it_resumes(cast):
    contract, amendment = await amended(cast, cast.rachel)
    async with deed(cast.alice.person):
        await contracts.move(await access.contract(contract["id"]), "suspend")
    with clock_at(at(amendment["starts_on"])):
        await take_effect()
        assert (await state(contract), await state(amendment)) == ("suspended", "agreed")


async def test_who_changes_their_address_gets_the_same_amendment_written_anew(cast):
    contract = await in_force(cast, cast.rachel)
    amendment = await propose(cast, contract, plan_version_id=await twelve_percent(cast, contract))
    async with deed(cast.rachel.person):
        await profiles.change_identity(
            await referrers.referrer(cast.rachel.referrer_id), street="8 rue Neuve"
        )
    anew = (await access.contracts_of(cast.rachel.referrer_id))[0]
    assert (await state(amendment), anew["state"], anew["number"]) == (
        "withdrawn",
        "sent",
        f"{contract['number']}-A2",
    )
    assert "8 rue Neuve" in anew["html"]
    assert anew["reason"] == amendment["reason"]


# Transition


async def recommend(cast, who, name):
    async with deed(who.person):
        lead = await leads.submit(who.referrer_id, company_name=name, consent="oui")
    async with deed(cast.sam.person):
        return await leads.move(lead, "accept")


async def earned(cast, lead) -> int:
    """A deal of 1 000 € signed and paid today."""
    async with deed(cast.sam.person):
        deal = await deals.sign(lead, title="Site", signed_on=today(), lines=[NewLine("Site", 100_000)])
        await deals.record_payment(deal, paid_on=today(), net_cents=100_000)
    return await db.value("SELECT sum(amount)::bigint FROM earning WHERE deal_id = $1", deal["id"])


async def test_an_old_recommendation_earns_by_the_old_plan_and_a_new_one_by_the_new(cast):
    _contract, amendment = await amended(cast, cast.rachel)
    old = await recommend(cast, cast.rachel, "Atelier Morin")
    with clock_at(at(amendment["starts_on"] + timedelta(2))):
        await take_effect()
        await work_off()
        new = await recommend(cast, cast.rachel, "Boulangerie Kern")
        # 1 000 × 10 %, then 1 000 × 12 %
        assert (await earned(cast, old), await earned(cast, new)) == (10_000, 12_000)


async def test_a_deal_signed_before_goes_on_earning_by_the_plan_of_its_signature(cast):
    _contract, amendment = await amended(cast, cast.rachel)
    lead = await recommend(cast, cast.rachel, "Atelier Morin")
    async with deed(cast.sam.person):
        deal = await deals.sign(lead, title="Site", signed_on=today(), lines=[NewLine("Site", 200_000)])
        await deals.record_payment(deal, paid_on=today(), net_cents=100_000)
    with clock_at(at(amendment["starts_on"] + timedelta(2))):
        await take_effect()
        async with deed(cast.sam.person):
            await deals.record_payment(deal, paid_on=today(), net_cents=100_000)
    # 2 000 × 10 %, half before and half after
    assert await db.value("SELECT sum(amount)::bigint FROM earning WHERE deal_id = $1", deal["id"]) == 20_000


async def test_both_summers_and_winters_begin_at_midnight_in_paris(cast):
    """An amendment for the day after the clocks change."""
    with clock_at(at(date(2027, 2, 20))):
        _contract, amendment = await amended(cast, cast.rachel, effective_on=date(2027, 3, 28))
    with clock_at(at(date(2027, 3, 27), 23, 58)):
        await take_effect()
        assert await state(amendment) == "agreed"
    with clock_at(at(date(2027, 3, 28), 0, 5)):
        await take_effect()
        assert await state(amendment) == "in_force"
