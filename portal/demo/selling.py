"""Recommendations and what becomes of them: answered, signed, invoiced, paid, refunded, cancelled, by the verbs."""

from dataclasses import dataclass, fields, replace
from datetime import timedelta

from portal.deals import access as deal_access
from portal.deals import actions as deals
from portal.deals import advantage, changing
from portal.deals.rules import DealState, NewLine
from portal.demo.cast import STAFF
from portal.demo.plot import Recommendation
from portal.demo.stage import Stage, working_day
from portal.demo.story import AMENDMENT, CANCELLATIONS, CORRECTION, REASONS
from portal.kit import db
from portal.kit.days import today
from portal.kit.money import percentage_of
from portal.law.vat import standard_rate_percent
from portal.leads import access, actions
from portal.leads.rules import consent_code

ACCOUNTING = STAFF[3].email


@dataclass(slots=True)
class Lead:
    """A recommendation that is told, and its row."""

    told: Recommendation
    lead_id: int


async def recommend(stage: Stage, told: Recommendation) -> None:
    prospect, on = told.prospect, today() - timedelta(told.told_late)
    made = await actions.submit(
        stage.referrers[told.by.who.email], company_name=prospect.name, siren=prospect.siren, contact_name=prospect.contact,
        contact_email=prospect.email, contact_phone=prospect.phone, need=prospect.need,
        estimate_cents=told.net_cents if prospect.need else None, consent=consent_code("spoken", on), recommended_on=on,
    )  # fmt: skip
    _foretell(stage, Lead(told, made["id"]))


def _foretell(stage: Stage, lead: Lead) -> None:
    """The steps of its fate, each on a working day."""
    day = today()
    for hour, (step, delay) in enumerate(lead.told.fate.steps, 10):
        day = working_day(day + timedelta(delay))
        if step == "sign":
            stage.on(day, lead.told.by.sales, sign, lead, hour=hour)
        else:
            stage.on(day, _who(step, lead), move, lead, step, hour=hour)
    for author, shared, words in lead.told.notes:
        who = lead.told.by.sales if author == "sales" else lead.told.by.who.email
        stage.on(today() + timedelta(2), who, note, lead, words, shared, hour=16)


def _who(step: str, lead: Lead) -> str:
    return {"withdraw": lead.told.by.who.email, "expire": "clock"}.get(step, lead.told.by.sales)


async def move(stage: Stage, lead: Lead, name: str) -> None:
    reasons = REASONS.get(name, ("",))
    reason = reasons[lead.lead_id % len(reasons)]
    await actions.move(await access.lead(lead.lead_id), name, reason=reason)


async def note(_stage: Stage, lead: Lead, words: str, shared: bool) -> None:
    await actions.note(await access.lead(lead.lead_id), words, shared=shared)


async def sign(stage: Stage, lead: Lead) -> None:
    told = lead.told
    products = {row["key"]: row["id"] for row in await db.rows("SELECT id, key FROM product")}
    lines = [NewLine(label, cents, products[product]) for product, label, cents in told.lines]
    title = f"{told.offer.title} – {told.prospect.name}"
    deal = await deals.sign(await access.lead(lead.lead_id), title=title, signed_on=today(), lines=lines)
    for delay, net, of_lines in told.billed:
        stage.on(
            working_day(today() + timedelta(delay)), ACCOUNTING, invoice, told, deal["id"], net, of_lines
        )
    for what, delay, how in told.payer.then:
        stage.on(
            working_day(today() + timedelta(delay)), ACCOUNTING, AFTERWARDS[what], deal["id"], how, hour=15
        )


