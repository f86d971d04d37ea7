"""Deals: what was sold, what the client was invoiced and has paid, what that earned."""

from collections.abc import Mapping, Sequence
from typing import Any

from litestar import Request

from portal.deals import access, actions, advantage, crediting
from portal.deals.expected import expected
from portal.deals.forms import CancelForm, CreditForm, InvoiceForm, PaymentForm, RefundForm, RejectionForm
from portal.deals.histories import Facts, history, right_from_the_start
from portal.deals.rules import (
    CAUSES,
    CHANGES,
    CREDITS,
    LABELS,
    NATURES,
    TONES,
    WARNINGS,
    DealState,
    invoice_amounts,
    told_by_rate,
)
from portal.earnings import access as earnings
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.invalid import Invalid
from portal.kit.listing import Cells, Column, Filter, Listing
from portal.kit.problems import NotFound, Refused, Stale
from portal.kit.sheets import euros
from portal.kit.text import N_, _, money, short_day
from portal.kit.web import Answer, again, done, get, page, post
from portal.people.rules import EVERYBODY, STAFF, Person, Role
from portal.plans.programme import advantages

MONEY = {Role.FINANCE, Role.ADMIN}
FIELD_OF = {
    "number_taken": "number", "empty_invoice": "net", "overpaid": "amount", "net_unknown": "amount",
    "refund_too_large": "net", "cancelled_when": "on", "rejected_when": "on", "nothing_left": "payment",
    "unknown_line": "lines", "amounts_unknown": "net", "amounts_differ": "total", "credit_unnumbered": "number",
    "credit_number_taken": "number", "credit_too_large": "net", "credited_when": "issued_on",
}  # fmt: skip


def _state_said(row: db.Row) -> str:
    label = LABELS[row["state"]]
    return _(label)


CELLS: Cells = {
    "title": lambda row: row["title"],
    "client": lambda row: row["client_name"],
    "referrer": lambda row: row["referrer_name"],
    "day": lambda row: row["signed_on"],
    "state": _state_said,
    "net": lambda row: euros(row["net_cents"]),
    "paid": lambda row: euros(row["paid_cents"]),
}


@get("/affaires", allows=STAFF)
async def deals(request: Request) -> Answer:
    listing = Listing.asked(
        request,
        columns=(
            Column("title", _("Affaire"), sortable=True),
            Column("client", _("Client"), sortable=True),
            Column("referrer", _("Apporteur")),
            Column("day", _("Signée le"), sortable=True),
            Column("state", _("État")),
            Column("net", _("Montant HT"), numeric=True, sortable=True),
            Column("paid", _("Encaissé HT"), numeric=True),
        ),
        filters=(
            Filter("q", _("Rechercher")),
            Filter("etat", _("État"), "select", [(code, _(label)) for code, label in LABELS.items()]),
        ),
        sort="-day",
    )
    await access.page_of(listing)
    return await listing.answer(
        "affaires/list.html",
        cells=CELLS,
        name="affaires",
        cashiers=MONEY,
        labels={code: _(said) for code, said in LABELS.items()},
        tones=TONES,
    )


@get("/affaires/{ref:str}", allows=EVERYBODY)
async def show(person: Person, ref: str) -> Answer:
    deal = await access.deal_for(person, ref)
    if person.is_staff:
        return page("affaires/show.html", **await around(person, deal))
    return page("affaires/progress.html", **await _progress(person, deal))


@post("/affaires/{ref:str}/factures", allows=STAFF)
async def invoice(request: Request, person: Person, ref: str) -> Answer:
    deal, form = await access.deal_for(person, ref), await InvoiceForm.read(request)

    async def add() -> None:
        by_rate = form.by_rate
        net_cents, vat_cents = invoice_amounts(form.net, form.vat, form.total, by_rate)
        await actions.record_invoice(
            deal, number=form.number, issued_on=form.issued_on, net_cents=net_cents, vat_cents=vat_cents, lines=form.lines,
            vat_by_rate=told_by_rate(by_rate),
        )  # fmt: skip

    return await _add(person, deal, "invoice", form, add)


