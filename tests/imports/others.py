"""Spreadsheets of companies that nobody has seen: other titles, encodings, delimiters, days, amounts, words.

Each is made from facts that are known, so that what is read of it can be compared to the cent and to the day."""

import csv
import io
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

import openpyxl
from stdnum import luhn

from portal.imports.finding import letter

TODAY = date(2026, 11, 21)
Fact = dict[str, object]

TITLES: dict[str, dict[str, tuple[str, ...]]] = {
    "referrers": {
        "number": ("N°", "Réf. apporteur", "Code apporteur", "ID", "Matricule"),
        "status": ("Statut", "Forme juridique", "Type", "Statut juridique"),
        "name": ("Nom et prénom", "NOM Prénom", "Prénom NOM", "Nom complet"),
        "company": ("Raison sociale", "Société", "Dénomination"),
        "siret": ("SIRET", "N° SIRET", "Numéro SIRET", "n° de siret"),
        "vat_regime": ("TVA", "Régime de TVA", "Régime TVA", "Assujetti TVA"),
        "email": ("Courriel", "Mail", "E-mail", "Adresse mail", "Email"),
        "phone": ("Téléphone", "Tél.", "Tel", "Portable", "N° de tél."),
        "contract_on": ("Contrat signé le", "Date contrat", "Date de signature", "Signé le"),
    },
    "leads": {
        "ref": ("Réf", "Réf. lead", "N° dossier", "Numéro", "ID"),
        "day": ("Date", "Reçu le", "Date de réception", "Date recommandation"),
        "referrer": ("Apporteur", "Réf. apporteur", "Code apporteur", "N° apporteur", "Apporté par"),
        "company": ("Client", "Société", "Entreprise", "Prospect", "Raison sociale du client"),
        "siren": ("SIREN client", "SIREN", "N° SIREN"),
        "email": ("Courriel", "Mail", "E-mail"),
        "consent": ("Accord du prospect", "Consentement", "RGPD", "Accord client"),
        "outcome": ("Suite", "Statut", "Issue", "Avancement"),
        "signed_on": ("Signé le", "Date de signature", "Date signature", "Conclu le"),
        "amount_cents": ("Montant HT", "Total HT", "HT", "Mt HT", "CA HT", "Montant H.T. (€)"),
    },
    "payments": {
        "ref": ("N° pièce", "Pièce", "Réf. règlement", "N° encaissement", "ID"),
        "lead": ("Réf recommandation", "Réf. affaire", "N° dossier", "Dossier", "Réf. lead"),
        "day": ("Date encaissement", "Date", "Payé le", "Date de règlement", "Encaissé le"),
        "amount_cents": ("Montant HT", "Total HT", "Mt HT", "Encaissé HT"),
        "type": ("Type", "Nature", "Sens", "Mouvement"),
    },
}  # fmt: skip
STATUSES = {
    "individual": ("particulier", "Particulier", "PARTICULIER", "personne physique"),
    "micro": ("auto-entrepreneur", "micro-entrepreneur", "Micro", "AE", "autoentrepreneur"),
    "company": ("SASU", "SARL", "société", "EURL", "SAS", "Sté"),
    "association": ("assoc.", "association", "Asso", "association loi 1901"),
}
REGIMES = {
    "individual": ("none", ("non assujetti", "hors champ", "")),
    "micro": ("franchise", ("293 B", "franchise", "Franchise en base", "art. 293B du CGI")),
    "company": ("standard", ("20 %", "assujetti", "réel normal", "20", "TVA 20%")),
    "association": ("exempt", ("exonérée", "exonéré", "261-7-1° b")),
}
OUTCOMES = {
    "open": ("en cours", "À suivre", "devis envoyé", "EN COURS"),
    "won": ("gagné", "Signé", "VENDU", "gagnée"),
    "lost": ("perdu", "sans suite", "abandonné"),
    "rejected": ("refusé", "non retenu"),
}
NAMES = (
    "Électricité Noël",
    "Bâti Forêt",
    "L’Œuvre Ça & Là",
    "Garage Müller",
    "Cabinet d’Été",
    "Énergies du Sud",
)
FIRST, LAST = (
    ("Léa", "Noé", "Zoë", "Anne-Marie", "François"),
    ("DUPONT", "LE GOFF", "NOËL", "D’ORMESSON", "BÉNARD"),
)

DAYS: dict[str, Callable[[date], str]] = {
    "31/12/2025": lambda day: day.strftime("%d/%m/%Y"),
    "31-12-25": lambda day: day.strftime("%d-%m-%y"),
    "2025-12-31": lambda day: day.isoformat(),
    "31.12.2025": lambda day: day.strftime("%d.%m.%Y"),
    "1/9/2025": lambda day: f"{day.day}/{day.month}/{day.year}",
    "31 déc. 2025": lambda day: (
        f"{'1er' if day.day == 1 else day.day} {SHORT_MONTHS[day.month - 1]} {day.year}"
    ),
    "mercredi 31 décembre 2025": lambda day: (
        f"{WEEK[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"
    ),
    "serial": lambda day: str((day - date(1899, 12, 30)).days),
    "31/12/2025 14:30": lambda day: day.strftime("%d/%m/%Y 14:30"),
    "12/31/2025": lambda day: day.strftime("%m/%d/%Y"),
    "25-12-31": lambda day: day.strftime("%y-%m-%d"),
}
SHORT_MONTHS = (
    "janv.",
    "févr.",
    "mars",
    "avr.",
    "mai",
    "juin",
    "juil.",
    "août",
    "sept.",
    "oct.",
    "nov.",
    "déc.",
)
MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
WEEK = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


