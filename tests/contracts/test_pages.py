"""The pages of contracts: who may, what is refused, what counts once."""

import json
import re

import pytest

from portal.contracts import access
from portal.contracts import actions as contracts
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.people.rules import Seat
from tests.contracts.stories import (
    code_for,
    colleague_of,
    in_force,
    last_code,
    open_programme,
    other_than,
    sign,
    to_sign,
)

CONSENT = {"consent": "1"}


async def state(contract):
    return (await access.contract(contract["id"]))["state"]


async def test_a_referrer_lists_only_their_own_contracts(cast, client):
    await to_sign(cast, cast.rachel)
    assert "C2026" in (await client(cast.rachel).get("/contrats")).text
    assert "C2026" not in (await client(cast.stefan).get("/contrats")).text


async def test_the_staff_filter_contracts_by_state_and_take_them_along(cast, client):
    contract = await to_sign(cast, cast.rachel)
    sam = client(cast.sam)
    assert contract["number"] in (await sam.get("/contrats?etat=sent&q=vidal")).text
    assert contract["number"] not in (await sam.get("/contrats?etat=in_force")).text
    csv = await sam.get("/contrats?format=csv")
    assert "attachment" in csv.headers["content-disposition"]
    assert "Rachel Vidal" in csv.text


@pytest.mark.parametrize("path", ["/contrats", "/contrats/{ref}", "/contrats/{ref}/preuve"])
async def test_contracts_need_signing_in(cast, client, path):
    contract = await in_force(cast, cast.rachel)
    answer = await client(None).get(path.format(ref=contract["ref"]))
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/connexion")


@pytest.mark.parametrize("path", ["/contrats/{ref}", "/contrats/{ref}/preuve"])
async def test_the_contract_of_somebody_else_is_not_there(cast, client, path):
    contract = await in_force(cast, cast.rachel)
    assert (await client(cast.stefan).get(path.format(ref=contract["ref"]))).status_code == 404


@pytest.mark.parametrize("action", ["code", "signature", "refus"])
async def test_a_stranger_and_the_staff_can_neither_sign_nor_refuse(cast, client, action):
    contract = await to_sign(cast, cast.rachel)
    for who in (cast.stefan, cast.sam, cast.fanny, cast.alice):
        answer = await client(who).post_form(
            f"/contrats/{contract['ref']}/{action}", code="123456", reason="non"
        )
        assert answer.status_code == 404
    assert await state(contract) == "sent"


async def test_each_article_of_the_contract_can_be_linked_to(cast, client):
    contract = await to_sign(cast, cast.rachel)
    text = (await client(cast.rachel).get(f"/contrats/{contract['ref']}")).text
    assert 'id="remuneration.bareme"' in text
    assert 'href="#signature"' in text
    assert 'id="signature"' in text


async def test_code_then_signature_by_the_pages(cast, client):
    contract = await to_sign(cast, cast.rachel)
    rachel = client(cast.rachel)
    asked = await rachel.post_form(f"/contrats/{contract['ref']}/code")
    assert (asked.status_code, asked.headers["location"]) == (303, f"/contrats/{contract['ref']}#signature")
    code = await last_code("contracts.code")
    assert 'name="code"' in (await rachel.get(f"/contrats/{contract['ref']}")).text
    signed = await rachel.post_form(f"/contrats/{contract['ref']}/signature", code=code, **CONSENT)
    assert signed.status_code == 303
    assert await state(contract) == "signed"


async def test_a_wrong_code_says_how_many_tries_are_left(cast, client):
    contract = await to_sign(cast, cast.rachel)
    code = await code_for(contract, cast.rachel.person)
    rachel = client(cast.rachel)
    for left in ("4 essais", "3 essais", "2 essais", "1 essai", "Demandez-en un nouveau"):
        answer = await rachel.post_form(
            f"/contrats/{contract['ref']}/signature", code=other_than(code), **CONSENT
        )
        assert answer.status_code == 422
        assert left in answer.text
    last = await rachel.post_form(f"/contrats/{contract['ref']}/signature", code=code, **CONSENT)
    assert last.status_code == 422
    assert await state(contract) == "sent"


async def test_without_consent_nothing_is_signed_and_no_try_is_lost(cast, client):
    contract = await to_sign(cast, cast.rachel)
    code = await code_for(contract, cast.rachel.person)
    answer = await client(cast.rachel).post_form(f"/contrats/{contract['ref']}/signature", code=code)
    assert answer.status_code == 422
    assert f'value="{code}"' in answer.text
    assert await db.value("SELECT tries FROM signature_code") == 0


