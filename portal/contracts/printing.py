"""The copy on paper: the texts as signed, who signed them, and with it the signed page and its proof."""

import asyncio

import msgspec

from portal.company import access as company
from portal.contracts import access
from portal.contracts.drafting import parts_of
from portal.contracts.paper import ContractPaper, Signature, contract_html
from portal.contracts.proof import proof_file
from portal.kit import db
from portal.kit.days import day_of
from portal.kit.pdf import Attached, render_pdf
from portal.kit.text import N_, _, speaking

MEANS = {
    "referrer": N_("compte personnel et code à usage unique envoyé à %(email)s"),
    "company": N_("compte personnel et second facteur"),
}


class Brand:
    """The company's name and colour, as the paper wears them."""

    def __init__(self, entity: db.Row) -> None:
        self.name, self.accent, self.logo = entity["brand_name"], entity["accent"], ""


async def printed(contract: db.Row) -> bytes:
    """PDF/A-3a and PDF/UA-1; the same contract gives the same bytes."""
    entity = await company.legal_entity_by(contract["legal_entity_id"])
    html = contract_html(await _paper(contract, entity), Brand(entity))
    attachments = [
        Attached(
            "contrat-signe.html", contract["html"].encode(), "La page exacte qui a été signée", "Source"
        ),
        Attached("preuve.json", await _proof(contract), "Dossier de preuve des signatures", "Supplement"),
    ]
    return await asyncio.to_thread(
        render_pdf,
        html,
        created=contract["countersigned_at"],
        identifier=contract["sha256"][:16],
        attachments=attachments,
    )


async def _proof(contract: db.Row) -> bytes:
    """As it was when the last had signed; what comes later stands in the portal."""
    signed = await db.value(
        "SELECT max(at) FROM history_event WHERE chain = $1 AND what = 'contracts.countersign'",
        f"contract:{contract['id']}",
    )
    return msgspec.json.format(msgspec.json.encode(await proof_file(contract, until=signed)))


async def _paper(contract: db.Row, entity: db.Row) -> ContractPaper:
    texts = await access.texts_of(contract)
    proofs = {row["side"]: row for row in await access.proofs_of(contract["id"])}
    return ContractPaper(
        number=contract["number"],
        programme=contract["programme"],
        drafted_on=day_of(contract["drafted_at"]),
        parts=parts_of(texts, contract["filled"]),
        signatures=[
            _signature(proofs["company"], f"Pour {entity['name']}", contract["ref"]),
            _signature(proofs["referrer"], contract["referrer_name"], contract["ref"]),
        ],
    )


def _signature(proof: db.Row, party: str, ref: str) -> Signature:
    recognised = MEANS[proof["side"]]
    with speaking("fr"):
        means = _(recognised) % {"email": proof["signer_email"]}
    return Signature(party=party, name=proof["signer_name"], signed_at=proof["at"], means=means, proof=ref)
