"""Where a referrer is paid. The first account serves at once; a change waits, is told, and can be called off."""

import re
from datetime import timedelta

import pytest

from portal.jobs.queue import enqueue, work_off
from portal.kit import db
from portal.kit.days import clock_at, now
from portal.kit.deed import deed
from portal.kit.invalid import Invalid
from portal.kit.keyring import NotSealedHere, ring
from portal.kit.problems import Refused
from portal.referrers import access, actions
from portal.referrers.rules import IBAN_WAIT

OLD, NEW, THIRD = "FR7630006000011234567890189", "FR7610107001011234567890129", "FR7611315000011234567890138"


async def give(who, iban, **more):
    async with deed(who.person):
        await actions.give_bank_detail(who.referrer_id, who.person.name, iban, **more)


async def paid_to(who):
    found = await access.usable_bank_detail(who.referrer_id)
    return found and found["last4"]


async def the_clock_strikes():
    async with db.transaction():
        await enqueue("referrers.open_bank_details")
    await work_off()


async def test_the_first_account_is_used_at_once(cast):
    await give(cast.rachel, OLD)
    assert await paid_to(cast.rachel) == "0189"


async def test_during_72_hours_neither_the_old_nor_the_new_account_is_paid(cast):
    await give(cast.rachel, OLD)
    await give(cast.rachel, NEW)
    assert await paid_to(cast.rachel) is None
    with clock_at(now() + IBAN_WAIT - timedelta(minutes=1)):
        await the_clock_strikes()
        assert await paid_to(cast.rachel) is None


async def test_after_72_hours_the_new_account_is_paid_whether_the_clock_has_struck_or_not(cast):
    await give(cast.rachel, OLD)
    await give(cast.rachel, NEW)
    with clock_at(now() + IBAN_WAIT):
        assert await paid_to(cast.rachel) == "0129"
        await the_clock_strikes()
        assert await paid_to(cast.rachel) == "0129"
    states = [one["state"] for one in await access.bank_details_of(cast.rachel.referrer_id)]
    assert states == ["usable", "replaced"]


async def test_a_change_made_by_a_mailed_code_waits_for_the_call_of_finance(cast):
    await give(cast.rachel, OLD)
    await give(cast.rachel, NEW, by_code=True)
    with clock_at(now() + 10 * IBAN_WAIT):
        await the_clock_strikes()
        assert await paid_to(cast.rachel) is None
    async with deed(cast.fanny.person):
        await actions.vouch_for_bank_detail(await access.waiting_bank_detail(cast.rachel.referrer_id))
    assert await paid_to(cast.rachel) == "0129"
    assert (await access.usable_bank_detail(cast.rachel.referrer_id))["vouched_by"] == cast.fanny.user_id


async def test_called_off_the_old_account_serves_again(cast):
    await give(cast.rachel, OLD)
    await give(cast.rachel, NEW)
    async with deed(cast.fanny.person):
        await actions.call_off_bank_detail(await access.waiting_bank_detail(cast.rachel.referrer_id))
    assert await paid_to(cast.rachel) == "0189"


async def test_what_is_in_use_can_no_longer_be_called_off(cast):
    await give(cast.rachel, OLD)
    await give(cast.rachel, NEW)
    waiting = await access.waiting_bank_detail(cast.rachel.referrer_id)
    with clock_at(now() + IBAN_WAIT):
        await the_clock_strikes()
        with pytest.raises(Refused, match="bank_detail_settled"):
            async with deed(cast.fanny.person):
                await actions.call_off_bank_detail(waiting)


async def test_a_second_change_starts_the_72_hours_again(cast):
    await give(cast.rachel, OLD)
    await give(cast.rachel, NEW)
    with clock_at(now() + timedelta(hours=60)):
        await give(cast.rachel, THIRD)
    with clock_at(now() + timedelta(hours=100)):  # 40 h after the second
        await the_clock_strikes()
        assert await paid_to(cast.rachel) is None
    with clock_at(now() + timedelta(hours=133)):
        await the_clock_strikes()
        assert await paid_to(cast.rachel) == "0138"


async def test_the_same_account_again_changes_nothing(cast):
    await give(cast.rachel, OLD)
    await give(cast.rachel, "FR76 3000 6000 0112 3456 7890 189")
    assert await paid_to(cast.rachel) == "0189"
    assert len(await access.bank_details_of(cast.rachel.referrer_id)) == 1


async def test_back_to_the_old_account_needs_its_time_too(cast):
    """Whoever got in could otherwise end the wait by giving the old one and then theirs."""
    await give(cast.rachel, OLD)
    await give(cast.rachel, NEW)
    await give(cast.rachel, OLD)
    assert await paid_to(cast.rachel) is None


async def test_an_account_that_the_company_vouches_for_is_used_at_once(cast):
    await give(cast.rachel, OLD)
    async with deed(cast.fanny.person):
        await actions.give_bank_detail(
            cast.rachel.referrer_id, "Rachel Vidal", NEW, vouched_by=cast.fanny.user_id
        )
    assert await paid_to(cast.rachel) == "0129"


async def test_an_iban_with_a_typing_mistake_is_refused(cast):
    with pytest.raises(Invalid):
        await give(cast.rachel, "FR7630006000011234567890180")


