"""One's own data: taken along at once, erased on request; and what waits for the answer of an administrator."""

from typing import Any

from litestar import Request, Response

from portal import privacy, privacy_archive
from portal.company import access as company
from portal.house.forms import ErasureForm, RefusalForm
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.problems import Refused
from portal.kit.text import N_, _
from portal.kit.web import SIGNED_IN, Answer, again, get, page, post, see
from portal.people import access, erasure_requests, passkeys, passwords, second_factor
from portal.people.counters import PASSWORD_BY_ACCOUNT, attempt
from portal.people.passkeys import Asked, Purpose
from portal.people.rules import Person, Role, Seat

ADMIN = {Role.ADMIN}
OWN, QUEUE = "/compte/donnees", "/reglages/effacements"
NOT_CONFIRMED = N_("Ce n'est pas cela. Recommencez.")
NO_WAY = N_(
    "Choisissez d'abord un mot de passe ou ajoutez votre téléphone : il faut vérifier que c'est bien vous."
)
OBSTACLES = {
    "contract": N_("Un contrat est signé ou en vigueur : il faut d'abord y mettre fin."),
    "money": N_("De l'argent reste à confirmer, à verser ou à déduire : le compte doit d'abord être soldé."),
}
ERASED = (  # what goes at once
    N_("Votre compte : nom, adresse e-mail, téléphone, mot de passe, clés d'accès, appareils."),
    N_("Vos coordonnées et les comptes bancaires jamais utilisés."),
    N_("Les e-mails qui vous ont été envoyés, vos messages, les fichiers joints à vos demandes."),
    N_("Votre candidature, vos brouillons, les fichiers importés où vous figuriez."),
)
KEPT = (  # what the law keeps, why, and the figure that says until when
    (
        N_("Contrats signés et leur preuve"),
        N_("pour prouver ce qui a été convenu"),
        "retention.contract_years",
    ),
    (
        N_("Factures, avoirs, virements, écritures"),
        N_("comptabilité et fiscalité"),
        "retention.accounting_years",
    ),
    (N_("Historique des actions, sans nom ni texte"), N_("sécurité"), ""),
)


@get(OWN, allows=SIGNED_IN)
async def own(person: Person) -> Answer:
    return page("house/donnees.html", **await _shown(person, ErasureForm.showing()))


async def _shown(person: Person, form: Form) -> dict[str, Any]:
    figures = await company.figures()
    user = await access.user(person.user_id)
    return {
        "form": form, "asked": await erasure_requests.waiting_of(person.user_id),
        "erased": [_(said) for said in ERASED],
        "kept": [(_(what), _(why), figures.whole(code, today()) if code else None) for what, why, code in KEPT],
        "obstacles": [_(OBSTACLES[code]) for code in await privacy.obstacles(person.user_id)],
        "password": bool(user["password_hash"]), "app": bool(user["totp_confirmed_at"]),
        "key": passkeys.possible() and bool(await passkeys.of(person.user_id)),
    }  # fmt: skip


@get(f"{OWN}/copie", allows=SIGNED_IN)
async def copy(person: Person) -> Answer:
    """At once: nobody waits a month for what a machine can hand over."""
    whole = person.referrer_id is not None and person.seat is Seat.OWNER
    headers = {"content-disposition": 'attachment; filename="donnees.zip"'}
    return Response(
        await privacy_archive.archive(person, whole), media_type="application/zip", headers=headers
    )


@post(f"{OWN}/effacement", allows=SIGNED_IN)
async def ask(request: Request, person: Person) -> Answer:
    form = await ErasureForm.read(request)
    if not form.errors and not await _is_them(request, person, form):
        form.refuse("secret", _(NOT_CONFIRMED))
    if form.errors:
        return again("house/donnees.html", **await _shown(person, form))
    async with deed(person, form.once) as doing:
        doing.at(OWN)
        await erasure_requests.ask(person.user_id)
    return see(OWN)


async def _is_them(request: Request, person: Person, form: ErasureForm) -> bool:
    """A passkey, the password, or a code of the phone. Raises TooMany, Refused where there is none of them."""
    user = await access.user(person.user_id)
    if form.answer:
        asked = Asked(Purpose.CONFIRM, request.scope["state"]["binding"], person.user_id)
        return bool(await passkeys.check(asked, form.answer))
    if user["password_hash"]:
        await attempt(PASSWORD_BY_ACCOUNT, person.email)
        return await passwords.matches(form.secret, user["password_hash"])
    if user["totp_confirmed_at"]:
        return await second_factor.check(person.user_id, form.secret)
    raise Refused("no_factor", NO_WAY)


@post(f"{OWN}/effacement/retrait", allows=SIGNED_IN)
async def withdraw(request: Request, person: Person) -> Answer:
    form = await Form.read(request)
    async with deed(person, form.once) as doing:
        doing.at(OWN)
        await erasure_requests.withdraw(person.user_id)
    return see(OWN)


@get(QUEUE, allows=ADMIN)
async def queue() -> Answer:
    return page("house/effacements.html", **await _queue(None, RefusalForm.showing()))


async def _queue(ref: str | None, form: Form) -> dict[str, Any]:
    """Each with what must end first; `ref`: whose refusal is being written."""
    waiting = await erasure_requests.asked()
    return {
        "requests": [
            (one, [_(OBSTACLES[code]) for code in await privacy.obstacles(one["user_id"])]) for one in waiting
        ],
        "today": today(), "writing": ref, "form": form,
    }  # fmt: skip


@post(f"{QUEUE}/{{ref:str}}/execution", allows=ADMIN)
async def execute(request: Request, person: Person, ref: str) -> Answer:
    form, asked = await Form.read(request), await erasure_requests.by_ref(ref)
    if codes := await privacy.obstacles(asked["user_id"]):
        raise Refused("erasure_obstacle", OBSTACLES[codes[0]])
    async with deed(person, form.once) as doing:
        doing.at(QUEUE)
        await erasure_requests.done(asked)
        await privacy.erase(asked["user_id"])
    return see(QUEUE)


@post(f"{QUEUE}/{{ref:str}}/refus", allows=ADMIN)
async def refuse(request: Request, person: Person, ref: str) -> Answer:
    form, asked = await RefusalForm.read(request), await erasure_requests.by_ref(ref)
    if form.errors:
        return again("house/effacements.html", **await _queue(ref, form))
    async with deed(person, form.once) as doing:
        doing.at(QUEUE)
        await erasure_requests.refuse(asked, form.reason)
    return see(QUEUE)
