"""What is done before an employee of a partner joins, and the written consent of the employer."""

import hashlib
import hmac
import secrets
from datetime import date, timedelta
from typing import Any

from portal.company import access as company
from portal.history.access import record
from portal.kit import db
from portal.kit.days import add_months, at, now, today
from portal.kit.files import Kept, Store, attach, keep
from portal.kit.keyring import ring
from portal.kit.problems import NotFound, Refused
from portal.kit.references import new_ref
from portal.kit.text import N_, _, moment, money, speaking
from portal.law import NoFigure
from portal.law.partner_employees import Slices, slices
from portal.referrers import access, actions
from portal.referrers.joining import access as joining
from portal.referrers.joining import applying, mails_employer
from portal.referrers.joining.partner_employee import OWN_GROUP, Gate, effect_of, outcome
from portal.referrers.rules import CODE_DIGITS, CODE_LASTS, CODE_TRIES, Status

ASKED_FOR, LASTS_MONTHS = timedelta(days=30), 12
REMINDED_BEFORE = timedelta(days=30)
EXAMPLE_CENTS = 500_00
WRONG = N_("Ce code n'est pas le bon, ou il n'est plus valable.")
SETTLED = N_("Cet accord a déjà reçu une réponse.")
NOT_PASSED = N_("Répondez d'abord aux questions sur votre employeur.")
SAME_PERSON = N_("Indiquez une autre personne que vous : c'est votre employeur qui donne son accord.")
CONSENT = N_(
    "%(employer)s sait que %(name)s, qui y est salarié, recommande des clients à %(company)s et en reçoit une commission. L'entreprise y consent. Elle est informée une fois par an des sommes versées. Cet accord vaut un an et peut être retiré à tout moment."
)
PROOF = N_(
    "%(words)s\n\nDonné par %(signer)s, %(capacity)s, le %(at)s.\nAdresse e-mail vérifiée par un code : %(email)s\nAdresse du réseau : %(address)s\nNavigateur : %(agent)s\nEmpreinte SHA-256 de ces mots : %(digest)s\n"
)


async def file_of(referrer_id: int) -> db.Row | None:
    return await db.row("SELECT * FROM partner_employment WHERE referrer_id = $1", referrer_id)


async def may_go_on(referrer: db.Row, standing_status: str) -> bool:
    """They passed the gates, or were here as such before there were any."""
    file = await file_of(referrer["id"])
    return standing_status == Status.PARTNER_EMPLOYEE or (file is not None and file["state"] == "agreed")


# -- the gates


async def answer(referrer_id: int, gate: Gate, code: str) -> None:
    """Raises Refused for what is no answer. A gate that refuses ends it, with its reason."""
    if effect_of(gate, code) is None:
        raise Refused("no_answer", N_("Choisissez une des réponses proposées."))
    await db.execute(
        """INSERT INTO partner_employment (referrer_id, state, answers) VALUES ($1, 'answering', jsonb_build_object($2::text, $3::text))
           ON CONFLICT (referrer_id) DO UPDATE SET answers = partner_employment.answers || jsonb_build_object($2::text, $3::text),
             version = partner_employment.version + 1 WHERE partner_employment.state = 'answering'""",
        referrer_id, gate.value, code,
    )  # fmt: skip
    file = await file_of(referrer_id)
    assert file is not None
    now_at = outcome(file["answers"])
    await record("referrers.gate", "referrer", referrer_id, gate=gate)
    if now_at.refused and file["state"] == "answering":
        await _refuse(referrer_id, now_at.refused)
    elif now_at.is_open:
        await db.execute(
            "UPDATE partner_employment SET customary = $2 WHERE referrer_id = $1",
            referrer_id,
            now_at.customary,
        )


async def _refuse(referrer_id: int, why: str) -> None:
    await db.execute(
        "UPDATE partner_employment SET state = 'refused', reason = $2, version = version + 1 WHERE referrer_id = $1",
        referrer_id, why,
    )  # fmt: skip
    await record("referrers.gate_refused", "referrer", referrer_id, why=why)


async def begin_anew(referrer_id: int) -> None:
    """An answer was wrong; what was agreed to stays agreed to."""
    await db.execute(
        """UPDATE partner_employment SET state = 'answering', answers = '{}', reason = '', customary = NULL, employer_name = '',
             employer_siren = '', contact_name = '', contact_email = '', version = version + 1
           WHERE referrer_id = $1 AND state IN ('answering', 'refused')""",
        referrer_id,
    )
    await record("referrers.gates_anew", "referrer", referrer_id)


