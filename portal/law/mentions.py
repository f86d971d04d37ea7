"""Texts that the law wants on a paper, in French, dated."""

from datetime import date

from portal.law.figures import LONG_SINCE, Dated, Figure, Figures

REVIEWED = date(2026, 11, 21)
FRANCHISE = "mentions.franchise"

_FRANCHISE_CGI = "TVA non applicable, art. 293 B du CGI"


def _text(value: str, source: str, *, to_confirm: bool = False) -> Dated:
    return (Figure(LONG_SINCE, value, source, REVIEWED, to_confirm),)


FIGURES = {
    # From 2027 on the old form is still accepted; the official wording of the new one was not found.
    FRANCHISE: (
        Figure(LONG_SINCE, _FRANCHISE_CGI, "CGI 293 E", REVIEWED, to_confirm=False),
        Figure(
            date(2027, 1, 1),
            _FRANCHISE_CGI,
            "CGI 293 E, toléré jusqu'au 30 juin 2028 (ord. 2026-671)",
            REVIEWED,
            False,
        ),
        Figure(
            date(2028, 7, 1),
            "TVA non applicable, art. L. 223-1 et suivants du CIBS",
            "rédaction officielle non trouvée",
            REVIEWED,
            to_confirm=True,
        ),
    ),
    "mentions.reverse_charge": _text("Autoliquidation", "CGI ann. II 242 nonies A I-13°"),
    "mentions.self_billed": _text("Autofacturation", "CGI ann. II 242 nonies A I-14°"),
    "mentions.debits": _text(
        "Option pour le paiement de la taxe d'après les débits", "CGI ann. II 242 nonies A I-11° bis"
    ),
    "mentions.nature_services": _text("Prestation de services", "CGI ann. II 242 nonies A I-8° bis"),
    "mentions.association_exempt": _text(
        "Exonération de TVA, art. 261, 7-1° b du CGI", "CGI ann. II 242 nonies A I-12°", to_confirm=True
    ),
    "mentions.no_vat_overseas": _text(
        "TVA non applicable, art. 294 du CGI", "CGI ann. II 242 nonies A I-12°", to_confirm=True
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

# A VAT regime and the mention that explains why no VAT is shown.
_REGIME_MENTIONS = {
    "franchise": FRANCHISE,
    "reverse_charge": "mentions.reverse_charge",
    "exempt": "mentions.association_exempt",
}


def exemption_mention(vat_regime: str, day: date, figures: Figures) -> str | None:
    """None when VAT is shown, or when the paper is no invoice."""
    code = _REGIME_MENTIONS.get(vat_regime)
    return figures.text(code, day) if code else None
