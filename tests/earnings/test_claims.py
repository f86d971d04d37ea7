"""A referrer finds something wrong: asked, answered in time, appealed once, put right in the ledger."""

import asyncio
from datetime import date, timedelta

import pytest

from portal import privacy
from portal.earnings import access_claims, claims
from portal.earnings.claim_rules import Outcome, answer_due, told_state
from portal.earnings.policy import Policy, set_policy
from portal.kit import db, files
from portal.kit.days import at, today
from portal.kit.deed import deed
from portal.kit.files import Store
from portal.kit.problems import NotFound, Refused
from portal.ledger.balances import referrer_balances
from tests.earnings.scene import amounts


async def earned(scene, cast, who=None) -> str:
    who = who or cast.rachel
    await scene.contract(who)
    await scene.pays(await scene.deal(who), 6_000_00, days_ago=40)
    return await db.value("SELECT ref FROM earning")


async def asks(cast, ref: str, about: str = "earning", reason: str = "amount", given=()) -> db.Row:
    subject_id, _title = await access_claims.subject_for(cast.rachel.person, about, ref)
    async with deed(cast.rachel.person):
        return await claims.open_claim(
            about, subject_id, cast.rachel.referrer_id, reason, "Le taux est de 12 %, pas de 10 %.", given
        )


async def answers(
    cast, asked: db.Row, outcome: str, amount: int = 0, by=None, body: str = "Vous avez raison."
) -> db.Row:
    by = by or cast.fanny
    target = await access_claims.target_of_earning(by.person, asked["earning_ref"]) if amount else None
    async with deed(by.person):
        await claims.answer(asked, asked["version"], Outcome(outcome), body, target, amount)
    return await access_claims.claim(asked["id"])


async def appeals(cast, asked: db.Row) -> db.Row:
    async with deed(cast.rachel.person):
        await claims.appeal(asked, asked["version"], "Relisez l'annexe 2.")
    return await access_claims.claim(asked["id"])


async def mails(kind: str) -> list[str]:
    found = await db.rows("SELECT to_email FROM mail_message WHERE kind = $1 ORDER BY to_email", kind)
    return [row["to_email"] for row in found]


async def test_it_is_asked_and_both_sides_hear_of_it(scene, cast):
    asked = await asks(cast, await earned(scene, cast))
    assert (asked["state"], asked["about"], asked["company_name"]) == (
        "opened",
        "earning",
        "Client 1200000 100",
    )
    assert await mails("earnings.claim_received") == [cast.rachel.email]
    assert await mails("earnings.claim_opened") == [cast.fanny.email, cast.fred.email]


@pytest.mark.parametrize(
    ("asked_on", "working_days", "promised", "due"),
    [
        (date(2026, 11, 23), 5, None, date(2026, 11, 30)),  # Monday: five working days
        (date(2026, 11, 20), 5, None, date(2026, 11, 27)),  # Friday: the weekend does not count
        (date(2026, 4, 30), 5, None, date(2026, 5, 11)),  # 1 and 8 May do not count
        (date(2026, 11, 23), 20, 10, date(2026, 12, 3)),  # the contract promises ten days
        (date(2026, 11, 23), 5, 10, date(2026, 11, 30)),
    ],
)
def test_by_when_it_is_answered(asked_on, working_days, promised, due):
    assert answer_due(asked_on, working_days, promised) == at(due, 18)


async def test_the_term_is_the_companys(scene, cast):
    async with deed(cast.alice.person):
        await set_policy(Policy(answer_days=1))
    asked = await asks(cast, await earned(scene, cast))
    assert asked["due_at"] == answer_due(today(), 1, 10)


