"""Before a reward of an employee of a partner is approved: what the law wants known, or nothing is promised."""

from collections.abc import Sequence

from portal.gifts.events import RewardApproved
from portal.kit import db
from portal.kit.days import today
from portal.kit.problems import Refused
from portal.kit.text import N_
from portal.taxes.partners import access

NO_SMIC = N_(
    "Le SMIC de l'année n'est pas encore connu : cette récompense attend qu'il soit saisi dans les chiffres légaux."
)
NO_CONSENT = N_("L'accord de l'employeur manque : cette récompense attend qu'il soit donné.")
ORDERS = """
SELECT ordered.referrer_id, ordered.price_cents, referrer.employer_consent_file
FROM reward_order ordered JOIN referrer ON referrer.id = ordered.referrer_id WHERE ordered.id = ANY ($1::bigint[])
"""


async def check(events: Sequence[RewardApproved]) -> None:
    """Raises Refused: the deed that approves is undone."""
    for order in await db.rows(ORDERS, [event.order_id for event in events]):
        foreseen = await access.foreseen(order["referrer_id"], order["price_cents"], today())
        if foreseen is None:
            continue
        if order["employer_consent_file"] is None:
            raise Refused("employer_missing", NO_CONSENT)
        if foreseen.adds is None:
            raise Refused("smic_missing", NO_SMIC)
