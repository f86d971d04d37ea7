"""Contracts signed ahead for an event: scanned, typed, read, signed by a mailed code, in force at once."""

import asyncio
from datetime import timedelta

import httpx
import pytest

from portal.contracts import access as contracts
from portal.contracts.signature import presealed, signing
from portal.history.access import broken_chains
from portal.kit import db
from portal.kit.days import clock_at, now, today
from portal.kit.deed import deed
from portal.kit.problems import Refused
from portal.plans import access as plans
from tests.cast import Cast, Client, code_of
from tests.contracts.stories import HERE, last_code, open_programme

PAUL: dict[str, str] = {
    "status": "individual", "email": "paul@perso.example", "first_name": "Paul", "last_name": "Roche",
    "street": "4 rue Haute", "postcode": "44000", "city": "Nantes", "country": "FR", "phone": "06 12 34 56 78",
    "declared": "1",
}  # fmt: skip


async def opened(cast: Cast, most: int = 50, statuses: tuple[str, ...] = ("individual", "micro")) -> db.Row:
    """Alice signs ahead for two days."""
    programme_id, _version = await open_programme(cast)
    async with deed(cast.alice.person):
        return await presealed.open_session(
            cast.alice.person, HERE, name="Salon de Lyon", programme=await plans.programme(programme_id),
            statuses=statuses, opens_at=now(), closes_at=now() + timedelta(days=2), most=most,
            sales_user_id=cast.sam.user_id,
        )  # fmt: skip


async def scans(browser: Client, session: db.Row, **said: str) -> httpx.Response:
    return await browser.post_form(f"/evenement/{session['ref']}", **{**PAUL, **said})


async def signs(browser: Client, path: str) -> httpx.Response:
    return await browser.post_form(f"{path}/signature", code=await last_code("contracts.code"), consent="1")


async def signed_at(browser: Client, session: db.Row, **said: str) -> httpx.Response:
    answer = await scans(browser, session, **said)
    return await signs(browser, answer.headers["location"])


async def test_three_screens_and_the_contract_is_in_force(cast, client):
    session = await opened(cast)
    paul = client()
    assert "Particulier" in (await paul.get(f"/evenement/{session['ref']}")).text
    path = (await scans(paul, session)).headers["location"]
    assert "Aller à la signature" in (await paul.get(path)).text
    answer = await signs(paul, path)
    contract = await db.row("SELECT * FROM contract")
    assert contract
    assert answer.headers["location"] == f"/contrats/{contract['ref']}"
    assert (contract["state"], contract["starts_on"]) == ("in_force", today())
    assert await db.value("SELECT state FROM referrer WHERE email = 'paul@perso.example'") == "active"
    assert (await paul.get("/compte")).status_code == 200  # the code let him in
    assert await broken_chains() == []


async def test_the_company_signature_is_the_administrator_and_names_the_session(cast, client):
    session = await opened(cast)
    await signed_at(client(), session)
    ours = [row for row in await contracts.proofs_of(1) if row["side"] == "company"]
    assert [row["signer_name"] for row in ours] == ["Alice Ferrand"]
    assert "Salon de Lyon" in ours[0]["consent"]
    assert session["digest"].hex() in ours[0]["consent"]


async def test_nobody_is_asked_to_countersign(cast, client):
    await signed_at(client(), await opened(cast))
    assert await db.value("SELECT count(*) FROM mail_message WHERE kind = 'contracts.to_countersign'") == 0


async def test_only_the_code_is_mailed_before_they_sign(cast, client):
    await scans(client(), await opened(cast))
    kinds = await db.rows("SELECT kind FROM mail_message WHERE to_email = 'paul@perso.example'")
    assert [row["kind"] for row in kinds] == ["contracts.code"]


async def test_a_wrong_code_signs_nothing_and_keeps_the_page(cast, client):
    session = await opened(cast)
    paul = client()
    path = (await scans(paul, session)).headers["location"]
    right = await last_code("contracts.code")
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    answer = await paul.post_form(f"{path}/signature", code=wrong, consent="1")
    assert answer.status_code == 422
    assert await db.value("SELECT state FROM contract") == "sent"


async def test_the_link_of_one_contract_opens_no_other(cast, client):
    session = await opened(cast)
    paul = client()
    path = (await scans(paul, session)).headers["location"]
    assert (await paul.get(path[:-1] + ("0" if path[-1] != "0" else "1"))).status_code == 404


async def test_who_is_known_already_gets_a_link_to_sign_in(cast, client):
    session = await opened(cast)
    answer = await scans(client(), session, email=cast.rachel.email)
    assert "Regardez vos e-mails" in answer.text
    assert await db.value("SELECT count(*) FROM contract") == 0


async def test_a_referrer_who_is_signed_in_signs_with_their_profile(cast, client):
    session = await opened(cast)
    rachel = client(cast.rachel)
    answer = await rachel.post_form(f"/evenement/{session['ref']}/moi")
    await signs(rachel, answer.headers["location"])
    assert (
        await db.value("SELECT state FROM contract WHERE referrer_id = $1", cast.rachel.referrer_id)
        == "in_force"
    )
    assert (await rachel.post_form(f"/evenement/{session['ref']}/moi")).status_code == 409
    assert await db.value("SELECT count(*) FROM contract") == 1


