"""What is typed about who follows what."""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import BeforeValidator, Field, StringConstraints

from portal.kit.cells import parse_amount, parse_date
from portal.kit.forms import Form
from portal.kit.money import Cents
from portal.kit.text import N_
from portal.leads.assignment.rules import Choice

Day = Annotated[date, BeforeValidator(lambda typed: parse_date(str(typed)))]
Amount = Annotated[Cents, BeforeValidator(lambda typed: parse_amount(str(typed))), Field(ge=0)]
Short = Annotated[str, StringConstraints(max_length=200)]
Several = Annotated[list[str], BeforeValidator(lambda typed: typed if isinstance(typed, list) else [typed])]
CHOOSE = N_("Choisissez un collègue.")


class AssignForm(Form):
    SENTENCES: ClassVar = {"colleague.missing": CHOOSE}
    colleague: Short
    tells: bool = False
    version: int


class RuleForm(Form):
    """A condition that is left empty asks nothing."""

    SENTENCES: ClassVar = {
        "name.missing": N_("Nommez la règle."),
        "users.missing": N_("Choisissez au moins un collègue."),
    }
    name: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    programme: Short = ""
    territory: Short = ""
    places: Short = ""
    referrer: Short = ""
    source: Short = ""
    estimate: Amount | None = None
    field: Short = ""
    value: Short = ""
    choice: Choice = Choice.ONE
    users: Several


class TrialForm(Form):
    """An example, to see who would get it."""

    programme: Short = ""
    postcode: Short = ""
    referrer: Short = ""
    source: Short = "form"
    estimate: Amount | None = None


class AbsenceForm(Form):
    SENTENCES: ClassVar = {
        "colleague.missing": CHOOSE,
        "from_day.missing": N_("Dites à partir de quel jour."),
        "until_day.missing": N_("Dites jusqu'à quel jour."),
    }
    colleague: Short
    from_day: Day
    until_day: Day
    replaced_by: Short = ""


class DefaultForm(Form):
    programme: Short
    colleague: Short = ""


class HandoverForm(Form):
    """Who takes over: the same colleague for all, several in turn, or as chosen line by line (`to-<ref>`)."""

    SENTENCES: ClassVar = {"on_day.missing": N_("Dites à partir de quel jour.")}
    users: Several = []
    on_day: Day
    tells: bool = False
    message: Annotated[str, StringConstraints(max_length=2000)] = ""

    @property
    def by_line(self) -> dict[str, str]:
        """Referrer's ref → colleague's, where somebody was chosen."""
        return {
            name.removeprefix("to-"): str(value)
            for name, value in self.values.items()
            if name.startswith("to-") and value
        }
