"""A colleague answers from a mail: what the page of a link shows, and the one thing that its button does."""

from contextlib import asynccontextmanager
from typing import Any

from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import Deed, Machine, Once, deed
from portal.kit.forms import Form
from portal.kit.problems import NotFound, Refused
from portal.kit.text import N_, _
from portal.leads import access, actions
from portal.leads.fields import reasons
from portal.leads.nudges import buttons
from portal.leads.nudges.buttons import Stands
from portal.leads.nudges.forms import LostForm, WonForm, WordForm
from portal.leads.nudges.rules import BY_NOUN, LOST, WON, WORD, Reply
from portal.leads.nudges.silence import days_since, heard_at
from portal.leads.rules import LABELS
from portal.people.rules import Person
from portal.referrers import access as referrers

USED = N_("Ce lien a déjà servi : relisez ce qui est noté.")
FORMS: dict[str, type[Form]] = {WORD.noun: WordForm, WON.noun: WonForm, LOST.noun: LostForm}


async def opened(token: str, noun: str, person: Person | None) -> tuple[db.Row, Reply]:
    """The link and its answer. Raises NotFound for a wrong one, and for a colleague who holds the link of another."""
    if noun not in BY_NOUN:
        raise NotFound("reply")
    button = await buttons.button(token)
    if person is not None and person.user_id != button["user_id"]:
        raise NotFound("lead_button")
    return button, BY_NOUN[noun]


async def around(button: db.Row, reply: Reply, token: str, form: Form | None = None) -> dict[str, Any]:
    """All that the page shows; of a link that was taken away, nothing."""
    stands = buttons.stands(button)
    shown: dict[str, Any] = {
        "stands": stands.value,
        "button_row": button,
        "reply": reply,
        "here": f"/mot/{token}/{reply.noun}",
    }
    if stands in (Stands.REVOKED, Stands.EXPIRED):
        return shown
    lead = await access.lead(button["lead_id"])
    return {
        **shown,
        "lead": lead, "state": _(LABELS[lead["state"]]), "days": days_since(heard_at(lead), now()),
        "fits": lead["state"] in reply.steps and not lead["erased_at"],
        "form": form or _blank(lead, reply),
        "reasons": await reasons.reasons(reply.steps[lead["state"]][-1]) if reply is LOST and lead["state"] in reply.steps else [],
        "thanks": await _thanks(lead, button) if button["used_for"] == WON.noun else None,
    }  # fmt: skip


def _blank(lead: db.Row, reply: Reply) -> Form:
    if reply is WON and lead["estimate_cents"]:
        return WonForm.showing(net=f"{lead['estimate_cents'] / 100:.2f}".replace(".", ","))
    return FORMS.get(reply.noun, Form).showing()


async def _thanks(lead: db.Row, button: db.Row) -> dict[str, str]:
    """A word of thanks, ready to send."""
    referrer = await referrers.referrer(lead["referrer_id"])
    said = _(
        "Bonjour %(name)s, bonne nouvelle : %(company)s vient de signer, grâce à vous. Un grand merci ! %(who)s"
    )
    name = referrer["first_name"] or referrer["name"]
    return {
        "name": referrer["name"], "phone": referrer["phone"], "email": referrer["email"],
        "subject": _("Merci pour %(company)s") % {"company": lead["company_name"]},
        "text": said % {"name": name, "company": lead["company_name"], "who": button["user_name"]},
    }  # fmt: skip


@asynccontextmanager
async def answering(button: db.Row, reply: Reply, once: Once):
    """The deed of one answer: by whoever holds the link, once. Raises Refused when the link is over."""
    holder = Machine(f"lead_button:{button['id']}", button["user_id"])
    async with deed(holder, once) as doing:
        if buttons.stands(button) != Stands.OPEN or not await buttons.use(button, reply.noun):
            raise Refused("link_used", USED)
        yield doing


async def answer(button: db.Row, reply: Reply, form: Form, here: str) -> Deed:
    """All answers but the won one, which makes a deal."""
    async with answering(button, reply, form.once) as doing:
        doing.at(here)
        lead = await access.lead(button["lead_id"])
        if lead["state"] not in reply.steps:
            raise Refused("link_used", USED)
        for name in reply.steps[lead["state"]]:
            lead = await actions.move(lead, name, reason=getattr(form, "reason", ""))
        if word := getattr(form, "word", ""):
            await actions.note(lead, word, shared=True)
    return doing
