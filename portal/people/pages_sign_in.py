"""Pages of coming in: sign-in, link, second factor, invitation, new password, signing out."""

from typing import Any

from litestar import Request
from litestar.response import Redirect

from portal.doors import cookie, device_cookie, session_cookie
from portal.history.access import record
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.problems import Refused
from portal.kit.text import N_, _
from portal.kit.web import ANYONE, SIGNED_IN, Answer, again, get, page, post, see
from portal.people import access, actions, entrance, links, passkeys, passwords, second_factor, sessions
from portal.people.counters import CODE_BY_ACCOUNT, TOKEN_BY_ADDRESS, attempt
from portal.people.entrance import Browser, Entered, itself
from portal.people.forms import AcceptForm, CodeForm, EmailForm, LinkForm, NewPasswordForm, SignInForm
from portal.people.links import Purpose
from portal.people.rules import Person, password_fault, safe_path
from portal.people.sessions import Session

YEAR = 365 * 24 * 3600


def browser(request: Request) -> Browser:
    return Browser(
        address=request.scope["state"]["address"],
        agent=request.headers.get("user-agent", ""),
        device=request.cookies.get(device_cookie(), ""),
    )


def let_in(entered: Entered) -> Redirect:
    return with_session(see(entered.path), entered)


def with_session(answer: Any, entered: Entered) -> Any:
    answer.set_cookie(**cookie(session_cookie(), entered.token, entered.remembered_for))
    if entered.device:
        answer.set_cookie(**cookie(device_cookie(), entered.device, YEAR))
    return answer


def half_way(request: Request) -> Session | None:
    """Who has given the password and still owes the second factor."""
    session = request.scope["state"].get("session")
    return session if session and session.step == "password" else None


def suite_of(request: Request) -> str:
    return safe_path(request.query_params.get("suite", "/"))


@get("/connexion", allows=ANYONE)
async def sign_in_page(request: Request, person: Person | None) -> Answer:
    suite = suite_of(request)
    if person:
        return see(suite)
    return door_page(SignInForm.showing(), suite, done=request.query_params.get("fait", ""))


def door_page(form: Form, suite: str = "/", *, done: str = "") -> Answer:
    """The ways to come in, or again with what was wrong."""
    status = 422 if form.errors else 200
    return page("people/sign_in.html", status, form=form, suite=suite, done=done, keys=passkeys.possible())


@post("/connexion", allows=ANYONE)
async def sign_in(request: Request) -> Answer:
    form = await SignInForm.read(request)
    suite = safe_path(str(form.values.get("suite", "/")))
    if form.errors:
        return door_page(form, suite)
    user = await entrance.by_password(form.email, form.password, browser(request))
    if user is None:
        form.refuse("email", _("Adresse ou mot de passe inconnus."))
        return door_page(form, suite)
    async with deed(itself(user["id"])):
        entered = await entrance.enter(user, browser(request), suite)
    return let_in(_carrying(entered, suite))


def _carrying(entered: Entered, suite: str) -> Entered:
    """Whoever owes the second factor goes on afterwards to where they wanted."""
    if suite == "/" or entered.path not in (entrance.CODE, entrance.ENROLMENT):
        return entered
    return Entered(entered.token, f"{entered.path}?suite={suite}", entered.remembered_for, entered.device)


@post("/connexion/lien", allows=ANYONE)
async def ask_link(request: Request) -> Answer:
    form = await LinkForm.read(request)
    if form.errors:
        return door_page(form)
    await entrance.ask_link(form.email, Purpose.SIGN_IN, request.scope["state"]["address"])
    return see("/connexion/lien")


@get("/connexion/lien", allows=ANYONE)
async def link_asked() -> Answer:
    return page("people/link_asked.html", minutes=15)


@get("/connexion/lien/{token:str}", allows=ANYONE)
async def link_page(request: Request, token: str) -> Answer:
    """A scanner that follows links uses nothing up."""
    if await _opens(request, token, Purpose.SIGN_IN) is None:
        return link_over()
    return page("people/link.html", token=token)


def link_over(again_at: str = "/connexion") -> Answer:
    """It was used, it is over, or it never was."""
    return page("people/link_over.html", status=410, again_at=again_at)


async def _opens(request: Request, token: str, purpose: Purpose) -> Any:
    user = await links.look(token, purpose)
    if user is None:
        await attempt(TOKEN_BY_ADDRESS, request.scope["state"]["address"])
    return user


@post("/connexion/lien/{token:str}", allows=ANYONE)
async def use_link(request: Request, token: str) -> Answer:
    user = await _opens(request, token, Purpose.SIGN_IN)
    if user is None:
        return link_over()
    async with deed(itself(user["id"])):
        entered = await entrance.by_link(token, browser(request))
    return let_in(entered) if entered else link_over()


@get("/connexion/code", allows=ANYONE)
async def code_page(request: Request) -> Answer:
    session = half_way(request)
    if session is None:
        return see("/connexion")
    return await second_page(session.user_id, CodeForm.showing(), suite_of(request))


async def second_page(user_id: int, form: Form, suite: str) -> Answer:
    """A code, or one of their passkeys."""
    status = 422 if form.errors else 200
    keys = passkeys.possible() and await passkeys.of(user_id)
    return page("people/code.html", status, form=form, suite=suite, keys=keys)


