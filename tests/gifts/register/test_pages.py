"""The pages of the register: noted in a minute, warned before, taken back with a reason, exported with all its parts."""

import csv
import io
from datetime import date

import pytest

from portal.books.month.reading_vat import vat_of
from portal.gifts.register import access_lists, recording
from portal.house.retention import forget_what_is_past
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import Machine, deed
from portal.law import SHIPPED
from portal.people import tokens
from portal.people.rules import Role
from tests.counting import Queries
from tests.gifts.orders.shop import offer
from tests.gifts.register.gifts import a_box, given, outsider, sent, taken_back

HOME = "/fiscalite/cadeaux"


def typed(**changes) -> dict[str, str]:
    return {
        "referrer": "", "outsider": "Jeanne Aubert", "organisation": "Mairie de Lyon", "what": "Coffret de vins",
        "given_on": today().isoformat(), "nature": "good", "price": "60,00", "packaging": "2,50", "shipping": "", "vat_rate": "20",
        "reason": "Inauguration", **changes,
    }  # fmt: skip


async def number_of(who) -> str:
    return await db.value("SELECT number FROM referrer WHERE id = $1", who.referrer_id)


async def test_a_gift_is_noted_in_one_form(cast, client):
    """60.00 + 2.50 = 62.50 TTC, of which 62.50 × 20 ÷ 120 = 10.4166… → 10.42."""
    answer = await client(cast.fanny).post_form(HOME, **typed())
    assert answer.status_code == 303
    gift = await db.row("SELECT * FROM gift")
    assert gift
    assert (gift["cost_cents"], gift["vat_cents"], gift["character"]) == (62_50, 10_42, "liberality")
    page = await client(cast.fanny).get(answer.headers["location"])
    for word in ("Coffret de vins", "Jeanne Aubert, Mairie de Lyon", "Inauguration", "TVA déduite"):
        assert word in page.text


async def test_past_the_threshold_the_form_warns_before_it_notes(cast, client):
    """50.00 (8.33 of VAT) then 62.50: 112.50 > 73.00; 8.33 would go back and 10.42 be lost."""
    await given(cast, a_box(50_00, 8_33, today()), cast.rachel)
    fields = typed(referrer=await number_of(cast.rachel), outsider="", organisation="")
    warned = await client(cast.fanny).post_form(HOME, **fields)
    assert warned.status_code == 422
    said = warned.text.replace("\xa0", " ").replace("\u202f", " ")
    for word in ("112,50 €", "8,33 €", "10,42 €"):
        assert word in said
    assert await db.value("SELECT count(*) FROM gift") == 1
    assert (await client(cast.fanny).post_form(HOME, **fields, sure="1")).status_code == 303
    assert await db.value("SELECT sum(cents) FROM gift_vat") == 0


async def test_every_field_that_is_wrong_says_so_and_nothing_is_lost(cast, client):
    answer = await client(cast.fanny).post_form(
        HOME, **typed(outsider="", what="Montre", price="", reason="", given_on="demain")
    )
    assert answer.status_code == 422
    for word in ("Dites à qui", "Dites pourquoi", "f-given_on-error", "f-price-error", "Montre"):
        assert word in answer.text.replace("&#39;", "'")


async def test_a_gift_has_one_beneficiary(cast, client):
    both = await client(cast.fanny).post_form(HOME, **typed(referrer=await number_of(cast.rachel)))
    unknown = await client(cast.fanny).post_form(HOME, **typed(referrer="AP9999", outsider=""))
    assert (both.status_code, unknown.status_code) == (422, 422)


async def test_tomorrow_is_too_early(cast, client):
    tomorrow = await client(cast.fanny).post_form(HOME, **typed(given_on="2099-01-01"))
    assert tomorrow.status_code == 422
    assert "une fois donné" in tomorrow.text


@pytest.mark.breaks_promises  # a year that nobody prepared for its closing
async def test_a_closed_year_takes_no_gift(cast, client):
    await _closed(cast, 2020)
    closed = await client(cast.fanny).post_form(HOME, **typed(given_on="2020-06-01"))
    assert (closed.status_code, "2020" in closed.text) == (422, True)


