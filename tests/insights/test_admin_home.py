"""What needs a decision, each with its age and its way; how the house does."""

from datetime import timedelta

from portal.contracts.conditions import WHAT as CONDITIONS
from portal.earnings.adjusting import WHAT as ADJUSTMENT
from portal.insights.labels import APPROVALS, DECISIONS
from portal.insights.of_admin import DECISIONS as KINDS
from portal.insights.of_admin import admin_home
from portal.kit import db
from portal.kit.days import clock_at, now, today
from portal.kit.deed import deed
from portal.leads import actions as leads
from portal.payouts import actions as payouts
from portal.payouts.rules import APPROVAL as RUN
from portal.plans.editor.drafting import PUBLICATION
from portal.verify import everything, remember
from tests.contracts.stories import code_for, sign, to_sign
from tests.invoicing.books import Books
from tests.stories import STORY, recommended


async def test_each_decision_is_named_and_what_is_approved_too():
    assert set(KINDS) == set(DECISIONS)
    assert {RUN, CONDITIONS, PUBLICATION, ADJUSTMENT} <= set(APPROVALS)


async def test_a_new_company_has_nothing_to_decide(cast):
    home = await admin_home()
    assert home.decisions == []
    assert home.total == 0
    assert [(care.code, care.at) for care in home.cares] == [("verify", None), ("backup", None)]


async def test_the_oldest_decision_comes_first_and_all_are_counted(cast, books: Books):
    lead = await recommended(cast.rachel, "Hôtel du Parc")
    async with deed(cast.alice.person):
        await leads.decide_earns(lead, "undecided")
    await books.earns(cast.remi, 360_00)
    await books.issue()
    async with deed(cast.fanny.person):
        run = await payouts.prepare(cast.entity_id, today())
    home = await admin_home()
    assert [(row["kind"], row["ref"]) for row in home.decisions] == [
        ("lead", lead["ref"]),
        ("approval", run["ref"]),
    ]
    assert home.decisions[1]["who"] == "Fanny Moreau"
    assert (home.total, home.counts["lead"], home.counts["approval"]) == (2, 1, 1)


async def test_a_contract_waits_until_it_is_countersigned(cast):
    contract = await to_sign(cast, cast.rachel)
    assert (await admin_home()).decisions == []  # it is the referrer's turn
    await sign(contract, cast.rachel.person, await code_for(contract, cast.rachel.person))
    [waits] = (await admin_home()).decisions
    assert (waits["kind"], waits["ref"], waits["name"]) == ("contract", contract["ref"], "Rachel Vidal")


async def test_the_last_check_of_the_books_ages(cast):
    await remember(await everything())
    [verify, backup] = (await admin_home()).cares
    assert verify.is_well
    assert not backup.is_well
    with clock_at(now() + timedelta(3)):
        assert not (await admin_home()).cares[0].is_well


async def test_a_mail_that_could_not_be_delivered_is_shown_with_its_age(cast):
    async with deed(STORY):
        await db.execute("UPDATE mail_message SET sent_at = NULL, failed_at = $1", now() - timedelta(1))
    home = await admin_home()
    assert home.mails["many"] == await db.value("SELECT count(*) FROM mail_message") > 0
    assert now() - home.mails["at"] >= timedelta(1)
    assert home.jobs["many"] == 0
