"""Signing: a mailed code for this very document, few tries, one signature, and a chain that holds."""

import asyncio
from datetime import timedelta

import pytest

from portal.contracts import access
from portal.contracts import actions as contracts
from portal.contracts.signature import proof, signing
from portal.contracts.tasks import take_effect
from portal.history.access import broken_chains
from portal.jobs.queue import enqueue, work_off
from portal.kit import db
from portal.kit.days import at, clock_at, now, today
from portal.kit.deed import deed
from portal.kit.problems import NotAllowed, Refused
from portal.people.rules import Seat
from tests.contracts.stories import (
    HERE,
    code_for,
    colleague_of,
    in_force,
    open_programme,
    other_than,
    sign,
    to_sign,
)


async def test_the_code_in_the_mail_signs_and_the_countersignature_puts_in_force(cast):
    contract = await in_force(cast, cast.rachel)
    assert (contract["state"], contract["starts_on"]) == ("in_force", today())
    sides = [row["side"] for row in await access.proofs_of(contract["id"])]
    assert sides == ["referrer", "company"]
    assert await db.value("SELECT state FROM referrer WHERE id = $1", cast.rachel.referrer_id) == "active"
    assert await broken_chains() == []


async def test_a_code_typed_in_groups_is_the_same_code(cast):
    sent = await to_sign(cast, cast.rachel)
    code = await code_for(sent, cast.rachel.person)
    assert (await sign(sent, cast.rachel.person, f"{code[:3]} {code[3:]}"))["state"] == "signed"


async def test_a_code_for_another_document_signs_nothing(cast):
    sent = await to_sign(cast, cast.rachel)
    programme_id, version_id = await open_programme(cast, "Grands comptes", "Barème GC")
    async with deed(cast.sam.person):
        other = await contracts.send(await contracts.draft(cast.rachel.referrer_id, programme_id, version_id))
    code = await code_for(sent, cast.rachel.person)
    with pytest.raises(Refused, match="wrong_code"):
        await sign(other, cast.rachel.person, code)


async def test_a_code_is_over_after_ten_minutes(cast):
    sent = await to_sign(cast, cast.rachel)
    code = await code_for(sent, cast.rachel.person)
    with clock_at(now() + timedelta(minutes=10, seconds=1)), pytest.raises(Refused, match="wrong_code"):
        await sign(sent, cast.rachel.person, code)


async def test_a_new_code_makes_the_one_before_worthless(cast):
    sent = await to_sign(cast, cast.rachel)
    first = await code_for(sent, cast.rachel.person)
    second = await code_for(sent, cast.rachel.person)
    if first != second:
        with pytest.raises(Refused, match="wrong_code"):
            await sign(sent, cast.rachel.person, first)
    assert (await sign(sent, cast.rachel.person, second))["state"] == "signed"


async def test_a_used_code_does_not_sign_again(cast):
    sent = await to_sign(cast, cast.rachel)
    code = await code_for(sent, cast.rachel.person)
    await sign(sent, cast.rachel.person, code)
    with pytest.raises(Refused, match="contract_moved_on"):
        await sign(sent, cast.rachel.person, code)
    assert len(await access.proofs_of(sent["id"])) == 1


async def test_the_fifth_try_still_signs(cast):
    sent = await to_sign(cast, cast.rachel)
    code = await code_for(sent, cast.rachel.person)
    await _fail(sent, cast.rachel, other_than(code), times=4)
    assert (await sign(sent, cast.rachel.person, code))["state"] == "signed"


async def test_the_sixth_try_is_refused_even_with_the_right_code(cast):
    sent = await to_sign(cast, cast.rachel)
    code = await code_for(sent, cast.rachel.person)
    await _fail(sent, cast.rachel, other_than(code), times=5)
    assert await signing.tries_left(sent, cast.rachel.person) == 0
    with pytest.raises(Refused, match="wrong_code"):
        await sign(sent, cast.rachel.person, code)


async def _fail(contract, who, code, times):
    for _ in range(times):
        with pytest.raises(Refused, match="wrong_code"):
            await sign(contract, who.person, code)


