"""/accord-employeur: the employer's authorised person reads what is asked, and consents by a mailed code; or says no, or no longer."""

from typing import Any

from litestar import Request

from portal.company import access as company
from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import Machine, deed
from portal.kit.forms import Form
from portal.kit.problems import Refused
from portal.kit.text import _
from portal.kit.web import ANYONE, Answer, again, get, page, post, see
from portal.people.counters import QUARTER, Limit, attempt
from portal.referrers import access
from portal.referrers.joining import employing
from portal.referrers.joining.forms_employer import ConsentForm

PATH = "/accord-employeur/{ref:str}/{key:str}"
CODES = Limit("consent.code", 4, QUARTER)


@get(PATH, allows=ANYONE)
async def show(ref: str, key: str) -> Answer:
    return page("rejoindre/employeur.html", **await _shown(await employing.consent_at(ref, key), key))


async def _shown(consent: db.Row, key: str, form: Form | None = None) -> dict[str, Any]:
    referrer = await access.referrer(consent["referrer_id"])
    file = await employing.file_of(consent["referrer_id"])
    entity = await company.legal_entity()
    return {
        "consent": consent,
        "path": f"/accord-employeur/{consent['ref']}/{key}",
        "open": consent["state"] == "asked" and consent["expires_at"] > now(),
        "form": form or ConsentForm.showing(signer=consent["contact_name"]),
        "letter": await employing.sample(referrer, bool(file is None or file["customary"])),
        "code_sent": consent["code_expires_at"] is not None and consent["code_expires_at"] > now(),
        "entity": entity,
        "name": f"{referrer['first_name']} {referrer['last_name']}".strip(),
    }


@post(f"{PATH}/code", allows=ANYONE)
async def send_code(request: Request, ref: str, key: str) -> Answer:
    consent, form = await employing.consent_at(ref, key), await Form.read(request)
    if consent["state"] == "asked":
        await attempt(CODES, consent["id"])
        async with deed(_employer(consent), form.once) as doing:
            doing.at(f"/accord-employeur/{ref}/{key}#accord")
            await employing.mail_code(consent)
    return see(f"/accord-employeur/{ref}/{key}#accord")


def _employer(consent: db.Row) -> Machine:
    return Machine(f"employer:{consent['ref']}")


@post(f"{PATH}/accord", allows=ANYONE)
async def give(request: Request, ref: str, key: str) -> Answer:
    consent, form = await employing.consent_at(ref, key), await ConsentForm.read(request)
    if not form.errors and not (
        consent["expires_at"] > now() and await employing.takes_code(consent, form.code)
    ):
        form.values["code"] = ""
        form.refuse("code", _(employing.WRONG))
    if form.errors:
        return again("rejoindre/employeur.html", **await _shown(consent, key, form))
    said = {
        "signer": form.signer, "capacity": form.capacity, "address": request.scope["state"]["address"],
        "agent": request.headers.get("user-agent", ""),
    }  # fmt: skip
    proof = await employing.proof_of(consent, **said)
    async with deed(_employer(consent), form.once) as doing:
        doing.at(f"/accord-employeur/{ref}/{key}")
        await employing.give(consent, proof, **said)
    return see(f"/accord-employeur/{ref}/{key}")


@post(f"{PATH}/refus", allows=ANYONE)
async def decline(request: Request, ref: str, key: str) -> Answer:
    """No, or no longer."""
    consent, form = await employing.consent_at(ref, key), await Form.read(request)
    try:
        async with deed(_employer(consent), form.once) as doing:
            doing.at(f"/accord-employeur/{ref}/{key}")
            await employing.decline(consent)
    except Refused:
        return see(f"/accord-employeur/{ref}/{key}")
    return see(f"/accord-employeur/{ref}/{key}")
