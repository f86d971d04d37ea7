"""Several people of one company: invited, changed, ended, and the ownership that goes over with the word of both."""

import pytest

from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.deed import deed
from portal.people import actions, seating
from portal.people.access import user_by_email
from portal.people.rules import Seat
from tests.contracts.stories import colleague_of

PATH = "/profil/personnes"
PAULA = {"name": "Paula Roy", "email": "paula@morin.example", "seat": "accountant"}


async def seat_of(email: str) -> str | None:
    user = await user_by_email(email)
    assert user
    return await db.value("SELECT seat FROM membership WHERE user_id = $1 AND ended_at IS NULL", user["id"])


async def ref_of(email: str) -> str:
    return await db.value("SELECT ref FROM app_user WHERE email = $1", email)


@pytest.fixture
async def colette(cast):
    """She sits for Rémi's company as a member."""
    return await colleague_of(cast.remi, Seat.MEMBER)


async def test_the_owner_invites_an_accountant_who_gets_a_mail(cast, client):
    remi = client(cast.remi)
    assert (await remi.post_form(PATH, **PAULA)).status_code == 303
    assert await seat_of(PAULA["email"]) == "accountant"
    assert await db.value("SELECT to_email FROM mail_message ORDER BY id DESC LIMIT 1") == PAULA["email"]
    page = (await remi.get(PATH)).text
    assert "Paula Roy" in page
    assert "Invitation envoyée" in page


@pytest.mark.parametrize(("email", "said"), [
    ("remi@morin.example", "déjà accès"), ("sam@lumen.example", "salarié de l’entreprise"), ("pas une adresse", "adresse"),
])  # fmt: skip
async def test_who_cannot_be_invited_is_said_under_the_field(cast, client, email, said):
    answer = await client(cast.remi).post_form(PATH, **(PAULA | {"email": email}))
    assert answer.status_code == 422
    assert said in answer.text


async def test_nobody_is_invited_as_a_second_owner(cast, client):
    assert (await client(cast.remi).post_form(PATH, **(PAULA | {"seat": "owner"}))).status_code == 422
    assert await user_by_email(PAULA["email"]) is None


async def test_a_member_becomes_an_accountant_and_signs_no_more(cast, client, colette):
    async with deed(cast.alice.person):
        await db.execute("UPDATE membership SET signs = true WHERE user_id = $1", colette.user_id)
    await client(cast.remi).post_form(f"{PATH}/{await ref_of(colette.email)}/acces", seat="accountant")
    assert await seat_of(colette.email) == "accountant"
    assert not await db.value("SELECT signs FROM membership WHERE user_id = $1", colette.user_id)


async def test_an_ended_access_is_over_on_the_next_click(cast, client, colette):
    hers = client(colette)
    assert (await hers.get("/commissions")).status_code == 200
    await client(cast.remi).post_form(f"{PATH}/{await ref_of(colette.email)}/fin")
    assert (await hers.get("/commissions")).headers["location"].startswith("/connexion")


async def test_only_the_owner_changes_who_comes_in(cast, client, colette):
    hers, ref = client(colette), await ref_of(cast.remi.email)
    assert (await hers.get(PATH)).status_code == 200
    for path in ("", f"/{ref}/acces", f"/{ref}/fin", f"/{ref}/titulaire", "/retrait"):
        assert (await hers.post_form(f"{PATH}{path}", **PAULA)).status_code == 403


async def test_people_of_another_company_are_nobody_here(cast, client, colette):
    ref = await ref_of(colette.email)
    for move in ("fin", "titulaire"):
        assert (await client(cast.stefan).post_form(f"{PATH}/{ref}/{move}")).status_code in (404, 409)
    assert await seat_of(colette.email) == "member"


async def test_the_owner_cannot_leave_nor_be_removed(cast, client):
    remi = client(cast.remi)
    assert (await remi.post_form(f"{PATH}/depart")).status_code == 409
    assert (await remi.post_form(f"{PATH}/{await ref_of(cast.remi.email)}/fin")).status_code == 409
    assert await seat_of(cast.remi.email) == "owner"


async def test_a_member_leaves_by_themselves(cast, client, colette):
    await client(colette).post_form(f"{PATH}/depart")
    assert await seat_of(colette.email) is None


async def test_the_ownership_goes_over_once_the_new_owner_says_yes(cast, client, colette):
    await client(cast.remi).post_form(f"{PATH}/{await ref_of(colette.email)}/titulaire")
    assert (await seat_of(cast.remi.email), await seat_of(colette.email)) == ("owner", "member")
    hers = client(colette)
    assert "vous confie cet espace" in (await hers.get(PATH)).text
    await hers.post_form(f"{PATH}/reponse", answer="yes")
    assert (await seat_of(cast.remi.email), await seat_of(colette.email)) == ("member", "owner")
    await work_off()
    told = await db.rows(
        "SELECT kind, to_email FROM mail_message WHERE kind LIKE 'people.handover%' ORDER BY id"
    )
    assert [tuple(row) for row in told] == [
        ("people.handover_asked", colette.email), ("people.handover_yes", cast.remi.email),
    ]  # fmt: skip


async def test_declined_or_withdrawn_the_owner_stays(cast, client, colette):
    remi, hers, ref = client(cast.remi), client(colette), await ref_of(colette.email)
    await remi.post_form(f"{PATH}/{ref}/titulaire")
    await hers.post_form(f"{PATH}/reponse", answer="no")
    await remi.post_form(f"{PATH}/{ref}/titulaire")
    await remi.post_form(f"{PATH}/retrait")
    assert (await hers.post_form(f"{PATH}/reponse", answer="yes")).status_code == 409
    assert await seat_of(cast.remi.email) == "owner"


async def test_only_whom_it_was_offered_to_answers(cast, client, colette):
    remi = client(cast.remi)
    await remi.post_form(f"{PATH}/{await ref_of(colette.email)}/titulaire")
    assert (await remi.post_form(f"{PATH}/reponse", answer="yes")).status_code == 404


async def test_the_space_of_a_natural_person_is_not_handed_over(cast, client):
    guest = await colleague_of(cast.rachel, Seat.MEMBER)
    rachel = client(cast.rachel)
    assert (await rachel.post_form(f"{PATH}/{await ref_of(guest.email)}/titulaire")).status_code == 409
    assert "Lui confier" not in (await rachel.get(PATH)).text


async def test_one_person_in_two_companies_changes_seats(cast, client, colette):
    async with deed(cast.sam.person):
        await actions.give_seat(colette.email, "Colette Brun", cast.mina.referrer_id, "accountant")
    hers = client(colette)
    page = (await hers.get("/compte/role")).text
    assert "Morin Conseil" in page
    assert "Mina Kaci" in page
    ref = await db.value("SELECT ref FROM referrer WHERE id = $1", cast.mina.referrer_id)
    await hers.post_form("/compte/role", seat=ref)
    hers.signed_in_as()
    assert (await hers.get("/recommandations")).status_code == 404  # accountant there, member here


async def test_twenty_people_are_enough(cast):
    async with deed(cast.remi.person):
        for n in range(seating.MOST - 1):
            await actions.give_seat(f"m{n}@morin.example", "Membre", cast.remi.referrer_id, "member")
        with pytest.raises(seating.Refused):
            await seating.invite(cast.remi.referrer_id, "trop@morin.example", "Trop", Seat.MEMBER, "fr")