async def test_the_iban_is_sealed_and_only_its_end_can_be_read(cast):
    await give(cast.rachel, OLD)
    kept = await db.row("SELECT * FROM bank_detail")
    assert OLD.encode() not in b"".join(bytes(value) for value in kept.values() if isinstance(value, bytes))
    assert kept["last4"] == "0189"


async def test_the_old_address_and_finance_are_told_and_the_link_asks_before_it_acts(cast, client):
    await give(cast.rachel, OLD)
    async with deed(cast.sam.person):
        await db.execute(
            "UPDATE referrer SET email = 'avant@perso.example' WHERE id = $1", cast.rachel.referrer_id
        )
    await give(cast.rachel, NEW)
    told = await db.rows("SELECT to_email, text_body FROM mail_message WHERE kind = 'referrers.bank_changed'")
    assert {mail["to_email"] for mail in told} == {"avant@perso.example", "rachel@perso.example"}
    assert await db.value("SELECT count(*) FROM mail_message WHERE kind = 'referrers.bank_waiting'") == 2
    path = re.search(r"/compte-bancaire/\S+", told[0]["text_body"])[0]
    visitor = client(None)
    assert (await visitor.get(path)).status_code == 200
    assert await paid_to(cast.rachel) is None
    assert (await visitor.post_form(path)).status_code == 303
    assert await paid_to(cast.rachel) == "0189"
    assert (await visitor.post_form(path)).status_code == 303


async def test_a_guessed_link_opens_nothing(cast, client):
    await give(cast.rachel, OLD)
    await give(cast.rachel, NEW)
    ref = (await access.waiting_bank_detail(cast.rachel.referrer_id))["ref"]
    assert (await client(None).get(f"/compte-bancaire/{ref}/{'0' * 40}")).status_code == 404


async def told_finance(kind: str) -> list[str]:
    return [
        row["text_body"] for row in await db.rows("SELECT text_body FROM mail_message WHERE kind = $1", kind)
    ]


async def test_an_account_in_another_name_is_not_used_before_finance_has_said_yes(cast):
    async with deed(cast.rachel.person):
        await actions.give_bank_detail(cast.rachel.referrer_id, "Paul Durand", OLD)
    assert await paid_to(cast.rachel) is None
    assert "Le titulaire n’est pas celui du contrat" in (await told_finance("referrers.bank_doubtful"))[0]
    async with deed(cast.fanny.person):
        await actions.vouch_for_bank_detail(await access.waiting_bank_detail(cast.rachel.referrer_id))
    assert await paid_to(cast.rachel) == "0189"


async def test_a_manager_is_not_their_company(cast):
    await give(cast.remi, OLD)  # in the name of Rémi Morin; the contract is with Morin Conseil
    assert await paid_to(cast.remi) is None
    async with deed(cast.remi.person):
        await actions.give_bank_detail(cast.remi.referrer_id, "MORIN CONSEIL", NEW)
    with clock_at(now() + IBAN_WAIT):
        assert await paid_to(cast.remi) == "0129"


async def test_an_account_that_another_referrer_has_is_told_to_finance_and_shown_on_both_files(cast, client):
    await give(cast.rachel, OLD)
    await give(cast.mina, OLD)
    assert await paid_to(cast.mina) == "0189"  # a couple may share one: told, not refused
    assert "Un autre apporteur a donné le même compte" in (await told_finance("referrers.bank_doubtful"))[0]
    mina = await access.referrer(cast.mina.referrer_id)
    page = (await client(cast.fanny).get(f"/apporteurs/{mina['ref']}")).text
    assert "Un autre apporteur a donné le même compte" in page
    assert "Rachel Vidal" in page


async def test_an_account_vouched_for_raises_no_doubt(cast):
    async with deed(cast.fanny.person):
        await actions.give_bank_detail(
            cast.rachel.referrer_id, "Paul Durand", OLD, vouched_by=cast.fanny.user_id
        )
    assert await paid_to(cast.rachel) == "0189"
    assert await told_finance("referrers.bank_doubtful") == []


async def test_an_account_outside_sepa_is_refused_with_what_was_typed(cast, client):
    answer = await client(cast.rachel).post_form(
        "/profil/compte-bancaire", holder="Rachel Vidal", iban="AE070331234567890123456"
    )
    assert answer.status_code == 422
    assert "hors de la zone SEPA" in answer.text
    assert "AE070331234567890123456" in answer.text


async def test_a_wrong_iban_says_which_digits_and_is_kept_as_typed(cast, client):
    answer = await client(cast.rachel).post_form(
        "/profil/compte-bancaire", holder="Rachel Vidal", iban="FR76 3000 6000 0112 3456 7890 198"
    )
    assert answer.status_code == 422
    assert "semblent inversés" in answer.text
    assert "FR76 3000 6000 0112 3456 7890 198" in answer.text


async def test_an_iban_sealed_elsewhere_does_not_open_here(cast):
    await give(cast.rachel, OLD)
    sealed = await db.value(
        "SELECT iban_sealed FROM bank_detail WHERE referrer_id = $1", cast.rachel.referrer_id
    )
    assert ring().open(sealed, actions.IBAN) == OLD
    for field in ("payee.iban", "legal_entity.iban", "bank_detail.holder"):
        with pytest.raises(NotSealedHere):
            ring().open(sealed, field)
