"""What is typed about commissions: claims, their answers, adjustments, what the company decides, an amount to try."""

from typing import Annotated, ClassVar, Literal

from litestar.datastructures import UploadFile
from pydantic import BeforeValidator, Field, StringConstraints, ValidationInfo, field_validator

from portal.earnings.claim_rules import REASONS, Outcome
from portal.earnings.policy import Sight
from portal.kit.cells import parse_amount
from portal.kit.forms import Form
from portal.kit.invalid import Invalid
from portal.kit.money import Cents
from portal.kit.text import N_
from portal.kit.uploads import DOCUMENTS

MOST_FILES = 3
CENTS_PER_POINT = 100

Amount = Annotated[Cents, BeforeValidator(lambda typed: parse_amount(str(typed)))]
Positive = Annotated[Amount, Field(gt=0)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Uploads = Annotated[
    list[UploadFile],
    BeforeValidator(lambda typed: typed if isinstance(typed, list) else [typed]),
    Field(max_length=MOST_FILES),
]
SAY = {
    "body.missing": N_("Écrivez quelques mots."),
    "body.string_too_short": N_("Écrivez quelques mots."),
    "files.too_long": N_("Trois fichiers au plus."),
}
TAKES = DOCUMENTS  # what a claim may be proved with


class WordForm(Form):
    SENTENCES: ClassVar = SAY
    body: Words
    files: Uploads = []


class ClaimForm(WordForm):
    SENTENCES: ClassVar = {**SAY, "reason.missing": N_("Dites ce qui vous paraît inexact.")}
    reason: Literal[tuple(REASONS)]  # pyright: ignore[reportInvalidTypeForm]


class AppealForm(WordForm):
    version: int


class AnswerForm(Form):
    """What is put right wants an amount, unless it was put right where it went wrong."""

    SENTENCES: ClassVar = {**SAY, "outcome.missing": N_("Choisissez une réponse.")}
    version: int
    outcome: Outcome
    body: Words
    deal: str = ""
    elsewhere: bool = False
    amount: Annotated[Positive | None, Field(validate_default=True)] = None

    @field_validator("amount")
    @classmethod
    def _put_right(cls, amount: Cents | None, known: ValidationInfo) -> Cents | None:
        outcome = known.data.get("outcome")
        if outcome == Outcome.REFUSED:
            return None
        if outcome and not amount and not known.data.get("elsewhere"):
            raise ValueError(N_("Indiquez ce qui est ajouté, ou que c'est déjà corrigé."))
        return amount


class AdjustForm(Form):
    SENTENCES: ClassVar = {
        "reason.missing": N_("Dites pourquoi : l'apporteur le lira."),
        "reason.string_too_short": N_("Dites pourquoi : l'apporteur le lira."),
    }
    direction: Literal["add", "deduct"] = "add"
    amount: Positive
    reason: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    referrer: str = ""


class RefuseForm(Form):
    SENTENCES: ClassVar = {"reason.missing": N_("Dites pourquoi.")}
    reason: Annotated[str, StringConstraints(min_length=1, max_length=500)]


class PolicyForm(Form):
    sight: Sight
    limit: Annotated[Amount, Field(ge=0)]
    answer_days: Annotated[int, Field(ge=1, le=30)]


class TryForm(Form):
    """Read from the address: nothing is kept."""

    amount: Positive
    product: str = ""
    customer: Literal["new", "known"] = "new"
    contract: str = ""


def in_unit(cents: Cents, unit: str) -> int:
    """What was typed as money, in the unit of the plan. Raises Invalid for half a point."""
    if unit == "EUR":
        return cents
    points, rest = divmod(cents, CENTS_PER_POINT)
    if rest:
        raise Invalid("amount")
    return points