async def test_an_accepted_claim_is_put_right_in_the_deed_of_the_answer(scene, cast):
    """12 % instead of 10 %: 120 more."""
    answered = await answers(cast, await asks(cast, await earned(scene, cast)), "accepted", 120_00)
    assert (answered["state"], answered["outcome"], answered["answerer"]) == (
        "answered",
        "accepted",
        "Fanny Moreau",
    )
    assert (await referrer_balances(cast.rachel.referrer_id)).due == 720_00
    [made] = await access_claims.adjustments_of_claim(answered["id"])
    assert (made["state"], made["amount"]) == ("posted", 120_00)
    assert (
        await db.value("SELECT clause FROM earning WHERE id = $1", made["posted_id"]) == "reclamation.reponse"
    )
    body = await db.value("SELECT text_body FROM mail_message WHERE kind = 'earnings.claim_answered'")
    assert "120,00" in body
    assert "Vous avez raison." in body
    assert await mails("earnings.adjusted") == []  # told once


async def test_a_refused_claim_moves_no_money(scene, cast):
    answered = await answers(
        cast, await asks(cast, await earned(scene, cast)), "refused", body="Le contrat dit 10 %."
    )
    assert answered["outcome"] == "refused"
    assert await amounts() == [600_00]


async def test_it_is_appealed_once_and_somebody_else_answers(scene, cast):
    answered = await answers(cast, await asks(cast, await earned(scene, cast)), "refused")
    again = await appeals(cast, answered)
    assert again["state"] == "appealed"
    with pytest.raises(Refused, match="claim_same_person"):
        await answers(cast, again, "refused")
    final = await answers(cast, again, "partly", 60_00, by=cast.fred)
    assert (final["outcome"], final["answerer"]) == ("partly", "Fred Aubin")
    assert await amounts() == [600_00, 60_00]
    with pytest.raises(Refused, match="claim_appealed"):
        await appeals(cast, final)


async def test_above_the_limit_the_answer_is_told_when_a_second_person_has_confirmed(scene, cast):
    pending = await answers(cast, await asks(cast, await earned(scene, cast)), "accepted", 900_00)
    assert (pending["state"], told_state(pending), pending["outcome"]) == ("deciding", "opened", "")
    assert await mails("earnings.claim_answered") == []
    [made] = await access_claims.adjustments_of_claim(pending["id"])
    async with deed(cast.fred.person):
        await claims.confirm(made, cast.fred.person)
    assert (await access_claims.claim(pending["id"]))["state"] == "answered"
    assert await mails("earnings.claim_answered") == [cast.rachel.email]
    assert await amounts() == [600_00, 900_00]


async def test_what_the_second_person_turns_down_is_answered_anew(scene, cast):
    pending = await answers(cast, await asks(cast, await earned(scene, cast)), "accepted", 900_00)
    [made] = await access_claims.adjustments_of_claim(pending["id"])
    async with deed(cast.fred.person):
        await claims.turn_down(made, cast.fred.person, "Trop")
    open_again = await access_claims.claim(pending["id"])
    assert open_again["state"] == "opened"
    assert (await answers(cast, open_again, "partly", 100_00))["state"] == "answered"
    assert await amounts() == [600_00, 100_00]
    assert await mails("earnings.claim_answered") == [cast.rachel.email]


async def test_two_who_answer_at_once_answer_once(scene, cast):
    asked = await asks(cast, await earned(scene, cast))
    done = await asyncio.gather(
        answers(cast, asked, "accepted", 120_00, by=cast.fanny),
        answers(cast, asked, "accepted", 120_00, by=cast.fred),
        return_exceptions=True,
    )
    assert [one.code for one in done if isinstance(one, Refused)] == ["claim_moved_on"]
    assert await amounts() == [600_00, 120_00]
    assert await mails("earnings.claim_answered") == [cast.rachel.email]


async def test_of_a_commission_one_claim_is_opened_however_often_the_button_is_pressed(scene, cast):
    ref = await earned(scene, cast)
    done = await asyncio.gather(asks(cast, ref), asks(cast, ref), return_exceptions=True)
    assert [one.code for one in done if isinstance(one, Refused)] == ["claim_open"]
    assert await db.value("SELECT count(*) FROM claim") == 1


