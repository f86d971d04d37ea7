"""/recommande/…: what a recommended contact reads and says, without signing in: by whom, to whom, what is kept, and what they want."""

from typing import Any

from litestar import Request

from portal.company import access as company
from portal.kit import db
from portal.kit.deed import Machine, deed
from portal.kit.forms import Form
from portal.kit.web import ANYONE, Answer, again, get, page, post, see
from portal.leads.forms import CallBackForm, PhoneForm
from portal.leads.prospect import addresses, answering
from portal.leads.rules import OPEN, LeadState
from portal.people.rules import Person
from portal.plans.programme import advantages

SHOWN = OPEN | {LeadState.WON}  # what has ended is told no more; what is kept of them still is
PAGE = "recommandations/prospect.html"
PATH = "/recommande/{ref:str}/{key:str}"


@get(PATH, allows=ANYONE)
async def recommended(person: Person | None, ref: str, key: str) -> Answer:
    lead, _via = await addresses.lead_at(ref, key)
    return page(PAGE, **await _around(lead, person, key))


@post(f"{PATH}/opposition", allows=ANYONE)
async def object_to(request: Request, person: Person | None, ref: str, key: str) -> Answer:
    lead, via = await addresses.lead_at(ref, key)
    form = await Form.read(request)
    if _is_theirs(lead, person):
        async with deed(_them(lead), form.once) as doing:
            doing.at(_page_of(ref, key))
            await answering.object_to(lead, via)
    return see(_page_of(ref, key))


@post(f"{PATH}/rappel", allows=ANYONE)
async def ask_for_a_call(request: Request, person: Person | None, ref: str, key: str) -> Answer:
    lead, via = await addresses.lead_at(ref, key)
    form, around = await CallBackForm.read(request), await _around(lead, person, key)
    if form.errors:
        return again(PAGE, **{**around, "call": form})
    if _is_theirs(lead, person) and around["may"]["call"]:
        async with deed(_them(lead), form.once) as doing:
            doing.at(_page_of(ref, key))
            await answering.ask_for_a_call(lead, around["words"], form.wished, via)
    return see(_page_of(ref, key))


@post(f"{PATH}/numero", allows=ANYONE)
async def correct_phone(request: Request, person: Person | None, ref: str, key: str) -> Answer:
    lead, _via = await addresses.lead_at(ref, key)
    form, around = await PhoneForm.read(request), await _around(lead, person, key)
    if form.errors:
        return again(PAGE, **{**around, "phone": form})
    if _is_theirs(lead, person) and around["living"]:
        async with deed(_them(lead), form.once) as doing:
            doing.at(_page_of(ref, key))
            await answering.correct_phone(lead, form.phone)
    return see(_page_of(ref, key))


@post(f"{PATH}/effacement", allows=ANYONE)
async def forget(request: Request, person: Person | None, ref: str, key: str) -> Answer:
    lead, via = await addresses.lead_at(ref, key)
    form = await Form.read(request)
    if _is_theirs(lead, person):
        async with deed(_them(lead), form.once) as doing:
            doing.at(_page_of(ref, key))
            await answering.forget(lead, via)
    return see(_page_of(ref, key))


def _is_theirs(lead: db.Row, person: Person | None) -> bool:
    """Somebody who is signed in here is not the prospect: only the prospect's own click counts."""
    return person is None and lead["erased_at"] is None


def _page_of(ref: str, key: str) -> str:
    return f"/recommande/{ref}/{key}"


def _them(lead: db.Row) -> Machine:
    return Machine(f"prospect:{lead['id']}")


async def _around(lead: db.Row, person: Person | None, key: str) -> dict[str, Any]:
    entity = await company.legal_entity()
    assert entity is not None
    house = entity["brand_name"] or entity["name"]
    living = lead["state"] in SHOWN and not lead["objected_at"]
    return {
        "lead": lead, "entity": entity, "living": living, "here": _page_of(lead["ref"], key),
        "advantage": advantages.told(await advantages.promised_to(lead)) if living else None,
        "kept": _kept(lead), "words": answering.words_of(lead["prospects"], house),
        "call": CallBackForm.showing(), "phone": PhoneForm.showing(),
        "looking": person is not None,
        "may": {"call": living and not (lead["call_asked_at"] or lead["link_id"]), "answer": _is_theirs(lead, person)},
    }  # fmt: skip


def _kept(lead: db.Row) -> dict[str, str]:
    """Enough to know oneself again: the address of this page may have been forwarded."""
    return {
        "company": addresses.masked(lead["company_name"]), "contact": addresses.masked(lead["contact_name"]),
        "phone": addresses.masked_phone(lead["contact_phone"]), "email": addresses.masked_email(lead["contact_email"]),
        "need": lead["need"] and "…",
    }  # fmt: skip
