"""/affaires/{ref}/encaissements/{payment}/correction: a payment or a refund was written down wrongly, or never was."""

from decimal import Decimal
from typing import Any

from litestar import Request

from portal.deals import access, correcting
from portal.deals import page_refund as of_refund
from portal.deals.cashing.access import invoice_choice
from portal.deals.forms import CorrectionForm, RefundCorrectionForm
from portal.deals.rules import NATURES
from portal.kit import db
from portal.kit.deed import deed
from portal.kit.problems import NotFound, Refused
from portal.kit.text import N_, _
from portal.kit.web import Answer, again, done, get, page, post
from portal.people.rules import Person, Role

MONEY = {Role.FINANCE, Role.ADMIN}
UNKNOWN = N_("Aucune facture, ou plusieurs, ne porte ce numéro.")
FIELD_OF = {"overpaid": "amount", "net_unknown": "deal", "unknown_deal": "deal", "cancelled": "deal"}
PATH = "/affaires/{ref:str}/encaissements/{payment:str}/correction"


@get(PATH, allows=MONEY)
async def correction(person: Person, ref: str, payment: str) -> Answer:
    deal, paid = await _found(person, ref, payment)
    if paid["kind"] == "refund":
        return await of_refund.shown(deal, paid)
    form = CorrectionForm.showing(
        paid_on=paid["paid_on"].isoformat(), nature=paid["nature"], deal=paid["invoice_number"] or "",
        amount=f"{Decimal(_amount(paid)).scaleb(-2)}".replace(".", ","),
    )  # fmt: skip
    return page("affaires/correction.html", **_around(deal, paid, form))


@post(PATH, allows=MONEY)
async def keep(request: Request, person: Person, ref: str, payment: str) -> Answer:
    deal, paid = await _found(person, ref, payment)
    if paid["kind"] == "refund":
        return await of_refund.kept(person, deal, paid, await RefundCorrectionForm.read(request))
    form = await CorrectionForm.read(request)
    if not form.errors and not form.never and form.amount is None:
        form.refuse("amount", _(N_("Indiquez le montant reçu.")))
    if not form.errors:
        try:
            async with deed(person, form.once) as doing:
                await _correct(deal, paid, form)
                doing.at(f"/affaires/{deal['ref']}#encaissements")
            return done(doing)
        except Refused as no:
            form.refuse(FIELD_OF.get(no.code, ""), _(no.sentence) % no.params)
    return again("affaires/correction.html", **_around(deal, paid, form))


async def _found(person: Person, ref: str, payment: str) -> tuple[db.Row, db.Row]:
    deal = await access.deal_for(person, ref)
    paid = await access.payment_for(deal["id"], payment)
    if paid["kind"] not in correcting.CORRECTED_SO:
        raise NotFound("client_payment")
    return deal, paid


async def _correct(deal: db.Row, paid: db.Row, form: CorrectionForm) -> None:
    if form.never:
        await correcting.withdraw(deal, paid, reason=form.reason)
        return
    to_id, invoice_id = await _whither(deal, form.deal)
    amount = {"total_cents" if invoice_id else "net_cents": form.amount}
    await correcting.correct(
        deal, paid, to=await access.deal(to_id), paid_on=form.paid_on, client_invoice_id=invoice_id, nature=form.nature,
        reason=form.reason, **amount,
    )  # fmt: skip


async def _whither(deal: db.Row, typed: str) -> tuple[int, int | None]:
    """Without a word it stays with its deal."""
    if not typed:
        return deal["id"], None
    found = await invoice_choice(typed)
    if found is None:
        raise Refused("unknown_deal", UNKNOWN)
    return found["deal_id"], found["invoice_id"]


def _amount(paid: db.Row) -> int:
    """With tax where it settles an invoice, else before tax."""
    return (
        paid["total_cents"]
        if paid["client_invoice_id"] and paid["total_cents"] is not None
        else paid["net_cents"]
    )


def _around(deal: db.Row, paid: db.Row, form: CorrectionForm) -> dict[str, Any]:
    natures = [(code, _(said)) for code, said in NATURES.items()]
    return {"deal": deal, "payment": paid, "filled": form, "natures": natures, "amount_was": _amount(paid)}
