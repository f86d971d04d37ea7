"""Inviting many: by a link that is shown, by a list that is read before it is sent; never twice the same person."""

import asyncio
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.days import clock_at, now, today
from portal.kit.invalid import Invalid
from portal.referrers.joining import access as joining
from portal.referrers.joining.invitation_lines import read, with_known
from tests.cast import Cast, Client
from tests.joining.stories import asks, change_page, confirms, last_mail, open_page

PASTED = """Marie;Dupont;marie@perso.example
Paul Roux <paul@roux.example>
Jeanne;Petit;sans adresse
Rachel;Vidal;rachel@perso.example
Sam;Berger;sam@lumen.example
Marie;Dupont;MARIE@perso.example"""


@pytest.mark.parametrize(("text", "email", "first", "last"), [
    ("Marie;Dupont;marie@perso.example", "marie@perso.example", "Marie", "Dupont"),
    ("Marie Dupont <marie@perso.example>", "marie@perso.example", "Marie", "Dupont"),
    ("marie@perso.example;Marie Dupont", "marie@perso.example", "Marie", "Dupont"),
    ("Nom;Prénom;E-mail\nDupont;Marie;marie@perso.example", "marie@perso.example", "Marie", "Dupont"),
    ("E-mail,Nom complet\nmarie@perso.example,Marie Dupont", "marie@perso.example", "Marie", "Dupont"),
])  # fmt: skip
def test_lists_are_read_as_people_write_them(text, email, first, last):
    [one] = read(text.encode())
    assert (one.email, one.first_name, one.last_name, one.fault) == (email, first, last, "")


@pytest.mark.parametrize(("text", "fault"), [
    ("Marie;Dupont", "no_email"), ("Marie;Dupont;marie@", "email"), ("marie@perso.example", "no_name"),
])  # fmt: skip
def test_what_is_wrong_stands_on_its_line(text, fault):
    assert read(text.encode())[0].fault == fault


@given(st.text(max_size=300))
def test_whatever_is_pasted_is_read_or_refused(text):
    try:
        lines = read(text.encode("utf-8", "replace"))
    except Invalid:
        return
    good = [one.email for one in lines if not one.fault]
    assert len(good) == len(set(good))
    assert all("@" in email for email in good)


def test_too_many_lines_are_refused():
    with pytest.raises(Invalid, match="too_many_rows"):
        read("\n".join(f"A;B;a{i}@perso.example" for i in range(600)).encode())


def test_who_is_known_is_left_out():
    lines = with_known(
        read(PASTED.encode()), {"rachel@perso.example": "referrer", "sam@lumen.example": "colleague"}
    )
    assert [one.fault for one in lines] == ["", "", "no_email", "referrer", "colleague", "twice"]


async def looked_at(cast: Cast, browser: Client, pasted: str = PASTED) -> db.Row:
    answer = await browser.post_form("/apporteurs/listes", name="Salon de mars", pasted=pasted, contact="")
    assert answer.status_code == 303, answer.text[-3000:]
    return await joining.list_by_ref(answer.headers["location"].rsplit("/", 1)[1])


async def test_the_list_is_read_before_anything_is_sent(cast, client):
    sam = client(cast.sam)
    found = await looked_at(cast, sam)
    page = (await sam.get(f"/apporteurs/listes/{found['ref']}")).text
    assert "2 personnes seront invitées" in page
    assert "4 lignes sont écartées" in page
    assert "Aucune adresse e-mail sur cette ligne" in page
    assert "C’est un collègue" in page
    await work_off()
    assert await db.value("SELECT count(*) FROM mail_message WHERE to_email = 'marie@perso.example'") == 0


async def test_sent_by_a_job_each_once(cast, client):
    sam = client(cast.sam)
    found = await looked_at(cast, sam)
    path = f"/apporteurs/listes/{found['ref']}"
    assert (await sam.post_form(f"{path}/envoi")).status_code == 303
    assert (await sam.post_form(f"{path}/envoi")).status_code == 409
    await work_off()
    assert (await joining.list_by_ref(found["ref"]))["state"] == "sent"
    assert (await last_mail("marie@perso.example"))["kind"] == "people.invitation"
    again = await looked_at(cast, sam)
    assert (await joining.list_by_ref(again["ref"]))["ready"] == 0


async def test_two_lists_with_the_same_person_invite_them_once(cast, client):
    sam = client(cast.sam)
    one, two = await looked_at(cast, sam), await looked_at(cast, sam)
    for found in (one, two):
        await sam.post_form(f"/apporteurs/listes/{found['ref']}/envoi")
    await work_off()
    assert await db.value("SELECT count(*) FROM referrer WHERE email = 'marie@perso.example'") == 1
    assert (await joining.list_by_ref(two["ref"]))["faulty"] == 6


