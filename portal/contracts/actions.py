"""Drafting, sending and ending contracts. Signing has its own file."""

import hashlib
from datetime import date

from portal.company import access as company
from portal.contracts import access
from portal.contracts.drafting import Draft, clauses_of, joined_keys, main_key, parts_of, values_of
from portal.contracts.events import ContractInForce, ContractSent
from portal.contracts.paper import contract_body
from portal.contracts.rules import BY_NAME, TO_SIGN_WITHIN, ContractState, check
from portal.contracts.texts import shipped_texts
from portal.history.access import record_chained
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.events import emit
from portal.kit.problems import Refused, Stale
from portal.kit.references import new_ref
from portal.kit.text import N_
from portal.plans import access as plans
from portal.referrers import access as referrers
from portal.referrers import actions as referrer_actions
from portal.referrers.rules import ON_RECEIPT, Standing
from portal.search import access as search


async def publish_shipped_texts() -> int:
    """Bring the texts of contracts/ into the database, once each; how many were new."""
    new = 0
    for text in shipped_texts():
        new += await db.execute(
            """INSERT INTO contract_text (ref, key, version, status, title, sha256, body, published_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (key, version) DO NOTHING""",
            new_ref(), text.key, text.version.isoformat(), text.status or "", text.title,
            bytes.fromhex(text.sha256), text.body, now(),
        )  # fmt: skip
    return new


async def draft(
    referrer_id: int, programme_id: int, plan_version_id: int, *, starts_on: date | None = None, text_key: str = "",
    self_billing: bool | None = None, on_paper: bool = False,
) -> db.Row:  # fmt: skip
    """Text × plan version × programme × referrer, filled and frozen. `starts_on`: the day it will take effect."""
    standing = await _standing(referrer_id, starts_on or today())
    billing = standing.status not in ON_RECEIPT if self_billing is None else self_billing
    keys = [text_key or main_key(standing.status), *joined_keys(billing)]
    texts = [await access.text_in_force(key, today()) for key in keys]
    programme = await plans.programme(programme_id)
    filling = Draft(
        number=await _next_number(today().year), drafted_on=today(), starts_on=starts_on or today(),
        company=await company.legal_entity_by(programme["legal_entity_id"]),
        referrer=await referrers.referrer(referrer_id), standing=standing, programme=programme,
        plan=await plans.version(plan_version_id), figures=await company.figures(), self_billing=billing, on_paper=on_paper,
    )  # fmt: skip
    return await _write(filling, texts, referrer_id, plan_version_id)


async def _write(filling: Draft, texts: list[db.Row], referrer_id: int, plan_version_id: int) -> db.Row:
    values = values_of(filling)
    parts = parts_of(texts, values)
    html = str(contract_body(parts))
    contract_id = await db.insert(
        "contract",
        ref=new_ref(), number=filling.number, referrer_id=referrer_id,
        legal_entity_id=filling.programme["legal_entity_id"], programme_id=filling.programme["id"],
        plan_version_id=plan_version_id, text_id=texts[0]["id"], state=ContractState.DRAFTED,
        filled=values, html=html, sha256=hashlib.sha256(html.encode()).digest(), clauses=clauses_of(parts),
        priority_months=filling.programme["priority_months"], self_billing=filling.self_billing, drafted_at=now(),
    )  # fmt: skip
    await chain(contract_id, "contracts.drafted")
    made = await access.contract(contract_id)
    await search.put(
        "contract", contract_id,
        title=made["number"], subtitle=made["referrer_name"], path=f"/contrats/{made['ref']}", referrer_id=referrer_id,
    )  # fmt: skip
    return made


async def send(contract: db.Row) -> db.Row:
    """Offer it for signature; the referrer is mailed."""
    await move(contract, "send", sent_at=now(), expires_at=now() + TO_SIGN_WITHIN)
    emit(ContractSent(contract_id=contract["id"]))
    return await access.contract(contract["id"])


async def refuse(contract: db.Row) -> None:
    await move(contract, "refuse")


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
    return await access.contract(drafted["id"])


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
