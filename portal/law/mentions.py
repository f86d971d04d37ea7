"""Texts that the law wants on a paper, in French, dated."""

from datetime import date

from portal.law.figures import LONG_SINCE, Dated, Figure

REVIEWED = date(2026, 11, 21)
FRANCHISE = "mentions.franchise"

_CIBS_ON = date(2027, 1, 1)
_CIBS_ALONE_ON = date(2028, 7, 1)
_FRANCHISE_CGI = "TVA non applicable, art. 293 B du CGI"


def _text(value: str, source: str, *, to_confirm: bool = False) -> Dated:
    return (Figure(LONG_SINCE, value, source, REVIEWED, to_confirm),)


def _recoded(cgi: str, cibs: str, source: str) -> Dated:
    """A reference to the CGI, still accepted until 30 June 2028; the official wording of the new one was not found."""
    return (
        Figure(LONG_SINCE, cgi, source, REVIEWED, to_confirm=True),
        Figure(_CIBS_ON, cgi, f"{source}, toléré jusqu'au 30 juin 2028 (ord. 2026-671)", REVIEWED, False),
        Figure(_CIBS_ALONE_ON, cibs, "rédaction officielle non trouvée", REVIEWED, to_confirm=True),
    )


FIGURES = {
    # From 2027 on the old form is still accepted; the official wording of the new one was not found.
    FRANCHISE: (
        Figure(LONG_SINCE, _FRANCHISE_CGI, "CGI 293 E", REVIEWED, to_confirm=False),
        Figure(
            _CIBS_ON,
            _FRANCHISE_CGI,
            "CGI 293 E, toléré jusqu'au 30 juin 2028 (ord. 2026-671)",
            REVIEWED,
            False,
        ),
        Figure(
            _CIBS_ALONE_ON,
            "TVA non applicable, art. L. 223-1 et suivants du CIBS",
            "rédaction officielle non trouvée",
            REVIEWED,
            to_confirm=True,
        ),
    ),
    "mentions.reverse_charge": _text("Autoliquidation", "CGI ann. II 242 nonies A I-13°"),
    "mentions.reverse_charge_article": _recoded(
        "Autoliquidation, art. 283-2 du CGI", "Autoliquidation (CIBS)", "CGI 283-2"
    ),
    "mentions.self_billed": _text("Autofacturation", "CGI ann. II 242 nonies A I-14°"),
    "mentions.debits": _text(
        "Option pour le paiement de la taxe d'après les débits", "CGI ann. II 242 nonies A I-11° bis"
    ),
    "mentions.nature_goods": _text("Livraison de biens", "CGI ann. II 242 nonies A I-8° bis"),
    "mentions.multi_purpose_voucher": _text(
        "Bon à usages multiples : sa remise est hors du champ de la TVA, art. 256 ter du CGI", "CGI 256 ter"
    ),
    "mentions.intra_community_supply": _recoded(
        "Livraison intracommunautaire exonérée de TVA, art. 262 ter, I du CGI",
        "Livraison intracommunautaire exonérée de TVA (CIBS)",
        "CGI 262 ter I",
    ),
    "mentions.nature_services": _text("Prestation de services", "CGI ann. II 242 nonies A I-8° bis"),
    "mentions.association_exempt": _recoded(
        "Exonération de TVA, art. 261, 7-1° b du CGI",
        "Exonération de TVA (CIBS)",
        "CGI ann. II 242 nonies A I-12°",
    ),
    "mentions.no_vat_overseas": _recoded(
        "TVA non applicable, art. 294 du CGI", "TVA non applicable (CIBS)", "CGI ann. II 242 nonies A I-12°"
    ),
    "mentions.withholding": _text(
        "Retenue à la source, art. 182 B du CGI : %(rate)s de %(base)s", "CGI 182 B et 1671 A"
    ),
    "mentions.not_taxable": _text(
        "Somme versée à une personne non assujettie : aucune TVA n’est due ni déductible",
        "CGI 256 A et 289 I-1",
    ),
    "mentions.third_party_payment": _text(
        "Somme versée par un tiers à l’employeur, art. L. 242-1-4 du code de la sécurité sociale",
        "CSS L242-1-4",
    ),
    "mentions.sole_trader": _text("EI", "C. com. R526-27"),
    "mentions.recovery_indemnity": _text(
        "Indemnité forfaitaire pour frais de recouvrement en cas de retard de paiement : 40 €",
        "C. com. L441-9 et D441-5",
    ),
    # Without a number: it stays true in a half-year whose rate is not known yet.
    "mentions.late_payment": _text(
        "Pénalités de retard : taux de refinancement de la Banque centrale européenne majoré de 10 points",
        "C. com. L441-10 II",
    ),
    "mentions.discount": _text("Escompte pour paiement anticipé : néant", "C. com. L441-9"),
    "mentions.duplicate": _text("Duplicata", "BOI-TVA-DECLA-30-20-20-20"),
    "mentions.individual_boxes_note": _text(
        "Montant brut à reporter ; l'administration applique l'abattement",
        "2042 C PRO, notice",
        to_confirm=True,
    ),
}
