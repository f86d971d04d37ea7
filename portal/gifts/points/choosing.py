"""Money or points, chosen by the referrer: once before signing a contract, or for each deal before it is signed."""

from portal.contracts import actions as contracts
from portal.contracts.conditions import of_contract
from portal.gifts.points import access
from portal.history.access import record
from portal.kit import db
from portal.kit.problems import Refused
from portal.kit.text import N_

TOO_LATE = N_("Le choix entre l'argent et les points n'est plus ouvert.")


async def choose_for_contract(contract: db.Row, in_points: bool) -> db.Row:
    """The contract as it will be signed is written anew and takes the place of the other. Raises Refused."""
    await contracts.lock(contract["referrer_id"])
    choice = await access.choice_for_contract(contract)
    if choice is None:
        raise Refused("choice_over", TOO_LATE)
    if choice.in_points == in_points:
        return contract
    drafted = await contracts.draft(
        contract["referrer_id"], contract["programme_id"], contract["plan_version_id"],
        starts_on=contract["starts_no_sooner"], self_billing=contract["self_billing"], conditions=of_contract(contract).chosen(in_points),
    )  # fmt: skip
    await record("points.chosen", "contract", drafted["id"], in_points=in_points)
    return await contracts.send(drafted)


async def choose_for_lead(lead: db.Row, in_points: bool) -> None:
    """For whatever deal comes of it. Raises Refused."""
    await db.row("SELECT id FROM lead WHERE id = $1 FOR NO KEY UPDATE", lead["id"])
    if await access.choice_for_lead(lead) is None:
        raise Refused("choice_over", TOO_LATE)
    await db.execute(
        "UPDATE lead SET in_points = $2, version = version + 1 WHERE id = $1", lead["id"], in_points
    )
    await record("points.chosen", "lead", lead["id"], in_points=in_points)
