"""A contract that was signed on paper: its scan is kept, and somebody says by name that they saw the original."""

from datetime import date

from portal.contracts import access, actions
from portal.kit import db, files
from portal.kit.days import now
from portal.kit.deed import current
from portal.kit.problems import Refused
from portal.kit.text import N_

NOT_ON_PAPER = N_("Ce contrat n'a pas été signé sur papier.")
SCANNED_ALREADY = N_("L'original numérisé de ce contrat est déjà là.")


async def record(
    referrer_id: int, programme_id: int, plan_version_id: int, scan: files.Kept, *, signed_on: date, signers: str,
    self_billing: bool, text_key: str = "",
) -> db.Row:  # fmt: skip
    """In force since the day it was signed. Who does the deed vouches for it."""
    recorded = await actions.record_on_paper(
        referrer_id, programme_id, plan_version_id, signed_on=signed_on, vouched_by=current().actor.user_id,
        self_billing=self_billing, text_key=text_key,
    )  # fmt: skip
    return await vouch(recorded, scan, signers)


async def vouch(contract: db.Row, scan: files.Kept, signers: str) -> db.Row:
    """Also for one that was recorded without its original, as an import does. Once: what was vouched for stays."""
    await db.row("SELECT 1 FROM contract WHERE id = $1 FOR NO KEY UPDATE", contract["id"])
    contract = await access.contract(contract["id"])
    if not contract["on_paper"]:
        raise Refused("not_on_paper", NOT_ON_PAPER)
    if contract["paper_file"]:
        raise Refused("scanned_already", SCANNED_ALREADY)
    file = await files.attach(scan, "contract", contract["id"])
    await db.execute(
        "UPDATE contract SET paper_file = $2, paper_signers = $3, vouched_by = $4, vouched_at = $5 WHERE id = $1",
        contract["id"], file["id"], signers, current().actor.user_id, now(),
    )  # fmt: skip
    await actions.chain(contract["id"], "contracts.vouched", file=file["sha256"].hex())
    return await access.contract(contract["id"])
