"""What sales have to do, by when: done, taken up, put off, handed over; and what comes and goes by itself."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kit import db
from portal.kit.days import at, clock_at, now, today
from portal.kit.deed import deed
from portal.kit.problems import Refused, Stale
from portal.law.holidays import is_working_day
from portal.leads import actions
from portal.leads.dossier import access, tasking
from portal.leads.dossier.access import Subject
from portal.leads.dossier.task_rules import LATER, When, call_back_due, next_monday, when
from portal.leads.prospect import answering
from portal.leads.rules import Came
from tests.counting import Queries
from tests.stories import STORY, contract_of, moved, open_a_programme, recommended, won

DAYS = st.dates(date(2024, 1, 1), date(2036, 12, 31))


@pytest.fixture(autouse=True)
async def plan(cast):
    plan = await open_a_programme()
    await contract_of(cast.rachel, plan)
    return plan


def about(lead: db.Row) -> Subject:
    return Subject("lead", lead["id"], f"/recommandations/{lead['ref']}")


async def to_do(member, subject: Subject, title: str = "Rappeler", on: date | None = None, **said) -> db.Row:
    async with deed(member.person):
        return await tasking.add(subject, title, on or today(), **said)


async def of(task: db.Row) -> db.Row:
    return await access.task(task["id"])


# Days


def test_tomorrow_of_the_28th_of_february_is_the_29th_in_a_leap_year():
    assert LATER["demain"].day(date(2028, 2, 28)) == date(2028, 2, 29)
    assert LATER["demain"].day(date(2027, 2, 28)) == date(2027, 3, 1)


def test_monday_is_the_next_one_even_on_a_monday():
    assert next_monday(date(2026, 11, 23)) == date(2026, 11, 30)
    assert next_monday(date(2026, 11, 22)) == date(2026, 11, 23)


@given(DAYS)
def test_whatever_is_put_off_comes_later_and_within_a_week(day):
    assert all(timedelta(0) < one.day(day) - day <= timedelta(7) for one in LATER.values())
    assert next_monday(day).weekday() == 0


@given(DAYS, st.integers(0, 23))
def test_a_call_back_is_due_on_a_working_day_never_before_it_was_asked(day, hour):
    due = call_back_due(at(day, hour))
    assert is_working_day(due)
    assert due >= day


def test_asked_on_the_evening_the_clock_changes_one_is_called_on_monday():
    assert call_back_due(at(date(2026, 10, 24), 23)) == date(2026, 10, 26)  # the night has 25 hours
    assert call_back_due(at(date(2027, 3, 27), 23)) == date(2027, 3, 30)  # 23 hours, then Easter Monday
    assert call_back_due(at(date(2026, 12, 31), 17)) == date(
        2027, 1, 4
    )  # after New Year's Day and a week-end


def test_what_was_due_yesterday_is_late():
    today_ = date(2028, 2, 29)
    assert [when(day, today_) for day in (date(2028, 2, 28), today_, date(2028, 3, 1))] == list(When)


# By hand


async def test_done_and_taken_up_again(cast):
    task = await to_do(cast.sam, about(await recommended(cast.rachel)))
    async with deed(cast.sonia.person):
        await tasking.finish(task)
        await tasking.finish(task)
    assert (await of(task))["done_by"] == cast.sonia.user_id
    async with deed(cast.sam.person):
        await tasking.take_up(task)
    assert (await of(task))["done_at"] is None


async def test_put_off_from_today_not_from_the_day_it_was_due(cast):
    task = await to_do(cast.sam, about(await recommended(cast.rachel)), on=today())
    with clock_at(now() + timedelta(10)):
        async with deed(cast.sam.person):
            await tasking.postpone(task, "semaine")
        assert (await of(task))["due_on"] == today() + timedelta(7)


async def test_what_is_done_is_not_put_off(cast):
    task = await to_do(cast.sam, about(await recommended(cast.rachel)))
    async with deed(cast.sam.person):
        await tasking.finish(task)
    with pytest.raises(Stale):
        async with deed(cast.sam.person):
            await tasking.postpone(task, "demain")


async def test_only_who_sells_is_given_something_to_do(cast):
    subject = about(await recommended(cast.rachel))
    for member in (cast.fanny, cast.rachel):
        with pytest.raises(Refused, match="not_sales"):
            await to_do(cast.sam, subject, user_id=member.user_id)


async def test_two_who_change_it_at_once_do_not_overwrite_each_other(cast):
    task = await to_do(cast.sam, about(await recommended(cast.rachel)))
    async with deed(cast.sam.person):
        await tasking.change(task, 1, "Envoyer le devis", today(), None, cast.sonia.user_id)
    with pytest.raises(Stale):
        async with deed(cast.sonia.person):
            await tasking.change(task, 1, "Autre chose", today(), None, None)
    assert (await of(task))["title"] == "Envoyer le devis"


async def test_the_next_thing_to_do_on_each(cast):
    lead, other = await recommended(cast.rachel, "Une"), await recommended(cast.rachel, "Autre")
    await to_do(cast.sam, about(lead), "Plus tard", today() + timedelta(3))
    await to_do(cast.sam, about(lead), "D'abord", today())
    found = await access.next_task_of([lead["id"], other["id"]])
    assert {lead_id: task["title"] for lead_id, task in found.items()} == {lead["id"]: "D'abord"}


# By themselves


async def call_asked(lead: db.Row, member) -> None:
    async with deed(STORY):
        await answering.ask_for_a_call(lead, "Je demande", "demain matin", "mail")


async def test_who_asks_to_be_called_is_on_the_list_of_who_follows_them_once(cast):
    lead = await recommended(cast.rachel, sales_user_id=cast.sam.user_id)
    await call_asked(lead, cast.rachel)
    await call_asked(lead, cast.rachel)
    [task] = await access.open_tasks_of(cast.sam.user_id)
    assert (task["kind"], task["lead_id"]) == ("call_back", lead["id"])
    assert is_working_day(task["due_on"])


async def test_on_a_referrers_own_page_it_is_asked_in_the_same_click(cast):
    async with deed(STORY):
        lead = await actions.submit(
            cast.rachel.referrer_id, company_name="Dupont", consent="own 2026-11-20", contact_phone="+33611111111",
            source="link", came=Came(call_asked_at=now()),
        )  # fmt: skip
    assert [task["kind"] for task in (await access.next_task_of([lead["id"]])).values()] == ["call_back"]


async def test_who_was_called_has_been_called_back(cast):
    lead = await recommended(cast.rachel, sales_user_id=cast.sam.user_id)
    await call_asked(lead, cast.rachel)
    await to_do(cast.sam, about(lead), "Envoyer la plaquette")
    await moved(lead, cast.sam, "accept", "contact")
    assert [task["title"] for task in await access.open_tasks_of(cast.sam.user_id)] == [
        "Envoyer la plaquette"
    ]


async def test_what_was_not_retained_leaves_nothing_to_do(cast):
    lead = await recommended(cast.rachel)
    await to_do(cast.sam, about(lead))
    await moved(lead, cast.sam, "reject", reason="outside_offer")
    assert await access.open_tasks_of(cast.sam.user_id) == []


async def test_with_the_prospect_goes_what_was_written_about_them(cast):
    lead = await recommended(cast.rachel)
    task = await to_do(cast.sam, about(lead), "Rappeler Claire au 06")
    async with deed(STORY):
        await answering.forget(lead, "mail")
    row = await of(task)
    assert row["title"] == ""
    assert row["done_at"]


# Pages


async def test_the_list_says_what_is_late_today_and_to_come(cast, client):
    lead = await recommended(cast.rachel, "Atelier Morin")
    with clock_at(now() - timedelta(1)):
        await to_do(cast.sam, about(lead), "Rappeler", today())
    await to_do(cast.sam, about(lead), "Relancer", today() + timedelta(2))
    await to_do(cast.sonia, about(lead), "Pas la mienne", today())
    text = (await client(cast.sam).get("/taches")).text
    assert text.index("En retard") < text.index("Rappeler") < text.index("À venir") < text.index("Relancer")
    assert "Pas la mienne" not in text
    assert "Pas la mienne" in (await client(cast.sam).get("/taches/equipe")).text


async def test_a_task_lives_on_its_page(cast, client):
    lead = await recommended(cast.rachel, "Atelier Morin")
    sam = client(cast.sam)
    path = f"/recommandations/{lead['ref']}"
    assert "Dites en quelques mots" in (await sam.post_form(f"{path}/taches", due_on=str(today()))).text
    late = await sam.post_form(f"{path}/taches", title="Rappeler", due_on=str(today() - timedelta(1)))
    assert "Ce jour est déjà passé" in late.text
    assert "29/02/2027" in (await sam.post_form(f"{path}/taches", title="x", due_on="29/02/2027")).text
    answer = await sam.post_form(
        f"{path}/taches", title="Rappeler Claire", due_on=str(today()), due_time="14h30"
    )
    assert answer.headers["location"] == path
    assert "Rappeler Claire" in (await sam.get(path)).text
    [task] = await access.open_tasks_of(cast.sam.user_id)
    assert f"{task['due_time']:%H:%M}" == "14:30"
    await sam.post_form(f"/taches/{task['ref']}/report", to="lundi", next=path)
    assert (await of(task))["due_on"] == next_monday(today())
    changed = await sam.post_form(
        f"/taches/{task['ref']}",
        title="Rappeler",
        due_on=str(today()),
        whom=(await user_ref(cast.sonia)),
        version="2",
    )
    assert changed.headers["location"] == "/taches"
    assert (await of(task))["user_id"] == cast.sonia.user_id
    await sam.post_form(f"/taches/{task['ref']}/fait", next="//ailleurs.example")
    assert "Rappeler" in (await client(cast.sonia).get("/taches/faites")).text
    await sam.post_form(f"/taches/{task['ref']}/reprise")
    assert (await of(task))["done_at"] is None


async def user_ref(member) -> str:
    return await db.value("SELECT ref FROM app_user WHERE id = $1", member.user_id)


async def test_a_way_out_of_the_portal_is_not_followed(cast, client):
    task = await to_do(cast.sam, about(await recommended(cast.rachel)))
    answer = await client(cast.sam).post_form(f"/taches/{task['ref']}/fait", next="//ailleurs.example")
    assert answer.headers["location"] == "/taches"


async def test_a_deal_and_a_referrer_have_things_to_do_too(cast, client):
    deal = await won(cast.rachel, cast.sam)
    ref = await db.value("SELECT ref FROM referrer WHERE id = $1", cast.rachel.referrer_id)
    sam = client(cast.sam)
    for path in (f"/affaires/{deal['ref']}/taches", f"/apporteurs/{ref}/taches"):
        await sam.post_form(path, title="Passer le voir", due_on=str(today()))
        assert "Passer le voir" in (await sam.get(path)).text
    assert (await sam.get("/taches")).text.count("Passer le voir") >= 2


async def test_a_referrer_and_finance_see_no_tasks(cast, client):
    lead = await recommended(cast.rachel)
    task = await to_do(cast.sam, about(lead), "Très privé")
    for member in (cast.rachel, cast.fanny, cast.stefan):
        browser = client(member)
        assert (await browser.get("/taches")).status_code == 404
        assert (await browser.get(f"/taches/{task['ref']}")).status_code == 404
        assert (await browser.post_form(f"/taches/{task['ref']}/fait")).status_code == 404
        assert "Très privé" not in (await browser.get(f"/recommandations/{lead['ref']}")).text
    assert (await client(cast.sam).get("/taches/0000000000")).status_code == 404


async def test_the_list_asks_as_often_for_one_as_for_thirty(cast, client):
    lead, sam = await recommended(cast.rachel), client(cast.sam)
    await to_do(cast.sam, about(lead))
    await sam.get("/taches")
    async with Queries() as one:
        await sam.get("/taches")
    for _turn in range(30):
        await to_do(cast.sam, about(lead))
    async with Queries() as thirty:
        await sam.get("/taches")
    assert len(thirty) == len(one) <= 8


async def test_the_list_is_exported(cast, client):
    await to_do(cast.sam, about(await recommended(cast.rachel, "Atelier Morin")), "=Rappeler")
    file = await client(cast.sam).get("/taches?format=csv")
    assert "Atelier Morin" in file.text
    assert "'=Rappeler" in file.text


async def test_the_way_to_the_list_says_how_many_are_due(cast, client):
    lead = await recommended(cast.rachel)
    sam = client(cast.sam)
    assert 'class="count"' not in nav_of((await sam.get("/taches")).text)
    await to_do(cast.sam, about(lead), on=today())
    await to_do(cast.sam, about(lead), on=today() + timedelta(1))
    assert '<span class="count">1</span>' in nav_of((await sam.get("/taches")).text)


def nav_of(text: str) -> str:
    return text.partition('class="top-nav"')[2].partition("</nav>")[0]
