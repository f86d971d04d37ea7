"""What is posted for what happens. Pure; each example is written as a bookkeeper writes it and is executed by the tests.

The running example: a commission of 360.00 HT, VAT 20 % = 72.00, transfer of 432.00. Amounts are given as positive
cents HT unless a name says otherwise."""

from collections.abc import Mapping
from datetime import date

from portal.ledger.book import Book
from portal.ledger.rules import Entry, Unit

# Commissions


def commission_earned(
    entity_id: int, referrer_id: int, earning_id: int, amount_cents: int, on: date
) -> Entry:
    """A client paid and the plan owes; to be confirmed until its day.

    >>> print(booked(commission_earned(1, 5, 34, 360_00, DAY)))
    Dr earned                    360.00
       Cr held                      360.00
    """
    book = Book(entity_id, referrer_id).move(amount_cents, "earned", "held")
    return book.entry("commission_earned", f"earning:{earning_id}:earned", on)


def hold_released(entity_id: int, referrer_id: int, earning_id: int, amount_cents: int, on: date) -> Entry:
    """The day has come. A negative amount is what was taken back while held: it leaves with what it takes back.

    >>> print(booked(hold_released(1, 5, 34, 360_00, DAY)))
    Dr held                      360.00
       Cr due                       360.00
    >>> print(booked(hold_released(1, 5, 35, -100_00, DAY)))
    Dr due                       100.00
       Cr held                      100.00
    """
    book = Book(entity_id, referrer_id).move(amount_cents, "held", "due")
    return book.entry("hold_released", f"earning:{earning_id}:released", on)


def commission_taken_back(
    entity_id: int, referrer_id: int, earning_id: int, amount_cents: int, on: date, *, held: bool = False
) -> Entry:
    """The client was refunded. What is still held leaves `held`; all else is deducted from what is due, which goes
    below zero, to be owed, when nothing is due: the next paper or a credit note settles it.

    >>> print(booked(commission_taken_back(1, 5, 36, 90_00, DAY, held=True)))
    Dr held                       90.00
       Cr taken_back                 90.00
    >>> print(booked(commission_taken_back(1, 5, 36, 90_00, DAY)))
    Dr due                        90.00
       Cr taken_back                 90.00
    """
    book = Book(entity_id, referrer_id).move(amount_cents, "held" if held else "due", "taken_back")
    return book.entry("commission_taken_back", f"earning:{earning_id}:taken_back", on)


def written_off(
    entity_id: int, referrer_id: int, decision_id: int, amount_cents: int, on: date, reason: str
) -> Entry:
    """The contract ended and what he owes is given up by a named decision. VAT stays to be regularised with the tax office.

    >>> print(booked(written_off(1, 5, 3, 360_00, DAY, "fin de contrat")))
    Dr written_off               360.00
       Cr owes                      360.00
    """
    book = Book(entity_id, referrer_id).move(amount_cents, "written_off", "owes")
    return book.entry("written_off", f"write_off:{decision_id}:decided", on, reason)


def referrer_merged(
    entity_id: int,
    joins_id: int,
    stays_id: int,
    balances: Mapping[str, int],
    on: date,
    unit: Unit = "EUR_CENT",
) -> Entry:
    """One file joins another of the same person: what stood on each account of the one stands on the same of the other.
    `balances` by role, `+` debit. Nothing changes for the company.

    >>> print(booked(referrer_merged(1, 7, 5, {"earned": 360_00, "due": -360_00}, DAY)))
    Dr due                       360.00
    Dr earned                    360.00
       Cr earned                    360.00
       Cr due                       360.00
    """
    joins, stays = Book(entity_id, joins_id, unit), Book(entity_id, stays_id, unit)
    for role, balance in sorted(balances.items()):
        joins.theirs(role, -balance)
        stays.theirs(role, balance)
    book = Book(entity_id, stays_id, unit)
    book.lines = sorted((*joins.lines, *stays.lines), key=lambda line: -line.amount)
    return book.entry("referrer_merged", f"referrer:{joins_id}:merged:{stays_id}:{unit}", on)


# Papers


