"""The company of the demo and its people. All of it is made up; numbers only have the right shape."""

from dataclasses import dataclass
from typing import Any

from portal.kit.text import N_
from portal.people.rules import Role
from portal.referrers.rules import Regime, Status

PASSWORD = "quatre chevaux bleus au galop"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

COMPANY: dict[str, Any] = {
    "name": "Maison Aubier", "brand_name": "Maison Aubier", "legal_form": "SAS", "capital_cents": 12_000_000,
    "siren": "901248179", "siret": "90124817900011", "vat_number": "FR14901248179", "rcs_city": "Nantes",
    "ape": "6202A", "street": "12 quai de la Fosse", "postcode": "44000", "city": "Nantes", "size": "pme",
    "email": "bonjour@maison-aubier.example", "phone": "+33240000000",
    "represented_by": "Claire Aubier", "represented_as": "présidente",
    "privacy_contact": "donnees@maison-aubier.example", "electronic_address": "901248179",
    "iban": "FR7630006000011234567890189", "bic": "AGRIFRPPXXX",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Colleague:
    email: str
    name: str
    role: Role
    does: str


STAFF = (
    Colleague("claire@maison-aubier.example", "Claire Aubier", Role.ADMIN, N_("Administration")),
    Colleague("samir@maison-aubier.example", "Samir Benali", Role.SALES, N_("Commercial")),
    Colleague("elise@maison-aubier.example", "Élise Caron", Role.SALES, N_("Commercial")),
    Colleague("fanny@maison-aubier.example", "Fanny Delmas", Role.FINANCE, N_("Finance")),
    Colleague("paul@maison-aubier.example", "Paul Estève", Role.FINANCE, N_("Finance, deuxième regard")),
)
# Reads, for a time.
ACCOUNTANT = Colleague(
    "camille@cabinet-orsel.example", "Camille Orsel", Role.READER, N_("Expert-comptable, en lecture")
)


@dataclass(frozen=True, slots=True)
class Introducer:
    """`profile` are columns of the referrer."""

    email: str
    first_name: str
    last_name: str
    does: str
    status: Status
    vat_regime: Regime
    iban: str
    profile: dict[str, Any]

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


NANTES = {"postcode": "44000", "city": "Nantes", "country": "FR"}
REFERRERS = (
    Introducer(
        "rachel.noel@perso.example", "Rachel", "Noël", N_("Apporteuse, particulière"),
        Status.INDIVIDUAL, Regime.NONE, "FR7610107001011234567890129",
        {"street": "4 rue Crébillon", "phone": "+33600000001", **NANTES},
    ),
    Introducer(
        "hugo@cabinet-garnier.example", "Hugo", "Garnier", N_("Apporteur, société avec TVA"),
        Status.COMPANY, Regime.STANDARD, "FR7611315000011234567890138",
        {
            "company_name": "Cabinet Garnier", "legal_form": "SARL", "rcs_city": "Nantes", "siret": "84512096300010",
            "vat_number": "FR84845120963", "street": "21 boulevard Guist'hau", "phone": "+33600000002", **NANTES,
        },
    ),
    Introducer(
        "ines.lambert@atelier.example", "Inès", "Lambert", N_("Apporteuse, micro-entrepreneuse"),
        Status.MICRO, Regime.FRANCHISE, "FR7612548029981234567890161",
        {"siret": "91733058100013", "street": "8 rue de Strasbourg", "phone": "+33600000003", **NANTES},
    ),
)  # fmt: skip

PRODUCTS = (
    ("logiciel", "Logiciel de gestion", "saas", "recurring"),
    ("audit", "Audit d'organisation", "conseil", "one_off"),
    ("formation", "Formation des équipes", "conseil", "one_off"),
)

PLAN: dict[str, Any] = {
    "name": "Barème Apporteurs", "unit": "EUR", "pays_on": "client_paid", "base": "net", "choose": "first",
    "rules": [
        {"key": "logiciel-premiere-annee",
         "when": [{"field": "product", "is": "=", "value": "logiciel"},
                  {"field": "months_since_signature", "is": "<", "value": 12}],
         "pay": {"kind": "percent", "rate": "10"}},
        {"key": "conseil",
         "when": [{"field": "product", "is": "in", "value": ["audit", "formation"]}],
         "pay": {"kind": "percent", "rate": "8"}},
        {"key": "reste", "when": [], "pay": {"kind": "percent", "rate": "5"}},
    ],
    "limits": {"per_event": None, "per_deal": "5000.00", "per_calendar_year": None, "minimum": "0.00"},
    "recurs_for_months": 24, "hold_days": 30, "clawback_days": 180,
}  # fmt: skip
