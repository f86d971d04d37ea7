"""`portal plan`: what is tried without a database, and what is reckoned again from the one that is there."""

from portal.earnings.commands import replay
from portal.plans.commands import plan

plan.add_command(replay)
__all__ = ["plan"]
