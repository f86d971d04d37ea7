"""The same done to many: what can be is done, what cannot is named, nothing is half done, whoever sends it however often."""

import asyncio
from datetime import timedelta

import pytest

from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.days import today
from portal.kit.text import thin_spaces
from portal.leads.desk import bulk
from portal.leads.desk.rules import GESTURES, MOST_AT_ONCE
from tests.stories import moved, open_a_programme, recommended

BULK = "/recommandations/lot"


@pytest.fixture(autouse=True)
async def plan(cast):
    return await open_a_programme()


@pytest.fixture
async def three(cast):
    """Rossi and Fontaine accepted, Delmas received."""
    leads = [await recommended(cast.rachel, name) for name in ("Rossi", "Fontaine", "Delmas")]
    return [await moved(leads[0], cast.sam, "accept"), await moved(leads[1], cast.sam, "accept"), leads[2]]


def picks(leads) -> str:
    return " ".join(f"{lead['ref']}.{lead['version']}" for lead in leads)


async def states() -> dict[str, str]:
    return {
        row["company_name"]: row["state"] for row in await db.rows("SELECT company_name, state FROM lead")
    }


async def mails(kind: str) -> int:
    await work_off()
    return await db.value("SELECT count(*) FROM mail_message WHERE kind = $1", kind)


async def test_what_was_ticked_is_read_again_before_anything_is_done(cast, client, three):
    page = await client(cast.sam).get(
        BULK, params={"place": "all", "gesture": "contact", "pick": picks(three).split()}
    )
    assert page.status_code == 200
    for said in (
        "2 recommandations",
        "Confirmer pour 2",
        "1 restera telle quelle",
        "Son état ne permet pas ce geste.",
        "Prévenir les apporteurs",
    ):
        assert said in page.text, said
    assert await states() == {"Rossi": "accepted", "Fontaine": "accepted", "Delmas": "submitted"}


async def test_what_can_be_done_is_done_and_what_cannot_is_named_with_its_reason(cast, client, three):
    sam = client(cast.sam)
    said = {"gesture": "contact", "picks": picks(three), "notify": "1"}
    await moved(three[1], cast.sonia, "qualify")  # since it was ticked
    answer = await sam.post_form(BULK, **said)
    done = (await sam.get(answer.headers["location"])).text
    for words in (
        thin_spaces("Contactées : 1"),
        "2 sont restées telles quelles",
        "Elle a changé depuis que vous l’avez cochée.",
        "Son état ne permet pas ce geste.",
    ):
        assert words in done, words
    assert await states() == {"Rossi": "contacted", "Fontaine": "qualified", "Delmas": "submitted"}
    file = await sam.get(answer.headers["location"], params={"format": "csv"})
    assert "Fontaine" in file.text
    assert (await client(cast.rachel).get(answer.headers["location"])).status_code == 404


@pytest.mark.parametrize(("notify", "told"), [("1", 2), ("", 0)])
async def test_the_referrers_are_told_or_not_as_was_chosen(cast, client, three, notify, told):
    before = await mails("leads.moved")
    await client(cast.sam).post_form(BULK, gesture="contact", picks=picks(three[:2]), notify=notify)
    assert await mails("leads.moved") - before == told
    timeline = (await client(cast.rachel).get(f"/recommandations/{three[0]['ref']}")).text
    assert "Le premier contact est pris" in timeline  # read in any case


async def test_what_ends_without_a_deal_asks_why_once_for_all(cast, client, three):
    sam = client(cast.sam)
    silent = await sam.post_form(BULK, gesture="lose", picks=picks(three), notify="1")
    assert (silent.status_code, "Choisissez pourquoi." in silent.text, picks(three) in silent.text) == (
        422,
        True,
        True,
    )
    await sam.post_form(BULK, gesture="lose", picks=picks(three), reason="no_budget")
    assert await states() == {"Rossi": "lost", "Fontaine": "lost", "Delmas": "submitted"}
    assert await db.value("SELECT count(*) FROM lead WHERE reason = 'no_budget'") == 2


async def test_many_are_given_to_a_colleague_who_hears_of_it(cast, client, three):
    sonia = await db.value("SELECT ref FROM app_user WHERE id = $1", cast.sonia.user_id)
    sam = client(cast.sam)
    assert (await sam.post_form(BULK, gesture="assign", picks=picks(three))).status_code == 422
    answer = await sam.post_form(BULK, gesture="assign", picks=picks(three), colleague=sonia)
    assert thin_spaces("Confiées : 3") in (await sam.get(answer.headers["location"])).text
    assert await db.value("SELECT count(*) FROM lead WHERE sales_user_id = $1", cast.sonia.user_id) == 3
    assert await db.value("SELECT count(*) FROM lead_assignment WHERE why = 'bulk'") == 3


