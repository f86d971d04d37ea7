"""What is typed about the closing of a year."""

from typing import Annotated, ClassVar

from pydantic import Field

from portal.kit.forms import Form
from portal.kit.text import N_


class RefuseForm(Form):
    SENTENCES: ClassVar = {"reason.missing": N_("Dites en quelques mots pourquoi.")}
    reason: Annotated[str, Field(min_length=1, max_length=500)]
