"""The bank's answer to a file of transfers, pain.002 of every version, as what it accepted and what it refused. Pure."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from portal.kit.bank_xml import Element, cents, day, each, first, name_of, text
from portal.kit.invalid import Invalid
from portal.kit.money import Cents

BODY = "CstmrPmtStsRpt"
ACCEPTED = frozenset({"ACCP", "ACTC", "ACSP", "ACSC", "ACWC", "ACWP", "ACCC", "ACFC"})
REFUSED, PARTLY = "RJCT", "PART"
MOST_ANSWERS = 50_000


@dataclass(frozen=True, slots=True)
class Answer:
    """Of one transfer, or of a whole message where `end_to_end_id` is empty. `is_partly`: some of it, without saying which."""

    is_accepted: bool
    said_on: date
    external_id: str
    batch: str
    end_to_end_id: str = ""
    reason: str = ""
    label: str = ""
    name: str = ""
    iban: str = ""
    amount_cents: Cents | None = None
    is_partly: bool = False


@dataclass(frozen=True, slots=True)
class Answers:
    message: str
    answers: tuple[Answer, ...]


def is_answer(root: Element) -> bool:
    return name_of(next(iter(root), root)) == BODY or name_of(root) == BODY


def answers_of(root: Element) -> Answers:
    """Transfers first, then what is said of the whole: a reason told of one stands. Raises Invalid."""
    body = root if name_of(root) == BODY else first(root, BODY)
    said_on = day(body, "GrpHdr/CreDtTm")
    group = first(body, "OrgnlGrpInfAndSts")
    if said_on is None or group is None:
        raise Invalid("bank_broken")
    message, batch = text(body, "GrpHdr/MsgId"), text(group, "OrgnlMsgId")[:35]
    parts = list(each(body, "OrgnlPmtInfAndSts"))
    answers = [one for part in (body, *parts) for one in _transfers(part, batch, message, said_on)]
    if len(answers) > MOST_ANSWERS:
        raise Invalid("too_many_rows", {"limit": MOST_ANSWERS})
    whole = [_whole(part, text(part, "OrgnlPmtInfId")[:35] or batch, message, said_on) for part in parts]
    whole.append(_whole(group, batch, message, said_on))
    told = {(one.batch, one.is_accepted): one for one in whole if one and not (one.is_partly and answers)}
    return Answers(message, (*answers, *told.values()))


def _transfers(part: Element, batch: str, message: str, said_on: date) -> Iterator[Answer]:
    for told in each(part, "TxInfAndSts"):
        status, end_to_end_id = text(told, "TxSts"), text(told, "OrgnlEndToEndId")[:35]
        if status not in ACCEPTED and status != REFUSED:
            continue
        original = first(told, "OrgnlTxRef")
        reason = _reason(told)
        yield Answer(
            is_accepted=status in ACCEPTED, said_on=said_on, batch=batch, end_to_end_id=end_to_end_id, reason=reason,
            external_id=_external(message, batch, end_to_end_id, status, reason),
            label=text(told, "StsRsnInf/AddtlInf")[:300],
            name=text(original, "Cdtr/Nm", "Cdtr/Pty/Nm")[:140],
            iban=text(original, "CdtrAcct/Id/IBAN").replace(" ", "").upper()[:34],
            amount_cents=cents(original, "Amt/InstdAmt"),
        )  # fmt: skip


def _whole(part: Element, batch: str, message: str, said_on: date) -> Answer | None:
    status = text(part, "GrpSts", "PmtInfSts")
    if status not in {*ACCEPTED, REFUSED, PARTLY}:
        return None
    return Answer(
        is_accepted=status in ACCEPTED, said_on=said_on, batch=batch, reason=_reason(part), is_partly=status == PARTLY,
        external_id=_external(message, batch, "", status, ""), label=text(part, "StsRsnInf/AddtlInf")[:300],
    )  # fmt: skip


def _reason(told: Element) -> str:
    return text(told, "StsRsnInf/Rsn/Cd", "StsRsnInf/Rsn/Prtry")[:35]


def _external(*told: str) -> str:
    return hashlib.sha256(repr(told).encode()).hexdigest()[:32]
