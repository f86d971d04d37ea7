"""What is typed about deals."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import zip_longest
from typing import Annotated, Any, ClassVar, Literal, Self

from litestar import Request
from pydantic import BeforeValidator, Field, PrivateAttr, StringConstraints

from portal.deals.rules import NewLine
from portal.kit.cells import parse_amount, parse_date
from portal.kit.days import today
from portal.kit.forms import Form
from portal.kit.invalid import Invalid
from portal.kit.money import Cents
from portal.kit.text import N_

Day = Annotated[date, BeforeValidator(lambda typed: parse_date(str(typed)))]
Amount = Annotated[Cents, BeforeValidator(lambda typed: parse_amount(str(typed))), Field(ge=0)]
Figure = Annotated[Decimal, BeforeValidator(lambda typed: str(typed).replace(",", ".").replace(" ", ""))]
Line = Annotated[str, StringConstraints(max_length=200)]
Named = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Positions = Annotated[list[int], BeforeValidator(lambda typed: typed if isinstance(typed, list) else [typed])]
"""The lines that it is for, from 1; none ticked: all."""
Texts = Annotated[list[str], BeforeValidator(lambda typed: typed if isinstance(typed, list) else [typed])]
Nature = Literal["ordinary", "deposit", "retention", "set_off", "factor", "lessor"]
Cause = Literal["client", "company", "gesture", "fraud"]
ABOVE_ZERO = {
    f"{name}.greater_than": N_("Indiquez un montant au-dessus de zéro.") for name in ("net", "amount")
}
MOST_LINES = 50


def _texts(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value)] if value else []


def _pairs(values: dict[str, Any], who: str, much: str) -> list[tuple[str, str]]:
    """Lines in which something stands."""
    typed = zip_longest(_texts(values.get(who)), _texts(values.get(much)), fillvalue="")
    return [(name.strip(), weight.strip()) for name, weight in typed if name.strip() or weight.strip()]


def parse_rate(typed: str) -> Decimal:
    """A rate in percent: 20 · 5,5. Raises Invalid."""
    try:
        rate = Decimal(typed.replace(",", ".").replace("%", "").strip() or "0")
    except InvalidOperation as wrong:
        raise Invalid("rate") from wrong
    if not 0 <= rate <= 100:
        raise Invalid("rate")
    return rate


class LineForm(Form):
    """One line of a deal; the names of its fields are repeated line by line."""

    SENTENCES: ClassVar = {
        "net.missing": N_("Indiquez le montant HT de la ligne."),
        "label.missing": N_("Nommez la ligne."),
    }
    label: Named
    product: str = ""
    net: Amount
    quantity: Annotated[Figure, Field(gt=0, le=1_000_000)] = Decimal(1)
    cost: Amount | None = None
    discount: Annotated[Figure, Field(ge=0, le=100)] = Decimal(0)

    @classmethod
    def typed(cls, values: dict[str, Any]) -> Self:
        return cls.of(values)

    @property
    def blank(self) -> bool:
        return not any(self.values.get(name) for name in ("label", "net"))

    def as_line(self, products: dict[str, int]) -> NewLine:
        return NewLine(
            self.label, self.net, products.get(self.product), self.cost, self.quantity, self.discount
        )


FIELDS = ("label", "product", "net", "quantity", "cost", "discount")


class LinesForm(Form):
    """A form in which the fields of a line repeat; `more` asks for one line more."""

    more: str = ""

    _lines: list[LineForm] = PrivateAttr(default_factory=list)

    @classmethod
    async def read(cls, request: Request) -> Self:
        form = await super().read(request)
        form._lines = list(_lines_of(form.values))
        return form

    @property
    def lines(self) -> list[LineForm]:
        return self._lines

    @property
    def filled_lines(self) -> list[LineForm]:
        """Those that say something; of none at all the first must."""
        return [line for line in self._lines if not line.blank] or self._lines[:1]

    @property
    def errors(self) -> dict[str, str]:
        """Those of the lines too, under the id of their field."""
        of_lines = {
            f"{place}-{name}": message
            for place, line in enumerate(self._lines) if line in self.filled_lines
            for name, message in line.errors.items()
        }  # fmt: skip
        return self._errors | of_lines

    def one_more_line(self) -> Self:
        self._lines = [*self._lines, LineForm.showing(quantity="1")][:MOST_LINES]
        return self


def _lines_of(typed: dict[str, Any]) -> Iterator[LineForm]:
    columns = {name: value if isinstance(value := typed.get(name, []), list) else [value] for name in FIELDS}
    for place in range(min(len(columns["label"]), MOST_LINES)):
        yield LineForm.typed({name: column[place] for name, column in columns.items() if place < len(column)})


class SignForm(LinesForm):
    SENTENCES: ClassVar = {
        "title.missing": N_("Donnez un nom à l'affaire."),
        "signed_on.missing": N_("Indiquez le jour de la signature."),
    }
    title: Named
    signed_on: Day
    version: int
    earns: Literal["", "no", "yes"] = ""  # asked where the priority was over on that day
    partner: Texts = Field(default_factory=list)  # number, address or name of others who have a share
    partner_weight: Texts = Field(default_factory=list)

    @property
    def partners(self) -> list[tuple[str, str]]:
        return _pairs(self.values, "partner", "partner_weight")


class ChangeForm(LinesForm):
    SENTENCES: ClassVar = {
        "kind.missing": N_("Dites ce qui change."),
        "reason.missing": N_("Dites en quelques mots ce qui s'est passé."),
    }
    version: int
    kind: Literal["amendment", "correction"]
    on: Day = Field(default_factory=today)
    reason: Annotated[str, StringConstraints(min_length=1, max_length=500)]


class InvoiceForm(Form):
    SENTENCES: ClassVar = {
        "number.missing": N_("Indiquez le numéro de la facture."),
        "issued_on.missing": N_("Indiquez la date de la facture."),
    }
    number: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    issued_on: Day
    net: Amount | None = None
    vat: Amount | None = None
    total: Amount | None = None
    base: Texts = Field(default_factory=list)  # what is taxed at each rate, HT
    rate: Texts = Field(default_factory=list)
    lines: Positions = Field(default_factory=list)

    @property
    def by_rate(self) -> list[tuple[Decimal, Cents]]:
        """Lines with a rate and an amount. Raises Invalid."""
        typed = zip_longest(_texts(self.values.get("rate")), _texts(self.values.get("base")), fillvalue="")
        return [(parse_rate(rate), parse_amount(base)) for rate, base in typed if base.strip()]


class CreditForm(Form):
    SENTENCES: ClassVar = {
        "invoice.missing": N_("Choisissez la facture."),
        "kind.missing": N_("Dites si c'est un avoir ou un escompte."),
        "issued_on.missing": N_("Indiquez la date de l'avoir."),
    }
    invoice: str
    kind: Literal["credit_note", "discount"]
    number: Annotated[str, StringConstraints(max_length=60)] = ""
    issued_on: Day
    net: Amount | None = None
    vat: Amount | None = None
    total: Amount | None = None
    reason: Annotated[str, StringConstraints(max_length=500)] = ""


class CorrectionForm(Form):
    """What a payment should have said; nothing but a reason when it never came."""

    SENTENCES: ClassVar = {**ABOVE_ZERO, "reason.missing": N_("Dites en quelques mots ce qui s'est passé.")}
    never: bool = False
    paid_on: Day = Field(default_factory=today)
    amount: Annotated[Amount, Field(gt=0)] | None = None
    deal: Line = ""  # the reference of the deal or the number of the invoice that it is for
    nature: Nature = "ordinary"
    reason: Annotated[str, StringConstraints(min_length=1, max_length=500)]


class RefundCorrectionForm(Form):
    """What a refund should have said; nothing but a reason when nothing went back."""

    SENTENCES: ClassVar = {**ABOVE_ZERO, "reason.missing": N_("Dites en quelques mots ce qui s'est passé.")}
    never: bool = False
    paid_on: Day = Field(default_factory=today)
    net: Annotated[Amount, Field(gt=0)] | None = None
    payment: str = ""  # as in RefundForm
    credit: str = ""
    cause: Cause = "client"
    reason: Annotated[str, StringConstraints(min_length=1, max_length=500)]


class SharesForm(Form):
    SENTENCES: ClassVar = {"reason.missing": N_("Dites en quelques mots ce qui s'est passé.")}
    version: int
    partner: Texts = Field(default_factory=list)
    weight: Texts = Field(default_factory=list)
    reason: Annotated[str, StringConstraints(min_length=1, max_length=500)]

    @property
    def typed(self) -> list[tuple[str, str]]:
        """Who and how much, line by line."""
        return _pairs(self.values, "partner", "weight")


class PaymentForm(Form):
    SENTENCES: ClassVar = ABOVE_ZERO
    paid_on: Day
    nature: Nature = "ordinary"
    invoice: str = ""  # the reference of the client invoice that it settles: the amount is TTC; without, HT
    amount: Annotated[Amount, Field(gt=0)]
    lines: Positions = Field(default_factory=list)


class RejectionForm(Form):
    on: Day
    payment: str  # the reference of the payment that the bank took back


class RefundForm(Form):
    SENTENCES: ClassVar = ABOVE_ZERO
    paid_on: Day
    net: Annotated[Amount, Field(gt=0)]
    payment: str = ""  # the reference of the payment that goes back; without, the latest first
    credit: str = ""  # the reference of the credit note that it pays out
    cause: Cause = "client"


class CancelForm(Form):
    SENTENCES: ClassVar = {"reason.missing": N_("Dites en quelques mots ce qui s'est passé.")}
    version: int
    on: Day
    cause: Cause
    reason: Annotated[str, StringConstraints(min_length=1, max_length=500)]
