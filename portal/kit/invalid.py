"""What a parser refuses: a code and numbers; the sentence is made when it is shown."""

from collections.abc import Mapping

from portal.kit.text import N_, _

Params = Mapping[str, str | int]

MESSAGES = {
    "amount": N_("Ce montant ne se lit pas. Écrivez par exemple 18 000,00."),
    "amount_sign": N_(
        "Ce montant se lit de deux façons : 12.500 est douze mille cinq cents ou douze et demi. Dites-le pour la colonne."
    ),
    "bic": N_("Ce BIC n'existe pas : il compte 8 ou 11 caractères."),
    "date": N_("Cette date ne se lit pas. Écrivez par exemple 12/03/2027."),
    "date_order": N_(
        "Cette date se lit de deux façons : le jour ou le mois d'abord. Dites-le pour la colonne."
    ),
    "email": N_("Cette adresse e-mail semble incomplète."),
    "iban": N_("Cet IBAN ne tombe pas juste : une faute de frappe est probable."),
    "phone": N_("Ce numéro de téléphone n'existe pas."),
    "postcode": N_("Ce code postal ne se lit pas : il compte 5 chiffres en France."),
    "rate": N_("Ce taux ne se lit pas. Écrivez par exemple 20 ou 5,5."),
    "siren": N_("Ce SIREN ne tombe pas juste : il compte 9 chiffres."),
    "siret": N_("Ce SIRET ne tombe pas juste : il compte 14 chiffres."),
    "vat": N_("Ce numéro de TVA ne tombe pas juste. Exemple : FR 44 732 829 320."),
    "whole": N_("Ce nombre ne se lit pas. Écrivez un nombre entier."),
    "yes_no": N_("Répondez par oui ou par non."),
    "file": N_("Ce fichier ne s'ouvre pas. Envoyez un fichier CSV ou Excel (.xlsx)."),
    "file_empty": N_("Ce fichier est vide."),
    "file_too_big": N_("Ce fichier dépasse %(limit)s Mo."),
    "statement_titles": N_(
        "Nous ne trouvons pas les titres d'un relevé : une date, un libellé et un montant."
    ),
    "other_currency": N_("Ce montant n'est pas en euros."),
    "upload_kind": N_("Ce type de fichier n'est pas accepté ici."),
    "upload_active": N_(
        "Ce fichier contient des éléments actifs (script, macro ou pièce jointe). Envoyez-le sans."
    ),
    "upload_locked": N_(
        "Ce PDF est protégé par un mot de passe. Enregistrez-le sans mot de passe, puis renvoyez-le."
    ),
    "bank_packed": N_("Ce fichier est compressé. Ouvrez-le, puis envoyez le fichier XML qu'il contient."),
    "bank_not_xml": N_(
        "Ce n'est pas un fichier XML de banque. Demandez à votre banque le relevé camt.053 ou la réponse pain.002."
    ),
    "bank_broken": N_("Ce fichier de banque ne se lit pas jusqu'au bout. Téléchargez-le de nouveau."),
    "bank_entities": N_("Ce fichier contient des éléments actifs : il n'est pas pris."),
    "bank_other_message": N_(
        "Ce message de banque n'est pas de ceux qui se lisent ici : pain.002, camt.053 ou camt.054."
    ),
    "vcard": N_("Aucune carte de visite ne se lit dans ce fichier."),
    "upload_broken": N_("Ce fichier ne s'ouvre pas. Enregistrez-le de nouveau, puis renvoyez-le."),
    "file_quotes": N_("Des guillemets ne sont pas refermés vers la ligne %(line)s."),
    "too_many_rows": N_("Ce fichier dépasse %(limit)s lignes."),
    "too_many_columns": N_("Ce fichier dépasse %(limit)s colonnes."),
    "cell_too_long": N_("Une cellule dépasse %(limit)s caractères à la ligne %(line)s."),
    "header_twice": N_("La colonne « %(title)s » figure deux fois."),
}


class Invalid(ValueError):
    """Typed by somebody and not readable; `code` is a key of MESSAGES."""

    def __init__(self, code: str, params: Params | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.params: Params = params or {}

    @property
    def sentence(self) -> str:
        return _(MESSAGES[self.code]) % self.params