async def name_employer(referrer: db.Row, *, name: str, siren: str, contact: str, email: str) -> None:
    """Who the employer is. One of the group ends it; one who contracts himself is invited."""
    file = await _passed(referrer["id"])
    if email in (
        referrer["email"],
        *[one["email"] for one in [await access.owner_of(referrer["id"])] if one],
    ):
        raise Refused("same_person", SAME_PERSON)
    await db.execute(
        """UPDATE partner_employment SET employer_name = $2, employer_siren = $3, contact_name = $4, contact_email = $5,
             version = version + 1 WHERE referrer_id = $1""",
        referrer["id"], name, siren, contact, email,
    )  # fmt: skip
    if siren in (await joining.own_group())["sirens"]:
        await _refuse(referrer["id"], OWN_GROUP)
    elif outcome(file["answers"]).by_employer:
        await _invite_employer(referrer, name, contact, email)


async def _passed(referrer_id: int) -> db.Row:
    file = await file_of(referrer_id)
    if file is None or file["state"] != "answering" or not outcome(file["answers"]).is_open:
        raise Refused("gates_not_passed", NOT_PASSED)
    return file


async def _invite_employer(referrer: db.Row, name: str, contact: str, email: str) -> None:
    """The default: he signs, and pays his employee."""
    first, _space, last = contact.partition(" ")
    made = await actions.invite(email, first, last, sales_user_id=referrer["sales_user_id"])
    await actions.change_identity(made, company_name=name)
    origin = await joining.origin_of(referrer["id"])
    await applying.keep_origin(made["id"], "employer", origin["programme_id"] if origin else None)
    await db.execute(
        "UPDATE partner_employment SET state = 'by_employer', version = version + 1 WHERE referrer_id = $1",
        referrer["id"],
    )
    await record("referrers.employer_invited", "referrer", referrer["id"], employer=made["id"])


async def keep_authorisation(referrer_id: int, kept: Kept) -> None:
    """Of a public agent, to hold another activity."""
    await _passed(referrer_id)
    file = await attach(kept, "referrer", referrer_id)
    await db.execute(
        "UPDATE partner_employment SET authorisation_file = $2, version = version + 1 WHERE referrer_id = $1",
        referrer_id, file["id"],
    )  # fmt: skip
    await record("referrers.authorisation", "referrer", referrer_id, file=file["id"])


async def agree(referrer: db.Row, words: str) -> None:
    """They have read what the employer will be told, and agree; the employer is asked for his consent."""
    file = await _passed(referrer["id"])
    missing = outcome(file["answers"]).needs_authorisation and not file["authorisation_file"]
    if missing or not file["employer_siren"]:
        raise Refused("gates_not_passed", NOT_PASSED)
    await db.execute(
        """UPDATE partner_employment SET state = 'agreed', agreed_at = $2, agreed_sha256 = $3, version = version + 1
           WHERE referrer_id = $1""",
        referrer["id"], now(), hashlib.sha256(words.encode()).digest(),
    )  # fmt: skip
    await actions.change_identity(
        referrer, employer_name=file["employer_name"], employer_siren=file["employer_siren"]
    )
    await record("referrers.employer_letter_agreed", "referrer", referrer["id"])
    await ask_consent(referrer["id"])


# -- what the employer is told


async def sample(referrer: db.Row, customary: bool) -> dict[str, Any]:
    """The yearly letter on an example: what is paid, what of it is exempt, what is owed on the rest."""
    year, cut = await _example(customary)
    entity = await company.legal_entity()
    return {
        "year": year, "total": EXAMPLE_CENTS, "exempt": cut.exempt_cents, "flat": cut.flat_cents,
        "ordinary": cut.ordinary_cents, "contribution": cut.contribution_cents, "company": entity["name"] if entity else "",
        "employee": f"{referrer['first_name']} {referrer['last_name']}".strip(), "customary": customary,
    }  # fmt: skip


async def _example(customary: bool) -> tuple[int, Slices]:
    """Of this year, or of the last whose figures are published."""
    figures = await company.figures()
    for year in range(today().year, today().year - 4, -1):
        try:
            return year, slices(EXAMPLE_CENTS, year, figures, customary=customary)
        except NoFigure:
            continue
    return today().year, Slices(0, 0, EXAMPLE_CENTS, 0)


