"""A text as it is being written: its faults, what its words would turn it into, how it reads with examples."""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.contracts.wording.faults import Fault, faults
from portal.contracts.wording.guardrails import Warned, warnings_in
from portal.contracts.wording.placeholders import EXAMPLES, PLACEHOLDERS, VOCABULARY, Placeholder
from portal.contracts.wording.texts import PROGRAMME_CONDITIONS, STATUS_OF
from portal.kit.fill import Filled, Kind, TextRefused, Value, ValueRefused, fill, parse
from portal.kit.text import N_
from portal.referrers.rules import NATURAL_PERSONS, Regime, Status

GROUPS = {
    "company": N_("L'entreprise"),
    "referrer": N_("L'apporteur"),
    "contract": N_("Le contrat"),
    "plan": N_("Le barème"),
    "amendment": N_("L'avenant"),
    "termination": N_("La fin du contrat"),
    "law": N_("La loi"),
}
REGIMES = {
    Regime.STANDARD: "has_vat", Regime.FRANCHISE: "under_franchise", Regime.EXEMPT: "vat_exempt",
    Regime.NONE: "outside_vat", Regime.REVERSE_CHARGE: "reverse_charge",
}  # fmt: skip
USUAL = {
    Status.MICRO: Regime.FRANCHISE, Status.COMPANY: Regime.STANDARD, Status.EU_COMPANY: Regime.REVERSE_CHARGE,
    Status.ASSOCIATION: Regime.EXEMPT,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Preview:
    faults: tuple[Fault, ...]
    warnings: tuple[Warned, ...]
    filled: Filled | None  # none while the text is out of the language
    lines: tuple[str, ...]

    @property
    def may_be_published(self) -> bool:
        return not self.faults and not any(warned.rail.blocks for warned in self.warnings)

    def line(self, number: int) -> str:
        return self.lines[number - 1].strip()[:100] if 0 < number <= len(self.lines) else ""


def preview(body: str, stands_for: str) -> Preview:
    return Preview(
        faults(body, stands_for),
        warnings_in(body),
        _filled(body, stands_for),
        tuple(body.split("\n")),
    )


def _filled(body: str, stands_for: str) -> Filled | None:
    try:
        return fill(parse(body, VOCABULARY), examples_for(stands_for))
    except (TextRefused, ValueRefused):
        return None


def examples_for(stands_for: str) -> Mapping[str, Value]:
    """The examples of the table, true for the status that the text is written for."""
    status = Status(STATUS_OF[stands_for] or Status.MICRO)
    natural, in_points = status in NATURAL_PERSONS, stands_for == PROGRAMME_CONDITIONS
    return {
        **EXAMPLES,
        **{f"referrer.is_{one}": one is status for one in Status},
        **{f"referrer.{flag}": USUAL.get(status) is regime for regime, flag in REGIMES.items()},
        "referrer.has_siret": not natural, "contract.self_billing": not natural, "contract.company_reports_payment": not natural,
        "plan.in_points": in_points, "contract.in_points": in_points, "contract.has_programme_conditions": in_points,
    }  # fmt: skip


def placeholders_by_group() -> list[tuple[str, list[tuple[Placeholder, str]]]]:
    """Label of each group, its placeholders and how each is typed."""
    return [
        (label, [(one, _typed(one)) for one in PLACEHOLDERS if one.name.startswith(f"{group}.")])
        for group, label in GROUPS.items()
    ]


def _typed(placeholder: Placeholder) -> str:
    if placeholder.kind is Kind.FLAG:
        return f"{{{{#if {placeholder.name}}}}} … {{{{/if}}}}"
    return f"{{{{ {placeholder.name} }}}}"


def shown_example(placeholder: Placeholder) -> str:
    example = placeholder.example
    return "" if isinstance(example, bool) else example if isinstance(example, str) else "\n".join(example)
