"""The only doors to claims and adjustments."""

from dataclasses import dataclass
from datetime import datetime

from portal.deals import access as deals
from portal.earnings import access
from portal.kit import db, files
from portal.kit.listing import Listing
from portal.kit.problems import NotFound, Refused
from portal.kit.text import N_
from portal.leads import access as leads
from portal.people.rules import Person
from portal.referrers.access import NAME

# Claims

CLAIM = f"""
SELECT claim.*, {NAME} AS referrer_name, referrer.ref AS referrer_ref, referrer.number AS referrer_number, answerer.name AS answerer,
       earning.ref AS earning_ref, earning.amount, earning.unit, deal.ref AS deal_ref, coalesce(deal.title, lead.company_name) AS deal_title,
       lead.ref AS lead_ref,
       coalesce(client.name, lead.company_name) AS company_name,
       CASE WHEN claim.earning_id IS NOT NULL THEN 'earning' WHEN claim.deal_id IS NOT NULL THEN 'deal' ELSE 'lead' END AS about
FROM claim JOIN referrer ON referrer.id = claim.referrer_id
LEFT JOIN earning ON earning.id = claim.earning_id
LEFT JOIN deal ON deal.id = coalesce(claim.deal_id, earning.deal_id)
LEFT JOIN client ON client.id = deal.client_id
LEFT JOIN lead ON lead.id = coalesce(claim.lead_id, earning.lead_id)
LEFT JOIN app_user answerer ON answerer.id = claim.answered_by
"""
MINE = "($1::boolean OR claim.referrer_id = ANY ((SELECT ids_of($2))::bigint[]))"
WAITS = "claim.state <> 'answered'"


async def claim_for(person: Person, ref: str) -> db.Row:
    """A referrer sees their own; staff see all."""
    found = await db.row(f"{CLAIM} WHERE claim.ref = $3 AND {MINE}", person.is_staff, person.referrer_id, ref)
    if found is None:
        raise NotFound("claim")
    return found


async def claim(claim_id: int) -> db.Row:
    found = await db.row(f"{CLAIM} WHERE claim.id = $1", claim_id)
    assert found is not None
    return found


async def claims_of(person: Person, listing: Listing) -> Listing:
    """What waits comes first, the nearest deadline before the others."""
    return await listing.fetch(
        f"{CLAIM} WHERE {MINE}", person.is_staff, person.referrer_id,
        sorts={"due": "claim.due_at", "opened": "claim.opened_at"},
        then=f"{WAITS} DESC, CASE WHEN {WAITS} THEN claim.due_at END, claim.opened_at DESC, claim.id",
        where={"etat": "claim.state = {}", "q": f"{NAME} ILIKE {{}} OR client.name ILIKE {{}} OR lead.company_name ILIKE {{}}"},
    )  # fmt: skip


async def claim_about(about: str, subject_id: int, referrer_id: int | None) -> str:
    """The reference of the claim that stands in the way of another one: of a commission any, else the one still open."""
    return await db.value(
        f"SELECT ref FROM claim WHERE {about}_id = $1 AND referrer_id = $2 AND ($3 OR {WAITS}) ORDER BY id DESC LIMIT 1",
        subject_id, referrer_id, about == "earning",
    )  # fmt: skip


async def messages_of(claim_id: int) -> list[db.Row]:
    return await db.rows(
        """SELECT claim_message.*, app_user.name AS who FROM claim_message JOIN app_user ON app_user.id = claim_message.author_id
           WHERE claim_id = $1 ORDER BY claim_message.id""",
        claim_id,
    )


async def message(message_id: int) -> db.Row:
    found = await db.row(
        """SELECT claim_message.*, app_user.name AS who FROM claim_message JOIN app_user ON app_user.id = claim_message.author_id
           WHERE claim_message.id = $1""",
        message_id,
    )
    assert found is not None
    return found