def told(shown: dict[str, Any]) -> str:
    """The words that they agree to, as one text: its digest is kept."""
    amounts = [
        f"{name}: {money(shown[name])}" for name in ("total", "exempt", "flat", "ordinary", "contribution")
    ]
    return "\n".join([shown["company"], shown["employee"], str(shown["year"]), *amounts])


# -- the consent of the employer

CONSENTS = "SELECT * FROM employer_consent WHERE referrer_id = $1 ORDER BY id DESC"


async def latest_consent(referrer_id: int) -> db.Row | None:
    return await db.row(f"{CONSENTS} LIMIT 1", referrer_id)


async def consent_at(ref: str, key: str) -> db.Row:
    """By the link in the mail to the employer."""
    found = await db.row("SELECT * FROM employer_consent WHERE ref = $1", ref)
    if found is None or not hmac.compare_digest(key.encode(), mails_employer.key_of(ref).encode()):
        raise NotFound("consent")
    return found


async def ask_consent(referrer_id: int) -> None:
    """Mail the employer's contact a link; an earlier one that waits opens nothing any more."""
    referrer, file = await access.referrer(referrer_id), await file_of(referrer_id)
    if file is None or file["state"] != "agreed":
        raise Refused("gates_not_passed", NOT_PASSED)
    await db.execute(
        "UPDATE employer_consent SET state = 'expired', ended_at = $2 WHERE referrer_id = $1 AND state = 'asked'",
        referrer_id, now(),
    )  # fmt: skip
    words = await _words(referrer, file["employer_name"])
    consent_id = await db.insert(
        "employer_consent",
        ref=new_ref(), referrer_id=referrer_id, state="asked", employer_name=file["employer_name"],
        contact_name=file["contact_name"], email=file["contact_email"], asked_at=now(), expires_at=now() + ASKED_FOR,
        words=words, words_sha256=hashlib.sha256(words.encode()).digest(),
    )  # fmt: skip
    await record("referrers.consent_asked", "referrer", referrer_id)
    await mails_employer.ask(await _consent(consent_id), referrer)


async def _words(referrer: db.Row, employer: str) -> str:
    """French, whatever the reader's language: it is a legal paper."""
    entity = await company.legal_entity()
    name = f"{referrer['first_name']} {referrer['last_name']}".strip()
    with speaking("fr"):
        return _(CONSENT) % {"employer": employer, "name": name, "company": entity["name"] if entity else ""}


async def _consent(consent_id: int) -> db.Row:
    found = await db.row("SELECT * FROM employer_consent WHERE id = $1", consent_id)
    assert found is not None
    return found


async def mail_code(consent: db.Row) -> None:
    """A code for these very words; the one before no longer counts."""
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    await db.execute(
        "UPDATE employer_consent SET code_hash = $2, code_expires_at = $3, code_tries = 0 WHERE id = $1 AND state = 'asked'",
        consent["id"], _hash(consent, code), now() + CODE_LASTS,
    )  # fmt: skip
    await mails_employer.code(consent, code)


async def takes_code(consent: db.Row, typed: str) -> bool:
    """In a transaction of its own, so that a wrong code costs a try whatever follows."""
    async with db.transaction():
        sent = await db.row(
            """UPDATE employer_consent SET code_tries = code_tries + 1 WHERE id = $1 AND state = 'asked' AND code_tries < $2
                 AND code_expires_at > $3 RETURNING code_hash""",
            consent["id"], CODE_TRIES, now(),
        )  # fmt: skip
    return sent is not None and hmac.compare_digest(sent["code_hash"], _hash(consent, typed))


def _hash(consent: db.Row, code: str) -> bytes:
    digits = "".join(code.split())
    return ring().mac(f"{consent['id']}.{consent['words_sha256'].hex()}.{digits}", "employer_consent.code", 1)


async def proof_of(consent: db.Row, *, signer: str, capacity: str, address: str, agent: str) -> Kept:
    """What was consented to, by whom, when and from where, as a file; stored before the deed."""
    with speaking("fr"):
        text = _(PROOF) % {
            "words": consent["words"], "signer": signer, "capacity": capacity, "at": moment(now()), "email": consent["email"],
            "address": address, "agent": agent[:300], "digest": consent["words_sha256"].hex(),
        }  # fmt: skip
    return await keep(Store.UPLOADS, text.encode(), media_type="text/plain", name="accord-employeur.txt")


