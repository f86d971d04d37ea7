"""Words of the register, and the VAT of what one person is given in a calendar year. Pure.

Goods are added up, TTC with packaging and shipping. Up to the threshold all their VAT is deducted; past it none, and
what was deducted is given back (LAW §1.1). Multi-purpose vouchers carry no VAT; the exclusion is of goods, so that the
VAT of services stays deducted. What a barter sold was not given."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import accumulate

from portal.gifts.rewards.rules import Nature
from portal.kit.money import Cents
from portal.kit.text import N_
from portal.law import Figures
from portal.law.gifts import VAT_THRESHOLD, vat_is_deductible


class Character(StrEnum):
    REMUNERATION = "remuneration"  # for a recommendation
    LIBERALITY = "liberality"  # for nothing: a true gift


CHARACTERS = {
    Character.REMUNERATION: N_("Récompense"),
    Character.LIBERALITY: N_("Cadeau"),
}
NATURES = {
    Nature.GOOD: N_("Bien"),
    Nature.VOUCHER: N_("Carte cadeau multi-enseignes"),
    Nature.SERVICE: N_("Service ou sortie"),
}


@dataclass(frozen=True, slots=True)
class Cost:
    """Cents TTC; `vat_cents` is the VAT in all three."""

    price_cents: Cents
    packaging_cents: Cents
    shipping_cents: Cents
    vat_rate: Decimal
    vat_cents: Cents

    @property
    def total_cents(self) -> Cents:
        return self.price_cents + self.packaging_cents + self.shipping_cents


# The VAT of one person's calendar year


class VatKind(StrEnum):
    DEDUCTED = "deducted"
    GIVEN_BACK = "given_back"  # past the threshold
    RESTORED = "restored"  # below it again, by a correction or a new threshold
    UNDONE = "undone"  # the gift itself was taken back


VAT_KINDS = {
    VatKind.DEDUCTED: N_("TVA déduite"),
    VatKind.GIVEN_BACK: N_("TVA reversée : seuil dépassé"),
    VatKind.RESTORED: N_("TVA à nouveau déduite"),
    VatKind.UNDONE: N_("TVA annulée avec le cadeau"),
}


@dataclass(frozen=True, slots=True)
class Given:
    """A gift of the person's year. `deducted_cents`: what its VAT lines sum to; `is_known`: it has had one."""

    id: int
    given_on: date
    cost_cents: Cents
    vat_cents: Cents
    nature: Nature
    sold: bool = False
    taken_back: bool = False
    deducted_cents: Cents = 0
    is_known: bool = False

    @property
    def counts(self) -> bool:
        return self.nature is Nature.GOOD and not self.sold and not self.taken_back


@dataclass(frozen=True, slots=True)
class VatMove:
    """What has to be written of one gift. `fact_on`: the day that brought it about."""

    gift_id: int
    kind: VatKind
    cents: Cents
    fact_on: date


def year_total(gifts: Iterable[Given]) -> Cents:
    return sum(gift.cost_cents for gift in gifts if gift.counts)


def threshold_day(gifts: Sequence[Given]) -> date:
    """The figure of the day of the year's last gift rules: the year is judged as a whole."""
    counted = [gift.given_on for gift in gifts if gift.counts]
    return max(counted, default=gifts[-1].given_on)


def threshold_cents(day: date, figures: Figures) -> Cents:
    return int(figures.number(VAT_THRESHOLD, day) * 100)


def crossed_on(gifts: Sequence[Given], figures: Figures) -> date | None:
    """The day of the gift that passed the threshold; None while all is within."""
    counted = sorted((gift for gift in gifts if gift.counts), key=lambda gift: (gift.given_on, gift.id))
    if not counted:
        return None
    day = threshold_day(counted)
    totals = accumulate(gift.cost_cents for gift in counted)
    return next(
        (
            gift.given_on
            for gift, total in zip(counted, totals, strict=True)
            if not vat_is_deductible(total, day, figures)
        ),
        None,
    )


def vat_moves(gifts: Sequence[Given], today: date, figures: Figures) -> list[VatMove]:
    """From what is deducted of each gift of one person and year to what may be; nothing when all is right already."""
    crossed = crossed_on(gifts, figures)
    return [
        _move(gift, may - gift.deducted_cents, crossed, today)
        for gift in gifts
        if (may := _may_be_deducted(gift, crossed)) != gift.deducted_cents
    ]


def _may_be_deducted(gift: Given, crossed: date | None) -> Cents:
    lost = gift.taken_back or gift.sold or (gift.nature is Nature.GOOD and crossed is not None)
    return 0 if lost else gift.vat_cents


def _move(gift: Given, cents: Cents, crossed: date | None, today: date) -> VatMove:
    if gift.taken_back:
        return VatMove(gift.id, VatKind.UNDONE, cents, today)
    if cents < 0:
        return VatMove(gift.id, VatKind.GIVEN_BACK, cents, max(crossed or today, gift.given_on))
    if gift.is_known:
        return VatMove(gift.id, VatKind.RESTORED, cents, today)
    return VatMove(gift.id, VatKind.DEDUCTED, cents, gift.given_on)


# Before it is given


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What one more gift would make of a person's year."""

    before_cents: Cents
    after_cents: Cents
    threshold_cents: Cents
    given_back_cents: Cents  # VAT deducted until then
    lost_cents: Cents  # VAT of the gift itself

    @property
    def is_over(self) -> bool:
        return self.after_cents > self.threshold_cents

    @property
    def crosses(self) -> bool:
        return self.is_over and self.before_cents <= self.threshold_cents

    @property
    def room_cents(self) -> Cents:
        """How much more may be given."""
        return max(0, self.threshold_cents - self.before_cents)


def foresee(
    gifts: Sequence[Given], cost_cents: Cents, vat_cents: Cents, day: date, figures: Figures
) -> Foreseen:
    """`gifts`: those of the person and the year of `day`; the cost is that of a good."""
    before, most = year_total(gifts), threshold_cents(day, figures)
    after = before + cost_cents
    deducted = sum(gift.deducted_cents for gift in gifts if gift.counts)
    return Foreseen(before, after, most, deducted if after > most else 0, vat_cents if after > most else 0)


# The statement of general expenses (2067)


@dataclass(frozen=True, slots=True)
class Statement:
    """Liberalities of one financial year, TTC. `left_out_cents`: small objects made for advertising."""

    first: date
    last: date
    total_cents: Cents
    left_out_cents: Cents
    threshold_cents: Cents
    form: str

    @property
    def is_due(self) -> bool:
        """Above the threshold, not at it."""
        return self.total_cents > self.threshold_cents

    @property
    def room_cents(self) -> Cents:
        return max(0, self.threshold_cents - self.total_cents)


ADVERTISING = "gifts.advertising_object_ttc_eur"
STATEMENT_THRESHOLD, STATEMENT_FORM = "gifts.statement_threshold_eur", "gifts.statement_form"


def is_left_out(gift: Mapping[str, object], figures: Figures) -> bool:
    """An object made for advertising, of small value by unit (CGI 39-5)."""
    day, price = gift["given_on"], gift["price_cents"]
    assert isinstance(day, date)
    assert isinstance(price, int)
    return bool(gift["advertising"]) and abs(price) <= figures.number(ADVERTISING, day) * 100
