"""Forms of contracts signed ahead: the session that the company opens, and what is typed at the event."""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints, field_validator

from portal.contracts.signature.presealed import MAY_SIGN_AHEAD
from portal.kit.days import today
from portal.kit.forms import Form
from portal.kit.text import N_, _
from portal.referrers.forms import FORMS, Day, Email, Line, StandingForm
from portal.referrers.rules import Status

PAST = N_("Choisissez un jour à venir.")
BACKWARDS = N_("La fin vient après le début.")


class SessionForm(Form):
    SENTENCES: ClassVar = {
        "name.missing": N_("Donnez-lui un nom, par exemple « Salon de Lyon »."),
        "programme.missing": N_("Choisissez un programme."),
        "first_day.missing": N_("Indiquez le premier jour."),
        "last_day.missing": N_("Indiquez le dernier jour."),
        "most.missing": N_("Indiquez combien de contrats au plus."),
        "code.missing": N_("Saisissez le code de votre téléphone : vous signez pour l'entreprise."),
        "consent.missing": N_("Cochez cette case pour signer."),
    }
    name: Line
    programme: str
    first_day: Day
    last_day: Day
    most: Annotated[int, Field(ge=1, le=1000)]
    contact: str = ""
    code: Annotated[str, StringConstraints(max_length=40)]
    consent: bool

    @field_validator("last_day")
    @classmethod
    def _last(cls, day: date) -> date:
        if day < today():
            raise ValueError(PAST)
        return day

    def chosen(self) -> list[str]:
        """The statuses that may sign; at least one."""
        typed = self.values.get("statuses")
        ticked = typed if isinstance(typed, list) else [typed]
        found = [status.value for status in MAY_SIGN_AHEAD if status.value in ticked]
        if not found:
            self.refuse("statuses", _("Cochez au moins une situation."))
        if not self.errors and self.last_day < self.first_day:
            self.refuse("last_day", _(BACKWARDS))
        return found


def _with_email(form: type[StandingForm]) -> type[StandingForm]:
    """The fields of a profile, and the address to which the code goes."""
    return type(
        f"Event{form.__name__}",
        (form,),
        {"__annotations__": {"email": Email, "website": str}, "website": "", "__module__": __name__},
    )


EVENT_FORMS: dict[Status, type[StandingForm]] = {
    status: _with_email(form)
    for status, form in FORMS.items()
    if status in MAY_SIGN_AHEAD and issubclass(form, StandingForm)
}
LEFT_FOR_LATER = ("electronic_address", "rcs_city")
EMAIL_MISSING = {"email.missing": N_("Indiquez votre adresse e-mail : le code y est envoyé.")}
for _form in EVENT_FORMS.values():
    _form.SENTENCES = {**_form.SENTENCES, **EMAIL_MISSING}


def asked(status: Status) -> list[tuple[str, ...]]:
    """Rows of fields, without what may wait until after the event."""
    rows = (tuple(name for name in row if name not in LEFT_FOR_LATER) for row in EVENT_FORMS[status].FIELDS)  # type: ignore[attr-defined]
    return [row for row in rows if row]
