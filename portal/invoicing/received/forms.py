"""What is typed about invoices that come in."""

from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from litestar.datastructures import UploadFile
from pydantic import BeforeValidator, Field, StringConstraints, field_validator

from portal.invoicing.received.told import CREDIT_NOTE, INVOICE
from portal.invoicing.received.words import REASONS
from portal.kit.cells import parse_amount, parse_date
from portal.kit.forms import Form
from portal.kit.money import Cents
from portal.kit.text import N_

MOST = 10**12
Day = Annotated[date, BeforeValidator(lambda typed: parse_date(str(typed)))]
Amount = Annotated[Cents, BeforeValidator(lambda typed: parse_amount(str(typed))), Field(ge=0, le=MOST)]


def _several(typed: Any) -> Any:
    return [typed] if isinstance(typed, str) else typed


class SendForm(Form):
    """`commission`: public references of what it pays for; none: all that is due."""

    SENTENCES: ClassVar = {"file.missing": N_("Choisissez le fichier de votre facture.")}
    file: UploadFile
    commission: Annotated[list[str], BeforeValidator(_several)] = Field(default_factory=list)


class FiguresForm(Form):
    SENTENCES: ClassVar = {
        "number.missing": N_("Recopiez le numéro de votre facture."),
        "issued_on.missing": N_("Recopiez la date de votre facture."),
        "vat.missing": N_("Indiquez la TVA, 0 s'il n'y en a pas."),
    }
    kind: Literal["380", "381"]
    number: Annotated[str, StringConstraints(max_length=60)]
    issued_on: Day
    net: Amount
    vat: Amount
    total: Amount
    credits: Annotated[str, StringConstraints(max_length=60)] = ""

    @property
    def told(self) -> dict[str, Any]:
        """By the names of Told."""
        return {
            "kind": self.kind, "number": self.number, "issued_on": self.issued_on, "credits": self.credits,
            "net_cents": self.net, "vat_cents": self.vat, "total_cents": self.total, "vats": (),
        }  # fmt: skip


KINDS = {INVOICE: N_("Une facture"), CREDIT_NOTE: N_("Un avoir")}


class AcceptForm(Form):
    reason: Annotated[str, StringConstraints(max_length=500)] = ""


class RefuseForm(Form):
    SENTENCES: ClassVar = {
        "reason_code.missing": N_("Choisissez une raison."),
        "reason.missing": N_("Dites ce qu'il faut corriger : l'apporteur le lira."),
    }
    reason_code: str
    reason: Annotated[str, StringConstraints(min_length=1, max_length=500)]

    @field_validator("reason_code")
    @classmethod
    def _known(cls, code: str) -> str:
        if code not in REASONS:
            raise ValueError(N_("Choisissez une raison."))
        return code
