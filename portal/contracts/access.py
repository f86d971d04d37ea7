"""The only doors to contracts."""

from collections.abc import Collection, Sequence
from datetime import date

from portal.contracts.lifetime.rules import BEFORE_TERM
from portal.contracts.rules import BOUND, LIVING, TO_COME
from portal.contracts.wording import own_texts
from portal.kit import db, files
from portal.kit.days import day_of, today
from portal.kit.listing import Listing
from portal.kit.problems import NotFound, Refused
from portal.kit.text import N_
from portal.people.rules import Person

Seat = tuple[int, int]  # a referrer in a programme
NOT_PUBLISHED = N_("Le texte « %(key)s » n'est pas encore publié.")
SUSPENDED = N_("Votre contrat est suspendu : vous pourrez recommander de nouveau dès qu'il reprend.")
OVER = N_(
    "Votre contrat a pris fin : vos recommandations en cours continuent, mais aucune nouvelle n'est reçue."
)
CONTRACT = """
SELECT contract.*, programme.name AS programme, plan.name AS plan_name, plan_version.number AS plan_number,
       contract_text.title AS text_title, contract_text.version AS text_version,
       referrer.ref AS referrer_ref, referrer.number AS referrer_number, referrer.email AS referrer_email,
       coalesce(nullif(referrer.company_name, ''), concat_ws(' ', referrer.first_name, referrer.last_name)) AS referrer_name,
       signer.name AS signer_name, countersigner.name AS countersigner_name, voucher.name AS vouched_by_name
FROM contract
JOIN programme ON programme.id = contract.programme_id
JOIN plan_version ON plan_version.id = contract.plan_version_id
JOIN plan ON plan.id = plan_version.plan_id
JOIN contract_text ON contract_text.id = contract.text_id
JOIN referrer ON referrer.id = contract.referrer_id
LEFT JOIN app_user signer ON signer.id = contract.signed_by
LEFT JOIN app_user countersigner ON countersigner.id = contract.countersigned_by
LEFT JOIN app_user voucher ON voucher.id = contract.vouched_by
"""


async def contract_for(person: Person, ref: str) -> db.Row:
    """A referrer sees their own once sent; staff see all."""
    found = await db.row(
        f"{CONTRACT} WHERE contract.ref = $1 AND ($2 OR (contract.referrer_id = ANY ((SELECT ids_of($3))::bigint[]) AND contract.state <> 'drafted'))",
        ref, person.is_staff, person.referrer_id,
    )  # fmt: skip
    if found is None:
        raise NotFound("contract")
    return found


async def contract(contract_id: int) -> db.Row:
    found = await db.row(f"{CONTRACT} WHERE contract.id = $1", contract_id)
    if found is None:
        raise NotFound("contract")
    return found


async def contract_of_proof(ref: str) -> db.Row | None:
    """Without any door: by the reference that is printed on its papers, once both have signed it."""
    return await db.row(f"{CONTRACT} WHERE contract.ref = $1 AND contract.countersigned_at IS NOT NULL", ref)


TO_RENEW = "a-renouveler"  # no state: what stands and nears its term
SORTS = {
    "number": "contract.number", "referrer": "lower(referrer.last_name || referrer.company_name)",
    "programme": "programme.name", "state": "contract.state", "starts": "contract.starts_on",
}  # fmt: skip
WHERE = {
    "q": "concat_ws(' ', contract.number, referrer.number, referrer.company_name, referrer.first_name, referrer.last_name) ILIKE {}",
    "etat": f"""contract.state = {{}} OR ({{}} = '{TO_RENEW}' AND contract.state IN ('in_force', 'suspended') AND contract.ends_on IS NULL
      AND contract.term_on <= $3::date + {max(BEFORE_TERM)})""",
}


async def contracts_for(person: Person, listing: Listing) -> Listing:
    seen = "WHERE ($1 OR (contract.referrer_id = ANY ((SELECT ids_of($2))::bigint[]) AND contract.state <> 'drafted'))"
    return await listing.fetch(
        f"{CONTRACT} {seen} AND $3::date IS NOT NULL",
        person.is_staff,
        person.referrer_id,
        today(),
        sorts=SORTS,
        then="contract.id DESC",
        where=WHERE,
    )


@files.door("contract")
async def opens_file(person: Person, contract_id: int) -> object:
    return await contract_for(person, (await contract(contract_id))["ref"])


async def contracts_of(referrer_id: int) -> list[db.Row]:
    return await db.rows(
        f"{CONTRACT} WHERE contract.referrer_id = ANY ((SELECT ids_of($1))::bigint[]) AND contract.state <> 'drafted' ORDER BY contract.id DESC",
        referrer_id,
    )


async def contracts_for_staff(referrer_id: int) -> list[db.Row]:
    return await db.rows(
        f"{CONTRACT} WHERE contract.referrer_id = ANY ((SELECT ids_of($1))::bigint[]) ORDER BY contract.id DESC",
        referrer_id,
    )


async def living_of(referrer_id: int, programme_id: int) -> list[db.Row]:
    """What stands or may still be signed in this programme."""
    return await db.rows(
        "SELECT * FROM contract WHERE referrer_id = $1 AND programme_id = $2 AND state = ANY ($3) ORDER BY id",
        referrer_id, programme_id, LIVING,
    )  # fmt: skip


async def to_come(contract_id: int) -> list[db.Row]:
    """The amendment of this contract that is being prepared, signed or waited for."""
    return await db.rows(
        "SELECT * FROM contract WHERE amends_id = $1 AND state = ANY ($2)", contract_id, TO_COME
    )


