"""Signing: the exact document, a mailed code, consent, time and place, chained; then the company countersigns.

Each signatory has a code and a proof of their own; a side has signed when as many of it as the contract wants have."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime

import msgspec

from portal.company import access as company
from portal.contracts import access, actions
from portal.contracts.events import ContractPartlyCountersigned, ContractPartlySigned, ContractSigned
from portal.contracts.rules import BY_NAME, CODE_DIGITS, CODE_LASTS, CODE_TRIES, check
from portal.contracts.signature import signatories
from portal.contracts.signature.signatories import COMPANY, REFERRER
from portal.kit import db
from portal.kit.days import now
from portal.kit.events import emit
from portal.kit.keyring import ring
from portal.kit.problems import NotAllowed, Refused
from portal.kit.text import N_, _
from portal.mail.outbox import post
from portal.people.rules import Person, Role

CONSENT = N_("J'ai lu ce contrat et ses annexes, je les accepte et je les signe électroniquement.")
COUNTERSIGNED = N_("Contresigné pour l'entreprise.")
WRONG = N_("Ce code n'est pas le bon, ou il n'est plus valable.")
TOO_LATE = N_(
    "Le délai pour signer ce contrat est passé. Demandez à l'entreprise de vous l'envoyer de nouveau."
)

NOT_SIGNATORY = N_(
    "Ce contrat dit qui le signe pour vous : seule cette personne peut le signer ou le refuser."
)
NOT_COUNTERSIGNER = N_("Seule l'administration contresigne.")
SIGNED_ALREADY = N_("Vous avez déjà signé ce contrat ; une autre personne doit encore le signer.")
SIGNS_BOTH = N_("Vous avez signé pour l'apporteur : quelqu'un d'autre contresigne pour l'entreprise.")


@dataclass(frozen=True, slots=True)
class Place:
    """From where somebody signs."""

    address: str
    agent: str


async def request_code(contract: db.Row, person: Person) -> None:
    """Mail a code of six digits, tied to this very document; an earlier code no longer counts."""
    contract = await _locked(contract)
    await _refuse_unless_to_sign(contract, person)
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    await db.execute(
        """UPDATE signature_code SET expires_at = $3
           WHERE contract_id = $1 AND user_id = $2 AND used_at IS NULL AND expires_at > $3""",
        contract["id"], person.user_id, now(),
    )  # fmt: skip
    code_id = await db.insert(
        "signature_code",
        contract_id=contract["id"], user_id=person.user_id, code_hash=_hash(contract, person, code),
        document_sha256=contract["sha256"], sent_at=now(), expires_at=now() + CODE_LASTS,
    )  # fmt: skip
    await actions.chain(
        contract["id"], "contracts.code_sent", code=code_id, document=contract["sha256"].hex()
    )
    await post(
        "contracts.code", to_user=person.user_id, to_email=person.email, language=person.language,
        subject_kind="contract", subject_id=contract["id"], contract=contract, name=person.name, code=code,
        minutes=int(CODE_LASTS.total_seconds() // 60),
    )  # fmt: skip


async def tries_left(contract: db.Row, person: Person) -> int:
    """How often the code that was mailed may still be typed; 0 when there is none."""
    tries = await db.value(
        """SELECT tries FROM signature_code WHERE contract_id = $1 AND user_id = $2 AND used_at IS NULL
             AND expires_at > $3 ORDER BY id DESC LIMIT 1""",
        contract["id"], person.user_id, now(),
    )  # fmt: skip
    return 0 if tries is None else max(0, CODE_TRIES - tries)


async def count_try(contract: db.Row, person: Person) -> None:
    """Before the code is compared, in a deed of its own: a try counts whatever follows, however many are at once."""
    await db.execute(
        """UPDATE signature_code SET tries = tries + 1
           WHERE contract_id = $1 AND user_id = $2 AND used_at IS NULL AND expires_at > $3""",
        contract["id"], person.user_id, now(),
    )  # fmt: skip


async def sign(contract: db.Row, person: Person, code: str, place: Place) -> db.Row:
    """One of the referrer's signatories signs. Call `count_try` first. Raises Refused("wrong_code")."""
    contract = await _locked(contract)
    named = await _refuse_unless_to_sign(contract, person)
    sent = await _sent_code(contract, person)
    if sent is None or not hmac.compare_digest(sent["code_hash"], _hash(contract, person, code)):
        raise Refused("wrong_code", WRONG)
    await db.execute("UPDATE signature_code SET used_at = $2 WHERE id = $1", sent["id"], now())
    await _prove(contract, REFERRER, person, _(CONSENT), place, named["capacity"])
    if await signatories.count(contract["id"], REFERRER) < contract["referrer_signatures"]:
        emit(ContractPartlySigned(contract_id=contract["id"]))
        return contract
    await actions.move(contract, "sign", signed_at=now(), signed_by=person.user_id)
    emit(ContractSigned(contract_id=contract["id"]))
    return await access.contract(contract["id"])


