"""What each kind of file may hold: titles → field → parser → what an empty cell means."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from portal.imports.words import OUTCOMES, PAYMENT_TYPES, STATUSES, VAT_REGIMES, one_of, parse_consent
from portal.kit.cells import parse_amount, parse_date, parse_text, plain_words
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
from portal.kit.text import N_


@dataclass(frozen=True, slots=True)
class Column:
    """`titles`: as people write them, the most usual first; compared without accents, case or signs.

    `required`: the code of the fault when the cell is empty; the column must then exist.

    `lenient`: what cannot be read is left out with a warning, and the row stays.
    """

    field: str
    titles: tuple[str, ...]
    parse: Callable[[str], object] = parse_text
    required: str = ""
    lenient: bool = False


_ANY_POSTCODE = partial(parse_postcode, country="")
_EMAIL_TITLES = ("E-mail", "email", "mail", "courriel", "adresse e-mail", "adresse mail")
_PHONE_TITLES = ("téléphone", "tél", "mobile", "portable", "n° de téléphone")
_COMPANY_TITLES = ("Entreprise", "société", "raison sociale", "dénomination", "client", "nom de l'entreprise")
_AMOUNT_TITLES = ("Montant HT", "montant", "ht", "total ht", "net ht", "montant net")

KINDS: Mapping[str, tuple[Column, ...]] = {
    "referrers": (
        Column("number", ("N°", "no", "numéro", "N° apporteur", "numéro apporteur", "code", "ref", "reference", "id"),
               required="missing"),
        Column("status", ("Statut", "statut juridique", "type"), one_of("status", STATUSES), required="missing"),
        Column("last_name", ("nom", "nom de famille")),
        Column("first_name", ("prénom", "prénoms")),
        Column("company", _COMPANY_TITLES),
        Column("siret", ("siret", "N° SIRET", "numéro siret"), parse_siret),
        Column("vat_regime", ("tva", "régime de TVA", "régime TVA"), one_of("vat_regime", VAT_REGIMES), lenient=True),
        Column("vat_number", ("N° TVA", "no TVA", "numéro de tva", "tva intracommunautaire", "N° TVA intracommunautaire"),
               parse_vat, lenient=True),
        Column("address", ("adresse", "rue", "voie")),
        Column("postcode", ("cp", "code postal"), _ANY_POSTCODE, lenient=True),
        Column("city", ("ville", "commune")),
        Column("country", ("pays",)),
        Column("email", _EMAIL_TITLES, parse_email, required="missing"),
        Column("phone", _PHONE_TITLES, parse_phone, lenient=True),
        Column("iban", ("iban", "N° IBAN", "compte bancaire", "rib"), parse_iban),
        Column("bic", ("bic", "swift"), parse_bic, lenient=True),
        Column("contract_on", ("contrat signé le", "date du contrat", "contrat", "contrat du", "signé le"), parse_date),
        Column("employer", ("employeur", "entreprise employeuse", "partenaire")),
    ),
    "leads": (
        Column("ref", ("Réf", "référence", "N°", "no", "numéro", "id"), required="missing"),
        Column("day", ("Date", "reçue le", "recommandée le", "date de recommandation"), parse_date, required="missing"),
        Column("referrer", ("Apporteur", "N° apporteur", "code apporteur", "recommandée par"), required="missing"),
        Column("company", _COMPANY_TITLES, required="company"),
        Column("siren", ("siren", "N° SIREN", "numéro siren"), parse_siren),
        Column("contact", ("contact", "interlocuteur", "nom du contact", "nom")),
        Column("email", _EMAIL_TITLES, parse_email, lenient=True),
        Column("phone", _PHONE_TITLES, parse_phone, lenient=True),
        Column("need", ("besoin", "projet", "demande", "objet")),
        Column("consent", ("Accord du prospect", "accord", "consentement"), parse_consent, required="consent"),
        Column("outcome", ("suite", "état", "statut", "résultat"), one_of("outcome", OUTCOMES)),
        Column("signed_on", ("signé le", "signée le", "date de signature", "signature"), parse_date),
        Column("amount_cents", _AMOUNT_TITLES, parse_amount),
    ),
    "payments": (
        Column("ref", ("N° pièce", "no pièce", "pièce", "numéro de pièce", "réf", "référence", "id"),
               required="missing"),
        Column("lead", ("Réf recommandation", "recommandation", "référence recommandation", "réf affaire", "affaire"),
               required="missing"),
        Column("day", ("Date", "encaissé le", "payé le", "date d'encaissement"), parse_date, required="missing"),
        Column("amount_cents", _AMOUNT_TITLES, parse_amount, required="amount"),
        Column("type", ("type", "nature", "sens"), one_of("payment_type", PAYMENT_TYPES)),
    ),
    "clients": (
        Column("ref", ("ref", "reference", "code", "code client", "n", "no", "numéro", "id")),
        Column("company", ("Nom", *_COMPANY_TITLES), required="company"),
        Column("siren", ("siren", "N° SIREN", "numéro siren"), parse_siren),
        Column("siret", ("siret", "N° SIRET", "numéro siret"), parse_siret),
        Column("email", _EMAIL_TITLES, parse_email, lenient=True),
        Column("phone", _PHONE_TITLES, parse_phone, lenient=True),
        Column("website", ("site", "site web", "site internet", "url")),
        Column("since", ("client depuis", "depuis", "date", "créé le"), parse_date, lenient=True),
    ),
}  # fmt: skip


# The column that the list of faulty rows adds, so that it can be corrected and brought again.
REASON = N_("À corriger")
_LEFT_OUT = {plain_words(REASON): "", "to correct": ""}


@dataclass(frozen=True, slots=True)
class Placed:
    """A column found in a file, under the title that the file gives it."""

    column: Column
    title: str
    place: int


@dataclass(frozen=True, slots=True)
class Layout:
    placed: tuple[Placed, ...]
    missing: tuple[Column, ...]
    twice: tuple[str, ...]
    unknown: tuple[str, ...]


def layout(kind: str, titles: tuple[str, ...], mapping: Mapping[str, str] | None = None) -> Layout:
    """Where the columns of this kind stand under these titles. `mapping`: see `meanings`."""
    columns = {column.field: column for column in KINDS[kind]}
    known = meanings(kind, mapping)
    placed: dict[str, Placed] = {}
    twice, unknown = [], []
    for place, title in enumerate(titles):
        field = known.get(plain_words(title))
        if field == "":
            continue
        if field not in columns:
            unknown.append(title)
        elif field in placed:
            twice.append(title)
        else:
            placed[field] = Placed(columns[field], title, place)
    missing = tuple(column for column in KINDS[kind] if column.required and column.field not in placed)
    return Layout(tuple(placed.values()), missing, tuple(twice), tuple(filter(None, unknown)))


def meanings(kind: str, mapping: Mapping[str, str] | None = None) -> dict[str, str]:
    """Title in plain words → field, '' when it is left out; what somebody said goes before what is usual."""
    usual = {plain_words(title): column.field for column in KINDS[kind] for title in column.titles}
    return usual | _LEFT_OUT | dict(mapping or {})
