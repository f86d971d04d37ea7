"""What is typed at the desk of sales."""

from datetime import date
from typing import Annotated, ClassVar
from urllib.parse import parse_qsl

from pydantic import BeforeValidator, StringConstraints

from portal.kit.cells import parse_date
from portal.kit.forms import Form
from portal.kit.text import N_
from portal.leads.desk.rules import Place

Named = Annotated[str, StringConstraints(min_length=1, max_length=60)]
Words = Annotated[str, StringConstraints(max_length=2000)]
Day = Annotated[date, BeforeValidator(lambda typed: parse_date(str(typed)))]
MOST_PICKS_TYPED = 40_000  # a thousand references with their versions


class StepForm(Form):
    """One move of a card; `step` is 'contact.3': the move and the version that the board showed."""

    step: Annotated[str, StringConstraints(pattern=r"^[a-z]+\.[0-9]{1,9}$")]
    back: Annotated[str, StringConstraints(max_length=1000)] = ""
    reason: Annotated[str, StringConstraints(max_length=40)] = ""
    note: Words = ""

    @property
    def move(self) -> str:
        return self.step.partition(".")[0]

    @property
    def version(self) -> int:
        return int(self.step.partition(".")[2])


class ViewForm(Form):
    """A view to be: `asked` is what stands after the ? of its page."""

    SENTENCES: ClassVar = {
        "name.missing": N_("Donnez un nom à cette vue."),
        "name.string_too_short": N_("Donnez un nom à cette vue."),
    }
    name: Named
    place: Place
    asked: Annotated[str, StringConstraints(max_length=2000)] = ""
    shared: bool = False

    @property
    def params(self) -> dict[str, str]:
        return dict(parse_qsl(self.asked.removeprefix("?")))


class RenameForm(Form):
    SENTENCES: ClassVar = ViewForm.SENTENCES
    version: int
    name: Named
    shared: bool = False


class FirstForm(Form):
    first: bool = False


class DropForm(Form):
    version: int


class BulkForm(Form):
    """`picks`: 'REF.3 REF.1 …'. What a gesture needs is checked with the gesture."""

    gesture: Annotated[str, StringConstraints(max_length=20)]
    picks: Annotated[str, StringConstraints(max_length=MOST_PICKS_TYPED)]
    back: Annotated[str, StringConstraints(max_length=1000)] = ""
    notify: bool = False
    reason: Annotated[str, StringConstraints(max_length=40)] = ""
    colleague: Annotated[str, StringConstraints(max_length=20)] = ""
    title: Annotated[str, StringConstraints(max_length=200)] = ""
    due_on: Day | None = None
