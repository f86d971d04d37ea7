"""The only doors to referrers."""

import hmac
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any

from portal.company import access as company
from portal.kit import db, files
from portal.kit.days import at, now, today
from portal.kit.keyring import ring
from portal.kit.listing import Listing
from portal.kit.problems import NotFound
from portal.law.withholding import Withholding, withholding
from portal.people.rules import Person
from portal.referrers import rules
from portal.referrers.payee_rules import First, first_of
from portal.referrers.rules import LEGAL_PERSONS, LIVING, BankState, Regime, Standing, Status
from portal.referrers.standing_rules import Change, change_to, standing_in
from portal.referrers.vigilance.lines import NOTICES

NAME = "coalesce(nullif(referrer.company_name, ''), concat_ws(' ', referrer.first_name, referrer.last_name))"
REFERRER = f"""
SELECT referrer.*, {NAME} AS name, sales.name AS sales_name, sales.phone AS sales_phone, sales.email AS sales_email,
       array(SELECT former.number FROM referrer former WHERE former.alias_of = referrer.id ORDER BY former.number) AS formerly,
       (SELECT stays.ref FROM referrer stays WHERE stays.id = referrer.alias_of) AS joined_ref,
       papers.wanted AS papers_wanted, papers.late AS papers_late,
       (SELECT count(*) FROM referrer_document WHERE referrer_id = referrer.id AND state = 'received') AS papers_received
FROM referrer
CROSS JOIN LATERAL (SELECT count(*) AS wanted, count(*) FILTER (WHERE told = {len(NOTICES)}) AS late
  FROM document_request WHERE referrer_id = referrer.id AND closed_at IS NULL) papers
LEFT JOIN app_user sales ON sales.id = referrer.sales_user_id
"""


# A certificate of tax residence covers the day: nothing is withheld from who lives outside France.
CERTIFIED = """EXISTS (SELECT FROM referrer_document paper WHERE paper.referrer_id = referrer.id AND paper.kind = 'residence'
  AND paper.state IN ('accepted', 'replaced') AND paper.checked_at IS NOT NULL
  AND coalesce(paper.issued_on, paper.checked_at::date) <= {0} AND (paper.valid_until IS NULL OR paper.valid_until >= {0}))"""


async def referrer_for(person: Person, ref: str) -> db.Row:
    """A referrer sees themselves; staff see all."""
    found = await db.row(
        f"{REFERRER} WHERE referrer.ref = $1 AND ($2 OR referrer.id = $3)",
        ref,
        person.is_staff,
        person.referrer_id,
    )
    if found is None:
        raise NotFound("referrer")
    return found


async def referrer_by_number(number: str) -> db.Row | None:
    return await db.row(f"{REFERRER} WHERE referrer.number = $1", number.strip().upper())


async def roots_of(referrer_ids: Collection[int]) -> dict[int, int]:
    """Of those whose file has joined another: the one that stays."""
    found = await db.rows(
        "SELECT id, alias_of FROM referrer WHERE id = ANY ($1::bigint[]) AND alias_of IS NOT NULL",
        list(referrer_ids),
    )
    return {row["id"]: row["alias_of"] for row in found}


async def referrer(referrer_id: int) -> db.Row:
    found = await db.row(f"{REFERRER} WHERE referrer.id = $1", referrer_id)
    if found is None:
        raise NotFound("referrer")
    return found


LIST = f"""
SELECT referrer.id, referrer.ref, referrer.number, referrer.state, referrer.email, {NAME} AS name,
       sales.name AS sales_name, standing.status, contract.number AS contract, contract.ref AS contract_ref,
       contract.state AS contract_state
FROM referrer
LEFT JOIN app_user sales ON sales.id = referrer.sales_user_id
LEFT JOIN LATERAL (SELECT status FROM referrer_standing
    WHERE referrer_id = referrer.id AND since <= CAST($1 AS date) ORDER BY since DESC, id DESC LIMIT 1) standing ON true
LEFT JOIN LATERAL (SELECT number, ref, state FROM contract WHERE referrer_id = referrer.id
    AND contract.state NOT IN ('refused', 'expired', 'withdrawn') ORDER BY contract.state IN ('in_force', 'suspended') DESC, id DESC LIMIT 1) contract ON true
WHERE referrer.state <> 'merged'
"""
SORTS = {
    "name": f"lower({NAME})", "number": "referrer.number", "status": "standing.status", "state": "referrer.state",
    "sales": "lower(sales.name)",
}  # fmt: skip
WHERE = {
    "q": f"concat_ws(' ', {NAME}, referrer.first_name, referrer.last_name, referrer.number, referrer.email, referrer.siret) ILIKE {{}}",
    "etat": "referrer.state = {}",
    "statut": "standing.status = {}",
}


async def referrers_for(listing: Listing) -> Listing:
    return await listing.fetch(LIST, today(), sorts=SORTS, then="referrer.id DESC", where=WHERE)


@files.door("referrer")
async def opens_file(person: Person, referrer_id: int) -> object:
    return await referrer_for(person, (await referrer(referrer_id))["ref"])


