"""Filling the texts of one contract: every placeholder with its value, in French, frozen when drafted."""

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from portal.contracts.conditions import Conditions, said
from portal.contracts.paper import Part
from portal.contracts.rules import TERMS
from portal.contracts.wording.placeholders import VOCABULARY, legal_values
from portal.contracts.wording.texts import PROGRAMME_CONDITIONS, STATUS_OF, joined_keys
from portal.kit.db import Row
from portal.kit.fill import Document, Value, fill, parse
from portal.kit.identifiers import show_siren, show_siret
from portal.kit.text import _, day, money, points, speaking
from portal.law import Figures
from portal.plans.access import would_earn
from portal.plans.rules.compiled import compile_plan
from portal.plans.sentences import Names, rule_sentence
from portal.referrers.rules import NATURAL_PERSONS, STATUS_LABELS, Regime, Standing, Status

NOT_TOLD = "(voir le contrat signé sur papier)"
EXAMPLE_CENTS = 600_000
RECURS = {None: "once", "deal": "for_deal", "always": "always"}
PAYS_ON = {
    "client_paid": "on_payment",
    "client_invoiced": "on_invoice",
    "deal_signed": "on_signature",
    "lead_qualified": "on_qualification",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """All that a contract speaks of."""

    number: str
    drafted_on: date
    starts_on: date
    company: Row
    referrer: Row
    standing: Standing
    programme: Row
    plan: Row
    figures: Figures
    self_billing: bool
    on_paper: bool = False
    conditions: Conditions = field(default_factory=Conditions)
    priority_kept: int | None = None  # by an amendment, whatever the programme says today

    @property
    def body(self) -> dict[str, Any]:
        """The plan as this contract has it."""
        return self.conditions.body(self.plan["body"])

    @property
    def products(self) -> Names:
        """As the catalogue names them."""
        return self.plan["products"]

    @property
    def in_points(self) -> bool:
        return self.body["unit"] == "POINT"

    @property
    def joined(self) -> list[str]:
        return joined_keys(self_billing=self.self_billing, in_points=self.in_points)

    @property
    def priority_months(self) -> int:
        return self.conditions.priority_months or self.priority_kept or self.programme["priority_months"]


def values_of(draft: Draft) -> dict[str, Value]:
    with speaking("fr"):
        values = {
            **company_values(draft.company),
            **_referrer(draft.referrer, draft.standing),
            **_contract(draft),
            **_plan(draft),
            **legal_values(draft.figures, draft.drafted_on),
        }
    return _with_paper_beside(values) if draft.on_paper else values


def _with_paper_beside(values: dict[str, Value]) -> dict[str, Value]:
    """What an import does not tell stands in the signed original."""
    return {name: NOT_TOLD if value == "" else value for name, value in values.items()}


def parts_of(texts: list[Row], values: dict[str, Value]) -> list[Part]:
    """The contract itself, then what is joined to it."""
    return [
        Part(
            filled=fill(document_of(text["body"]), values),
            version=date.fromisoformat(text["version"]),
            sha256=text["sha256"].hex(),
        )
        for text in texts
    ]


@lru_cache(maxsize=64)
def document_of(body: str) -> Document:
    """A published text never changes: it is read once."""
    return parse(body, VOCABULARY)


def clauses_of(parts: list[Part]) -> dict[str, dict[str, str]]:
    """Anchor → number and title, so that an explanation can cite the article."""
    found: dict[str, dict[str, str]] = {}
    for part in parts:
        for anchor, clause in part.filled.clauses().items():
            found.setdefault(anchor, {"number": clause.number, "title": clause.title})
    return found


def main_key(status: Status) -> str:
    return next(key for key, written_for in STATUS_OF.items() if written_for == status)


def company_values(company: Row) -> dict[str, Value]:
    as_is = ("name", "legal_form", "street", "postcode", "city", "rcs_city", "vat_number",
             "represented_by", "represented_as", "email", "privacy_contact")  # fmt: skip
    return {
        **{f"company.{name}": company[name] for name in as_is},
        "company.siren": show_siren(company["siren"]),
        "company.has_capital": company["capital_cents"] is not None,
        "company.capital": money(company["capital_cents"]),
    }


def _referrer(referrer: Row, standing: Standing) -> dict[str, Value]:
    siren = referrer["siret"][:9]
    return {
        "referrer.name": referrer["name"],
        "referrer.status_label": _(STATUS_LABELS[standing.status]),
        "referrer.legal_form": referrer["legal_form"] or "société",
        "referrer.address": f"{referrer['street']}, {referrer['postcode']} {referrer['city']}",
        "referrer.country": referrer["country"],
        "referrer.email": referrer["email"],
        "referrer.siret": show_siret(referrer["siret"]) if referrer["siret"] else "",
        "referrer.has_siret": bool(referrer["siret"]),
        "referrer.registry": _registry(referrer, siren),
        "referrer.vat_number": referrer["vat_number"],
        "referrer.has_vat_number": bool(referrer["vat_number"]),
        "referrer.represented_by": referrer["represented_by"] or _own_name(referrer),
        "referrer.represented_as": referrer["represented_as"] or "représentant légal",
        "referrer.employer": referrer["employer_name"],
        "referrer.position": referrer["employer_position"],
        "referrer.has_vat": standing.vat_regime is Regime.STANDARD,
        "referrer.under_franchise": standing.vat_regime is Regime.FRANCHISE,
        "referrer.vat_exempt": standing.vat_regime is Regime.EXEMPT,
        "referrer.outside_vat": standing.vat_regime is Regime.NONE and standing.status not in NATURAL_PERSONS,
        "referrer.reverse_charge": standing.vat_regime is Regime.REVERSE_CHARGE,
        "referrer.on_debits": standing.vat_on_debits,
        **{f"referrer.is_{status.value}": standing.status is status for status in Status},
    }


def _registry(referrer: Row, siren: str) -> str:
    if not siren:
        return "sans numéro d'immatriculation"
    place = f"RCS {referrer['rcs_city']}" if referrer["rcs_city"] else "RNE"
    return f"{place} {show_siren(siren)}"


def _own_name(referrer: Row) -> str:
    return f"{referrer['first_name']} {referrer['last_name']}".strip() or referrer["name"]


def _contract(draft: Draft) -> dict[str, Value]:
    plan = draft.body
    clawback, recurs = plan["clawback_days"], plan["recurs_for_months"]
    return {
        **{f"contract.{name}": str(value) for name, value in TERMS.items()},
        "contract.number": draft.number,
        "contract.programme": draft.programme["name"],
        "contract.drafted_on": day(draft.drafted_on),
        "contract.starts_on": day(draft.starts_on),
        "contract.priority_months": str(draft.priority_months),
        "contract.answer_days": str(draft.programme["answer_days"]),
        "contract.recurs_months": str(recurs) if isinstance(recurs, int) else "0",
        "contract.has_hold": plan["hold_days"] > 0,
        "contract.hold_days": str(plan["hold_days"]),
        "contract.clawback_limited": isinstance(clawback, int),
        "contract.clawback_unlimited": clawback is None,
        "contract.clawback_days": str(clawback) if isinstance(clawback, int) else "0",
        "contract.has_payout_minimum": False,
        "contract.payout_minimum": money(0),
        "contract.has_overrides": bool(draft.conditions),
        "contract.overrides": said(draft.plan["body"], draft.conditions, draft.products),
        "contract.self_billing": draft.self_billing,
        "contract.company_reports_payment": draft.self_billing,
        "contract.in_points": draft.in_points,
        "contract.has_programme_conditions": PROGRAMME_CONDITIONS in draft.joined,
    }


def _plan(draft: Draft) -> dict[str, Value]:
    """The rules as published, beside which the conditions stand; the example with them."""
    body = draft.plan["body"]
    recurs = RECURS.get(body["recurs_for_months"], "for_months")
    return {
        "plan.name": draft.plan["plan_name"],
        "plan.rules": tuple(
            rule_sentence(rule, draft.body["unit"], draft.products) for rule in compile_plan(body).plan.rules
        ),
        "plan.example": _example(draft),
        **{f"plan.{flag}": body["pays_on"] == event for event, flag in PAYS_ON.items()},
        "plan.on_margin": body["base"] == "margin",
        "plan.in_points": draft.in_points,
        **{f"plan.recurs_{kind}": kind == recurs for kind in (*RECURS.values(), "for_months")},
    }


def _example(draft: Draft) -> str:
    """One payment under this contract, for the first product of which its rules speak, if they do."""
    body = draft.body
    product = _first_product(body)
    earned = would_earn(body, EXAMPLE_CENTS, draft.drafted_on, product)
    said = {
        "paid": money(EXAMPLE_CENTS),
        "earned": money(earned) if body["unit"] == "EUR" else points(earned),
        "product": draft.products.get(product or "", product),
    }
    if product:
        return (
            _("le client paie %(paid)s hors taxes pour « %(product)s » ; la commission est de %(earned)s.")
            % said
        )
    return _("le client paie %(paid)s hors taxes ; la commission est de %(earned)s.") % said


def _first_product(body: dict[str, Any]) -> str | None:
    named = (
        condition["value"] for condition in body["rules"][0]["when"]
        if condition["field"] == "product" and condition["is"] in ("=", "in")
    )  # fmt: skip
    value = next(named, None)
    return value[0] if isinstance(value, list) else value
