"""What is typed about a campaign, to and from the format of plans."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator

from portal.kit import db
from portal.kit.days import today
from portal.kit.forms import Form
from portal.kit.money import Cents
from portal.kit.text import N_, number
from portal.plans.forms import Day, Line, Rate
from portal.plans.programme.forms import Amount
from portal.plans.rules.answer import cents_text, number_text
from portal.plans.rules.campaigns import ONCE, parse_campaign

MOST_TIMES = 10


def _list(typed: Any) -> list[str]:
    return [typed] if isinstance(typed, str) else list(typed or [])


class CampaignForm(Form):
    """« × 1,5 » or « + 100 € » on each commission, for some products or all, up to a budget."""

    SENTENCES: ClassVar = {
        "name.missing": N_("Donnez un nom que vos apporteurs reconnaîtront."),
        "times.decimal_parsing": N_("Un nombre est attendu, par exemple 1,5."),
    }
    name: Line
    since: Day
    until: Day
    gives: Literal["times", "adds"] = "times"
    times: Annotated[Rate, Field(gt=1, le=MOST_TIMES, decimal_places=2)] | None = Field(
        None, validate_default=True
    )
    adds: Annotated[Amount, Field(gt=0)] | None = Field(None, validate_default=True)
    products: Annotated[list[str], BeforeValidator(_list)] = Field(default_factory=list)
    new_clients: bool = False
    budget: Annotated[Amount, Field(gt=0)] | None = None
    notifies: bool = False

    @field_validator("since")
    @classmethod
    def _to_come(cls, day: date) -> date:
        if day <= today():
            raise ValueError(
                N_(
                    "Une campagne commence au plus tôt demain : ce qui est gagné aujourd'hui est déjà calculé."
                )
            )
        return day

    @field_validator("until")
    @classmethod
    def _after_it_begins(cls, day: date, known: ValidationInfo) -> date:
        if "since" in known.data and day < known.data["since"]:
            raise ValueError(N_("La fin vient après le début."))
        return day

    @field_validator("times")
    @classmethod
    def _times(cls, times: Decimal | None, known: ValidationInfo) -> Decimal | None:
        return _chosen("times", times, known, N_("Indiquez par combien, par exemple 1,5."))

    @field_validator("adds")
    @classmethod
    def _adds(cls, adds: Cents | None, known: ValidationInfo) -> Cents | None:
        return _chosen("adds", adds, known, N_("Indiquez combien s'ajoute, par exemple 100."))

    def body(self) -> dict[str, Any]:
        """In the format of plans, without its key."""
        gift = (
            {"multiplies": f"{self.times.normalize():f}"}
            if self.times
            else {"adds": cents_text(self.adds or 0)}
        )
        conditions = [{"field": "product", "is": "in", "value": self.products}] if self.products else []
        if self.new_clients:
            conditions.append({"field": "customer.is_new", "is": "=", "value": True})
        return {
            "from": self.since.isoformat(), "until": self.until.isoformat(), **gift,
            "budget": None if self.budget is None else cents_text(self.budget), "for": conditions,
        }  # fmt: skip

    @classmethod
    def of_campaign(cls, campaign: db.Row) -> Self:
        """The form of a campaign in preparation."""
        body, parsed = campaign["body"], parse_campaign(campaign["body"])
        conditions = {condition["field"]: condition["value"] for condition in body["for"]}
        return cls.showing(
            name=campaign["name"], since=body["from"], until=body["until"], notifies=campaign["notifies"],
            gives="times" if parsed.multiplies != ONCE else "adds",
            times=number_text(parsed.multiplies).replace(".", ",") if parsed.multiplies != ONCE else "",
            adds=number(parsed.adds) if parsed.adds else "",
            products=conditions.get("product", []), new_clients=conditions.get("customer.is_new", False),
            budget=number(parsed.budget) if parsed.budget else "", version=campaign["version"],
        )  # fmt: skip

    @classmethod
    def fresh(cls) -> Self:
        begins = today() + timedelta(days=1)
        return cls.showing(since=begins.isoformat(), gives="times", times="1,5", products=[], notifies=True)


class RedraftForm(CampaignForm):
    version: int


class VersionForm(Form):
    version: int = 0  # none: as stale as can be


class EndForm(VersionForm):
    until: Day


def _chosen(gives: str, value: Any, known: ValidationInfo, missing: str) -> Any:
    if known.data.get("gives") != gives:
        return None
    if value is None:
        raise ValueError(missing)
    return value
