"""What is typed about tasks, files, words and two recommendations of one prospect."""

from datetime import date, timedelta
from typing import Annotated, ClassVar, Literal

from litestar.datastructures import UploadFile
from pydantic import Field, StringConstraints, field_validator

from portal.kit.days import today
from portal.kit.forms import Form
from portal.kit.text import N_
from portal.leads.dossier.task_rules import MOST_TITLE
from portal.leads.forms import Day, Hour, Line

ME, TEAM = "me", "team"
REF = StringConstraints(max_length=40)


class TaskForm(Form):
    """`whom`: oneself, whoever takes it, or the reference of a colleague."""

    SENTENCES: ClassVar = {
        "title.missing": N_("Dites en quelques mots ce qu'il y a à faire."),
        "title.string_too_short": N_("Dites en quelques mots ce qu'il y a à faire."),
    }
    title: Annotated[str, StringConstraints(min_length=1, max_length=MOST_TITLE)]
    due_on: Day = Field(default_factory=lambda: today() + timedelta(1))
    due_time: Hour | None = None
    whom: Annotated[str, REF] = ME
    version: int = 0

    @field_validator("due_on")
    @classmethod
    def _is_to_come(cls, on: date) -> date:
        if on < today():
            raise ValueError(N_("Ce jour est déjà passé."))
        return on


class GoOnForm(Form):
    """Where to look afterwards."""

    next: Annotated[str, StringConstraints(max_length=300)] = "/taches"


class PostponeForm(GoOnForm):
    to: Literal["demain", "lundi", "semaine"]


class AttachForm(Form):
    SENTENCES: ClassVar = {"file.missing": N_("Choisissez un fichier ou prenez une photo.")}
    file: UploadFile
    shared: bool = False


class ShareForm(Form):
    shared: bool = False


class WordForm(Form):
    SENTENCES: ClassVar = {
        "body.missing": N_("Écrivez quelques mots."),
        "body.string_too_short": N_("Écrivez quelques mots."),
    }
    body: Annotated[str, StringConstraints(min_length=1, max_length=2000)]


class MergeForm(Form):
    """`stays` is the reference of one of the two; the versions are those that the page showed."""

    SENTENCES: ClassVar = {"stays.missing": N_("Dites laquelle des deux reste.")}
    other: Annotated[str, REF]
    stays: Annotated[str, REF]
    version: int
    other_version: int


class SearchForm(Form):
    q: Line = ""
    avec: Annotated[str, REF] = ""
