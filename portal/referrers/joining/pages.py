"""/rejoindre: whoever wants to recommend reads what a programme offers and asks to join it, on a phone, in a minute."""

from typing import Any

from litestar import Request

from portal.company import access as company
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import Machine, deed
from portal.kit.forms import Form
from portal.kit.text import _, language, speak_words
from portal.kit.web import ANYONE, Answer, again, get, page, post, see
from portal.people.counters import QUARTER, TOKEN_BY_ADDRESS, Limit, attempt
from portal.plans import access as plans
from portal.plans.rules.compiled import compile_plan
from portal.plans.sentences import rule_sentence
from portal.referrers.joining import access as joining
from portal.referrers.joining import applying
from portal.referrers.joining.eligibility import (
    HOUSE,
    PUBLIC,
    SHUT,
    UNFIT,
    WHY_SAYS,
    Why,
    shut,
    status_choices,
    turned_away,
    unfit,
)
from portal.referrers.joining.forms import AGAIN, ApplyForm, countries, is_written_by_hand, stamped
from portal.referrers.joining.rules import ApplicationState

BY_ADDRESS = Limit("application.address", 20, QUARTER)
VISITOR = Machine("visitor")
EXAMPLE_CENTS = 600_000


@get("/rejoindre/{key:str}", allows=ANYONE)
async def show(request: Request, key: str) -> Answer:
    asked = await _page(key)
    code = request.query_params.get("code", "")[:40]
    return page("rejoindre/page.html", **await _shown(asked, ApplyForm.showing(code=code, country="FR")))


async def _page(key: str) -> db.Row:
    """The page of a programme speaks its words."""
    found = await joining.page_at(key)
    speak_words(found["words"])
    return found


async def _shown(asked: db.Row, form: Form) -> dict[str, Any]:
    terms = joining.terms_of(asked)
    link = await joining.open_link(str(form.values.get("code", "")), asked["programme_id"])
    entity = await company.legal_entity()
    return {
        "page": asked,
        "form": form,
        "stamp": stamped(),
        "shut": (code := shut(terms, asked["accepted"], invited=link is not None)),
        "shut_says": _(SHUT[code]) if code else "",
        "by_link": link is not None,
        "company": entity["name"] if entity else "",
        "offer": await _offer(asked["programme_id"]),
        "statuses": [(code, _(label)) for code, label in status_choices(terms.statuses)],
        "countries": countries(),
        "house_ties": [(code, _(label)) for code, label in HOUSE.items()],
        "public_ties": [(code, _(label)) for code, label in PUBLIC.items()],
    }


async def _offer(programme_id: int) -> dict[str, Any] | None:
    """The plan in sentences and what one deal would bring under it."""
    versions = await plans.published_versions(programme_id, today())
    if not versions:
        return None
    body, names = versions[0]["body"], await plans.product_names()
    plan = compile_plan(body).plan
    return {
        "rules": [rule_sentence(rule, plan.unit, names) for rule in plan.rules],
        "unit": plan.unit,
        "example": EXAMPLE_CENTS,
        "earns": plans.would_earn(body, EXAMPLE_CENTS, today()),
    }


@post("/rejoindre/{key:str}", allows=ANYONE)
async def apply(request: Request, key: str) -> Answer:
    asked = await _page(key)
    await attempt(BY_ADDRESS, request.scope["state"]["address"])
    form = await ApplyForm.read(request)
    link = await joining.open_link(str(form.values.get("code", "")), asked["programme_id"])
    if shut(joining.terms_of(asked), asked["accepted"], invited=link is not None):
        return again("rejoindre/page.html", **await _shown(asked, form))
    if not form.errors and not is_written_by_hand(form.stamp):
        form.refuse("", _(AGAIN))
    if form.errors:
        return again("rejoindre/page.html", **await _shown(asked, form))
    if form.website:
        return see(f"/rejoindre/{key}/envoyee")
    if why := turned_away(form.answers, await joining.house()):
        return await _turn_away(asked, form, why)
    if _does_not_fit(asked, form):
        return again("rejoindre/page.html", **await _shown(asked, form))
    async with deed(VISITOR, form.once) as doing:
        doing.at(f"/rejoindre/{key}/envoyee")
        await applying.submit(
            asked["programme_id"], email=form.email, language=language(), link_id=link["id"] if link else None, **form.said()
        )  # fmt: skip
    return see(f"/rejoindre/{key}/envoyee")


def _does_not_fit(asked: db.Row, form: ApplyForm) -> bool:
    """What the programme is not open to is said under its field."""
    terms = joining.terms_of(asked)
    field = unfit(terms, form.status, form.country)
    if field:
        opened = ", ".join(_(label) for _code, label in status_choices(terms.statuses))
        form.refuse(field, _(UNFIT[field]) % {"open": opened})
    return bool(field)


async def _turn_away(asked: db.Row, form: ApplyForm, why: Why) -> Answer:
    """Said at once and why; nothing of the person is kept."""
    async with deed(VISITOR, form.once):
        await applying.turn_away(asked["programme_id"], form.email, why, language())
    return page("rejoindre/non.html", page=asked, says=_(WHY_SAYS[why]), day=today())


@get("/rejoindre/{key:str}/envoyee", allows=ANYONE)
async def sent(key: str) -> Answer:
    """The same for everybody: what is known of an address is said to that address alone."""
    return page("rejoindre/envoyee.html", page=await _page(key))


@get("/candidature/{token:str}", allows=ANYONE)
async def confirmation(request: Request, token: str) -> Answer:
    """From the mail. The page changes nothing; its button does."""
    application = await joining.application_by_token(token)
    if application is None or application["state"] == ApplicationState.LAPSED:
        await attempt(TOKEN_BY_ADDRESS, request.scope["state"]["address"])
        return page("rejoindre/perimee.html", status=410)
    speak_words(application["programme_words"])
    return page("rejoindre/confirmation.html", application=application, token=token)


@post("/candidature/{token:str}", allows=ANYONE)
async def confirm(request: Request, token: str) -> Answer:
    application = await joining.application_by_token(token)
    form = await Form.read(request)
    if application and application["state"] == ApplicationState.SUBMITTED:
        async with deed(Machine(f"application:{application['ref']}"), form.once) as doing:
            doing.at(f"/candidature/{token}")
            await applying.confirm(application)
    return see(f"/candidature/{token}")