async def others_in_force(contract: db.Row) -> bool:
    """Of the same referrer, in other programmes."""
    return await db.value(
        "SELECT EXISTS (SELECT FROM contract WHERE referrer_id = $1 AND id <> $2 AND state = 'in_force')",
        contract["referrer_id"], contract["id"],
    )  # fmt: skip


async def binds(referrer_id: int) -> bool:
    """They have signed: who they are in law is written in a contract."""
    return await db.value(
        "SELECT EXISTS (SELECT FROM contract WHERE referrer_id = $1 AND state = ANY ($2))", referrer_id, BOUND
    )


RULED = """starts_on IS NOT NULL AND (ends_on IS NULL OR ends_on > $3)
ORDER BY starts_on > $3, CASE WHEN starts_on <= $3 THEN -(starts_on - DATE '2000-01-01') ELSE starts_on - DATE '2000-01-01' END
LIMIT 1"""


async def in_force(referrer_id: int, programme_id: int, day: date) -> db.Row | None:
    """The contract that ruled on that day, or the first that began after it: a fact may precede its contract."""
    return await db.row(
        f"SELECT * FROM contract WHERE referrer_id = $1 AND programme_id = $2 AND {RULED}",
        referrer_id, programme_id, day,
    )  # fmt: skip


async def in_force_of(seats: Collection[Seat], day: date) -> dict[Seat, db.Row]:
    """The same of many; of each its id, first day and months of priority."""
    rows = await db.rows(
        f"""SELECT asked.*, ruled.* FROM unnest($1::bigint[], $2::bigint[]) AS asked (referrer_id, programme_id)
            CROSS JOIN LATERAL (SELECT id, starts_on, priority_months FROM contract
              WHERE contract.referrer_id = asked.referrer_id AND contract.programme_id = asked.programme_id AND {RULED}) ruled""",
        *_columns(seats), day,
    )  # fmt: skip
    return {(row["referrer_id"], row["programme_id"]): row for row in rows}


async def refuse_unless_open(referrer_id: int, programme_id: int, day: date) -> None:
    """Whoever is suspended or has left recommends nothing new; what they had recommended before is still taken down."""
    seat = (referrer_id, programme_id)
    refuse_if_closed((await standings([seat])).get(seat), day)


async def standings(seats: Collection[Seat]) -> dict[Seat, db.Row]:
    """What `refuse_if_closed` asks of each."""
    rows = await db.rows(
        """SELECT asked.*, referrer.state AS referrer, contract.state,
                  (SELECT max(given_at) FROM contract_notice WHERE contract_id = contract.id AND kind = 'suspension' AND state = 'standing') AS since,
                  (SELECT max(ends_on) FROM contract WHERE referrer_id = asked.referrer_id AND state = 'ended') AS ended_on
           FROM unnest($1::bigint[], $2::bigint[]) AS asked (referrer_id, programme_id)
           JOIN referrer ON referrer.id = asked.referrer_id
           LEFT JOIN contract ON contract.referrer_id = asked.referrer_id AND contract.programme_id = asked.programme_id
             AND contract.state = 'suspended'""",
        *_columns(seats),
    )  # fmt: skip
    return {(row["referrer_id"], row["programme_id"]): row for row in rows}


def _columns(seats: Collection[Seat]) -> tuple[list[int], list[int]]:
    return [referrer_id for referrer_id, _ in seats], [programme_id for _, programme_id in seats]


def refuse_if_closed(row: db.Row | None, day: date) -> None:
    if row and row["state"] and (row["since"] is None or day >= day_of(row["since"])):
        raise Refused("contract_suspended", SUSPENDED)
    if row and row["referrer"] == "closed" and (row["ended_on"] is None or day >= row["ended_on"]):
        raise Refused("contract_over", OVER)


async def proofs_of(contract_id: int) -> list[db.Row]:
    return await db.rows("SELECT * FROM signature_proof WHERE contract_id = $1 ORDER BY at", contract_id)


async def texts_of(contract: db.Row) -> list[db.Row]:
    """What was signed: the main text, then those joined to it."""
    ids = [contract["text_id"], *contract["joined_texts"]]
    return await db.rows(
        "SELECT * FROM contract_text WHERE id = ANY ($1) ORDER BY array_position($1, id)", ids
    )


async def texts_in_force(keys: Sequence[str], day: date) -> list[db.Row]:
    """Of each of these texts the company's own if it has one, else the shipped one, as of that day; in this order."""
    texts = await own_texts.in_use(keys, day)
    if missing := [key for key in keys if key not in texts]:
        raise Refused("text_missing", NOT_PUBLISHED, key=missing[0])
    return [texts[key] for key in keys]


def clause(contract: db.Row, anchor: str) -> tuple[str, str]:
    """Number and title of an article of this very contract."""
    found = contract["clauses"].get(anchor, {"number": "", "title": ""})
    return found["number"], found["title"]


async def standing_under(version_ids: Sequence[int]) -> dict[int, int]:
    """Plan version → how many contracts stand under it."""
    found = await db.rows(
        """SELECT plan_version_id, count(*) FROM contract
           WHERE plan_version_id = ANY ($1::bigint[]) AND state IN ('in_force', 'suspended') GROUP BY plan_version_id""",
        list(version_ids),
    )
    return {row["plan_version_id"]: row["count"] for row in found}
