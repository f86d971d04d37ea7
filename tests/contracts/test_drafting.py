"""Drafting: automatic for who applies, written anew when the profile changes, one to sign per programme."""

from datetime import date, timedelta

import pytest

from portal.company.access import set_option
from portal.contracts import access
from portal.contracts import actions as contracts
from portal.contracts.automatic import SEND_BY_ITSELF
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.problems import Refused
from portal.plans import access as plans
from portal.referrers import access as referrers
from portal.referrers import actions as profiles
from tests.contracts.stories import code_for, in_force, open_programme, sign, to_sign

IBAN = "FR7630006000011234567890189"


async def apply(who):
    async with deed(who.person):
        await profiles.give_bank_detail(who.referrer_id, who.person.name, IBAN)
        await profiles.apply(who.referrer_id)


async def mails(kind):
    return await db.value("SELECT count(*) FROM mail_message WHERE kind = $1", kind)


async def test_a_complete_profile_brings_the_contract_to_sign_by_itself(cast):
    await open_programme(cast)
    await apply(cast.rachel)
    (contract,) = await access.contracts_of(cast.rachel.referrer_id)
    assert contract["state"] == "sent"
    assert await mails("contracts.to_sign") == 1


async def test_with_two_plans_the_colleague_chooses(cast):
    await open_programme(cast)
    await open_programme(cast, "Grands comptes", "Barème GC")
    await apply(cast.rachel)
    assert await access.contracts_of(cast.rachel.referrer_id) == []
    assert await mails("contracts.to_draft") == 1


async def test_a_company_that_wants_to_send_itself_is_told(cast):
    await open_programme(cast)
    async with deed(cast.alice.person):
        await set_option(SEND_BY_ITSELF, False)
    await apply(cast.rachel)
    assert await access.contracts_of(cast.rachel.referrer_id) == []
    assert await mails("contracts.to_draft") == 1


async def test_nothing_is_sent_before_the_profile_is_complete(cast):
    await open_programme(cast)
    async with deed(cast.rachel.person):
        await profiles.apply(cast.rachel.referrer_id)
    assert await access.contracts_of(cast.rachel.referrer_id) == []
    assert await db.value("SELECT state FROM referrer WHERE id = $1", cast.rachel.referrer_id) == "invited"


async def test_a_contract_to_sign_is_written_anew_when_the_address_changes(cast):
    await open_programme(cast)
    await apply(cast.rachel)
    async with deed(cast.rachel.person):
        await profiles.change_identity(
            await referrers.referrer(cast.rachel.referrer_id), street="9 quai Neuf"
        )
    newest, before = await access.contracts_of(cast.rachel.referrer_id)
    assert (newest["state"], before["state"]) == ("sent", "withdrawn")
    assert "9 quai Neuf" in newest["html"]


async def test_a_signed_contract_is_not_written_anew(cast):
    sent = await to_sign(cast, cast.rachel)
    await sign(sent, cast.rachel.person, await code_for(sent, cast.rachel.person))
    async with deed(cast.rachel.person):
        await profiles.change_identity(
            await referrers.referrer(cast.rachel.referrer_id), street="9 quai Neuf"
        )
    assert [one["state"] for one in await access.contracts_of(cast.rachel.referrer_id)] == ["signed"]


async def test_a_second_contract_in_the_same_programme_is_refused_once_one_stands(cast):
    contract = await in_force(cast, cast.rachel)
    with pytest.raises(Refused, match="contracted_already"):
        async with deed(cast.sam.person):
            await contracts.draft(
                cast.rachel.referrer_id, contract["programme_id"], contract["plan_version_id"]
            )


async def test_a_contract_on_paper_takes_the_place_of_one_still_to_sign(cast):
    sent = await to_sign(cast, cast.rachel)
    async with deed(cast.alice.person):
        stands = await contracts.record_on_paper(
            cast.rachel.referrer_id, sent["programme_id"], sent["plan_version_id"],
            signed_on=today() - timedelta(days=3), vouched_by=cast.alice.user_id,
        )  # fmt: skip
    assert stands["state"] == "in_force"
    assert (await access.contract(sent["id"]))["state"] == "withdrawn"


async def test_without_a_profile_there_is_no_contract(cast):
    programme_id, version_id = await open_programme(cast)
    async with deed(cast.sam.person):
        made = await profiles.invite("neuf@exemple.fr", "Noé", "Neuf")
    with pytest.raises(Refused, match="profile_missing"):
        async with deed(cast.sam.person):
            await contracts.draft(made["id"], programme_id, version_id)


async def test_what_the_text_needs_and_nobody_gave_is_named(cast):
    programme_id, version_id = await open_programme(cast)
    async with deed(cast.alice.person):
        await db.execute("UPDATE legal_entity SET represented_by = ''")
    with pytest.raises(Refused, match="value_missing") as refused:
        async with deed(cast.sam.person):
            await contracts.draft(cast.rachel.referrer_id, programme_id, version_id)
    assert refused.value.params["what"]


async def test_the_preview_writes_nothing(cast):
    programme_id, version_id = await open_programme(cast)
    who = await referrers.referrer(cast.rachel.referrer_id)
    programme, plan = await plans.programme(programme_id), await plans.version(version_id)
    _made, html = await contracts.preview(who, programme, plan, date(2026, 12, 1))
    assert "Rachel Vidal" in html
    assert await db.value("SELECT count(*) FROM contract") == 0


async def test_the_referrer_finds_a_contract_only_once_it_is_sent(cast):
    programme_id, version_id = await open_programme(cast)
    seen = "SELECT referrer_id FROM search_row WHERE kind = 'contract'"
    async with deed(cast.sam.person):
        drafted = await contracts.draft(cast.rachel.referrer_id, programme_id, version_id)
    assert await db.value(seen) is None
    async with deed(cast.sam.person):
        await contracts.send(drafted)
    assert await db.value(seen) == cast.rachel.referrer_id
