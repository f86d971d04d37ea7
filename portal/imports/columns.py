"""What each kind of file may hold: titles → field → parser → what an empty cell means."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal

from portal.imports.amounts import parse_cents
from portal.imports.names import parse_name
from portal.imports.words import (
    ANY_WORD,
    OUTCOMES,
    PAYMENT_TYPES,
    STATUSES,
    VAT_REGIMES,
    Words,
    parse_consent,
    parse_rate,
)
from portal.kit.cells import parse_date, parse_text
from portal.kit.identifiers import (
    parse_bic,
    parse_email,
    parse_iban,
    parse_phone,
    parse_postcode,
    parse_siren,
    parse_siret,
    parse_vat,
)


@dataclass(frozen=True, slots=True)
class Column:
    """`titles`: as people write them, the most usual first; compared by `layout.title_key`.

    `required`: the code of the fault when the cell is empty; the column must then exist, or one named by `unless`.

    `derived`: without the column, the row is known by what else it says; see `recognising`.

    `lenient`: what cannot be read is left out with a warning, and the row stays.

    `written`: what may be written in several ways, which the column as a whole decides; see `styles`.

    `words`: the only words that it knows, beside those that somebody explained."""

    field: str
    titles: tuple[str, ...]
    parse: Callable[..., object] = parse_text
    required: str = ""
    unless: tuple[str, ...] = ()
    derived: bool = False
    lenient: bool = False
    written: Literal["", "day", "amount", "gross"] = ""
    words: Words = ANY_WORD


_ANY_POSTCODE = partial(parse_postcode, country="")
_EMAIL_TITLES = (
    "E-mail", "mail", "courriel", "adresse e-mail", "adresse mail", "adresse électronique", "mél", "e-mail contact", "mail contact",
    "courriel contact", "email client", "mail client", "courriel client", "email prospect", "mail apporteur", "email apporteur",
)  # fmt: skip
_PHONE_TITLES = (
    "téléphone", "tél", "mobile", "portable", "n° de téléphone", "tél portable", "tél mobile", "téléphone portable", "téléphone mobile",
    "gsm", "tél contact", "téléphone contact", "tél client", "téléphone client", "tél fixe", "téléphone fixe", "fixe",
)  # fmt: skip
_COMPANY_TITLES = (
    "Entreprise", "société", "raison sociale", "dénomination", "client", "nom de l'entreprise", "dénomination sociale", "nom société",
    "nom commercial", "enseigne", "structure", "organisme",
)  # fmt: skip
_THEIR_COMPANY = (
    *_COMPANY_TITLES, "nom client", "société cliente", "entreprise cliente", "raison sociale client", "prospect", "nom prospect",
    "société prospect", "entreprise prospect", "entreprise recommandée", "société recommandée", "compte",
)  # fmt: skip
_SIREN_TITLES = (
    "siren",
    "N° SIREN",
    "siren client",
    "n° siren client",
    "siren prospect",
    "siren entreprise",
    "siren société",
)
_SIRET_TITLES = (
    "siret",
    "N° SIRET",
    "siret client",
    "n° siret client",
    "siret entreprise",
    "siret société",
    "siren/siret",
    "siret/siren",
)
# « Montant » alone says nothing of tax: somebody has to.
_NET_TITLES = (
    "Montant HT", "ht", "total ht", "net ht", "montant net ht", "mt ht", "prix ht", "ca ht", "chiffre d'affaires ht",
    "montant devis ht", "montant signé ht", "montant vendu ht", "montant affaire ht", "montant hors taxe", "montant hors taxes",
    "hors taxe", "hors taxes", "encaissé ht", "montant encaissé ht", "montant réglé ht", "réglé ht", "montant payé ht", "base ht",
)  # fmt: skip
_GROSS_TITLES = (
    "Montant TTC", "ttc", "total ttc", "mt ttc", "net à payer ttc", "encaissé ttc", "montant encaissé ttc", "montant réglé ttc",
    "réglé ttc", "montant payé ttc", "toutes taxes comprises", "montant toutes taxes comprises", "prix ttc", "ca ttc",
)  # fmt: skip
_LEAD_TITLES = (
    "Réf recommandation", "recommandation", "n° recommandation", "réf affaire", "affaire", "n° affaire", "réf lead", "lead", "n° lead",
    "id lead", "réf reco", "reco", "n° reco", "id reco", "dossier", "n° dossier", "réf dossier", "opportunité", "n° opportunité",
    "réf opportunité",
)  # fmt: skip
_REFERRER_TITLES = (
    "Apporteur", "N° apporteur", "code apporteur", "réf apporteur", "id apporteur", "nom apporteur", "recommandée par",
    "recommandé par", "apporté par", "apportée par", "partenaire", "code partenaire", "n° partenaire", "prescripteur",
    "apporteur d'affaires", "mail apporteur", "email apporteur",
)  # fmt: skip
_TAXES = (
    Column("gross_cents", _GROSS_TITLES, parse_cents, written="gross"),
    Column("vat_cents", ("Montant TVA", "mt tva", "dont tva", "total tva"), parse_cents, written="amount"),
    Column("vat_rate", ("Taux de TVA", "tva %", "% tva", "taux"), parse_rate),
)  # fmt: skip

KINDS: Mapping[str, tuple[Column, ...]] = {
    "referrers": (
        Column("number", ("N°", "N° apporteur", "code", "ref", "id", "réf apporteur", "code apporteur", "id apporteur", "identifiant",
                          "matricule", "code tiers", "n° partenaire", "code partenaire", "réf partenaire", "identifiant apporteur"),
               required="missing", derived=True),
        Column("status", ("Statut", "statut juridique", "type", "forme juridique", "forme", "catégorie", "type d'apporteur",
                          "statut apporteur", "qualité", "nature"), words=Words("status", STATUSES), required="missing"),
        Column("last_name", ("nom", "nom de famille")),
        Column("first_name", ("prénom", "prénoms")),
        Column("full_name", ("nom et prénom", "nom prénom", "prénom nom", "prénom et nom", "nom complet", "nom apporteur", "apporteur",
                             "contact", "nom / prénom", "prénom / nom"), parse_name),
        Column("company", _COMPANY_TITLES),
        Column("siret", _SIRET_TITLES, parse_siret),
        Column("vat_regime", ("tva", "régime de TVA", "régime", "assujetti TVA", "assujettissement TVA", "taux TVA", "assujetti",
                              "assujetti à la TVA", "statut TVA"), words=Words("vat_regime", VAT_REGIMES), lenient=True),
        Column("vat_number", ("N° TVA", "tva intracommunautaire", "N° TVA intracommunautaire", "tva intra", "n° tva intra",
                              "n° intracommunautaire", "identifiant tva", "code tva"), parse_vat, lenient=True),
        Column("address", ("adresse", "rue", "voie", "adresse postale", "adresse 1", "adresse ligne 1")),
        Column("postcode", ("cp", "code postal"), _ANY_POSTCODE, lenient=True),
        Column("city", ("ville", "commune", "localité")),
        Column("country", ("pays",)),
        Column("email", _EMAIL_TITLES, parse_email, required="missing"),
        Column("phone", _PHONE_TITLES, parse_phone, lenient=True),
        Column("iban", ("iban", "N° IBAN", "compte bancaire", "rib", "coordonnées bancaires", "rib / iban", "iban / rib", "n° compte"),
               parse_iban),
        Column("bic", ("bic", "swift", "bic / swift", "code bic"), parse_bic, lenient=True),
        Column("contract_on", ("contrat signé le", "date du contrat", "contrat", "contrat du", "signé le", "date de signature",
                               "date de signature du contrat", "date signature contrat", "contrat signé", "signature contrat",
                               "date convention", "convention signée le"), parse_date, written="day"),
        Column("employer", ("employeur", "entreprise employeuse", "partenaire", "nom employeur", "société employeuse")),
    ),
    "leads": (
        Column("ref", ("Réf", "N°", "id", *_LEAD_TITLES, "identifiant", "code"), required="missing", derived=True),
        Column("day", ("Date", "reçue le", "reçu le", "recommandée le", "date de recommandation", "date reco", "date lead",
                       "date de réception", "date de mise en relation", "date d'apport", "date de création", "créé le", "créée le",
                       "transmis le", "transmise le", "date de transmission", "date d'entrée"), parse_date, required="missing",
               written="day"),
        Column("referrer", _REFERRER_TITLES, required="missing"),
        Column("company", _THEIR_COMPANY, required="company"),
        Column("siren", _SIREN_TITLES, parse_siren),
        Column("siret", _SIRET_TITLES, parse_siret),
        Column("contact", ("contact", "interlocuteur", "nom du contact", "nom", "contact client", "personne contactée", "nom et prénom",
                           "nom prénom", "prénom nom", "interlocuteur client", "contact prospect")),
        Column("email", tuple(title for title in _EMAIL_TITLES if "apporteur" not in title), parse_email, lenient=True),
        Column("phone", _PHONE_TITLES, parse_phone, lenient=True),
        Column("postcode", ("cp", "code postal"), parse_postcode, lenient=True),
        Column("city", ("ville", "commune", "localité")),
        Column("need", ("besoin", "projet", "demande", "objet", "description", "besoin exprimé", "prestation", "nature du besoin")),
        Column("consent", ("Accord du prospect", "accord", "consentement", "accord client", "accord rgpd", "rgpd", "opt in", "opt-in",
                           "consentement prospect", "consentement rgpd", "accord contact", "autorisation", "d'accord"),
               parse_consent, required="consent"),
        Column("outcome", ("suite", "état", "statut", "résultat", "issue", "avancement", "étape", "état du dossier", "statut du dossier",
                           "statut lead", "situation", "statut recommandation", "statut affaire"), words=Words("outcome", OUTCOMES)),
        Column("signed_on", ("signé le", "signée le", "date de signature", "signature", "date de vente", "vendu le", "date de commande",
                             "conclu le", "conclue le", "gagné le", "gagnée le", "date de conclusion"), parse_date, written="day"),
        Column("amount_cents", _NET_TITLES, parse_cents, written="amount"),
        *_TAXES,
    ),
    "payments": (
        Column("ref", ("N° pièce", "pièce", "réf", "id", "pièce comptable", "réf pièce", "n° encaissement", "réf encaissement",
                       "id encaissement", "n° paiement", "réf paiement", "id paiement", "n° règlement", "réf règlement", "n° écriture",
                       "transaction", "n° transaction", "réf transaction", "id transaction", "réf bancaire", "n° opération",
                       "réf opération", "n°"), required="missing", derived=True),
        Column("lead", _LEAD_TITLES, required="missing", unless=("invoice", "company", "siren", "siret")),
        Column("invoice", ("N° facture", "facture", "réf facture", "facture client", "n° facture client", "facture réglée")),
        Column("day", ("Date", "encaissé le", "payé le", "date d'encaissement", "date de paiement", "date de règlement", "réglé le",
                       "date de valeur", "date d'opération", "reçu le", "date de réception", "date du paiement", "date du règlement"),
               parse_date, required="missing", written="day"),
        Column("amount_cents", _NET_TITLES, parse_cents, required="amount", unless=("gross_cents",), written="amount"),
        *_TAXES,
        Column("company", tuple(title for title in _THEIR_COMPANY if title != "compte")),
        Column("siren", _SIREN_TITLES, parse_siren, lenient=True),
        Column("siret", _SIRET_TITLES, parse_siret, lenient=True),
        Column("referrer", _REFERRER_TITLES),
        Column("type", ("type", "nature", "sens", "mouvement", "type de mouvement", "type d'opération", "nature d'opération", "opération"),
               words=Words("payment_type", PAYMENT_TYPES)),
    ),
    "clients": (
        Column("ref", ("ref", "code", "code client", "n°", "id", "n° client", "réf client", "id client", "compte", "n° compte")),
        Column("company", ("Nom", *(title for title in _THEIR_COMPANY if title != "compte")), required="company"),
        Column("siren", _SIREN_TITLES, parse_siren),
        Column("siret", _SIRET_TITLES, parse_siret),
        Column("email", tuple(title for title in _EMAIL_TITLES if "apporteur" not in title), parse_email, lenient=True),
        Column("phone", _PHONE_TITLES, parse_phone, lenient=True),
        Column("website", ("site", "site web", "site internet", "url", "web")),
        Column("since", ("client depuis", "depuis", "date", "créé le", "date de création", "premier achat", "date d'entrée",
                         "première commande"), parse_date, lenient=True, written="day"),
    ),
}  # fmt: skip
