"""Who lives or is registered outside France: the certificate of residence, what would be withheld, what blocks."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from portal.invoicing import actions as invoicing
from portal.kit import db
from portal.kit.days import add_months, today
from portal.kit.deed import Machine, deed
from portal.law.withholding import Reason
from portal.referrers import access, actions
from portal.referrers.rules import Regime, Status
from tests.invoicing.books import books_of
from tests.referrers.abroad import certify


@pytest.fixture
async def abroad(cast):
    """Morin Conseil has become a German company; Stefan lives in Vienna."""
    async with deed(Machine("test")):
        await actions.record_standing(
            cast.remi.referrer_id, date(2024, 1, 2), Status.EU_COMPANY, Regime.REVERSE_CHARGE, "profile"
        )
        await db.execute(
            "UPDATE referrer SET country = 'DE', vat_number = 'DE136695976' WHERE id = $1",
            cast.remi.referrer_id,
        )
        await db.execute("UPDATE referrer SET country = 'AT' WHERE id = $1", cast.stefan.referrer_id)
    return cast


async def test_nothing_is_withheld_from_who_lives_in_france(cast):
    assert (await access.withholding_on(cast.mina.referrer_id, today())).reason is Reason.AT_HOME


async def test_a_company_of_the_union_is_withheld_on_nine_tenths_and_a_person_on_all(abroad):
    company = await access.withholding_on(abroad.remi.referrer_id, today())
    person = await access.withholding_on(abroad.stefan.referrer_id, today())
    assert (company.rate_percent, company.base_percent) == (Decimal(25), Decimal(90))
    assert company.on(1_000_00) == 225_00  # 1 000,00 × 90 % × 25 %
    assert person.on(1_000_00) == 250_00


async def test_a_certificate_covers_a_year_and_no_day_before_it(abroad):
    issued = today() - timedelta(30)
    await certify(abroad, abroad.remi, issued)
    covers = {
        day: (await access.withholding_on(abroad.remi.referrer_id, day)).reason
        for day in (issued - timedelta(1), issued, today(), add_months(issued, 11), add_months(issued, 13))
    }
    assert list(covers.values()) == [
        Reason.NO_CERTIFICATE, Reason.CERTIFIED, Reason.CERTIFIED, Reason.CERTIFIED, Reason.NO_CERTIFICATE,
    ]  # fmt: skip


async def test_without_certificate_a_part_is_withheld_and_the_file_says_what_to_ask(abroad, client):
    """360.00 × 90 % × 25 % = 81.00 for the tax office, 279.00 to transfer."""
    books = await books_of(abroad)
    await books.earns(abroad.remi, 360_00)
    [proposal] = await invoicing.dry_run(abroad.entity_id, today())
    assert (proposal.blocks, proposal.withheld_cents) == ((), 81_00)
    ref = (await access.referrer(abroad.remi.referrer_id))["ref"]
    page = (await client(abroad.fanny).get(f"/apporteurs/{ref}")).text
    assert "25\u00a0% sur 90\u00a0%" in page.replace("\u202f", "\u00a0")
    await certify(abroad, abroad.remi, today() - timedelta(30))
    [proposal] = await invoicing.dry_run(abroad.entity_id, today())
    assert (proposal.ready, proposal.withheld_cents) == (True, 0)


async def test_a_territory_that_does_not_cooperate_is_refused_certificate_or_not(cast):
    async with deed(Machine("test")):
        await db.execute("UPDATE referrer SET country = 'PA' WHERE id = $1", cast.stefan.referrer_id)
    assert (await access.withholding_on(cast.stefan.referrer_id, today())).reason is Reason.REFUSED
