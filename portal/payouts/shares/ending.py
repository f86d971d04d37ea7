"""How each share of a transfer ends; when all have arrived the transfer has, when all came back it did."""

from datetime import date

from portal.kit import db
from portal.kit.days import day_of, now, today
from portal.kit.deed import current
from portal.kit.problems import NotFound, Refused
from portal.kit.text import N_
from portal.payouts import access, actions
from portal.payouts.moves import chain, locked
from portal.payouts.rules import LineState
from portal.payouts.shares.rules import End


async def share_arrived(line: db.Row, position: int, on: date) -> None:
    line = await _noted(line, position, on, arrived=True)
    if all(share["end"] == End.ARRIVED for share in line["shares"]) and line["state"] == LineState.SENT:
        await actions.settle_lines([line], on)


async def share_came_back(line: db.Row, position: int, on: date, why: str = "") -> None:
    """The others go their way; this one is then paid by hand, or the whole comes back with it. Where all had arrived the
    debt stays one that was paid: what came back of it is paid again, with its proof."""
    line = await _noted(line, position, on, arrived=False, why=why)
    if all(share["end"] == End.CAME_BACK for share in line["shares"]):
        await actions.fail(line, on, why)


async def _noted(line: db.Row, position: int, on: date, *, arrived: bool, why: str = "") -> db.Row:
    await locked([line["run_id"]])
    fresh = await access.line(line["id"])
    share = next((one for one in fresh["shares"] if one["position"] == position), None)
    if share is None:
        raise NotFound("share")
    if not _is_open(fresh, share, arrived):
        raise Refused("share_moved_on", N_("C'est déjà noté : relisez ce virement."))
    if not day_of(fresh["sent_at"]) <= on <= today():
        raise Refused("settled_when", N_("Indiquez un jour entre l'envoi et aujourd'hui."))
    await db.insert(
        "payout_share_end",
        line_id=fresh["id"], position=position, arrived=arrived, on_day=on, why=why, by_user=current().actor.user_id, at=now(),
    )  # fmt: skip
    await chain(
        fresh["run_id"],
        "share_arrived" if arrived else "share_came_back",
        line=fresh["id"],
        position=position,
    )
    return await access.line(fresh["id"])


def _is_open(line: db.Row, share: db.Row, arrived: bool) -> bool:
    """After the whole has arrived a share may still come back, and what came back may arrive."""
    if line["state"] == LineState.SETTLED:
        return arrived == (share["end"] == End.CAME_BACK)
    return line["state"] == LineState.SENT and share["end"] != (End.ARRIVED if arrived else End.CAME_BACK)