async def test_twenty_guesses_at_once_get_no_more_than_five_tries(cast):
    sent = await to_sign(cast, cast.rachel)
    code = await code_for(sent, cast.rachel.person)
    guesses = [sign(sent, cast.rachel.person, other_than(code)) for _ in range(20)]
    await asyncio.gather(*guesses, return_exceptions=True)
    with pytest.raises(Refused, match="wrong_code"):
        await sign(sent, cast.rachel.person, code)


@pytest.mark.parametrize("seat", [Seat.MEMBER, Seat.ACCOUNTANT])
async def test_a_colleague_of_the_referrer_cannot_sign(cast, seat):
    sent = await to_sign(cast, cast.rachel)
    colleague = await colleague_of(cast.rachel, seat)
    with pytest.raises(NotAllowed):
        await code_for(sent, colleague.person)


async def test_the_code_of_the_owner_does_not_sign_for_somebody_else(cast):
    sent = await to_sign(cast, cast.rachel)
    code = await code_for(sent, cast.rachel.person)
    with pytest.raises(NotAllowed):
        await sign(sent, cast.stefan.person, code)


async def test_of_two_signatures_at_once_one_counts(cast):
    sent = await to_sign(cast, cast.rachel)
    code = await code_for(sent, cast.rachel.person)
    done = await asyncio.gather(
        sign(sent, cast.rachel.person, code), sign(sent, cast.rachel.person, code), return_exceptions=True
    )
    assert sum(isinstance(one, Exception) for one in done) == 1
    assert len(await access.proofs_of(sent["id"])) == 1
    assert await broken_chains() == []


async def test_after_thirty_days_the_contract_can_no_longer_be_signed(cast):
    sent = await to_sign(cast, cast.rachel)
    with clock_at(now() + timedelta(days=30)):
        with pytest.raises(Refused, match="signed_too_late"):
            await code_for(sent, cast.rachel.person)
        async with db.transaction():
            await enqueue("contracts.expire")
        await work_off()
    assert (await access.contract(sent["id"]))["state"] == "expired"
    assert await broken_chains() == []


async def test_a_contract_that_starts_later_is_agreed_until_the_day_written_in_it(cast):
    programme_id, version_id = await open_programme(cast)
    later = today() + timedelta(days=20)
    async with deed(cast.sam.person):
        drafted = await contracts.draft(cast.rachel.referrer_id, programme_id, version_id, starts_on=later)
        sent = await contracts.send(drafted)
    signed = await sign(sent, cast.rachel.person, await code_for(sent, cast.rachel.person))
    async with deed(cast.alice.person):
        stands = await signing.countersign(signed, cast.alice.person, HERE)
    assert (stands["state"], stands["starts_on"]) == ("agreed", later)
    for day, state in ((later - timedelta(days=1), "agreed"), (later, "in_force")):
        with clock_at(at(day)):
            await take_effect()
            assert (await access.contract(sent["id"]))["state"] == state


async def test_the_signer_in_the_database_cannot_be_exchanged_unseen(cast):
    """The digest of the proof stands in the chain: other words give another digest."""
    contract = await in_force(cast, cast.rachel)
    file = await proof.proof_file(contract)
    chained = {event["what"]: event["data"].get("proof") for event in file["chain"]}
    for given in file["proofs"]:
        said = {name: value for name, value in given.items() if name != "digest"}
        assert chained[f"contracts.proof_{given['side']}"] == signing.digest_of(said)
        assert signing.digest_of(said | {"signer_name": "Quelqu'un d'autre"}) != given["digest"]


async def test_the_chain_tells_every_step_in_order(cast):
    contract = await in_force(cast, cast.rachel)
    await work_off()
    assert [event["what"] for event in await proof.events_of(contract)] == [
        "contracts.drafted", "contracts.send", "contracts.code_sent", "contracts.proof_referrer", "contracts.sign",
        "contracts.proof_company", "contracts.countersign", "contracts.take_effect", "contracts.rendered",
    ]  # fmt: skip
    assert await broken_chains() == []