async def test_reminded_once_and_withdrawn(cast, client):
    sam = client(cast.sam)
    found = await looked_at(cast, sam)
    path = f"/apporteurs/listes/{found['ref']}"
    await sam.post_form(f"{path}/envoi")
    await work_off()
    await sam.post_form(f"{path}/relances")
    mails = "SELECT count(*) FROM mail_message WHERE kind = 'people.invitation' AND to_email = 'marie@perso.example'"
    assert await db.value(mails) == 2
    line = await db.row("SELECT * FROM invitation_line WHERE state = 'invited' ORDER BY line LIMIT 1")
    assert (await sam.post_form(f"{path}/{line['ref']}/relance")).status_code == 409
    answer = await sam.post_form(f"{path}/{line['ref']}/retrait")
    assert answer.status_code == 303
    assert await db.value("SELECT state FROM referrer WHERE email = 'marie@perso.example'") == "closed"
    assert (await sam.get(path)).status_code == 200
    assert await db.value(mails) == 2


async def test_a_file_of_the_wrong_kind_is_refused(cast, client):
    answer = await client(cast.sam).post_form(
        "/apporteurs/listes", name="X", files={"file": ("liste.csv", b"%PDF-1.7 no list", "text/csv")}
    )
    assert answer.status_code == 422
    assert await db.value("SELECT count(*) FROM invitation_list") == 0


# -- links


async def made(cast: Cast, browser: Client, **said: str) -> db.Row:
    page = await joining.page_of(await db.value("SELECT id FROM programme"))
    answer = await browser.post_form(
        "/apporteurs/liens", name="Cartes de visite", programme=page["programme_ref"], contact="",
        **{"until": (today() + timedelta(days=30)).isoformat(), **said},
    )  # fmt: skip
    assert answer.status_code == 303, answer.text[-2000:]
    return await joining.link_by_ref(answer.headers["location"].rsplit("/", 1)[1])


async def test_who_follows_a_link_is_accepted_at_once_also_when_the_page_is_closed(cast, client):
    page = await open_page(cast)
    sam = client(cast.sam)
    link = await made(cast, sam)
    await change_page(cast, page, opened=False)
    nora = client()
    shown = (await nora.get(f"/rejoindre/apporteurs-2026?code={link['ref'].lower()}")).text
    assert "Vous êtes invité" in shown
    await asks(nora, code=link["ref"])
    assert "Bienvenue" in (await confirms(nora)).text
    assert (await joining.link_by_ref(link["ref"]))["used"] == 1
    assert "Nora Petit" in (await sam.get(f"/apporteurs/liens/{link['ref']}")).text


async def test_by_invitation_only_the_page_asks_for_the_code(cast, client):
    await open_page(cast, invited_only=True)
    link = await made(cast, client(cast.sam))
    nora = client()
    assert "Code d’invitation" in (await nora.get("/rejoindre/apporteurs-2026")).text
    assert (await asks(nora)).status_code == 422
    assert (await asks(nora, code="ZZZZZZZZZZ")).status_code == 422
    assert (await asks(nora, code=link["ref"])).status_code == 303


@pytest.mark.parametrize("how", ["revoked", "expired"])
async def test_a_link_that_is_over_invites_nobody(cast, client, how):
    page = await open_page(cast)
    sam = client(cast.sam)
    link = await made(cast, sam)
    await change_page(cast, page, opened=False)
    if how == "revoked":
        await sam.post_form(f"/apporteurs/liens/{link['ref']}/revocation")
    with clock_at(now() + timedelta(days=32 if how == "expired" else 0)):
        assert (await asks(client(), code=link["ref"])).status_code == 422


async def test_the_last_place_of_a_link_is_given_once(cast, client):
    await open_page(cast)
    link = await made(cast, client(cast.sam), most="1")

    for name in ("nora", "lea", "zoe"):
        await asks(client(), email=f"{name}@perso.example", code=link["ref"])
    ends = await asyncio.gather(
        *[confirms(client(), f"{name}@perso.example") for name in ("nora", "lea", "zoe")]
    )
    assert sum("Bienvenue" in end.text for end in ends) == 1
    assert (await joining.link_by_ref(link["ref"]))["used"] == 1


async def test_the_code_can_be_printed(cast, client):
    await open_page(cast)
    sam = client(cast.sam)
    link = await made(cast, sam)
    assert (await sam.get(f"/apporteurs/liens/{link['ref']}/qr.svg")).content.startswith(b"<?xml")
