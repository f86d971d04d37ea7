"""What the rooms of the year ask for before it is closed: the declaration, employees of partners, points still out."""

from datetime import date
from decimal import Decimal

import pytest

from portal.gifts.points import provision
from portal.kit import db
from portal.kit.days import clock_at
from portal.kit.deed import deed
from portal.taxes.closing.requirements import lacking
from tests.earnings.scene import TEN_PERCENT
from tests.invoicing.books import Books
from tests.taxes.closings import (
    IN_JANUARY,
    LATER_IN_DECEMBER,
    YEAR,
    december,
    paid_on_the_20th,
    put,
)

IN_POINTS = {**TEN_PERCENT, "name": "Points", "unit": "POINT"}


@pytest.fixture
async def books(cast) -> Books:
    return await december(cast)


async def lacks(cast, code: str) -> list:
    return [one for one in await lacking(cast.entity_id, YEAR) if one.code == code]


async def test_whom_the_declaration_cannot_name_is_asked_for_with_the_reason(cast, books):
    with clock_at(LATER_IN_DECEMBER):
        await books.earns(cast.remi, 1_000_00)
        await books.issue(cast.remi)
    await paid_on_the_20th(
        books
    )  # 2 000,00 + 400,00 of VAT: 2 400,00 TTC, which is not more than the threshold
    await put("UPDATE referrer SET siret = '' WHERE id = $1", cast.remi.referrer_id)
    with clock_at(IN_JANUARY):
        assert await lacks(cast, "das2") == []
        with_more = await db.value(
            "SELECT max(id) FROM payout_line WHERE referrer_id = $1", cast.remi.referrer_id
        )
        await put(
            "UPDATE payout_line SET net_cents = net_cents + 1, total_cents = total_cents + 1 WHERE id = $1",
            with_more,
        )
        (lack,) = await lacks(cast, "das2")
        assert (lack.name, lack.why) == ("Morin Conseil", (("Numéro SIRET", {}),))
        assert lack.path.startswith(f"/fiscalite/{YEAR}/das2/")
        await put(
            "UPDATE payout_line SET net_cents = net_cents - 1, total_cents = total_cents - 1 WHERE id = $1",
            with_more,
        )


async def test_the_sums_of_an_employee_of_a_partner_are_counted_first(cast, books):
    await paid_on_the_20th(books)
    await put(
        """INSERT INTO referrer_standing (referrer_id, since, status, vat_regime, source, recorded_at)
           SELECT referrer_id, '2027-01-01', 'partner_employee', 'none', 'test', recorded_at FROM referrer_standing WHERE referrer_id = $1 LIMIT 1""",
        cast.rachel.referrer_id,
    )
    (lack,) = await lacks(cast, "partners")
    assert lack.name == "Rachel Vidal"
    (figure,) = await lacks(cast, "figures")
    assert figure.path == "/reglages/chiffres/partner_employees.smic_monthly_eur"


async def test_points_still_out_on_the_last_day_want_a_provision(cast, books):
    await paid_on_the_20th(books)
    with clock_at(LATER_IN_DECEMBER):
        assert await lacks(cast, "points") == []
        await books.scene.contract(cast.stefan, IN_POINTS)
        await books.scene.pays(await books.scene.deal(cast.stefan), 6_000_00, days_ago=1)  # 600 points out
    with clock_at(IN_JANUARY):
        (lack,) = await lacks(cast, "points")
        assert lack.path == "/comptabilite/points"
        async with deed(cast.fanny.person):
            await provision.provide(cast.entity_id, date(YEAR, 12, 31), Decimal(80), Decimal(75), "")
        assert await lacks(cast, "points") == []
