"""Statements and notices of a bank, camt.053 and camt.054 of every version, as what moved on the account. Pure.

Only what is booked counts. One entry may tell its transactions one by one, or stand for a whole batch."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from portal.kit.bank_xml import Element, cents, day, each, first, name_of, opened, text
from portal.kit.invalid import Invalid
from portal.kit.money import Cents

FORMATS = {
    "BkToCstmrStmt": ("camt.053", "Stmt"),
    "BkToCstmrDbtCdtNtfctn": ("camt.054", "Ntfctn"),
}
OPENING, CLOSING = ("OPBD", "PRCD", "OPAV"), ("CLBD", "CLAV")
MOST_MOVEMENTS = 50_000
RETURNED = {"RRTN", "RPCR", "ARET", "RRCT"}
"""What the bank's own code says of a credit transfer that came back."""
UNTOLD = {"", "NOTPROVIDED", "NOTAVAILABLE"}


@dataclass(frozen=True, slots=True)
class Movement:
    """What left (debit) or came in (credit). `batch`: the message or payment information it executes, `count` transfers;
    `reason`: the ISO code of a return. `external_id`: the same movement of the same account, in whatever file."""

    is_credit: bool
    is_return: bool
    amount_cents: Cents
    currency: str
    booked_on: date
    external_id: str
    end_to_end_id: str = ""
    batch: str = ""
    count: int | None = None
    reason: str = ""
    name: str = ""
    iban: str = ""
    label: str = ""

    @property
    def signed_cents(self) -> Cents:
        return self.amount_cents if self.is_credit else -self.amount_cents


@dataclass(frozen=True, slots=True)
class Balance:
    on: date | None
    cents: Cents


@dataclass(frozen=True, slots=True)
class Statement:
    message: str
    number: str
    iban: str
    opening: Balance | None
    closing: Balance | None
    booked_cents: Cents
    movements: tuple[Movement, ...]


@dataclass(frozen=True, slots=True)
class Statements:
    format: str
    message: str
    statements: tuple[Statement, ...]


def read_camt(data: bytes) -> Statements:
    """Raises Invalid: broken, another message, too long."""
    return camt_of(opened(data))


def camt_of(root: Element) -> Statements:
    body = next(iter(root), None) if name_of(root) == "Document" else root
    if body is None or name_of(body) not in FORMATS:
        raise Invalid("bank_other_message")
    kind, part = FORMATS[name_of(body)]
    message = text(body, "GrpHdr/MsgId")
    statements = tuple(_statement(one) for one in each(body, part))
    if sum(len(one.movements) for one in statements) > MOST_MOVEMENTS:
        raise Invalid("too_many_rows", {"limit": MOST_MOVEMENTS})
    return Statements(kind, message, statements)


def _statement(stated: Element) -> Statement:
    iban = text(stated, "Acct/Id/IBAN", "Acct/Id/Othr/Id").replace(" ", "").upper()
    booked = [entry for entry in each(stated, "Ntry") if text(entry, "Sts/Cd", "Sts") in ("BOOK", "")]
    seen: Counter[tuple[object, ...]] = Counter()
    return Statement(
        message=text(stated, "Id"),
        number=text(stated, "ElctrncSeqNb", "LglSeqNb"),
        iban=iban,
        opening=_balance(stated, OPENING),
        closing=_balance(stated, CLOSING),
        booked_cents=sum(_sign(entry) * (cents(entry, "Amt") or 0) for entry in booked),
        movements=tuple(one for entry in booked for one in _movements(entry, iban, seen)),
    )


def _balance(stated: Element, codes: tuple[str, ...]) -> Balance | None:
    told = {text(one, "Tp/CdOrPrtry/Cd"): one for one in each(stated, "Bal")}
    found = next((told[code] for code in codes if code in told), None)
    if found is None:
        return None
    return Balance(day(found, "Dt/Dt", "Dt/DtTm"), _sign(found) * (cents(found, "Amt") or 0))


def _sign(told: Element) -> int:
    return 1 if text(told, "CdtDbtInd") == "CRDT" else -1


