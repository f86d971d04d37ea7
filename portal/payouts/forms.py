"""What is typed about runs and their lines."""

from datetime import date
from typing import Annotated, ClassVar

from litestar.datastructures import UploadFile
from pydantic import BeforeValidator, Field, StringConstraints

from portal.kit.cells import parse_amount, parse_date
from portal.kit.days import today
from portal.kit.forms import Form
from portal.kit.money import Cents
from portal.kit.text import N_
from portal.payouts.by_hand.rules import Way
from portal.payouts.holder.rules import Decision, Result

Day = Annotated[date, BeforeValidator(lambda typed: parse_date(str(typed)))]
Money = Annotated[Cents, BeforeValidator(lambda typed: parse_amount(str(typed)))]
Words = Annotated[str, StringConstraints(max_length=500)]
Name = Annotated[str, StringConstraints(max_length=140)]


class PrepareForm(Form):
    executes_on: Day = Field(default_factory=today)


class SettleForm(Form):
    on: Day = Field(default_factory=today)


class RefuseForm(Form):
    SENTENCES: ClassVar = {"reason.missing": N_("Dites en quelques mots pourquoi.")}
    reason: Words


class HandForm(Form):
    """`position`: which share of the line; none, the whole."""

    SENTENCES: ClassVar = {
        "way.missing": N_("Dites comment vous avez payé."),
        "amount.missing": N_("Indiquez le montant payé."),
        "paid_on.missing": N_("Indiquez le jour du paiement."),
        "reference.missing": N_("Indiquez le numéro du chèque, ou la référence du virement."),
        "document.missing": N_("Déposez la preuve : rien ne se note sans elle."),
    }
    position: int | None = None
    way: Way
    amount: Money
    paid_on: Day
    reference: Name
    document: UploadFile


class ShareForm(Form):
    position: int
    arrived: bool
    on: Day = Field(default_factory=today)


class AnswerForm(Form):
    """What the bank answered about the holder of an account."""

    SENTENCES: ClassVar = {"result.missing": N_("Choisissez ce que la banque a répondu.")}
    result: Result
    said: Name = ""
    decision: Decision = Decision.NOT_NEEDED
    why: Words = ""


class HolderForm(Form):
    SENTENCES: ClassVar = {
        "decision.missing": N_("Choisissez de payer ou non."),
        "reason.missing": N_("Dites ce que vous avez vérifié, et auprès de qui."),
    }
    decision: Decision
    reason: Words
