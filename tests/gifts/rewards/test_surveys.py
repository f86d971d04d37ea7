"""One question at a time, answered in two taps."""

import asyncio
from datetime import timedelta

from portal.gifts.rewards import surveys
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed

PATH = "/reglages/recompenses/sondages"
QUESTION = {"question": "Et ensuite ?", "choices": "Un vélo\nUn livre\n\nUn livre\n"}


async def asked(client, cast) -> db.Row:
    assert (await client(cast.fanny).post_form(PATH, **QUESTION)).status_code == 303
    return (await surveys.surveys())[0]


async def says(client, member, survey, choice: object) -> int:
    path = f"/recompenses/sondages/{survey['ref']}/reponse"
    return (await client(member).post_form(path, choice=choice)).status_code


async def results() -> list[tuple[str, int]]:
    return [(one["label"], one["answers"]) for one in (await surveys.surveys())[0]["choices"]]


async def test_each_answer_stands_once_however_often_it_was_typed(cast, client):
    assert [one["label"] for one in (await asked(client, cast))["choices"]] == ["Un vélo", "Un livre"]


async def test_a_referrer_chooses_and_sends_and_is_asked_no_more(cast, client):
    survey, rachel = await asked(client, cast), client(cast.rachel)
    assert "Et ensuite ?" in (await rachel.get("/recompenses")).text
    assert await says(client, cast.rachel, survey, 2) == 303
    assert "Et ensuite ?" not in (await rachel.get("/recompenses")).text
    assert await results() == [("Un vélo", 0), ("Un livre", 1)]


async def test_the_first_answer_counts_also_of_two_at_once(cast, client):
    survey = await asked(client, cast)
    await asyncio.gather(*(says(client, cast.rachel, survey, choice) for choice in (1, 2)))
    await says(client, cast.mina, survey, 2)
    assert sum(count for _label, count in await results()) == 2


async def test_nothing_chosen_is_no_answer(cast, client):
    survey = await asked(client, cast)
    assert await says(client, cast.rachel, survey, "") == 303
    assert await says(client, cast.rachel, survey, 9) == 409  # no such choice
    assert await results() == [("Un vélo", 0), ("Un livre", 0)]


async def test_a_closed_question_takes_no_answer(cast, client):
    survey = await asked(client, cast)
    for _ in range(2):
        assert (await client(cast.fanny).post_form(f"{PATH}/{survey['ref']}/cloture")).status_code == 303
    assert await says(client, cast.rachel, survey, 1) == 409
    assert (await client(cast.fanny).post_form(PATH, **QUESTION)).status_code == 303  # another may be asked


async def test_a_question_is_asked_until_its_last_day(cast, client):
    survey = await asked(client, cast)
    async with deed(cast.fanny.person):
        await db.execute("UPDATE reward_survey SET until = $1", today())
    assert await surveys.asked_of(cast.rachel.referrer_id)
    async with deed(cast.fanny.person):
        await db.execute("UPDATE reward_survey SET until = $1", today() - timedelta(1))
    assert await surveys.asked_of(cast.rachel.referrer_id) is None
    assert await says(client, cast.rachel, survey, 1) == 409


async def test_one_question_at_a_time(cast, client):
    await asked(client, cast)
    answer = await client(cast.fanny).post_form(PATH, **QUESTION)
    assert answer.status_code == 422
    assert "Une autre question est posée" in answer.text


async def test_a_question_needs_two_answers_and_takes_eight(cast, client):
    for choices in ("Un vélo", "\n".join(f"Choix {number}" for number in range(9)), "a\n" + "b" * 81):
        answer = await client(cast.fanny).post_form(PATH, question="Et ensuite ?", choices=choices)
        assert answer.status_code == 422
        assert 'id="f-choices-error"' in answer.text
    assert await surveys.surveys() == []


async def test_results_are_read_and_exported(cast, client):
    survey = await asked(client, cast)
    await says(client, cast.rachel, survey, 1)
    assert "1 réponse" in (await client(cast.fanny).get(PATH)).text
    assert "Un vélo;1" in (await client(cast.fanny).get(f"{PATH}?format=csv")).text
