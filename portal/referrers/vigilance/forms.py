"""What is typed about documents, and about what a referrer turns over elsewhere."""

from datetime import date
from typing import Annotated, ClassVar

from litestar.datastructures import UploadFile
from pydantic import BeforeValidator, Field, StringConstraints, ValidationInfo, field_validator

from portal.kit.cells import parse_amount, parse_date
from portal.kit.forms import Form
from portal.kit.money import Cents
from portal.kit.text import N_
from portal.referrers.vigilance.policy import Mode
from portal.referrers.vigilance.rules import WITH_CODE, Kind

Day = Annotated[date, BeforeValidator(lambda typed: parse_date(str(typed)))]
Amount = Annotated[Cents, BeforeValidator(lambda typed: parse_amount(str(typed))), Field(ge=0)]
MOST = 100_000_000_00


class GiveForm(Form):
    SENTENCES: ClassVar = {"file.missing": N_("Choisissez un fichier ou prenez une photo.")}
    file: UploadFile


class DeclareForm(Form):
    declared: bool = Field(False, validate_default=True)

    @field_validator("declared")
    @classmethod
    def _declares(cls, declared: bool) -> bool:
        if not declared:
            raise ValueError(N_("Cochez la case pour déclarer."))
        return declared


class TurnoverForm(Form):
    SENTENCES: ClassVar = {"amount.missing": N_("Indiquez un montant, 0 s'il n'y en a pas.")}
    amount: Annotated[Amount, Field(le=MOST)]


class AcceptForm(Form):
    """An attestation bears a number by which it is verified at its issuer."""

    SENTENCES: ClassVar = {"issued_on.missing": N_("Indiquez la date du document.")}
    version: int
    kind: Kind
    issued_on: Day
    code: Annotated[str, StringConstraints(max_length=60)] = Field("", validate_default=True)

    @field_validator("code")
    @classmethod
    def _code(cls, typed: str, known: ValidationInfo) -> str:
        if not typed and known.data.get("kind") in WITH_CODE:
            raise ValueError(N_("Vérifiez l'attestation sur urssaf.fr, puis recopiez son code de sécurité."))
        return typed


class RefuseForm(Form):
    SENTENCES: ClassVar = {"reason.missing": N_("Dites pourquoi : l'apporteur le lira.")}
    version: int
    reason: Annotated[str, StringConstraints(min_length=1, max_length=500)]


class AskForm(Form):
    SENTENCES: ClassVar = {"kind.missing": N_("Choisissez un document.")}
    kind: Kind


class VigilanceForm(Form):
    mode: Mode
    limit: Annotated[Amount, Field(le=MOST)] | None = None
