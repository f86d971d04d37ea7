"""Statuses that we tell: that we paid (211), that the money came in (212, in the supplier's name), what we say of an invoice that came in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from portal.company import access as company
from portal.invoicing.platform import access, calling, cdar
from portal.invoicing.platform.cdar import Cashed, Message, Party, Status
from portal.invoicing.platform.outbox import put
from portal.invoicing.platform.rules import NEED_REASON, STATUSES, Content, tells_cashed
from portal.kit import db
from portal.kit.days import now
from portal.kit.references import new_ref

PORTAL = Party("DFH", cdar.PORTAL_NUMBER, "PPF")


async def tell_paid(run_id: int) -> None:
    """Of every paper of the run that went or came by platform."""
    for paper in await access.papers_of_run(run_id):
        await _tell(paper, "211")


async def tell_cashed(line_id: int) -> None:
    for paper in await access.papers_of_line(line_id):
        reports = bool(paper["filled"].get("contract.company_reports_payment", False))
        if tells_cashed(paper["kind"], paper["paper"].get("vat_point", ""), reports):
            await _tell(paper, "212", cashed=(Cashed(paper["total_cents"], Decimal(paper["vat_rate"])),))


async def _tell(paper: db.Row, code: str, cashed: tuple[Cashed, ...] = ()) -> None:
    entity = await company.legal_entity_by(paper["legal_entity_id"])
    kept = paper["paper"]["seller"]
    seller = Party("SE", kept["siren"], kept["name"], kept["electronic_address"] or kept["siren"])
    status = Status(paper["number"], code, now(), seller.siren, paper["issued_on"])
    message = _message(
        entity,
        status,
        paper["type_code"],
        seller,
        in_name_of=seller if code == "212" else None,
        cashed=cashed,
    )
    await put(
        Content.STATUS,
        f"{paper['number']}-{code}.xml",
        body=cdar.write(message),
        invoice_id=paper["id"],
        code=code,
    )


@dataclass(frozen=True, slots=True)
class Came:
    """What an invoice that came in says of itself."""

    number: str
    issued_on: date
    type_code: str
    seller_siren: str
    seller_name: str


async def answer(flow_id: int, came: Came, code: str, reason_code: str = "", reason: str = "") -> None:
    """What we say of an invoice that came in by platform: 204 taken in hand, 205 approved, 207 contested, 210 refused…
    `flow_id`: the one that it came with. Said once. Nothing where no platform is connected."""
    if not STATUSES[code].ours or (code in NEED_REASON and not reason_code):
        raise ValueError(f"not ours to tell like this: {code}")
    entity = await company.legal_entity()
    if entity is None or not calling.is_on():
        return
    seller = Party("SE", came.seller_siren, came.seller_name, came.seller_siren)
    status = Status(came.number, code, now(), came.seller_siren, came.issued_on, reason_code, reason)
    body = cdar.write(_message(entity, status, came.type_code, seller))
    await put(Content.STATUS, f"{came.number}-{code}.xml", body=body, answers_id=flow_id, code=code)


def _message(
    entity: Mapping[str, Any] | db.Row,
    status: Status,
    type_code: str,
    seller: Party,
    *,
    in_name_of: Party | None = None,
    cashed: tuple[Cashed, ...] = (),
) -> Message:
    """The sender is named by its role alone: rule BR-FR-CDV-CL-09 of the published schematron 1.4.0 takes one with a
    SIREN for a public buyer when an invoice is refused."""
    us = Party("BY", entity["siren"], entity["name"], entity["electronic_address"])
    return Message(
        identifier=new_ref(), status=status, type_code=type_code, sender=Party("BY", "", entity["name"]),
        issuer=in_name_of or us, recipients=(seller, PORTAL), seller=seller, cashed=cashed,
    )  # fmt: skip
