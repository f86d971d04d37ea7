"""What is typed about a text of the company: its words, the day it applies from, the settings around it."""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints, field_validator

from portal.contracts.wording.guardrails import TRADES
from portal.kit.days import today
from portal.kit.fill_language import MAX_CHARACTERS
from portal.kit.forms import Form
from portal.kit.text import N_
from portal.plans.forms import FURTHEST, Day


class TextForm(Form):
    SENTENCES: ClassVar = {"body.missing": N_("Le texte est vide.")}
    version: int = 0  # none was ever that: what does not say what it saw is stale
    act: str = ""
    body: Annotated[str, StringConstraints(min_length=1, max_length=MAX_CHARACTERS)]

    @field_validator("body")
    @classmethod
    def _of_lines(cls, typed: str) -> str:
        if "\x00" in typed:
            raise ValueError(
                N_("Le texte contient un caractère qui ne s'écrit pas : retapez le passage collé.")
            )
        return typed.replace("\r\n", "\n").replace("\r", "\n")


class TextPublishForm(Form):
    version: int = 0
    effective_from: Day = Field(default_factory=today)

    @field_validator("effective_from")
    @classmethod
    def _in_the_year_to_come(cls, day: date) -> date:
        if not today() <= day <= today() + FURTHEST:
            raise ValueError(N_("Choisissez un jour entre aujourd'hui et dans un an."))
        return day


class TradeForm(Form):
    trade: str = ""

    @field_validator("trade")
    @classmethod
    def _known(cls, typed: str) -> str:
        if typed and typed not in TRADES:
            raise ValueError(N_("Choisissez une des réponses proposées."))
        return typed
