"""What an administrator types about reasons and fields."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, StringConstraints

from portal.kit.forms import Form
from portal.kit.identifiers import parse_postcode
from portal.kit.text import N_
from portal.leads.fields.rules import FILLED_BY, KINDS, SEEN_BY

Label = Annotated[str, StringConstraints(min_length=1, max_length=80)]
MayBeEmpty = Annotated[str, StringConstraints(max_length=80)]
Sentence = Annotated[str, StringConstraints(max_length=200)]


class ReasonForm(Form):
    SENTENCES: ClassVar = {"label_fr.missing": N_("Indiquez le motif.")}
    label_fr: Label
    label_en: MayBeEmpty = ""
    told_fr: Sentence = ""
    told_en: Sentence = ""
    version: int = 0

    @property
    def words(self) -> dict[str, str]:
        """By column."""
        return {name: getattr(self, name) for name in ("label_fr", "label_en", "told_fr", "told_en")}


class VersionForm(Form):
    """A button that changes what its page showed."""

    version: int


class FieldForm(Form):
    SENTENCES: ClassVar = {"label_fr.missing": N_("Indiquez ce que vous demandez.")}
    label_fr: Label
    label_en: MayBeEmpty = ""
    hint_fr: Sentence = ""
    hint_en: Sentence = ""
    kind: Literal[tuple(KINDS)] = "text"  # pyright: ignore[reportInvalidTypeForm]
    choices: Annotated[str, StringConstraints(max_length=5000)] = ""
    filled_by: Literal[tuple(FILLED_BY)] = "referrer"  # pyright: ignore[reportInvalidTypeForm]
    seen_by: Literal[tuple(SEEN_BY)] = "everybody"  # pyright: ignore[reportInvalidTypeForm]
    required: bool = False
    personal: bool = False
    version: int = 0

    def said(self, choices: list[dict[str, str]]) -> dict[str, Any]:
        """By column."""
        names = ("label_fr", "label_en", "hint_fr", "hint_en", "kind", "filled_by", "seen_by", "personal")
        asked = self.required and self.filled_by != "sales"
        return {**{name: getattr(self, name) for name in names}, "required": asked, "choices": choices}


class AnswersForm(Form):
    """The answers themselves are read by `answers.take`."""

    version: int
    postcode: Annotated[str, BeforeValidator(lambda typed: parse_postcode(str(typed)))] = ""
    city: Annotated[str, StringConstraints(max_length=100)] = ""
