"""Public registers, asked from outside any deed: off unless their address is set; silent ones hold nothing up.

Not tried against the real services: the answers are read as their published interfaces describe them."""

from dataclasses import dataclass
from datetime import date

from portal.kit.problems import Problem
from portal.kit.text import N_


class Silent(Problem):
    """It does not answer, refuses to, or says something else than its interface promises."""

    status = 503
    sentence = N_("Le registre ne répond pas pour l'instant. Continuez sans lui : rien n'est bloqué.")


@dataclass(frozen=True, slots=True)
class Company:
    """As the French company search knows it."""

    siren: str
    siret: str
    name: str
    first_name: str
    last_name: str
    legal_form: str
    naf: str
    street: str
    postcode: str
    city: str
    active: bool
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class VatAnswer:
    """As VIES says it of a number; `consultation` proves that it was asked."""

    number: str
    valid: bool
    name: str
    address: str
    consultation: str
