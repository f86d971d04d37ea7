"""What is typed about files of the bank and their entries."""

from typing import Annotated, ClassVar

from litestar.datastructures import UploadFile
from pydantic import StringConstraints

from portal.kit.forms import Form
from portal.kit.text import N_


class BankFileForm(Form):
    SENTENCES: ClassVar = {"file.missing": N_("Choisissez un fichier.")}
    file: UploadFile


class AttachForm(Form):
    SENTENCES: ClassVar = {"what.missing": N_("Choisissez un virement.")}
    version: int
    what: Annotated[str, StringConstraints(max_length=35)]


class ReasonForm(Form):
    SENTENCES: ClassVar = {"reason.missing": N_("Dites en quelques mots pourquoi.")}
    version: int
    reason: Annotated[str, StringConstraints(min_length=1, max_length=500)]


class VersionForm(Form):
    version: int
