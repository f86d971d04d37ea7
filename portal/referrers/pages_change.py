"""What a change of status or VAT regime brings, told before it is confirmed; the same for the referrer and the staff."""

from dataclasses import dataclass
from datetime import date

from portal.company import access as company
from portal.contracts import access as contracts
from portal.invoicing import access as invoicing
from portal.kit import db
from portal.kit.days import today
from portal.kit.forms import Form
from portal.kit.text import _, day, percent
from portal.law.vat import standard_rate_percent
from portal.people.approvals import digest_of
from portal.referrers import access
from portal.referrers.rules import Standing
from portal.referrers.standing_rules import FOLLOWS, Change, change_to, follows


@dataclass(frozen=True, slots=True)
class Announced:
    """What was told; `key` comes back with the confirmation, so that nobody confirms what they were not shown."""

    lines: list[str]
    papers: list[db.Row]
    key: str


async def announced(referrer: db.Row, after: Standing, since: date) -> Announced | None:
    """None where nothing has to be told: the first standing, or the same again."""
    change = change_to(await access.standings_of(referrer["id"]), after, since)
    if not change.matters:
        return None
    papers = await invoicing.papers_against(referrer["id"], since, change.until, after)
    lines = await _lines(referrer, change, bool(papers))
    return Announced(lines, papers, digest_of([lines, str(since), [paper["id"] for paper in papers]]).hex())


async def _lines(referrer: db.Row, change: Change, papers: bool) -> list[str]:
    place = (await company.legal_entity_by(referrer["legal_entity_id"]))["place"]
    rate = standard_rate_percent(place, change.since, await company.figures())
    keys = follows(
        change, today(), rate_percent=rate, signed=await contracts.binds(referrer["id"]), papers=papers
    )
    values = {
        "since": day(change.since),
        "until": day(change.until) if change.until else "",
        "rate": percent(rate).removesuffix("%").strip() if rate is not None else "",
    }
    return [_(FOLLOWS[key]) % values for key in keys]


def agreed(form: Form, told: Announced | None) -> bool:
    """Nothing had to be told, or exactly this was, and the button under it was pressed."""
    return told is None or form.values.get("agreed") == told.key
