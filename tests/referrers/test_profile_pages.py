"""/profil: step by step without a script, each mistake under its field, what was typed is kept."""

import re

import pytest

from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.people import actions as people
from portal.people import second_factor
from portal.people.rules import Seat
from portal.referrers import access, actions
from portal.referrers.joining import employing
from portal.referrers.joining.partner_employee import Gate
from portal.referrers.rules import Regime, Status
from tests.cast import Member, _signed_in, code_of
from tests.contracts.stories import colleague_of, in_force, last_code, open_programme
from tests.counting import Queries

OLD, NEW = "FR7630006000011234567890189", "FR7610107001011234567890129"
HOME = {"street": "4 rue Haute", "postcode": "44000", "city": "Nantes", "phone": "06 12 34 56 78"}
PERSON = {"first_name": "Nina", "last_name": "Roche", **HOME}
SENT = {
    "individual": PERSON | {"declared": "1"},
    "micro": PERSON | {"siret": "732 829 320 00074", "vat_regime": "franchise"},
    "company": HOME | {
        "company_name": "Roche SARL", "legal_form": "SARL", "rcs_city": "Nantes", "siret": "73282932000074",
        "vat_regime": "standard", "vat_number": "FR44732829320", "represented_by": "Nina Roche",
        "represented_as": "gérante",
    },
    "eu_company": HOME | {
        "company_name": "Roche GmbH", "legal_form": "GmbH", "vat_number": "DE136695976", "country": "DE",
        "postcode": "10115", "city": "Berlin", "represented_by": "Nina Roche", "represented_as": "Geschäftsführerin",
    },
    "association": HOME | {
        "company_name": "Les Amis", "siret": "73282932000074", "vat_regime": "none", "represented_by": "Nina Roche",
        "represented_as": "présidente",
    },
    "partner_employee": PERSON | {
        "declared": "1", "employer_name": "Garnier", "employer_siren": "732829320", "employer_position": "commerciale",
    },
}  # fmt: skip


@pytest.fixture
async def nina(cast) -> Member:
    """Invited by Sam, her account just opened."""
    async with deed(cast.sam.person):
        made = await actions.invite("nina@perso.example", "Nina", "Roche", sales_user_id=cast.sam.user_id)
        user = await db.row("SELECT * FROM app_user WHERE email = 'nina@perso.example'")
        await people.accept(user["id"], "Nina Roche", "")
        seat_id = await db.value("SELECT id FROM membership WHERE referrer_id = $1", made["id"])
        return await _signed_in(user["id"], seat_id)


async def test_she_first_chooses_what_she_is(nina, client):
    page = (await client(nina).get("/profil")).text
    for status in Status:
        assert f"/profil/coordonnees?statut={status}" in page


async def passes_the_gates(member: Member) -> None:
    """Commercial, customary, no secret, no group, no public buyer, paid herself with her employer's consent."""
    answers = {
        "job": "yes",
        "trade": "yes",
        "profession": "no",
        "group": "no",
        "public": "no",
        "payee": "myself",
    }
    async with deed(member.person):
        for gate, answer in answers.items():
            await employing.answer(member.referrer_id, Gate(gate), answer)
        referrer = await access.referrer(member.referrer_id)
        await employing.name_employer(
            referrer, name="Garnier", siren="552100554", contact="Luc Garnier", email="luc@garnier.example"
        )
        await employing.agree(referrer, "La lettre")


@pytest.mark.parametrize("status", SENT)
async def test_every_status_is_filled_with_its_own_fields_and_nothing_more(nina, client, status):
    if status == "partner_employee":
        await passes_the_gates(nina)
    browser = client(nina)
    page = (await browser.get(f"/profil/coordonnees?statut={status}")).text
    for field in SENT[status]:
        assert f'name="{field}"' in page
    answer = await browser.post_form("/profil/coordonnees", status=status, **SENT[status])
    assert (answer.status_code, answer.headers.get("location")) == (303, "/profil/compte-bancaire")
    standing = await access.standing_on(nina.referrer_id, today())
    assert standing.status == status


async def test_onboarding_ends_at_the_signature_without_anybody_of_the_company(cast, nina, client):
    await open_programme(cast)
    browser = client(nina)
    await browser.post_form("/profil/coordonnees", status="micro", **SENT["micro"])
    await browser.post_form("/profil/compte-bancaire", holder="Nina Roche", iban=OLD)
    page = (await browser.get("/profil")).text
    assert "Votre contrat vous attend" in page
    assert await db.value("SELECT state FROM contract") == "sent"


async def test_each_mistake_stands_under_its_field_and_nothing_typed_is_lost(nina, client):
    sent = SENT["micro"] | {"siret": "12345678901234", "postcode": "1", "phone": "12", "vat_regime": ""}
    answer = await client(nina).post_form("/profil/coordonnees", status="micro", **sent)
    assert answer.status_code == 422
    for field in ("siret", "postcode", "phone", "vat_regime"):
        assert f'id="f-{field}-error"' in answer.text
    assert 'value="12345678901234"' in answer.text
    assert 'value="Nina"' in answer.text
    assert await access.standing_on(nina.referrer_id, today()) is None


