"""What is typed on the page of a link, and about a call."""

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from portal.kit.cells import parse_amount, parse_date
from portal.kit.forms import Form
from portal.kit.money import Cents
from portal.kit.text import N_

Words = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Day = Annotated[date, BeforeValidator(lambda typed: parse_date(str(typed)))]
Amount = Annotated[Cents, BeforeValidator(lambda typed: parse_amount(str(typed))), Field(gt=0)]
Outcome = Literal["reached", "missed", "later"]


class WordForm(Form):
    SENTENCES: ClassVar = {"word.missing": N_("Écrivez quelques mots.")}
    word: Words


class WonForm(Form):
    SENTENCES: ClassVar = {
        "net.missing": N_("Indiquez le montant signé, hors taxes."),
        "net.greater_than": N_("Indiquez un montant au-dessus de zéro."),
    }
    net: Amount


class LostForm(Form):
    SENTENCES: ClassVar = {"reason.missing": N_("Dites pourquoi : l'apporteur le lira.")}
    reason: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    word: Annotated[str, StringConstraints(max_length=2000)] = ""


class CallForm(Form):
    SENTENCES: ClassVar = {"outcome.missing": N_("Dites ce qu'a donné l'appel.")}
    outcome: Outcome
    again_on: Day | None = None
    note: Annotated[str, StringConstraints(max_length=2000)] = ""
