"""A referrer's year, as the page shows it and as it is printed."""

from typing import Any

from portal.company import access as company
from portal.jobs.printing import Paper, printed
from portal.jobs.queue import enqueue
from portal.kit import db
from portal.kit.days import today
from portal.kit.problems import NotFound
from portal.kit.templates import environment
from portal.kit.text import _, language
from portal.referrers.rules import STATUS_LABELS
from portal.taxes import access
from portal.taxes.rules import Year, is_told, year_of

KIND = "year_summary"


async def summary(referrer_id: int, year: int) -> Year:
    """Raises NotFound for a year of which nothing can be said."""
    if not is_told(year, today()):
        raise NotFound("year")
    return year_of(await access.payments_of(referrer_id, year), year, await company.figures(), today())


def paper_of(parties: db.Row, told: Year) -> Paper:
    """In the language of the reader."""
    html = environment().get_template("fiscalite/paper.html").render(**shown(parties, told), lang=language())
    stem = _("recapitulatif-%(year)s") % {"year": told.year}
    return Paper(KIND, parties["id"], f"{parties['number']}-{stem}", html)


def shown(parties: db.Row, told: Year) -> dict[str, Any]:
    return {
        "parties": parties,
        "told": told,
        "status_labels": {status: _(label) for status, label in STATUS_LABELS.items()},
    }


async def ask_for_paper(paper: Paper, year: int) -> None:
    """In a deed: print it, unless it is printed."""
    if not (await printed(paper)).file_ref:
        await enqueue(
            "taxes.print_year", key=paper.key, referrer_id=paper.referrer_id, year=year, language=language()
        )
