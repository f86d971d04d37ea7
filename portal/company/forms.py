"""What the company says about itself."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from portal.kit.cells import parse_amount
from portal.kit.contrast import HEX_COLOUR
from portal.kit.forms import Form
from portal.kit.identifiers import (
    parse_bic,
    parse_email,
    parse_iban,
    parse_phone,
    parse_postcode,
    parse_siren,
    parse_siret,
    parse_vat,
)
from portal.kit.text import N_

Line = Annotated[str, Field(min_length=1, max_length=200)]
MayBeEmpty = Annotated[str, Field(max_length=200)]


def _colour(typed: str) -> str:
    if not HEX_COLOUR.fullmatch(typed):
        raise ValueError(N_("Une couleur s'écrit #1f4d3a."))
    return typed.lower()


class EntityForm(Form):
    name: Line
    brand_name: Line
    accent: Annotated[str, AfterValidator(_colour)] = "#1f4d3a"
    legal_form: Line
    capital_cents: Annotated[int | None, BeforeValidator(parse_amount)] = None
    siren: Annotated[str, AfterValidator(parse_siren)]
    siret: Annotated[str, AfterValidator(parse_siret)]
    vat_number: Annotated[str, AfterValidator(parse_vat)]
    rcs_city: Line
    ape: MayBeEmpty = ""
    street: Line
    postcode: Annotated[str, AfterValidator(parse_postcode)]
    city: Line
    size: Literal["micro", "pme", "eti", "ge"] = "pme"
    email: Annotated[str, AfterValidator(parse_email)]
    phone: Annotated[str, AfterValidator(parse_phone)] = ""
    represented_by: Line
    represented_as: Line
    privacy_contact: Annotated[str, AfterValidator(parse_email)]
    iban: Annotated[str, AfterValidator(parse_iban)] = ""
    bic: Annotated[str, AfterValidator(parse_bic)] = ""
    electronic_address: MayBeEmpty = ""
    version: int = 0

    @model_validator(mode="after")
    def _one_company(self) -> "EntityForm":
        if not self.siret.startswith(self.siren):
            raise ValueError(N_("Le SIRET ne commence pas par ce SIREN."))
        return self

    def entity(self) -> dict[str, object]:
        """The columns; an IBAN left empty stays what it was."""
        stored: dict[str, object] = self.model_dump(
            exclude={"version"} | ({"iban"} if not self.iban else set())
        )
        return stored | {"electronic_address": self.electronic_address or self.siren}
