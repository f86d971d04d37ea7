"""Example papers, one per regime, with figures that a reader can check by hand."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from portal.invoicing.papers import (
    Brand,
    Corrected,
    Employment,
    Kind,
    Paper,
    PaperLine,
    Party,
    VatCheck,
    Withheld,
)

BRAND = Brand(name="Maison Vauquelin")
FRENCH_IBAN = "FR7630006000011234567890189"
GERMAN_IBAN = "DE89370400440532013000"

COMPANY = Party(
    name="Maison Vauquelin SAS",
    legal_form="SAS au capital de 120 000 €",
    address=("14 rue de la République",),
    postcode="69002",
    city="Lyon",
    register="RCS Lyon 732 829 320",
    siren="732829320",
    siret="73282932000074",
    vat_number="FR44732829320",
    electronic_address="732829320",
)
CONSULTANCY = Party(
    name="Cabinet Rochebrune & Associés",
    legal_form="SARL au capital de 8 000 €",
    address=("Immeuble Le Phénix", "3 quai Jules-Courmont"),
    postcode="69002",
    city="Lyon",
    register="RCS Lyon 404 833 048",
    siren="404833048",
    siret="40483304800022",
    vat_number="FR83404833048",
    electronic_address="404833048",
)
SOLE_TRADER = Party(
    name="Éloïse Çelik-Nœuvéglise EI",
    legal_form="Entrepreneur individuel",
    address=("7 impasse des Œillets",),
    postcode="33000",
    city="Bordeaux",
    register="RNE 552 100 554",
    siren="552100554",
    siret="55210055400013",
    electronic_address="552100554",
)
GERMAN = Party(
    name="Brückenbau Vertriebs GmbH",
    address=("Königstraße 12",),
    postcode="70173",
    city="Stuttgart",
    country="DE",
    vat_number="DE136695976",
)
INDIVIDUAL = Party(name="Jeanne Lefèvre", address=("22 rue du Port",), postcode="29200", city="Brest")

NOTES = {
    "PMT": "Indemnité forfaitaire pour frais de recouvrement en cas de retard de paiement : 40 €.",
    "PMD": "En cas de retard de paiement, pénalités au taux de refinancement de la Banque centrale européenne majoré de 10 points.",
    "AAB": "Escompte pour paiement anticipé : néant.",
}
PERIOD = (date(2026, 10, 1), date(2026, 10, 31))


def line(net_cents: int, **changes) -> PaperLine:
    facts = {
        "label": "Commission d’apport d’affaires",
        "client": "Ateliers Beaumarchais",
        "deal": "R7K2M4Q9ZT",
        "base_cents": net_cents * 10,
        "rate": Decimal(10),
        "clause": "Contrat AP-2026-014, article 4.2",
        "vat_rate": Decimal(20),
    }
    return PaperLine(net_cents=net_cents, **(facts | changes))


def standard() -> Paper:
    """360.00 + 150.00 + 33.33 = 543.33 before tax; 20 % of 543.33 = 108.666 → 108.67; 652.00 in all."""
    return Paper(
        kind=Kind.SELF_BILLED,
        number="AP014-2026-0007",
        issued_on=date(2026, 11, 2),
        due_on=date(2026, 12, 2),
        period=PERIOD,
        seller=CONSULTANCY,
        buyer=COMPANY,
        lines=(
            line(36000),
            line(
                15000,
                label="Prime de premier contrat",
                client="Pharmacie du Théâtre",
                deal="8WXG3N5TBC",
                base_cents=None,
                rate=None,
            ),
            line(3333, client="Hôtel Saint-Just", deal="P4V0ZR61KD", base_cents=66660, rate=Decimal(5)),
        ),
        iban=FRENCH_IBAN,
        contract="AP-2026-014",
        vat_point="72",
        notes=NOTES,
        treatment="B2B",
    )


def on_debits() -> Paper:
    option = "Option pour le paiement de la taxe d’après les débits."
    return replace(standard(), number="AP014-2026-0008", vat_point="5", mentions=(option,))


def with_a_take_back() -> Paper:
    """360.00 − 120.00 = 240.00 before tax, 48.00 of VAT."""
    lines = (line(36000), line(-12000, label="Régularisation de commission"))
    return replace(standard(), number="AP014-2026-0009", lines=lines)


def franchise() -> Paper:
    exempt = {"vat_category": "E", "vat_rate": Decimal(0)}
    return replace(
        standard(),
        number="AP021-2026-0001",
        seller=SOLE_TRADER,
        lines=(line(36000, **exempt), line(4250, client="Hôtel Saint-Just", deal="P4V0ZR61KD", **exempt)),
        vat_point="",
        exemption_code="VATEX-FR-FRANCHISE",
        exemption_text="TVA non applicable, art. 293 B du CGI",
    )


def franchise_with_vat_number() -> Paper:
    return replace(
        franchise(), number="AP021-2026-0002", seller=replace(SOLE_TRADER, vat_number="FR61552100554")
    )


def credit_note() -> Paper:
    """120.00 before tax at the VAT of the invoice that it corrects: 24.00, 144.00 in all."""
    return replace(
        standard(),
        kind=Kind.SELF_BILLED_CREDIT_NOTE,
        number="AP014-2026-0010",
        issued_on=date(2026, 11, 20),
        due_on=None,
        period=None,
        iban="",
        lines=(line(12000, label="Commission reprise"),),
        corrects=Corrected("AP014-2026-0007", date(2026, 11, 2)),
        reason="Remboursement partiel du client Ateliers Beaumarchais le 18 novembre 2026.",
        payment_terms="Montant déduit de votre prochain virement.",
    )


def reverse_charge() -> Paper:
    abroad = {"vat_category": "AE", "vat_rate": Decimal(0)}
    return replace(
        standard(),
        number="AP033-2026-0001",
        seller=GERMAN,
        lines=(line(36000, **abroad),),
        iban=GERMAN_IBAN,
        vat_point="",
        exemption_code="VATEX-EU-AE",
        exemption_text="Autoliquidation, art. 283-2 du CGI",
        treatment="B2BINT",
        mentions=("Autoliquidation.",),
    )


def ordinary() -> Paper:
    return replace(standard(), kind=Kind.INVOICE, number="F2026-118")


def receipt() -> Paper:
    plain = {"vat_category": "O", "vat_rate": Decimal(0)}
    return Paper(
        kind=Kind.RECEIPT,
        number="BC-2026-0042",
        issued_on=date(2026, 11, 2),
        due_on=date(2026, 11, 30),
        period=PERIOD,
        seller=INDIVIDUAL,
        buyer=COMPANY,
        lines=(
            line(36000, **plain),
            line(
                8000, client="Librairie des Brotteaux", deal="T2C7H8MJ3N", base_cents=None, rate=None, **plain
            ),
        ),
        iban=FRENCH_IBAN,
        contract="AP-2026-051",
        mentions=("Somme versée à une personne non assujettie : aucune TVA n’est due ni déductible.",),
        hint="Reportez cette somme dans la déclaration 2042 C PRO, avec vos autres revenus non commerciaux de l’année.",
    )


def association_exempt() -> Paper:
    exempt = {"vat_category": "E", "vat_rate": Decimal(0)}
    club = replace(
        CONSULTANCY, name="Les Amis du Fleuve", legal_form="Association loi 1901", register="", vat_number=""
    )
    return replace(
        standard(),
        number="AP040-2026-0001",
        seller=club,
        lines=(line(36000, **exempt),),
        vat_point="",
        exemption_code="VATEX-FR-CGI261-7",
        exemption_text="Exonération de TVA, art. 261, 7-1° b du CGI",
    )


def company_in_guyane() -> Paper:
    """No VAT is applied where the company is, whoever the referrer."""
    plain = {"vat_category": "E", "vat_rate": Decimal(0)}
    return replace(
        standard(),
        number="AP014-2026-0011",
        lines=(line(36000, **plain),),
        vat_point="",
        exemption_text="TVA non applicable, art. 294 du CGI",
    )


def company_in_reunion() -> Paper:
    """360.00 × 8.5 % = 30.60."""
    return replace(standard(), number="AP014-2026-0012", lines=(line(36000, vat_rate=Decimal("8.5")),))


def outside_the_union() -> Paper:
    """400.00, a quarter of it for the tax office: 300.00 to transfer."""
    swiss = replace(
        GERMAN, name="Brückenbau Vermittlung AG", vat_number="CHE-123.456.788", country="CH",
        postcode="8001", city="Zürich", address=("Bahnhofstrasse 4",),
    )  # fmt: skip
    return replace(
        reverse_charge(),
        number="AP034-2026-0001",
        seller=swiss,
        lines=(line(40000, vat_category="AE", vat_rate=Decimal(0)),),
        iban="",
        payment_terms="Par virement, à 30 jours. Net à virer après retenue : 300,00 €.",
        mentions=("Autoliquidation.", "Retenue à la source, art. 182 B du CGI : 25 % de 400,00 €."),
        withheld=Withheld(cents=10000, base_cents=40000, rate=Decimal(25)),
    )


def checked_in_vies() -> Paper:
    """Nine tenths of 360.00 are 324.00; a quarter of that is 81.00 withheld, 279.00 to transfer."""
    return replace(
        reverse_charge(),
        number="AP033-2026-0002",
        mentions=("Autoliquidation.", "Retenue à la source, art. 182 B du CGI : 25 % de 324,00 €."),
        withheld=Withheld(cents=8100, base_cents=32400, rate=Decimal(25)),
        vat_check=VatCheck(
            number="DE136695976", result="valid", asked_on=date(2026, 10, 30), consultation="WAPIAAAAZJkq2bXv"
        ),
    )


def corrective() -> Paper:
    """The same amounts, other mentions."""
    return replace(
        association_exempt(),
        kind=Kind.SELF_BILLED_CORRECTIVE,
        number="AP040-2026-0002",
        issued_on=date(2026, 11, 20),
        due_on=date(2026, 12, 20),
        corrects=Corrected("AP040-2026-0001", date(2026, 11, 2)),
        reason="Annule et remplace les mentions de la facture rectifiée ; les montants ne changent pas.",
    )


def replacing() -> Paper:
    return replace(
        standard(), number="AP014-2026-0013", corrects=Corrected("AP014-2026-0007", date(2026, 11, 2))
    )


def attestation() -> Paper:
    """500.00 in 2026: 273.45 exempt, 226.55 × 20 % = 45.31 (LAW §4)."""
    return replace(
        receipt(),
        number="BC-2026-0043",
        lines=(line(50000, vat_category="O", vat_rate=Decimal(0)),),
        mentions=(
            "Somme versée par un tiers à l’employeur, art. L. 242-1-4 du code de la sécurité sociale.",
            "Somme versée à une personne non assujettie : aucune TVA n’est due ni déductible.",
        ),
        hint="Cette somme est imposable avec vos salaires de l’année, en plus de ce que déclare votre employeur.",
        employment=Employment(
            employer="Transports Berthier SAS", employer_siren="552100554", contact="Madame Colette Berthier",
            year=2026, total_cents=50000, exempt_cents=27345, flat_cents=22655, ordinary_cents=0,
            rate=Decimal(20), contribution_cents=4531, year_contribution_cents=4531,
        ),
    )  # fmt: skip


def receipt_taken_back() -> Paper:
    return replace(
        receipt(),
        kind=Kind.RECEIPT_CREDIT,
        number="BC-2026-0044",
        issued_on=date(2026, 11, 20),
        due_on=None,
        period=None,
        iban="",
        corrects=Corrected("BC-2026-0042", date(2026, 11, 2)),
        reason="Pièce annulée, remplacée par une nouvelle.",
        hint="",
    )


INVOICES = (
    standard,
    on_debits,
    with_a_take_back,
    franchise,
    franchise_with_vat_number,
    credit_note,
    reverse_charge,
    association_exempt,
    company_in_guyane,
    company_in_reunion,
    outside_the_union,
    checked_in_vies,
    corrective,
    replacing,
    ordinary,
)
RECEIPTS = (receipt, attestation, receipt_taken_back)
PAPERS = (*INVOICES, *RECEIPTS)
