"""Is this file one of ours, and unchanged? Told to anybody, from what the file itself says and what was issued here.

A file is known by its SHA-256; one that is not known by its seal, which says whose it is and what it held."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

import msgspec

from portal.company import sealing
from portal.contracts.access import contract_of_proof
from portal.contracts.signature import proof
from portal.kit import db, seal
from portal.kit.days import day_of
from portal.kit.seal_check import FoundSeal, Unreadable, seals_of
from portal.kit.text import N_

MOST_BYTES = 20_000_000
MOST_JSON = 6_000_000
PDF_HEAD = b"%PDF-"
PDF_TYPE = "application/pdf"
PROOF = "preuve-"  # how the file of a proof is named
PROOF_MEMBERS = {"contract", "reference", "chain", "proofs", "document_sha256"}


class State(StrEnum):
    AUTHENTIC = "authentic"
    CHANGED = "changed"
    UNKNOWN = "unknown"
    UNREADABLE = "unreadable"


KINDS = {
    "contract": N_("Contrat"),
    "contract_proof": N_("Dossier de preuve"),
    "contract_notice": N_("Courrier sur un contrat"),
    "invoice": N_("Facture, avoir ou reçu"),
    "statement": N_("Relevé"),
    "year_summary": N_("Récapitulatif annuel"),
}
PAPER = N_("Document")
WHY = {
    "registered": N_("Ce fichier est, au bit près, celui que ce portail a établi."),
    "sealed": N_("Le cachet est celui de ce portail et couvre tout le fichier : rien n'a changé depuis."),
    "appended": N_("%(n)s octets ont été ajoutés après le cachet. Demandez le fichier d'origine."),
    "content": N_("Le contenu ne correspond plus à ce qui a été scellé."),
    "proof_changed": N_("Le dossier ne correspond plus à ce qui a été scellé."),
    "proof_differs": N_(
        "Ce dossier ne porte pas de cachet et ne correspond pas à ce que le portail conserve."
    ),
    "proof_same": N_("Ce dossier, tiré du contrat, est celui que le portail conserve."),
    "other_seal": N_("Il porte le cachet de quelqu'un d'autre : %(name)s. Ce portail ne peut rien en dire."),
    "no_seal": N_("Il ne porte pas de cachet de ce portail : il vient d'ailleurs, ou a été refait."),
    "not_a_proof": N_("Ce n'est pas un dossier de preuve de ce portail."),
    "kind": N_("Déposez un PDF ou un dossier de preuve au format JSON."),
    "broken": N_("Ce fichier ne s'ouvre pas, ou il est trop grand."),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """`kind`, `number`, `on`, `sealed_by` as far as they are known; `why` is a key of WHY."""

    state: State
    why: str
    params: Mapping[str, Any] = field(default_factory=dict)
    kind: str = ""
    number: str = ""
    on: date | None = None
    sealed_by: str = ""
    sha256: str = ""


async def check(body: bytes) -> Verdict:
    """Nothing of the body is kept."""
    if not body or len(body) > MOST_BYTES:
        return Verdict(State.UNREADABLE, "broken")
    return replace(await _looked_at(body), sha256=hashlib.sha256(body).hexdigest())


async def _looked_at(body: bytes) -> Verdict:
    if issued := await _issued(hashlib.sha256(body).digest()):
        return await _authentic(issued, "registered", await _sealed_by(body))
    if body.startswith(PDF_HEAD):
        return await _pdf(body)
    if body.lstrip()[:1] == b"{":
        return await _proof(body)
    return Verdict(State.UNREADABLE, "kind")


async def _issued(digest: bytes) -> db.Row | None:
    return await db.row(
        "SELECT * FROM stored_file WHERE sha256 = $1 AND store = 'issued' AND media_type = $2 ORDER BY id LIMIT 1",
        digest, PDF_TYPE,
    )  # fmt: skip


async def _authentic(file: db.Row, why: str, sealed_by: str) -> Verdict:
    number = file["name"].removesuffix(".pdf")
    is_proof = number.startswith(PROOF)
    return Verdict(
        State.AUTHENTIC, why,
        kind=KINDS.get("contract_proof" if is_proof else file["subject_kind"], PAPER), number=number.removeprefix(PROOF),
        on=day_of(file["at"]), sealed_by=sealed_by,
    )  # fmt: skip


async def _sealed_by(body: bytes) -> str:
    """Of a file that is ours: papers issued before there was a seal have none."""
    try:
        ours = await _ours(await seals_of(body))
    except Unreadable:
        return ""
    return ours[1] if ours else ""


async def _ours(seals: list[FoundSeal]) -> tuple[FoundSeal, str] | None:
    """The last seal that a certificate of this portal made, and whose it is."""
    for one in reversed(seals):
        if known := await sealing.known(bytes.fromhex(one.fingerprint)):
            return one, known["entity_name"]
    return None


async def _pdf(body: bytes) -> Verdict:
    try:
        seals = await seals_of(body)
    except Unreadable:
        return Verdict(State.UNREADABLE, "broken")
    ours = await _ours(seals)
    if ours is None:
        others = [one.name for one in seals if one.name]
        return (
            Verdict(State.UNKNOWN, "other_seal", {"name": others[-1]})
            if others
            else Verdict(State.UNKNOWN, "no_seal")
        )
    return await _sealed_pdf(body, *ours)


async def _sealed_pdf(body: bytes, one: FoundSeal, sealed_by: str) -> Verdict:
    if not one.intact or not one.covers:
        return Verdict(State.CHANGED, "content", sealed_by=sealed_by)
    if one.covers == len(body):
        return Verdict(State.AUTHENTIC, "sealed", sealed_by=sealed_by)
    original = await _issued(hashlib.sha256(body[: one.covers]).digest())
    told = (
        await _authentic(original, "registered", sealed_by)
        if original
        else Verdict(State.CHANGED, "appended")
    )
    return replace(
        told, state=State.CHANGED, why="appended", params={"n": len(body) - one.covers}, sealed_by=sealed_by
    )


async def _proof(body: bytes) -> Verdict:
    try:
        content = msgspec.json.decode(body, type=dict[str, Any]) if len(body) <= MOST_JSON else {}
    except (msgspec.DecodeError, RecursionError):
        return Verdict(State.UNREADABLE, "broken")
    if not content.keys() >= PROOF_MEMBERS:
        return Verdict(State.UNKNOWN, "not_a_proof")
    if "seal" not in content:
        return await _unsealed_proof(content)
    found = seal.json_seal(content)
    known = await sealing.known(seal.fingerprint(found[0])) if found else None
    if found is None or known is None:
        return Verdict(State.UNKNOWN, "no_seal")
    about = {"kind": KINDS["contract_proof"], "sealed_by": known["entity_name"]}
    if not found[1]:
        return Verdict(State.CHANGED, "proof_changed", **about)
    return Verdict(State.AUTHENTIC, "sealed", number=str(content["contract"]), **about)


async def _unsealed_proof(content: dict[str, Any]) -> Verdict:
    """As it is attached to the copy of a contract: compared with what is kept."""
    contract = await contract_of_proof(str(content["reference"]))
    if contract is None or not isinstance(content["chain"], list):
        return Verdict(State.UNKNOWN, "not_a_proof")
    ours = await proof.proof_file(contract, until=len(content["chain"]))
    if seal.canonical(ours) != seal.canonical(content):
        return Verdict(State.CHANGED, "proof_differs", kind=KINDS["contract_proof"])
    return Verdict(State.AUTHENTIC, "proof_same", kind=KINDS["contract_proof"], number=contract["number"])


async def expected(reference: str) -> list[Verdict]:
    """What was issued under a reference that is printed on a paper: nothing before it was sealed."""
    contract = await contract_of_proof(reference)
    if contract is None:
        return []
    found = await db.rows(
        """SELECT stored_file.*, legal_entity.name AS entity_name FROM stored_file, legal_entity
           WHERE stored_file.id = ANY ($1) AND legal_entity.id = $2 ORDER BY stored_file.id""",
        [contract["pdf_file"], contract["proof_file"]], contract["legal_entity_id"],
    )  # fmt: skip
    return [
        replace(await _authentic(file, "registered", file["entity_name"]), sha256=file["sha256"].hex())
        for file in found
    ]