async def test_a_closed_session_takes_nobody_and_stops_who_has_begun(cast, client):
    session = await opened(cast)
    paul = client()
    path = (await scans(paul, session)).headers["location"]
    await client(cast.alice).post_form(f"/contrats/evenements/{session['ref']}/fermeture")
    answer = await signs(paul, path)
    assert (answer.status_code, await db.value("SELECT state FROM contract")) == (422, "sent")
    assert "est fermée" in answer.text
    assert "est fermée" in (await paul.get(f"/evenement/{session['ref']}")).text
    assert (await scans(client(), session, email="x@perso.example")).status_code == 422


@pytest.mark.parametrize(("days", "said"), [(-1, "pas encore ouverte"), (3, "est terminée")])
async def test_before_and_after_its_days_it_says_so(cast, client, days, said):
    session = await opened(cast)
    with clock_at(now() + timedelta(days=days)):
        assert said in (await client().get(f"/evenement/{session['ref']}")).text


async def test_when_the_administrator_is_no_longer_one_the_session_is_void(cast, client):
    session = await opened(cast)
    async with deed(cast.sam.person):
        await db.execute("UPDATE membership SET ended_at = $2 WHERE user_id = $1", cast.alice.user_id, now())
    assert "ne peut plus servir" in (await client().get(f"/evenement/{session['ref']}")).text


async def test_ten_at_once_never_pass_the_number(cast, client):
    """Three places, ten who have read and type their code at the same moment: three sign, seven are told."""
    session = await opened(cast, most=3)
    begun = []
    for i in range(10):
        path = (await scans(client(), session, email=f"p{i}@perso.example")).headers["location"]
        begun.append((path.split("/")[3], await last_code("contracts.code")))

    async def sign(ref: str, code: str) -> str:
        contract = await contracts.contract(await db.value("SELECT id FROM contract WHERE ref = $1", ref))
        signer = await presealed.signatory_of(contract)
        async with deed(signer):
            await signing.count_try(contract, signer)
        try:
            async with deed(signer):
                await presealed.sign(contract, code, HERE)
        except Refused as no:
            return no.code
        return "signed"

    ends = await asyncio.gather(*[sign(ref, code) for ref, code in begun])
    assert sorted(ends) == ["presealed_full"] * 7 + ["signed"] * 3
    assert await db.value("SELECT count(*) FROM contract WHERE state = 'in_force'") == 3
    assert await db.value("SELECT signed FROM presealed_session") == 3


async def test_a_new_text_voids_what_was_signed_ahead(cast, client):
    session = await opened(cast)
    async with deed(cast.alice.person):
        await db.execute(
            """INSERT INTO contract_text (ref, key, version, status, title, sha256, body, published_at)
               SELECT 'ZZZZZZZZZZ', key, $1, status, title, sha256(body::bytea || '1'::bytea), body, $2 FROM contract_text
               WHERE status = 'individual' ORDER BY version DESC LIMIT 1""",
            (today() + timedelta(days=1)).isoformat(), now(),
        )  # fmt: skip
    with clock_at(now() + timedelta(days=1)):
        answer = await scans(client(), session)
    assert answer.status_code == 422
    assert "ne peut plus servir" in answer.text


async def test_the_administrator_signs_ahead_with_the_code_of_the_phone(cast, client):
    programme_id, _version = await open_programme(cast)
    programme = await plans.programme(programme_id)
    alice = client(cast.alice)
    said = {
        "name": "Salon", "programme": programme["ref"], "statuses": "individual", "first_day": today().isoformat(),
        "last_day": today().isoformat(), "most": "20", "consent": "1",
    }  # fmt: skip
    wrong = await alice.post_form("/contrats/evenements", **said, code="000000")
    assert wrong.status_code == 422
    sealed = bytes(await db.value("SELECT totp_sealed FROM app_user WHERE id = $1", cast.alice.user_id))
    answer = await alice.post_form("/contrats/evenements", **said, code=code_of(sealed))
    assert answer.status_code == 303
    shown = await alice.get(answer.headers["location"])
    assert "Signé d’avance" in shown.text or "signé d’avance" in shown.text
    assert "<svg" in (await alice.get(answer.headers["location"] + "/affiche")).text
    assert (await alice.get(answer.headers["location"] + "/qr.svg")).content.startswith(b"<?xml")


async def test_a_company_signs_with_its_siret(cast, client):
    session = await opened(cast, statuses=("company",))
    company = {
        "status": "company", "company_name": "Roche SARL", "legal_form": "SARL", "siret": "73282932000074",
        "vat_regime": "standard", "vat_number": "FR44732829320", "represented_by": "Paul Roche", "represented_as": "gérant",
    }  # fmt: skip
    page = (await client().get(f"/evenement/{session['ref']}")).text
    assert 'name="siret"' in page
    await signed_at(client(), session, **company)
    assert await db.value("SELECT state FROM contract") == "in_force"
