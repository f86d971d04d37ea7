"""A change of status or VAT regime: told before it is confirmed, dated, with its papers to rectify."""

import re
from datetime import date, timedelta
from io import BytesIO

import pikepdf
import pytest

from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.referrers import access, actions
from portal.referrers.rules import Regime, Standing, Status
from tests.invoicing.books import books_of

TAXED = {"vat_regime": "standard", "vat_number": "FR96552100554"}


def said(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub("[\u202f\u00a0]", " ", text)).replace("’", "'")


def key_of(text: str) -> str:
    return re.search(r'name="agreed" value="([0-9a-f]+)"', text)[1]


def pdf() -> bytes:
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(made := BytesIO())
    return made.getvalue()


async def standing_of(who, day: date | None = None) -> Standing | None:
    return await access.standing_on(who.referrer_id, day or today())


async def ref_of(who) -> str:
    return (await access.referrer(who.referrer_id))["ref"]


async def test_vat_from_next_year_is_told_then_confirmed_and_nothing_changes_before(cast, client):
    mina, since = client(cast.mina), date(today().year + 1, 1, 1)
    told = await mina.post_form("/profil/tva", since=since.isoformat(), **TAXED)
    assert told.status_code == 200
    assert f"À partir du 1er janvier {since.year}, les factures portent la TVA à 20 %" in said(told.text)
    assert "Rien ne change avant le 1er janvier" in said(told.text)
    assert (await standing_of(cast.mina, since)).vat_regime is Regime.FRANCHISE  # told, not done
    done = await mina.post_form("/profil/tva", since=since.isoformat(), agreed=key_of(told.text), **TAXED)
    assert done.status_code == 303
    assert (await standing_of(cast.mina, since)).vat_regime is Regime.STANDARD
    assert (await standing_of(cast.mina, since - timedelta(1))).vat_regime is Regime.FRANCHISE


async def test_what_was_confirmed_is_what_was_shown_another_day_is_told_again(cast, client):
    mina = client(cast.mina)
    told = await mina.post_form("/profil/tva", since=today().isoformat(), **TAXED)
    other = (today() - timedelta(3)).isoformat()
    again = await mina.post_form("/profil/tva", since=other, agreed=key_of(told.text), **TAXED)
    assert again.status_code == 200
    assert key_of(again.text) != key_of(told.text)
    assert (await standing_of(cast.mina)).vat_regime is Regime.FRANCHISE


async def test_a_change_in_the_past_lists_its_papers_and_finance_decides_on_each(cast, client):
    books = await books_of(cast)
    await books.earns(cast.mina, 300_00)
    [paper] = await books.issue(cast.mina)
    since = (today() - timedelta(60)).isoformat()
    mina = client(cast.mina)
    told = await mina.post_form("/profil/tva", since=since, **TAXED)
    assert paper["number"] in told.text
    assert "sont à rectifier" in said(told.text)
    assert (
        await mina.post_form("/profil/tva", since=since, agreed=key_of(told.text), **TAXED)
    ).status_code == 303
    [mail] = await db.rows(
        "SELECT to_user, text_body FROM mail_message WHERE kind = 'invoicing.to_rectify' AND to_user = $1",
        cast.fanny.user_id,
    )
    assert paper["number"] in mail["text_body"]
    fanny = client(cast.fanny)
    [todo] = await db.rows("SELECT * FROM paper_to_rectify")
    page = await fanny.get(f"/factures/a-rectifier/{todo['ref']}")
    assert "Franchise en base" in page.text
    wrong = await fanny.post_form(f"/factures/a-rectifier/{todo['ref']}", outcome="kept")
    assert wrong.status_code == 422
    assert "Dites pourquoi" in wrong.text
    decided = await fanny.post_form(
        f"/factures/a-rectifier/{todo['ref']}", outcome="kept", reason="Vu avec l'expert-comptable"
    )
    assert decided.status_code == 303
    assert await db.value("SELECT state FROM paper_to_rectify") == "kept"
    twice = await fanny.post_form(
        f"/factures/a-rectifier/{todo['ref']}", outcome="rectified", reason="Encore"
    )
    assert twice.status_code == 409


