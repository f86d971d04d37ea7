"""What a referrer should do now, and what is paid next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from portal.kit.money import Cents
from portal.kit.rows import Row
from portal.kit.text import N_


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to do, in words and with its way; `values` stand in the words."""

    code: str
    title: str
    text: str
    button: str
    href: str
    values: Mapping[str, Any] = field(default_factory=dict)


def advice(home: Row) -> list[Advice]:
    """In order of urgency; recommending always comes last. `home` is a row of insights.of_referrer.HOME."""
    ways = (
        (_AMEND if home["amends"] else _SIGN, home["contract_state"] == "sent", home["contract_ref"]),
        (_PROFILE, home["state"] == "invited", None),
        (_BANK, home["state"] in ("applied", "active") and home["bank_state"] is None, None),
        (_DOCUMENT, home["documents"] == 1, None),
        (_DOCUMENTS, home["documents"] > 1, None),
        (_CONFIRM, home["confirmation"] is not None, None),
        (_PAPER, home["paper_ref"] is not None, home["paper_ref"]),
        (_WORD, home["word_ref"] is not None, home["word_ref"]),
        (_RECOMMEND, True, None),
    )
    return [_filled(found, ref, home) for found, due, ref in ways if due]


_SIGN = Advice(
    "sign",
    N_("Votre contrat vous attend"),
    N_("Lisez-le et signez-le d'ici : il ouvre droit à vos commissions."),
    N_("Lire et signer"),
    "/contrats/{}",
)
_AMEND = Advice(
    "sign",
    N_("Un avenant vous est proposé"),
    N_("Lisez ce qui change, avant et après : rien ne change sans votre signature."),
    N_("Lire l'avenant"),
    "/contrats/{}",
)
_PROFILE = Advice(
    "profile",
    N_("Complétez votre profil"),
    N_("Deux minutes : votre statut et votre adresse, pour préparer votre contrat."),
    N_("Compléter"),
    "/profil",
)
_BANK = Advice(
    "bank",
    N_("Où vous verser vos commissions ?"),
    N_("Donnez votre IBAN : rien ne retardera votre prochain virement."),
    N_("Donner mon IBAN"),
    "/profil/compte-bancaire",
)
_DOCUMENT = Advice(
    "documents",
    N_("Un justificatif à déposer"),
    N_("Avant le %(day)s : la loi nous demande de le garder. Une photo suffit."),
    N_("Déposer"),
    "/justificatifs",
)
_DOCUMENTS = Advice(
    "documents",
    N_("Des justificatifs à déposer"),
    N_("%(many)s, avant le %(day)s : la loi nous demande de les garder. Une photo suffit."),
    N_("Déposer"),
    "/justificatifs",
)
_CONFIRM = Advice(
    "confirm",
    N_("Tout est-il à jour ?"),
    N_("Relisez votre statut, votre TVA, votre adresse et votre compte. Si rien n'a changé, un clic suffit."),
    N_("Relire et confirmer"),
    "/profil/confirmation",
)
_PAPER = Advice(
    "paper",
    N_("Une facture à vérifier"),
    N_("La facture %(number)s est établie pour vous. Sans réponse, elle sera acceptée après le %(day)s."),
    N_("Vérifier"),
    "/factures/{}",
)
_WORD = Advice(
    "word",
    N_("Un message vous attend"),
    N_("%(who)s vous a écrit au sujet de %(company)s."),
    N_("Lire et répondre"),
    "/recommandations/{}",
)
_RECOMMEND = Advice(
    "recommend",
    N_("Qui recommandez-vous ?"),
    N_("Une entreprise, un nom, un numéro : quarante secondes."),
    N_("Recommander"),
    "/recommandations/nouvelle",
)


def _filled(found: Advice, ref: str | None, home: Row) -> Advice:
    values = {
        "paper": lambda: {"number": home["paper_number"], "day": home["paper_until"]},
        "documents": lambda: {"many": home["documents"], "day": home["documents_due_on"]},
        "word": lambda: {"who": home["word_who"], "company": home["word_company"]},
    }
    said = values[found.code]() if found.code in values else {}
    return Advice(found.code, found.title, found.text, found.button, found.href.format(ref or ""), said)


@dataclass(frozen=True, slots=True)
class Next:
    """The next money: how far it is (`code`), its day where one is known, HT and VAT."""

    code: str
    net: Cents
    vat: Cents = 0
    day: date | None = None
    href: str = ""

    @property
    def total(self) -> Cents:
        return self.net + self.vat

    @property
    def is_certain(self) -> bool:
        """Its paper is issued: the amount is final."""
        return self.code in ("sent", "invoiced")


def next_payment(home: Row, due: Cents, held: Sequence[Row]) -> Next | None:
    """The nearest to the account: on its way, on a paper, confirmed, held. `due` is on no paper yet; `held`: the next days first."""
    if home["transfer_on"] is not None:
        href = f"/virements/{home['transfer_ref']}"
        return Next("sent", home["transfer_net"], home["transfer_vat"], home["transfer_on"], href)
    if home["unpaid_net"] > 0:
        return Next("invoiced", home["unpaid_net"], home["unpaid_vat"], home["unpaid_due_on"], "/factures")
    if due > 0:
        return Next("due", due, href="/commissions?vue=a-regler")
    if held and held[0]["cents"] > 0:
        return Next("held", held[0]["cents"], day=held[0]["day"], href="/commissions?vue=a-confirmer")
    return None
