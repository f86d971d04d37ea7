"""What finance hears: a paper that the platform refused, or that ended for good."""

from portal.invoicing.platform import access
from portal.kit import db
from portal.mail.outbox import post
from portal.people.access import staff_with
from portal.people.rules import Role


async def tell_refused(flow_id: int) -> None:
    flow = await access.flow(flow_id)
    for user in await staff_with(Role.FINANCE):
        await _to("invoicing.flow_refused", user, flow, f"{flow_id}:{flow['tries']}")


async def _to(kind: str, user: db.Row, flow: db.Row, key: str) -> None:
    await post(
        kind, to_user=user["id"], to_email=user["email"], language=user["language"], subject_kind="platform_flow",
        subject_id=flow["id"], key=f"{kind}:{key}:{user['id']}", name=user["name"], flow=flow,
    )  # fmt: skip
