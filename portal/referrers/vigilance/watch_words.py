"""What is watched, in words: to the staff, with what to do; to the referrer, with what it means for them."""

from typing import Any

from portal.kit.money import Cents
from portal.kit.text import N_, _, money, ngettext
from portal.law import FIGURES
from portal.referrers.vigilance.rules import SOURCES, Kind
from portal.referrers.vigilance.watch_rules import Level, What

NAMES = {
    What.OCCASIONAL: N_("Particulier : affaires en douze mois"),
    What.OCCASIONAL_AMOUNT: N_("Particulier : versé dans l'année"),
    What.MICRO: N_("Plafond du régime micro"),
    What.FRANCHISE: N_("Franchise de TVA : seuil de base"),
    What.FRANCHISE_UPPER: N_("Franchise de TVA : seuil majoré"),
    What.ASSOCIATION: N_("Recettes accessoires de l'association"),
    What.PARTNER_EXEMPT: N_("Salarié partenaire : part exonérée"),
    What.PARTNER_FLAT: N_("Salarié partenaire : part au forfait"),
    What.DAS2: N_("DAS2 : identité incomplète"),
    What.RESIDENCE: N_("Attestation de résidence fiscale"),
    What.CONSENT: N_("Accord de l'employeur"),
    What.DOCUMENTS: N_("Justificatifs"),
}
LEVELS = {Level.NEAR: N_("Proche"), Level.REACHED: N_("Atteint")}
LEVEL_TONES = {Level.NEAR: "wait", Level.REACHED: "bad"}
ADVICE = {  # to the staff
    What.OCCASIONAL: N_("Demandez si l'activité reste occasionnelle ; à la troisième affaire, le statut se vérifie avant de payer."),
    What.OCCASIONAL_AMOUNT: N_("Vérifiez le statut : au-delà, l'activité n'est plus occasionnelle."),
    What.MICRO: N_("Faites confirmer le statut : au-delà, le régime micro prend fin."),
    What.FRANCHISE: N_("Faites confirmer le régime : au-delà, la TVA s'applique le 1er janvier qui suit."),
    What.FRANCHISE_UPPER: N_("Faites changer le régime : au-delà, la TVA s'applique le jour même."),
    What.ASSOCIATION: N_("Faites confirmer le régime : au-delà, l'association paie les impôts commerciaux."),
    What.PARTNER_EXEMPT: N_("Prévenez la paie : au-delà, la contribution libératoire est due."),
    What.PARTNER_FLAT: N_("Prévenez la paie : au-delà, les cotisations ordinaires sont dues."),
    What.DAS2: N_("Complétez l'identité : sans elle, la déclaration de l'année est refusée."),
    What.RESIDENCE: N_("Demandez l'attestation : sans elle, une retenue à la source s'applique."),
    What.CONSENT: N_("Demandez l'accord de l'employeur : sans lui, rien n'est payé."),
    What.DOCUMENTS: N_("Voyez ce qui manque, et relancez l'apporteur s'il le faut."),
}  # fmt: skip
MEANS = {  # to the referrer
    What.OCCASIONAL: N_("Plusieurs affaires sont nées de vos recommandations en un an. Si cela devient régulier, la loi demande de s'immatriculer, par exemple comme micro-entrepreneur."),
    What.OCCASIONAL_AMOUNT: N_("Vos commissions de l'année sont importantes. Si cela devient régulier, la loi demande de s'immatriculer, par exemple comme micro-entrepreneur."),
    What.MICRO: N_("Au-delà de ce plafond, le régime micro prend fin."),
    What.FRANCHISE: N_("Au-delà de ce seuil, vous facturez la TVA à partir du 1er janvier qui suit."),
    What.FRANCHISE_UPPER: N_("Au-delà de ce seuil, vous facturez la TVA le jour même."),
    What.ASSOCIATION: N_("Au-delà de ce seuil, l'association paie les impôts commerciaux."),
    What.PARTNER_EXEMPT: N_("Au-delà de ce montant, nous versons une contribution sur ce que vous recevez. Rien ne change pour vous."),
    What.PARTNER_FLAT: N_("Au-delà de ce montant, des cotisations ordinaires s'appliquent à ce que vous recevez."),
}  # fmt: skip


def value_said(what: str, value: int, ceiling: Cents) -> str:
    """'33 200,00 € sur 37 500,00 €', '2 affaires', '1 document manquant'."""
    if what == What.OCCASIONAL:
        return ngettext("%(num)d affaire", "%(num)d affaires", value) % {"num": value}
    if what in (What.RESIDENCE, What.CONSENT, What.DOCUMENTS):
        return ngettext("%(num)d document attendu", "%(num)d documents attendus", value) % {"num": value}
    if not ceiling:
        return _("%(value)s ; le chiffre de l'année n'est pas encore publié") % {"value": money(value)}
    return _("%(value)s sur %(ceiling)s") % {"value": money(value), "ceiling": money(ceiling)}


OF_DOCUMENTS = {
    What.RESIDENCE: SOURCES[Kind.RESIDENCE],
    What.CONSENT: SOURCES[Kind.EMPLOYER_CONSENT],
    What.DOCUMENTS: SOURCES[Kind.VIGILANCE],
}


def source_of(what: What, figure: str) -> str:
    """Of a figure by its id: what was shipped under it; the company's own figures name theirs in the settings."""
    if what in OF_DOCUMENTS:
        return OF_DOCUMENTS[what]
    code, _at, since = figure.partition("@")
    return next((one.source for one in FIGURES.get(code, ()) if one.since.isoformat() == since), "")


def said(row: Any) -> dict[str, str]:
    """Of a row of the list, what is not a figure."""
    what = What(row["what"])
    return {
        "name": _(NAMES[what]),
        "value": value_said(what, row["value"], row["ceiling"]),
        "source": source_of(what, row["figure"]),
        "todo": _(ADVICE[what]),
    }
