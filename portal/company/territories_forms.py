"""What is typed about a territory."""

from typing import Annotated, ClassVar

from pydantic import BeforeValidator, StringConstraints

from portal.company.territories_places import Place, parse_places
from portal.kit.forms import Form
from portal.kit.text import N_

Places = Annotated[list[Place], BeforeValidator(lambda typed: parse_places(str(typed)[:5000]))]


class TerritoryForm(Form):
    SENTENCES: ClassVar = {
        "name.missing": N_("Indiquez le nom du territoire."),
        "places.missing": N_("Indiquez au moins un lieu, par exemple 69."),
    }
    name: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    places: Places
    version: int = 0


class VersionForm(Form):
    """A button that changes what its page showed."""

    version: int


class WhereForm(Form):
    """Which territory would take this postcode?"""

    postcode: Annotated[str, StringConstraints(max_length=12)] = ""
    country: Annotated[str, StringConstraints(to_upper=True, pattern="^[A-Z]{2}$")] = "FR"
