"""What happens to a contract."""

from dataclasses import dataclass

from portal.kit.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionsProposed(Event):
    """Figures of its own for one contract wait for a second person."""

    contract_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractSent(Event):
    contract_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractSigned(Event):
    contract_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractPartlySigned(Event):
    """One of the referrer's signatories has; another is awaited."""

    contract_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractPartlyCountersigned(Event):
    contract_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractAgreed(Event):
    """Both have signed, whenever it takes effect."""

    contract_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractInForce(Event):
    contract_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractRenewed(Event):
    contract_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractEnded(Event):
    """No other takes its place."""

    contract_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeGiven(Event):
    notice_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeLifted(Event):
    notice_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundAsked(Event):
    """All contracts of a plan are offered an amendment."""

    round_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractRefused(Event):
    contract_id: int
