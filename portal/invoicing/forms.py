"""What is typed about papers."""

from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, StringConstraints

from portal.kit.forms import Form
from portal.kit.text import N_


def _several(typed: Any) -> Any:
    """One box ticked is a word, several are a list."""
    return [typed] if isinstance(typed, str) else typed


class IssueForm(Form):
    """`referrer`: public references of the referrers who were ticked."""

    SENTENCES: ClassVar = {"referrer.missing": N_("Choisissez au moins un apporteur.")}
    referrer: Annotated[list[str], BeforeValidator(_several)]


class ContestForm(Form):
    SENTENCES: ClassVar = {
        "reason.missing": N_("Dites en quelques mots ce qui ne va pas : nous pourrons y répondre.")
    }
    reason: Annotated[str, StringConstraints(max_length=500)]
