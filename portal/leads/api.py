"""Recommendations through the API: hand one in, follow one's own. Hand-ins count once by their Idempotency-Key."""

from collections.abc import Sequence
from typing import Any

from litestar import Request, Response

from portal.kit import api, db
from portal.kit.api import Unprocessable
from portal.kit.days import now
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.text import N_, _
from portal.leads import access, actions
from portal.leads.fields import answers
from portal.leads.fields.asking import asked_of
from portal.leads.fields.rules import PREFIX
from portal.leads.forms import RecommendForm
from portal.leads.priority.rules import as_told
from portal.leads.prospect import proofs
from portal.leads.rules import SALES, consent_code, consent_said
from portal.people.rules import EVERYBODY, Person, Role

READ, WRITE = "leads:read", "leads:write"
FIELDS = ("company", "contact", "email", "phone", "need", "siren", "postcode", "city")
WRONG = N_("Cette recommandation n'est pas complète : voyez errors, champ par champ.")
UNKNOWN = N_("Ce champ n'est pas demandé par le programme.")
FOR_WHOM = N_("Dites de quel apporteur elle vient : referrer est son numéro.")


@api.post("/recommandations", allows=SALES | {Role.REFERRER}, scope=WRITE)
async def submit(request: Request, person: Person) -> Response[Any]:
    """One recommendation: company, contact, email or phone, need, siren, postcode, city, amount_cents, consent {how: spoken or
    written, on: a day}, fields {key: answer} as the programme asks (cents for an amount, true or false for yes or no).

    A referrer's token speaks for that referrer; a colleague's names one by `referrer`."""
    access.check_acts(person)
    asked = await api.read_json(request)
    form = _form(asked)
    referrer_id = await _referrer(person, asked)
    fields = await asked_of("referrer", (await actions.programme_of(referrer_id))["id"])
    given = _answers(fields, asked.get("fields"))
    async with deed(person, await api.once(request)) as doing:
        consent = consent_code(form.agreed, form.agreed_on)
        lead = await actions.submit(
            referrer_id, source="api", consent=consent, company_name=form.company, siren=form.siren,
            contact_name=form.contact, contact_email=form.email, contact_phone=form.phone, need=form.need,
            estimate_cents=form.amount, external_id=_external_id(person, asked), postcode=form.postcode, city=form.city,
        )  # fmt: skip
        await answers.keep(lead["id"], fields, given)
        await proofs.keep(lead, "said_by_referrer", consent_said(consent), "api")
        return api.answer(doing, _said(_as_told(person, lead)))


@api.get("/recommandations", allows=EVERYBODY, scope=READ)
async def recommendations(request: Request, person: Person) -> dict[str, Any]:
    """A referrer's own, or all for staff, the oldest first."""
    cursor = api.cursor_of(request)
    found = await access.leads_after(person, cursor.after, cursor.limit + 1)
    return api.cursor_page([_as_told(person, row) for row in found], cursor, _said)


@api.get("/recommandations/{ref:str}", allows=EVERYBODY, scope=READ)
async def recommendation(person: Person, ref: str) -> dict[str, Any]:
    return _said(_as_told(person, await access.lead_for(person, ref)))


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


def _answers(fields: Sequence[db.Row], asked: Any) -> answers.Answers:
    """What other software leaves out is not insisted upon: a field that somebody makes necessary must not stop it."""
    told = asked if isinstance(asked, dict) else {}
    known = [{**field, "required": False} for field in fields if field["key"] in told]
    form = Form.of({PREFIX + field["key"]: _typed(field["kind"], told[field["key"]]) for field in known})
    given = answers.take(known, form)
    errors = {f"fields.{name.removeprefix(PREFIX)}": said for name, said in form.errors.items()}
    errors |= {
        f"fields.{str(key)[:40]}": _(UNKNOWN) for key in told.keys() - {field["key"] for field in known}
    }
    if errors or (asked is not None and asked is not told):
        raise Unprocessable("recommendation", WRONG, errors=errors or {"fields": _(UNKNOWN)})
    return given


def _typed(kind: str, value: Any) -> str:
    """As a person would type it. An amount is whole cents."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if kind == "amount" and isinstance(value, int):
        return f"{value // 100},{value % 100:02d}" if value >= 0 else "-"
    return "" if value is None else str(value)


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


def _as_told(person: Person, lead: db.Row) -> db.Row:
    return lead if person.is_staff else as_told(lead, now())


def _said(row: db.Row) -> dict[str, Any]:
    """No name, no number: what was handed in is known to who did; and nothing tells whether the company is a client."""
    return {
        "ref": row["ref"], "state": row["state"], "source": row["source"], "referrer": row["referrer_number"],
        "recommended_on": row["recommended_on"].isoformat(), "submitted_at": row["submitted_at"].isoformat(),
        "answer_due_at": row["answer_due_at"].isoformat() if row["answer_due_at"] else None,
        "priority_until": row["priority_until"].isoformat() if row["priority_until"] else None,
        "estimate_cents": row["estimate_cents"], "reason": row["reason"] or None,
    }  # fmt: skip
