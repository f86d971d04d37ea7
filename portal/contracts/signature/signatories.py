"""Who signs a contract for each side: named in it when it is drafted, awaited until enough of them have signed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.contracts.paper import Party, Signer
from portal.history.access import record
from portal.kit import db
from portal.kit.problems import Refused
from portal.kit.text import N_
from portal.people.access import staff_with
from portal.people.rules import Person, Role, Seat
from portal.referrers.rules import SIGN_ALONE, Status

SECOND_MISSING = N_(
    "Pour cet apporteur, deux personnes signent ensemble : nommez d'abord la seconde parmi les personnes de son espace."
)
SIGNS_ALONE = N_("Une personne physique signe elle-même : personne d'autre ne peut signer pour elle.")
READS_ONLY = N_("Un comptable lit les documents et ne signe pas. Donnez-lui d'abord un autre accès.")
NO_SECOND = N_("Une seule personne est à l'administration : donnez d'abord cet accès à une seconde.")
REFERRER, COMPANY = "referrer", "company"
ALONE = 1
SEATED = """
SELECT app_user.id AS user_id, app_user.ref, app_user.name, app_user.email, app_user.state, seat.seat, seat.signs,
       coalesce(nullif(seat.capacity, ''), CASE WHEN seat.seat = 'owner' THEN referrer.represented_as ELSE '' END) AS capacity
FROM membership seat JOIN app_user ON app_user.id = seat.user_id JOIN referrer ON referrer.id = seat.referrer_id
WHERE seat.referrer_id = $1 AND seat.ended_at IS NULL AND app_user.state IN ('active', 'invited')
ORDER BY seat.seat <> 'owner', seat.id
"""


@dataclass(frozen=True, slots=True)
class Place:
    """One signature: given when `at` says so, else awaited."""

    side: str
    name: str
    capacity: str
    user_id: int | None = None
    at: datetime | None = None


async def seated(referrer_id: int) -> list[db.Row]:
    """Everybody of the referrer's space, the owner first."""
    return await db.rows(SEATED, referrer_id)


def authorised(people: Sequence[db.Row], status: Status) -> list[db.Row]:
    """The owner, and whom the owner or the company marked; for a natural person themselves alone."""
    alone = status in SIGN_ALONE
    return [one for one in people if one["seat"] == Seat.OWNER or (one["signs"] and not alone)]


async def parties(referrer: db.Row, entity: db.Row, status: Status) -> tuple[Party, Party]:
    """Company and referrer, as a contract tells who signs. Raises Refused when the second signatory is missing."""
    signers = [
        Signer(one["name"], one["capacity"], one["user_id"])
        for one in authorised(await seated(referrer["id"]), status)
    ]
    needed = ALONE if status in SIGN_ALONE else referrer["signatures_needed"]
    if needed > max(len(signers), ALONE):
        raise Refused("second_signatory_missing", SECOND_MISSING)
    head = [Signer(entity["represented_by"], entity["represented_as"])] if entity["represented_by"] else []
    return (
        Party(COMPANY, entity["name"], head, entity["signatures_needed"]),
        Party(REFERRER, referrer["name"], signers, needed),
    )


async def name(contract_id: int, both: tuple[Party, Party]) -> None:
    """Write down who may sign this very contract, and how many of each side do."""
    company, referrer = both
    await db.execute(
        "UPDATE contract SET company_signatures = $2, referrer_signatures = $3 WHERE id = $1",
        contract_id, company.needed, referrer.needed,
    )  # fmt: skip
    for one in referrer.signers:
        await db.insert(
            "contract_signatory",
            contract_id=contract_id, user_id=one.user_id, name=one.name, capacity=one.capacity,
        )  # fmt: skip


async def named(contract_id: int, user_id: int) -> db.Row | None:
    """Them in this contract, as long as their seat still lets them sign."""
    return await db.row(
        """SELECT signatory.* FROM contract_signatory signatory JOIN contract ON contract.id = contract_id
           JOIN membership seat ON seat.user_id = signatory.user_id AND seat.referrer_id = contract.referrer_id
           WHERE contract_id = $1 AND signatory.user_id = $2 AND seat.ended_at IS NULL AND (seat.seat = 'owner' OR seat.signs)""",
        contract_id, user_id,
    )  # fmt: skip


async def may_sign(contract: db.Row, person: Person) -> bool:
    """Named in it and still authorised; a colleague, an accountant or somebody who looks on reads."""
    return (
        person.referrer_id == contract["referrer_id"]
        and person.seat is not None
        and person.seeing is None
        and await named(contract["id"], person.user_id) is not None
    )


