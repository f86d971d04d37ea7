"""Anybody may have a paper checked: what is authentic is said to be so, whatever was changed is seen, nothing is kept."""

import asyncio
import io
import json

import pikepdf
import pytest

from portal.company import access as company
from portal.company.sealing import sealed_json, sealed_pdf
from portal.contracts import access
from portal.contracts.signature import checking
from portal.contracts.signature.checking import State, check
from portal.contracts.signature.proof import proof_file
from portal.jobs.queue import work_off
from portal.kit import db, files, seal
from portal.kit.days import now
from portal.kit.keyring import ring
from portal.kit.pdf import render_pdf
from portal.kit.seal_pdf import seal_pdf
from portal.people import counters
from tests.contracts.stories import in_force, to_sign
from tests.documents.press import CREATED, IDENTIFIER, contract_html


async def papers(cast) -> tuple[db.Row, bytes, bytes]:
    """A contract in force, its copy and the paper of its proof."""
    contract = await in_force(cast, cast.rachel)
    await work_off()
    contract = await access.contract(contract["id"])
    copy, dossier = [
        await files.content(await files.by_id(contract[name])) for name in ("pdf_file", "proof_file")
    ]
    return contract, copy, dossier


async def proof_of(contract: db.Row) -> dict:
    """As both sides may take it along."""
    entity = await company.legal_entity_by(contract["legal_entity_id"])
    return await sealed_json(entity, await proof_file(contract))


def as_file(content: dict) -> bytes:
    return json.dumps(content, indent=2).encode()


async def test_the_copy_and_its_proof_are_authentic(cast):
    contract, copy, dossier = await papers(cast)
    for body, kind in ((copy, "contract"), (dossier, "contract_proof")):
        told = await check(body)
        assert (told.state, told.kind, told.number) == (
            State.AUTHENTIC,
            checking.KINDS[kind],
            contract["number"],
        )
        assert told.sealed_by == "Lumen Conseil"


async def test_bytes_added_after_the_seal_are_counted_and_the_original_is_named(cast):
    contract, copy, _dossier = await papers(cast)
    told = await check(copy + b"\n% hello\n")
    assert (told.state, told.why, told.params, told.number) == (
        State.CHANGED, "appended", {"n": 9}, contract["number"],
    )  # fmt: skip


async def test_a_contract_changed_by_one_byte_is_changed(cast):
    _contract, copy, _dossier = await papers(cast)
    middle = len(copy) // 3
    told = await check(copy[:middle] + bytes([copy[middle] ^ 1]) + copy[middle + 1 :])
    assert told.state in (State.CHANGED, State.UNREADABLE)
    assert told.number == ""


async def test_a_page_added_by_an_editor_is_seen(cast):
    """Saved as an increment, as editors do, or written anew: never authentic."""
    _contract, copy, _dossier = await papers(cast)
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(copy)) as pdf:
        pdf.add_blank_page()
        pdf.save(out)
    assert (await check(out.getvalue())).state is State.CHANGED


async def test_the_paper_without_its_seal_is_not_taken_for_ours(cast):
    _contract, copy, _dossier = await papers(cast)
    bare = copy[: copy.index(b"%%EOF") + 6]
    told = await check(bare)
    assert (told.state, told.why) == (State.UNKNOWN, "no_seal")


async def test_the_seal_of_somebody_else_is_not_ours(cast):
    key = seal.key_of(ring(), 1, "somebody else")
    theirs = seal.Seal(key, seal.self_signed(key, "Lumen Conseil", "732829320", now()))
    pdf = render_pdf(contract_html(), created=CREATED, identifier=IDENTIFIER)
    told = await check(await asyncio.to_thread(seal_pdf, pdf, theirs, reason="Exemplaire", at=now()))
    assert (told.state, told.why) == (State.UNKNOWN, "other_seal")


async def test_what_was_sealed_here_and_stands_in_no_register_is_told_by_its_seal(cast):
    entity = await company.legal_entity_by(cast.entity_id)
    pdf = await sealed_pdf(
        entity, render_pdf(contract_html(), created=CREATED, identifier=IDENTIFIER), "Essai"
    )
    told = await check(pdf)
    assert (told.state, told.why, told.sealed_by) == (State.AUTHENTIC, "sealed", "Lumen Conseil")


async def test_an_old_seal_can_be_checked_after_the_ring_has_a_new_key(cast):
    contract, copy, _dossier = await papers(cast)
    proof = as_file(await proof_of(contract))
    ring().rotate()
    newer = as_file(await proof_of(contract))
    for body in (copy, proof, newer):
        assert (await check(body)).state is State.AUTHENTIC
    assert (await check(copy + b"\n")).why == "appended"
    assert await db.value("SELECT count(DISTINCT ring_key) FROM seal_certificate") == 2