@post("/affaires/{ref:str}/encaissements", allows=MONEY)
async def payment(request: Request, person: Person, ref: str) -> Answer:
    deal, form = await access.deal_for(person, ref), await PaymentForm.read(request)

    async def add() -> None:
        invoice_id = _id_of(await access.invoices_of(deal["id"]), form.invoice)
        total, net = (form.amount, None) if invoice_id else (None, form.amount)
        await actions.record_payment(
            deal, paid_on=form.paid_on, total_cents=total, net_cents=net, client_invoice_id=invoice_id, lines=form.lines,
            nature=form.nature,
        )  # fmt: skip

    return await _add(person, deal, "payment", form, add)


@post("/affaires/{ref:str}/remboursements", allows=MONEY)
async def refund(request: Request, person: Person, ref: str) -> Answer:
    deal, form = await access.deal_for(person, ref), await RefundForm.read(request)

    async def add() -> None:
        payment_id = _id_of(await access.payments_of(deal["id"]), form.payment)
        await actions.record_refund(
            deal, paid_on=form.paid_on, net_cents=form.net, refunds_id=payment_id, cause=form.cause,
            client_credit_id=await access.credit_by_ref(deal["id"], form.credit) if form.credit else None,
        )  # fmt: skip

    return await _add(person, deal, "refund", form, add)


@post("/affaires/{ref:str}/avoirs", allows=STAFF)
async def credit(request: Request, person: Person, ref: str) -> Answer:
    deal, form = await access.deal_for(person, ref), await CreditForm.read(request)

    async def add() -> None:
        invoice_id = _id_of(await access.invoices_of(deal["id"]), form.invoice)
        assert invoice_id is not None
        net_cents, vat_cents = invoice_amounts(form.net, form.vat, form.total)
        await crediting.credit(
            deal, client_invoice_id=invoice_id, kind=form.kind, number=form.number, issued_on=form.issued_on,
            net_cents=net_cents, vat_cents=vat_cents, reason=form.reason,
        )  # fmt: skip

    return await _add(person, deal, "credit", form, add)


@post("/affaires/{ref:str}/rejets", allows=MONEY)
async def rejection(request: Request, person: Person, ref: str) -> Answer:
    deal, form = await access.deal_for(person, ref), await RejectionForm.read(request)

    async def add() -> None:
        payments = await access.payments_of(deal["id"])
        payment_id = _id_of(payments, form.payment)
        rejected = next(payment for payment in payments if payment["id"] == payment_id)
        await actions.record_rejection(deal, payment=rejected, on=form.on)

    return await _add(person, deal, "rejection", form, add)


@post("/affaires/{ref:str}/annulation", allows=MONEY)
async def cancellation(request: Request, person: Person, ref: str) -> Answer:
    deal, form = await access.deal_for(person, ref), await CancelForm.read(request)

    async def add() -> None:
        if deal["version"] != form.version:
            raise Stale("stale")
        await actions.cancel(deal, on=form.on, cause=form.cause, reason=form.reason)

    return await _add(person, deal, "cancel", form, add)


async def _add(person: Person, deal: db.Row, name: str, form: Form, add: Any) -> Answer:
    """One fact added to the deal; what is refused comes back on its form, opened."""
    if form.errors:
        return again("affaires/show.html", **await around(person, deal, {name: form}))
    try:
        async with deed(person, form.once) as doing:
            await add()
            doing.at(f"/affaires/{deal['ref']}")
    except Refused as no:
        form.refuse(FIELD_OF.get(no.code, ""), _(no.sentence) % no.params)
    except Invalid as wrong:
        form.refuse("", wrong.sentence)
    else:
        return done(doing)
    return again("affaires/show.html", **await around(person, deal, {name: form}))


def _id_of(rows: list[db.Row], ref: str) -> int | None:
    """The row of this deal with that reference; a foreign one is not there."""
    if not ref:
        return None
    for row in rows:
        if row["ref"] == ref:
            return row["id"]
    raise NotFound("row")


NOTES = {  # what one notes of a deal: words, icon
    "payment": (N_("Encaissement"), "wallet"),
    "invoice": (N_("Facture au client"), "file-text"),
    "credit": (N_("Avoir ou escompte"), "receipt"),
    "refund": (N_("Remboursement au client"), "arrow-up"),
    "rejection": (N_("Prélèvement rejeté ou chèque impayé"), "ban"),
    "cancel": (N_("Annuler l'affaire"), "x"),
}
OF_MONEY = {"payment", "refund", "rejection", "cancel"}


