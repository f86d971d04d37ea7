"""What is said for a run, and what rules who may say it."""

from datetime import date

from portal.company import access as company
from portal.history.access import record
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.money import Cents
from portal.kit.problems import NotAllowed, Refused
from portal.kit.references import new_ref
from portal.kit.text import N_
from portal.payouts.approval import access
from portal.payouts.approval.rules import FOUR_EYES, Word, word_of
from portal.people.approvals import OWN_WORK
from portal.people.rules import Person


async def say(run: db.Row, person: Person, largest_line: Cents, digest: bytes) -> Word:
    """Yes, to exactly what `digest` stands for; `run` is locked. Raises NotAllowed for who prepared it while four eyes are
    asked, Refused for who said it before."""
    powers = await access.powers_of(person.user_id, today())
    if person.user_id == run["prepared_by"] and powers.four_eyes:
        raise NotAllowed("approval_own_work", OWN_WORK)
    before = [word["user_id"] for word in await access.words_for(run["id"])]
    if person.user_id in before:
        raise Refused(
            "already_said", N_("Vous avez déjà approuvé : il manque l'accord d'une autre personne.")
        )
    word = word_of(powers.own, powers.lent, before, largest_line, run["total_cents"], run["prepared_by"])
    await db.insert(
        "payout_signature",
        run_id=run["id"], user_id=person.user_id, for_user=word.for_user, digest=digest, suffices=word.suffices, at=now(),
    )  # fmt: skip
    return word


async def is_said(run_id: int, digest: bytes) -> bool:
    """Whether exactly this was approved, by as many as it takes."""
    return await db.value(
        "SELECT EXISTS (SELECT FROM payout_signature WHERE run_id = $1 AND digest = $2 AND suffices)", run_id, digest
    )  # fmt: skip


# Limits, delegations, four eyes


async def limit(user_id: int, by: Person, line_cents: Cents | None, run_cents: Cents | None) -> None:
    """From now on; None: without limit."""
    await db.insert(
        "payout_limit", user_id=user_id, line_cents=line_cents, run_cents=run_cents, by_user=by.user_id, at=now()
    )  # fmt: skip
    await record("payouts.limit", "user", user_id, line_cents=line_cents, run_cents=run_cents)


async def delegate(giver: Person, to_user: int, since: date, until: date) -> None:
    """Another approves as far as oneself may, from the one day to the other."""
    if to_user == giver.user_id:
        raise Refused("delegate_self", N_("Choisissez une autre personne."))
    made = await db.insert(
        "payout_delegation",
        ref=new_ref(), from_user=giver.user_id, to_user=to_user, since=since, until=until, made_at=now(),
    )  # fmt: skip
    await record(
        "payouts.delegated",
        "user",
        to_user,
        delegation=made,
        since=since.isoformat(),
        until=until.isoformat(),
    )


async def end(delegation: db.Row, person: Person) -> None:
    ended = await db.execute(
        "UPDATE payout_delegation SET ended_at = $2, ended_by = $3 WHERE id = $1 AND ended_at IS NULL",
        delegation["id"], now(), person.user_id,
    )  # fmt: skip
    if not ended:
        raise Refused("delegation_over", N_("Cette délégation est déjà terminée."))
    await record("payouts.delegation_ended", "user", delegation["to_user"], delegation=delegation["id"])


async def ask_for_two(wanted: bool) -> None:
    """From now on a run needs a second person, or no longer: for a company of one."""
    await company.set_option(FOUR_EYES, wanted)
    entity = await company.legal_entity()
    assert entity is not None
    await record("payouts.four_eyes", "legal_entity", entity["id"], wanted=wanted)
