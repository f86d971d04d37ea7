"""Drafting, sending and ending contracts. Signing has its own file."""

import hashlib
from datetime import date

from markupsafe import Markup

from portal.company import access as company
from portal.contracts import access
from portal.contracts.conditions import Conditions, are_approved, of_contract
from portal.contracts.drafting import Draft, clauses_of, main_key, parts_of, values_of
from portal.contracts.events import (
    ContractAgreed,
    ContractEnded,
    ContractInForce,
    ContractRefused,
    ContractSent,
)
from portal.contracts.lifetime.rules import Terms, next_term
from portal.contracts.paper import Part, contract_body
from portal.contracts.rules import BY_NAME, TO_SIGN_WITHIN, ContractState, check
from portal.contracts.signature import signatories
from portal.contracts.wording.placeholders import PLACEHOLDERS
from portal.contracts.wording.texts import shipped_texts, youngest_texts
from portal.history.access import record_chained
from portal.kit import db, files
from portal.kit.days import now, today
from portal.kit.events import emit
from portal.kit.fill import Value, ValueRefused
from portal.kit.problems import Refused, Stale
from portal.kit.references import new_ref
from portal.kit.text import N_, _
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
    made, texts = await filling(
        await referrers.referrer(referrer_id), await plans.programme(programme_id), await plans.version(plan_version_id),
        starts_on or today(),
        text_key=text_key, self_billing=self_billing, on_paper=on_paper, conditions=conditions, number=await _next_number(today().year),
    )  # fmt: skip
    return await write(made, texts, *_parts(texts, made), referrer_id=referrer_id)


async def preview(referrer: db.Row, programme: db.Row, plan: db.Row, starts_on: date) -> tuple[Draft, Markup]:
    """The contract as it would be sent, before it names who signs; nothing is written. `plan`: its version."""
    made, texts = await filling(referrer, programme, plan, starts_on, number=UNNUMBERED)
    return made, contract_body(_parts(texts, made)[0])


async def filling(
    referrer: db.Row, programme: db.Row, plan: db.Row, starts_on: date, *, number: str, text_key: str = "",
    self_billing: bool | None = None, on_paper: bool = False, conditions: Conditions = PLAIN, priority_kept: int | None = None,
) -> tuple[Draft, list[db.Row]]:  # fmt: skip
    """All that the contract speaks of, and the published texts that say it."""
    standing = await _standing(referrer["id"], starts_on)
    billing = standing.status not in ON_RECEIPT if self_billing is None else self_billing
    made = Draft(
        number=number, drafted_on=today(), starts_on=starts_on,
        company=await company.legal_entity_by(programme["legal_entity_id"]),
        referrer=referrer, standing=standing, programme=programme, plan=plan, figures=await company.figures(), self_billing=billing,
        on_paper=on_paper, conditions=conditions, priority_kept=priority_kept,
    )  # fmt: skip
    keys = [text_key or main_key(standing.status), *made.joined]
    return made, await access.texts_in_force(keys, today())


def _parts(texts: list[db.Row], made: Draft) -> tuple[list[Part], dict[str, Value]]:
    values = values_of(made)
    return filled_parts(texts, values), values


def filled_parts(texts: list[db.Row], values: dict[str, Value]) -> list[Part]:
    try:
        return parts_of(texts, values)
    except ValueRefused as wrong:
        raise Refused("value_missing", VALUE_MISSING, what=_(LABELS_OF[wrong.name])) from wrong


async def _who_signs(made: Draft) -> tuple[signatories.Party, signatories.Party] | None:
    """Nobody here where paper was signed."""
    if made.on_paper:
        return None
    return await signatories.parties(made.referrer, made.company, made.standing.status)


async def _make_room(referrer_id: int, programme_id: int) -> None:
    """One contract per programme: what was sent before is withdrawn, what is signed stays."""
    await lock(referrer_id)
    for former in await access.living_of(referrer_id, programme_id):
        if former["state"] not in (ContractState.DRAFTED, ContractState.SENT):
            raise Refused("contracted_already", CONTRACTED_ALREADY, number=former["number"])
        await move(former, "withdraw")


async def lock(referrer_id: int) -> None:
    """Whoever writes a contract of theirs waits here for whoever is at it."""
    await db.row("SELECT 1 FROM referrer WHERE id = $1 FOR NO KEY UPDATE", referrer_id)