async def test_the_vat_number_is_proposed_from_the_siret(nina, client):
    sent = SENT["micro"] | {"vat_regime": "standard"}
    answer = await client(nina).post_form("/profil/coordonnees", status="micro", **sent)
    assert answer.status_code == 422
    assert 'value="FR44732829320"' in answer.text


async def test_the_vat_number_of_another_siren_is_refused(nina, client):
    sent = SENT["company"] | {"vat_number": "FR83404833048"}
    answer = await client(nina).post_form("/profil/coordonnees", status="company", **sent)
    assert answer.status_code == 422
    assert 'id="f-vat_number-error"' in answer.text


async def test_a_company_of_any_country_joins_and_needs_a_vat_number_in_the_union_alone(nina, client):
    abroad = SENT["eu_company"] | {"vat_number": ""}
    there = "/profil/coordonnees"
    assert (await client(nina).post_form(there, status="eu_company", **abroad)).status_code == 422
    swiss = abroad | {"country": "CH", "postcode": "8001", "city": "Zürich", "legal_form": "AG"}
    assert (await client(nina).post_form(there, status="eu_company", **swiss)).status_code == 303
    row = await db.row("SELECT country, vat_number FROM referrer WHERE id = $1", nina.referrer_id)
    assert (row["country"], row["vat_number"]) == ("CH", "")


async def test_a_person_who_does_not_declare_is_no_referrer(nina, client):
    answer = await client(nina).post_form("/profil/coordonnees", status="individual", **PERSON)
    assert answer.status_code == 422
    assert 'id="f-declared-error"' in answer.text


async def test_sent_twice_the_profile_is_filled_once(nina, client):
    browser = client(nina)
    answers = [
        await browser.post_form("/profil/coordonnees", once="une-fois", status="micro", **SENT["micro"])
        for _ in range(2)
    ]
    assert [answer.headers["location"] for answer in answers] == ["/profil/compte-bancaire"] * 2
    assert len(await access.standings_of(nina.referrer_id)) == 1


async def test_an_iban_with_a_mistake_is_kept_to_be_mended(nina, client):
    browser = client(nina)
    await browser.post_form("/profil/coordonnees", status="micro", **SENT["micro"])
    answer = await browser.post_form("/profil/compte-bancaire", holder="Nina Roche", iban=f"{OLD[:-1]}0")
    assert answer.status_code == 422
    assert f"{OLD[:-1]}0" in answer.text
    assert await access.bank_details_of(nina.referrer_id) == []


@pytest.fixture
async def paid(cast) -> Member:
    async with deed(cast.rachel.person):
        await actions.give_bank_detail(cast.rachel.referrer_id, "Rachel Vidal", OLD)
    return cast.rachel


async def test_the_account_is_shown_by_its_end_alone(paid, client):
    page = (await client(paid).get("/profil/compte-bancaire")).text
    assert "0189" in page
    assert OLD not in page


async def test_the_profile_asks_each_thing_once(paid, client):
    async with Queries() as queries:
        assert (await client(paid).get("/profil")).status_code == 200
    assert len(queries) == len(set(queries.asked)) <= 8, queries.asked


async def test_another_account_needs_the_mailed_code_and_then_waits(paid, client):
    browser = client(paid)
    refused = await browser.post_form("/profil/compte-bancaire", holder="Rachel Vidal", iban=NEW)
    assert refused.status_code == 422
    await browser.post_form("/profil/compte-bancaire/code")
    code = await last_code("referrers.bank_code")
    done = await browser.post_form("/profil/compte-bancaire", holder="Rachel Vidal", iban=NEW, code=code)
    assert done.status_code == 303
    assert (await access.waiting_bank_detail(paid.referrer_id))["state"] == "proposed"


async def test_a_mailed_code_is_used_once_and_typed_five_times_at_most(paid, client):
    browser = client(paid)
    await browser.post_form("/profil/compte-bancaire/code")
    code = await last_code("referrers.bank_code")
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for _ in range(5):
        await browser.post_form("/profil/compte-bancaire", holder="Rachel Vidal", iban=NEW, code=wrong)
    last = await browser.post_form("/profil/compte-bancaire", holder="Rachel Vidal", iban=NEW, code=code)
    assert last.status_code == 422
    assert await access.waiting_bank_detail(paid.referrer_id) is None


