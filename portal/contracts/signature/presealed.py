"""Contracts signed ahead by the company for an event: whoever signs there has one in force at once.

An administrator signs a session: its programme, plan, texts, days and number, held by one digest. Each contract that is
signed there is countersigned in the same deed, with a proof that names the session; nothing else may be signed by it."""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from portal.company import access as company
from portal.contracts import access, actions
from portal.contracts.drafting import main_key
from portal.contracts.events import ContractSigned
from portal.contracts.signature import signing
from portal.contracts.signature.signing import Place
from portal.history.access import record
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import current
from portal.kit.keyring import ring
from portal.kit.listing import Listing
from portal.kit.problems import NotFound, Refused
from portal.kit.references import new_ref
from portal.kit.text import N_, _, moment
from portal.people import actions as people
from portal.people.access import user, users_of_referrer
from portal.people.rules import Person, Role, Seat, UserState
from portal.plans import access as plans
from portal.referrers import access as referrers
from portal.referrers import actions as referrer_actions
from portal.referrers.joining import access as joining
from portal.referrers.joining import applying
from portal.referrers.joining.eligibility import WHY_SAYS, Answers, turned_away
from portal.referrers.rules import NATURAL_PERSONS, Regime, Status

MAY_SIGN_AHEAD = (Status.INDIVIDUAL, Status.MICRO, Status.COMPANY, Status.ASSOCIATION)
TO_SIGN_WITHIN = timedelta(hours=24)
CLOSED, NOT_YET, OVER, FULL, VOID = "closed", "not_yet", "over", "full", "void"
SAYS = {
    CLOSED: N_("Cette session de signature est fermée."),
    NOT_YET: N_("Cette session de signature n'est pas encore ouverte."),
    OVER: N_("Cette session de signature est terminée."),
    FULL: N_("Tous les contrats prévus pour cet événement sont signés."),
    VOID: N_("Cette session ne peut plus servir : demandez à l'entreprise d'en ouvrir une autre."),
}
LABELS = {
    "": N_("Ouverte"),
    NOT_YET: N_("À venir"),
    OVER: N_("Terminée"),
    FULL: N_("Complète"),
    CLOSED: N_("Fermée"),
    VOID: N_("Sans effet"),
}
TONES = {"": "good", NOT_YET: "wait", VOID: "bad"}
TWO_SIGN = N_("Dans votre entreprise, deux personnes signent : aucun contrat ne peut être signé d'avance.")
NO_PLAN = N_("Ce programme n'a pas de barème en vigueur ces jours-là.")
CONSENT = N_(
    "Signé d'avance pour l'entreprise, session « %(name)s » (%(ref)s) signée le %(at)s, empreinte %(digest)s."
)
SESSION = """
SELECT session.*, programme.name AS programme, programme.ref AS programme_ref, programme.words, plan.name AS plan_name,
       plan_version.number AS plan_number, plan_version.digest AS plan_digest, plan_version.body, signer.name AS signer_name,
       sales.name AS sales_name,
       EXISTS (SELECT FROM membership WHERE user_id = session.signed_by AND role = 'admin' AND ended_at IS NULL)
         AND signer.state = 'active' AS stands
FROM presealed_session session JOIN programme ON programme.id = session.programme_id
JOIN plan_version ON plan_version.id = session.plan_version_id JOIN plan ON plan.id = plan_version.plan_id
JOIN app_user signer ON signer.id = session.signed_by LEFT JOIN app_user sales ON sales.id = session.sales_user_id
"""
SORTS = {
    "name": "lower(session.name)",
    "programme": "programme.name",
    "from": "session.opens_at",
    "signed": "session.signed",
}


# -- doors


async def session_by_ref(ref: str) -> db.Row:
    found = await db.row(f"{SESSION} WHERE session.ref = $1", ref)
    if found is None:
        raise NotFound("session")
    return found


async def sessions(listing: Listing) -> Listing:
    return await listing.fetch(f"{SESSION} WHERE true", sorts=SORTS, then="session.id DESC")


SIGNED = """
SELECT presealed_contract.*, contract.ref, contract.number, contract.state, referrer.ref AS referrer_ref,
       coalesce(nullif(referrer.company_name, ''), concat_ws(' ', referrer.first_name, referrer.last_name)) AS name
FROM presealed_contract JOIN contract ON contract.id = contract_id JOIN referrer ON referrer.id = contract.referrer_id
WHERE session_id = $1
"""


