"""What the employer and the employee are told: of each sum at once, and of the year once it is over."""

from datetime import date
from typing import Any

from portal.company import access as company
from portal.jobs.queue import enqueue
from portal.kit import db
from portal.kit.days import today
from portal.kit.templates import environment
from portal.kit.text import speaking
from portal.law.partner_employees import CONTRIBUTION_PERCENT
from portal.mail.outbox import post
from portal.referrers.access import owner_of
from portal.taxes import access as taxes
from portal.taxes.individuals.rules import waits_no_longer
from portal.taxes.keeping import Kind, YearPaper, keep, mail_key, next_turn
from portal.taxes.partners import access
from portal.taxes.partners.rules import KIND_LABELS

TEMPLATES = {
    Kind.LETTER: "fiscalite/salaries/letter.html",
    Kind.EMPLOYER: "fiscalite/salaries/employer.html",
    Kind.ATTESTATION: "fiscalite/salaries/attestation.html",
}
STEMS = {Kind.LETTER: "lettre-employeur", Kind.EMPLOYER: "employeur", Kind.ATTESTATION: "attestation"}


async def tell_of_sum(sum_id: int) -> None:
    """The employer, of one sum that reached his employee or came back."""
    one = await access.sum_by(sum_id)
    told = await _told(one["referrer_id"], one["year"], one=one, until=sum_id)
    paper = await _paper(
        Kind.LETTER, told, f"{told['parties']['number']}-{STEMS[Kind.LETTER]}-{one['on_day']}-{one['ref']}", 1
    )
    await keep(paper, _tell_employer)


async def hand_out() -> None:
    """By the clock, in a deed: of last year, once all that arrived in it is known."""
    year, day = today().year - 1, today()
    if waits_no_longer(year, day):
        for row in await access.to_tell(year):
            await ask_for(row["referrer_id"], year, Kind(row["kind"]))


async def ask_for(referrer_id: int, year: int, kind: Kind) -> None:
    key = f"taxes.make_partner_paper:{referrer_id}:{year}:{kind}"
    await enqueue("taxes.make_partner_paper", key=key, referrer_id=referrer_id, year=year, kind=kind.value)


async def make(referrer_id: int, year: int, kind: Kind) -> None:
    """The paper of a whole year, to the employer or to the employee."""
    told = await _told(referrer_id, year)
    turn = await next_turn(referrer_id, year, kind)
    stem = f"{told['parties']['number']}-{STEMS[kind]}-{year}" + (f"-{turn}" if turn > 1 else "")
    await keep(
        await _paper(kind, told, stem, turn), _tell_employer if kind is Kind.EMPLOYER else _tell_employee
    )


async def _told(
    referrer_id: int, year: int, *, one: db.Row | None = None, until: int | None = None
) -> dict[str, Any]:
    """With all that was counted in the year, up to a sum."""
    figures = await company.figures()
    sums = await access.sums_of(referrer_id, year, until)
    return {
        "parties": await taxes.parties(referrer_id), "employer": await access.employer_of(referrer_id), "year": year,
        "one": one, "sums": sums, "total": access.total_of(sums), "customary": sums[-1]["customary"],
        "money": sum(each["value_cents"] for each in sums if each["kind"] == "payment"),
        "in_kind": sum(each["value_cents"] for each in sums if each["kind"] == "reward"),
        "rate": figures.number(CONTRIBUTION_PERCENT, date(year, 1, 1)),
    }  # fmt: skip


async def _paper(kind: Kind, told: dict[str, Any], stem: str, turn: int) -> YearPaper:
    """In French: a legal paper."""
    with speaking("fr"):
        html = (
            environment()
            .get_template(TEMPLATES[kind])
            .render(**told, turn=turn, kinds=KIND_LABELS, lang="fr")
        )
    one = told["one"]
    return YearPaper(
        kind, told["parties"], told["year"], turn, stem, html, told["money"], told["in_kind"],
        told["sums"][-1]["figures"], one["id"] if one else None,
    )  # fmt: skip


async def _tell_employer(paper: db.Row, file_id: int) -> None:
    """Where no address is on file the letter waits on the page of the counter, to be posted."""
    employer = await access.employer_of(paper["referrer_id"])
    if employer["email"]:
        await _mail(
            "taxes.employer", paper, file_id, None, employer["email"], "fr", customary=employer["customary"]
        )


async def _tell_employee(paper: db.Row, file_id: int) -> None:
    owner = await owner_of(paper["referrer_id"])
    if owner:
        await _mail(
            "taxes.attestation",
            paper,
            file_id,
            owner["id"],
            owner["email"],
            owner["language"],
            name=owner["name"],
        )


async def _mail(
    kind: str, paper: db.Row, file_id: int, user_id: int | None, email: str, language: str, **values: Any
) -> None:
    one = await access.sum_by(paper["sum_id"]) if paper["sum_id"] else None
    await post(
        kind, to_user=user_id, to_email=email, language=language, subject_kind="referrer", subject_id=paper["referrer_id"],
        key=mail_key(paper), attached=(file_id,), paper=paper, one=one, parties=await taxes.parties(paper["referrer_id"]),
        total_cents=paper["money_cents"] + paper["in_kind_cents"], **values,
    )  # fmt: skip
