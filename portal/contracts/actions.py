"""Drafting, sending and ending contracts. Signing has its own file."""

import hashlib
from datetime import date

from markupsafe import Markup

from portal.company import access as company
from portal.contracts import access
from portal.contracts.conditions import Conditions, are_approved, of_contract
from portal.contracts.drafting import Draft, clauses_of, main_key, parts_of, values_of
from portal.contracts.events import ContractInForce, ContractRefused, ContractSent
from portal.contracts.paper import Part, contract_body
from portal.contracts.placeholders import PLACEHOLDERS
from portal.contracts.rules import BY_NAME, TO_SIGN_WITHIN, ContractState, check
from portal.contracts.texts import shipped_texts, youngest_texts
from portal.history.access import record_chained
from portal.kit import db, files
from portal.kit.days import now, today
from portal.kit.events import emit
from portal.kit.fill import Value, ValueRefused
from portal.kit.problems import Refused, Stale
from portal.kit.references import new_ref
from portal.kit.text import N_
from portal.plans import access as plans
from portal.referrers import access as referrers
from portal.referrers import actions as referrer_actions
from portal.referrers.rules import ON_RECEIPT, Standing
from portal.search import access as search

LABELS_OF = {placeholder.name: placeholder.label for placeholder in PLACEHOLDERS}
UNNUMBERED = "…"
PLAIN = Conditions()
VALUE_MISSING = N_("Il manque une information pour écrire le contrat : %(what)s.")
NOT_APPROVED = N_("Les conditions particulières de ce contrat attendent une seconde personne.")
CONTRACTED_ALREADY = N_("Le contrat %(number)s est déjà signé pour ce programme.")


async def publish_shipped_texts(version: date | None = None) -> int:
    """Bring the texts of contracts/ into the database, once each; how many were new.

    `version`: the demo, whose contracts are older than the texts, has had the youngest since that day."""
    new = 0
    for text in youngest_texts() if version else shipped_texts():
        new += await db.execute(
            """INSERT INTO contract_text (ref, key, version, status, title, sha256, body, published_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (key, version) DO NOTHING""",
            new_ref(), text.key, (version or text.version).isoformat(), text.status or "", text.title,
            bytes.fromhex(text.sha256), text.body, now(),
        )  # fmt: skip
    return new


async def draft(
    referrer_id: int, programme_id: int, plan_version_id: int, *, starts_on: date | None = None, text_key: str = "",
    self_billing: bool | None = None, on_paper: bool = False, conditions: Conditions = PLAIN,
) -> db.Row:  # fmt: skip
    """Text × plan version × programme × referrer, filled and frozen. `starts_on`: the day it will take effect.
    `conditions`: what it says otherwise than the plan; it is not sent before a second person approved them."""
    await _make_room(referrer_id, programme_id)
    filling, texts = await _filling(
        await referrers.referrer(referrer_id), await plans.programme(programme_id), await plans.version(plan_version_id),
        starts_on or today(),
        text_key=text_key, self_billing=self_billing, on_paper=on_paper, conditions=conditions, number=await _next_number(today().year),
    )  # fmt: skip
    return await _write(filling, texts, referrer_id, plan_version_id)


async def preview(referrer: db.Row, programme: db.Row, plan: db.Row, starts_on: date) -> Markup:
    """The contract as it would be sent; nothing is written. `plan`: its version."""
    filling, texts = await _filling(referrer, programme, plan, starts_on, number=UNNUMBERED)
    return contract_body(_parts(texts, filling)[0])


async def _filling(
    referrer: db.Row, programme: db.Row, plan: db.Row, starts_on: date, *, number: str, text_key: str = "",
    self_billing: bool | None = None, on_paper: bool = False, conditions: Conditions = PLAIN,
) -> tuple[Draft, list[db.Row]]:  # fmt: skip
    """All that the contract speaks of, and the published texts that say it."""
    standing = await _standing(referrer["id"], starts_on)
    billing = standing.status not in ON_RECEIPT if self_billing is None else self_billing
    filling = Draft(
        number=number, drafted_on=today(), starts_on=starts_on,
        company=await company.legal_entity_by(programme["legal_entity_id"]),
        referrer=referrer, standing=standing, programme=programme, plan=plan, figures=await company.figures(), self_billing=billing,
        on_paper=on_paper, conditions=conditions,
    )  # fmt: skip
    keys = [text_key or main_key(standing.status), *filling.joined]
    return filling, await access.texts_in_force(keys, today())


def _parts(texts: list[db.Row], filling: Draft) -> tuple[list[Part], dict[str, Value]]:
    values = values_of(filling)
    try:
        return parts_of(texts, values), values
    except ValueRefused as wrong:
        raise Refused("value_missing", VALUE_MISSING, what=LABELS_OF[wrong.name]) from wrong


async def _make_room(referrer_id: int, programme_id: int) -> None:
    """One contract per programme: what was sent before is withdrawn, what is signed stays."""
    await db.row("SELECT 1 FROM referrer WHERE id = $1 FOR NO KEY UPDATE", referrer_id)
    for former in await access.living_of(referrer_id, programme_id):
        if former["state"] not in (ContractState.DRAFTED, ContractState.SENT):
            raise Refused("contracted_already", CONTRACTED_ALREADY, number=former["number"])
        await move(former, "withdraw")


