"""An invoice of a supplier that came by platform joins those that referrers send themselves: one intake for all; and what we then say of it."""

from portal.company import access as company
from portal.invoicing.platform import access, telling
from portal.invoicing.platform.telling import Came
from portal.invoicing.received import receiving
from portal.invoicing.received.told import told_from
from portal.invoicing.received.words import State, Unreadable
from portal.jobs.queue import machine
from portal.kit import db
from portal.kit.deed import deed
from portal.kit.invalid import Invalid
from portal.kit.problems import Refused

NO_SUPPLIER, NOT_READ = "no_such_supplier", "not_an_invoice"
SAYS = {State.COMPARED: "204", State.ACCEPTED: "205", State.REFUSED: "210"}
# What we write down when we refuse → the reason that the standard has for a refusal.
REFUSED_AS = {
    "amount": "MONTANTTOTAL_ERR", "vat": "TX_TVA_ERR", "parties": "DEST_ERR", "twice": "DOUBLON", "not_due": "TRANSAC_INC",
}  # fmt: skip
REFUSED_OTHERWISE = "NON_CONFORME"


async def hand_over(flow_id: int) -> None:
    """What names no referrer of ours, or cannot be read, stays where it is and is said."""
    flow = await access.flow(flow_id)
    entity = await company.legal_entity()
    assert entity is not None
    try:
        handed = await receiving.hand_in(flow["body"], flow["name"], entity)
        referrer_id = await access.supplier_of(handed.told.seller.siren)
    except (Unreadable, Invalid):
        await _keep_back(flow_id, NOT_READ)
        return
    if referrer_id is None:
        await _keep_back(flow_id, NO_SUPPLIER)
        return
    try:
        async with deed(machine("invoicing.hand_over", flow_id)):
            received = await receiving.receive(referrer_id, handed, via="platform")
            await db.execute(
                "INSERT INTO platform_arrival (flow_id, received_id) VALUES ($1, $2)", flow_id, received["id"]
            )
    except Refused as no:  # the same file, or the same number, came another way
        await _keep_back(flow_id, no.code)


async def _keep_back(flow_id: int, fault: str) -> None:
    async with deed(machine("invoicing.hand_over", flow_id)):
        await db.execute("UPDATE platform_flow SET fault = $2 WHERE id = $1 AND fault = ''", flow_id, fault)


async def say_what_became(received_id: int) -> None:
    """By the way by which it came: taken in hand, approved, or refused with the reason of the standard."""
    received = await access.arrival(received_id)
    if received is None or received["state"] not in SAYS:
        return
    code, told = SAYS[received["state"]], told_from(received["told"])
    if told.issued_on is None:
        return
    came = Came(told.number, told.issued_on, told.kind, told.seller.siren, told.seller.name)
    reason_code = REFUSED_AS.get(received["reason_code"], REFUSED_OTHERWISE) if code == "210" else ""
    async with deed(machine("invoicing.answer_own", received_id)):
        await telling.answer(
            received["flow_id"], came, code, reason_code, received["reason"] if reason_code else ""
        )
