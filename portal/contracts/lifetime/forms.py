"""What is typed about the life of a contract: an amendment, a notice, a round."""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import BeforeValidator, StringConstraints

from portal.contracts.forms_conditions import FiguresForm
from portal.contracts.lifetime.rules import NoticeKind
from portal.kit.cells import parse_date
from portal.kit.forms import Form
from portal.kit.text import N_

Day = Annotated[date, BeforeValidator(lambda typed: parse_date(str(typed)))]
Reason = Annotated[str, StringConstraints(max_length=500)]
REASON_MISSING = N_("Dites pourquoi, en une phrase : l'autre partie la lira.")


class PlanForm(Form):
    """Which version, before its figures are shown."""

    SENTENCES: ClassVar = {"plan.missing": N_("Choisissez un barème.")}
    plan: str


class AmendmentForm(FiguresForm):
    SENTENCES: ClassVar = {
        "plan.missing": N_("Choisissez un barème."),
        "effective_on.missing": N_("Choisissez un jour."),
        "reason.missing": REASON_MISSING,
    }
    plan: str
    effective_on: Day
    reason: Reason
    newest_text: bool = False
    sooner: bool = False


class RoundForm(Form):
    SENTENCES: ClassVar = {
        "effective_on.missing": N_("Choisissez un jour."),
        "reason.missing": REASON_MISSING,
    }
    effective_on: Day
    reason: Reason
    newest_text: bool = False


class NoticeForm(Form):
    SENTENCES: ClassVar = {"reason.missing": REASON_MISSING}
    reason: Reason


class EndForm(Form):
    SENTENCES: ClassVar = {"kind.missing": N_("Choisissez comment le contrat prend fin.")}
    kind: NoticeKind
    until: Day | None = None
    reason: Reason = ""
    grave: bool = False