def invoice_issued(
    entity_id: int,
    referrer_id: int,
    invoice_id: int,
    net_cents: int,
    vat_cents: int,
    on: date,
    on_debits: bool = False,
) -> Entry:
    """An invoice or a receipt takes what is due. Its VAT waits until it is paid; with the option for débits it is
    deductible at once (CGI 269-2-c).

    >>> print(booked(invoice_issued(1, 5, 7, 360_00, 72_00, DAY)))
    Dr due                       360.00
    Dr vat_pending                72.00
       Cr invoiced                  360.00
       Cr vat_invoiced               72.00
    >>> print(booked(invoice_issued(1, 5, 7, 360_00, 72_00, DAY, on_debits=True)))
    Dr due                       360.00
    Dr vat_deductible             72.00
       Cr invoiced                  360.00
       Cr vat_invoiced               72.00
    """
    book = Book(entity_id, referrer_id).move(net_cents, "due", "invoiced")
    book.ours("vat_deductible" if on_debits else "vat_pending", vat_cents).theirs("vat_invoiced", -vat_cents)
    return book.entry("invoice_issued", f"invoice:{invoice_id}:issued", on)


def credit_note_issued(
    entity_id: int, referrer_id: int, invoice_id: int, net_cents: int, vat_cents: int, on: date,
    on_debits: bool = False, *, paid: bool = False,
) -> Entry:  # fmt: skip
    """A credit note to an invoice, at its VAT: it fills what was taken back from `due`. The invoice not yet sent to
    the bank shrinks; the one sent or paid already leaves a debt, to be set off on a later transfer.

    >>> print(booked(credit_note_issued(1, 5, 8, 360_00, 72_00, DAY)))
    Dr invoiced                  360.00
    Dr vat_invoiced               72.00
       Cr due                       360.00
       Cr vat_pending                72.00
    >>> print(booked(credit_note_issued(1, 5, 8, 360_00, 72_00, DAY, paid=True)))
    Dr owes                      360.00
    Dr vat_owes                   72.00
       Cr due                       360.00
       Cr vat_deductible             72.00
    """
    book = Book(entity_id, referrer_id).move(net_cents, "owes" if paid else "invoiced", "due")
    book.theirs("vat_owes" if paid else "vat_invoiced", vat_cents)
    book.ours("vat_deductible" if paid or on_debits else "vat_pending", -vat_cents)
    return book.entry("credit_note_issued", f"invoice:{invoice_id}:issued", on)


def vat_self_assessed(entity_id: int, invoice_id: int, amount_cents: int, on: date) -> Entry:
    """The supplier is abroad: the company owes the VAT in its stead, and deducts it the same day (CGI 283-2, 271-II-1-d).
    A negative amount is that of a credit note.

    >>> print(booked(vat_self_assessed(1, 7, 72_00, DAY)))
    Dr vat_deductible             72.00
       Cr vat_self_assessed          72.00
    """
    book = Book(entity_id, 0).ours("vat_deductible", amount_cents).ours("vat_self_assessed", -amount_cents)
    return book.entry("vat_self_assessed", f"invoice:{invoice_id}:self_assessed", on)


# Transfers: net and VAT are what is transferred; set_off is what a credit note takes from the invoices of the line


def payout_sent(
    entity_id: int, referrer_id: int, line_id: int, net_cents: int, vat_cents: int, on: date,
    *, set_off_net_cents: int = 0, set_off_vat_cents: int = 0,
) -> Entry:  # fmt: skip
    """The transfer is with the bank. Here 360.00 HT, and an invoice of 360.00 of which 100.00 settle a credit note.

    >>> print(booked(payout_sent(1, 5, 9, 360_00, 72_00, DAY)))
    Dr invoiced                  360.00
    Dr vat_invoiced               72.00
       Cr in_transit                360.00
       Cr vat_in_transit             72.00
    >>> print(booked(payout_sent(1, 5, 9, 260_00, 52_00, DAY, set_off_net_cents=100_00, set_off_vat_cents=20_00)))
    Dr invoiced                  360.00
    Dr vat_invoiced               72.00
       Cr in_transit                260.00
       Cr owes                      100.00
       Cr vat_in_transit             52.00
       Cr vat_owes                   20.00
    """
    book = Book(entity_id, referrer_id)
    book.theirs("invoiced", net_cents + set_off_net_cents).theirs("in_transit", -net_cents)
    book.theirs("owes", -set_off_net_cents)
    book.theirs("vat_invoiced", vat_cents + set_off_vat_cents).theirs("vat_in_transit", -vat_cents)
    book.theirs("vat_owes", -set_off_vat_cents)
    return book.entry("payout_sent", f"payout_line:{line_id}:sent", on)


