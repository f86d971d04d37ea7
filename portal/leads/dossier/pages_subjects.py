"""What a task or a file is about, by the first word of its address and through its own door."""

from litestar import Request

from portal.deals import access as deals
from portal.kit import db
from portal.leads import access as leads
from portal.leads.dossier.access import Subject
from portal.people.rules import Person
from portal.referrers import access as referrers

KINDS = {"recommandations": "lead", "affaires": "deal", "apporteurs": "referrer"}
NAMES = {"lead": "company_name", "deal": "title", "referrer": "name"}
DOORS = {"lead": leads.lead_for, "deal": deals.deal_for, "referrer": referrers.referrer_for}


def paths(*words: str, of: str) -> list[str]:
    """The address of `of` under each of these words."""
    return [f"/{word}/{{ref:str}}/{of}" for word in words]


async def subject_for(request: Request, person: Person, ref: str) -> tuple[Subject, db.Row]:
    """Raises NotFound when it is not theirs."""
    word = request.scope["path"].split("/")[1]
    kind = KINDS[word]
    row = await DOORS[kind](person, ref)
    return Subject(kind, row["id"], f"/{word}/{ref}"), row


def name_of(subject: Subject, row: db.Row) -> str:
    return row[NAMES[subject.kind]]
