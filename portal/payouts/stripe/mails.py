"""What finance is told when Stripe did not pay, or took back: once for each run and reason."""

from collections.abc import Sequence

from portal.mail.outbox import post
from portal.payouts import access
from portal.payouts.events import TransferTroubled
from portal.payouts.stripe.rules import CODES
from portal.people.access import staff_with
from portal.people.rules import Role

KIND = "payouts.stripe_trouble"


async def tell_troubled(events: Sequence[TransferTroubled]) -> None:
    for event in events:
        run = await access.run(event.run_id)
        for user in await staff_with(Role.FINANCE):
            await post(
                KIND, to_user=user["id"], to_email=user["email"], language=user["language"],
                subject_kind="payout_run", subject_id=run["id"], key=f"{KIND}:{run['id']}:{event.code}:{user['id']}",
                name=user["name"], run=run, why=CODES.get(event.code, ""), code=event.code,
            )  # fmt: skip
