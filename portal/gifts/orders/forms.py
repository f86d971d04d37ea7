"""What is typed about orders, parcels and codes."""

from typing import Annotated, ClassVar, Literal, Self

from litestar.datastructures import UploadFile
from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from portal.gifts.orders.placing import Address
from portal.gifts.orders.rules import REASONS
from portal.gifts.orders.sending import Parcel
from portal.kit import db
from portal.kit.cells import parse_amount
from portal.kit.forms import SENTENCES, Form
from portal.kit.identifiers import parse_phone, parse_postcode
from portal.kit.invalid import Invalid
from portal.kit.money import Cents
from portal.kit.text import N_, _
from portal.referrers.countries import WORLD
from portal.referrers.forms import MISSING

Line = Annotated[str, StringConstraints(max_length=120)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=500)]
NEEDED = ("recipient", "street", "postcode", "city")
LACKING = {**MISSING, "recipient": N_("Indiquez à qui l'envoyer.")}
NO_REASON = N_("Choisissez une raison.")
LINK_WRONG = N_("Un lien de suivi commence par https://.")


def link(typed: str) -> str:
    if not typed.startswith("https://") or any(sign.isspace() for sign in typed):
        raise ValueError(LINK_WRONG)
    return typed


def reason(code: str) -> str:
    if code not in REASONS:
        raise ValueError(NO_REASON)
    return code


class OrderForm(Form):
    """`points`: what the page said that it costs."""

    points: int
    recipient: Line = ""
    street: Line = ""
    postcode: str = ""
    city: Line = ""
    country: str = "FR"
    phone: Annotated[str, AfterValidator(parse_phone)] = ""

    def for_parcel(self) -> Self:
        """What is carried needs an address."""
        if self.errors:
            return self
        for name in NEEDED:
            if not getattr(self, name):
                self.refuse(name, _(LACKING[name]))
        if self.country not in WORLD:
            self.refuse("country", _("Choisissez un pays de la liste."))
        elif self.postcode:
            try:
                self.postcode = parse_postcode(self.postcode, self.country)
            except Invalid as wrong:
                self.refuse("postcode", wrong.sentence)
        return self

    @property
    def address(self) -> Address:
        return Address(self.recipient, self.street, self.postcode, self.city, self.country, self.phone)

    @classmethod
    def prefilled(cls, referrer: db.Row, points: int) -> Self:
        """With where they live, as their file says."""
        return cls.showing(
            points=points, recipient=referrer["name"], street=referrer["street"], postcode=referrer["postcode"],
            city=referrer["city"], country=referrer["country"], phone=referrer["phone"],
        )  # fmt: skip


class RefuseForm(Form):
    SENTENCES: ClassVar = {
        "reason_code.missing": NO_REASON,
        "reason.missing": N_("Dites-le en une phrase : l'apporteur la lira."),
    }
    reason_code: Annotated[str, AfterValidator(reason)]
    reason: Words


class ParcelForm(Form):
    carrier: Line = ""
    tracking_number: Line = ""
    tracking_url: Annotated[str, StringConstraints(max_length=500), AfterValidator(link)] | Literal[""] = ""
    version: int = 0

    @property
    def parcel(self) -> Parcel:
        return Parcel(self.carrier, self.tracking_number, self.tracking_url)


class AgainForm(Form):
    SENTENCES: ClassVar = {"reason.missing": N_("Dites pourquoi : cela reste dans l'historique.")}
    reason: Words


class CodesForm(Form):
    SENTENCES: ClassVar = {"reward.missing": N_("Choisissez la récompense dont ce sont les codes.")}
    reward: str
    file: UploadFile | None = None
    text: Annotated[str, StringConstraints(max_length=200_000)] = ""

    def one_list(self) -> Self:
        if not self.errors and (self.file is None) == (not self.text):
            self.refuse("text", _("Collez la liste ou choisissez un fichier, l'un des deux."))
        return self


class SettingsForm(Form):
    SENTENCES: ClassVar = {"days.missing": SENTENCES["missing"]}
    up_to: Annotated[Cents, BeforeValidator(lambda typed: parse_amount(str(typed))), Field(ge=0)] | None = (
        None
    )
    days: Annotated[int, Field(ge=1, le=90)]


class PicksForm(Form):
    SENTENCES: ClassVar = {"order.missing": N_("Cochez au moins une commande.")}
    order: Annotated[list[str], BeforeValidator(lambda typed: [typed] if isinstance(typed, str) else typed)]


class SupplierForm(Form):
    supplier: str = ""
