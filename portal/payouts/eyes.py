"""What of a run needs eyes before it is approved; all the rest is as ever. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from statistics import median

from portal.kit.money import Cents
from portal.kit.rows import Row
from portal.kit.text import N_


class Look(StrEnum):
    NEW_PAYEE = "new_payee"
    NEW_ACCOUNT = "new_account"
    ANOTHER = "another"  # somebody is paid in the place of the referrer
    MUCH = "much"  # more than twice the usual
    ABOVE_LIMIT = "above_limit"
    LATE = "late"  # at or after its legal date
    HOLDER = "holder"  # paid although the names differ


LOOKS = {
    Look.NEW_PAYEE: N_("Premier versement"),
    Look.NEW_ACCOUNT: N_("IBAN changé depuis le dernier versement"),
    Look.ANOTHER: N_("Un autre est payé à sa place"),
    Look.MUCH: N_("Plus du double de l'habitude (%(usual)s)"),
    Look.ABOVE_LIMIT: N_("Au-dessus de votre plafond (%(limit)s)"),
    Look.LATE: N_("À payer avant le %(due)s"),
    Look.HOLDER: N_("Titulaire différent, payé sur décision"),
}
LATEST = 12  # transfers that make the usual
FEW = 3  # fewer make none
NEAR = timedelta(days=3)  # a transfer needs a day, and a weekend may come between
TIMES_THE_USUAL = 2


@dataclass(frozen=True, slots=True)
class Past:
    """What was paid to one referrer before: amounts that arrived, the latest first, and where the latest went."""

    amounts: tuple[Cents, ...] = ()
    bank_detail_id: int | None = None
    destination: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    look: Look
    said: Mapping[str, object]


def usual(past: Past) -> Cents | None:
    """The median of the latest; none when too few arrived to tell."""
    return round(median(past.amounts[:LATEST])) if len(past.amounts) >= FEW else None


def looks(line: Row, past: Past, due_on: date, limit: Cents | None) -> list[Seen]:
    """Why this line needs eyes, the gravest first. `limit`: that of the person who looks."""
    often = usual(past)
    elsewhere = (past.bank_detail_id, past.destination) != (line["bank_detail_id"], line["destination"])
    found: Sequence[tuple[Look, bool, Mapping[str, object]]] = (
        (Look.ANOTHER, bool(line["shares"]), {}),
        (Look.HOLDER, bool(line["holder_decided"]), {}),
        (Look.NEW_PAYEE, not past.amounts, {}),
        (Look.NEW_ACCOUNT, bool(past.amounts) and elsewhere and not line["shares"], {}),
        (Look.MUCH, often is not None and line["total_cents"] > TIMES_THE_USUAL * often, {"usual": often}),
        (Look.ABOVE_LIMIT, limit is not None and line["total_cents"] > limit, {"limit": limit}),
        (Look.LATE, due_on <= line["executes_on"] + NEAR, {"due": due_on}),
    )
    return [Seen(look, said) for look, holds, said in found if holds]