def grouped(cents: int, space: str, point: str) -> str:
    whole, rest = divmod(abs(cents), 100)
    return f"{whole:,}".replace(",", space) + f"{point}{rest:02}"


AMOUNTS: dict[str, Callable[[int], str]] = {
    "1 234,56 €": lambda cents: f"{grouped(cents, ' ', ',')} €",
    "1.234,56": lambda cents: grouped(cents, ".", ","),
    "1,234.56": lambda cents: grouped(cents, ",", "."),
    "1234.5": lambda cents: f"{cents // 100}.{cents % 100:02}".rstrip("0").rstrip("."),
    "1234,56": lambda cents: grouped(cents, "", ","),
    "NBSP": lambda cents: grouped(cents, "\u00a0", ",") + "\u00a0€",
    "thin": lambda cents: grouped(cents, "\u202f", ",") + " EUR",
    "only thousands, comma": lambda cents: f"{cents // 100:,}",
    "only thousands, point": lambda cents: f"{cents // 100:,}".replace(",", "."),
}
WHOLE = ("only thousands, comma", "only thousands, point")
MINUS: tuple[Callable[[str], str], ...] = (lambda text: f"-{text}", lambda text: f"({text})", lambda text: f"- {text}", lambda text: f"−{text}")  # fmt: skip
ENCODINGS = ("utf-8", "utf-8-sig", "cp1252", "utf-16", "mac_roman", "cp850")


@dataclass(frozen=True)
class Office:
    """How one company keeps its files."""

    seed: int
    days: str
    amounts: str
    encoding: str
    delimiter: str
    workbook: bool
    above: bool
    total: bool
    gaps: bool


def office(seed: int) -> Office:
    of = random.Random(seed)
    amounts = of.choice(list(AMOUNTS))
    return Office(
        seed, of.choice(list(DAYS)), amounts, of.choice(ENCODINGS), of.choice(";;;,\t|"),
        workbook=of.random() < 0.3, above=of.random() < 0.4, total=of.random() < 0.4, gaps=of.random() < 0.4,
    )  # fmt: skip


@dataclass
class File:
    """`facts`: line → what its row says; `bad`: line → field of the cell that nobody can read."""

    office: Office
    kind: str
    data: bytes = b""
    facts: dict[int, Fact] = field(default_factory=dict)
    bad: dict[int, str] = field(default_factory=dict)
    beside: set[int] = field(default_factory=set)


def file_of(kind: str, seed: int, rows: int = 40) -> File:
    made, of = File(office(seed), kind), random.Random(seed * 7 + 1)
    fields = list(TITLES[kind])
    of.shuffle(fields)
    titles = {name: of.choice(TITLES[kind][name]) for name in fields}
    table: list[list[object]] = (
        [["Suivi des apporteurs d’affaires, exercice 2025", ""], []] if made.office.above else []
    )
    table.append([titles[name] for name in fields] + ["Commentaire"])
    for number in range(rows):
        if made.office.gaps and number % 9 == 8:
            table.append([])
        fact = _writable(MAKE[kind](of, number, made.office), made.office)
        cells = {name: _cell(made.office, name, fact, titles[name], of) for name in fields}
        if of.random() < 0.1 and (
            name := of.choice([one for one in BREAKABLE if one in fields and cells[one] not in ("", None)])
        ):
            cells[name] = BREAKABLE[name]
            made.bad[_line(made, table)] = name
        made.facts[_line(made, table)] = fact
        table.append(
            [
                *(cells[name] for name in fields),
                of.choice(("", "rappeler", "vu le 3\nà Lyon; puis relancé", "=1+1")),
            ]
        )
    if made.office.total:
        made.beside.add(_line(made, table))
        table.append(["Total général" if place == 0 else "" for place in range(len(fields))])
    made.data = _workbook(table) if made.office.workbook else _csv(table, made.office)
    return made


def _writable(fact: Fact, of: Office) -> Fact:
    """DOS knew neither of these signs."""
    if of.encoding != "cp850" or of.workbook:
        return fact
    return {name: _in_dos(value) for name, value in fact.items()}


def _in_dos(value: object) -> object:
    if isinstance(value, tuple):
        return tuple(map(_in_dos, value))
    return value.replace("’", "'").replace("Œ", "OE") if isinstance(value, str) else value


