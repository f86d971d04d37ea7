"""A declaration from what was paid and given: drawn, kept once, packed, filed, rectified; and who is asked for what."""

import asyncio
import gzip
from datetime import UTC, date, datetime, timedelta

import pytest

from portal import verify
from portal.company import access as company
from portal.jobs.queue import work_off
from portal.kit import db, files
from portal.kit.days import at, clock_at, today
from portal.kit.deed import Machine, deed
from portal.kit.problems import Refused
from portal.referrers.rules import Regime, Status
from portal.taxes.das2 import access, asking, drawing, filing, reviewing
from portal.taxes.das2.packing import NotPacked, pack
from portal.taxes.das2.reviewing import Contact
from portal.taxes.das2.rules import Change, Lack, Route, law_of
from tests.invoicing.test_regimes import GERMAN, become
from tests.referrers.abroad import certify
from tests.taxes.das2.reader import Record, read
from tests.taxes.partners import is_employed, is_given
from tests.taxes.stories import arrives, comes_back, is_paid, sent

CONTACT = Contact("Fanny Leroy", "04 72 00 00 01", "fanny@exemple.fr", pays_wages=True)


async def entity() -> db.Row:
    found = await company.legal_entity()
    assert found is not None
    return found


async def drawn(year: int | None = None, contact: Contact = CONTACT) -> drawing.Drawn:
    year = year or today().year
    by = reviewing.declarant_of(await entity(), year, contact)
    return await drawing.draw((await entity())["id"], law_of(year, await company.figures()), by)


async def run(cast, year: int | None = None) -> db.Row:
    made = await drawn(year)
    kept = await drawing.store(made)
    async with deed(cast.fanny.person):
        return await drawing.keep(cast.entity_id, made, kept, CONTACT.pays_wages)


async def records(run: db.Row) -> list[Record]:
    return read(await files.content(await files.by_ref(run["plain_ref"])))


async def is_filed(cast, run: db.Row) -> None:
    async with deed(cast.fanny.person):
        await filing.file(run, today(), "2026-123456")


async def changed(who, **columns: str) -> None:
    async with deed(Machine("test")):
        for column, value in columns.items():
            await db.execute(f"UPDATE referrer SET {column} = $2 WHERE id = $1", who.referrer_id, value)


async def test_commissions_are_declared_with_their_tax_and_rewards_beside_them(books, cast):
    """Rémi: 2 400 × 1.2 = 2 880. Rachel: 2 000 in money and 401 in kind are above 2 400; Mina's 2 400 are not."""
    for who, cents in ((cast.remi, 2_400_00), (cast.rachel, 2_000_00), (cast.mina, 2_400_00)):
        await books.earns(who, cents)
    await books.issue()
    await arrives(books, await sent(books))
    await is_given(cast, cast.rachel, 401_00)
    made = await run(cast)
    people = {
        record["nom"].strip() or record["raison_sociale"].strip(): record
        for record in await records(made)
        if record.code == "210"
    }
    assert set(people) == {"MORIN CONSEIL", "VIDAL"}
    assert people["MORIN CONSEIL"].amounts["commissions"] == 2_880
    assert (people["VIDAL"].amounts["commissions"], people["VIDAL"].amounts["avantages"]) == (2_000, 401)
    assert people["VIDAL"]["nature_avantages"] == "   A "
    assert (made["people"], made["commissions_eur"], made["benefits_eur"], made["online"]) == (
        2,
        4_880,
        401,
        0,
    )


async def test_a_transfer_belongs_to_the_year_in_which_it_arrives_in_paris(books, cast):
    """A minute before and a minute after midnight of 31 December in Paris, which is 23:00 of the same day in UTC."""
    for instant in (datetime(2026, 12, 31, 22, 59, tzinfo=UTC), datetime(2026, 12, 31, 23, 1, tzinfo=UTC)):
        with clock_at(instant):
            await is_paid(books, cast.rachel, 2_400_01)
    with clock_at(at(date(2027, 3, 1))):
        for year in (2026, 2027):
            (person,) = (await records(await run(cast, year)))[2:3]
            assert (person["annee"], person.amounts["commissions"]) == (str(year), 2_400)


async def test_what_came_back_is_not_declared(books, cast):
    await books.earns(cast.remi, 3_000_00)
    await books.issue()
    out = await sent(books)
    await arrives(books, out)
    assert (await drawn()).totals.people == 1
    await comes_back(books, out, cast.remi)
    with pytest.raises(Refused, match="das2_nobody"):
        await run(cast)


