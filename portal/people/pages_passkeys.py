"""Passkeys: enrolled on one's account, used to come in, after the password, and before what is sensitive.

The page asks for a challenge, its script hands it to the device, and an ordinary form brings the answer back."""

from typing import Any

from litestar import Request, Response

from portal.company import brand
from portal.kit.deed import Machine, deed
from portal.kit.forms import Form
from portal.kit.problems import NotFound, Refused
from portal.kit.text import N_, _
from portal.kit.web import ANYONE, SIGNED_IN, Answer, again, get, page, post, see
from portal.people import access, entrance, passkeys
from portal.people.counters import PASSKEY_BY_ADDRESS, attempt
from portal.people.entrance import itself
from portal.people.forms import PasskeyForm, PasskeyNameForm, SignInForm
from portal.people.pages_sign_in import browser, door_page, half_way, let_in, second_page
from portal.people.passkeys import Asked, Purpose
from portal.people.rules import Person, safe_path

KEYS = "/compte/cles"
NOT_RIGHT = N_("Cette clé d'accès n'a pas été reconnue. Recommencez, ou entrez autrement.")
NOT_MADE = N_("La clé d'accès n'a pas pu être enregistrée. Recommencez.")


def asked_by(request: Request, purpose: Purpose, user_id: int | None = None) -> Asked:
    """The session, or the visitor's cookie before there is one: an answer from another browser is worth nothing."""
    return Asked(purpose, request.scope["state"]["binding"], user_id)


async def _challenge(asked: Asked, actor: Any) -> Answer:
    house = await brand.current()
    async with deed(actor):
        options = await passkeys.options(asked, house.name if house else "Entremise")
    return Response(options, media_type="application/json")


@post("/connexion/cle/defi", allows=ANYONE)
async def challenge_to_enter(request: Request) -> Answer:
    await attempt(PASSKEY_BY_ADDRESS, request.scope["state"]["address"])
    return await _challenge(asked_by(request, Purpose.ENTER), Machine("visitor"))


@post("/connexion/cle", allows=ANYONE)
async def enter(request: Request) -> Answer:
    """Device and owner's gesture are both factors, for colleagues too."""
    form = await PasskeyForm.read(request)
    suite = safe_path(str(form.values.get("suite", "/")))
    key = None if form.errors else await passkeys.check(asked_by(request, Purpose.ENTER), form.answer)
    user = await access.user(key["user_id"]) if key else None
    if user is None or user["state"] != "active":
        return door_page(SignInForm.showing().refuse("", _(NOT_RIGHT)), suite)
    async with deed(itself(user["id"])):
        entered = await entrance.enter_by_key(user, browser(request), suite)
    return let_in(entered)


@post("/connexion/code/cle/defi", allows=ANYONE)
async def challenge_after_password(request: Request) -> Answer:
    session = half_way(request)
    if session is None:
        raise NotFound("session")
    return await _challenge(asked_by(request, Purpose.SECOND, session.user_id), itself(session.user_id))


@post("/connexion/code/cle", allows=ANYONE)
async def key_after_password(request: Request) -> Answer:
    session, form = half_way(request), await PasskeyForm.read(request)
    if session is None:
        return see("/connexion")
    suite = safe_path(str(form.values.get("suite", "/")))
    asked = asked_by(request, Purpose.SECOND, session.user_id)
    if form.errors or not await passkeys.check(asked, form.answer):
        return await second_page(session.user_id, Form.showing().refuse("", _(NOT_RIGHT)), suite)
    async with deed(itself(session.user_id)):
        entered = await entrance.finish(session, browser(request), suite)
    return let_in(entered)


@get(KEYS, allows=SIGNED_IN)
async def keys_page(person: Person) -> Answer:
    return page("people/passkeys.html", **await _shown(person, PasskeyNameForm.showing()))


async def _shown(person: Person, form: PasskeyNameForm) -> dict[str, Any]:
    return {"keys": await passkeys.of(person.user_id), "form": form, "possible": passkeys.possible()}


@post(f"{KEYS}/defi", allows=SIGNED_IN)
async def challenge_to_enrol(request: Request, person: Person) -> Answer:
    return await _challenge(asked_by(request, Purpose.ENROL, person.user_id), person)


@post(f"{KEYS}/confirmation", allows=SIGNED_IN)
async def challenge_to_confirm(request: Request, person: Person) -> Answer:
    """Before an account number changes, or an account is erased."""
    return await _challenge(asked_by(request, Purpose.CONFIRM, person.user_id), person)


@post(KEYS, allows=SIGNED_IN)
async def enrol(request: Request, person: Person) -> Answer:
    form = await PasskeyNameForm.read(request)
    if not form.errors:
        await _enrol(form, asked_by(request, Purpose.ENROL, person.user_id), person)
    if form.errors:
        return again("people/passkeys.html", **await _shown(person, form))
    return see(KEYS)


async def _enrol(form: PasskeyNameForm, asked: Asked, person: Person) -> None:
    challenge = await passkeys.take_challenge(asked, form.answer)
    try:
        async with deed(person, form.once) as doing:
            doing.at(KEYS)
            if not await passkeys.enrol(asked, challenge, form.answer, form.name):
                raise Refused("passkey_not_made", NOT_MADE)
    except Refused as wrong:
        form.refuse("", _(wrong.sentence))


@post(f"{KEYS}/{{ref:str}}/retrait", allows=SIGNED_IN)
async def remove(request: Request, person: Person, ref: str) -> Answer:
    form = await Form.read(request)
    async with deed(person, form.once) as doing:
        doing.at(KEYS)
        await passkeys.remove(person.user_id, ref)
    return see(KEYS)
