"""What is typed about rewards: described by the company, wished for by a referrer."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from litestar.datastructures import UploadFile
from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from portal.gifts.rewards.rules import Kind, Nature
from portal.kit.cells import parse_amount, parse_whole
from portal.kit.forms import Form
from portal.kit.invalid import Invalid
from portal.kit.text import N_, number

Title = Annotated[str, StringConstraints(min_length=1, max_length=80)]
Line = Annotated[str, StringConstraints(max_length=160)]
Text = Annotated[str, StringConstraints(max_length=4000)]
Cents = Annotated[int | None, BeforeValidator(parse_amount), Field(ge=0, le=100_000_00)]
Whole = Annotated[int | None, BeforeValidator(parse_whole)]
BELOW_ZERO = N_("Un montant ne peut pas être négatif.")
NAMELESS = N_("Donnez-lui un nom.")


def _rate(typed: Any) -> Decimal:
    try:
        return Decimal(str(typed).replace(",", ".").replace("%", "").strip())
    except ArithmeticError as wrong:
        raise Invalid("rate") from wrong


def _web(typed: str) -> str:
    if typed and not typed.startswith(("https://", "http://")):
        raise ValueError(N_("Une adresse de page commence par https://."))
    return typed


class CostForm(Form):
    """What a reward costs and what it is for the tax office."""

    SENTENCES: ClassVar = {
        f"{name}.greater_than_equal": BELOW_ZERO for name in ("price_cents", "packaging_cents", "shipping_cents")
    }  # fmt: skip
    points: Annotated[Whole, Field(gt=0, le=10_000_000)] = None
    price_cents: Annotated[Cents, Field(gt=0)] = None
    packaging_cents: Cents = None
    shipping_cents: Cents = None
    vat_rate: Annotated[Decimal | None, BeforeValidator(_rate), Field(ge=0, le=100, decimal_places=2)] = None
    nature: Literal["", Nature.GOOD, Nature.VOUCHER, Nature.SERVICE] = ""
    supplier: Line = ""
    delivery_days: Annotated[Whole, Field(ge=0, le=365)] = None


COST = tuple(name for name in CostForm.model_fields)


class RewardForm(CostForm):
    SENTENCES: ClassVar = {**CostForm.SENTENCES, "title.missing": NAMELESS}
    title: Title
    kind: Literal[Kind.GOOD, Kind.GIFT_CARD, Kind.EXPERIENCE, Kind.DONATION, Kind.PARTNER, Kind.WISH] = (
        Kind.GOOD
    )
    summary: Line = ""
    body: Text = ""
    until: date | None = None
    public_agents: bool = False
    photo: UploadFile | None = None
    then: Literal["", "publication", "annonce"] = ""
    version: int = 0

    def said(self) -> dict[str, Any]:
        return self.model_dump(exclude={"photo", "then", "version"})


class StockForm(Form):
    """`counted` is what the page showed; blank: as many as are asked for."""

    stock: Annotated[Whole, Field(ge=0, le=1_000_000)] = None
    counted: Whole = None


class WishForm(Form):
    SENTENCES: ClassVar = {"title.missing": N_("Dites ce qui vous ferait plaisir.")}
    title: Title
    words: Annotated[str, StringConstraints(max_length=1000)] = ""
    link: Annotated[str, StringConstraints(max_length=500), AfterValidator(_web)] = ""


class PriceForm(CostForm):
    """A wish becomes a reward of its own: all of it has to be known."""

    SENTENCES: ClassVar = {**CostForm.SENTENCES, "title.missing": NAMELESS}
    title: Title
    version: int = 0


class ReasonForm(Form):
    SENTENCES: ClassVar = {"reason.missing": N_("Un mot d'explication est nécessaire : l'apporteur le lira.")}
    reason: Annotated[str, StringConstraints(min_length=3, max_length=1000)]
    version: int = 0


class VersionForm(Form):
    """A button that changes what its page showed."""

    version: int


class SurveyForm(Form):
    """One answer a line."""

    SENTENCES: ClassVar = {
        "question.missing": N_("Posez une question."),
        "choices.missing": N_("Proposez au moins deux réponses, une par ligne."),
    }
    question: Annotated[str, StringConstraints(min_length=1, max_length=160)]
    choices: Annotated[str, StringConstraints(max_length=800)]
    until: date | None = None

    def labels(self) -> list[str]:
        """In their order, each once."""
        return list(dict.fromkeys(line.strip() for line in self.choices.splitlines() if line.strip()))


def shown(reward: Any) -> dict[str, Any]:
    """A reward as its form shows it."""
    money = {
        name: "" if reward[name] is None else number(reward[name])
        for name in ("price_cents", "packaging_cents", "shipping_cents")
    }
    rate = reward["vat_rate"]
    return {**reward, **money, "vat_rate": "" if rate is None else f"{rate.normalize():f}".replace(".", ",")}
