"""Writing down money that moved: what every verb about payments does alike."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from portal.deals import access
from portal.deals.rules import counts_on, oddities
from portal.history.access import record
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import current
from portal.kit.money import Cents
from portal.kit.problems import Refused
from portal.kit.references import new_ref
from portal.kit.text import N_


async def lock(*deal_ids: int) -> None:
    """In the order of their ids, whoever asks."""
    await db.rows(
        "SELECT id FROM deal WHERE id = ANY ($1::bigint[]) ORDER BY id FOR NO KEY UPDATE", list(deal_ids)
    )


async def invoice_of(deal_id: int, invoice_id: int | None) -> db.Row | None:
    if invoice_id is None:
        return None
    found = await db.row("SELECT * FROM client_invoice WHERE id = $1 AND deal_id = $2", invoice_id, deal_id)
    if found is None:
        raise Refused("foreign_invoice", N_("Cette facture n'appartient pas à l'affaire."))
    return found


async def known_lines(deal_id: int, told: Sequence[int]) -> list[int]:
    return positions(told, len(await access.lines_of(deal_id))) if told else []


def positions(told: Sequence[int], known: int) -> list[int]:
    if any(not 1 <= position <= known for position in told):
        raise Refused("unknown_line", N_("Cette ligne n'est pas de l'affaire."))
    return sorted(set(told))


async def write_payment(
    deal: db.Row, kind: str, paid_on: date, net: Cents, external_id: str | None, source: str, **told: Any
) -> int:
    payment_id = await db.insert(
        "client_payment",
        **{
            "ref": new_ref(), "external_id": external_id, "deal_id": deal["id"], "kind": kind, "paid_on": paid_on, "net_cents": net,
            "counts_on": counts_on(paid_on, deal["signed_on"]), "warnings": oddities(paid_on, deal["signed_on"], today()),
            "source": source, "by_user": current().actor.user_id, "at": now(), **told,
        },
    )  # fmt: skip
    await record(f"deals.{kind}", "deal", deal["id"], client_payment=payment_id)
    return payment_id
