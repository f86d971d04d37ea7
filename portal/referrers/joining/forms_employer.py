"""Forms of the employee of a partner and of the employer."""

from typing import Annotated, ClassVar

from pydantic import AfterValidator, StringConstraints

from portal.kit.forms import Form
from portal.kit.identifiers import parse_siren
from portal.kit.text import N_
from portal.referrers.forms import Email, Line
from portal.referrers.joining.partner_employee import Gate


class GateForm(Form):
    SENTENCES: ClassVar = {"answer.missing": N_("Choisissez une réponse.")}
    gate: Gate
    answer: Annotated[str, StringConstraints(max_length=20)]


class EmployerForm(Form):
    SENTENCES: ClassVar = {
        "name.missing": N_("Indiquez le nom de votre employeur."),
        "siren.missing": N_("Indiquez le SIREN de votre employeur."),
        "contact.missing": N_("Indiquez qui peut donner l'accord."),
        "email.missing": N_("Indiquez son adresse e-mail."),
    }
    name: Line
    siren: Annotated[str, AfterValidator(parse_siren)]
    contact: Line
    email: Email


class ConsentForm(Form):
    SENTENCES: ClassVar = {
        "signer.missing": N_("Indiquez votre nom."),
        "capacity.missing": N_("Indiquez votre fonction, par exemple gérante ou directeur commercial."),
        "code.missing": N_("Saisissez le code reçu par e-mail."),
        "consent.missing": N_("Cochez cette case pour donner l'accord."),
    }
    signer: Line
    capacity: Line
    code: Annotated[str, StringConstraints(max_length=20)]
    consent: bool
