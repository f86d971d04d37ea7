"""What is typed about signatories and about contracts on paper."""

from datetime import date, timedelta
from typing import Annotated, Any, ClassVar, Literal

from litestar.datastructures import UploadFile
from pydantic import BeforeValidator, Field, StringConstraints, field_validator

from portal.kit.cells import parse_date
from portal.kit.days import today
from portal.kit.forms import Form
from portal.kit.text import N_

OLDEST = timedelta(days=40 * 365)
Day = Annotated[date, BeforeValidator(lambda typed: parse_date(str(typed)))]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class VouchForm(Form):
    SENTENCES: ClassVar = {
        "scan.missing": N_("Choisissez un fichier ou prenez une photo."),
        "signers.missing": N_("Dites qui a signé, tel qu'on le lit sur l'original."),
        "signers.string_too_short": N_("Dites qui a signé, tel qu'on le lit sur l'original."),
    }
    signers: Name
    scan: UploadFile
    vouches: bool = Field(False, validate_default=True)

    @field_validator("vouches")
    @classmethod
    def _vouches(cls, vouches: bool) -> bool:
        if not vouches:
            raise ValueError(N_("Cochez cette case : quelqu'un doit avoir vu l'original."))
        return vouches


class PaperForm(VouchForm):
    SENTENCES: ClassVar = {
        **VouchForm.SENTENCES,
        "offer.missing": N_("Choisissez un barème."),
        "signed_on.missing": N_("Indiquez le jour de la signature."),
    }
    offer: str
    text: str = ""
    signed_on: Day
    mandate: bool = False

    @field_validator("signed_on")
    @classmethod
    def _has_been(cls, day: date) -> date:
        if not today() - OLDEST <= day <= today():
            raise ValueError(N_("Ce contrat est déjà signé : choisissez un jour passé, ou aujourd'hui."))
        return day


class CountersigningForm(Form):
    needed: Literal["1", "2"]


class SignatoriesForm(Form):
    """`signs`: references of users; as whom they sign stands in `capacity_<reference>`."""

    needed: Literal["1", "2"] = "1"
    signs: Annotated[
        list[str], BeforeValidator(lambda typed: typed if isinstance(typed, list) else [typed])
    ] = []

    def capacity(self, ref: str) -> str:
        return " ".join(_text(self.values.get(f"capacity_{ref}")).split())[:100]


def _text(typed: Any) -> str:
    return typed if isinstance(typed, str) else ""
