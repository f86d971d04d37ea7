"""A referrer who draws up their own invoices: one accepted, one refused, one taken back, one with another account, one still
to confirm."""

from dataclasses import dataclass, replace
from decimal import Decimal

from portal.company import access as company
from portal.demo import numbers, story
from portal.demo.closing import FINANCE
from portal.demo.plot import Member
from portal.demo.stage import Stage, working_day
from portal.invoicing import facturx
from portal.invoicing.papers import Paper, PaperLine
from portal.invoicing.received import access, deciding, due, receiving
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import deed
from portal.kit.pdf import render_pdf
from portal.kit.text import money

TOO_MUCH = "Le montant dépasse ce qui est dû pour cette affaire : renvoyez-la au montant affiché."
A_DAY_TOO_MANY = PaperLine(
    label="Une journée de présentation", net_cents=150_00, vat_category="S", vat_rate=Decimal(20)
)
PAGE = """<html lang=fr><title>Facture</title><h1>Facture n° {number}</h1><p>Date : {day}</p><p>{seller}<br>SIREN {siren}<br>TVA {vat}</p>
<p>Client : {buyer}, SIREN {buyer_siren}</p><p>Total HT {net}<br>TVA 20 % {tax}<br>Total TTC {total}</p>"""


@dataclass(frozen=True, slots=True)
class Sent:
    """`ago`: days back from the last one told; `answered`: so many days later, by which word."""

    ago: int
    number: str
    faulty: str = ""
    answered: tuple[int, str] | None = None


INVOICES = (
    Sent(60, "F-041", answered=(3, "accept")),
    Sent(38, "F-042", "over", answered=(2, "refuse")),
    Sent(30, "F-042-A", "other_account", answered=(1, "withdraw")),
    Sent(8, "F-042-B", "other_account"),
    Sent(2, "F-043", "on_paper"),
)


def sends(stage: Stage) -> None:
    """Put all of it on the agenda; finance has days off."""
    member = stage.plot.member(story.OWN)
    for one in INVOICES:
        stage.on(stage.plot.ago(one.ago), "", send, member, one, hour=10)
        if one.answered:
            later, word = one.answered
            day = working_day(stage.plot.ago(one.ago - later))
            who = member.who.email if word == "withdraw" else FINANCE[0]
            stage.on(day, who, ANSWERS[word], member, hour=15)


async def send(stage: Stage, member: Member, one: Sent) -> None:
    """For the latest commission that is due."""
    referrer_id, entity = stage.referrers[member.who.email], await company.legal_entity()
    assert entity is not None
    desk = await due.desk_of(referrer_id)
    latest = desk.due[0].rows[-1]["id"]
    proposal = due.picked_of(desk.due[0], desk, [latest])
    assert proposal is not None
    paper = _with_fault(due.paper_of(proposal, desk, one.number, today()), one.faulty)
    handed = await receiving.hand_in(*_written(paper, one), entity)
    async with deed(stage.people[member.who.email], notify=stage.is_loud(now())):
        await receiving.receive(referrer_id, handed, [latest])


def _with_fault(paper: Paper, faulty: str) -> Paper:
    if faulty == "over":
        return replace(paper, lines=(*paper.lines, A_DAY_TOO_MANY))
    return replace(paper, iban=numbers.iban(7_700)) if faulty == "other_account" else paper


def _written(paper: Paper, one: Sent) -> tuple[bytes, str]:
    """As its software writes it, or by an office program: the file and its name."""
    if one.faulty != "on_paper":
        return facturx.final_xml(paper), f"{one.number}.xml"
    said = PAGE.format(
        number=paper.number, day=f"{paper.issued_on:%d/%m/%Y}", seller=paper.seller.name, siren=paper.seller.siren,
        vat=paper.seller.vat_number, buyer=paper.buyer.name, buyer_siren=paper.buyer.siren,
        net=money(paper.net_cents), tax=money(paper.vat_cents), total=money(paper.gross_cents),
    )  # fmt: skip
    return render_pdf(said, created=now(), identifier=bytes(16)), f"{one.number}.pdf"


async def _waiting(stage: Stage, member: Member) -> db.Row:
    return (await access.open_of(stage.referrers[member.who.email]))[-1]


async def accept(stage: Stage, member: Member) -> None:
    await deciding.accept(await _waiting(stage, member))


async def refuse(stage: Stage, member: Member) -> None:
    await deciding.refuse(await _waiting(stage, member), "amount", TOO_MUCH)


async def withdraw(stage: Stage, member: Member) -> None:
    await receiving.withdraw(await _waiting(stage, member))


ANSWERS = {"accept": accept, "refuse": refuse, "withdraw": withdraw}
