"""The page on which a refund is put right: shown, and kept."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from portal.deals import access, correcting
from portal.deals.forms import RefundCorrectionForm
from portal.deals.rules import CAUSES, CREDITS
from portal.kit import db
from portal.kit.deed import deed
from portal.kit.problems import NotFound, Refused
from portal.kit.text import N_, _, money, short_day
from portal.kit.web import Answer, again, done, page
from portal.people.rules import Person

AMOUNT_MISSING = N_("Indiquez le montant remboursé.")
TEMPLATE = "affaires/refund_correction.html"
FIELD_OF = {"refund_too_large": "net", "paid_too_much": "never"}


async def shown(deal: db.Row, refund: db.Row) -> Answer:
    paid, credits = await _paid(deal), await access.credits_of(deal["id"])
    form = RefundCorrectionForm.showing(
        paid_on=refund["paid_on"].isoformat(), net=f"{Decimal(refund['net_cents']).scaleb(-2)}".replace(".", ","),
        payment=_ref_of(paid, refund["refunds_id"]), credit=_ref_of(credits, refund["client_credit_id"]), cause=refund["cause"],
    )  # fmt: skip
    return page(TEMPLATE, **_around(deal, refund, form, paid, credits))


async def kept(person: Person, deal: db.Row, refund: db.Row, form: RefundCorrectionForm) -> Answer:
    paid, credits = await _paid(deal), await access.credits_of(deal["id"])
    if not form.errors and not form.never and form.net is None:
        form.refuse("net", _(AMOUNT_MISSING))
    if not form.errors:
        try:
            async with deed(person, form.once) as doing:
                await _correct(deal, refund, form, paid, credits)
                doing.at(f"/affaires/{deal['ref']}#encaissements")
            return done(doing)
        except Refused as no:
            form.refuse(FIELD_OF.get(no.code, ""), _(no.sentence) % no.params)
    return again(TEMPLATE, **_around(deal, refund, form, paid, credits))


Rows = Sequence[db.Row]


async def _correct(
    deal: db.Row, refund: db.Row, form: RefundCorrectionForm, paid: Rows, credits: Rows
) -> None:
    if form.never or form.net is None:
        await correcting.withdraw(deal, refund, reason=form.reason)
        return
    await correcting.correct_refund(
        deal, refund, paid_on=form.paid_on, net_cents=form.net, refunds_id=_id_of(paid, form.payment), cause=form.cause,
        client_credit_id=_id_of(credits, form.credit), reason=form.reason,
    )  # fmt: skip


async def _paid(deal: db.Row) -> Rows:
    """What the client paid and that still stands."""
    return [
        one for one in await access.payments_of(deal["id"]) if one["kind"] == "payment" and not one["undone"]
    ]


def _ref_of(rows: Rows, row_id: int | None) -> str:
    return next((row["ref"] for row in rows if row["id"] == row_id), "")


def _id_of(rows: Rows, ref: str) -> int | None:
    """A foreign one is not there."""
    if not ref:
        return None
    for row in rows:
        if row["ref"] == ref:
            return row["id"]
    raise NotFound("row")


def _around(
    deal: db.Row, refund: db.Row, form: RefundCorrectionForm, paid: Rows, credits: Rows
) -> dict[str, Any]:
    return {
        "deal": deal, "refund": refund, "filled": form, "causes": [(code, _(said)) for code, said in CAUSES.items()],
        "standing": [(one["ref"], _("%(day)s, %(net)s HT") % {"day": short_day(one["paid_on"]), "net": money(one["net_cents"])}) for one in paid],
        "credits": [(one["ref"], f"{_(CREDITS[one['kind']])} {one['number']}") for one in credits],
    }  # fmt: skip
