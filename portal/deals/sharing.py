"""Who has which part of a deal: found as one types them, a hundred per cent together, put right before money came."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from portal.contracts import access as contracts
from portal.deals import access, changing
from portal.deals.recording import lock
from portal.deals.rules import MOST_SHARES, DealState, NewLine, Share, check_shares
from portal.history.access import record
from portal.kit import db
from portal.kit.days import today
from portal.kit.problems import Refused
from portal.kit.text import N_
from portal.leads import access as leads

UNKNOWN = N_("Aucun apporteur ne porte ce nom ou ce numéro.")
SEVERAL = N_("Plusieurs apporteurs portent ce nom : %(names)s. Donnez le numéro.")
TOO_LATE = N_(
    "Le client a déjà payé, ou une commission est née : les parts ne changent plus. Ajoutez une commission hors barème."
)
CANCELLED = N_("Cette affaire est annulée.")
SAME = N_("Rien ne change.")
TOO_MANY = N_("Une affaire se partage entre %(most)s apporteurs au plus.")


async def called(typed: str) -> int:
    """The one referrer whom this names. Raises Refused."""
    found = await access.referrers_called(typed)
    if not found:
        raise Refused("unknown_referrer", UNKNOWN)
    if len(found) > 1:
        raise Refused(
            "several_referrers", SEVERAL, names=", ".join(f"{row['number']} {row['name']}" for row in found)
        )
    return found[0]["id"]


async def change(deal: db.Row, shares: Sequence[Share], *, reason: str) -> int:
    """These had these parts all along. What they were stays to be read; the new generation."""
    await lock(deal["id"])
    before = await access.shares_of(deal["id"])
    await _check(deal, shares, before)
    lines = [
        NewLine(*(line[name] for name in NewLine.__dataclass_fields__))
        for line in await access.lines_of(deal["id"])
    ]
    corrects = await access.generation_in_force(deal["id"])
    generation = await changing.write_change(deal, lines, "correction", corrects, today(), reason)
    await db.execute_many(
        "INSERT INTO deal_share_past (deal_id, until_generation, position, referrer_id, weight) VALUES ($1, $2, $3, $4, $5)",
        [(deal["id"], generation, one["position"], one["referrer_id"], one["weight"]) for one in before],
    )
    await db.execute("DELETE FROM deal_share WHERE deal_id = $1", deal["id"])
    await write(deal["id"], await leads.lead(deal["lead_id"]), shares, deal["signed_on"])
    await record("deals.shared", "deal", deal["id"], generation=generation)
    return generation


async def write(deal_id: int, lead: db.Row, shares: Sequence[Share], signed_on: date) -> None:
    """Each under the contract that rules; without one the part waits for it."""
    for position, share in enumerate(shares, 1):
        contract_id = await contract_of(share.referrer_id, lead, signed_on)
        await db.execute(
            """INSERT INTO deal_share (deal_id, position, referrer_id, contract_id, weight, in_points)
               VALUES ($1, $2, $3, $4, $5, $6)""",
            deal_id, position, share.referrer_id, contract_id, share.weight,
            share.referrer_id == lead["referrer_id"] and bool(lead["in_points"]),
        )  # fmt: skip


async def contract_of(referrer_id: int, lead: db.Row, signed_on: date) -> int | None:
    """What was recommended under a contract earns under it, also once an amendment or an end has come."""
    if referrer_id == lead["referrer_id"] and lead["contract_id"]:
        return lead["contract_id"]
    contract = await contracts.in_force(referrer_id, lead["programme_id"], signed_on)
    contract = contract or await contracts.in_force(referrer_id, lead["programme_id"], lead["recommended_on"])
    return contract["id"] if contract else None


async def _check(deal: db.Row, shares: Sequence[Share], before: Sequence[db.Row]) -> None:
    if deal["state"] == DealState.CANCELLED:
        raise Refused("cancelled", CANCELLED)
    if len(shares) > MOST_SHARES:
        raise Refused("too_many_shares", TOO_MANY, most=MOST_SHARES)
    check_shares(shares)
    if [(one["referrer_id"], Decimal(one["weight"])) for one in before] == [
        (one.referrer_id, one.weight) for one in shares
    ]:
        raise Refused("nothing_changed", SAME)
    if await _has_moved(deal["id"]):
        raise Refused("shared_too_late", TOO_LATE)


async def _has_moved(deal_id: int) -> bool:
    return await db.value(
        """SELECT EXISTS (SELECT FROM client_payment WHERE deal_id = $1)
               OR EXISTS (SELECT FROM earning WHERE deal_id = $1)""",
        deal_id,
    )
