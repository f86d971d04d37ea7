"""The proof of a signature: what was signed, by whom, when and how, and the chain that holds it together."""

from datetime import datetime
from typing import Any

import msgspec

from portal.company import access as company
from portal.contracts import access
from portal.contracts.signature.signing import as_whom, digest_of
from portal.history.access import chain_of
from portal.kit import db
from portal.kit.text import N_, _

WHAT = {
    "contracts.drafted": N_("Contrat préparé"),
    "contracts.send": N_("Envoyé pour signature"),
    "contracts.code_sent": N_("Code de signature envoyé"),
    "contracts.proof_referrer": N_("Identité et accord de l'apporteur consignés"),
    "contracts.sign": N_("Signé par l'apporteur"),
    "contracts.proof_company": N_("Identité du contresignataire consignée"),
    "contracts.countersign": N_("Contresigné : le contrat est conclu"),
    "contracts.take_effect": N_("Entré en vigueur"),
    "contracts.lapse": N_("Sans objet : le contrat qu'il modifiait a pris fin"),
    "contracts.renewed": N_("Renouvelé"),
    "contracts.notice_suspension": N_("Suspension décidée"),
    "contracts.notice_formal": N_("Mise en demeure"),
    "contracts.notice_termination": N_("Résiliation annoncée"),
    "contracts.notice_non_renewal": N_("Non-renouvellement annoncé"),
    "contracts.notice_fault": N_("Résiliation pour manquement"),
    "contracts.notice_lifted": N_("Annonce levée"),
    "contracts.notice_printed": N_("Lettre établie en PDF"),
    "contracts.refuse": N_("Refusé par l'apporteur"),
    "contracts.expire": N_("Délai de signature passé"),
    "contracts.withdraw": N_("Retiré : un autre contrat le remplace"),
    "contracts.record_on_paper": N_("Signature sur papier enregistrée"),
    "contracts.vouched": N_("Original numérisé déposé et attesté"),
    "contracts.suspend": N_("Suspendu"),
    "contracts.resume": N_("Repris"),
    "contracts.end": N_("Terminé"),
    "contracts.supersede": N_("Remplacé"),
    "contracts.rendered": N_("Exemplaire PDF établi et scellé"),
}
# Of these the portal says who; the others it may have done by itself.
BY_SOMEBODY = {
    "contracts.sign",
    "contracts.countersign",
    "contracts.refuse",
    "contracts.code_sent",
    "contracts.record_on_paper",
    "contracts.vouched",
}
HOW = (
    "Each event: digest = SHA-256(previous digest + JSON of [at, actor, what, 'contract', subject, data], keys sorted). "
    "A proof's digest, SHA-256 of the JSON of its other members, stands in the event that names its side; "
    "the document's digest is that of its HTML. "
    "The seal is a detached JWS (ES256): its payload is the JSON of this file without the member 'seal', "
    "keys sorted, no spaces, UTF-8; its certificate is the first of x5c in the protected header."
)


async def proof_file(contract: db.Row, until: int | None = None) -> dict[str, Any]:
    """All that is needed to check the signatures without this portal. `until`: as it was at this position of the chain."""
    entity = await company.legal_entity_by(contract["legal_entity_id"])
    return msgspec.to_builtins(
        {
            "contract": contract["number"],
            "reference": contract["ref"],
            "between": [entity["name"], contract["referrer_name"]],
            "document_sha256": contract["sha256"].hex(),
            "document": contract["html"],
            "self_billing_mandate": contract["self_billing"],
            "starts_on": contract["starts_no_sooner"],
            "signatures_wanted": {side: contract[f"{side}_signatures"] for side in ("referrer", "company")},
            "proofs": [_proof(row) for row in await access.proofs_of(contract["id"])],
            "codes": [_code(row) for row in await codes_used(contract["id"])],
            "chain": [
                _event(row) for row in await events_of(contract) if until is None or row["position"] <= until
            ],
            "how_to_check": HOW,
        }
    )


async def concluded_at(contract: db.Row) -> int:
    """The position in the chain at which the last had signed; what comes later stands in the portal."""
    return await db.value(
        "SELECT max(position) FROM history_event WHERE chain = $1 AND what = 'contracts.countersign'",
        f"contract:{contract['id']}",
    )


async def codes_used(contract_id: int) -> list[db.Row]:
    """When the code that signed was mailed, and when it was typed."""
    return await db.rows(
        """SELECT signature_code.*, app_user.email AS sent_to FROM signature_code
           JOIN app_user ON app_user.id = user_id WHERE contract_id = $1 AND used_at IS NOT NULL ORDER BY used_at, signature_code.id""",
        contract_id,
    )


async def told(contract: db.Row) -> list[tuple[datetime, str, str]]:
    """The chain in plain words: when, what, who."""
    return [
        (event["at"], _(said), event["who"] or "" if event["what"] in BY_SOMEBODY else "")
        for event in await events_of(contract)
        for said in [WHAT[event["what"]]]
    ]


async def events_of(contract: db.Row) -> list[db.Row]:
    return await chain_of(f"contract:{contract['id']}")


def said_in(row: db.Row) -> dict[str, str]:
    """What the digest of a proof is made of."""
    names = ("side", "signer_name", "signer_email", "consent", "address", "agent")
    return {
        **{name: row[name] for name in names},
        **as_whom(row["capacity"]),
        "document_sha256": row["document_sha256"].hex(),
        "at": row["at"].isoformat(),
    }


def _proof(row: db.Row) -> dict[str, str]:
    said = said_in(row)
    return said | {"digest": digest_of(said)}


def _code(row: db.Row) -> dict[str, Any]:
    return {
        "id": row["id"], "sent_to": row["sent_to"], "sent_at": row["sent_at"].isoformat(),
        "expires_at": row["expires_at"].isoformat(), "used_at": row["used_at"].isoformat(),
        "document_sha256": row["document_sha256"].hex(),
    }  # fmt: skip


def _event(row: db.Row) -> dict[str, Any]:
    return {
        "position": row["position"], "at": row["at"].isoformat(), "actor": row["actor"], "what": row["what"],
        "subject": row["subject_id"], "data": row["data"], "previous": row["previous"].hex(),
        "digest": row["digest"].hex(),
    }  # fmt: skip
