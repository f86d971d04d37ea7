"""A referrer's year, as the page shows it and as it is printed."""

from dataclasses import replace
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
from portal.taxes.individuals.access import given_to
from portal.taxes.partners import access as partners
from portal.taxes.rules import Nature, Part, Year, is_told, year_of

KIND = "year_summary"


async def summary(referrer_id: int, year: int) -> Year:
    """Raises NotFound for a year of which nothing can be said."""
    if not is_told(year, today()):
        raise NotFound("year")
    payments, benefits = await access.payments_of(referrer_id, year), await given_to(referrer_id, year)
    told = year_of(payments, benefits, year, await company.figures(), today())
    return replace(told, parts=[await _cut(part, referrer_id, year) for part in told.parts])


async def _cut(part: Part, referrer_id: int, year: int) -> Part:
    """The slices of an employee of a partner are those that were counted, once all is counted."""
    if part.nature is not Nature.WAGES:
        return part
    counted = await partners.counted(referrer_id, year)
    whole = counted.total_cents == part.total.total + part.in_kind
    return replace(part, slices=counted if whole else None)


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