async def invoice(
    stage: Stage, told: Recommendation, deal_id: int, net: int, of_lines: tuple[int, ...]
) -> None:
    deal = await deal_access.deal(deal_id)
    if deal["state"] == DealState.CANCELLED:
        return
    assert stage.figures is not None
    rate = standard_rate_percent("metropole", today(), stage.figures)
    assert rate is not None
    invoice_id = await deals.record_invoice(
        deal,
        number=stage.next_invoice(today()),
        issued_on=today(),
        net_cents=net,
        vat_cents=percentage_of(net, rate),
        lines=of_lines,
    )
    for delay, part in told.payer.pays:
        day = told.paid_on or working_day(today() + timedelta(delay))
        stage.on(day, ACCOUNTING, pay, deal_id, invoice_id, part, hour=11)


async def pay(_stage: Stage, deal_id: int, invoice_id: int, part: int) -> None:
    deal = await deal_access.deal(deal_id)
    if deal["state"] == DealState.CANCELLED:
        return
    paid = await db.row("SELECT net_cents, total_cents FROM client_invoice WHERE id = $1", invoice_id)
    assert paid is not None
    await deals.record_payment(
        deal, paid_on=today(), client_invoice_id=invoice_id,
        net_cents=paid["net_cents"] * part // 100, total_cents=paid["total_cents"] * part // 100,
    )  # fmt: skip


async def refund(_stage: Stage, deal_id: int, percent: str) -> None:
    deal = await deal_access.deal(deal_id)
    net = await deal_access.paid_net(deal_id) * int(percent) // 100
    if net:
        await deals.record_refund(deal, paid_on=today(), net_cents=net)


async def cancel(_stage: Stage, deal_id: int, cause: str) -> None:
    deal = await deal_access.deal(deal_id)
    await deals.cancel(deal, on=today(), cause=cause, reason=CANCELLATIONS[cause])


async def announce(_stage: Stage, deal_id: int, days: str) -> None:
    """The bank has told of a payment of a day to come."""
    deal = await deal_access.deal(deal_id)
    await deals.record_payment(deal, paid_on=today() + timedelta(int(days)), net_cents=deal["net_cents"] // 2)


async def reject(_stage: Stage, deal_id: int, _how: str) -> None:
    """The bank takes the latest payment back."""
    payment = await db.row(
        "SELECT * FROM client_payment WHERE deal_id = $1 AND kind = 'payment' ORDER BY id DESC LIMIT 1",
        deal_id,
    )
    assert payment is not None
    await deals.record_rejection(await deal_access.deal(deal_id), payment=payment, on=today())


async def pay_again(_stage: Stage, deal_id: int, _how: str) -> None:
    deal = await deal_access.deal(deal_id)
    left = deal["net_cents"] - await deal_access.paid_net(deal_id)
    await deals.record_payment(deal, paid_on=today(), net_cents=left)


async def correct(_stage: Stage, deal_id: int, _how: str) -> None:
    """A tenth of the first line was the last one's all along."""
    lines = await _lines(deal_id)
    moved = lines[0].net_cents // 10
    lines[0] = replace(lines[0], net_cents=lines[0].net_cents - moved)
    lines[-1] = replace(lines[-1], net_cents=lines[-1].net_cents + moved)
    await changing.correct(await deal_access.deal(deal_id), lines, reason=CORRECTION)


async def amend(_stage: Stage, deal_id: int, words: str) -> None:
    """As much again as half of the last line."""
    lines = await _lines(deal_id)
    more = replace(lines[-1], label=words, net_cents=lines[-1].net_cents // 2)
    await changing.amend(await deal_access.deal(deal_id), [*lines, more], on=today(), reason=AMENDMENT)


async def _lines(deal_id: int) -> list[NewLine]:
    names = [field.name for field in fields(NewLine)]
    return [NewLine(**{name: line[name] for name in names}) for line in await deal_access.lines_of(deal_id)]


async def grant(_stage: Stage, deal_id: int, _how: str) -> None:
    """What the client was promised when they were recommended."""
    await advantage.grant(await deal_access.deal(deal_id), today())


AFTERWARDS = {
    act.__name__: act for act in (refund, cancel, announce, reject, pay_again, correct, amend, grant)
}