async def has_signed(contract: db.Row, side: str, user_id: int) -> bool:
    return await db.value(
        "SELECT EXISTS (SELECT FROM signature_proof WHERE contract_id = $1 AND side = $2 AND user_id = $3)",
        contract["id"], side, user_id,
    )  # fmt: skip


async def count(contract_id: int, side: str) -> int:
    """How many of this side have signed."""
    return await db.value(
        "SELECT count(*) FROM signature_proof WHERE contract_id = $1 AND side = $2", contract_id, side
    )


async def places(contract: db.Row, proofs: Sequence[db.Row]) -> list[Place]:
    """Every signature given, as its proof tells, or awaited; the referrer's first. Of a contract on paper none."""
    if contract["on_paper"]:
        return []
    given = [
        Place(one["side"], one["signer_name"], one["capacity"], one["user_id"], one["at"]) for one in proofs
    ]
    return [
        place
        for side in (REFERRER, COMPANY)
        for of_side in [[one for one in given if one.side == side]]
        for place in (*of_side, *await _awaited(contract, side, of_side))
    ]


async def _awaited(contract: db.Row, side: str, given: Sequence[Place]) -> list[Place]:
    """By name when it can only be them; otherwise whoever of them comes first."""
    left = contract[f"{side}_signatures"] - len(given)
    if left <= 0:
        return []
    open_to = await _open_to(contract["id"], given) if side == REFERRER else []
    if len(open_to) <= left:
        return [*open_to, *[Place(side, "", "")] * (left - len(open_to))]
    names = [" / ".join(one.name for one in open_to)]
    return [Place(side, names[0], "")] * left


async def _open_to(contract_id: int, given: Sequence[Place]) -> list[Place]:
    signed = [one.user_id for one in given]
    found = await db.rows("SELECT * FROM contract_signatory WHERE contract_id = $1 ORDER BY id", contract_id)
    return [
        Place(REFERRER, one["name"], one["capacity"], one["user_id"])
        for one in found
        if one["user_id"] not in signed
    ]


async def still_to_sign(contract: db.Row) -> list[db.Row]:
    """Users who are named in it, have not signed and are still needed."""
    if await count(contract["id"], REFERRER) >= contract["referrer_signatures"]:
        return []
    return await db.rows(
        """SELECT app_user.* FROM contract_signatory signatory JOIN app_user ON app_user.id = signatory.user_id
           WHERE contract_id = $1 AND NOT EXISTS (SELECT FROM signature_proof proof
             WHERE proof.contract_id = $1 AND proof.side = 'referrer' AND proof.user_id = app_user.id) ORDER BY signatory.id""",
        contract["id"],
    )


def capacity_for(entity: db.Row, name: str) -> str:
    """As whom a colleague countersigns, in French as the contract is: the representative, or by delegation."""
    head = entity["represented_by"]
    if name == head:
        return entity["represented_as"]
    return f"par délégation de {head}" if head else ""


async def authorise(referrer: db.Row, status: Status, signs: dict[int, str], needed: int) -> None:
    """Who beside the owner may sign, user → as whom, and how many together, for the contracts drafted from now on."""
    if status in SIGN_ALONE:
        raise Refused("signs_alone", SIGNS_ALONE)
    people = await seated(referrer["id"])
    if any(one["seat"] == Seat.ACCOUNTANT and one["user_id"] in signs for one in people):
        raise Refused("reads_only", READS_ONLY)
    for one in people:
        await db.execute(
            "UPDATE membership SET signs = $3, capacity = $4 WHERE user_id = $1 AND referrer_id = $2 AND ended_at IS NULL",
            one["user_id"], referrer["id"],
            one["seat"] != Seat.OWNER and one["user_id"] in signs, signs.get(one["user_id"], ""),
        )  # fmt: skip
    enough = sum(one["seat"] == Seat.OWNER or one["user_id"] in signs for one in people) >= needed
    if not enough:
        raise Refused("second_signatory_missing", SECOND_MISSING)
    await db.execute("UPDATE referrer SET signatures_needed = $2 WHERE id = $1", referrer["id"], needed)
    await record("contracts.signatories", "referrer", referrer["id"], users=sorted(signs), needed=needed)


async def want_countersignatures(entity: db.Row, needed: int) -> None:
    """How many of the administration sign for the company, in the contracts drafted from now on."""
    if len(await staff_with(Role.ADMIN)) < needed:
        raise Refused("second_countersigner_missing", NO_SECOND)
    await db.execute("UPDATE legal_entity SET signatures_needed = $2 WHERE id = $1", entity["id"], needed)
    await record("contracts.countersignatures", "legal_entity", entity["id"], needed=needed)
