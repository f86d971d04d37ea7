"""Recommendations through the API: hand one in, follow one's own. Hand-ins count once by their Idempotency-Key."""

from typing import Any

from litestar import Request, Response

from portal.kit import api, db
from portal.kit.api import Unprocessable
from portal.kit.deed import deed
from portal.kit.text import N_
from portal.leads import access, actions
from portal.leads.forms import RecommendForm
from portal.leads.prospect import proofs
from portal.leads.rules import SALES, consent_code, consent_said
from portal.people.rules import EVERYBODY, Person, Role

READ, WRITE = "leads:read", "leads:write"
FIELDS = ("company", "contact", "email", "phone", "need", "siren")
WRONG = N_("Cette recommandation n'est pas complète : voyez errors, champ par champ.")
FOR_WHOM = N_("Dites de quel apporteur elle vient : referrer est son numéro.")


@api.post("/recommandations", allows=SALES | {Role.REFERRER}, scope=WRITE)
async def submit(request: Request, person: Person) -> Response[Any]:
    """One recommendation: company, contact, email or phone, need, siren, amount_cents, consent {how: spoken or written, on: a day}.

    A referrer's token speaks for that referrer; a colleague's names one by `referrer`."""
    access.check_acts(person)
    asked = await api.read_json(request)
    form = _form(asked)
    referrer_id = await _referrer(person, asked)
    async with deed(person, await api.once(request)) as doing:
        consent = consent_code(form.agreed, form.agreed_on)
        lead = await actions.submit(
            referrer_id, source="api", consent=consent, company_name=form.company, siren=form.siren,
            contact_name=form.contact, contact_email=form.email, contact_phone=form.phone, need=form.need,
            estimate_cents=form.amount, external_id=_external_id(person, asked),
        )  # fmt: skip
        await proofs.keep(lead, "said_by_referrer", consent_said(consent), "api")
        return api.answer(doing, _said(lead))


@api.get("/recommandations", allows=EVERYBODY, scope=READ)
async def recommendations(request: Request, person: Person) -> dict[str, Any]:
    """A referrer's own, or all for staff, the oldest first."""
    cursor = api.cursor_of(request)
    return api.cursor_page(await access.leads_after(person, cursor.after, cursor.limit + 1), cursor, _said)


@api.get("/recommandations/{ref:str}", allows=EVERYBODY, scope=READ)
async def recommendation(person: Person, ref: str) -> dict[str, Any]:
    return _said(await access.lead_for(person, ref))


def _form(asked: dict[str, Any]) -> RecommendForm:
    """The same checks as on the page. Raises a problem 422 that names each field."""
    agreed = asked.get("consent")
    agreed = agreed if isinstance(agreed, dict) else {}
    typed = {name: str(asked.get(name) or "") for name in FIELDS}
    typed |= {"agreed": str(agreed.get("how") or ""), "agreed_on": str(agreed.get("on") or "")}
    cents = asked.get("amount_cents")
    form = RecommendForm.of(typed)
    errors = {
        {"agreed": "consent.how", "agreed_on": "consent.on"}.get(k, k): v for k, v in form.errors.items()
    }
    if cents is not None and not (type(cents) is int and 0 <= cents <= 10**12):
        errors["amount_cents"] = RecommendForm.of({**typed, "amount": "x"}).errors["amount"]
    if errors:
        raise Unprocessable("recommendation", WRONG, errors=errors)
    form.amount = cents
    return form


async def _referrer(person: Person, asked: dict[str, Any]) -> int:
    if person.referrer_id is not None:
        return person.referrer_id
    number = asked.get("referrer")
    found = await access.referrer_numbered(number) if isinstance(number, str) else None
    if found is None:
        raise Unprocessable("referrer", FOR_WHOM)
    return found


def _external_id(person: Person, asked: dict[str, Any]) -> str | None:
    """The number in a system of the company: a referrer could otherwise name somebody else's."""
    given = asked.get("external_id")
    return given[:100] if isinstance(given, str) and given and person.is_staff else None


def _said(row: db.Row) -> dict[str, Any]:
    """No name, no number: what was handed in is known to who did; and nothing tells whether the company is a client."""
    return {
        "ref": row["ref"], "state": row["state"], "source": row["source"], "referrer": row["referrer_number"],
        "recommended_on": row["recommended_on"].isoformat(), "submitted_at": row["submitted_at"].isoformat(),
        "answer_due_at": row["answer_due_at"].isoformat() if row["answer_due_at"] else None,
        "priority_until": row["priority_until"].isoformat() if row["priority_until"] else None,
        "estimate_cents": row["estimate_cents"], "reason": row["reason"] or None,
    }  # fmt: skip
