"""Signing: the exact document, a mailed code, consent, time and place, chained; then the company countersigns."""

import hmac
import secrets
from dataclasses import dataclass

from portal.contracts import access, actions
from portal.contracts.events import ContractSigned
from portal.contracts.rules import BY_NAME, CODE_DIGITS, CODE_LASTS, CODE_TRIES, check
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.events import emit
from portal.kit.keyring import ring
from portal.kit.problems import Refused
from portal.kit.text import N_
from portal.mail.outbox import post
from portal.people.rules import Person

CONSENT = N_("J'ai lu ce contrat et ses annexes, je les accepte et je les signe électroniquement.")
COUNTERSIGNED = N_("Contresigné pour l'entreprise.")
WRONG = N_("Ce code n'est pas le bon, ou il n'est plus valable. Demandez-en un nouveau.")


@dataclass(frozen=True, slots=True)
class Place:
    """From where somebody signs."""

    address: str
    agent: str


async def request_code(contract: db.Row, person: Person) -> None:
    """Mail a code of six digits, tied to this very document; an earlier code no longer counts."""
    check(BY_NAME["sign"], contract["state"])
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    await db.execute(
        "UPDATE signature_code SET expires_at = $3 WHERE contract_id = $1 AND user_id = $2 AND used_at IS NULL",
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


async def sign(contract: db.Row, person: Person, code: str, place: Place) -> db.Row:
    """The referrer signs. Raises Refused for a wrong code; count the try outside the deed with `count_try`."""
    sent = await _sent_code(contract, person)
    if sent is None or not hmac.compare_digest(sent["code_hash"], _hash(contract, person, code)):
        raise Refused("wrong_code", WRONG)
    await db.execute("UPDATE signature_code SET used_at = $2 WHERE id = $1", sent["id"], now())
    await _prove(contract, "referrer", person, CONSENT, place)
    await actions.move(contract, "sign", signed_at=now(), signed_by=person.user_id)
    emit(ContractSigned(contract_id=contract["id"]))
    return await access.contract(contract["id"])


async def countersign(contract: db.Row, person: Person, place: Place) -> db.Row:
    """The company signs: the contract is in force from today."""
    check(BY_NAME["countersign"], contract["state"])
    await _prove(contract, "company", person, COUNTERSIGNED, place)
    await actions.move(
        contract, "countersign", countersigned_at=now(), countersigned_by=person.user_id, starts_on=today()
    )
    await actions.take_effect(contract["id"], contract["referrer_id"])
    return await access.contract(contract["id"])


async def count_try(contract: db.Row, person: Person) -> None:
    """A wrong code costs a try; it must stay counted, so it is a deed of its own."""
    await db.execute(
        "UPDATE signature_code SET tries = tries + 1 WHERE contract_id = $1 AND user_id = $2 AND used_at IS NULL",
        contract["id"], person.user_id,
    )  # fmt: skip


async def _sent_code(contract: db.Row, person: Person) -> db.Row | None:
    return await db.row(
        """SELECT * FROM signature_code WHERE contract_id = $1 AND user_id = $2 AND used_at IS NULL
             AND expires_at > $3 AND tries < $4 AND document_sha256 = $5 ORDER BY id DESC LIMIT 1 FOR NO KEY UPDATE""",
        contract["id"], person.user_id, now(), CODE_TRIES, contract["sha256"],
    )  # fmt: skip


async def _prove(contract: db.Row, side: str, person: Person, consent: str, place: Place) -> None:
    await db.insert(
        "signature_proof",
        contract_id=contract["id"], side=side, user_id=person.user_id, signer_name=person.name,
        signer_email=person.email, document_sha256=contract["sha256"], consent=consent,
        address=place.address, agent=place.agent[:300], at=now(),
    )  # fmt: skip


def _hash(contract: db.Row, person: Person, code: str) -> bytes:
    return ring().mac(f"{contract['id']}.{person.user_id}.{code}", "signature_code", 1)
