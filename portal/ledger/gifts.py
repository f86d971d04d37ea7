"""What is posted for gifts, rewards and barters. Pure; the examples are written as a bookkeeper writes them and are
executed by the tests. Invoices of suppliers of gifts are booked elsewhere, TTC, where `gifts_bought` stands.

The running examples: a speaker of 60.00 TTC with 10.00 of VAT, sent for 6.00; a barter of 120.00 TTC."""

from datetime import date

from portal.ledger.book import Book
from portal.ledger.rules import Entry

COST = {"remuneration": "rewards_cost", "liberality": "gifts_bought"}
"""Where the cost of a gift stands by its character: what was earned is no gift (LAW §13.5)."""


def reward_given(
    entity_id: int, referrer_id: int, gift_id: int, value_cents: int, cost_cents: int, on: date
) -> Entry:
    """What a recommendation earned in kind: a benefit of the referrer, and a cost that is no gift. Taken back below zero;
    what was sold by barter has no cost here.

    >>> print(booked(reward_given(1, 5, 7, 60_00, 66_00, DAY)))
    Dr benefits_expense           60.00
    Dr rewards_cost               66.00
       Cr benefits                   60.00
       Cr gifts_bought               66.00
    """
    book = Book(entity_id, referrer_id).ours("benefits_expense", value_cents).theirs("benefits", -value_cents)
    book.ours("rewards_cost", cost_cents).ours("gifts_bought", -cost_cents)
    return book.entry("reward_given", f"gift:{gift_id}:given", on)


def gift_vat(entity_id: int, gift_id: int, line_id: int, cents: int, on: date, character: str) -> Entry:
    """VAT of a gift that is deducted, or given back below zero, once the threshold is passed.

    >>> print(booked(gift_vat(1, 7, 3, 10_00, DAY, "liberality")))
    Dr vat_deductible             10.00
       Cr gifts_bought               10.00
    >>> print(booked(gift_vat(1, 7, 4, -10_00, DAY, "remuneration")))
    Dr rewards_cost               10.00
       Cr vat_deductible             10.00
    """
    book = Book(entity_id, 0).ours("vat_deductible", cents).ours(COST[character], -cents)
    return book.entry("gift_vat", f"gift:{gift_id}:vat:{line_id}", on)


def barter_bought(
    entity_id: int, referrer_id: int, invoice_id: int, net_cents: int, vat_cents: int, on: date
) -> Entry:
    """The referrer's service, paid in kind on the day. Below zero for a credit note.

    >>> print(booked(barter_bought(1, 5, 8, 100_00, 20_00, DAY)))
    Dr rewards_cost              100.00
    Dr vat_deductible             20.00
       Cr barter                    120.00
    """
    book = Book(entity_id, referrer_id).ours("rewards_cost", net_cents).ours("vat_deductible", vat_cents)
    return book.theirs("barter", -net_cents - vat_cents).entry(
        "barter_bought", f"invoice:{invoice_id}:issued", on
    )


def barter_sold(
    entity_id: int, referrer_id: int, invoice_id: int, net_cents: int, vat_cents: int, on: date
) -> Entry:
    """What the company gives for it, sold. Below zero for a credit note.

    >>> print(booked(barter_sold(1, 5, 9, 100_00, 20_00, DAY)))
    Dr barter                    120.00
       Cr sales                     100.00
       Cr vat_collected              20.00
    """
    book = Book(entity_id, referrer_id).theirs("barter", net_cents + vat_cents)
    return (
        book.ours("sales", -net_cents)
        .ours("vat_collected", -vat_cents)
        .entry("barter_sold", f"invoice:{invoice_id}:issued", on)
    )


def goods_sold(entity_id: int, invoice_id: int, cost_cents: int, vat_cents: int, on: date) -> Entry:
    """What was sold was bought: its VAT is deducted, its cost is that of a sale and of no gift. `cost_cents` is TTC.

    >>> print(booked(goods_sold(1, 9, 96_00, 16_00, DAY)))
    Dr goods_sold                 80.00
    Dr vat_deductible             16.00
       Cr gifts_bought               96.00
    """
    book = Book(entity_id, 0).ours("goods_sold", cost_cents - vat_cents).ours("vat_deductible", vat_cents)
    return book.ours("gifts_bought", -cost_cents).entry("goods_sold", f"invoice:{invoice_id}:cost", on)