async def around(person: Person, deal: db.Row, forms: dict[str, Form] | None = None) -> dict[str, Any]:
    """All that staff see of a deal. `forms` holds the one that came back with errors."""
    invoices, payments = await access.money_of(deal["id"])
    changes = await access.changes_of(deal["id"]) if deal["version"] > 1 else []
    standing = [one for one in payments[::-1] if one["kind"] == "payment" and not one["undone"]]
    known = dict.fromkeys([*NOTES, "advantage"]) | (forms or {})
    return {
        "deal": deal, "label": _(LABELS[deal["state"]]), "tone": TONES[deal["state"]], "today": today(),
        "changes": changes, "told": [one for one in changes if one["kind"] in CHANGES],
        "kinds": {code: _(said) for code, said in {**CHANGES, **CAUSES}.items()},
        "lines": await access.lines_of(deal["id"]), "shares": await access.shares_of(deal["id"]),
        "invoices": invoices, "payments": payments, "warnings": _words(WARNINGS),
        "paid": net_of_refunds(payments), "earned": await _earned(person, deal),
        "causes": _choices(CAUSES), "natures": _choices(NATURES), "credit_kinds": _choices(CREDITS),
        "standing": [(one["ref"], _("%(day)s, %(net)s HT") % {"day": short_day(one["paid_on"]), "net": money(one["net_cents"])}) for one in standing],
        "credits": [(one["ref"], f"{_(CREDITS[one['kind']])} {one['number']}") for invoice in invoices for one in invoice["credits"]],
        "forms": known, "notes": _notes(person, deal, invoices, standing, known),
        "advantage": advantages.told(await advantage.of_deal(deal["id"])),
        "may": {
            "pay": person.may(*MONEY), "sell": person.may(Role.SALES, Role.ADMIN),
            "share": person.may(Role.SALES, Role.ADMIN) and not payments and deal["state"] != DealState.CANCELLED,
        },
    }  # fmt: skip


def _words(said: Mapping[str, str]) -> dict[str, str]:
    return {code: _(words) for code, words in said.items()}


def _choices(said: Mapping[str, str]) -> list[tuple[str, str]]:
    return [*_words(said).items()]


def _notes(
    person: Person, deal: db.Row, invoices: Sequence[Any], standing: Sequence[Any], forms: Mapping[str, Any]
) -> list[tuple[str, str, str]]:
    """What this person may note of this deal now: name, words, icon. A form that came back stays in any case."""
    open_now = {
        "payment": True, "invoice": True, "credit": bool(invoices), "refund": bool(standing), "rejection": bool(standing),
        "cancel": deal["state"] != DealState.CANCELLED,
    }  # fmt: skip
    return [
        (name, _(words), icon) for name, (words, icon) in NOTES.items()
        if forms[name] or (open_now[name] and (name not in OF_MONEY or person.may(*MONEY)))
    ]  # fmt: skip


async def _earned(person: Person, deal: db.Row) -> dict[int | None, list[db.Row]]:
    """By client payment, what it earned; of which a referrer sees their own part."""
    earned: dict[int | None, list[db.Row]] = {}
    for row in await earnings.earnings_of_deal(person, deal["id"]):
        earned.setdefault(row["client_payment_id"], []).append(row)
    return earned


def net_of_refunds(payments: list[db.Row]) -> int:
    return sum(row["net_cents"] if row["kind"] == "payment" else -row["net_cents"] for row in payments)


async def _progress(person: Person, deal: db.Row) -> dict[str, Any]:
    """What a referrer with a share sees: amounts only as far as the company shows them."""
    shares = await access.shares_of(deal["id"])
    own = next(share for share in shares if share["referrer_id"] == person.referrer_id)
    lines, payments = await access.lines_of(deal["id"]), await access.payments_of(deal["id"])
    paid = net_of_refunds(payments)
    counted = [payment for payment in payments if payment["counts_on"] <= today()]
    return {
        "deal": deal, "label": _(LABELS[deal["state"]]), "tone": TONES[deal["state"]],
        "sees_base": await earnings.sight_of(person) == "base",
        "lines": lines, "payments": payments, "paid": paid,
        "percent": own["weight"] * 100 / sum(share["weight"] for share in shares),
        "advantage": advantages.told(await advantage.of_deal(deal["id"])),
        "shared": len(shares) > 1, "signed": own["contract_id"] is not None,
        "earned": await _earned(person, deal),
        "expected": await expected(deal, own, paid, right_from_the_start(history(deal, Facts(shares, lines, money=counted)))),
    }  # fmt: skip
