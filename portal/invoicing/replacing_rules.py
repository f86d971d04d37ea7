"""What has to be done with a paper that would be another today: nothing, a corrective, or a credit note and a new one. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any

from portal.invoicing.papers import Corrected, Kind, Paper
from portal.invoicing.proposals import Proposal, treatment_of_invoice
from portal.kit.rows import Row
from portal.kit.text import N_


class Remedy(StrEnum):
    NOTHING = "nothing"  # it says all that it should
    CORRECTIVE = "corrective"  # 471: the amounts stand, the words change
    REPLACE = "replace"  # 261 for the whole paper, and new ones


REMEDY_LABELS = {
    Remedy.NOTHING: N_("Rien à rectifier : la pièce dit déjà ce qu'il faut."),
    Remedy.CORRECTIVE: N_("Une facture rectificative : seules des mentions changent."),
    Remedy.REPLACE: N_("Une annulation de toute la pièce, puis une nouvelle."),
}
# What may differ between the paper as it is and as it would be: in the words of the page, and where it stands.
COMPARED: Mapping[str, tuple[str, Callable[[Paper], object]]] = {
    "kind": (N_("La nature de la pièce"), lambda paper: paper.kind),
    "seller": (N_("L'identité ou l'adresse du bénéficiaire"), lambda paper: paper.seller),
    "buyer": (N_("L'identité ou l'adresse de l'entreprise"), lambda paper: paper.buyer),
    "vat": (
        N_("La TVA"),
        lambda paper: [(total.category, total.rate) for total in paper.vat_totals],
    ),
    "vat_point": (N_("L'exigibilité de la TVA"), lambda paper: paper.vat_point),
    "exemption": (N_("Le motif sans TVA"), lambda paper: paper.exemption_text),
    "withheld": (N_("La retenue à la source"), lambda paper: paper.withheld and paper.withheld.rate),
    "employment": (N_("Les contributions de l'entreprise"), lambda paper: paper.employment is not None),
    "mentions": (N_("Les mentions"), lambda paper: paper.mentions),
}


def differences(now: Paper, right: Paper) -> list[str]:
    """Codes of COMPARED. A corrective is compared as the invoice that it corrects."""
    said = replace(now, kind=Kind.SELF_BILLED) if now.kind is Kind.SELF_BILLED_CORRECTIVE else now
    return [code for code, (_label, told) in COMPARED.items() if told(said) != told(right)]


def remedy_of(
    now: Paper, rights: Sequence[Paper], *, credited: bool, on_debits: tuple[bool, bool], ended: bool = False
) -> Remedy:
    """`credited`: a part was taken back before; `on_debits`: the option on the paper, and as it should be; `ended`: a
    platform refused or rejected it, so that only another paper will do, whatever it says."""
    if ended:
        return Remedy.REPLACE
    if len(rights) == 1 and not differences(now, rights[0]):
        return Remedy.NOTHING
    if credited or len(rights) > 1 or on_debits[0] != on_debits[1]:
        return Remedy.REPLACE
    return Remedy.CORRECTIVE if _same_amounts(now, rights[0]) else Remedy.REPLACE


def _same_amounts(now: Paper, right: Paper) -> bool:
    money = [(paper.net_cents, paper.vat_cents, paper.withheld_cents) for paper in (now, right)]
    invoices = now.self_billed and right.self_billed
    return invoices and money[0] == money[1]


def taken_off(credited: Row, rows: Sequence[Row]) -> Proposal:
    """All that is left of a paper, at its own VAT."""
    return Proposal(rows[0], tuple(rows), treatment_of_invoice(credited), credits=credited, takes_off=True)


def moved_on(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The same commissions as the next paper has them: a turn later, and crediting nothing."""
    return [{**row, "turn": row["turn"] + 1, "credits_id": None} for row in rows]


def corrective_of(right: Proposal, credited: Row) -> Proposal:
    assert right.treatment is not None
    treatment = replace(right.treatment, kind=Kind.SELF_BILLED_CORRECTIVE)
    return replace(right, treatment=treatment, credits=credited)


def corrected(credited: Row) -> Corrected:
    return Corrected(credited["credited_number"], credited["credited_issued_on"])