async def referrer_by_email(email: str) -> db.Row | None:
    """Whoever is known under this address, or sits for a referrer as its owner."""
    return await db.row(
        f"""{REFERRER} WHERE referrer.state <> 'merged' AND (lower(referrer.email) = $1 OR EXISTS (
              SELECT FROM membership JOIN app_user ON app_user.id = membership.user_id
              WHERE membership.referrer_id = referrer.id AND membership.ended_at IS NULL AND membership.seat = 'owner'
                AND app_user.email = $1)) ORDER BY referrer.id LIMIT 1""",
        email.strip().lower(),
    )


async def owner_of(referrer_id: int) -> db.Row | None:
    """The user who speaks for the referrer, and to whom mails go."""
    return await db.row(
        """SELECT app_user.* FROM membership JOIN app_user ON app_user.id = membership.user_id
           WHERE membership.referrer_id = $1 AND membership.ended_at IS NULL
           ORDER BY membership.seat = 'owner' DESC, membership.id LIMIT 1""",
        referrer_id,
    )


async def standing_on(referrer_id: int, day: date) -> Standing | None:
    """What rules on that day: the latest recorded row among those that have begun."""
    return ruling(await standings_of(referrer_id), day)


def ruling(standings: Sequence[Any], day: date) -> Standing | None:
    """Among standings_of(), for a page that shows them too."""
    begun = [row for row in standings if row["since"] <= day]
    if not begun:
        return None
    return Standing(Status(begun[-1]["status"]), Regime(begun[-1]["vat_regime"]), begun[-1]["vat_on_debits"])


async def standings_of(referrer_id: int) -> list[db.Row]:
    """All that was ever recorded, the earliest day first."""
    return await db.rows(
        "SELECT * FROM referrer_standing WHERE referrer_id = $1 ORDER BY since, id", referrer_id
    )


async def standings_told(referrer_id: int) -> list[db.Row]:
    """The same, with who recorded each and the proof of the option for débits."""
    return await db.rows(
        """SELECT referrer_standing.*, app_user.name AS who, file.ref AS proof_ref
           FROM referrer_standing LEFT JOIN app_user ON app_user.id = by_user
           LEFT JOIN stored_file file ON file.id = proof_file AND file.erased_at IS NULL
           WHERE referrer_id = $1 ORDER BY since, referrer_standing.id""",
        referrer_id,
    )


async def electronic_addresses_of(referrer_id: int) -> list[db.Row]:
    """Every address for electronic invoices that was on file, the latest first."""
    return await db.rows(
        "SELECT * FROM electronic_address WHERE referrer_id = $1 ORDER BY id DESC", referrer_id
    )


async def size_of(referrer_id: int) -> str:
    """Of their company, as finance has put it on file for e-invoicing; '' while nobody has."""
    return await db.value(
        "SELECT coalesce((SELECT size FROM supplier_size WHERE referrer_id = $1 ORDER BY id DESC LIMIT 1), '')",
        referrer_id,
    )


async def change_by(standing_id: int) -> Change:
    """What one record changed when it was made, though others may have been recorded since."""
    recorded = await db.row("SELECT * FROM referrer_standing WHERE id = $1", standing_id)
    assert recorded is not None
    earlier = [row for row in await standings_of(recorded["referrer_id"]) if row["id"] < standing_id]
    return change_to(earlier, standing_in(recorded), recorded["since"])


async def usable_bank_detail(referrer_id: int) -> db.Row | None:
    """Where money may go now. None while a change waits: then neither the old account nor the new one is paid."""
    return await db.row(
        """SELECT * FROM (SELECT * FROM bank_detail WHERE referrer_id = $1 AND state = ANY ($2) ORDER BY id DESC LIMIT 1)
           WHERE state <> 'proposed' AND usable_from <= $3""",
        referrer_id, LIVING, now(),
    )  # fmt: skip


async def waiting_bank_detail(referrer_id: int) -> db.Row | None:
    return waiting_among(await living_bank_details(referrer_id))


def waiting_among(details: list[db.Row]) -> db.Row | None:
    """The change that is not used yet, in a list that begins with the latest."""
    latest = next((detail for detail in details if detail["state"] in LIVING), None)
    return latest if latest and latest["state"] != BankState.USABLE else None


async def living_bank_details(referrer_id: int) -> list[db.Row]:
    """The account in use and the change that waits, the latest first."""
    return await db.rows(
        "SELECT * FROM bank_detail WHERE referrer_id = $1 AND state = ANY ($2) ORDER BY id DESC",
        referrer_id,
        LIVING,
    )


async def bank_detail(bank_detail_id: int) -> db.Row:
    found = await db.row("SELECT * FROM bank_detail WHERE id = $1", bank_detail_id)
    assert found is not None
    return found


async def bank_detail_by_token(ref: str, token: str) -> db.Row:
    """By the link in the mail to the old address, whoever holds it."""
    found = await db.row("SELECT * FROM bank_detail WHERE ref = $1", ref)
    if found is None or not hmac.compare_digest(token.encode(), cancel_token(ref).encode()):
        raise NotFound("bank detail")
    return found


