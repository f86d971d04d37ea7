"""Commissions that are due and wait for a document of their referrer, as the contract puts it into the due date."""

from collections.abc import Sequence

from portal.company import access as company
from portal.earnings.rules import EarningState
from portal.kit import db
from portal.kit.days import today
from portal.kit.text import N_, _
from portal.referrers.rules import BLOCKS as FILE_BLOCKS
from portal.referrers.vigilance import access as documents
from portal.referrers.vigilance.words import BLOCKS

WAITS = {
    "papers_missing": N_("Bloquée : justificatif manquant"),
    "papers_to_check": N_("Bloquée : justificatif en cours de vérification"),
}


async def waits_among(earnings: Sequence[db.Row]) -> dict[int, str]:
    """By referrer: the code of why what is due to them waits. Nothing is asked when nothing is due."""
    due = sorted(
        {
            one["referrer_id"]
            for one in earnings
            if one["state"] == EarningState.DUE and one["unit"] == "EUR" and one["amount"] > 0
        }
    )
    if not due:
        return {}
    found = await documents.dossiers(due, today(), await company.figures())
    return {referrer_id: one.blocks[0] for referrer_id, one in found.items() if one.blocks}


def said(code: str) -> str:
    return _(WAITS[code])


async def blocks_for(referrer_id: int) -> list[str]:
    """What is still to be brought before a paper can be made, in words, for the page of one commission."""
    found = await documents.dossier(referrer_id)
    return [_((BLOCKS | FILE_BLOCKS)[code]) for code in (*found.file_blocks, *found.blocks)]
