"""What is mailed about papers: the referrer hears of a new one, finance of one that is contested."""

from collections.abc import Sequence

from portal.invoicing import access, rectifying
from portal.invoicing.events import PaperContested, PaperIssued
from portal.invoicing.platform import calling
from portal.invoicing.platform.rules import may_go
from portal.invoicing.rules import KIND_LABELS, contest_days, contest_until
from portal.kit import db
from portal.mail.outbox import post
from portal.people.access import staff_with
from portal.people.rules import Role
from portal.referrers.access import owner_of
from portal.referrers.events import StandingChanged

OURS = ("sale", "sale_credit")


async def tell_issued(events: Sequence[PaperIssued]) -> None:
    for event in events:
        invoice = await access.invoice(event.invoice_id)
        owner = await owner_of(invoice["referrer_id"])
        if owner and invoice["kind"] not in OURS:  # the other paper of the barter tells of it
            await _to("invoicing.issued", owner, invoice)


async def tell_contested(events: Sequence[PaperContested]) -> None:
    for event in events:
        invoice = await access.invoice(event.invoice_id)
        for user in await staff_with(Role.FINANCE):
            await _to("invoicing.contested", user, invoice)


async def _to(kind: str, user: db.Row, invoice: db.Row) -> None:
    await post(
        kind, to_user=user["id"], to_email=user["email"], language=user["language"], subject_kind="invoice",
        subject_id=invoice["id"], key=f"{kind}:{invoice['id']}:{user['id']}", name=user["name"], invoice=invoice,
        kind_label=KIND_LABELS[invoice["kind"]],
        contest_until=contest_until(invoice["issued_on"], contest_days(invoice["filled"])), by_platform=_goes(invoice),
    )  # fmt: skip


def _goes(invoice: db.Row) -> bool:
    treatment = invoice["paper"].get("treatment", "")
    return calling.is_on() and may_go(invoice["kind"], treatment, invoice["vat_regime"])


async def tell_to_rectify(events: Sequence[StandingChanged]) -> None:
    """Finance hears once of a change that makes papers wrong."""
    for event in events:
        papers = await rectifying.open_of(event.standing_id)
        for user in await staff_with(Role.FINANCE) if papers else ():
            await post(
                "invoicing.to_rectify", to_user=user["id"], to_email=user["email"], language=user["language"],
                subject_kind="referrer", subject_id=event.referrer_id,
                key=f"invoicing.to_rectify:{event.standing_id}:{user['id']}", name=user["name"], papers=papers,
            )  # fmt: skip