async def test_the_same_declaration_drawn_twice_is_one(books, cast):
    await is_paid(books, cast.remi, 3_000_00)
    assert (await run(cast))["id"] == (await run(cast))["id"]
    assert await db.value("SELECT count(*) FROM das2_run") == 1


async def test_two_who_draw_at_once_make_one_file(books, cast):
    await is_paid(books, cast.remi, 3_000_00)
    one, two = await asyncio.gather(run(cast), run(cast))
    assert one["id"] == two["id"]


async def test_a_run_is_never_changed(books, cast):
    await is_paid(books, cast.remi, 3_000_00)
    made = await run(cast)
    for wrong in (
        "UPDATE das2_run SET people = 0",
        "DELETE FROM das2_line",
        "UPDATE das2_line SET commission_cents = 0",
    ):
        with pytest.raises(Exception, match="permission denied"):
            async with deed(Machine("test")):
                await db.execute(wrong)
    assert len(await records(made)) == 5


async def test_before_it_is_filed_a_new_file_replaces_it_and_afterwards_it_rectifies(books, cast):
    await is_paid(books, cast.remi, 3_000_00)
    first = await run(cast)
    await is_paid(books, cast.rachel, 2_500_00)
    second = await run(cast)
    assert (second["turn"], second["rectifies_id"]) == (2, None)
    with pytest.raises(Refused, match="das2_not_the_last"):
        await is_filed(cast, first)
    await is_filed(cast, second)
    with pytest.raises(Refused, match="das2_filed"):
        await is_filed(cast, await access.run(second["id"]))
    await is_paid(books, cast.rachel, 100_00)
    await changed(cast.remi, street="1 rue Neuve")
    third = await run(cast)
    assert (third["turn"], third["rectifies_id"]) == (3, second["id"])
    assert {one.name: one.change for one in await reviewing.since_filed(third)} == {
        "Morin Conseil": Change.IDENTITY,
        "Rachel Vidal": Change.AMOUNT,
    }
    assert [record.amounts["commissions"] for record in (await records(second))[2:4]] == [
        2_500,
        3_600,
    ]  # as it was filed
    found = await reviewing.review(await entity(), today().year)
    assert found.since == []


async def test_who_lacks_something_stands_on_the_list_for_the_form_online(books, cast):
    await is_paid(books, cast.remi, 3_000_00)
    await is_paid(books, cast.rachel, 3_000_00)
    await changed(cast.remi, siret="")
    made = await run(cast)
    assert (made["people"], made["online"]) == (1, 1)
    line = (await access.written_lines(made["id"]))[cast.remi.referrer_id]
    assert (line["route"], line["record_sha256"]) == ("online", None)
    assert len([record for record in await records(made) if record.code == "210"]) == 1


async def test_the_employee_of_a_partner_waits_for_finance(books, cast):
    await is_paid(books, cast.remi, 3_000_00)
    await is_employed(cast.rachel)
    await is_given(cast, cast.rachel, 2_500_00)
    with pytest.raises(Refused, match="das2_undecided"):
        await run(cast)
    (who,) = await access.lacking(cast.entity_id, today().year)
    assert (who["id"], who.route) == (cast.rachel.referrer_id, Route.WAITS)
    async with deed(cast.fanny.person):
        await filing.decide(cast.entity_id, today().year, who, False, "Déclaré en salaires")
    left_out = await run(cast)
    assert (left_out["people"], await access.lacking(cast.entity_id, today().year)) == (1, [])
    async with deed(cast.fanny.person):
        await filing.decide(cast.entity_id, today().year, who, True, "L'expert-comptable le demande")
    assert (await run(cast))["people"] == 2


async def test_the_birth_date_of_who_lives_in_the_union_is_asked_given_and_written(books, cast):
    await is_paid(books, cast.rachel, 3_000_00)
    await changed(cast.rachel, country="BE", postcode="1000", city="Bruxelles")
    (who,) = await access.lacking(cast.entity_id, today().year)
    assert access.asked_of(who) == [Lack.BIRTH]
    async with deed(cast.rachel.person):
        await filing.give_birth_date(cast.rachel.referrer_id, date(1980, 3, 7))
    record = (await records(await run(cast)))[2]
    assert (record["naissance"], record.address()["insee"], record.address()["commune"]) == (
        "07031980",
        "99131",
        "1000 BRUXELLES",
    )