async def refuse(contract: db.Row, person: Person, why: str) -> None:
    """One of those who should sign says no, in their own words: for the others too."""
    contract = await _locked(contract)
    await _refuse_unless_to_sign(contract, person)
    await actions.refuse(contract, why)


async def countersign(contract: db.Row, person: Person, place: Place) -> db.Row:
    """The company signs; with the last signature that is wanted the contract is concluded."""
    contract = await _locked(contract)
    await _refuse_unless_to_countersign(contract, person)
    entity = await company.legal_entity_by(contract["legal_entity_id"])
    await _prove(
        contract, COMPANY, person, _(COUNTERSIGNED), place, signatories.capacity_for(entity, person.name)
    )
    if await signatories.count(contract["id"], COMPANY) < contract["company_signatures"]:
        emit(ContractPartlyCountersigned(contract_id=contract["id"]))
        return contract
    await actions.conclude(contract, person.user_id)
    return await access.contract(contract["id"])


async def countersign_ahead(contract: db.Row, person: Person, consent: str, place: Place) -> None:
    """The company had signed before, for whoever would: `person` did, `consent` says for what. No other signature is
    wanted of it."""
    contract = await _locked(contract)
    check(BY_NAME["countersign"], contract["state"])
    entity = await company.legal_entity_by(contract["legal_entity_id"])
    await _prove(contract, COMPANY, person, consent, place, signatories.capacity_for(entity, person.name))
    await actions.conclude(contract, person.user_id)


async def _locked(contract: db.Row) -> db.Row:
    """As it is now: whoever signs, refuses, withdraws or lets it expire at the same time waits here, then reads anew.
    The referrer first, as whoever drafts another contract for them does."""
    await actions.lock(contract["referrer_id"])
    await db.row("SELECT 1 FROM contract WHERE id = $1 FOR NO KEY UPDATE", contract["id"])
    return await access.contract(contract["id"])


async def _refuse_unless_to_sign(contract: db.Row, person: Person) -> db.Row:
    """The signatory as the contract names them."""
    named = await signatories.named(contract["id"], person.user_id)
    if named is None or not await signatories.may_sign(contract, person):
        raise NotAllowed("not_signatory", NOT_SIGNATORY)
    check(BY_NAME["sign"], contract["state"])
    if contract["expires_at"] <= now():
        raise Refused("signed_too_late", TOO_LATE)
    if await signatories.has_signed(contract, REFERRER, person.user_id):
        raise Refused("signed_already", SIGNED_ALREADY)
    return named


async def _refuse_unless_to_countersign(contract: db.Row, person: Person) -> None:
    if not person.may(Role.ADMIN):
        raise NotAllowed("not_countersigner", NOT_COUNTERSIGNER)
    check(BY_NAME["countersign"], contract["state"])
    if await signatories.has_signed(contract, COMPANY, person.user_id):
        raise Refused("signed_already", SIGNED_ALREADY)
    if await signatories.has_signed(contract, REFERRER, person.user_id):
        raise Refused("signs_both", SIGNS_BOTH)


async def _sent_code(contract: db.Row, person: Person) -> db.Row | None:
    """The try that is being made is counted already."""
    return await db.row(
        """SELECT * FROM signature_code WHERE contract_id = $1 AND user_id = $2 AND used_at IS NULL
             AND expires_at > $3 AND tries <= $4 AND document_sha256 = $5 ORDER BY id DESC LIMIT 1 FOR NO KEY UPDATE""",
        contract["id"], person.user_id, now(), CODE_TRIES, contract["sha256"],
    )  # fmt: skip


async def _prove(
    contract: db.Row, side: str, person: Person, consent: str, place: Place, capacity: str
) -> None:
    """Who, when, from where, to what: a row of its own, held by a digest in the chain."""
    proof = {
        "side": side, "signer_name": person.name, "signer_email": person.email,
        "document_sha256": contract["sha256"].hex(), "consent": consent, "address": place.address,
        "agent": place.agent[:300], "at": now().isoformat(), **as_whom(capacity),
    }  # fmt: skip
    await db.insert(
        "signature_proof",
        contract_id=contract["id"], user_id=person.user_id,
        **(proof | {"document_sha256": contract["sha256"], "at": datetime.fromisoformat(proof["at"])}),
    )  # fmt: skip
    await actions.chain(contract["id"], f"contracts.proof_{side}", proof=digest_of(proof))


def as_whom(capacity: str) -> dict[str, str]:
    """Proofs made before signatories had a capacity keep their digest."""
    return {"capacity": capacity} if capacity else {}


def digest_of(proof: dict[str, str]) -> str:
    return hashlib.sha256(msgspec.json.encode(proof, order="sorted")).hexdigest()


def _hash(contract: db.Row, person: Person, code: str) -> bytes:
    digits = "".join(code.split())
    return ring().mac(f"{contract['id']}.{person.user_id}.{digits}", "signature_code", 1)
