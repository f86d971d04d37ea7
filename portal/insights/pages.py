"""The homes: what did I earn, what is coming, what should I do now; for staff, what waits for them."""

from portal.insights import access
from portal.insights.rules import advice
from portal.kit.days import now, today
from portal.kit.text import _
from portal.kit.web import ANYONE, Answer, get, page, see
from portal.leads.rules import LABELS, TONES
from portal.leads.timeline import next_step
from portal.people.rules import Person, Role, Seat


@get("/", allows=ANYONE)
async def home(person: Person | None) -> Answer:
    if person is None:
        return see("/connexion")
    if person.referrer_id is not None:
        return await _of_referrer(person, person.referrer_id)
    return await _of_staff(person)


async def _of_referrer(person: Person, referrer_id: int) -> Answer:
    found = await access.referrer_home(referrer_id)
    advised = advice(
        dict(found.referrer), dict(found.contract or {}), has_bank_detail=found.referrer["has_bank_detail"]
    )
    return page(
        "accueil/referrer.html", home=found, year=today().year, next_step=next_step, tones=TONES,
        labels={code: _(label) for code, label in LABELS.items()},
        todo=advised[0] if person.seat is not Seat.ACCOUNTANT else None,
    )  # fmt: skip


async def _of_staff(person: Person) -> Answer:
    """A colleague with several roles sees what waits for each."""
    return page(
        "accueil/staff.html",
        now=now(),
        admin=await access.admin_home() if person.may(Role.ADMIN) else None,
        finance=await access.finance_home() if person.may(Role.FINANCE) else None,
        sales=await access.sales_home() if person.may(Role.SALES) else None,
    )
