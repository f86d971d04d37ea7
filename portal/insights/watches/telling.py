"""Administrators are told of figures of law that have come to need a look: each once, until it is well again."""

from portal.company import access as company
from portal.insights.watches.rules import STATES, figures_to_watch
from portal.kit.days import today
from portal.kit.text import _, speaking
from portal.law.calendar import ageing
from portal.law.labels import LABELS
from portal.mail.outbox import post
from portal.people.access import staff_with
from portal.people.rules import Role

TOLD = "figures.told"
KIND = "insights.figures"


async def tell_figures() -> None:
    """In a deed. What is only to be confirmed waits on the page: it was shipped so."""
    found = figures_to_watch(ageing(await company.figures(), today()))
    pressing = {code: state for code, state, _urgency in found if state != "to_confirm"}
    before: dict[str, str] = await company.option(TOLD, {})
    new = {code: state for code, state in pressing.items() if before.get(code) != state}
    if pressing != before:
        await company.set_option(TOLD, pressing)
    for user in await staff_with(Role.ADMIN) if new else ():
        with speaking(user["language"]):
            told = [(code, _(LABELS[code]), _(STATES[state])) for code, state in new.items()]
        await post(
            KIND, to_user=user["id"], to_email=user["email"], language=user["language"], subject_kind="company",
            subject_id=0, key=f"{KIND}:{today()}:{user['id']}", name=user["name"], figures=told,
        )  # fmt: skip
