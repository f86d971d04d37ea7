"""The forms of one's own data and of what is asked to be erased."""

from typing import Annotated, ClassVar

from pydantic import StringConstraints

from portal.kit.forms import Form
from portal.kit.text import N_


class ErasureForm(Form):
    secret: Annotated[str, StringConstraints(strip_whitespace=False, max_length=200)] = ""
    answer: str = ""  # of a passkey


class RefusalForm(Form):
    SENTENCES: ClassVar = {"reason.missing": N_("Dites pourquoi : la personne le lira.")}
    reason: Annotated[str, StringConstraints(min_length=10, max_length=1000)]