async def test_many_get_a_task_for_a_day(cast, client, three):
    sam = client(cast.sam)
    silent = await sam.post_form(BULK, gesture="task", picks=picks(three), due_on=str(today()))
    assert (silent.status_code, "Dites ce qui est à faire." in silent.text) == (422, True)
    day = today() + timedelta(3)
    await sam.post_form(
        BULK, gesture="task", picks=picks(three), title="Rappeler avant le salon", due_on=str(day)
    )
    tasks = await db.rows("SELECT title, due_on, user_id FROM task")
    assert [tuple(task) for task in tasks] == [("Rappeler avant le salon", day, cast.sam.user_id)] * 3


async def test_one_that_waits_behind_another_is_not_accepted_with_many(cast, client, three):
    await recommended(cast.rachel, "Aubert", siren="732829320")
    behind = await recommended(cast.remi, "Aubert", siren="732829320")
    assert behind["state"] == "waiting"
    sam = client(cast.sam)
    answer = await sam.post_form(BULK, gesture="accept", picks=picks([three[2], behind]))
    done = (await sam.get(answer.headers["location"])).text
    assert (thin_spaces("Acceptées : 1") in done, "Une autre est devant elle" in done) == (True, True)


async def test_twenty_submits_at_once_have_one_effect(cast, client, three):
    sam = client(cast.sam)
    answers = await asyncio.gather(
        *(
            sam.post_form(BULK, once="le-meme", gesture="contact", picks=picks(three[:2]), notify="1")
            for _ in range(20)
        )
    )
    assert len({answer.headers["location"] for answer in answers}) == 1
    moves = await db.value("SELECT count(*) FROM lead_move WHERE move = 'contact'")
    assert (moves, await db.value("SELECT count(*) FROM lead_bulk")) == (2, 1)


async def test_two_colleagues_at_once_with_the_same_rows_the_other_way_round_move_each_once(
    cast, client, three
):
    both = [
        client(cast.sam).post_form(BULK, gesture="contact", picks=picks(three[:2])),
        client(cast.sonia).post_form(BULK, gesture="qualify", picks=picks(three[1::-1])),
    ]
    assert [answer.status_code for answer in await asyncio.gather(*both)] == [303, 303]
    assert await db.value("SELECT count(*) FROM lead_move WHERE move IN ('contact', 'qualify')") == 2
    assert sorted(await db.rows("SELECT done FROM lead_bulk")) == [(0,), (2,)]


async def test_all_that_a_list_shows_can_be_chosen_at_once(cast, client, three):
    page = await client(cast.sam).get(
        BULK, params={"place": "at_work", "gesture": "contact", "every": "1", "etat": "accepted"}
    )
    assert "Confirmer pour 2" in page.text
    assert "Delmas" not in page.text


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"gesture": "dance", "picks": "ABC.1"}, 409),
        ({"gesture": "contact", "picks": ""}, 409),
        ({"gesture": "contact", "picks": "ABC ABC.x .."}, 409),
        ({"gesture": "contact", "picks": " ".join(f"R{n}.1" for n in range(MOST_AT_ONCE + 1))}, 409),
        ({"gesture": "task", "picks": "ABC.1", "title": "x" * 300, "due_on": "2027-01-01"}, 422),
        ({"gesture": "task", "picks": "ABC.1", "title": "Appeler", "due_on": "demain peut-être"}, 422),
    ],
)
async def test_what_makes_no_sense_has_its_answer_and_changes_nothing(cast, client, three, said, status):
    assert (await client(cast.sam).post_form(BULK, **said)).status_code == status
    assert await db.value("SELECT count(*) FROM lead_bulk") == 0


async def test_who_was_erased_meanwhile_is_said_to_be_gone(cast, client, three):
    answer = await client(cast.sam).post_form(
        BULK, gesture="contact", picks=f"{picks(three[:1])} ZZZZZZZZZZ.1"
    )
    done = (await client(cast.sam).get(answer.headers["location"])).text
    assert (thin_spaces("Contactées : 1") in done, "Elle n’est plus là." in done) == (True, True)


def test_a_gesture_that_moves_says_which_move_and_every_refusal_has_its_words():
    assert {key for key, one in GESTURES.items() if one.move} == {
        "accept",
        "contact",
        "qualify",
        "propose",
        "lose",
    }
    assert set(bulk.ACTS) == {key for key, one in GESTURES.items() if not one.move}
