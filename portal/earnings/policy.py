"""What the company decides about commissions: what referrers see of a base, when two people adjust, when claims are answered."""

from dataclasses import asdict, dataclass
from enum import StrEnum

from portal.company import access as company
from portal.earnings.claim_rules import ANSWER_DAYS
from portal.history.access import record
from portal.kit.money import Cents

OPTION = "earnings.policy"


class Sight(StrEnum):
    """How much of the client's figures a referrer is shown; staff see all."""

    BASE = "base"  # base and rate
    RATE = "rate"  # the rate, the base hidden
    AMOUNT = "amount"  # the amount alone


@dataclass(frozen=True, slots=True)
class Policy:
    sight: Sight = Sight.BASE
    limit_cents: Cents = 500_00  # above it, two people adjust
    answer_days: int = ANSWER_DAYS  # working days


async def policy() -> Policy:
    kept = await company.option(OPTION, {})
    return Policy(**{**kept, "sight": Sight(kept.get("sight", Sight.BASE))})


async def set_policy(wanted: Policy) -> None:
    await company.set_option(OPTION, asdict(wanted))
    await record("earnings.policy_set", "policy", 0, **asdict(wanted))