async def give(consent: db.Row, proof: Kept, *, signer: str, capacity: str, address: str, agent: str) -> None:
    """The employer consents, for a year."""
    await _end_former(consent["referrer_id"])
    file = await attach(proof, "referrer", consent["referrer_id"])
    given = await db.execute(
        """UPDATE employer_consent SET state = 'given', given_at = $2, expires_at = $3, signer_name = $4, capacity = $5,
             address = $6, agent = $7, file_id = $8, version = version + 1 WHERE id = $1 AND state = 'asked'""",
        consent["id"], now(), _until(today()), signer, capacity, address, agent[:300], file["id"],
    )  # fmt: skip
    if not given:
        raise Refused("consent_settled", SETTLED)
    await _block(consent["referrer_id"], file["id"])
    await record("referrers.employer_consent", "referrer", consent["referrer_id"], file=file["id"])
    await mails_employer.tell_given(await _consent(consent["id"]))


async def record_paper(referrer: db.Row, kept: Kept) -> None:
    """A consent signed on paper, for which whoever uploads it vouches: it lasts as long as any other."""
    await db.execute(
        "UPDATE employer_consent SET state = 'expired', ended_at = $2 WHERE referrer_id = $1 AND state IN ('asked', 'given')",
        referrer["id"], now(),
    )  # fmt: skip
    await actions.keep_employer_consent(referrer, kept)
    file_id = await db.value("SELECT employer_consent_file FROM referrer WHERE id = $1", referrer["id"])
    words = await _words(referrer, referrer["employer_name"])
    await db.insert(
        "employer_consent",
        ref=new_ref(), referrer_id=referrer["id"], state="given", employer_name=referrer["employer_name"], asked_at=now(),
        given_at=now(), expires_at=_until(today()), words=words, words_sha256=hashlib.sha256(words.encode()).digest(), file_id=file_id,
    )  # fmt: skip


async def _end_former(referrer_id: int) -> None:
    await db.execute(
        "UPDATE employer_consent SET state = 'expired', ended_at = $2 WHERE referrer_id = $1 AND state = 'given'",
        referrer_id, now(),
    )  # fmt: skip


def _until(day: date) -> Any:
    return at(add_months(day, LASTS_MONTHS), 0)


async def _block(referrer_id: int, file_id: int | None) -> None:
    """Without a consent on file nothing is paid (`employer_missing`)."""
    await db.execute(
        "UPDATE referrer SET employer_consent_file = $2, version = version + 1 WHERE id = $1",
        referrer_id,
        file_id,
    )


async def decline(consent: db.Row) -> None:
    """The employer says no, or no longer: nothing more is paid from now on."""
    wanted = {"asked": "refused", "given": "withdrawn"}.get(consent["state"])
    if wanted is None:
        raise Refused("consent_settled", SETTLED)
    await db.execute(
        "UPDATE employer_consent SET state = $2, ended_at = $3, version = version + 1 WHERE id = $1 AND state = $4",
        consent["id"], wanted, now(), consent["state"],
    )  # fmt: skip
    await _block(consent["referrer_id"], None)
    await record(f"referrers.consent_{wanted}", "referrer", consent["referrer_id"])
    await mails_employer.tell_ended(await _consent(consent["id"]))


async def lapse_due() -> int:
    """What was never answered, and what has lasted its year; those that end in a month are recalled once."""
    due = await db.rows(
        "SELECT * FROM employer_consent WHERE state IN ('asked', 'given') AND expires_at <= $1 ORDER BY id FOR NO KEY UPDATE",
        now(),
    )
    for consent in due:
        await db.execute(
            "UPDATE employer_consent SET state = 'expired', ended_at = $2 WHERE id = $1", consent["id"], now()
        )
        if consent["state"] == "given":
            await _block(consent["referrer_id"], None)
        await record("referrers.consent_expired", "referrer", consent["referrer_id"])
        await mails_employer.tell_ended(await _consent(consent["id"]))
    for consent in await db.rows(
        """UPDATE employer_consent SET reminded_at = $1 WHERE state = 'given' AND reminded_at IS NULL AND expires_at <= $2
           RETURNING *""",
        now(), now() + REMINDED_BEFORE,
    ):  # fmt: skip
        await mails_employer.recall(consent)
    return len(due)
