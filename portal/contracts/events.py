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
class ContractInForce(Event):
    contract_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractRefused(Event):
    contract_id: int
