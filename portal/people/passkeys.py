"""Passkeys (WebAuthn): a key that never leaves its owner's device signs a challenge that serves once.

A challenge is bound to the browser that asked, to what it is for and to whom, lives five minutes, and is gone with its
first use, whatever the answer is worth."""

import ipaddress
import json
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

import webauthn
from webauthn.helpers import base64url_to_bytes, options_to_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from portal.history.access import record
from portal.kit import db
from portal.kit.days import now
from portal.kit.problems import NotFound, Refused
from portal.kit.references import new_ref
from portal.kit.text import N_
from portal.people import mails
from portal.people.access import user
from portal.people.sessions import digest
from portal.settings import settings

LASTS = timedelta(minutes=5)
MOST = 10  # keys of one user
TOO_MANY = N_("Dix clés d'accès suffisent : retirez-en une d'abord.")
KNOWN = N_("Cette clé d'accès est déjà enregistrée.")
MALFORMED = (WebAuthnException, ValueError, TypeError, KeyError, AttributeError, RecursionError)


class Purpose(StrEnum):
    ENROL = "enrol"
    ENTER = "enter"  # alone: device and its owner's finger or code are both factors
    SECOND = "second"  # after the password
    CONFIRM = "confirm"  # before something sensitive


VERIFIED = {  # whether the device must have recognised its owner
    Purpose.ENROL: True, Purpose.ENTER: True, Purpose.SECOND: False, Purpose.CONFIRM: True,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """A challenge that somebody answers: what for, from which browser, for which user (none: not known yet)."""

    purpose: Purpose
    binding: str
    user_id: int | None = None


def possible() -> bool:
    """Browsers know keys for names only: an installation reached by its number has none."""
    try:
        ipaddress.ip_address(_rp_id())
    except ValueError:
        return True
    return False


def _rp_id() -> str:
    return settings().base_url.host or ""


async def of(user_id: int) -> list[db.Row]:
    return await db.rows("SELECT * FROM passkey WHERE user_id = $1 ORDER BY id", user_id)


async def known_since(user_id: int, age: timedelta) -> bool:
    """Whether a key of theirs is at least that old: who has just taken over an account has none."""
    return await db.value(
        "SELECT EXISTS (SELECT FROM passkey WHERE user_id = $1 AND created_at <= $2)", user_id, now() - age
    )


async def options(asked: Asked, name: str) -> str:
    """What the browser hands to the device, as JSON. `name` of the house is shown by the device."""
    keys = await of(asked.user_id) if asked.user_id else []
    held = [PublicKeyCredentialDescriptor(id=bytes(key["credential_id"])) for key in keys]
    made = await _creation(asked, name, held) if asked.purpose == Purpose.ENROL else _request(asked, held)
    await db.insert(
        "passkey_challenge",
        challenge=made.challenge, binding_sha256=digest(asked.binding), purpose=asked.purpose.value,
        user_id=asked.user_id, created_at=now(), expires_at=now() + LASTS,
    )  # fmt: skip
    return options_to_json(made)


async def _creation(asked: Asked, name: str, held: list[PublicKeyCredentialDescriptor]) -> Any:
    assert asked.user_id is not None
    owner = await user(asked.user_id)
    return webauthn.generate_registration_options(
        rp_id=_rp_id(), rp_name=name, user_id=owner["ref"].encode(), user_name=owner["email"],
        user_display_name=owner["name"], exclude_credentials=held,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
    )  # fmt: skip


def _request(asked: Asked, held: list[PublicKeyCredentialDescriptor]) -> Any:
    wanted = (
        UserVerificationRequirement.REQUIRED
        if VERIFIED[asked.purpose]
        else UserVerificationRequirement.PREFERRED
    )
    return webauthn.generate_authentication_options(
        rp_id=_rp_id(), allow_credentials=held, user_verification=wanted
    )


async def enrol(asked: Asked, challenge: bytes | None, answer: str, name: str) -> int | None:
    """The id of the new key; None when the answer is worth nothing. Raises Refused."""
    assert asked.user_id is not None
    made = _registered(challenge, answer) if challenge else None
    if made is None:
        return None
    if len(await of(asked.user_id)) >= MOST:
        raise Refused("too_many_passkeys", TOO_MANY)
    passkey_id = await db.value(
        """INSERT INTO passkey (ref, user_id, credential_id, public_key, sign_count, name, created_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (credential_id) DO NOTHING RETURNING id""",
        new_ref(), asked.user_id, made.credential_id, made.credential_public_key, made.sign_count, name, now(),
    )  # fmt: skip
    if passkey_id is None:
        raise Refused("passkey_known", KNOWN)
    await record("people.passkey_added", "user", asked.user_id, passkey=passkey_id)
    await mails.passkey_added(await user(asked.user_id), name)
    return passkey_id


def _registered(challenge: bytes, answer: str) -> Any:
    try:
        return webauthn.verify_registration_response(
            credential=answer, expected_challenge=challenge, expected_rp_id=_rp_id(),
            expected_origin=settings().origin, require_user_verification=True,
        )  # fmt: skip
    except MALFORMED:
        return None


async def take_challenge(asked: Asked, answer: str) -> bytes | None:
    """The challenge that this answer speaks of, used up; at the edge, before the deed, so that it stays used up."""
    try:
        said = json.loads(base64url_to_bytes(json.loads(answer)["response"]["clientDataJSON"]))
        challenge = base64url_to_bytes(said["challenge"])
    except MALFORMED:
        return None
    async with db.transaction():
        return await db.value(
            """DELETE FROM passkey_challenge WHERE challenge = $1 AND binding_sha256 = $2 AND purpose = $3
                 AND user_id IS NOT DISTINCT FROM $4 AND expires_at > $5 RETURNING challenge""",
            challenge, digest(asked.binding), asked.purpose.value, asked.user_id, now(),
        )  # fmt: skip


async def check(asked: Asked, answer: str) -> db.Row | None:
    """The key that answered, its counter moved on; None when the answer is worth nothing. At the edge."""
    challenge = await take_challenge(asked, answer)
    key = await _key_of(asked, answer) if challenge else None
    if not challenge or key is None:
        return None
    counted = _verified(asked, challenge, answer, key)
    if counted is None:
        return None
    async with db.transaction():
        return await db.row(
            """UPDATE passkey SET sign_count = $2, last_used_at = $3
               WHERE id = $1 AND (sign_count < $2 OR (sign_count = 0 AND $2 = 0)) RETURNING *""",
            key["id"], counted, now(),
        )  # fmt: skip


async def _key_of(asked: Asked, answer: str) -> db.Row | None:
    """By its own id; it names its owner besides, and must be theirs who is known already."""
    said = json.loads(answer)
    try:
        key = await db.row(
            """SELECT passkey.*, app_user.ref AS owner FROM passkey JOIN app_user ON app_user.id = user_id
               WHERE credential_id = $1""",
            base64url_to_bytes(said["rawId"]),
        )
        handle = base64url_to_bytes(said["response"].get("userHandle") or "").decode()
    except MALFORMED:
        return None
    if key is None or (asked.user_id and asked.user_id != key["user_id"]):
        return None
    return key if handle == key["owner"] or (asked.user_id and not handle) else None


def _verified(asked: Asked, challenge: bytes, answer: str, key: db.Row) -> int | None:
    """The counter that the key gives now."""
    try:
        return webauthn.verify_authentication_response(
            credential=answer, expected_challenge=challenge, expected_rp_id=_rp_id(),
            expected_origin=settings().origin, credential_public_key=bytes(key["public_key"]),
            credential_current_sign_count=key["sign_count"], require_user_verification=VERIFIED[asked.purpose],
        ).new_sign_count  # fmt: skip
    except MALFORMED:
        return None


async def remove(user_id: int, ref: str) -> None:
    """Raises NotFound when it is not theirs."""
    removed = await db.row("DELETE FROM passkey WHERE user_id = $1 AND ref = $2 RETURNING *", user_id, ref)
    if removed is None:
        raise NotFound("passkey")
    await record("people.passkey_removed", "user", user_id, passkey=removed["id"])
    await mails.passkey_removed(await user(user_id), removed["name"])


async def remove_all(user_id: int) -> None:
    """For somebody who lost everything, or who leaves."""
    await db.execute("DELETE FROM passkey WHERE user_id = $1", user_id)
    await db.execute("DELETE FROM passkey_challenge WHERE user_id = $1", user_id)


async def sweep() -> int:
    return await db.execute("DELETE FROM passkey_challenge WHERE expires_at < $1", now())