async def test_the_proof_is_authentic_and_any_change_in_it_is_seen(cast):
    contract, _copy, _dossier = await papers(cast)
    proof = await proof_of(contract)
    told = await check(as_file(proof))
    assert (told.state, told.number) == (State.AUTHENTIC, contract["number"])
    for change in (
        {"contract": "C2020-0001"},
        {"proofs": [proof["proofs"][0] | {"signer_name": "Quelqu'un d'autre"}, *proof["proofs"][1:]]},
        {"chain": proof["chain"][:-1]},
        {"document": proof["document"] + " "},
        {"added": True},
    ):
        assert (await check(as_file(proof | change))).why == "proof_changed"


async def test_the_proof_attached_to_the_copy_is_compared_with_what_is_kept(cast):
    _contract, copy, _dossier = await papers(cast)
    with pikepdf.open(io.BytesIO(copy)) as pdf:
        attached = pdf.attachments["preuve.json"].get_file().read_bytes()
    assert (await check(attached)).why == "proof_same"
    altered = json.loads(attached)
    altered["proofs"][0]["consent"] = "Je n'ai rien lu."
    assert (await check(as_file(altered))).why == "proof_differs"


@pytest.mark.parametrize(
    ("body", "state"),
    [
        (b"", State.UNREADABLE),
        (b"Bonjour", State.UNREADABLE),
        (b"\x89PNG\r\n\x1a\n", State.UNREADABLE),
        (b"%PDF-1.7\n%%EOF", State.UNREADABLE),
        (b"%PDF-1.7\n" + b"<<" * 50_000, State.UNREADABLE),
        (b"{", State.UNREADABLE),
        (b'{"a":' * 100_000, State.UNREADABLE),
        (b"{}", State.UNKNOWN),
        (b'{"contract":1,"reference":2,"chain":3,"proofs":4,"document_sha256":5}', State.UNKNOWN),
        (
            b'{"contract":1,"reference":2,"chain":3,"proofs":4,"document_sha256":5,"seal":"a.b.c"}',
            State.UNKNOWN,
        ),
        (b" " * (checking.MOST_BYTES + 1), State.UNREADABLE),
    ],
)
async def test_hostile_and_foreign_files_get_a_plain_answer(base, body, state):
    assert (await check(body)).state is state


async def test_the_page_answers_anybody_and_keeps_nothing(cast, client):
    _contract, copy, _dossier = await papers(cast)
    kept = await db.value("SELECT count(*) FROM stored_file")
    anybody = client(None)
    answer = await anybody.post_form("/verifier", files={"file": ("n.pdf", copy, "application/pdf")})
    assert "Authentique et inchangé" in answer.text
    assert "Lumen Conseil" in answer.text
    assert "Rachel" not in answer.text
    answer = await anybody.post_form("/verifier", files={"file": ("n.pdf", copy + b"x", "application/pdf")})
    assert "Modifié après avoir été scellé" in answer.text
    assert await db.value("SELECT count(*) FROM stored_file") == kept


async def test_the_page_without_a_file_asks_for_one(client, cast):
    answer = await client(None).post_form("/verifier")
    assert answer.status_code == 422
    assert "Choisissez un fichier" in answer.text


async def test_a_printed_reference_tells_what_is_expected_and_no_names(cast, client):
    contract, copy, _dossier = await papers(cast)
    text = (await client(None).get(f"/verifier?ref={contract['ref']}")).text
    assert contract["number"] in text
    assert (await check(copy)).sha256 in text
    assert "Rachel" not in text


async def test_a_reference_of_a_contract_that_is_not_concluded_is_not_known(cast, client):
    sent = await to_sign(cast, cast.rachel)
    for ref in (sent["ref"], "INCONNUE", "' OR 1=1 --"):
        assert "connue ici" in (await client(None).get("/verifier", params={"ref": ref})).text


async def test_after_forty_files_the_page_asks_to_wait(cast, client):
    anybody = client(None)
    for _n in range(counters.CHECK_BY_ADDRESS.tries):
        assert (await anybody.get("/verifier?ref=INCONNUE")).status_code == 200
    assert (await anybody.get("/verifier?ref=INCONNUE")).status_code == 429
    assert (await anybody.post_form("/verifier", files={"file": ("a.pdf", b"%PDF-", "x")})).status_code == 429
