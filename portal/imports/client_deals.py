"""Which deal a payment is for, when its row names only the client. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from portal.clients.keys import name_key
from portal.imports.names import alias
from portal.kit.cells import plain_words


@dataclass(frozen=True, slots=True)
class Deal:
    """`ref`: of its recommendation; `names`: what its client is called; `referrer`: what a row may call who recommended it."""

    ref: str
    siren: str
    names: tuple[str, ...]
    referrer: tuple[str, ...]


class ClientDeals:
    def __init__(self, deals: Iterable[Deal] = ()) -> None:
        self.deals = tuple(deals)

    @cached_property
    def _by_company(self) -> Mapping[str, list[Deal]]:
        """By SIREN and by name; built only for a file that needs it."""
        found: dict[str, list[Deal]] = {}
        for deal in self.deals:
            for key in {deal.siren, *map(company_key, deal.names)} - {""}:
                found.setdefault(key, []).append(deal)
        return found

    def of(self, values: Mapping[str, object]) -> list[str]:
        """References of the recommendations that the row may mean. Two different SIREN are two companies."""
        siren = str(values.get("siren") or "")
        named = self._by_company.get(company_key(str(values.get("company") or "")), [])
        found = self._by_company.get(siren) or [deal for deal in named if not (siren and deal.siren)]
        said = alias(str(values.get("referrer") or ""))
        return [deal.ref for deal in found if not said or said in map(alias, deal.referrer)]


def company_key(name: str) -> str:
    """« Dupont SARL » and « DUPONT » are one; a name made of small words alone stays as it is."""
    return name_key(name) or plain_words(name) or name.strip()
