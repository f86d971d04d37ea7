"""Where a referrer is paid: the first account is used at once, a change is guarded, told and can be called off."""

from typing import Any

from litestar import Request

from portal.kit.deed import Machine, deed
from portal.kit.forms import Form
from portal.kit.problems import Refused
from portal.kit.text import N_, _
from portal.kit.web import ANYONE, Answer, again, get, page, post, see
from portal.people import passkeys, second_factor
from portal.people.access import user
from portal.people.passkeys import Asked, Purpose
from portal.people.rules import Person, Role
from portal.referrers import access, actions, bank_codes
from portal.referrers.forms import BankForm
from portal.referrers.pages_profile import HOME, OWN, own, refuse_others
from portal.referrers.rules import IBAN_WAIT, LIVING, BankState, Step
from portal.referrers.words import labels, stepper

PATH = "/profil/compte-bancaire"
BY_PHONE = {Role.FINANCE, Role.ADMIN}
WRONG_CODE = N_("Ce code n'est pas le bon, ou il n'est plus valable.")


@get(PATH, allows=OWN)
async def bank(person: Person) -> Answer:
    refuse_others(person)
    return page("apporteurs/compte.html", **await _shown(person, None))


async def _shown(person: Person, form: Form | None) -> dict[str, Any]:
    referrer = await own(person)
    details = await access.living_bank_details(referrer["id"])
    standing = await access.standings_of(referrer["id"])
    return {
        "form": form or BankForm.showing(holder="" if details else referrer["name"]),
        "details": details,
        "factor": await _factor(person) if details else "none",
        "key": bool(details) and await _has_key(person),
        "code_sent": bool(details) and await bank_codes.is_waiting(person),
        "steps": stepper(Step.BANK) if standing and not details else None,
        **labels(),
    }


async def _factor(person: Person) -> str:
    """What opens a change: the second factor where there is one, else a mailed code."""
    return "app" if (await user(person.user_id))["totp_confirmed_at"] else "mail"


async def _has_key(person: Person) -> bool:
    """A passkey made since the change could have been announced proves nothing: who took over an account makes one."""
    return passkeys.possible() and await passkeys.known_since(person.user_id, IBAN_WAIT)


@post(f"{PATH}/code", allows=OWN)
async def send_code(request: Request, person: Person) -> Answer:
    refuse_others(person)
    form = await Form.read(request)
    async with deed(person, form.once) as doing:
        doing.at(f"{PATH}#code")
        await bank_codes.send(person)
    return see(f"{PATH}#code")


@post(PATH, allows=OWN)
async def save_bank(request: Request, person: Person) -> Answer:
    refuse_others(person)
    referrer = await own(person)
    form = await BankForm.read(request)
    changes = bool(await access.living_bank_details(referrer["id"]))
    factor = await _factor(person) if changes else "none"
    if form.errors:
        return again("apporteurs/compte.html", **await _shown(person, form))
    by_key = changes and await _opens_by_key(request, person, form.answer)
    opened = by_key or await _opens(factor, person, form.code)
    try:
        async with deed(person, form.once) as doing:
            doing.at(HOME)
            if not opened:
                raise Refused("wrong_code", WRONG_CODE)
            await actions.give_bank_detail(
                referrer["id"], form.holder, form.iban, by_code=factor == "mail" and not by_key
            )
            await actions.apply(referrer["id"])
    except Refused as wrong:
        form.values["code"] = ""
        form.refuse("code", _(wrong.sentence))
        return again("apporteurs/compte.html", **await _shown(person, form))
    return see(HOME)


async def _opens_by_key(request: Request, person: Person, answer: str) -> bool:
    asked = Asked(Purpose.CONFIRM, request.scope["state"]["binding"], person.user_id)
    return bool(answer) and await _has_key(person) and bool(await passkeys.check(asked, answer))


async def _opens(factor: str, person: Person, code: str) -> bool:
    match factor:
        case "app":
            return await second_factor.check(person.user_id, code)
        case "mail":
            return await bank_codes.use(person, code)
    return True


@get("/compte-bancaire/{ref:str}/{token:str}", allows=ANYONE)
async def call_off_page(ref: str, token: str) -> Answer:
    """From the mail to the old address. The page changes nothing; its button does."""
    detail = await access.bank_detail_by_token(ref, token)
    return page("apporteurs/annulation.html", detail=detail, open=_is_open(detail["state"]), token=token)


@post("/compte-bancaire/{ref:str}/{token:str}", allows=ANYONE)
async def call_off(request: Request, ref: str, token: str) -> Answer:
    detail = await access.bank_detail_by_token(ref, token)
    form = await Form.read(request)
    if _is_open(detail["state"]):
        async with deed(Machine(f"link:bank_detail:{detail['ref']}"), form.once) as doing:
            doing.at(request.scope["path"])
            await actions.call_off_bank_detail(detail)
    return see(request.scope["path"])


def _is_open(state: str) -> bool:
    return state in LIVING and state != BankState.USABLE


@post("/apporteurs/{ref:str}/compte-bancaire/confirmation", allows=BY_PHONE)
async def vouch(request: Request, person: Person, ref: str) -> Answer:
    """Finance has called back."""
    return await _decide(request, person, ref, actions.vouch_for_bank_detail)


@post("/apporteurs/{ref:str}/compte-bancaire/annulation", allows=BY_PHONE)
async def refuse(request: Request, person: Person, ref: str) -> Answer:
    return await _decide(request, person, ref, actions.call_off_bank_detail)


async def _decide(request: Request, person: Person, ref: str, verb: Any) -> Answer:
    referrer = await access.referrer_for(person, ref)
    form = await Form.read(request)
    async with deed(person, form.once) as doing:
        doing.at(f"/apporteurs/{ref}#compte")
        waiting = await access.waiting_bank_detail(referrer["id"])
        if waiting:
            await verb(waiting)
    return see(f"/apporteurs/{ref}#compte")
