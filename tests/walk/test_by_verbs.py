"""One euro's way by the verbs alone, before any page."""

from datetime import date, timedelta

from portal.contracts import actions as contracts
from portal.deals import actions as deals
from portal.deals.histories import histories
from portal.deals.rules import NewLine
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import Machine, deed
from portal.leads import actions as leads
from portal.plans import actions as plans
from portal.referrers import actions as referrers
from portal.referrers.rules import Regime, Status

PLAN = {
    "name": "Barème 2026", "unit": "EUR", "pays_on": "client_paid", "base": "net", "choose": "first",
    "rules": [{"key": "tout", "when": [], "pay": {"kind": "percent", "rate": "10"}}],
    "limits": {"per_event": None, "per_deal": None, "per_calendar_year": None, "minimum": "0.00"},
    "recurs_for_months": 24, "hold_days": 30, "clawback_days": 180,
}  # fmt: skip


async def company() -> None:
    await db.insert(
        "legal_entity",
        ref="E1", name="Maison Aubier", legal_form="SAS", capital_cents=5000000, siren="732829320",
        siret="73282932000074", vat_number="FR44732829320", rcs_city="Nantes", street="12 quai de la Fosse",
        postcode="44000", city="Nantes", email="bonjour@aubier.exemple", represented_by="Claire Morvan",
        represented_as="présidente", privacy_contact="donnees@aubier.exemple", electronic_address="732829320",
        brand_name="Maison Aubier",
    )  # fmt: skip


async def test_a_recommendation_becomes_a_paid_deal(base):
    async with deed(Machine("test")):
        await company()
        await contracts.publish_shipped_texts()
        programme = await plans.open_programme("Apporteurs 2026", date(2026, 1, 1))
        plan = await plans.publish(programme["id"], PLAN, date(2026, 1, 1))
        referrer = await referrers.create(email="r@exemple.fr", first_name="Rachel", last_name="Noël")
        await referrers.fill_profile(
            referrer, status=Status.INDIVIDUAL, vat_regime=Regime.NONE, since=date(2026, 1, 1),
            street="1 rue A", postcode="44000", city="Nantes",
        )  # fmt: skip
        contract = await contracts.record_on_paper(
            referrer["id"], programme["id"], plan["id"], signed_on=today() - timedelta(60), vouched_by=None
        )
        assert contract["state"] == "in_force"
        lead = await leads.submit(
            referrer["id"], company_name="Atelier Morin", consent="oui", siren="732829320"
        )
        lead = await leads.move(lead, "accept")
        deal = await deals.sign(lead, title="Site", signed_on=today(), lines=[NewLine("Site", 600_000)])
        payment = await deals.record_payment(deal, paid_on=today(), net_cents=300_000)
    events = (await histories([deal["id"]], today()))[deal["id"]]
    assert [event["type"] for event in events] == ["deal_signed", "client_paid"]
    assert payment
    assert await db.value("SELECT state FROM lead") == "won"