async def test_a_change_sent_twice_is_one_change(paid, client):
    browser = client(paid)
    await browser.post_form("/profil/compte-bancaire/code")
    sent = {"holder": "Rachel Vidal", "iban": NEW, "code": await last_code("referrers.bank_code")}
    answers = [await browser.post_form("/profil/compte-bancaire", once="une-fois", **sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert len(await access.bank_details_of(paid.referrer_id)) == 2


async def test_with_a_second_factor_its_code_is_asked_for_and_no_call_is_needed(paid, client):
    async with deed(paid.person):
        await second_factor.prepare(paid.user_id)
        await db.execute("UPDATE app_user SET totp_confirmed_at = now() WHERE id = $1", paid.user_id)
    sealed = await db.value("SELECT totp_sealed FROM app_user WHERE id = $1", paid.user_id)
    done = await client(paid).post_form(
        "/profil/compte-bancaire", holder="Rachel Vidal", iban=NEW, code=code_of(sealed)
    )
    assert done.status_code == 303
    assert (await access.waiting_bank_detail(paid.referrer_id))["state"] == "confirmed"


async def test_finance_confirms_after_calling_and_others_may_not(cast, paid, client):
    async with deed(paid.person):
        await actions.give_bank_detail(paid.referrer_id, "Rachel Vidal", NEW, by_code=True)
    ref = (await access.referrer(paid.referrer_id))["ref"]
    path = f"/apporteurs/{ref}/compte-bancaire/confirmation"
    for who in (cast.sam, cast.rachel, cast.stefan):
        assert (await client(who).post_form(path)).status_code == 404
    assert "compte-confirme" in (await client(cast.fanny).get(f"/apporteurs/{ref}")).text
    assert (await client(cast.fanny).post_form(path)).status_code == 303
    assert (await access.usable_bank_detail(paid.referrer_id))["last4"] == "0129"
    assert (await client(cast.fanny).post_form(path)).status_code == 303


async def test_a_change_of_vat_is_dated_and_what_was_before_stays(cast, client):
    mina, change = (
        client(cast.mina),
        {"since": "2026-07-01", "vat_regime": "standard", "vat_number": "FR96552100554"},
    )
    told = await mina.post_form("/profil/tva", **change)
    key = re.search(r'name="agreed" value="(\w+)"', told.text)[1]
    assert (await mina.post_form("/profil/tva", agreed=key, **change)).status_code == 303
    rows = await access.standings_of(cast.mina.referrer_id)
    assert [(row["since"].isoformat(), row["vat_regime"]) for row in rows] == [
        ("2024-01-01", Regime.FRANCHISE), ("2026-07-01", Regime.STANDARD),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"since": "2019-01-01", "vat_regime": "franchise"}, "since"),
        ({"since": "2026-07-01", "vat_regime": "exempt"}, "vat_regime"),
        ({"since": "2026-07-01", "vat_regime": "standard"}, "vat_number"),
        ({"since": "2026-07-01", "vat_regime": "franchise", "vat_on_debits": "1"}, "vat_on_debits"),
    ],
)
async def test_an_answer_on_vat_that_cannot_be_is_refused(cast, client, sent, field):
    answer = await client(cast.mina).post_form("/profil/tva", **sent)
    assert answer.status_code == 422
    assert f'id="f-{field}-error"' in answer.text
    assert len(await access.standings_of(cast.mina.referrer_id)) == 1


async def test_once_signed_who_they_are_is_locked_and_where_they_live_is_not(cast, client):
    await in_force(cast, cast.rachel)
    rachel = client(cast.rachel)
    assert "figurent dans votre contrat signé" in (await rachel.get("/profil")).text.replace("\u202f", " ")
    locked = await rachel.post_form(
        "/profil/coordonnees", status="individual", **SENT["individual"] | {"last_name": "Autre"}
    )
    assert locked.headers["location"] == "/profil/contact"
    moved = await rachel.post_form("/profil/contact", **HOME, country="FR")
    assert moved.status_code == 303
    referrer = await access.referrer(cast.rachel.referrer_id)
    assert (referrer["last_name"], referrer["city"]) == ("Vidal", "Nantes")


async def test_extra_fields_change_nothing(cast, client):
    await client(cast.rachel).post_form(
        "/profil/contact",
        **HOME,
        country="FR",
        state="closed",
        number="AP9999",
        email="x@y.fr",
        last_name="Autre",
    )
    referrer = await access.referrer(cast.rachel.referrer_id)
    assert (referrer["number"], referrer["email"], referrer["last_name"]) == (
        "R0001",
        "rachel@perso.example",
        "Vidal",
    )
    assert referrer["state"] == "invited"


POSTS = (
    "/profil/coordonnees",
    "/profil/contact",
    "/profil/tva",
    "/profil/compte-bancaire",
    "/profil/compte-bancaire/code",
)
GETS = ("/profil/statut", "/profil/coordonnees", "/profil/contact", "/profil/tva", "/profil/compte-bancaire")


@pytest.mark.parametrize("seat", [Seat.MEMBER, Seat.ACCOUNTANT])
async def test_a_colleague_reads_the_profile_and_changes_nothing(cast, client, seat):
    colleague = client(await colleague_of(cast.rachel, seat))
    assert (await colleague.get("/profil")).status_code == 200
    for path in GETS:
        assert (await colleague.get(path)).status_code == 403
    for path in POSTS:
        assert (await colleague.post_form(path, **HOME)).status_code == 403


async def test_the_staff_and_the_signed_out_have_no_profile(cast, client):
    for path in ("/profil", *GETS):
        assert (await client(cast.sam).get(path)).status_code == 404
        assert (await client(None).get(path)).status_code == 303
    for path in POSTS:
        assert (await client(cast.fanny).post_form(path)).status_code == 404
        assert (await client(None).post_form(path)).headers["location"].startswith("/connexion")