def _line(made: File, table: list[list[object]]) -> int:
    """Where the next row begins: a line break in a cell counts in a CSV file."""
    breaks = 0 if made.office.workbook else sum(str(cell).count("\n") for row in table for cell in row)
    return len(table) + breaks + 1


def _csv(table: list[list[object]], of: Office) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=of.delimiter, lineterminator="\n").writerows(table)
    text = out.getvalue()
    if of.encoding in ("cp1252", "mac_roman", "cp850"):
        text = text.replace("\u202f", "\u00a0").replace("−", "-")
    if of.encoding == "cp850":
        text = text.replace("’", "'").replace("€", "EUR").replace("Œ", "OE")
    return text.encode(of.encoding)


def _workbook(table: list[list[object]]) -> bytes:
    """Another sheet stands first; the title above is merged; days and amounts are what a workbook holds."""
    book, out = openpyxl.Workbook(), io.BytesIO()
    first = book.worksheets[0]
    first.title, first["A1"] = "Notice", "Ce classeur contient le suivi"
    sheet = book.create_sheet("Suivi")
    for row_number, row in enumerate(table, 1):
        for place, cell in enumerate(row, 1):
            if cell not in ("", None):
                sheet.cell(row_number, place).value = cell  # pyright: ignore[reportAttributeAccessIssue]
                if isinstance(cell, str) and cell.startswith("="):
                    sheet.cell(row_number, place).data_type = "s"
    if len(table[0]) == 2:
        sheet.merge_cells(f"A1:{letter(4)}1")
    book.save(out)
    return out.getvalue()


BREAKABLE = {
    "day": "courant mars",
    "amount_cents": "à voir",
    "siren": "123 456 789",
    "siret": "12 34",
    "email": "pas d’adresse",
}


def _cell(of: Office, name: str, fact: Fact, title: str, rng: random.Random) -> object:
    value = fact[name]
    if isinstance(value, date):
        return value if of.workbook else DAYS[of.days](value)
    if name == "amount_cents" and isinstance(value, int):
        return _amount(of, value, rng)
    if name == "name":
        first, last = value  # pyright: ignore[reportGeneralTypeIssues]
        return f"{last} {first}" if title.startswith(("NOM", "Nom et")) else f"{first} {last}"
    words = {"status": STATUSES, "outcome": OUTCOMES}.get(name)
    if words:
        return rng.choice(words[str(value)])
    return rng.choice(REGIMES[str(fact["status"])][1]) if name == "vat_regime" else value or ""


def _amount(of: Office, cents: int, rng: random.Random) -> object:
    if of.workbook:
        return cents / 100 if cents % 100 else cents // 100
    text = AMOUNTS[of.amounts](abs(cents))
    return text if cents >= 0 else rng.choice(MINUS)(text)


def _cents(rng: random.Random, of: Office) -> int:
    return rng.randrange(1, 90_000) * 100 if of.amounts in WHOLE else rng.randrange(100, 9_000_000)


def _day(rng: random.Random) -> date:
    return TODAY - timedelta(rng.randrange(60, 700))


def _siren(rng: random.Random) -> str:
    digits = f"{rng.randrange(30_000_000, 90_000_000)}"
    return digits + luhn.calc_check_digit(digits)


def a_referrer(rng: random.Random, number: int, _of: Office) -> Fact:
    status = rng.choice(list(STATUSES))
    siret = _siren(rng) + "0001"
    return {
        "number": f"P{number:03}", "status": status, "name": (rng.choice(FIRST), rng.choice(LAST)),
        "company": "" if status in ("individual", "micro") else rng.choice(NAMES),
        "siret": "" if status == "individual" else siret + luhn.calc_check_digit(siret),
        "vat_regime": REGIMES[status][0], "email": f"lea.{number}@office{number}.fr", "phone": "06 12 34 56 78",
        "contract_on": _day(rng),
    }  # fmt: skip


def a_lead(rng: random.Random, number: int, of: Office) -> Fact:
    outcome = rng.choice(list(OUTCOMES))
    day = _day(rng)
    won = outcome == "won"
    return {
        "ref": f"D{number:04}", "day": day, "referrer": f"P{rng.randrange(40):03}", "company": f"{rng.choice(NAMES)} {number}",
        "siren": _siren(rng) if rng.random() < 0.6 else "", "email": f"x@client{number}.fr",
        "consent": rng.choice(("oui", "OUI", "oral le 03/02", "x", "mail")), "outcome": outcome,
        "signed_on": day + timedelta(30) if won else None, "amount_cents": _cents(rng, of) if won else None,
    }  # fmt: skip


def a_payment(rng: random.Random, number: int, of: Office) -> Fact:
    refund = rng.random() < 0.1
    return {
        "ref": f"R{number:04}", "lead": f"D{rng.randrange(40):04}", "day": _day(rng),
        "amount_cents": -_cents(rng, of) if refund else _cents(rng, of),
        "type": rng.choice(("remboursement", "avoir") if refund else ("encaissement", "règlement", "")),
    }  # fmt: skip


MAKE = {"referrers": a_referrer, "leads": a_lead, "payments": a_payment}
