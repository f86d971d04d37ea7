"""What may be paid by hand, and how. Pure."""

from enum import StrEnum

from portal.kit.money import Cents
from portal.kit.problems import Refused
from portal.kit.rows import Row
from portal.kit.text import N_, money
from portal.payouts.rails.rules import RailName
from portal.payouts.rules import LineState
from portal.payouts.shares.rules import End


class Way(StrEnum):
    CHEQUE = "cheque"
    TRANSFER = "transfer"


WAYS = {Way.CHEQUE: N_("Chèque"), Way.TRANSFER: N_("Virement saisi à la banque")}


def to_pay(line: Row) -> dict[int | None, Cents]:
    """By share (None: the whole line), what waits for a person to pay it."""
    by_hand = line["rail"] == RailName.HAND and line["state"] == LineState.SENT
    if line["state"] not in (LineState.SENT, LineState.SETTLED):
        return {}
    if not line["shares"]:
        return {None: line["total_cents"]} if by_hand else {}
    return {
        share["position"]: share["amount_cents"]
        for share in line["shares"]
        if share["end"] == End.CAME_BACK or (by_hand and share["end"] != End.ARRIVED)
    }


def check(line: Row, position: int | None, amount: Cents) -> None:
    waits = to_pay(line)
    if position not in waits:
        raise Refused("hand_not_waiting", N_("Ce versement n'attend pas d'être payé à la main : relisez-le."))
    if amount != waits[position]:
        raise Refused(
            "hand_amount", N_("Le montant à payer est %(amount)s, ni plus ni moins."), amount=money(waits[position])
        )  # fmt: skip
