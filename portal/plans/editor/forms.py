"""What is typed about a plan, an example, a publication."""

from datetime import date
from typing import Annotated, Any, ClassVar, Self

from litestar import Request
from pydantic import BeforeValidator, Field, PrivateAttr, StringConstraints, field_validator

from portal.kit.cells import parse_amount
from portal.kit.days import today
from portal.kit.forms import Form
from portal.kit.money import Cents
from portal.kit.text import N_
from portal.plans.editor.editing import edited
from portal.plans.editor.examples import Facts
from portal.plans.editor.places import field_of, sentence_of
from portal.plans.editor.sheet import Sheet, body_of, flat, sheet_of
from portal.plans.forms import FURTHEST, Day, Line
from portal.plans.rules import Refused

Amount = Annotated[Cents, BeforeValidator(lambda typed: parse_amount(str(typed))), Field(ge=0)]
Named = Annotated[str, StringConstraints(min_length=1, max_length=80)]


class SheetForm(Form):
    """The whole plan; the names of its fields are those of a sheet (`rules.0.rate`)."""

    version: int = 0
    act: str = ""

    _sheet: Sheet = PrivateAttr(default_factory=dict)
    _focus: str = PrivateAttr(default="")

    @classmethod
    async def read(cls, request: Request) -> Self:
        form = await super().read(request)
        form._sheet = sheet_of(form.values)
        return form

    @classmethod
    def on(cls, sheet: Sheet, version: int) -> Self:
        """As it stands, before anything is typed."""
        form = cls.showing(**flat(sheet), version=version, **EXAMPLE)
        form._sheet = sheet
        return form

    @property
    def sheet(self) -> Sheet:
        return self._sheet

    @property
    def focus(self) -> str:
        """Where the reader goes on after a button of the form."""
        return self._focus

    def plan(self, name: str) -> dict[str, Any]:
        """In the format of plans, under the name that the plan has."""
        return body_of({**self._sheet, "name": name})

    def does(self, act: str) -> Self:
        """What a button of the form asks; all that was typed stays."""
        self._sheet, self._focus = edited(self._sheet, act)
        kept = {
            name: value for name, value in self._typed.items() if not name.startswith(("rules.", "limits."))
        }
        self._typed = kept | flat(self._sheet)
        self._errors = {}
        return self

    def told(self, refused: Refused) -> Self:
        """Each refusal under its field, with its place in words."""
        several = len(self._sheet["rules"]) > 1
        for refusal in refused.refusals:
            self.refuse(field_of(refusal.place), sentence_of(refusal, several))
        return self


EXAMPLE = {"ex_net": "6 000", "ex_is_new": "oui", "ex_instalments": "1"}


class ExampleForm(Form):
    """The live example; its fields stand beside those of a plan."""

    SENTENCES: ClassVar = {"ex_net.missing": N_("Indiquez un montant, par exemple 6 000.")}
    ex_net: Annotated[Amount, Field(gt=0)]
    ex_product: Line = ""
    ex_cost: Amount = 0
    ex_quantity: int = Field(1, ge=1, le=100_000)
    ex_is_new: str = ""
    ex_tier: Line = ""
    ex_instalments: int = Field(1, ge=1, le=60)
    ex_refund: Amount = 0
    ex_earlier: Amount = 0

    def facts(self, products: dict[str, Any]) -> Facts:
        """Signed today; products are rows by key."""
        sold = products.get(self.ex_product)
        return Facts(
            on=today(), net=self.ex_net, product=self.ex_product, category=sold["category"] if sold else "",
            label=sold["name"] if sold else "", cost=self.ex_cost, quantity=self.ex_quantity,
            is_new=self.ex_is_new == "oui", tier=self.ex_tier, instalments=self.ex_instalments,
            refund=min(self.ex_refund, self.ex_net), earlier=self.ex_earlier,
        )  # fmt: skip


class NewPlanForm(Form):
    SENTENCES: ClassVar = {"name.missing": N_("Donnez un nom au barème.")}
    name: Named
    starter: str = "pourcentage-mois"


class VersionForm(Form):
    version: int = 0  # none was ever that: what does not say what it saw is stale


class PublishForm(Form):
    version: int = 0
    effective_from: Day = Field(default_factory=today)
    notice_days: int = Field(30, ge=0, le=365)

    @field_validator("effective_from")
    @classmethod
    def _in_the_year_to_come(cls, day: date) -> date:
        if not today() <= day <= today() + FURTHEST:
            raise ValueError(N_("Choisissez un jour entre aujourd'hui et dans un an."))
        return day


class RefuseForm(Form):
    SENTENCES: ClassVar = {"reason.missing": N_("Dites en quelques mots pourquoi.")}
    reason: Annotated[str, StringConstraints(min_length=1, max_length=500)]


class FourEyesForm(Form):
    wanted: str = ""


class ComparisonForm(Form):
    SENTENCES: ClassVar = {"against.missing": N_("Choisissez une version en vigueur.")}
    against: Line