async def test_who_is_near_the_threshold_is_asked_months_before_and_once_a_day(books, cast):
    """2 300 are above 80 % of 2 400 = 1 920; 1 500 are not."""
    with clock_at(at(date(2026, 11, 30))):
        await is_paid(books, cast.rachel, 2_300_00)
        await is_paid(books, cast.mina, 1_500_00)
    for who in (cast.rachel, cast.mina):
        await changed(who, street="")
    for day in (date(2026, 12, 1), date(2026, 12, 1), date(2026, 12, 2)):
        with clock_at(at(day)):
            await asking.ask_on(cast.entity_id, day)
    assert await db.rows("SELECT to_user FROM mail_message WHERE kind = 'taxes.das2_missing'") == [
        (cast.rachel.user_id,)
    ]
    assert [row["lacks"] for row in await db.rows("SELECT lacks FROM das2_asking")] == [["address"]]
    with clock_at(at(date(2027, 1, 5))):  # the year is over: 2 300 are below the threshold
        assert await asking.to_ask(cast.entity_id, 2026, today()) == []


async def test_a_drawn_file_is_packed_for_the_trial_and_to_be_filed(books, cast):
    await is_paid(books, cast.remi, 3_000_00)
    made = await run(cast)
    assert made["packed_ref"] is None
    await work_off()
    await work_off()
    made = await access.run(made["id"])
    stamp = (
        made["packed_name"]
        .removeprefix(f"DSAL_{made['year']}_{made['siren']}_000_")
        .removesuffix(".txt.gz.gpg")
    )
    assert (len(stamp), stamp.isdigit()) == (14, True)
    packed, trial = [
        await files.content(await files.by_ref(made[ref])) for ref in ("packed_ref", "trial_ref")
    ]
    assert packed[0] & trial[0] & 0x80  # OpenPGP packets, not armoured
    assert packed != trial
    assert (
        await db.value("SELECT count(*) FROM stored_file WHERE subject_kind IN ('das2_packed', 'das2_trial')")
        == 2
    )


def test_the_package_is_made_with_the_key_that_the_figures_name():
    body = gzip.compress(b"test")
    assert pack(body, 2026, "732829320", "prod").fingerprint == "3AE282C69675932A19D3245BD155B53F9EFF7A61"
    with pytest.raises(NotPacked):
        pack(body, 2026, "not a siren", "prod")


async def test_what_was_drawn_adds_up_forever(books, cast):
    await is_paid(books, cast.remi, 3_000_00)
    await run(cast)
    assert (await verify.everything()).counts["taxes.das2_runs"] == 1


async def test_a_company_abroad_is_declared_gross_with_what_was_withheld_beside(books, cast):
    """2 500.00 × 90 % × 25 % = 562.50 for the tax office: 1 937.50 arrive, 2 500 are above the threshold and declared."""
    await become(
        cast.remi.referrer_id,
        Status.EU_COMPANY,
        Regime.REVERSE_CHARGE,
        GERMAN | {"company_name": "Morin Conseil"},
    )
    await is_paid(books, cast.remi, 2_500_00)
    assert await db.value("SELECT total_cents FROM payout_line") == 1_937_50
    record = (await records(await run(cast)))[2]
    assert (record.amounts["commissions"], record.amounts["retenue"], record["dispense"]) == (2_500, 563, " ")
    assert (record["beneficiaire"].strip(), record.address()["insee"]) == ("", "99109")


async def test_with_a_certificate_nothing_is_withheld_and_the_record_says_so(books, cast):
    await become(
        cast.remi.referrer_id,
        Status.EU_COMPANY,
        Regime.REVERSE_CHARGE,
        GERMAN | {"company_name": "Morin Conseil"},
    )
    await certify(cast, cast.remi, today() - timedelta(60))
    await is_paid(books, cast.remi, 2_500_00)
    record = (await records(await run(cast)))[2]
    assert (record.amounts["commissions"], record.amounts["retenue"], record["dispense"]) == (2_500, 0, "D")


async def test_a_date_of_birth_is_erased_with_who_gave_it(cast):
    async with deed(cast.rachel.person):
        await filing.give_birth_date(cast.rachel.referrer_id, date(1980, 3, 7))
        await filing.erase_of(cast.rachel.user_id)
    assert await access.birth_date_of(cast.rachel.referrer_id) is None
