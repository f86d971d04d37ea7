"""One's own account: sessions, password, second factor, the seat one sits in."""

from typing import Any

from litestar import Request

from portal.doors import cookie, session_cookie
from portal.kit.deed import deed
from portal.kit.problems import NotFound, Refused
from portal.kit.text import _
from portal.kit.web import SIGNED_IN, Answer, again, get, page, post, see
from portal.people import access, actions, entrance, passwords, second_factor, seeing, sessions
from portal.people.counters import CODE_BY_ACCOUNT, PASSWORD_BY_ACCOUNT, attempt
from portal.people.forms import ChangePasswordForm, CodeForm, SeatForm
from portal.people.pages_sign_in import browser, let_in
from portal.people.rules import Person, password_fault


@get("/compte", allows=SIGNED_IN)
async def account(person: Person) -> Answer:
    return page("people/account.html", **await _shown(person))


async def _shown(person: Person, form: ChangePasswordForm | None = None) -> dict[str, Any]:
    return {
        "user": await access.user(person.user_id),
        "sessions": await access.sessions(person.user_id),
        "seats": await access.seats(person.user_id),
        "looked": await seeing.of(person.referrer_id) if person.referrer_id else [],
        "form": form or ChangePasswordForm.showing(),
    }


@post("/compte/sessions/{ref:str}/fermeture", allows=SIGNED_IN)
async def close_session(person: Person, ref: str) -> Answer:
    async with deed(person):
        if not await sessions.close_own(person.user_id, ref):
            raise NotFound("session")
    return see("/compte")


@post("/compte/sessions/fermeture", allows=SIGNED_IN)
async def close_sessions(person: Person) -> Answer:
    """Everywhere, here included."""
    async with deed(person):
        await sessions.close_all(person.user_id)
    answer = see("/connexion")
    answer.set_cookie(**cookie(session_cookie(), "", 0))
    return answer


@post("/compte/mot-de-passe", allows=SIGNED_IN)
async def change_password(request: Request, person: Person) -> Answer:
    form = await ChangePasswordForm.read(request)
    if not form.errors:
        await _check_passwords(form, person)
    if form.errors:
        return again("people/account.html", **await _shown(person, form))
    hashed = await passwords.hashed(form.password)
    async with deed(person):
        await actions.set_password(await access.user(person.user_id), hashed, but_session=person.session_id)
    return see("/compte")


async def _check_passwords(form: ChangePasswordForm, person: Person) -> None:
    if fault := password_fault(form.password, person.email, person.name):
        form.refuse("password", _(fault))
        return
    await attempt(PASSWORD_BY_ACCOUNT, person.email)
    user = await access.user(person.user_id)
    if user["password_hash"] and not await passwords.matches(form.current, user["password_hash"]):
        form.refuse("current", _("Ce n'est pas votre mot de passe actuel."))


@get("/compte/second-facteur", allows=SIGNED_IN)
async def factor_page(person: Person) -> Answer:
    return await _factor(person, CodeForm.showing())


async def _factor(person: Person, form: CodeForm) -> Answer:
    user = await access.user(person.user_id)
    shown = {}
    if user["totp_sealed"] and not user["totp_confirmed_at"]:
        shown = {"picture": second_factor.picture(user, "Entremise"), "secret": second_factor.secret_of(user)}
    return page("people/factor.html", 422 if form.errors else 200, user=user, form=form, **shown)


@post("/compte/second-facteur/preparation", allows=SIGNED_IN)
async def prepare_factor(person: Person) -> Answer:
    async with deed(person):
        await second_factor.prepare(person.user_id)
    return see("/compte/second-facteur")


@post("/compte/second-facteur", allows=SIGNED_IN)
async def confirm_factor(request: Request, person: Person) -> Answer:
    form = await CodeForm.read(request)
    await attempt(CODE_BY_ACCOUNT, person.user_id)
    async with deed(person):
        codes = (
            [] if form.errors else await second_factor.confirm(await access.user(person.user_id), form.code)
        )
    return _codes_or_again(codes) or await _factor(person, _wrong(form))


@post("/compte/second-facteur/codes", allows=SIGNED_IN)
async def new_codes(request: Request, person: Person) -> Answer:
    """Recovery codes anew, for who can show the second factor."""
    form = await CodeForm.read(request)
    if form.errors or not await second_factor.check(person.user_id, form.code):
        return await _factor(person, _wrong(form))
    async with deed(person):
        codes = await second_factor.new_recovery_codes(person.user_id)
    return page("people/recovery_codes.html", codes=codes, onward="/compte")


def _codes_or_again(codes: list[str]) -> Answer | None:
    return page("people/recovery_codes.html", codes=codes, onward="/compte") if codes else None


def _wrong(form: CodeForm) -> CodeForm:
    return form.refuse("code", _("Ce code n'est pas le bon, ou a déjà servi. Attendez le suivant."))


@get("/compte/role", allows=SIGNED_IN)
async def seats_page(request: Request, person: Person) -> Answer:
    user = await access.user(person.user_id)
    session = request.scope["state"]["session"]
    return page(
        "people/seats.html", seats=await access.seats(person.user_id), user=user, here=session.seat_id
    )


@post("/compte/role", allows=SIGNED_IN)
async def take_seat(request: Request) -> Answer:
    form = await SeatForm.read(request)
    session = request.scope["state"]["session"]
    if form.errors:
        return see(entrance.CHOICE)
    try:
        async with deed(entrance.itself(session.user_id)):
            entered = await entrance.switch(session, form.seat, browser(request))
    except Refused:
        return await _sign_in_as_colleague(session.id, session.user_id)
    return let_in(entered)


async def _sign_in_as_colleague(session_id: int, user_id: int) -> Answer:
    """A seat of the company needs password and second factor, which this session has not seen."""
    async with deed(entrance.itself(user_id)):
        await sessions.close(session_id)
    return see("/connexion")