async def _write(filling: Draft, texts: list[db.Row], referrer_id: int, plan_version_id: int) -> db.Row:
    parts, values = _parts(texts, filling)
    html = str(contract_body(parts))
    contract_id = await db.insert(
        "contract",
        ref=new_ref(), number=filling.number, referrer_id=referrer_id,
        legal_entity_id=filling.programme["legal_entity_id"], programme_id=filling.programme["id"],
        plan_version_id=plan_version_id, text_id=texts[0]["id"], joined_texts=[text["id"] for text in texts[1:]],
        state=ContractState.DRAFTED, starts_no_sooner=filling.starts_on,
        filled=values, html=html, sha256=hashlib.sha256(html.encode()).digest(), clauses=clauses_of(parts),
        priority_months=filling.priority_months, overrides=filling.conditions.figures,
        own_priority_months=filling.conditions.priority_months, self_billing=filling.self_billing, drafted_at=now(),
    )  # fmt: skip
    await chain(contract_id, "contracts.drafted")
    made = await access.contract(contract_id)
    await _make_findable(made)
    return made


async def _make_findable(contract: db.Row) -> None:
    """By the referrer once it is sent."""
    await search.put(
        "contract", contract["id"],
        title=contract["number"], subtitle=contract["referrer_name"], path=f"/contrats/{contract['ref']}",
        referrer_id=contract["referrer_id"] if contract["state"] != ContractState.DRAFTED else None,
    )  # fmt: skip


async def send(contract: db.Row) -> db.Row:
    """Offer it for signature; the referrer is mailed."""
    if of_contract(contract) and not await are_approved(contract):
        raise Refused("conditions_not_approved", NOT_APPROVED)
    await move(contract, "send", sent_at=now(), expires_at=now() + TO_SIGN_WITHIN)
    emit(ContractSent(contract_id=contract["id"]))
    sent = await access.contract(contract["id"])
    await _make_findable(sent)
    return sent


async def refuse(contract: db.Row, why: str) -> None:
    """The referrer does not want it; whoever looks after them is told why."""
    await move(contract, "refuse", refusal=why)
    emit(ContractRefused(contract_id=contract["id"]))


async def expire_due() -> int:
    """What was not signed in time can no longer be; how many."""
    due = await db.rows(
        "SELECT * FROM contract WHERE state = 'sent' AND expires_at <= $1 ORDER BY id FOR NO KEY UPDATE",
        now(),
    )
    for contract in due:
        await move(contract, "expire")
    return len(due)


async def record_on_paper(
    referrer_id: int, programme_id: int, plan_version_id: int, *, signed_on: date, vouched_by: int | None,
    self_billing: bool | None = None, text_key: str = "",
) -> db.Row:  # fmt: skip
    """A contract signed on paper before, for which somebody vouches: in force since the day it was signed."""
    drafted = await draft(
        referrer_id,
        programme_id,
        plan_version_id,
        starts_on=signed_on,
        text_key=text_key,
        self_billing=self_billing,
        on_paper=True,
    )
    await move(drafted, "record_on_paper", on_paper=True, vouched_by=vouched_by, starts_on=signed_on)
    await take_effect(drafted["id"], referrer_id)
    recorded = await access.contract(drafted["id"])
    await _make_findable(recorded)
    return recorded


async def keep_pdf(contract: db.Row, kept: files.Kept) -> None:
    """The copy that both sides may fetch."""
    file = await files.attach(kept, "contract", contract["id"])
    await db.execute("UPDATE contract SET pdf_file = $2 WHERE id = $1", contract["id"], file["id"])
    await chain(contract["id"], "contracts.rendered", file=file["sha256"].hex())


async def end(contract: db.Row, ends_on: date) -> None:
    await move(contract, "end", ends_on=ends_on)


async def take_effect(contract_id: int, referrer_id: int) -> None:
    await referrer_actions.activate(referrer_id)
    emit(ContractInForce(contract_id=contract_id))


async def move(contract: db.Row, name: str, **changes: object) -> None:
    """Perform one move of the table; the UPDATE repeats the state it starts from."""
    step = BY_NAME[name]
    check(step, contract["state"])
    sets = "".join(f', "{column}" = ${i}' for i, column in enumerate(changes, 4))
    moved = await db.execute(
        f"UPDATE contract SET state = $2, version = version + 1{sets} WHERE id = $1 AND state = $3",
        contract["id"], step.to, contract["state"], *changes.values(),
    )  # fmt: skip
    if not moved:
        raise Stale("stale")
    await chain(contract["id"], f"contracts.{name}", document=contract["sha256"].hex())


async def chain(contract_id: int, what: str, **data: object) -> bytes:
    return await record_chained(f"contract:{contract_id}", what, "contract", contract_id, **data)


async def _standing(referrer_id: int, day: date) -> Standing:
    standing = await referrers.standing_on(referrer_id, day)
    if standing is None:
        raise Refused("profile_missing", N_("Complétez d'abord le profil de l'apporteur."))
    return standing


async def _next_number(year: int) -> str:
    """Contracts are numbered by year from a sequence of their own; a gap harms nobody here."""
    position = await db.value("SELECT nextval('contract_number')")
    return f"C{year}-{position:04d}"
