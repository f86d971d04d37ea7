"""What an administrator types about products and their categories."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints, ValidationInfo, field_validator

from portal.kit.cells import plain_words
from portal.kit.forms import Form
from portal.kit.text import N_

Name = Annotated[str, StringConstraints(min_length=1, max_length=80)]
Line = Annotated[str, StringConstraints(max_length=80)]
NO_WORD = N_("Donnez un mot de lettres et de chiffres.")


class ProductForm(Form):
    SENTENCES: ClassVar = {"name.missing": N_("Indiquez le nom du produit.")}
    name: Name
    key: Line = Field("", validate_default=True)
    category: Line = ""
    kind: Literal["one_off", "recurring"] = "one_off"
    version: int = 0

    @field_validator("key")
    @classmethod
    def _word(cls, typed: str, known: ValidationInfo) -> str:
        """The word that plans use: from the name unless another is typed."""
        word = plain_words(typed or known.data.get("name", "")).replace(" ", "-")
        if not word and "name" in known.data:
            raise ValueError(NO_WORD)
        return word


class CategoryForm(Form):
    SENTENCES: ClassVar = {"label.missing": N_("Indiquez le nom de la catégorie.")}
    label: Name
    version: int = 0

    @field_validator("label")
    @classmethod
    def _says_something(cls, typed: str) -> str:
        if not plain_words(typed):
            raise ValueError(NO_WORD)
        return typed


class VersionForm(Form):
    """A button that changes what its page showed."""

    version: int
