"""A gift for nothing as it is typed; a line that is taken back."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from portal.gifts.register.recording import Liberality
from portal.gifts.register.rules import Cost
from portal.gifts.rewards.rules import Nature
from portal.kit.cells import parse_amount, parse_date
from portal.kit.forms import Form
from portal.kit.money import vat_within
from portal.kit.text import N_

Line = Annotated[str, StringConstraints(min_length=1, max_length=160)]
Short = Annotated[str, StringConstraints(max_length=160)]
Reason = Annotated[str, StringConstraints(min_length=3, max_length=500)]
Day = Annotated[date, BeforeValidator(lambda typed: parse_date(str(typed)))]
Cents = Annotated[int, BeforeValidator(lambda typed: parse_amount(str(typed))), Field(ge=0, le=100_000_00)]
BELOW_ZERO = N_("Un montant ne peut pas être négatif.")
RATES = ("20", "10", "8.5", "5.5", "2.1", "0")
Rate = Literal["20", "10", "8.5", "5.5", "2.1", "0"]


def _rate(typed: Any) -> Decimal:
    return Decimal(str(typed).replace(",", "."))


class GiftForm(Form):
    """`referrer` is a number ('R0012') or an exact name; without it, `outsider` is named."""

    SENTENCES: ClassVar = {
        **{f"{name}.greater_than_equal": BELOW_ZERO for name in ("price", "packaging", "shipping")},
        "price.greater_than": N_("Donnez son prix, TTC."),
        "what.missing": N_("Dites ce qui a été offert."),
        "reason.missing": N_("Dites pourquoi : c'est ce que le contrôle demandera."),
        "reason.string_too_short": N_("Dites pourquoi : c'est ce que le contrôle demandera."),
    }
    referrer: Short = ""
    outsider: Short = ""
    organisation: Short = ""
    what: Line
    given_on: Day
    nature: Literal[Nature.GOOD, Nature.VOUCHER, Nature.SERVICE] = Nature.GOOD
    price: Annotated[Cents, Field(gt=0)]
    packaging: Cents = 0
    shipping: Cents = 0
    vat_rate: Rate = "20"
    reason: Reason
    advertising: bool = False
    sure: bool = False

    @property
    def cost(self) -> Cost:
        rate = Decimal(0) if self.nature == Nature.VOUCHER else _rate(self.vat_rate)
        total = self.price + self.packaging + self.shipping
        return Cost(self.price, self.packaging, self.shipping, rate, vat_within(total, rate))

    @property
    def gift(self) -> Liberality:
        return Liberality(
            self.what, self.given_on, Nature(self.nature), self.cost, self.reason, self.advertising
        )


class TakeBackForm(Form):
    SENTENCES: ClassVar = {
        "reason.missing": N_("Dites pourquoi cette ligne est annulée."),
        "reason.string_too_short": N_("Dites pourquoi cette ligne est annulée."),
    }
    reason: Reason
