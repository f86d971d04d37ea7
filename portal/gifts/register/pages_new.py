"""/fiscalite/cadeaux/nouveau: a gift for nothing is noted; what it does to the year's VAT is said before."""

from typing import Any

from litestar import Request

from portal.gifts.register import access, recording
from portal.gifts.register.forms import RATES, GiftForm
from portal.gifts.register.pages import FINANCE, HOME, entity_id
from portal.gifts.register.rules import NATURES, Foreseen
from portal.gifts.rewards.rules import Nature
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.problems import Refused
from portal.kit.text import N_, _
from portal.kit.web import Answer, again, get, page, post, see
from portal.people.rules import Person
from portal.referrers import access as referrers

TEMPLATE = "fiscalite/cadeaux/new.html"
WHO_MISSING = N_("Dites à qui : un apporteur par son numéro, ou une autre personne par son nom.")
TWO = N_("Un cadeau a un seul bénéficiaire : l'apporteur, ou l'autre personne.")
UNKNOWN = N_("Aucun apporteur n'a ce numéro.")
SURE = N_("Confirmez que vous avez lu ce qui suit.")


@get(f"{HOME}/nouveau", allows=FINANCE)
async def new(request: Request) -> Answer:
    form = GiftForm.showing(
        referrer=request.query_params.get("apporteur", ""), given_on=today().isoformat(), vat_rate="20"
    )
    return page(TEMPLATE, **_shown(form, None))


def _shown(form: GiftForm, foreseen: Foreseen | None) -> dict[str, Any]:
    return {
        "form": form,
        "foreseen": foreseen,
        "natures": [(code.value, _(label)) for code, label in NATURES.items()],
        "rates": [(rate, f"{rate.replace('.', ',')} %") for rate in RATES],
    }


@post(HOME, allows=FINANCE)
async def record(request: Request, person: Person) -> Answer:
    form, entity = await GiftForm.read(request), await entity_id()
    referrer_id = await _who(form)
    if form.errors:
        return again(TEMPLATE, **_shown(form, None))
    foreseen = await _foreseen(form, entity, referrer_id)
    if foreseen and foreseen.is_over and not form.sure:
        form.refuse("sure", _(SURE))
        return again(TEMPLATE, **_shown(form, foreseen))
    try:
        async with deed(person, form.once) as doing:
            outsider_id = await _outsider(form, entity)
            gift = await recording.give(entity, form.gift, referrer_id=referrer_id, outsider_id=outsider_id)
            doing.at(f"{HOME}/{gift['ref']}")
    except Refused as no:
        form.refuse("given_on", _(no.sentence) % no.params)
        return again(TEMPLATE, **_shown(form, foreseen))
    return see(f"{HOME}/{gift['ref']}")


async def _who(form: GiftForm) -> int | None:
    """The referrer, if it is one; what is wrong is said under the field."""
    named = str(form.values.get("referrer") or "").strip()
    other = str(form.values.get("outsider") or "").strip()
    if not (named or other):
        form.refuse("referrer", _(WHO_MISSING))
    elif named and other:
        form.refuse("outsider", _(TWO))
    elif named:
        found = await referrers.referrer_by_number(named)
        if found:
            return found["id"]
        form.refuse("referrer", _(UNKNOWN))
    return None


async def _outsider(form: GiftForm, entity: int) -> int | None:
    return await recording.outsider_for(entity, form.outsider, form.organisation) if form.outsider else None


async def _foreseen(form: GiftForm, entity: int, referrer_id: int | None) -> Foreseen | None:
    if form.nature != Nature.GOOD:
        return None
    known = await access.outsider_named(entity, form.outsider, form.organisation) if form.outsider else None
    cost = form.cost
    return await access.foreseen(entity, referrer_id, known, cost.total_cents, cost.vat_cents, form.given_on)
