"""Figures of one contract: typed beside the plan, approved by a second person, printed, paid and explained."""

import pytest

from portal.contracts import access as contracts
from portal.contracts import actions, overrides
from portal.contracts.conditions import Conditions, said
from portal.contracts.signature import signing
from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.problems import NotAllowed, Refused
from portal.leads.rules import priority_until
from portal.plans.rules.language import Refused as PlanRefused
from portal.referrers import access as referrers
from portal.referrers import actions as profiles
from tests.contracts.stories import HERE, code_for, open_programme, sign
from tests.stories import paid, won

PLAN = {
    "name": "Barème", "unit": "EUR", "pays_on": "client_paid", "base": "net", "choose": "first",
    "rules": [
        {"key": "audit", "when": [{"field": "product", "is": "=", "value": "audit"}], "pay": {"kind": "flat", "amount": "150.00", "per": "deal"}},
        {"key": "volume", "when": [{"field": "product", "is": "=", "value": "volume"}],
         "pay": {"kind": "tiers", "mode": "marginal", "measure": "base", "period": "calendar_year",
                 "bands": [{"from": "0", "rate": "5"}, {"from": "10000", "rate": "8"}]}},
        {"key": "tout", "when": [], "pay": {"kind": "percent", "rate": "10"}},
    ],
    "limits": {"per_event": None, "per_deal": "5000.00", "per_calendar_year": None, "minimum": "0.00"},
    "recurs_for_months": "always", "hold_days": 30, "clawback_days": 180,
}  # fmt: skip


async def proposed(cast):
    """By Sam, for a programme of one rule at 10 %."""
    programme_id, version_id = await open_programme(cast)
    conditions = Conditions({"rules": {"tout": {"rate": "12"}}}, 9)
    async with deed(cast.sam.person):
        return await overrides.propose(cast.rachel.referrer_id, programme_id, version_id, today(), conditions)


def test_each_condition_is_one_sentence():
    conditions = Conditions({"rules": {"tout": {"rate": "12"}}, "limits": {"per_deal": "8000.00"}}, 9)
    rule, limit, priority = said(PLAN, conditions)
    assert "10\xa0%" in rule.split("devient")[0]
    assert "12\xa0%" in rule.split("devient")[1]
    assert "8\u202f000,00" in limit
    assert "9 mois" in priority


def test_a_figure_that_the_plan_does_not_have_is_refused():
    for wrong in (
        {"rules": {"inconnue": {"rate": "12"}}},
        {"rules": {"tout": {"amount": "12.00"}}},
        {"rules": {"tout": {"rate": "120"}}},
    ):
        with pytest.raises(PlanRefused):
            Conditions(wrong).body(PLAN)


async def test_the_contract_waits_and_says_what_was_agreed(cast, client):
    contract = await proposed(cast)
    assert contract["state"] == "drafted"
    assert "devient" in contract["html"]
    assert "priorité de 9 mois" in contract["html"]
    assert contract["priority_months"] == 9
    assert (await client(cast.rachel).get(f"/contrats/{contract['ref']}")).status_code == 404
    assert (
        await db.value("SELECT count(*) FROM mail_message WHERE kind = 'contracts.conditions'") == 3
    )  # Alice, Fanny, Fred


async def test_nobody_sends_it_before_a_second_person_approved(cast):
    contract = await proposed(cast)
    async with deed(cast.alice.person):
        with pytest.raises(Refused, match="conditions_not_approved"):
            await actions.send(contract)


async def test_finance_approves_and_it_goes_out_at_once(cast, client):
    contract = await proposed(cast)
    answer = await client(cast.fanny).post_form(f"/contrats/{contract['ref']}/conditions")
    assert answer.status_code == 303
    assert (await contracts.contract(contract["id"]))["state"] == "sent"
    shown = (await client(cast.rachel).get(f"/contrats/{contract['ref']}")).text
    assert "Conditions particulières" in shown


async def test_who_proposed_does_not_decide(cast):
    programme_id, version_id = await open_programme(cast)
    async with deed(cast.alice.person):
        contract = await overrides.propose(
            cast.rachel.referrer_id, programme_id, version_id, today(), Conditions(priority_months=9)
        )
        with pytest.raises(NotAllowed):
            await overrides.approve(contract, cast.alice.person)


