"""API tokens: made here, shown once, revoked here."""

from datetime import timedelta
from typing import Any

from litestar import Request

from portal.kit.days import at, now, today
from portal.kit.deed import deed
from portal.kit.text import _
from portal.kit.web import Answer, again, done, get, page, post
from portal.people import access, tokens
from portal.people.forms import TokenForm
from portal.people.rules import ROLE_LABELS, SCOPES, STAFF, Person, Role

ADMIN = {Role.ADMIN}
PATH = "/reglages/jetons"
TEMPLATE = "people/tokens.html"


async def _shown(person: Person, form: TokenForm) -> dict[str, Any]:
    mine = [role for role in Role if role in person.roles & STAFF]
    return {
        "tokens": await access.tokens(),
        "form": form,
        "roles": [(role.value, ROLE_LABELS[role]) for role in mine],
        "scopes": SCOPES,
        "role_labels": ROLE_LABELS,
        "now": now(),
    }


@get(PATH, allows=ADMIN)
async def list_tokens(person: Person) -> Answer:
    return page(
        TEMPLATE,
        fresh="",
        **await _shown(person, TokenForm.showing(expires_on=today() + timedelta(days=365))),
    )


@post(PATH, allows=ADMIN)
async def create_token(request: Request, person: Person) -> Answer:
    form = await TokenForm.read(request)
    if not form.errors and form.expires_on and not today() < form.expires_on <= today() + tokens.LASTS:
        form.refuse("expires_on", _("Choisissez un jour dans l'année qui vient."))
    if not form.errors and form.role not in person.roles:
        form.refuse("role", _("Choisissez une des réponses proposées."))
    if form.errors:
        return again(TEMPLATE, fresh="", **await _shown(person, form))
    ends = at(form.expires_on, 0) if form.expires_on else None
    async with deed(person, form.once) as doing:
        fresh = await tokens.create(person, form.name, form.role, form.scopes, expires_at=ends)
        doing.at(PATH)
    return page(TEMPLATE, fresh=fresh, **await _shown(person, TokenForm.showing()))


@post(f"{PATH}/{{ref:str}}/revocation", allows=ADMIN)
async def revoke_token(person: Person, ref: str) -> Answer:
    token = await access.token_for(person, ref)
    async with deed(person) as doing:
        await tokens.revoke(token)
        doing.at(PATH)
    return done(doing)