async def contracts_of(session_id: int, listing: Listing) -> Listing:
    return await listing.fetch(SIGNED, session_id, sorts={}, then="begun_at DESC")


async def contract_at(session: db.Row, ref: str, key: str) -> db.Row:
    """One that was begun in this session, by the link that its signatory was led to."""
    if not hmac.compare_digest(key.encode(), key_of(ref).encode()):
        raise NotFound("contract")
    found = await db.value(
        """SELECT contract.id FROM contract JOIN presealed_contract ON contract_id = contract.id
           WHERE contract.ref = $1 AND session_id = $2""",
        ref, session["id"],
    )  # fmt: skip
    if found is None:
        raise NotFound("contract")
    return await access.contract(found)


def key_of(ref: str) -> str:
    return ring().mac(ref, "presealed.contract", 1).hex()[:40]


def path_of(session: db.Row, contract: db.Row) -> str:
    return f"/evenement/{session['ref']}/{contract['ref']}/{key_of(contract['ref'])}"


async def signatory_of(contract: db.Row) -> Person:
    """Who was written down at the event: the owner, who signs by the code in their mail."""
    [owner] = [one for one in await users_of_referrer(contract["referrer_id"]) if one["seat"] == Seat.OWNER]
    return Person(
        user_id=owner["id"], name=owner["name"], email=owner["email"], language=owner["language"],
        roles=frozenset({Role.REFERRER}), referrer_id=contract["referrer_id"], seat=Seat.OWNER,
    )  # fmt: skip


def standing(session: db.Row, at: datetime) -> str:
    """A key of SAYS, or nothing while it may be signed."""
    if session["closed_at"]:
        return CLOSED
    if not session["stands"]:
        return VOID
    if at < session["opens_at"]:
        return NOT_YET
    if at >= session["closes_at"]:
        return OVER
    return FULL if session["signed"] >= session["most"] else ""


# -- the company signs


async def open_session(
    person: Person, place: Place, *, name: str, programme: db.Row, statuses: Sequence[str], opens_at: datetime,
    closes_at: datetime, most: int, sales_user_id: int | None,
) -> db.Row:  # fmt: skip
    """Signed once, for so many contracts of these texts and this plan. The edge has checked the second factor."""
    entity = await company.legal_entity_by(programme["legal_entity_id"])
    if entity["signatures_needed"] > 1:
        raise Refused("two_sign", TWO_SIGN)
    versions = await plans.published_versions(programme["id"], today())
    if not versions:
        raise Refused("no_plan", NO_PLAN)
    ref, at = new_ref(), now()
    signed = {
        "session": ref, "name": name, "programme": programme["ref"], "plan": versions[0]["digest"].hex(),
        "statuses": sorted(statuses), "texts": await _texts(statuses), "from": opens_at.isoformat(),
        "until": closes_at.isoformat(), "most": most,
    }  # fmt: skip
    digest = hashlib.sha256(msgspec.json.encode(signed, order="sorted")).digest()
    said = _(CONSENT) % {"name": name, "ref": ref, "at": moment(at), "digest": digest.hex()}
    session_id = await db.insert(
        "presealed_session",
        ref=ref, name=name, programme_id=programme["id"], plan_version_id=versions[0]["id"], statuses=list(statuses),
        opens_at=opens_at, closes_at=closes_at, most=most, sales_user_id=sales_user_id, texts=signed["texts"],
        digest=digest, consent=said, signed_by=person.user_id, signed_at=at, address=place.address, agent=place.agent[:300],
    )  # fmt: skip
    await record("contracts.presealed", "presealed_session", session_id, digest=digest.hex())
    return await session_by_ref(ref)


async def _texts(statuses: Sequence[str]) -> dict[str, str]:
    """Key → digest of the texts that the company signs: one for each status, and all that may be joined."""
    mains = await access.texts_in_force([main_key(Status(status)) for status in statuses], today())
    joined = await db.rows(
        """SELECT DISTINCT ON (key) key, sha256 FROM contract_text WHERE status = '' AND version <= $1
           ORDER BY key, version DESC""",
        today().isoformat(),
    )
    return {text["key"]: text["sha256"].hex() for text in (*mains, *joined)}


async def close(session: db.Row) -> None:
    """From now on nobody signs by it any more, also who has begun."""
    await db.execute(
        "UPDATE presealed_session SET closed_at = $2, closed_by = $3, version = version + 1 WHERE id = $1 AND closed_at IS NULL",
        session["id"], now(), current().actor.user_id,
    )  # fmt: skip
    await record("contracts.presealed_closed", "presealed_session", session["id"])