async def test_a_refusal_says_why_and_keeps_it_from_going_out(cast, client):
    contract = await proposed(cast)
    await client(cast.fanny).post_form(
        f"/contrats/{contract['ref']}/conditions/refus", reason="Trop pour un début"
    )
    assert "Trop pour un début" in (await client(cast.sam).get(f"/contrats/{contract['ref']}")).text
    assert (await client(cast.fred).post_form(f"/contrats/{contract['ref']}/conditions")).status_code == 409


async def test_the_preparer_takes_it_back_with_its_draft(cast, client):
    contract = await proposed(cast)
    answer = await client(cast.sam).post_form(f"/contrats/{contract['ref']}/conditions/retrait")
    assert answer.status_code == 303
    assert (await contracts.contract(contract["id"]))["state"] == "withdrawn"


async def test_a_changed_address_writes_it_anew_with_the_same_conditions(cast):
    """What was approved are the figures, not the paper: it goes out again without asking again."""
    contract = await proposed(cast)
    async with deed(cast.fanny.person):
        await overrides.approve(contract, cast.fanny.person)
    async with deed(cast.rachel.person):
        referrer = await referrers.referrer(cast.rachel.referrer_id)
        await profiles.change_identity(referrer, street="4 rue Neuve")
    (kept,) = [row for row in await contracts.contracts_of(cast.rachel.referrer_id) if row["state"] == "sent"]
    assert kept["overrides"] == contract["overrides"]
    assert kept["own_priority_months"] == 9


async def in_force(cast, contract):
    async with deed(cast.fanny.person):
        await overrides.approve(contract, cast.fanny.person)
    sent = await contracts.contract(contract["id"])
    signed = await sign(sent, cast.rachel.person, await code_for(sent, cast.rachel.person))
    async with deed(cast.alice.person):
        return await signing.countersign(signed, cast.alice.person, HERE)


async def test_what_was_agreed_is_what_is_paid_and_what_is_explained(cast, client):
    contract = await in_force(cast, await proposed(cast))
    deal = await won(cast.rachel, cast.sam)
    await paid(deal, cast.fanny, 600_000)
    await work_off()
    earning = await db.row("SELECT * FROM earning ORDER BY id LIMIT 1")
    assert earning["amount"] == 720_00  # 6 000,00 × 12 %, not 10 %
    assert earning["contract_id"] == contract["id"]
    shown = (await client(cast.rachel).get(f"/commissions/{earning['ref']}")).text
    assert "12\xa0%" in shown
    assert "10\xa0%" not in shown


async def test_the_priority_is_that_of_the_contract(cast):
    contract = await in_force(cast, await proposed(cast))
    deal = await won(cast.rachel, cast.sam)
    lead = await db.row("SELECT * FROM lead WHERE id = $1", deal["lead_id"])
    assert contract["priority_months"] == 9
    assert lead["priority_until"] == priority_until(lead["recommended_on"], 9)


async def test_the_form_shows_each_figure_and_takes_what_was_changed(cast, client):
    programme_id, version_id = await open_programme(cast)
    sam = client(cast.sam)
    referrer = await db.value("SELECT ref FROM referrer WHERE id = $1", cast.rachel.referrer_id)
    programme = await db.value("SELECT ref FROM programme WHERE id = $1", programme_id)
    version = await db.value("SELECT ref FROM plan_version WHERE id = $1", version_id)
    path, offer = f"/apporteurs/{referrer}/contrat/conditions", f"{programme}.{version}"
    shown = await sam.get(path, params={"offer": offer, "starts_on": today().isoformat()})
    assert shown.status_code == 200
    assert 'name="rule-0"' in shown.text
    sent = {"offer": offer, "starts_on": today().isoformat()}
    nothing = await sam.post_form(path, **sent)
    assert nothing.status_code == 422
    wrong = await sam.post_form(path, **sent, **{"rule-0": "beaucoup"})
    assert wrong.status_code == 422
    assert 'value="beaucoup"' in wrong.text
    too_much = await sam.post_form(path, **sent, **{"rule-0": "150"})
    assert too_much.status_code == 422
    right = await sam.post_form(
        path, **sent, **{"rule-0": "12,5", "cap-per_deal": "8 000", "priority_months": "9"}
    )
    assert right.status_code == 303
    contract = await db.row("SELECT * FROM contract ORDER BY id DESC LIMIT 1")
    assert contract["overrides"]["limits"] == {"per_deal": "8000.00"}
    assert [*contract["overrides"]["rules"].values()] == [{"rate": "12.50"}]
    assert contract["own_priority_months"] == 9