async def _closed(cast, year: int) -> None:
    async with deed(cast.alice.person):
        await db.insert(
            "year_closing", ref=f"YEAR{year}", legal_entity_id=cast.entity_id, year=year, state="closed", opened_at=now(),
            controlled_by=cast.fanny.user_id, controlled_at=now(), digest=b"x", closed_by=cast.fred.user_id, closed_at=now(),
        )  # fmt: skip


async def test_the_same_person_outside_the_network_is_known_again(cast, client):
    for price in ("40,00", "20,00"):
        await client(cast.fanny).post_form(HOME, **typed(price=price, outsider=" jeanne AUBERT "))
    assert await db.value("SELECT count(*) FROM gift_outsider") == 1


async def test_a_line_is_taken_back_with_a_reason(cast, client):
    gift = await given(cast, a_box(50_00, 8_33, today()), cast.rachel)
    path = f"{HOME}/{gift['ref']}"
    assert (await client(cast.fanny).post_form(f"{path}/annulation", reason="")).status_code == 422
    assert (
        await client(cast.fanny).post_form(f"{path}/annulation", reason="Colis revenu")
    ).status_code == 303
    page = await client(cast.fanny).get(path)
    assert "Colis revenu" in page.text
    assert "/annulation" not in page.text
    assert (await client(cast.fanny).post_form(f"{path}/annulation", reason="Encore")).status_code == 422


async def test_the_file_has_every_part_of_the_cost(scene, cast, client):
    await sent(cast, cast.rachel, await offer(cast))
    body = (await client(cast.fanny).get(f"{HOME}?format=csv")).content.decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(body), delimiter=";")
    assert [row[name] for name in ("Prix TTC", "Emballage", "Envoi", "Coût TTC", "dont TVA", "TVA déduite")] == [
        "60,00", "5,00", "7,00", "72,00", "12,00", "12,00",
    ]  # fmt: skip
    assert row["Caractère"] == "Récompense"


async def test_each_person_is_shown_with_what_is_left(cast, client):
    """58.40 = 80 % of 73.00 is near; 58.39 is not; 73.01 is past it."""
    for who, cents in ((cast.rachel, 58_40), (cast.stefan, 58_39), (cast.mina, 73_01)):
        await given(cast, a_box(cents, 5_00, today()), who)
    file = await client(cast.fanny).get(f"{HOME}/personnes?format=csv")
    rows = csv.DictReader(io.StringIO(file.content.decode("utf-8-sig")), delimiter=";")
    told = [(row["Bénéficiaire"], row["Biens, TTC"], row["Seuil"]) for row in rows]
    assert told[:2] == [("Mina Kaci", "73,01", "Seuil dépassé"), ("Rachel Vidal", "58,40", "Près du seuil")]
    assert [one[1:] for one in told[2:]] == [("58,39", "Sous le seuil")]
    page = await client(cast.fanny).get(f"{HOME}/personnes")
    for word in ("Seuil dépassé", "Près du seuil", "Sous le seuil"):
        assert f">{word}</" in page.text


async def test_the_lines_of_vat_lead_to_what_brought_them_about(cast, client):
    first = await given(cast, a_box(50_00, 8_33, today()), cast.rachel)
    second = await given(cast, a_box(40_00, 6_67, today(), what="Vin"), cast.rachel)
    page = await client(cast.fanny).get(f"{HOME}/tva")
    assert f"{HOME}/{first['ref']}" in page.text
    assert f"{HOME}/{second['ref']}" in page.text
    assert "TVA reversée" in page.text


async def test_the_vat_of_the_month_holds_the_lines_of_gifts(cast):
    """8.33 deducted and given back in one month: the month takes nothing."""
    await given(cast, a_box(50_00, 8_33, today()), cast.rachel)
    await given(cast, a_box(40_00, 6_67, today()), cast.rachel)
    month = {"month": today().replace(day=1), "legal_entity_id": cast.entity_id}
    state = await vat_of(month)
    assert [line.deductible for line in state.lines] == [8_33, -8_33]
    assert (state.deductible, {line.path.rpartition("/")[0] for line in state.lines}) == (0, {HOME})


