"""The copy on paper: the texts as signed, who signed them, and with it the signed page and its proof; then the seal.

The proof is a paper of its own too, for who reads rather than computes."""

import asyncio

import msgspec

from portal.company import access as company
from portal.company.sealing import sealed_pdf
from portal.contracts import access
from portal.contracts.drafting import parts_of
from portal.contracts.paper import ContractPaper, Signature, contract_html
from portal.contracts.signature import proof
from portal.contracts.signature.dossier import Dossier, dossier_html
from portal.kit import db
from portal.kit.days import day_of
from portal.kit.pdf import Attached, render_pdf
from portal.kit.text import N_, _, speaking
from portal.settings import settings

MEANS = {
    "referrer": N_("compte personnel et code à usage unique envoyé à %(email)s"),
    "company": N_("compte personnel et second facteur"),
}
SIDES = ("company", "referrer")
SEALED_COPY, SEALED_PROOF = "Exemplaire du contrat %s", "Dossier de preuve du contrat %s"
CHECK = "/verifier"


class Brand:
    """The company's name and colour, as the paper wears them."""

    def __init__(self, entity: db.Row) -> None:
        self.name, self.accent, self.logo = entity["brand_name"], entity["accent"], ""


async def sealed(contract: db.Row) -> bytes:
    """The copy that both sides keep: it begins with the bytes of `printed`."""
    entity = await company.legal_entity_by(contract["legal_entity_id"])
    return await sealed_pdf(entity, await printed(contract), SEALED_COPY % contract["number"])


async def sealed_dossier(contract: db.Row) -> bytes:
    """The proof as a paper, sealed."""
    entity = await company.legal_entity_by(contract["legal_entity_id"])
    return await sealed_pdf(entity, await printed_dossier(contract), SEALED_PROOF % contract["number"])


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
    return await _rendered(html, contract, contract["sha256"][:16], attachments)


async def printed_dossier(contract: db.Row) -> bytes:
    entity = await company.legal_entity_by(contract["legal_entity_id"])
    content = await proof.proof_file(contract, await proof.concluded_at(contract))
    with speaking("fr"):
        told = [said for _at, said, _who in await proof.told(contract)]
    paper = Dossier(content=content, told=told, check_at=check_at())
    attached = Attached("preuve.json", _json(content), "Le même dossier, à vérifier par un programme", "Data")
    html = dossier_html(paper, Brand(entity))
    return await _rendered(html, contract, contract["sha256"][16:32], [attached])


def check_at() -> str:
    """Where anybody can check a file, as it is written on paper."""
    return f"{settings().origin}{CHECK}"


async def _rendered(html: str, contract: db.Row, identifier: bytes, attachments: list[Attached]) -> bytes:
    return await asyncio.to_thread(
        render_pdf, html, created=contract["countersigned_at"], identifier=identifier, attachments=attachments
    )


async def _proof(contract: db.Row) -> bytes:
    """As it was when the last had signed."""
    return _json(await proof.proof_file(contract, await proof.concluded_at(contract)))


def _json(content: dict[str, object]) -> bytes:
    return msgspec.json.format(msgspec.json.encode(content))


async def _paper(contract: db.Row, entity: db.Row) -> ContractPaper:
    texts = await access.texts_of(contract)
    party = {"company": f"Pour {entity['name']}", "referrer": contract["referrer_name"]}
    proofs = await access.proofs_of(contract["id"])
    return ContractPaper(
        number=contract["number"],
        programme=contract["programme"],
        drafted_on=day_of(contract["drafted_at"]),
        parts=parts_of(texts, contract["filled"]),
        signatures=[
            _signature(given, party[side], contract["ref"])
            for side in SIDES
            for given in proofs
            if given["side"] == side
        ],
        check_at=check_at(),
    )


def _signature(given: db.Row, party: str, ref: str) -> Signature:
    with speaking("fr"):
        means = _(MEANS[given["side"]]) % {"email": given["signer_email"]}
    return Signature(
        party=party, name=given["signer_name"], capacity=given["capacity"], signed_at=given["at"],
        means=means, proof=ref,
    )  # fmt: skip