# -- somebody signs at the event


async def begin(
    session: db.Row,
    status: Status,
    regime: Regime,
    *,
    email: str,
    language: str,
    identity: dict[str, Any],
    vat_on_debits: bool = False,
) -> db.Row:
    """Somebody new: their file, and the contract to read. Nothing is mailed yet. Raises Refused when they are known."""
    _refuse_unless_open(session)
    said = Answers(True, "no", "no", identity.get("country", "FR"), email.rpartition("@")[2])
    if why := turned_away(said, await joining.house()):
        raise Refused(why, WHY_SAYS[why])
    made = await referrer_actions.invite(
        email, identity.get("first_name", ""), identity.get("last_name", "") or identity.get("represented_by", ""),
        sales_user_id=session["sales_user_id"], language=language,
    )  # fmt: skip
    await applying.keep_origin(made["id"], "event", session["programme_id"])
    await referrer_actions.fill_profile(
        made, status=status, vat_regime=regime, since=today(), vat_on_debits=vat_on_debits, **identity
    )
    if status in NATURAL_PERSONS:
        await referrer_actions.declare(made["id"])
    return await _to_sign(session, made["id"])


async def begin_again(session: db.Row, referrer_id: int) -> db.Row:
    """A referrer who is here already, with what is on their file."""
    _refuse_unless_open(session)
    known = await referrers.standing_on(referrer_id, today())
    if known is None or known.status not in session["statuses"]:
        raise Refused("profile_missing", N_("Complétez d'abord votre profil."))
    return await _to_sign(session, referrer_id)


async def _to_sign(session: db.Row, referrer_id: int) -> db.Row:
    drafted = await actions.draft(referrer_id, session["programme_id"], session["plan_version_id"])
    signed_ahead = set(session["texts"].values())
    if any(text["sha256"].hex() not in signed_ahead for text in await access.texts_of(drafted)):
        raise Refused("presealed_void", SAYS[VOID])
    await actions.move(
        drafted, "send", sent_at=now(), expires_at=min(session["closes_at"], now() + TO_SIGN_WITHIN)
    )
    await db.execute(
        "INSERT INTO presealed_contract (contract_id, session_id, begun_at) VALUES ($1, $2, $3)",
        drafted["id"], session["id"], now(),
    )  # fmt: skip
    return await access.contract(drafted["id"])


async def sign(contract: db.Row, code: str, place: Place) -> db.Row:
    """By the code in their mail, which also opens their account. Call `signing.count_try` first."""
    signer = await signatory_of(contract)
    await signing.sign(contract, signer, code, place)
    if (await user(signer.user_id))["state"] == UserState.INVITED:
        await people.accept(signer.user_id, signer.name, "")
    return await access.contract(contract["id"])


async def countersign_ahead(events: list[ContractSigned]) -> None:
    """What was signed in a session is countersigned in the same deed. Raises Refused when the session is over or full."""
    for event in events:
        session = await db.row(
            """SELECT session.* FROM presealed_session session JOIN presealed_contract ON session_id = session.id
               WHERE contract_id = $1 FOR NO KEY UPDATE OF session""",
            event.contract_id,
        )
        if session is not None:
            await _countersign(await session_by_ref(session["ref"]), event.contract_id)


async def _countersign(session: db.Row, contract_id: int) -> None:
    """One at a time in a session: its number is never passed."""
    _refuse_unless_open(session)
    place_taken = session["signed"] + 1
    await db.execute("UPDATE presealed_session SET signed = $2 WHERE id = $1", session["id"], place_taken)
    await db.execute(
        "UPDATE presealed_contract SET place = $2, signed_at = $3 WHERE contract_id = $1",
        contract_id, place_taken, now(),
    )  # fmt: skip
    signer = await user(session["signed_by"])
    ahead = Person(
        user_id=signer["id"], name=signer["name"], email=signer["email"], language="fr", roles=frozenset({Role.ADMIN})
    )  # fmt: skip
    contract = await access.contract(contract_id)
    await signing.countersign_ahead(
        contract, ahead, session["consent"], Place(session["address"], session["agent"])
    )


def _refuse_unless_open(session: db.Row) -> None:
    if code := standing(session, now()):
        raise Refused(f"presealed_{code}", SAYS[code])
