"""What an own invoice has to say besides its figures, and by which words it is recognised. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from text_unidecode import unidecode

from portal.invoicing.papers import Paper, Party, day, euros, percent

# By what is asked for: any of these in the plain text of the invoice will do, in the languages of our suppliers.
RECOGNISED = {
    "franchise": (r"293 ?b", r"vatex fr franchise", r"223 1"),
    "reverse_charge": (r"autoliquid", r"reverse charge", r"steuerschuldnerschaft", r"inversione contabile", r"btw verlegd",
                       r"inversion del sujeto", r"vatex eu ae", r"283 2"),
    "exempt": (r"261\b", r"exoneration"),
    "overseas": (r"\b294\b",),
    "debits": (r"debits",),
    "sole_trader": (r"\bei\b", r"entrepreneur individuel"),
    "PMT": (r"\b40( 00)? ?eur", r"recouvrement", r"recovery"),
    "PMD": (r"penalite", r"retard", r"late payment", r"interets moratoires", r"verzug"),
    "AAB": (r"escompte", r"discount", r"skonto", r"sconto"),
}  # fmt: skip


@dataclass(frozen=True)
class Mention:
    """`code` is a key of RECOGNISED; `text` is ready to be copied."""

    code: str
    text: str


def mentions_of(paper: Paper, *, sole_trader: bool) -> tuple[Mention, ...]:
    """`paper`: the invoice as it would be, without its number."""
    found = [Mention(_exempt(paper), paper.exemption_text)] if paper.exemption_text else []
    if paper.vat_point == "5":
        found += [Mention("debits", text) for text in paper.mentions]
    if sole_trader:
        found.append(Mention("sole_trader", paper.seller.name))
    return (*found, *(Mention(code, text) for code, text in paper.notes.items()))


def _exempt(paper: Paper) -> str:
    by_code = {
        "VATEX-FR-FRANCHISE": "franchise",
        "VATEX-FR-CGI261-7": "exempt",
        "VATEX-EU-AE": "reverse_charge",
    }
    return by_code.get(paper.exemption_code, "overseas")


def to_copy(paper: Paper, mentions: Iterable[Mention]) -> str:
    """What their invoice has to say, in French as the law wants it, ready to be pasted."""
    return "\n".join(
        [*_head(paper), "", *_sums(paper), "", *(one.text for one in mentions if one.code != "sole_trader")]
    ).strip()


def _head(paper: Paper) -> list[str]:
    seller, client = paper.seller, paper.buyer
    said = [
        f"Vendeur : {', '.join(filter(None, (seller.name, seller.register, _vat_number(seller))))}",
        f"Client : {', '.join(filter(None, (client.name, client.legal_form, client.register)))}",
        f"{', '.join((*client.address, f'{client.postcode} {client.city}'))}",
        _vat_number(client),
        f"Contrat n° {paper.contract}" if paper.contract else "",
        f"Avoir sur la facture n° {paper.corrects.number} du {day(paper.corrects.issued_on)}" if paper.corrects else "",
        f"Période : du {day(paper.period[0])} au {day(paper.period[1])}" if paper.period else "",
        "Prestation de services : apport d’affaires",
        f"À payer avant le {day(paper.due_on)}" if paper.due_on else "",
    ]  # fmt: skip
    return [line for line in said if line]


def _vat_number(party: Party) -> str:
    return f"TVA {party.vat_number}" if party.vat_number else ""


def _sums(paper: Paper) -> list[str]:
    vat = [f"TVA {percent(one.rate)} : {euros(one.vat_cents)}" for one in paper.vat_totals if one.rate]
    return [f"Total HT : {euros(paper.net_cents)}", *vat, f"Total TTC : {euros(paper.gross_cents)}"]


def absent(wanted: Iterable[Mention], text: str) -> list[Mention]:
    plain = " ".join(re.findall(r"[a-z0-9]+", unidecode(text.replace("€", " eur ")).lower()))
    return [one for one in wanted if not any(re.search(words, plain) for words in RECOGNISED[one.code])]