@post("/connexion/code", allows=ANYONE)
async def give_code(request: Request) -> Answer:
    session, form = half_way(request), await CodeForm.read(request)
    if session is None:
        return see("/connexion")
    suite = safe_path(str(form.values.get("suite", "/")))
    if form.errors or not await second_factor.check(session.user_id, form.code):
        form.refuse("code", _("Ce code n'est pas le bon, ou a déjà servi. Attendez le suivant."))
        return await second_page(session.user_id, form, suite)
    async with deed(itself(session.user_id)):
        entered = await entrance.finish(session, browser(request), suite)
    return let_in(entered)


@get("/connexion/second-facteur", allows=ANYONE)
async def enrolment_page(request: Request) -> Answer:
    session = half_way(request)
    if session is None:
        return see("/connexion")
    return await _enrolment(session.user_id, CodeForm.showing(), suite_of(request))


async def _enrolment(user_id: int, form: CodeForm, suite: str) -> Answer:
    user = await access.user(user_id)
    if user["totp_confirmed_at"]:
        return see(entrance.CODE)
    shown = {"picture": second_factor.picture(user, "Entremise"), "secret": second_factor.secret_of(user)}
    return page("people/enrolment.html", 422 if form.errors else 200, form=form, suite=suite, **shown)


@post("/connexion/second-facteur", allows=ANYONE)
async def enrol(request: Request) -> Answer:
    session, form = half_way(request), await CodeForm.read(request)
    if session is None:
        return see("/connexion")
    suite = safe_path(str(form.values.get("suite", "/")))
    await attempt(CODE_BY_ACCOUNT, session.user_id)
    async with deed(itself(session.user_id)):
        codes = (
            [] if form.errors else await second_factor.confirm(await access.user(session.user_id), form.code)
        )
        entered = await entrance.finish(session, browser(request), suite) if codes else None
    if entered is None:
        form.refuse("code", _("Ce code n'est pas le bon. Vérifiez l'heure de votre téléphone."))
        return await _enrolment(session.user_id, form, suite)
    request.scope["state"]["binding"] = entered.token  # the forms of this answer belong to the new session
    return with_session(page("people/recovery_codes.html", codes=codes, onward=suite), entered)


@get("/invitation/{token:str}", allows=ANYONE)
async def invitation_page(request: Request, token: str) -> Answer:
    user = await _opens(request, token, Purpose.INVITATION)
    if user is None:
        return link_over()
    return page(
        "people/invitation.html", form=AcceptForm.showing(name=user["name"]), token=token, email=user["email"]
    )


@post("/invitation/{token:str}", allows=ANYONE)
async def accept_invitation(request: Request, token: str) -> Answer:
    user, form = await _opens(request, token, Purpose.INVITATION), await AcceptForm.read(request)
    if user is None:
        return link_over()
    if not form.errors and (fault := password_fault(form.password, user["email"], form.name)):
        form.refuse("password", _(fault))
    if form.errors:
        return again("people/invitation.html", form=form, token=token, email=user["email"])
    hashed = await passwords.hashed(form.password)
    async with deed(itself(user["id"])):
        if await links.use(token, Purpose.INVITATION) is None:
            raise Refused("link_used", N_("Cette invitation a déjà servi."))
        accepted = await actions.accept(user["id"], form.name, hashed)
        entered = await entrance.enter(accepted, browser(request), "/")
    return let_in(entered)


@get("/mot-de-passe", allows=ANYONE)
async def forgotten_page() -> Answer:
    return page("people/forgotten.html", form=EmailForm.showing())


@post("/mot-de-passe", allows=ANYONE)
async def forgotten(request: Request) -> Answer:
    form = await EmailForm.read(request)
    if form.errors:
        return again("people/forgotten.html", form=form)
    await entrance.ask_link(form.email, Purpose.RESET, request.scope["state"]["address"])
    return see("/connexion/lien")


@get("/mot-de-passe/{token:str}", allows=ANYONE)
async def reset_page(request: Request, token: str) -> Answer:
    if await _opens(request, token, Purpose.RESET) is None:
        return link_over("/mot-de-passe")
    return page("people/reset.html", form=NewPasswordForm.showing(), token=token)


@post("/mot-de-passe/{token:str}", allows=ANYONE)
async def reset(request: Request, token: str) -> Answer:
    user, form = await _opens(request, token, Purpose.RESET), await NewPasswordForm.read(request)
    if user is None:
        return link_over("/mot-de-passe")
    if not form.errors and (fault := password_fault(form.password, user["email"], user["name"])):
        form.refuse("password", _(fault))
    if form.errors:
        return again("people/reset.html", form=form, token=token)
    hashed = await passwords.hashed(form.password)
    async with deed(itself(user["id"])):
        if await links.use(token, Purpose.RESET):
            await actions.set_password(user, hashed)
    return see("/connexion?fait=mot-de-passe")


@post("/deconnexion", allows=SIGNED_IN)
async def sign_out(person: Person) -> Answer:
    async with deed(person):
        await sessions.close(person.session_id or 0)
        await record("people.signed_out", "user", person.user_id)
    answer = see("/connexion")
    answer.set_cookie(**cookie(session_cookie(), "", 0))
    return answer