async def test_papers_are_no_longer_asked_about_when_the_former_regime_is_put_back(cast):
    books = await books_of(cast)
    await books.earns(cast.mina, 300_00)
    await books.issue(cast.mina)
    since = today() - timedelta(60)
    async with deed(cast.fanny.person):
        await actions.record_standing(cast.mina.referrer_id, since, Status.MICRO, Regime.STANDARD, "staff")
    assert await db.value("SELECT state FROM paper_to_rectify") == "open"
    async with deed(cast.fanny.person):
        await actions.record_standing(cast.mina.referrer_id, since, Status.MICRO, Regime.FRANCHISE, "staff")
    assert await db.value("SELECT state FROM paper_to_rectify") == "kept"
    assert await db.value("SELECT settled_by FROM paper_to_rectify") is None


async def test_facts_outside_the_days_of_the_change_keep_their_papers(cast):
    books = await books_of(cast)
    await books.earns(cast.mina, 300_00, days_ago=40)
    await books.issue(cast.mina)
    async with deed(cast.fanny.person):
        await actions.record_standing(
            cast.mina.referrer_id, today() - timedelta(20), Status.MICRO, Regime.STANDARD, "staff"
        )
    assert await db.value("SELECT count(*) FROM paper_to_rectify") == 0


async def test_a_colleague_records_a_change_of_status_and_the_contact_hears_that_the_contract_must_follow(
    cast, client
):
    await books_of(cast)
    sonia, path = client(cast.sonia), f"/apporteurs/{await ref_of(cast.mina)}/situation/changement"
    change = {"since": today().isoformat(), "status": "company", "vat_regime": "standard"}
    told = await sonia.post_form(path, **change)
    assert "Le contrat signé parle de l'ancien statut" in said(told.text)
    assert (await sonia.post_form(path, agreed=key_of(told.text), **change)).status_code == 303
    assert (await standing_of(cast.mina)).status is Status.COMPANY
    [mail] = await db.rows(
        "SELECT to_user, text_body FROM mail_message WHERE kind = 'referrers.status_changed'"
    )
    assert mail["to_user"] == cast.sam.user_id
    history = await client(cast.mina).get("/profil/situation")
    assert "Enregistré par l’entreprise" in history.text
    assert "Sonia Klein" in history.text


@pytest.mark.parametrize(
    ("typed", "said_of"),
    [
        ({"since": "", "status": "micro", "vat_regime": "franchise"}, "Indiquez à partir de quel jour"),
        ({"since": "2026-13-01", "status": "micro", "vat_regime": "franchise"}, "Cette date ne se lit pas"),
        ({"since": "1999-01-01", "status": "micro", "vat_regime": "franchise"}, "trois ans au plus"),
        ({"since": "2026-01-01", "status": "roi", "vat_regime": "franchise"}, "Choisissez une des réponses"),
        ({"since": "2026-01-01", "status": "individual", "vat_regime": "standard"}, "ne va pas avec ce statut"),
        ({"since": "2026-01-01", "status": "micro", "vat_regime": "franchise", "vat_on_debits": "1"}, "que ceux qui facturent"),
    ],
)  # fmt: skip
async def test_a_wrong_change_is_refused_under_its_field_with_what_was_typed(cast, client, typed, said_of):
    answer = await client(cast.fanny).post_form(
        f"/apporteurs/{await ref_of(cast.mina)}/situation/changement", **typed
    )
    assert answer.status_code == 422
    assert said_of in said(answer.text)


async def test_the_option_for_debits_waits_for_its_letter(cast, client):
    async with deed(cast.remi.person):
        await actions.record_standing(
            cast.remi.referrer_id, today(), Status.COMPANY, Regime.STANDARD, "profile", True
        )
    remi = client(cast.remi)
    assert "sans justificatif" in (await remi.get("/profil/situation")).text
    nothing = await remi.post_form("/profil/situation/justificatif")
    assert nothing.status_code == 422
    assert "Choisissez un fichier." in nothing.text
    evil = await remi.post_form(
        "/profil/situation/justificatif", files={"proof": ("lettre.pdf", b"MZ\x00\x01", "application/pdf")}
    )
    assert evil.status_code == 422
    given = await remi.post_form(
        "/profil/situation/justificatif", files={"proof": ("lettre.pdf", pdf(), "application/pdf")}
    )
    assert given.status_code == 303
    page = (await remi.get("/profil/situation")).text
    assert "sans justificatif" not in page
    assert "/fichiers/" in page
    assert (await standing_of(cast.remi)).vat_on_debits


async def test_who_has_nothing_to_prove_has_nowhere_to_send_it(cast, client):
    given = await client(cast.mina).post_form(
        "/profil/situation/justificatif", files={"proof": ("lettre.pdf", pdf(), "application/pdf")}
    )
    assert given.status_code == 404
