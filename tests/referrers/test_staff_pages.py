"""/apporteurs: who is there, inviting, and the file of one."""

import io

import pytest
from PIL import Image

from portal.kit import db
from portal.kit.deed import deed
from portal.referrers import access, actions
from portal.referrers.rules import Regime, Status
from tests.counting import Queries

IBAN = "FR7630006000011234567890189"


async def ref_of(member):
    return (await access.referrer(member.referrer_id))["ref"]


async def test_the_list_finds_by_name_number_and_status(cast, client):
    sam = client(cast.sam)
    assert "Rachel Vidal" in (await sam.get("/apporteurs?q=vidal")).text
    assert "Rachel Vidal" in (await sam.get("/apporteurs?q=R0001")).text
    micro = (await sam.get("/apporteurs?statut=micro")).text
    assert "Mina Kaci" in micro
    assert "Rachel Vidal" not in micro
    assert "Rachel Vidal" not in (await sam.get("/apporteurs?etat=active")).text


@pytest.mark.parametrize("sort", ["name", "-name", "number", "status", "state", "sales"])
async def test_the_list_can_be_put_in_order(cast, client, sort):
    page = await client(cast.sam).get(f"/apporteurs?sort={sort}")
    assert page.status_code == 200
    assert "Morin Conseil" in page.text


async def test_the_list_can_be_taken_along(cast, client):
    csv = await client(cast.fanny).get("/apporteurs?format=csv")
    assert "Mina Kaci" in csv.text
    xlsx = await client(cast.fanny).get("/apporteurs?format=xlsx")
    assert xlsx.content.startswith(b"PK")


async def test_the_list_and_the_file_are_for_the_staff(cast, client):
    for path in ("/apporteurs", f"/apporteurs/{await ref_of(cast.rachel)}", "/apporteurs/invitation"):
        assert (await client(cast.rachel).get(path)).status_code == 404
        assert (await client(None).get(path)).status_code == 303


async def test_the_file_asks_each_thing_once(cast, client):
    path = f"/apporteurs/{await ref_of(cast.rachel)}"
    async with Queries() as queries:
        assert (await client(cast.sam).get(path)).status_code == 200
    assert len(queries) == len(set(queries.asked)) <= 8, queries.asked


async def test_sales_invite_and_the_person_gets_a_mail(cast, client):
    sam = client(cast.sam)
    contact = await db.value("SELECT ref FROM app_user WHERE id = $1", cast.sam.user_id)
    sent = {
        "email": "Neuf@Exemple.fr",
        "first_name": "Noé",
        "last_name": "Neuf",
        "language": "en",
        "contact": contact,
    }
    answers = [await sam.post_form("/apporteurs/invitation", once="une-fois", **sent) for _ in range(2)]
    assert answers[0].headers["location"] == answers[1].headers["location"]
    made = await db.row("SELECT * FROM referrer WHERE email = 'neuf@exemple.fr'")
    assert (made["sales_user_id"], made["state"]) == (cast.sam.user_id, "invited")
    mail = await db.row("SELECT * FROM mail_message WHERE to_email = 'neuf@exemple.fr'")
    assert (mail["kind"], mail["language"]) == ("people.invitation", "en")


async def test_a_person_who_is_a_referrer_already_is_named(cast, client):
    answer = await client(cast.sam).post_form(
        "/apporteurs/invitation", email="rachel@perso.example", first_name="Rachel", last_name="V"
    )
    assert answer.status_code == 422
    assert "R0001" in answer.text
    assert 'value="Rachel"' in answer.text
    assert await db.value("SELECT count(*) FROM referrer") == 4


async def test_a_colleague_cannot_be_a_referrer_of_the_house(cast, client):
    answer = await client(cast.sam).post_form(
        "/apporteurs/invitation", email="fanny@lumen.example", first_name="Fanny", last_name="Moreau"
    )
    assert answer.status_code == 422
    assert await db.value("SELECT count(*) FROM referrer") == 4


async def test_an_invitation_without_an_address_says_so(cast, client):
    answer = await client(cast.sam).post_form("/apporteurs/invitation", first_name="Noé", last_name="Neuf")
    assert answer.status_code == 422
    assert 'id="f-email-error"' in answer.text
    assert 'value="Noé"' in answer.text


async def test_finance_invites_nobody(cast, client):
    assert (await client(cast.fanny).post_form("/apporteurs/invitation", email="a@b.fr")).status_code == 404


async def test_the_file_says_what_blocks_a_paper_and_masks_the_account(cast, client):
    async with deed(cast.rachel.person):
        await actions.give_bank_detail(cast.rachel.referrer_id, "Rachel Vidal", IBAN)
    page = (await client(cast.fanny).get(f"/apporteurs/{await ref_of(cast.rachel)}")).text
    assert "Aucun contrat en vigueur" in page
    assert "0189" in page
    assert IBAN not in page


async def test_every_fact_told_of_a_referrer_has_its_words(cast, client):
    """The file shows all that history knows of Rachel, in words."""
    async with deed(cast.rachel.person):
        await actions.give_bank_detail(cast.rachel.referrer_id, "Rachel Vidal", IBAN)
    told = await db.value(
        "SELECT count(*) FROM history_event WHERE subject_kind = 'referrer' AND subject_id = $1",
        cast.rachel.referrer_id,
    )
    page = (await client(cast.sam).get(f"/apporteurs/{await ref_of(cast.rachel)}")).text
    assert page.count('<li class="tone-') == told


async def test_the_written_consent_of_the_employer_lifts_the_block(cast, client):
    async with deed(cast.sam.person):
        made = await actions.invite("salarie@exemple.fr", "Paul", "Petit", sales_user_id=cast.sam.user_id)
        await actions.fill_profile(
            made, status=Status.PARTNER_EMPLOYEE, vat_regime=Regime.NONE, since=made["created_at"].date(),
            street="1 rue A", postcode="44000", city="Nantes", employer_name="Garnier",
        )  # fmt: skip
    path = f"/apporteurs/{made['ref']}"
    sam = client(cast.sam)
    assert "accord-employeur" in (await sam.get(path)).text
    empty = await sam.post_form(f"{path}/accord-employeur")
    assert empty.status_code == 422
    wrong = await sam.post_form(
        f"{path}/accord-employeur", files={"consent": ("a.pdf", b"<html>", "application/pdf")}
    )
    assert wrong.status_code == 422
    done = await sam.post_form(
        f"{path}/accord-employeur", files={"consent": ("a.png", picture(), "image/png")}
    )
    assert done.status_code == 303
    assert "employer_missing" not in await access.paper_blocks(made["id"], made["created_at"].date())
    assert (await client(cast.rachel).post_form(f"{path}/accord-employeur")).status_code == 404


def picture() -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(kept, "PNG")
    return kept.getvalue()
