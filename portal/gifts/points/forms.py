"""What is typed about points."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from portal.gifts.points.terms import CHOOSERS, Terms
from portal.kit.cells import parse_amount
from portal.kit.forms import Form
from portal.kit.text import N_

Amount = Annotated[int, BeforeValidator(lambda typed: parse_amount(str(typed)))]
Name = Annotated[str, StringConstraints(max_length=30)]


class TermsForm(Form):
    SENTENCES: ClassVar = {"worth.missing": N_("Indiquez ce que vaut un point, par exemple 1,00.")}
    one_fr: Name = ""
    many_fr: Name = ""
    one_en: Name = ""
    many_en: Name = ""
    worth: Annotated[Amount, Field(ge=1, le=1_000_00)]
    valid_months: Annotated[int, Field(ge=1, le=120)] | None = None
    choice: Literal["none", "contract", "deal"] = "none"
    who: Literal["individuals", "persons", "everybody"] = "individuals"
    version: int = 0

    @model_validator(mode="after")
    def _named_or_not(self) -> Self:
        names = (self.one_fr, self.many_fr, self.one_en, self.many_en)
        if any(names) and not all(names):
            raise ValueError(
                N_(
                    "Donnez le nom au singulier et au pluriel, dans les deux langues, ou laissez les quatre vides."
                )
            )
        return self

    def said(self) -> Terms:
        return Terms(
            self.one_fr, self.many_fr, self.one_en, self.many_en, self.worth, self.valid_months, self.choice,
            tuple(CHOOSERS[self.who][0]), version=self.version,
        )  # fmt: skip