def _movements(entry: Element, iban: str, seen: Counter[tuple[object, ...]]) -> Iterator[Movement]:
    """Its transactions where each tells its amount; else the entry as a whole."""
    details = list(each(entry, "NtryDtls/TxDtls"))
    amounts = [_amount_of(one) for one in details]
    if len(details) < 2 or None in amounts:
        yield _movement(entry, details[0] if len(details) == 1 else None, cents(entry, "Amt"), iban, seen)
        return
    for one, amount in zip(details, amounts, strict=True):
        yield _movement(entry, one, amount, iban, seen)


def _amount_of(detail: Element) -> Cents | None:
    return cents(detail, "Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt")


def _movement(
    entry: Element, detail: Element | None, amount: Cents | None, iban: str, seen: Counter[tuple[object, ...]]
) -> Movement:
    booked_on = day(entry, "BookgDt/Dt", "BookgDt/DtTm") or day(entry, "ValDt/Dt", "ValDt/DtTm")
    if amount is None or booked_on is None or text(entry, "CdtDbtInd") not in ("CRDT", "DBIT"):
        raise Invalid("bank_broken")
    is_credit = (text(detail, "CdtDbtInd") or text(entry, "CdtDbtInd")) == "CRDT"
    batch = first(entry, "NtryDtls/Btch")
    reason = text(detail, "RtrInf/Rsn/Cd", "RtrInf/Rsn/Prtry")
    told = {
        "end_to_end_id": _told(text(detail, "Refs/EndToEndId")),
        "batch": _told(text(detail, "Refs/PmtInfId", "Refs/MsgId"))
        or _told(text(batch, "PmtInfId", "MsgId")),
        "name": _party(detail, is_credit),
        "iban": _account(detail, is_credit),
        "label": _label(entry, detail),
    }
    refs = (text(detail, "Refs/AcctSvcrRef"), text(entry, "AcctSvcrRef"), text(detail, "Refs/TxId"))
    return Movement(
        is_credit=is_credit,
        is_return=bool(reason)
        or bool(_codes(entry, detail) & RETURNED)
        or (is_credit and text(entry, "RvslInd") in ("true", "1")),
        amount_cents=amount,
        currency=_currency(entry, detail),
        booked_on=booked_on,
        external_id=_external((iban, booked_on, is_credit, amount, *refs, *told.values()), seen),
        count=_count(batch) if detail is None else None,
        reason=reason[:35],
        **told,
    )


def _told(said: str) -> str:
    return "" if said.upper() in UNTOLD else said[:35]


def _count(batch: Element | None) -> int | None:
    said = text(batch, "NbOfTxs")
    return int(said) if said.isascii() and said.isdigit() and len(said) <= 9 else None


def _currency(entry: Element, detail: Element | None) -> str:
    found = first(detail, "Amt", "AmtDtls/TxAmt/Amt")
    found = found if found is not None else first(entry, "Amt")
    return (found.get("Ccy") or "EUR")[:3] if found is not None else "EUR"


def _codes(entry: Element, detail: Element | None) -> set[str]:
    paths = ("BkTxCd/Domn/Fmly/Cd", "BkTxCd/Domn/Fmly/SubFmlyCd")
    return {text(one, path) for one in (entry, detail) for path in paths} - {""}


def _party(detail: Element | None, is_credit: bool) -> str:
    """Who stands on the other side; of what came back, to whom it should have gone."""
    sides = ("Dbtr", "Cdtr") if is_credit else ("Cdtr", "Dbtr")
    if first(detail, "RtrInf") is not None:
        sides = ("Cdtr", "Dbtr")
    return text(detail, *(f"RltdPties/{side}/{way}" for side in sides[:1] for way in ("Nm", "Pty/Nm")))[:140]


def _account(detail: Element | None, is_credit: bool) -> str:
    side = "CdtrAcct" if not is_credit or first(detail, "RtrInf") is not None else "DbtrAcct"
    return text(detail, f"RltdPties/{side}/Id/IBAN").replace(" ", "").upper()[:34]


def _label(entry: Element, detail: Element | None) -> str:
    said = " ".join(one.text or "" for one in each(detail, "RmtInf/Ustrd"))
    return (" ".join(said.split()) or text(detail, "AddtlTxInf") or text(entry, "AddtlNtryInf"))[:300]


def _external(told: tuple[object, ...], seen: Counter[tuple[object, ...]]) -> str:
    """Two movements that the bank tells alike are told apart by their order."""
    seen[told] += 1
    return hashlib.sha256(repr((told, seen[told])).encode()).hexdigest()[:32]