async def files_of(claim_id: int) -> list[db.Row]:
    """Of all messages, in one query."""
    return await db.rows(
        """SELECT stored_file.* FROM stored_file JOIN claim_message ON claim_message.id = subject_id
           WHERE subject_kind = 'claim_message' AND claim_id = $1 AND stored_file.erased_at IS NULL ORDER BY stored_file.id""",
        claim_id,
    )


@files.door("claim_message")
async def opens_file(person: Person, message_id: int) -> object:
    found = await db.row(
        """SELECT claim.ref, told_at FROM claim_message JOIN claim ON claim.id = claim_id WHERE claim_message.id = $1""",
        message_id,
    )
    if found is None or (found["told_at"] is None and not person.is_staff):
        raise NotFound("file")
    return await claim_for(person, found["ref"])


@dataclass(frozen=True, slots=True)
class Waiting:
    """Claims to answer and adjustments to confirm."""

    claims: int
    late: int
    adjustments: int


async def waiting(person: Person, instant: datetime) -> Waiting:
    """What finance has to do; one's own adjustments are for somebody else."""
    found = await db.row(
        f"""SELECT count(*) FILTER (WHERE state IN ('opened', 'appealed')) AS claims,
                   count(*) FILTER (WHERE state IN ('opened', 'appealed') AND due_at < $1) AS late,
                   (SELECT count(*) FROM adjustment WHERE state = 'waiting' AND by_user <> $2) AS adjustments
            FROM claim WHERE {WAITS}""",
        instant, person.user_id,
    )  # fmt: skip
    assert found is not None
    return Waiting(**found)


async def latest_of(referrer_id: int) -> db.Row | None:
    """For the referrer's home: the claim that moved last."""
    return await db.row(
        f"""{CLAIM} WHERE claim.referrer_id = ANY ((SELECT ids_of($1))::bigint[])
            ORDER BY greatest(claim.opened_at, claim.answered_at, claim.appealed_at) DESC, claim.id DESC LIMIT 1""",
        referrer_id,
    )


# What a claim is about, and what may be adjusted

NO_CONTRACT = N_("Pas de contrat signé pour cette affaire : rien ne peut être versé tant qu'il n'y en a pas.")


@dataclass(frozen=True, slots=True)
class Target:
    """What an adjustment is made to: a commission, or a referrer's share of a deal. `left`: what may be taken back."""

    legal_entity_id: int
    referrer_id: int
    deal_id: int | None
    lead_id: int | None
    contract_id: int
    plan_version_id: int
    unit: str
    title: str
    client: str
    path: str
    earning_id: int | None = None
    left: int = 0


async def target_of_earning(person: Person, ref: str) -> Target:
    earning = await access.earning_for(person, ref)
    left = await db.value(
        "SELECT $2 + coalesce(sum(amount), 0)::bigint FROM earning WHERE takes_back_id = $1", earning["id"], earning["amount"]
    )  # fmt: skip
    return Target(
        earning["legal_entity_id"], earning["referrer_id"], earning["deal_id"], earning["lead_id"], earning["contract_id"],
        earning["plan_version_id"], earning["unit"], earning["deal_title"], earning["client_name"],
        f"/commissions/{ref}", earning["id"], max(0, left),
    )  # fmt: skip


SHARE = f"""
SELECT share.deal_id, share.referrer_id, share.contract_id, deal.legal_entity_id, deal.title, client.name AS client_name, deal.ref,
       referrer.ref AS referrer_ref, {NAME} AS referrer_name, contract.starts_on, contract.plan_version_id,
       plan_version.body->>'unit' AS unit
FROM deal_share share JOIN deal ON deal.id = share.deal_id JOIN client ON client.id = deal.client_id
JOIN referrer ON referrer.id = share.referrer_id
LEFT JOIN contract ON contract.id = share.contract_id LEFT JOIN plan_version ON plan_version.id = contract.plan_version_id
"""


