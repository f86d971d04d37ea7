"""What should come next? One question at a time, asked of the referrers, answered in two taps."""

from collections.abc import Sequence
from datetime import date

from portal.history.access import record
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import current
from portal.kit.problems import NotFound, Refused
from portal.kit.references import new_ref
from portal.kit.text import N_

LEAST, MOST = 2, 8
OPEN_ALREADY = N_("Une autre question est posée en ce moment : fermez-la d'abord.")
OVER = N_("Cette question n'est plus posée.")
CHOICES = """(SELECT jsonb_agg(jsonb_build_object('id', choice.id, 'position', choice.position, 'label', choice.label,
    'answers', (SELECT count(*) FROM reward_survey_answer given WHERE given.choice_id = choice.id)) ORDER BY choice.position)
  FROM reward_survey_choice choice WHERE choice.survey_id = survey.id)"""
SURVEY = f"""
SELECT survey.*, {CHOICES} AS choices, (SELECT count(*) FROM reward_survey_answer given WHERE given.survey_id = survey.id) AS answers
FROM reward_survey survey
"""
IS_ASKED = "survey.state = 'open' AND (survey.until IS NULL OR survey.until >= $1)"


async def surveys() -> list[db.Row]:
    """The latest first, each with its choices and how many chose them."""
    return await db.rows(f"{SURVEY} ORDER BY survey.id DESC")


async def survey_by(ref: str) -> db.Row:
    found = await db.row(f"{SURVEY} WHERE survey.ref = $1", ref)
    if found is None:
        raise NotFound("reward_survey")
    return found


async def asked_of(referrer_id: int) -> db.Row | None:
    """The question that waits for an answer of theirs."""
    return await db.row(
        f"""SELECT survey.ref, survey.question, {CHOICES} AS choices FROM reward_survey survey WHERE {IS_ASKED}
              AND NOT EXISTS (SELECT FROM reward_survey_answer given WHERE given.survey_id = survey.id
                              AND given.referrer_id = ANY ((SELECT ids_of($2))::bigint[]))""",
        today(), referrer_id,
    )  # fmt: skip


async def open_survey(question: str, labels: Sequence[str], until: date | None) -> db.Row:
    """Raises Refused while another is asked."""
    if await db.value("SELECT EXISTS (SELECT FROM reward_survey WHERE state = 'open')"):
        raise Refused("open_already", OPEN_ALREADY)
    survey_id = await db.insert(
        "reward_survey", ref=(ref := new_ref()), question=question, state="open", opened_at=now(), until=until,
        by_user=current().actor.user_id,
    )  # fmt: skip
    await db.copy(
        "reward_survey_choice",
        ("survey_id", "position", "label"),
        [(survey_id, position, label) for position, label in enumerate(labels, 1)],
    )
    await record("gifts.survey_opened", "reward_survey", survey_id, choices=len(labels))
    return await survey_by(ref)


async def answer(ref: str, referrer_id: int, position: int) -> bool:
    """Whether it was taken: the first answer counts. Raises Refused when nothing is asked any more."""
    choice = await db.row(
        f"""SELECT survey.id AS survey_id, choice.id FROM reward_survey survey JOIN reward_survey_choice choice ON choice.survey_id = survey.id
            WHERE {IS_ASKED} AND survey.ref = $2 AND choice.position = $3""",
        today(), ref, position,
    )  # fmt: skip
    if choice is None:
        raise Refused("survey_over", OVER)
    return bool(
        await db.execute(
            """INSERT INTO reward_survey_answer (survey_id, choice_id, referrer_id, at) VALUES ($1, $2, root_of($3), $4)
               ON CONFLICT (survey_id, referrer_id) DO NOTHING""",
            choice["survey_id"], choice["id"], referrer_id, now(),
        )
    )  # fmt: skip


async def close(survey: db.Row) -> None:
    """Harmless twice."""
    closed = await db.execute(
        "UPDATE reward_survey SET state = 'closed', closed_at = $2, version = version + 1 WHERE id = $1 AND state = 'open'",
        survey["id"], now(),
    )  # fmt: skip
    if closed:
        await record("gifts.survey_closed", "reward_survey", survey["id"])
