"""/apporteurs/…/paiement: by which rail a referrer is paid, from which day on."""

from typing import Annotated, Any

from litestar import Request
from pydantic import StringConstraints

from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.text import N_, _
from portal.kit.web import Answer, again, get, page, post, see
from portal.payouts.forms import Day
from portal.payouts.rails import choosing
from portal.payouts.rails.rules import RAIL_LABELS, RailName
from portal.payouts.rails.table import offered
from portal.payouts.stripe import access as stripe
from portal.payouts.stripe.rules import ACCOUNT_LABELS, ACCOUNT_TONES
from portal.people.rules import Person, Role
from portal.referrers import access as referrers

PAYERS = {Role.FINANCE, Role.ADMIN}
HERE = "/apporteurs/{ref:str}/paiement"


class RailForm(Form):
    SENTENCES = {
        "rail.missing": N_("Choisissez un moyen de paiement."),
        "since.missing": N_("Indiquez à partir de quel jour."),
    }
    rail: RailName
    since: Day
    reason: Annotated[str, StringConstraints(max_length=300)] = ""


@get(HERE, allows=PAYERS)
async def show(person: Person, ref: str) -> Answer:
    referrer = await referrers.referrer_for(person, ref)
    return page(
        "apporteurs/paiement.html", **await _shown(referrer, RailForm.showing(since=today().isoformat()))
    )


async def _shown(referrer: db.Row, form: Form) -> dict[str, Any]:
    choices = await choosing.choices_of(referrer["id"])
    ruling = next((choice["rail"] for choice in choices if choice["since"] <= today()), None)
    return {
        "referrer": referrer,
        "choices": choices,
        "ruling": ruling or await choosing.company_rail(),
        "chosen": ruling is not None,
        "labels": {name: _(label) for name, label in RAIL_LABELS.items()},
        "rails": offered(),
        "stripe": await stripe.account_shown(referrer["id"]),
        "stripe_labels": {str(code): _(label) for code, label in ACCOUNT_LABELS.items()},
        "stripe_tones": ACCOUNT_TONES,
        "form": form,
    }


@post(HERE, allows=PAYERS)
async def choose(request: Request, person: Person, ref: str) -> Answer:
    referrer = await referrers.referrer_for(person, ref)
    form = await RailForm.read(request)
    if form.errors:
        return again("apporteurs/paiement.html", **await _shown(referrer, form))
    async with deed(person, form.once) as doing:
        doing.at(f"/apporteurs/{ref}/paiement")
        await choosing.choose(referrer["id"], form.rail, form.since, form.reason)
    return see(f"/apporteurs/{ref}/paiement")
