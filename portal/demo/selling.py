"""Recommendations and what becomes of them: answered, signed, invoiced, paid, refunded, cancelled, by the verbs."""

from dataclasses import dataclass
from datetime import timedelta

from portal.deals import access as deal_access
from portal.deals import actions as deals
from portal.deals.rules import DealState, NewLine
from portal.demo.cast import STAFF
from portal.demo.plot import Recommendation
from portal.demo.stage import Stage, working_day
from portal.demo.story import CANCELLATIONS, REASONS
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
    for delay, percent in told.offer.billed:
        stage.on(working_day(today() + timedelta(delay)), ACCOUNTING, invoice, told, deal["id"], percent)
    for what, delay, how in told.payer.then:
        stage.on(
            working_day(today() + timedelta(delay)), ACCOUNTING, AFTERWARDS[what], deal["id"], how, hour=15
        )


async def invoice(stage: Stage, told: Recommendation, deal_id: int, percent: int) -> None:
    deal = await deal_access.deal(deal_id)
    if deal["state"] == DealState.CANCELLED:
        return
    net = told.net_cents * percent // 100
    assert stage.figures is not None
    rate = standard_rate_percent("metropole", today(), stage.figures)
    assert rate is not None
    invoice_id = await deals.record_invoice(
        deal,
        number=stage.next_invoice(today()),
        issued_on=today(),
        net_cents=net,
        vat_cents=percentage_of(net, rate),
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


AFTERWARDS = {act.__name__: act for act in (refund, cancel, announce)}