async def test_the_2067_is_said_only_above_three_thousand(cast, client):
    """Rewards are not in it, small advertising objects are left out, corrections are."""
    await given(cast, a_box(3_000_00, 500_00, today()), outsider=await outsider(cast))
    await given(cast, a_box(40_00, 6_67, today(), advertising=True), outsider=await outsider(cast))
    page = await client(cast.fanny).get(f"{HOME}/releve")
    assert "aucun relevé n° 2067" in page.text.replace("\xa0", " ")
    one = await given(cast, a_box(1, 0, today()), cast.rachel)
    assert "Relevé à joindre" in (await client(cast.fanny).get(f"{HOME}/releve")).text
    await taken_back(cast, one)
    assert "Relevé à joindre" not in (await client(cast.fanny).get(f"{HOME}/releve")).text


async def test_the_statement_counts_by_financial_year(cast):
    """1,600.00 in June and 1,600.00 in December: 3,200.00 in 2025, but 1,600.00 in each year that ends in September."""
    for day in (date(2025, 6, 1), date(2025, 12, 1)):
        await given(cast, a_box(1_600_00, 266_67, day), outsider=await outsider(cast))
    whole, _ = await access_lists.statement(cast.entity_id, date(2025, 1, 1), date(2025, 12, 31), SHIPPED)
    split, _ = await access_lists.statement(cast.entity_id, date(2024, 10, 1), date(2025, 9, 30), SHIPPED)
    assert (whole.total_cents, whole.is_due) == (3_200_00, True)
    assert (split.total_cents, split.is_due) == (1_600_00, False)


async def test_a_name_is_forgotten_when_the_law_wants_it_no_longer(cast, client):
    """Ten years after the end of the year: the line stays, the name does not."""
    gift = await given(cast, a_box(30_00, 5_00, date(2014, 5, 1)), outsider=await outsider(cast))
    kept = await given(cast, a_box(30_00, 5_00, today()), outsider=await outsider(cast, "Paul Roux", ""))
    async with deed(Machine("job:house")):
        await forget_what_is_past()
    page = await client(cast.fanny).get(f"{HOME}/{gift['ref']}")
    assert "Jeanne Aubert" not in page.text
    assert "Nom effacé" in page.text
    assert "Paul Roux" in (await client(cast.fanny).get(f"{HOME}/{kept['ref']}")).text


async def test_a_program_notes_a_gift_and_reads_the_register(cast, client):
    async with deed(cast.fanny.person):
        token = await tokens.create(
            cast.fanny.person, "Registre", Role.FINANCE, {"rewards:read", "rewards:write"}
        )
    bearer = {"authorization": f"Bearer {token}", "idempotency-key": "gift-1"}
    asked = {
        "outsider": "Jeanne Aubert",
        "what": "Livre",
        "reason": "Vœux",
        "given_on": today().isoformat(),
        "price": "30.00",
    }
    made = await client(None).post("/api/v1/gifts", json=asked, headers=bearer)
    assert (made.status_code, made.json()["vat_deducted_cents"]) == (201, 5_00)
    again = await client(None).post("/api/v1/gifts", json=asked, headers=bearer)
    assert again.json()["ref"] == made.json()["ref"]
    listed = await client(None).get("/api/v1/gifts", headers=bearer)
    assert [row["what"] for row in listed.json()["data"]] == ["Livre"]
    wrong = await client(None).post(
        "/api/v1/gifts", json={"what": "Livre"}, headers={**bearer, "idempotency-key": "gift-2"}
    )
    assert (wrong.status_code, set(wrong.json()["errors"])) == (
        422,
        {"reason", "given_on", "price", "referrer"},
    )


async def test_two_who_note_the_same_outsider_at_once_make_one_person_or_two_lines(cast):
    async with deed(cast.fanny.person):
        first = await recording.outsider_for(cast.entity_id, "Jeanne Aubert", "Mairie")
        assert await recording.outsider_for(cast.entity_id, "JEANNE AUBERT", "mairie") == first


@pytest.mark.parametrize("path", ["", "/personnes", "/tva", "/releve"])
async def test_a_page_asks_as_much_of_one_gift_as_of_many(path: str, cast, client):
    fanny = client(cast.fanny)
    await given(cast, a_box(5_00, 83, today()), cast.rachel)
    await fanny.get(HOME + path)
    async with Queries() as few:
        await fanny.get(HOME + path)
    for place in range(6):
        await given(cast, a_box(20_00, 3_33, today()), outsider=await outsider(cast, f"Invité {place}"))
    async with Queries() as many:
        await fanny.get(HOME + path)
    assert len(many) == len(few) <= 8, many.asked