async def test_a_missing_commission_is_claimed_on_the_deal_and_added_to_it(scene, cast):
    await scene.contract(cast.rachel)
    deal = await scene.deal(cast.rachel)
    asked = await asks(cast, deal["ref"], "deal", "missing")
    [share] = await access_claims.deals_of_claim(asked)
    target = await access_claims.target_of_share(cast.fanny.person, share["ref"], share["referrer_ref"])
    async with deed(cast.fanny.person):
        await claims.answer(asked, asked["version"], Outcome.ACCEPTED, "Prime oubliée.", target, 80_00)
    assert await amounts() == [80_00]
    again = await asks(cast, deal["ref"], "deal", "missing")  # another payment may be missing later
    assert again["id"] != asked["id"]


async def test_a_recommendation_without_a_deal_is_claimed_too(scene, cast):
    await scene.contract(cast.rachel)
    await scene.deal(cast.rachel)
    lead = await db.value("SELECT ref FROM lead")
    asked = await asks(cast, lead, "lead", "missing")
    assert [share["title"] for share in await access_claims.deals_of_claim(asked)] == ["Mission"]


async def test_a_wrong_reason_for_what_it_is_about_is_refused(scene, cast):
    ref = await earned(scene, cast)
    with pytest.raises(Refused, match="claim_reason"):
        await asks(cast, ref, reason="missing")


@pytest.mark.parametrize("who", ["stefan", "mina"])
async def test_the_claim_of_another_is_not_there(scene, cast, who):
    ref = await earned(scene, cast)
    asked = await asks(cast, ref)
    stranger = getattr(cast, who).person
    for door in (
        access_claims.claim_for(stranger, asked["ref"]),
        access_claims.subject_for(stranger, "earning", ref),
    ):
        with pytest.raises(NotFound):
            await door


async def test_an_answer_not_yet_confirmed_and_its_files_stay_inside(scene, cast):
    pending = await answers(cast, await asks(cast, await earned(scene, cast)), "accepted", 900_00)
    hidden = await db.value("SELECT id FROM claim_message WHERE kind = 'answer'")
    with pytest.raises(NotFound):
        await access_claims.opens_file(cast.rachel.person, hidden)
    assert (await access_claims.opens_file(cast.fanny.person, hidden))["id"] == pending["id"]


async def test_words_between_question_and_answer_reach_the_other_side(scene, cast):
    asked = await asks(cast, await earned(scene, cast))
    async with deed(cast.fanny.person):
        await claims.write(asked, "Pouvez-vous joindre le devis ?")
    async with deed(cast.rachel.person):
        await claims.write(asked, "Le voici.")
    assert await mails("earnings.claim_written") == [cast.fanny.email, cast.fred.email, cast.rachel.email]


async def test_who_asks_to_be_forgotten_leaves_the_fact_and_takes_the_words(scene, cast):
    kept = await files.keep(Store.UPLOADS, b"devis", media_type="application/pdf", name="devis.pdf")
    asked = await asks(cast, await earned(scene, cast), given=[kept])
    told = await privacy.export(cast.rachel.user_id, cast.rachel.referrer_id)
    assert [row["ref"] for row in told["earnings.claims"]] == [asked["ref"]]
    assert len(told["earnings.claim_messages"]) == 1
    async with deed(cast.alice.person):
        await privacy.erase(cast.rachel.user_id)
    assert await access_claims.files_of(asked["id"]) == []
    assert await db.value("SELECT string_agg(body, '') FROM claim_message") == ""
    assert (await access_claims.claim(asked["id"]))["state"] == "opened"


async def test_what_waits_and_what_is_late_is_counted(scene, cast):
    asked = await asks(cast, await earned(scene, cast))
    waits = await access_claims.waiting(cast.fanny.person, asked["due_at"] - timedelta(hours=1))
    late = await access_claims.waiting(cast.fanny.person, asked["due_at"] + timedelta(hours=1))
    assert (waits.claims, waits.late, late.late) == (1, 0, 1)
