"""Contracts signed on paper: the scan is kept, somebody vouches by name, both sides see it."""

import asyncio
import re
from datetime import timedelta

import pytest

from portal.contracts import access
from portal.contracts import actions as contracts
from portal.contracts.signature import vouching
from portal.contracts.signature.proof import events_of
from portal.history.access import broken_chains
from portal.kit import db, files
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.pdf import render_pdf
from portal.kit.problems import Refused
from tests.contracts.stories import in_force, open_programme
from tests.documents.press import CREATED, IDENTIFIER, contract_html


@pytest.fixture(scope="module")
def scan() -> bytes:
    return render_pdf(contract_html(), created=CREATED, identifier=IDENTIFIER)


async def typed(cast, client, who) -> tuple[str, dict[str, str]]:
    """The page of Rémi's file, and what a colleague types there."""
    await open_programme(cast)
    path = f"/apporteurs/{await db.value('SELECT ref FROM referrer WHERE id = $1', cast.remi.referrer_id)}/contrat/papier"
    offer = re.search(r'name="offer" value="([^"]+)"', (await client(who).get(path)).text)[1]
    day = (today() - timedelta(days=40)).isoformat()
    return path, {
        "offer": offer,
        "signed_on": day,
        "signers": "Rémi Morin et Alice Ferrand",
        "mandate": "1",
        "vouches": "1",
    }


async def test_sales_record_a_paper_contract_with_its_scan(cast, client, scan):
    path, fields = await typed(cast, client, cast.sam)
    sam = client(cast.sam)
    answers = [
        await sam.post_form(
            path, once="une-fois", files={"scan": ("contrat.pdf", scan, "application/pdf")}, **fields
        )
        for _n in range(2)
    ]
    assert {answer.status_code for answer in answers} == {303}
    contract = await access.contract(await db.value("SELECT id FROM contract"))
    assert (contract["state"], contract["starts_on"]) == ("in_force", today() - timedelta(days=40))
    assert (contract["vouched_by_name"], contract["paper_signers"]) == (
        "Sam Berger",
        "Rémi Morin et Alice Ferrand",
    )
    assert contract["self_billing"]
    assert await files.content(await files.by_id(contract["paper_file"])) == scan
    assert [event["what"] for event in await events_of(contract)][-1] == "contracts.vouched"
    assert await broken_chains() == []


async def test_the_referrer_sees_the_scan_and_who_vouches_a_stranger_does_not(cast, client, scan):
    path, fields = await typed(cast, client, cast.sam)
    await client(cast.sam).post_form(path, files={"scan": ("c.pdf", scan, "application/pdf")}, **fields)
    contract = await access.contract(await db.value("SELECT id FROM contract"))
    text = (await client(cast.remi).get(f"/contrats/{contract['ref']}")).text
    assert "Attesté par Sam Berger" in text
    file = re.search(r"/fichiers/(\w+)", text)[0]
    assert (await client(cast.remi).get(file)).content == scan
    assert (await client(cast.stefan).get(file)).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"vouches": []}, "Cochez cette case"),
        ({"signers": ""}, "Dites qui a signé"),
        ({"offer": "X.Y"}, "Choisissez un barème"),
        ({"text": "nothing"}, "Choisissez un texte publié"),
        ({"signed_on": "2199-01-01"}, "choisissez un jour passé"),
    ],
)
async def test_what_is_missing_or_wrong_is_said_and_nothing_is_kept(cast, client, scan, wrong, said):
    path, fields = await typed(cast, client, cast.sam)
    answer = await client(cast.sam).post_form(
        path, files={"scan": ("c.pdf", scan, "application/pdf")}, **(fields | wrong)
    )
    assert answer.status_code == 422
    assert said in answer.text
    assert await db.value("SELECT count(*) FROM contract") == 0
    assert await db.value("SELECT count(*) FROM stored_file") == 0


@pytest.mark.parametrize("given", [b"MZ\x90\x00", b"<html>", b"%PDF-1.7 nothing", b""])
async def test_a_scan_of_the_wrong_kind_is_refused_before_it_is_kept(cast, client, given):
    path, fields = await typed(cast, client, cast.sam)
    answer = await client(cast.sam).post_form(
        path, files={"scan": ("c.pdf", given, "application/pdf")}, **fields
    )
    assert answer.status_code == 422
    assert await db.value("SELECT count(*) FROM contract") == 0


async def test_finance_and_referrers_record_nothing(cast, client):
    path, fields = await typed(cast, client, cast.sam)
    for who in (cast.fanny, cast.remi):
        assert (await client(who).post_form(path, **fields)).status_code == 404


async def test_the_original_of_an_imported_contract_is_added_once(cast, client, scan):
    programme_id, version_id = await open_programme(cast)
    async with deed(cast.alice.person):
        contract = await contracts.record_on_paper(
            cast.remi.referrer_id, programme_id, version_id, signed_on=today(), vouched_by=None
        )
    path = f"/contrats/{contract['ref']}/original"
    assert path in (await client(cast.sam).get(f"/contrats/{contract['ref']}")).text
    given = {"scan": ("c.pdf", scan, "application/pdf")}
    answer = await client(cast.sam).post_form(path, files=given, signers="Rémi Morin", vouches="1")
    assert answer.status_code == 303
    again = await client(cast.sonia).post_form(path, files=given, signers="Rémi Morin", vouches="1")
    assert again.status_code == 409
    assert (await access.contract(contract["id"]))["vouched_by"] == cast.sam.user_id


async def test_of_two_originals_at_once_one_is_kept(cast, scan):
    programme_id, version_id = await open_programme(cast)
    async with deed(cast.alice.person):
        contract = await contracts.record_on_paper(
            cast.remi.referrer_id, programme_id, version_id, signed_on=today(), vouched_by=None
        )

    async def vouch(who):
        kept = await files.keep(files.Store.UPLOADS, scan, media_type="application/pdf", name="c.pdf")
        async with deed(who.person):
            await vouching.vouch(contract, kept, "Rémi Morin")

    done = await asyncio.gather(vouch(cast.sam), vouch(cast.sonia), return_exceptions=True)
    assert [type(one) for one in done if one] == [Refused]
    assert len(await files.of("contract", contract["id"])) == 1


async def test_a_contract_signed_online_has_no_original_on_paper(cast, client):
    contract = await in_force(cast, cast.rachel)
    assert (await client(cast.sam).get(f"/contrats/{contract['ref']}/original")).status_code == 404
