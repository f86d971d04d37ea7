"""/profil/stripe: a referrer opens an account with Stripe, proves there who they are, and sees what is missing."""

from typing import Any

from litestar import Request
from litestar.response import Redirect

from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.problems import NotFound
from portal.kit.text import _
from portal.kit.web import Answer, get, page, post, see
from portal.payouts.stripe import access, accounts
from portal.payouts.stripe.client import Said, Silent, connected
from portal.payouts.stripe.rules import ACCOUNT_LABELS, ACCOUNT_TONES
from portal.payouts.stripe.switch import is_on, is_test
from portal.people.rules import Person, Role, Seat
from portal.referrers import access as referrers
from portal.settings import settings

HERE = "/profil/stripe"
OWN = {Role.REFERRER}
SECONDS = 8  # somebody waits in front of the page


def _refuse_when_off() -> None:
    if not is_on():
        raise NotFound("stripe")


async def _account(person: Person) -> db.Row:
    """Of whom the account is: the owner alone goes on at Stripe."""
    _refuse_when_off()
    found = await access.account_of(person.referrer_id or 0)
    if found is None or person.seat is not Seat.OWNER:
        raise NotFound("account")
    return found


@get(HERE, allows=OWN)
async def account(person: Person) -> Answer:
    _refuse_when_off()
    return page("apporteurs/stripe.html", **await _shown(person))


async def _shown(person: Person) -> dict[str, Any]:
    return {
        "account": await access.account_of(person.referrer_id or 0),
        "owner": person.seat is Seat.OWNER,
        "back": False,
        "labels": {str(code): _(label) for code, label in ACCOUNT_LABELS.items()},
        "tones": ACCOUNT_TONES,
        "test": is_test(),
    }


@post(HERE, allows=OWN)
async def open_account(request: Request, person: Person) -> Answer:
    """Asked of Stripe first, under a key that never changes; then kept."""
    _refuse_when_off()
    if person.seat is not Seat.OWNER or person.referrer_id is None:
        raise NotFound("account")
    form = await Form.read(request)
    referrer = await referrers.referrer(person.referrer_id)
    standing = await referrers.standing_on(person.referrer_id, today())
    made = await accounts.opened(referrer, standing.status if standing else None)
    async with deed(person, form.once) as doing:
        doing.at(HERE)
        await accounts.keep(person.referrer_id, made)
    return see(HERE)


@get(f"{HERE}/suite", allows=OWN)
async def go_on(person: Person) -> Answer:
    """To Stripe, by a link that serves once; Stripe sends back here when it has served."""
    found = await _account(person)
    back = f"{settings().origin}{HERE}"
    async with connected(SECONDS) as stripe:
        return Redirect(
            await stripe.link(found["account"], back=f"{back}/retour", again=f"{back}/suite"), status_code=303
        )


@get(f"{HERE}/retour", allows=OWN)
async def came_back(person: Person) -> Answer:
    """What Stripe says now; it is kept by what Stripe tells us, or by the button of the page."""
    found = await _account(person)
    shown = await _shown(person)
    try:
        async with connected(SECONDS) as stripe:
            now = await stripe.account(found["account"])
    except (Silent, Said):
        return page("apporteurs/stripe.html", **shown)
    seen = {**dict(found), "state": now.state, "lacks": now.lacks}
    return page("apporteurs/stripe.html", **shown | {"account": seen, "back": True})


@post(f"{HERE}/actualisation", allows=OWN)
async def look_again(request: Request, person: Person) -> Answer:
    found = await _account(person)
    form = await Form.read(request)
    now = await accounts.look_at(found["account"])
    async with deed(person, form.once) as doing:
        doing.at(HERE)
        await accounts.take(now)
    return see(HERE)
