"""What is done with a text of the company: begun from a published one, saved, published by one or by two, taken out of use."""

import hashlib
from datetime import date

from portal.company import access as company
from portal.contracts.wording import own_texts
from portal.contracts.wording.faults import faults
from portal.contracts.wording.guardrails import warnings_in
from portal.contracts.wording.placeholders import VOCABULARY
from portal.history.access import record
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import current
from portal.kit.fill import parse
from portal.kit.problems import Refused, Stale
from portal.kit.references import new_ref
from portal.kit.text import N_
from portal.kit.versions import change
from portal.people import approvals
from portal.people.approvals import ApprovalState
from portal.people.rules import Person

FOUR_EYES = "contracts.texts_four_eyes"
PUBLICATION = "contracts.text_publication"
OWN = "notre-"
WAITS = N_("Ce texte attend une seconde personne : retirez d'abord la demande de publication.")
FAULTY = N_("Ce texte a encore des points à corriger : rien n'a été publié.")
FORBIDDEN = N_("Ce texte dit ce que la loi interdit : rien n'a été publié.")
THAT_DAY = N_("Un texte publié porte déjà cette date : choisissez-en une autre.")
TOO_SOON = N_("Un texte ne vaut jamais pour le passé : choisissez aujourd'hui ou un jour à venir.")


async def begin(text: db.Row) -> db.Row:
    """A draft that starts as this published text; the one that stands already, if there is one."""
    kind = own_texts.kind_of(text)
    made = await db.row(
        """INSERT INTO text_draft (ref, stands_for, started_from, body, changed_at, changed_by)
           VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (stands_for) DO NOTHING RETURNING id""",
        new_ref(), kind, text["id"], text["body"], now(), current().actor.user_id,
    )  # fmt: skip
    if made:
        await record("contracts.text_begun", "text_draft", made["id"], kind=kind)
    return await own_texts.draft_of(kind)


async def save(draft: db.Row, version: int, body: str) -> None:
    """With its faults, if it has any: they are told, and hold back the publication only. Raises Stale."""
    await _nobody_decides(draft)
    await change(
        "text_draft", draft["id"], version, body=body, changed_at=now(), changed_by=current().actor.user_id
    )
    await record("contracts.text_changed", "text_draft", draft["id"])


async def drop(draft: db.Row, version: int) -> None:
    await _nobody_decides(draft)
    await change("text_draft", draft["id"], version, changed_at=now())
    await record("contracts.text_dropped", "text_draft", draft["id"], kind=draft["stands_for"])
    await db.execute("DELETE FROM text_draft WHERE id = $1", draft["id"])


async def _nobody_decides(draft: db.Row) -> None:
    asked = await approvals.latest(PUBLICATION, "text_draft", draft["id"])
    if asked and asked["state"] == ApprovalState.WAITING:
        raise Refused("approval_waiting", WAITS)


# Publishing


async def publish(draft: db.Row, version: int, effective_from: date) -> db.Row | None:
    """The published text, or none while a second person is asked. Raises Refused when the text may not be published."""
    await _nobody_decides(draft)
    await _may_be_published(draft, effective_from)
    await change("text_draft", draft["id"], version, effective_from=effective_from)
    if await company.option(FOUR_EYES, False):
        await approvals.ask(PUBLICATION, "text_draft", draft["id"], shown(draft, effective_from))
        return None
    return await _publish(draft, effective_from)


async def _may_be_published(draft: db.Row, effective_from: date) -> None:
    if faults(draft["body"], draft["stands_for"]):
        raise Refused("text_faulty", FAULTY)
    if any(warned.rail.blocks for warned in warnings_in(draft["body"])):
        raise Refused("text_forbidden", FORBIDDEN)
    if effective_from < today():
        raise Refused("too_soon", TOO_SOON)


async def _publish(draft: db.Row, effective_from: date) -> db.Row:
    """From here on it never changes; its digest says so."""
    made = await db.row(
        """INSERT INTO contract_text (ref, key, stands_for, version, status, title, sha256, body, published_at, published_by)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (key, version) DO NOTHING RETURNING *""",
        new_ref(), OWN + draft["stands_for"], draft["stands_for"], effective_from.isoformat(),
        own_texts.status_of(draft["stands_for"]), parse(draft["body"], VOCABULARY).title,
        hashlib.sha256(draft["body"].encode()).digest(), draft["body"], now(), current().actor.user_id,
    )  # fmt: skip
    if made is None:
        raise Refused("text_of_that_day", THAT_DAY)
    await db.execute("DELETE FROM text_draft WHERE id = $1", draft["id"])
    await record("contracts.text_published", "contract_text", made["id"], document=made["sha256"].hex())
    return made


def shown(draft: db.Row, effective_from: date | None) -> bytes:
    """What the second person decides on."""
    return approvals.digest_of({"body": draft["body"], "from": str(effective_from)})


async def approve(draft: db.Row, person: Person) -> db.Row:
    """The second person publishes exactly what was asked for; on a later day if the asked one is past."""
    asked = await approvals.waiting(PUBLICATION, "text_draft", draft["id"])
    await approvals.decide(asked, person, shown(draft, draft["effective_from"]))
    await _may_be_published(draft, max(draft["effective_from"], today()))
    return await _publish(draft, max(draft["effective_from"], today()))


async def refuse(draft: db.Row, person: Person, reason: str) -> None:
    await approvals.refuse(await approvals.waiting(PUBLICATION, "text_draft", draft["id"]), person, reason)


async def withdraw(draft: db.Row, person: Person) -> None:
    await approvals.withdraw(await approvals.waiting(PUBLICATION, "text_draft", draft["id"]), person)


# In use


async def stop_using(text: db.Row) -> None:
    """Contracts take the shipped text again: no version of the company's own comes back. Raises Stale when none was in use."""
    stopped = await db.rows(
        """INSERT INTO text_withdrawal (text_id, at, by_user)
           SELECT id, $2, $3 FROM contract_text WHERE stands_for = $1 AND stands_for <> ''
           ON CONFLICT (text_id) DO NOTHING RETURNING text_id""",
        text["stands_for"], now(), current().actor.user_id,
    )  # fmt: skip
    if not stopped:
        raise Stale("not_in_use")
    for row in stopped:
        await record("contracts.text_out_of_use", "contract_text", row["text_id"])


async def ask_for_two(wanted: bool) -> None:
    """From now on a publication needs a second person, or no longer."""
    await company.set_option(FOUR_EYES, wanted)
    await _record_setting("contracts.texts_four_eyes", wanted=wanted)


async def say_trade(trade: str) -> None:
    await company.set_option(company.TRADE, trade)
    await _record_setting("contracts.trade", trade=trade)


async def _record_setting(what: str, **data: object) -> None:
    entity = await company.legal_entity()
    await record(what, "legal_entity", entity["id"] if entity else 0, **data)
