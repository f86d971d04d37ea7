"""What became of an order, step by step, in words."""

from dataclasses import dataclass
from datetime import datetime

from portal.gifts.orders.rules import GIVEN_UP, REASONS, WITHDRAWN, OrderState
from portal.kit import db
from portal.kit.text import _


@dataclass(frozen=True, slots=True)
class Moment:
    """As the timeline of the design system takes it."""

    when: datetime
    title: str
    who: str = ""
    tone: str = ""
    text: str = ""


def moments_of(order: db.Row, *, team: bool) -> list[Moment]:
    """The latest first; names and the supplier are for the team."""

    def who(name: str | None) -> str:
        return (name or "") if team else ""

    told = [
        Moment(order["requested_at"], _("Demandée"), who(order["referrer_name"])),
        _decided(order, who(order["decider"])),
        Moment(order["exported_at"], _("Commandée au fournisseur"), text=order["supplier"])
        if team and order["export_ref"]
        else None,
        Moment(order["sent_at"], _("Code remis") if order["code_id"] else _("Envoyée"), who(order["sender"]))
        if order["sent_at"]
        else None,
        Moment(order["missing_at"], _("Signalée comme non reçue"), tone="bad")
        if order["missing_at"]
        else None,
        _received(order, who(order["taker"])),
    ]
    return sorted((one for one in told if one), key=lambda one: one.when, reverse=True)


def _decided(order: db.Row, who: str) -> Moment | None:
    if order["state"] == OrderState.REQUESTED:
        return None
    if order["reason_code"] == WITHDRAWN:
        return Moment(order["decided_at"], _(GIVEN_UP), tone="plain")
    if order["reason_code"]:
        return Moment(order["decided_at"], _("Refusée"), who, "bad", _(REASONS[order["reason_code"]]))
    return Moment(
        order["decided_at"], _("Acceptée") if order["decided_by"] else _("Acceptée d'office"), who, "good"
    )


def _received(order: db.Row, who: str) -> Moment | None:
    if order["state"] != OrderState.RECEIVED:
        return None
    title = _("Reçue") if order["received_by"] else _("Considérée comme reçue")
    return Moment(order["received_at"], title, who, "good")