async def target_of_share(person: Person, deal_ref: str, referrer_ref: str) -> Target:
    """Raises Refused when no contract was signed."""
    await deals.deal_for(person, deal_ref)
    share = await db.row(f"{SHARE} WHERE deal.ref = $1 AND referrer.ref = $2", deal_ref, referrer_ref)
    if share is None:
        raise NotFound("share")
    if share["starts_on"] is None:
        raise Refused("no_contract", NO_CONTRACT)
    return Target(
        share["legal_entity_id"], share["referrer_id"], share["deal_id"], None, share["contract_id"],
        share["plan_version_id"], share["unit"], share["title"], share["client_name"],
        f"/affaires/{deal_ref}",
    )  # fmt: skip


async def deals_of_claim(claim: db.Row) -> list[db.Row]:
    """The deals on which a claim about a missing commission may be put right."""
    return await db.rows(
        f"""{SHARE} WHERE share.referrer_id = ANY ((SELECT ids_of($1))::bigint[]) AND (deal.id = $2 OR deal.lead_id = $3) ORDER BY deal.id""",
        claim["referrer_id"], claim["deal_id"], claim["lead_id"],
    )  # fmt: skip


async def subject_for(person: Person, about: str, ref: str) -> tuple[int, str]:
    """The id of what somebody finds wrong, and of whom it speaks; not there when it is not theirs."""
    found = await {"earning": access.earning_for, "deal": deals.deal_for, "lead": leads.lead_for}[about](
        person, ref
    )
    title = found["company_name"] if about == "lead" else found["client_name"]
    return found["id"], title


# Adjustments

ADJUSTMENT = f"""
SELECT adjustment.*, {NAME} AS referrer_name, referrer.ref AS referrer_ref, coalesce(deal.title, lead.company_name) AS deal_title,
       CASE WHEN deal.id IS NULL THEN '/recommandations/' || lead.ref ELSE '/affaires/' || deal.ref END AS about_path,
       coalesce(client.name, lead.company_name) AS client_name, corrected.ref AS corrected_ref, corrected.amount AS corrected_amount,
       posted.ref AS posted_ref, claim.ref AS claim_ref, author.name AS author, contract.number AS contract_number,
       contract.ref AS contract_ref, contract.plan_version_id, decider.name AS decider
FROM adjustment JOIN referrer ON referrer.id = adjustment.referrer_id
LEFT JOIN deal ON deal.id = adjustment.deal_id LEFT JOIN client ON client.id = deal.client_id
LEFT JOIN lead ON lead.id = adjustment.lead_id
JOIN contract ON contract.id = adjustment.contract_id
JOIN app_user author ON author.id = adjustment.by_user
LEFT JOIN earning corrected ON corrected.id = adjustment.earning_id
LEFT JOIN earning posted ON posted.id = adjustment.posted_id
LEFT JOIN claim ON claim.id = adjustment.claim_id
LEFT JOIN LATERAL (SELECT app_user.name FROM approval JOIN app_user ON app_user.id = approval.decided_by
                   WHERE what = 'earnings.adjust' AND subject_kind = 'adjustment' AND subject_id = adjustment.id
                     AND approval.state = 'approved' LIMIT 1) decider ON true
"""


async def adjustment_by_ref(ref: str) -> db.Row:
    """For staff, whose pages alone lead here."""
    found = await db.row(f"{ADJUSTMENT} WHERE adjustment.ref = $1", ref)
    if found is None:
        raise NotFound("adjustment")
    return found


async def adjustment(adjustment_id: int) -> db.Row:
    found = await db.row(f"{ADJUSTMENT} WHERE adjustment.id = $1", adjustment_id)
    assert found is not None
    return found


async def adjustments_of_claim(claim_id: int) -> list[db.Row]:
    return await db.rows(f"{ADJUSTMENT} WHERE adjustment.claim_id = $1 ORDER BY adjustment.id", claim_id)


async def adjustment_of_earning(earning_id: int) -> db.Row | None:
    """What an earning came of, when it is an adjustment."""
    return await db.row(f"{ADJUSTMENT} WHERE adjustment.posted_id = $1", earning_id)


async def adjustments_waiting() -> list[db.Row]:
    return await db.rows(f"{ADJUSTMENT} WHERE adjustment.state = 'waiting' ORDER BY adjustment.at")