def cancel_token(ref: str) -> str:
    return ring().mac(ref, "bank_detail.cancel", 1).hex()[:40]


async def bank_details_of(referrer_id: int) -> list[db.Row]:
    """All that were ever given, the latest first; `.twins` are the referrers who are paid there too: ref and name."""
    return await db.rows(
        f"""SELECT bank_detail.*, (
              SELECT jsonb_agg(DISTINCT jsonb_build_object('ref', referrer.ref, 'name', {NAME}))
              FROM bank_detail twin JOIN referrer ON referrer.id = twin.referrer_id
              WHERE twin.iban_blind = bank_detail.iban_blind AND twin.referrer_id <> $1 AND twin.state = ANY ($2)) AS twins
            FROM bank_detail WHERE referrer_id = $1 ORDER BY id DESC""",
        referrer_id, LIVING,
    )  # fmt: skip


async def is_shared(iban_blind: bytes, referrer_id: int) -> bool:
    """Another referrer is paid there, or has given this account."""
    return await db.value(
        """SELECT EXISTS (SELECT FROM bank_detail JOIN referrer ON referrer.id = referrer_id
             WHERE iban_blind = $1 AND referrer_id <> $2 AND bank_detail.state = ANY ($3) AND referrer.state <> 'merged')""",
        iban_blind, referrer_id, LIVING,
    )  # fmt: skip


async def confirmation_due(referrer_id: int, day: date) -> db.Row | None:
    """The question that waits for an answer on that day: .reason .asked_on .reminded."""
    return await db.row(
        "SELECT * FROM standing_confirmation WHERE referrer_id = $1 AND confirmed_at IS NULL AND asked_on <= $2",
        referrer_id, day,
    )  # fmt: skip


async def vat_check_on(referrer_id: int, day: date) -> db.Row | None:
    """The last answer of VIES by the end of that day about the number on file: .number .result .asked_at .consultation."""
    return await db.row(
        """SELECT answer.* FROM register_answer answer JOIN referrer ON referrer.id = referrer_id
           WHERE referrer_id = $1 AND register = 'vat' AND answer.number = referrer.vat_number AND asked_at < $2
           ORDER BY answer.id DESC LIMIT 1""",
        referrer_id, at(day + timedelta(days=1), 0),
    )  # fmt: skip


async def payee_on(referrer_id: int, day: date) -> First | None:
    """Who is paid before the referrer on that day, and how much at most; none: the referrer."""
    return first_of(await db.rows("SELECT * FROM payee WHERE referrer_id = $1", referrer_id), day)


ASIDE = f"""
SELECT ARRAY(SELECT standing FROM referrer_standing standing WHERE standing.referrer_id = referrer.id ORDER BY since, standing.id) AS standings,
       ARRAY(SELECT payee FROM payee WHERE payee.referrer_id = referrer.id) AS payees,
       (SELECT answer FROM register_answer answer WHERE answer.referrer_id = referrer.id AND register = 'vat'
          AND answer.number = referrer.vat_number ORDER BY answer.id DESC LIMIT 1) AS vat_check,
       {CERTIFIED.format("CAST($2 AS date)")} AS certified,
       (SELECT min(greatest(lead.moved_at, lead.said_at)) FROM lead WHERE lead.referrer_id = referrer.id
          AND lead.state IN ('accepted', 'contacted', 'qualified', 'proposal')) AS unheard_since
FROM referrer WHERE id = $1
"""


async def aside_of(referrer_id: int, day: date) -> db.Row:
    """What the page of one referrer tells beside their file, in one question: .standings .payees .vat_check .certified,
    and since when one of their recommendations has been without news: .unheard_since."""
    found = await db.row(ASIDE, referrer_id, day)
    assert found is not None
    return found


async def is_certified(referrer_id: int, day: date) -> bool:
    """A residence certificate on file covers the day."""
    return await db.value(
        f"SELECT {CERTIFIED.format('CAST($2 AS date)')} FROM referrer WHERE id = $1", referrer_id, day
    )


async def withholding_on(referrer_id: int, day: date) -> Withholding:
    """What has to be kept back of what they are paid for the facts of that day, and why or why not."""
    found, standing = await referrer(referrer_id), await standing_on(referrer_id, day)
    certified = await is_certified(referrer_id, day)
    return await withheld_from(found["country"], standing, certified, day)


async def withheld_from(country: str, standing: Standing | None, certified: bool, day: date) -> Withholding:
    """The same, for a page that has read all this."""
    legal_person = standing is not None and standing.status in LEGAL_PERSONS
    return withholding(country, legal_person, certified, day, await company.figures())


async def paper_blocks(referrer_id: int, day: date) -> list[str]:
    found = dict(await referrer(referrer_id)) | {"certified": await is_certified(referrer_id, day)}
    return rules.paper_blocks(found, await standing_on(referrer_id, day))
