"""The letter that ends a contract: what is still owed that day, which priorities go on; kept as it was written, and as a PDF."""

import asyncio
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from portal.company import access as company
from portal.company.sealing import sealed_pdf
from portal.contracts import access, actions
from portal.contracts.drafting import company_values, parts_of
from portal.contracts.lifetime.rules import NoticeKind, Side
from portal.contracts.paper import contract_body
from portal.contracts.signature.printing import Brand
from portal.contracts.wording.placeholders import legal_values
from portal.contracts.wording.texts import TERMINATION
from portal.kit import db, files
from portal.kit.days import day_of, today
from portal.kit.fill import Value
from portal.kit.pdf import render_pdf
from portal.kit.templates import environment
from portal.kit.text import N_, _, day, money, points, speaking
from portal.ledger.balances import Balances, referrer_balances

OWED = (
    ("due", N_("%(amount)s à régler")),
    ("held", N_("%(amount)s à confirmer")),
    ("invoiced", N_("%(amount)s facturés, à virer")),
    ("in_transit", N_("%(amount)s en cours de virement")),
    ("owes", N_("%(amount)s à déduire")),
)
NOTHING_OWED = N_("rien n'est dû pour l'instant")
NOTHING_RUNNING = N_("aucune recommandation n'est en cours")
RUNNING = N_("recommandation %(ref)s du %(day)s, prioritaire jusqu'au %(until)s")
GOES_ON = ("submitted", "waiting", "accepted", "contacted", "qualified", "proposal", "disputed")
SEALED = "Lettre de fin du contrat %s"


async def letter_of(
    contract: db.Row, kind: NoticeKind, side: Side, until: date, reason: str
) -> dict[str, Any]:
    """Columns of the notice: the text, its values, the letter."""
    [text] = await access.texts_in_force([TERMINATION], today())
    values = {
        **contract["filled"],
        **company_values(await company.legal_entity_by(contract["legal_entity_id"])),
        **legal_values(await company.figures(), today()),
        **_termination(contract, kind, side, until, reason),
        **await _remains(contract),
    }
    parts = actions.filled_parts([text], values)
    return {"text_id": text["id"], "filled": values, "html": str(contract_body(parts))}


def _termination(
    contract: db.Row, kind: NoticeKind, side: Side, until: date, reason: str
) -> Mapping[str, Value]:
    with speaking("fr"):
        return {
            "contract.drafted_on": day(today()),
            "contract.in_points": bool(contract["filled"].get("plan.in_points")),
            "termination.of_number": contract["number"],
            "termination.by_company": side is Side.COMPANY,
            "termination.by_referrer": side is Side.REFERRER,
            "termination.ends_on": day(until),
            "termination.notice_days": str((until - today()).days),
            "termination.reason": reason,
            "termination.for_fault": kind is NoticeKind.FAULT,
        }


async def _remains(contract: db.Row) -> Mapping[str, Value]:
    balances = await referrer_balances(contract["referrer_id"])
    rows = await running_of(contract)
    with speaking("fr"):
        owed = " ; ".join(owed_in(balances)) or _(NOTHING_OWED)
        running = [_running(row) for row in rows] or [_(NOTHING_RUNNING)]
    return {"termination.owed": f"{owed}.", "termination.still_running": tuple(running)}


def owed_in(balances: Balances) -> Iterator[str]:
    """Each thing that is still owed, in the reader's language."""
    for name, said in OWED:
        if cents := getattr(balances, name):
            yield _(said) % {"amount": money(cents)}
    if balances.points:
        yield points(balances.points)


async def running_of(contract: db.Row) -> list[db.Row]:
    """Recommendations under this contract and those before it in its line whose priority is not over."""
    return await db.rows(
        """SELECT lead.ref, lead.company_name, lead.recommended_on, lead.priority_until FROM lead
           JOIN contract ON contract.id = lead.contract_id
           WHERE coalesce(contract.original_id, contract.id) = $1 AND lead.state = ANY ($2) AND lead.priority_until >= $3
           ORDER BY lead.priority_until, lead.id""",
        contract["original_id"] or contract["id"], GOES_ON, today(),
    )  # fmt: skip


def _running(row: db.Row) -> str:
    """By its reference: a letter that is kept names nobody who may ask to be forgotten."""
    said = {"ref": row["ref"], "day": day(row["recommended_on"]), "until": day(row["priority_until"])}
    return _(RUNNING) % said


# The PDF


async def keep_pdf(notice: db.Row, kept: files.Kept) -> None:
    file = await files.attach(kept, "contract", notice["contract_id"])
    await db.execute("UPDATE contract_notice SET pdf_file = $2 WHERE id = $1", notice["id"], file["id"])
    await actions.chain(
        notice["contract_id"], "contracts.notice_printed", notice=notice["id"], file=file["sha256"].hex()
    )


async def printed(notice: db.Row) -> bytes:
    """Sealed, as the contract is; the same letter gives the same pages."""
    contract = await access.contract(notice["contract_id"])
    entity = await company.legal_entity_by(contract["legal_entity_id"])
    html = await _html(notice, contract, entity)
    made = await asyncio.to_thread(_rendered, html, notice["given_at"], notice["ref"])
    return await sealed_pdf(entity, made, SEALED % contract["number"])


def _rendered(html: str, created: datetime, ref: str) -> bytes:
    return render_pdf(html, created=created, identifier=ref.encode().ljust(16, b"-")[:16])


async def _html(notice: db.Row, contract: db.Row, entity: db.Row) -> str:
    text = await db.row("SELECT * FROM contract_text WHERE id = $1", notice["text_id"])
    assert text is not None
    [part] = parts_of([text], notice["filled"])
    by = entity["name"] if notice["side"] == Side.COMPANY else contract["referrer_name"]
    with speaking("fr"):
        return environment().get_template("papers/contract_letter.html").render(
            part=part, contract=contract, brand=Brand(entity), by=by, at=notice["given_at"], on=day_of(notice["given_at"]),
        )  # fmt: skip