async def write(
    made: Draft, texts: list[db.Row], parts: list[Part], values: dict[str, Value], **more: object
) -> db.Row:
    """Frozen as it will be signed. `more`: columns beside those that every contract has, whose contract it is first."""
    parties = await _who_signs(made)
    html = str(contract_body(parts, parties or ()))
    contract_id = await db.insert(
        "contract",
        ref=new_ref(), number=made.number, legal_entity_id=made.programme["legal_entity_id"],
        programme_id=made.programme["id"], plan_version_id=made.plan["id"],
        text_id=texts[0]["id"], joined_texts=[text["id"] for text in texts[1:]],
        state=ContractState.DRAFTED, starts_no_sooner=made.starts_on,
        filled=values, html=html, sha256=hashlib.sha256(html.encode()).digest(), clauses=clauses_of(parts),
        priority_months=made.priority_months, overrides=made.conditions.figures,
        own_priority_months=made.conditions.priority_months, self_billing=made.self_billing, drafted_at=now(), **more,
    )  # fmt: skip
    if parties:
        await signatories.name(contract_id, parties)
    await chain(contract_id, "contracts.drafted")
    written = await access.contract(contract_id)
    await _make_findable(written)
    return written


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
    await move(
        drafted, "record_on_paper", on_paper=True, vouched_by=vouched_by, starts_on=signed_on,
        term_on=next_term(signed_on, Terms.of(drafted["filled"]).duration_months, today()),
    )  # fmt: skip
    await _stands(drafted)
    recorded = await access.contract(drafted["id"])
    await _make_findable(recorded)
    return recorded


async def keep_pdf(contract: db.Row, kept: files.Kept, dossier: files.Kept) -> None:
    """The copy that both sides may fetch, and its proof as a paper."""
    file = await files.attach(kept, "contract", contract["id"])
    proof = await files.attach(dossier, "contract", contract["id"])
    await db.execute(
        "UPDATE contract SET pdf_file = $2, proof_file = $3 WHERE id = $1",
        contract["id"],
        file["id"],
        proof["id"],
    )
    await chain(contract["id"], "contracts.rendered", file=file["sha256"].hex(), proof=proof["sha256"].hex())


# Standing and ending


async def conclude(contract: db.Row, countersigned_by: int | None) -> None:
    """Both have signed: it takes effect now, or on the later day that is written in it."""
    on = max(today(), contract["starts_no_sooner"] or today())
    await move(
        contract, "countersign", countersigned_at=now(), countersigned_by=countersigned_by, starts_on=on
    )
    emit(ContractAgreed(contract_id=contract["id"]))
    if on <= today():
        await take_effect(await access.contract(contract["id"]))


async def take_effect(contract: db.Row) -> bool:
    """Its day has come: it stands, and the one that it amends no longer does. A suspended one is amended when it resumes;
    False until then."""
    await lock(contract["referrer_id"])
    former = await access.contract(contract["amends_id"]) if contract["amends_id"] else None
    if former and former["state"] == ContractState.SUSPENDED:
        return False
    on = max(contract["starts_on"], today())
    term_on = next_term(on, Terms.of(contract["filled"]).duration_months, on)
    if former:
        term_on = former["term_on"]  # an amendment does not begin the term anew
        await move(former, "supersede", ends_on=on)
    await move(contract, "take_effect", starts_on=on, term_on=term_on)
    await _stands(contract)
    return True


async def take_effect_due() -> int:
    """What was concluded for today or before; how many."""
    due = await db.rows(
        "SELECT * FROM contract WHERE state = 'agreed' AND starts_on <= $1 ORDER BY referrer_id, id", today()
    )
    return sum([await take_effect(contract) for contract in due])


async def _stands(contract: db.Row) -> None:
    await referrer_actions.activate(contract["referrer_id"])
    emit(ContractInForce(contract_id=contract["id"]))


async def end(contract: db.Row, ends_on: date) -> None:
    """No other takes its place."""
    await drop_to_come(contract["id"])
    await move(contract, "end", ends_on=ends_on)
    emit(ContractEnded(contract_id=contract["id"]))


async def drop_to_come(contract_id: int) -> None:
    """What would have amended it lapses."""
    for coming in await access.to_come(contract_id):
        await move(coming, "lapse", starts_on=None)


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
