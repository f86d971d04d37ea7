"""A paper of a barter as it is kept: its row, its history, and where it is found."""

import hashlib
from dataclasses import dataclass

from portal.company import access as company
from portal.invoicing import issuing
from portal.invoicing.barter.rules import NATURE_MENTIONS
from portal.invoicing.composing import NOTES, said
from portal.invoicing.papers import RECEIPTS, Paper
from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import current
from portal.kit.references import new_ref
from portal.kit.rows import Row
from portal.law import Figures, figure_id

INSERT = """
INSERT INTO invoice (id, ref, legal_entity_id, referrer_id, contract_id, kind, type_code, series_id, series_position, number,
                     issued_on, due_on, net_cents, vat_cents, total_cents, vat_regime, vat_rate, vat_on_debits,
                     paper, xml, xml_sha256, credits_id, issued_at, by_user, mandate, barter_id)
OVERRIDING SYSTEM VALUE
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26)
"""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A paper with its number and what its row says beside it. Our own sales are taxed as anything we sell."""

    id: int
    barter_id: int
    kind: str
    paper: Paper
    xml: bytes | None
    series_id: int
    position: int
    referrer: Row
    regime: str = "standard"
    on_debits: bool = False
    mandate: str = ""
    credits_id: int | None = None


async def keep(one: Drawn) -> None:
    paper, xml, referrer = one.paper, one.xml, one.referrer
    entity = await db.value("SELECT legal_entity_id FROM barter WHERE id = $1", one.barter_id)
    await db.execute(
        INSERT,
        one.id, new_ref(), entity, referrer["referrer_id"], referrer["contract_id"], one.kind,
        "" if paper.kind in RECEIPTS else paper.kind.value, one.series_id, one.position, paper.number,
        paper.issued_on, paper.due_on or paper.issued_on, paper.net_cents, paper.vat_cents, paper.gross_cents,
        one.regime, paper.lines[0].vat_rate, one.on_debits, said(paper, _used(paper, await company.figures())), xml,
        hashlib.sha256(xml).digest() if xml else None, one.credits_id, now(), current().actor.user_id, one.mandate,
        one.barter_id,
    )  # fmt: skip
    await issuing.tell(one.id, paper, referrer, xml)


def _used(paper: Paper, figures: Figures) -> dict[str, str]:
    codes = (*NOTES.values(), *NATURE_MENTIONS.values()) if paper.kind not in RECEIPTS else ()
    found = {code: figures.at(code, paper.issued_on) for code in dict.fromkeys(codes)}
    return {figure_id(code, figure): str(figure.value) for code, figure in found.items()}
