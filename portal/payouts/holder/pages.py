"""/virements/titulaires/…: an account whose holder is not who the contract is with, and what finance decides."""

from typing import Any

from litestar import Request

from portal.kit import db
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.problems import Refused
from portal.kit.text import _
from portal.kit.web import Answer, again, get, page, post, see
from portal.payouts.forms import HolderForm
from portal.payouts.holder import checking
from portal.payouts.holder.rules import DECISIONS, RESULT_TONES, RESULTS, Result, result_of
from portal.people.rules import Person, Role
from portal.referrers.banking_rules import parties_of

PAYERS = {Role.FINANCE, Role.ADMIN}
HERE = "/virements/titulaires/{ref:str}"


@get(HERE, allows=PAYERS)
async def show(person: Person, ref: str) -> Answer:
    return page(
        "virements/holder.html", **await _shown(await checking.bank_for(person, ref), HolderForm.showing())
    )


async def _shown(bank: db.Row, form: Form) -> dict[str, Any]:
    return {
        "bank": bank,
        "party": ", ".join(parties_of(bank)),
        "result": result_of(bank),
        "waits": result_of(bank) is not Result.MATCH,
        "checks": await checking.checks_of(bank["id"]),
        "results": {code: _(label) for code, label in RESULTS.items()},
        "tones": RESULT_TONES,
        "decisions": [(code, _(label)) for code, label in DECISIONS.items()],
        "form": form,
    }


@post(HERE, allows=PAYERS)
async def decide(request: Request, person: Person, ref: str) -> Answer:
    bank = await checking.bank_for(person, ref)
    form = await HolderForm.read(request)
    if not form.errors:
        try:
            async with deed(person, form.once) as doing:
                doing.at(f"/virements/titulaires/{ref}")
                await checking.decide(bank, form.decision, form.reason)
        except Refused as no:
            form.refuse("decision", _(no.sentence))
    if form.errors:
        return again("virements/holder.html", **await _shown(bank, form))
    return see(f"/virements/titulaires/{ref}")