async def test_a_form_sent_twice_signs_once_and_answers_the_same(cast, client):
    contract = await to_sign(cast, cast.rachel)
    code = await code_for(contract, cast.rachel.person)
    rachel = client(cast.rachel)
    answers = [
        await rachel.post_form(
            f"/contrats/{contract['ref']}/signature", once="une-fois", code=code, **CONSENT
        )
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert len(await access.proofs_of(contract["id"])) == 1


async def test_an_accountant_reads_the_contract_and_is_told_who_signs(cast, client):
    contract = await to_sign(cast, cast.rachel)
    colleague = client(await colleague_of(cast.rachel, Seat.ACCOUNTANT))
    page = await colleague.get(f"/contrats/{contract['ref']}")
    assert "dit qui le signe" in page.text
    assert "Recevoir mon code" not in page.text
    assert (await colleague.post_form(f"/contrats/{contract['ref']}/code")).status_code == 403


async def test_a_refusal_says_why_to_whoever_looks_after_the_referrer(cast, client):
    contract = await to_sign(cast, cast.rachel)
    rachel = client(cast.rachel)
    silent = await rachel.post_form(f"/contrats/{contract['ref']}/refus")
    assert silent.status_code == 422
    done = await rachel.post_form(f"/contrats/{contract['ref']}/refus", reason="Le taux est trop bas.")
    assert done.status_code == 303
    assert await state(contract) == "refused"
    told = await db.row("SELECT to_user, text_body FROM mail_message WHERE kind = 'contracts.refused'")
    assert told["to_user"] == cast.sam.user_id
    assert "Le taux est trop bas." in told["text_body"]


async def test_only_the_administration_countersigns(cast, client):
    contract = await to_sign(cast, cast.rachel)
    await sign(contract, cast.rachel.person, await code_for(contract, cast.rachel.person))
    path = f"/contrats/{contract['ref']}/contresignature"
    for who in (cast.sam, cast.fanny, cast.rachel):
        assert (await client(who).post_form(path)).status_code == 404
    alice = client(cast.alice)
    answers = [await alice.post_form(path, once="une-fois") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert await state(contract) == "in_force"


async def test_the_proof_can_be_taken_along_by_both_sides(cast, client):
    contract = await in_force(cast, cast.rachel)
    for who in (cast.rachel, cast.alice):
        answer = await client(who).get(f"/contrats/{contract['ref']}/preuve")
        assert "attachment" in answer.headers["content-disposition"]
        file = json.loads(answer.content)
        assert file["document_sha256"] == contract["sha256"].hex()
        assert [one["side"] for one in file["proofs"]] == ["referrer", "company"]


async def test_there_is_no_proof_before_a_signature(cast, client):
    contract = await to_sign(cast, cast.rachel)
    assert (await client(cast.rachel).get(f"/contrats/{contract['ref']}/preuve")).status_code == 404


async def test_a_contract_being_prepared_is_not_shown_to_its_referrer(cast, client):
    programme_id, version_id = await open_programme(cast)
    async with deed(cast.sam.person):
        drafted = await contracts.draft(cast.rachel.referrer_id, programme_id, version_id)
    assert (await client(cast.rachel).get(f"/contrats/{drafted['ref']}")).status_code == 404
    assert (await client(cast.sam).get(f"/contrats/{drafted['ref']}")).status_code == 200


async def test_sales_choose_read_and_send_a_contract(cast, client):
    await open_programme(cast)
    sam = client(cast.sam)
    ref = await db.value("SELECT ref FROM referrer WHERE id = $1", cast.rachel.referrer_id)
    path = f"/apporteurs/{ref}/contrat"
    offer = re.search(r'name="offer" value="([^"]+)"', (await sam.get(path)).text)[1]
    read = await sam.get(path, params={"offer": offer, "starts_on": today().isoformat()})
    assert "Rachel Vidal" in read.text
    assert await db.value("SELECT count(*) FROM contract") == 0
    sent = [
        await sam.post_form(path, once="une-fois", offer=offer, starts_on=today().isoformat())
        for _ in range(2)
    ]
    assert {answer.headers["location"] for answer in sent} == {
        f"/contrats/{await db.value('SELECT ref FROM contract')}"
    }
    assert await db.value("SELECT count(*) FROM mail_message WHERE kind = 'contracts.to_sign'") == 1


async def test_a_contract_in_the_past_or_about_nothing_is_refused_with_what_was_typed(cast, client):
    await open_programme(cast)
    ref = await db.value("SELECT ref FROM referrer WHERE id = $1", cast.rachel.referrer_id)
    answer = await client(cast.sam).post_form(
        f"/apporteurs/{ref}/contrat", offer="X.Y", starts_on="2020-01-01"
    )
    assert answer.status_code == 422
    assert 'value="2020-01-01"' in answer.text


async def test_finance_and_referrers_send_no_contracts(cast, client):
    ref = await db.value("SELECT ref FROM referrer WHERE id = $1", cast.rachel.referrer_id)
    for who in (cast.fanny, cast.rachel):
        assert (await client(who).get(f"/apporteurs/{ref}/contrat")).status_code == 404
        assert (await client(who).post_form(f"/apporteurs/{ref}/contrat")).status_code == 404


async def test_the_administration_reads_the_published_texts(cast, client):
    await open_programme(cast)
    alice = client(cast.alice)
    listed = await alice.get("/reglages/textes")
    ref = re.search(r"/reglages/textes/(\w+)", listed.text)[1]
    body, digest = await db.row("SELECT body, sha256 FROM contract_text WHERE ref = $1", ref)
    shown = (await alice.get(f"/reglages/textes/{ref}")).text
    assert digest.hex() in shown
    assert body.splitlines()[0] in shown
    assert (await client(cast.sam).get("/reglages/textes")).status_code == 404
