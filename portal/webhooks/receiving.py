"""An event as it comes in: its signature first, then the row; what it asks for is a job."""

import msgspec

from portal.jobs.queue import enqueue
from portal.kit import db
from portal.kit.days import now
from portal.kit.problems import Problem
from portal.kit.references import new_ref
from portal.kit.text import N_
from portal.settings import settings
from portal.webhooks.rules import EventState, Told, told

SOURCE = "stripe"
TOLERANCE_SECONDS = 300


class Unsigned(Problem):
    """Not from whom it says, too old, or no event at all: nothing is kept."""

    status = 400
    sentence = N_("Cet événement n'est pas signé comme il le faut : rien n'a été enregistré.")


def verified(body: bytes, signature: str) -> Told:
    """Raises Unsigned. While a secret is being replaced there are two."""
    if not any(_is_signed(body, signature, secret) for secret in settings().stripe_webhook_secrets):
        raise Unsigned("unsigned")
    try:
        return told(msgspec.json.decode(body))
    except (msgspec.DecodeError, KeyError, TypeError, ValueError, AttributeError, OverflowError) as wrong:
        raise Unsigned("no_event") from wrong


def _is_signed(body: bytes, signature: str, secret: str) -> bool:
    from stripe import SignatureVerificationError, WebhookSignature

    try:
        return WebhookSignature.verify_header(body.decode(), signature, secret, TOLERANCE_SECONDS)
    except (SignatureVerificationError, ValueError):
        return False


async def receive(event: Told, body: bytes) -> None:
    """In a deed. What came before is not kept again."""
    event_id = await db.value(
        """INSERT INTO webhook_event (ref, source, external_id, kind, about, live, body, state, happened_at, received_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (source, external_id) DO NOTHING RETURNING id""",
        new_ref(), SOURCE, event.external_id, event.kind, event.about, event.live, body.decode(),
        EventState.RECEIVED, event.happened_at, now(),
    )  # fmt: skip
    if event_id:
        await ask(event_id)


async def ask(event_id: int) -> None:
    await enqueue("webhooks.apply", key=f"webhooks.apply:{event_id}", event_id=event_id)
