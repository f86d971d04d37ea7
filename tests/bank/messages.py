"""Messages as a bank writes them, in the versions and shapes that are met."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

OURS = "FR7630006000011234567890189"
BOOKED = "<Sts>BOOK</Sts>"


def euros(cents: int) -> str:
    return f"{Decimal(cents).scaleb(-2):.2f}"


@dataclass(frozen=True)
class Entry:
    """`version` 2 writes parties and states as in 2009, 8 as in 2019."""

    cents: int
    on: date
    end_to_end_id: str = ""
    credit: bool = False
    iban: str = ""
    name: str = ""
    reason: str = ""
    label: str = ""
    batch: str = ""
    count: int = 0
    ref: str = ""
    currency: str = "EUR"
    status: str = "BOOK"
    parts: tuple["Entry", ...] = ()

    def xml(self, version: int) -> str:
        status = f"<Sts>{self.status}</Sts>" if version < 8 else f"<Sts><Cd>{self.status}</Cd></Sts>"
        details = "".join(one.details(version, amount=True) for one in self.parts)
        if not self.parts and (self.end_to_end_id or self.iban or self.label or self.reason):
            details = self.details(version, amount=False)
        batch = (
            f"<Btch><PmtInfId>{self.batch}</PmtInfId><NbOfTxs>{self.count}</NbOfTxs></Btch>"
            if self.batch and self.count
            else ""
        )
        return (
            f'<Ntry><Amt Ccy="{self.currency}">{euros(self.cents)}</Amt><CdtDbtInd>{self.sign}</CdtDbtInd>{status}'
            f"<BookgDt><Dt>{self.on}</Dt></BookgDt><ValDt><Dt>{self.on}</Dt></ValDt>"
            f"<AcctSvcrRef>{self.ref}</AcctSvcrRef><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>ICDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>"
            f"<NtryDtls>{batch}{details}</NtryDtls><AddtlNtryInf>{self.label}</AddtlNtryInf></Ntry>"
        )  # fmt: skip

    @property
    def sign(self) -> str:
        return "CRDT" if self.credit else "DBIT"

    def details(self, version: int, *, amount: bool) -> str:
        told = f"<Amt Ccy='{self.currency}'>{euros(self.cents)}</Amt><CdtDbtInd>{self.sign}</CdtDbtInd>"
        if version < 8:
            told = f"<AmtDtls><TxAmt><Amt Ccy='{self.currency}'>{euros(self.cents)}</Amt></TxAmt></AmtDtls>"
        name = f"<Nm>{self.name}</Nm>" if version < 8 else f"<Pty><Nm>{self.name}</Nm></Pty>"
        side = "Dbtr" if self.credit and not self.reason else "Cdtr"
        party = (
            f"<{side}>{name}</{side}><{side}Acct><Id><IBAN>{self.iban}</IBAN></Id></{side}Acct>"
            if self.iban
            else ""
        )
        reason = f"<RtrInf><Rsn><Cd>{self.reason}</Cd></Rsn></RtrInf>" if self.reason else ""
        return (
            f"<TxDtls><Refs><EndToEndId>{self.end_to_end_id or 'NOTPROVIDED'}</EndToEndId></Refs>{told if amount else ''}"
            f"<RltdPties>{party}</RltdPties><RmtInf><Ustrd>{self.label}</Ustrd></RmtInf>{reason}</TxDtls>"
        )  # fmt: skip


@dataclass(frozen=True)
class Stated:
    entries: tuple[Entry, ...]
    iban: str = OURS
    opening: int | None = None
    closing: int | None = None
    number: int = 1
    on: date | None = None

    def xml(self, part: str, version: int) -> str:
        days = [one.on for one in self.entries] or [self.on]
        balances = "".join(
            f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{euros(abs(cents))}</Amt>'
            f"<CdtDbtInd>{'CRDT' if cents >= 0 else 'DBIT'}</CdtDbtInd><Dt><Dt>{on}</Dt></Dt></Bal>"
            for code, cents, on in (("OPBD", self.opening, min(days)), ("CLBD", self.closing, max(days)))
            if cents is not None
        )
        return (
            f"<{part}><Id>STMT-{self.number}</Id><ElctrncSeqNb>{self.number}</ElctrncSeqNb><CreDtTm>{max(days)}T06:00:00</CreDtTm>"
            f"<Acct><Id><IBAN>{self.iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>{balances}{''.join(one.xml(version) for one in self.entries)}</{part}>"
        )  # fmt: skip


def camt(
    *statements: Stated, version: int = 8, kind: str = "053", message: str = "MSG-1", prefix: str = "", encoding: str = "UTF-8"
) -> bytes:  # fmt: skip
    body, part = {"053": ("BkToCstmrStmt", "Stmt"), "054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn")}[kind]
    inside = "".join(one.xml(part, version) for one in statements)
    document = f"<{body}><GrpHdr><MsgId>{message}</MsgId><CreDtTm>2026-01-01T06:00:00</CreDtTm></GrpHdr>{inside}</{body}>"
    return _document(document, f"camt.{kind}.001.{version:02d}", prefix, encoding)


def _document(inside: str, name: str, prefix: str = "", encoding: str = "UTF-8") -> bytes:
    space = f"urn:iso:std:iso:20022:tech:xsd:{name}"
    if prefix:
        inside = inside.replace("</", "\0").replace("<", f"<{prefix}:").replace("\0", f"</{prefix}:")
        text = f'<{prefix}:Document xmlns:{prefix}="{space}">{inside}</{prefix}:Document>'
    else:
        text = f'<Document xmlns="{space}">{inside}</Document>'
    return f'<?xml version="1.0" encoding="{encoding}"?>{text}'.encode(encoding)


@dataclass(frozen=True)
class Status:
    end_to_end_id: str
    status: str
    reason: str = ""
    cents: int | None = None
    iban: str = ""


def pain002(
    batch: str, statuses: Sequence[Status] = (), group: str = "", part: str = "", *, on: date, version: int = 3, message: str = "PSR-1", reason: str = ""
) -> bytes:  # fmt: skip
    told = "".join(_status(one) for one in statuses)
    why = f"<StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn></StsRsnInf>" if reason else ""
    group_status = f"<GrpSts>{group}</GrpSts>{why}" if group else ""
    part_status = f"<PmtInfSts>{part}</PmtInfSts>" if part else ""
    return _document(
        f"<CstmrPmtStsRpt><GrpHdr><MsgId>{message}</MsgId><CreDtTm>{on}T10:00:00</CreDtTm></GrpHdr>"
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>{batch}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>{group_status}</OrgnlGrpInfAndSts>"
        f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{batch}</OrgnlPmtInfId>{part_status}{told}</OrgnlPmtInfAndSts></CstmrPmtStsRpt>",
        f"pain.002.001.{version:02d}",
    )  # fmt: skip


def _status(one: Status) -> str:
    why = f"<StsRsnInf><Rsn><Cd>{one.reason}</Cd></Rsn></StsRsnInf>" if one.reason else ""
    amount = f'<Amt><InstdAmt Ccy="EUR">{euros(one.cents)}</InstdAmt></Amt>' if one.cents is not None else ""
    account = f"<CdtrAcct><Id><IBAN>{one.iban}</IBAN></Id></CdtrAcct>" if one.iban else ""
    return (
        f"<TxInfAndSts><OrgnlEndToEndId>{one.end_to_end_id}</OrgnlEndToEndId><TxSts>{one.status}</TxSts>{why}"
        f"<OrgnlTxRef>{amount}{account}</OrgnlTxRef></TxInfAndSts>"
    )  # fmt: skip
