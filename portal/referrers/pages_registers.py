"""Registers at work: a profile is completed from the company search, a VAT number is checked with VIES; their settings."""

from typing import Any

from litestar import Request

from portal.company import access as company
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.identifiers import parse_siret
from portal.kit.invalid import Invalid
from portal.kit.text import N_, _, day
from portal.kit.web import Answer, get, page, post, see
from portal.people.rules import STAFF, Person, Role
from portal.referrers import access
from portal.referrers.registers import Company, Silent, company_search, keeping, vies

CEASED = N_("D'après le registre, cette entreprise a cessé son activité. Vérifiez ce numéro.")
CEASED_ON = N_("D'après le registre, cette entreprise a cessé son activité le %(day)s. Vérifiez ce numéro.")
UNKNOWN = N_("Le registre ne connaît pas ce numéro. Vérifiez-le, ou continuez sans lui.")
COMPLETED = N_("Complété depuis le registre : relisez, puis continuez.")
# What the register knows of each field that a form may ask for.
KNOWN = {
    "siret": lambda found: found.siret,
    "company_name": lambda found: found.name,
    "first_name": lambda found: found.first_name,
    "last_name": lambda found: found.last_name,
    "legal_form": lambda found: found.legal_form,
    "street": lambda found: found.street,
    "postcode": lambda found: found.postcode,
    "city": lambda found: found.city,
}


async def complete(person: Person, referrer: db.Row, form: Form) -> str:
    """Fill a form from the register by its SIRET; what to say above it. Errors stand under their field."""
    try:
        siret = parse_siret(str(form.values.get("siret", "")))
        found = await company_search.look_up(siret)
    except Invalid as wrong:
        form.refuse("siret", wrong.sentence)
        return ""
    except Silent as silent:
        return _(silent.sentence)
    match = next((one for one in found if one.siren == siret[:9]), None)
    async with deed(person):
        await keeping.keep_company(referrer["id"], siret, match)
    return _filled(form, match)


def _filled(form: Form, match: Company | None) -> str:
    if match is None:
        return _(UNKNOWN)
    if not match.active:
        form.refuse("siret", _(CEASED_ON) % {"day": day(match.closed_on)} if match.closed_on else _(CEASED))
        return ""
    form.values.update(
        {name: value for name, of in KNOWN.items() if name in form.values and (value := of(match))}
    )
    return _(COMPLETED)


@post("/apporteurs/{ref:str}/numero-tva", allows=STAFF)
async def check_vat(request: Request, person: Person, ref: str) -> Answer:
    """VIES is asked before the deed, and its answer is kept in it; a silent one is said and holds nothing up."""
    referrer = await access.referrer_for(person, ref)
    form = await Form.read(request)
    there = f"/apporteurs/{ref}"
    if not (vies.is_on() and referrer["vat_number"]):
        return see(there)
    entity = await company.legal_entity_by(referrer["legal_entity_id"])
    answer = await vies.vat_answer(referrer["vat_number"], entity["vat_number"])
    async with deed(person, form.once) as doing:
        doing.at(there)
        await keeping.keep_vat(referrer["id"], answer)
    return see(there)


@get("/reglages/registres", allows={Role.ADMIN})
async def registers() -> Answer:
    return page("reglages/registres.html", registers=await _registers(), today=today())


async def _registers() -> list[dict[str, Any]]:
    last = {
        row["register"]: row["asked_at"]
        for row in await db.rows(
            "SELECT register, max(asked_at) AS asked_at FROM register_answer GROUP BY register"
        )
    }
    return [
        {"name": _("Recherche d'entreprises"), "about": _("Nom, adresse, forme et état d'une entreprise française, à partir de son SIRET."),
         "on": company_search.is_on(), "setting": "PORTAL_COMPANY_SEARCH_URL", "last": last.get("company")},
        {"name": "VIES", "about": _("Validité d'un numéro de TVA de l'Union, avec un numéro de consultation gardé comme preuve."),
         "on": vies.is_on(), "setting": "PORTAL_VIES_URL", "last": last.get("vat")},
    ]  # fmt: skip
