"""What the kinds and fields of files are called on screen."""

from portal.imports.columns import KINDS, Column
from portal.imports.styles import STYLES
from portal.kit.text import N_, _
from portal.referrers.rules import REGIME_LABELS, STATUS_LABELS

KIND_LABELS = {
    "referrers": N_("Apporteurs"),
    "leads": N_("Recommandations"),
    "payments": N_("Encaissements"),
    "clients": N_("Clients"),
}
KIND_HINTS = {
    "referrers": N_("À reprendre en premier : numéro, statut, adresse e-mail, IBAN, date du contrat."),
    "leads": N_("Ensuite : référence, date, apporteur, entreprise, accord du prospect, suite."),
    "payments": N_("Puis : pièce, recommandation, date, montant HT."),
    "clients": N_("Votre liste de clients, qui prouve qu'une entreprise était déjà cliente."),
}
FIELD_LABELS = {
    "number": N_("Numéro d'apporteur"), "status": N_("Statut"), "last_name": N_("Nom"), "first_name": N_("Prénom"),
    "company": N_("Entreprise"), "siret": N_("SIRET"), "siren": N_("SIREN"), "vat_regime": N_("Régime de TVA"),
    "vat_number": N_("Numéro de TVA"), "address": N_("Adresse"), "postcode": N_("Code postal"), "city": N_("Ville"),
    "country": N_("Pays"), "email": N_("Adresse e-mail"), "phone": N_("Téléphone"), "iban": N_("IBAN"), "bic": N_("BIC"),
    "contract_on": N_("Contrat signé le"), "employer": N_("Employeur"), "ref": N_("Référence"), "day": N_("Date"),
    "referrer": N_("Apporteur"), "contact": N_("Contact"), "need": N_("Besoin"), "consent": N_("Accord du prospect"),
    "outcome": N_("Suite"), "signed_on": N_("Signé le"), "amount_cents": N_("Montant HT"), "lead": N_("Recommandation"),
    "type": N_("Encaissement ou remboursement"), "website": N_("Site"), "since": N_("Client depuis"),
    "full_name": N_("Nom et prénom"), "gross_cents": N_("Montant TTC"), "vat_cents": N_("Montant de la TVA"),
    "vat_rate": N_("Taux de TVA"), "invoice": N_("Facture client"),
}  # fmt: skip
CODE_LABELS = {  # for the filter of a report: what its sentence would say with a value in it
    "duplicate": N_("Numéro en double"),
    "before_contract": N_("Datée d'avant le contrat"),
    "before_signature": N_("Daté d'avant la signature"),
    "same_company": N_("Entreprise déjà recommandée"),
    "shared_email": N_("Adresse e-mail partagée"),
    "shared_iban": N_("IBAN partagé"),
    "shared_siren": N_("SIREN partagé"),
    "database": N_("Refusée par la base de données"),
    "missing_column": N_("Colonne manquante"),
    "header_twice": N_("Colonne en double"),
}


STYLE_LABELS = {  # of a column that may be written in several ways
    "dmy": N_("jour d'abord"), "mdy": N_("mois d'abord"), "ymd": N_("année d'abord"),
    "comma": N_("12.500 = douze mille cinq cents"), "point": N_("12.500 = douze et demi"),
    "20": N_("TVA à 20 %"), "10": N_("TVA à 10 %"), "5.5": N_("TVA à 5,5 %"), "2.1": N_("TVA à 2,1 %"), "0": N_("sans TVA"),
}  # fmt: skip
WORD_LABELS = {
    "status": {str(status): label for status, label in STATUS_LABELS.items()},
    "vat_regime": {str(regime): label for regime, label in REGIME_LABELS.items()},
    "outcome": {"open": N_("En cours"), "won": N_("Gagnée"), "lost": N_("Perdue"), "rejected": N_("Refusée")},
    "type": {"payment": N_("Encaissement"), "refund": N_("Remboursement")},
}  # fmt: skip


def field_choices(kind: str) -> list[tuple[str, str]]:
    """For a select: each field of the kind, in each way in which it may be written, and leaving the column out."""
    return [("", _("Laisser")), *(choice for column in KINDS[kind] for choice in _choices(column))]


def _choices(column: Column) -> list[tuple[str, str]]:
    label = _(FIELD_LABELS[column.field])
    styles = STYLES.get(column.written, ())
    return [
        (column.field, label),
        *((f"{column.field}|{style}", f"{label} ({_(STYLE_LABELS[style])})") for style in styles),
    ]


def word_choices(field: str) -> list[tuple[str, str]]:
    table = next(
        column.words.table
        for columns in KINDS.values()
        for column in columns
        if column.field == field and column.words.code
    )
    return [("", _("Choisir")), *((code, _(WORD_LABELS[field][code])) for code in table)]
