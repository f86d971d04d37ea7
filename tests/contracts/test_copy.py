"""The copy that both sides keep and its proof: made by a job, sealed, they last; the copy carries the page that was signed."""

import io
from itertools import product

from pypdf import PdfReader

from portal.contracts import access
from portal.contracts.signature.printing import printed, printed_dossier
from portal.jobs.queue import enqueue, work_off
from portal.kit import db, files
from tests.conformity.verapdf import broken_rules
from tests.contracts.stories import in_force


async def test_the_copy_lasts_can_be_read_aloud_and_carries_the_signed_page(cast, tmp_path):
    contract = await in_force(cast, cast.mina)
    await work_off()
    contract = await access.contract(contract["id"])
    pdf = await files.content(await files.by_id(contract["pdf_file"]))
    dossier = await files.content(await files.by_id(contract["proof_file"]))
    cases = list(product(("copy", "dossier"), ("3a", "ua1")))
    assert broken_rules({"copy": pdf, "dossier": dossier}, cases, tmp_path) == {case: [] for case in cases}
    read = PdfReader(io.BytesIO(pdf))
    words = " ".join(page.extract_text() for page in read.pages)
    assert "Mina Kaci" in words
    assert "Alice Ferrand" in words
    assert "mina@atelier.example" in words
    assert read.attachments["contrat-signe.html"] == [contract["html"].encode()]
    assert read.attachments["preuve.json"]


async def test_the_copy_is_made_once_and_always_the_same(cast):
    contract = await in_force(cast, cast.rachel)
    await work_off()
    async with db.transaction():
        await enqueue("contracts.render", contract_id=contract["id"])
    await work_off()
    copy, dossier = await files.of("contract", contract["id"])
    assert (await files.content(copy)).startswith(await printed(contract))
    assert (await files.content(dossier)).startswith(await printed_dossier(contract))


async def words_of(contract) -> list[str]:
    """What the copy and its proof say."""
    return [
        " ".join(page.extract_text() for page in PdfReader(io.BytesIO(await files.content(kept))).pages)
        for kept in await files.of("contract", contract["id"])
    ]
