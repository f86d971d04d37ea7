"""The papers of an individual's year: the summary for the return and one page in large type, made in January, mailed."""

from portal.company import access as company
from portal.jobs.queue import enqueue
from portal.kit import db
from portal.kit.days import today
from portal.kit.templates import environment
from portal.kit.text import _, speaking
from portal.mail.outbox import post
from portal.referrers.access import owner_of
from portal.taxes import access as taxes
from portal.taxes import keeping
from portal.taxes.individuals import access
from portal.taxes.individuals.rules import change_of, may_be_made, waits_no_longer
from portal.taxes.keeping import Kind, YearPaper, keep, mail_key, next_turn
from portal.taxes.rules import Year
from portal.taxes.summaries import paper_of, summary

A_JOB = 25


async def hand_out() -> None:
    """By the clock, in a deed: last year's, once no transfer of it is under way."""
    year, day = today().year - 1, today()
    if not may_be_made(year, day):
        return
    waiting = await access.to_tell(year, all_of_them=waits_no_longer(year, day))
    for start in range(0, len(waiting), A_JOB):
        part = waiting[start : start + A_JOB]
        await enqueue(
            "taxes.make_summaries", key=f"taxes.make_summaries:{year}:{part[0]}", referrer_ids=part, year=year
        )


async def make(referrer_id: int, year: int) -> None:
    """In French: what the tax office may ask for. The page in large type first, so that the mail carries both."""
    parties, told = await taxes.parties(referrer_id), await summary(referrer_id, year)
    turn = await next_turn(referrer_id, year, Kind.SUMMARY)
    with speaking("fr"):
        await _keep_change(parties, told, turn)
        paper = paper_of(parties, told)
    stem = paper.stem + (f"-{turn}" if turn > 1 else "")
    await keep(_year_paper(Kind.SUMMARY, parties, told, turn, stem, paper.html), _tell)


async def _keep_change(parties: db.Row, told: Year, turn: int) -> None:
    change = change_of(told, await company.figures())
    if change is None:
        return
    html = environment().get_template("papers/change.html").render(
        parties=parties, told=told, change=change, lang="fr"
    )  # fmt: skip
    stem = f"{parties['number']}-{_('ce-que-cela-change-%(year)s') % {'year': told.year}}"
    await keep(
        _year_paper(Kind.CHANGE, parties, told, turn, stem + (f"-{turn}" if turn > 1 else ""), html), _nobody
    )


def _year_paper(kind: Kind, parties: db.Row, told: Year, turn: int, stem: str, html: str) -> YearPaper:
    return YearPaper(kind, parties, told.year, turn, stem, html, told.total.total, told.in_kind)


async def _nobody(_paper: db.Row, _file_id: int) -> None:
    """The mail of the summary carries it."""


async def _tell(paper: db.Row, _file_id: int) -> None:
    """Who has something to declare by themselves, of a year that is over; others find it in their space."""
    owner, both = await owner_of(paper["referrer_id"]), await keeping.files_of_turn(paper)
    if owner is None or len(both) < 2 or paper["year"] >= today().year:
        return
    await post(
        "taxes.summary", to_user=owner["id"], to_email=owner["email"], language=owner["language"], subject_kind="referrer",
        subject_id=paper["referrer_id"], key=mail_key(paper), attached=both, name=owner["name"], paper=paper,
        total_cents=paper["money_cents"] + paper["in_kind_cents"],
    )  # fmt: skip