def payout_settled(
    entity_id: int, referrer_id: int, line_id: int, net_cents: int, vat_cents: int, on: date, on_debits: bool = False,
    *, set_off_vat_cents: int = 0, withheld_cents: int = 0,
) -> Entry:  # fmt: skip
    """The bank has paid. The VAT of the invoices becomes deductible, the part that was set off included; what is
    withheld (CGI 182 B) is paid too, to the tax office.

    >>> print(booked(payout_settled(1, 5, 9, 360_00, 72_00, DAY)))
    Dr in_transit                360.00
    Dr vat_in_transit             72.00
    Dr paid_out                  360.00
    Dr vat_deductible             72.00
       Cr bank                      432.00
       Cr paid                      360.00
       Cr vat_pending                72.00
    >>> print(booked(payout_settled(1, 5, 9, 400_00, 0, DAY, withheld_cents=100_00)))
    Dr in_transit                400.00
    Dr paid_out                  400.00
       Cr bank                      300.00
       Cr withholding               100.00
       Cr paid                      400.00
    """
    book = Book(entity_id, referrer_id)
    book.theirs("in_transit", net_cents).theirs("vat_in_transit", vat_cents)
    book.ours("bank", withheld_cents - net_cents - vat_cents).ours("withholding", -withheld_cents)
    book.ours("paid_out", net_cents).theirs("paid", -net_cents)
    if not on_debits:
        becomes_deductible = vat_cents + set_off_vat_cents
        book.ours("vat_deductible", becomes_deductible).ours("vat_pending", -becomes_deductible)
    return book.entry("payout_settled", f"payout_line:{line_id}:settled", on)


def payout_returned(
    entity_id: int, referrer_id: int, line_id: int, net_cents: int, vat_cents: int, on: date,
    *, set_off_net_cents: int = 0, set_off_vat_cents: int = 0,
) -> Entry:  # fmt: skip
    """The bank could not pay, or the line was cancelled after it was sent: all stands again as before.
    A transfer that had arrived is undone by reversing its settlement first (`posting.reverse`).

    >>> print(booked(payout_returned(1, 5, 9, 360_00, 72_00, DAY)))
    Dr in_transit                360.00
    Dr vat_in_transit             72.00
       Cr invoiced                  360.00
       Cr vat_invoiced               72.00
    """
    sent = payout_sent(
        entity_id, referrer_id, line_id, -net_cents, -vat_cents, on,
        set_off_net_cents=-set_off_net_cents, set_off_vat_cents=-set_off_vat_cents,
    )  # fmt: skip
    return Entry("payout_returned", f"payout_line:{line_id}:returned", on, "payout_line", line_id, sent.lines)


def contribution_due(entity_id: int, invoice_id: int, amount_cents: int, on: date) -> Entry:
    """The company's flat contribution on what it pays to the employee of a partner (CSS L242-1-4).

    >>> print(booked(contribution_due(1, 7, 72_00, DAY)))
    Dr contributions_expense      72.00
       Cr contributions_due          72.00
    """
    book = (
        Book(entity_id, 0)
        .ours("contributions_expense", amount_cents)
        .ours("contributions_due", -amount_cents)
    )
    return book.entry("contribution_due", f"invoice:{invoice_id}:contribution", on)


def contribution_counted(entity_id: int, sum_id: int, amount_cents: int, on: date) -> Entry:
    """What a sum or a reward that has reached them adds to what its paper had booked; below zero: the paper booked more.

    >>> print(booked(contribution_counted(1, 7, 45_31, DAY)))
    Dr contributions_expense      45.31
       Cr contributions_due          45.31
    """
    book = (
        Book(entity_id, 0)
        .ours("contributions_expense", amount_cents)
        .ours("contributions_due", -amount_cents)
    )
    return book.entry("contribution_due", f"third_party_sum:{sum_id}:contribution", on)
