"""Being called by the platform: the call is proved by its signature, and only says that something changed."""

import msgspec

from portal.invoicing.platform import access, interface
from portal.jobs.queue import enqueue
from portal.kit import db
from portal.kit.days import now
from portal.kit.keyring import ring
from portal.settings import settings

FIELD = "platform_hook.key_sealed"
PATH = "/webhooks/plateforme"
LONGEST_ID = 36


class Called(msgspec.Struct, rename="camel"):
    flow_id: str


async def subscribe() -> interface.Hook:
    """Before the deed. Raises Unreachable."""
    return await interface.listen(f"{settings().origin}{PATH}")


async def keep(hook: interface.Hook) -> None:
    await db.insert(
        "platform_hook",
        external_id=hook.webhook_id,
        key_sealed=ring().seal(hook.signing_key, FIELD),
        made_at=now(),
    )


async def is_genuine(body: bytes, signature: str, stamp: str) -> bool:
    keys = [ring().open(hook["key_sealed"], FIELD) for hook in await access.hooks()]
    return any(interface.is_signed(body, key, signature, stamp, now()) for key in keys)


async def heard(body: bytes) -> bool:
    """The flow is asked for by a job; twice the same call is one job."""
    try:
        called = msgspec.json.decode(body, type=Called)
    except msgspec.DecodeError:
        return False
    if not 0 < len(called.flow_id) <= LONGEST_ID:
        return False
    await enqueue("invoicing.look_at_flow", key=f"flow-in:{called.flow_id}", external_id=called.flow_id)
    return True
