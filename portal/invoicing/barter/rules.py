"""What a barter is worth and how what the company gives is taxed. Pure.

Both papers come to the same amount TTC, so that nothing is left to pay: the price of the thing, at the VAT of its sale;
the referrer's service is worth as much, at the VAT regime of the day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from portal.kit.money import Cents, net_within
from portal.kit.text import N_
from portal.law import Figures
from portal.law.territories import Territory
from portal.law.vat import standard_rate_percent
from portal.referrers.rules import Status

BUSINESSES = frozenset({Status.MICRO, Status.COMPANY, Status.EU_COMPANY, Status.ASSOCIATION})
"""Who is paid against an invoice: what they get in kind is an exchange (LAW §13.5)."""

ZONES: Mapping[str, Territory] = {
    "metropole": Territory.MAINLAND,
    "martinique": Territory.OVERSEAS,
    "guadeloupe": Territory.OVERSEAS,
    "reunion": Territory.OVERSEAS,
    "guyane": Territory.OVERSEAS_FREE,
    "mayotte": Territory.OVERSEAS_FREE,
}
"""By place of the company: where a sale is at home."""

NATURE_MENTIONS = {
    "good": "mentions.nature_goods",
    "voucher": "mentions.nature_services",
    "service": "mentions.nature_services",
}
WHY_NOT = {
    "abroad": N_("une récompense livrée ou rendue hors de l'Union européenne se facture à la main"),
    "no_rate": N_("cette récompense n'a pas de taux de TVA"),
    "not_in_vies": N_("son numéro de TVA n'est pas reconnu par VIES"),
    "withheld": N_("une retenue à la source serait due : il faut son certificat de résidence fiscale"),
    "no_contract": N_("aucun contrat en vigueur"),
}


@dataclass(frozen=True, slots=True)
class Sale:
    """How what is given is taxed. `exemption` is the figure that says why no VAT is shown."""

    category: str
    rate: Decimal = Decimal(0)
    code: str = ""
    exemption: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """All that decides of it."""

    nature: str
    rate: Decimal  # of the thing, in France
    place: str  # of the company
    where: Territory  # of the referrer
    delivered_in: str  # a country; where nothing is carried, that of the referrer
    in_vies: bool


VOUCHER = Sale("O", code="VATEX-EU-O", exemption="mentions.multi_purpose_voucher")
NO_VAT_HERE = Sale("E", exemption="mentions.no_vat_overseas")
TO_THE_UNION = Sale("K", code="VATEX-EU-IC", exemption="mentions.intra_community_supply")
SERVICE_ABROAD = Sale("AE", code="VATEX-EU-AE", exemption="mentions.reverse_charge_article")


def sale_of(asked: Asked, day: date, figures: Figures) -> Sale | str:
    """Or the code of WHY_NOT."""
    if asked.nature == "voucher":
        return VOUCHER
    if asked.where is Territory.UNION:
        return _to_the_union(asked)
    if ZONES[asked.place] is not asked.where:
        return "abroad"
    if standard_rate_percent(asked.place, day, figures) is None:
        return NO_VAT_HERE
    return Sale("S", asked.rate) if asked.rate else "no_rate"


def _to_the_union(asked: Asked) -> Sale | str:
    """A thing that leaves France for a taxable person is exempt, one that stays is not; a service is taxed over there."""
    if not asked.in_vies:
        return "not_in_vies"
    if asked.nature == "service":
        return SERVICE_ABROAD
    if asked.delivered_in != "FR":  # from overseas it is an export
        return TO_THE_UNION if asked.place == "metropole" else "abroad"
    return Sale("S", asked.rate) if asked.rate else "no_rate"


def value_of(price_cents: Cents, rate_percent: Decimal, sale: Sale) -> Cents:
    """What each paper comes to, TTC: the price, without the VAT that is not due."""
    if sale.category in ("S", VOUCHER.category):
        return price_cents
    return net_within(price_cents, rate_percent)
