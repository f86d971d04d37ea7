"""A reader of TD files, written from the specification alone: positions as its tables print them, first and last character."""

from dataclasses import dataclass

AMOUNTS = (
    "honoraires", "commissions", "courtages", "ristournes", "jetons", "auteur", "inventeur", "autres", "indemnites",
    "avantages", "retenue",
)  # fmt: skip
ADDRESS = {
    "complement": (1, 32), "numero": (34, 37), "repetition": (38, 38), "nature": (40, 43), "voie": (45, 65), "insee": (66, 70),
    "commune": (72, 97), "code_postal": (98, 102), "bureau": (104, 129),
}  # fmt: skip
PREFIX = {"siret": (1, 14), "type": (15, 16), "annee": (17, 20), "dads": (21, 21)}
RECORDS = {
    "010": {
        "siren": (1, 9), "zeros": (10, 21), "ape": (39, 43), "raison_sociale": (48, 97), "adresse": (98, 226), "declarants": (235, 235),
        "siret_depot": (236, 249), "adresse_depot": (255, 383),
    },
    "020": {
        **PREFIX, "ape": (39, 43), "siret_modifie": (44, 57), "raison_sociale": (99, 148), "adresse": (149, 277),
        "taxe_salaires": (371, 371), "fin": (375, 375),
    },
    "210": {
        **PREFIX, "beneficiaire": (25, 38), "nom": (39, 68), "prenoms": (69, 88), "raison_sociale": (89, 138), "profession": (139, 168),
        "adresse": (169, 297), "nature_avantages": (408, 412), "nature_indemnites": (413, 415), "taux_reduit": (416, 416),
        "dispense": (417, 417), "tva_auteur": (418, 427), "naissance": (428, 435),
    },
    "300": {
        **PREFIX, "salaires": (61, 168), "zeros_1": (313, 342), "zeros_2": (391, 402), "contact": (477, 526), "telephone": (527, 536),
        "courriel": (537, 596), "siren": (597, 605),
    },
    "310": {
        "siren": (1, 9), "neufs": (10, 21), "etablissements": (25, 29), "salaries": (30, 35), "beneficiaires": (36, 41),
        "salaires": (78, 185), "zeros_1": (330, 359), "zeros_2": (408, 419),
    },
}  # fmt: skip
FIRST_AMOUNT = {"210": (298, 10), "300": (169, 12), "310": (186, 12)}
ORDER = ["010", "020", "210", "300", "310"]


class Misread(AssertionError):
    """The file breaks a rule of the specification."""


@dataclass(frozen=True)
class Record:
    code: str
    line: str

    def __getitem__(self, name: str) -> str:
        first, last = RECORDS[self.code][name]
        return self.line[first - 1 : last]

    def address(self, name: str = "adresse") -> dict[str, str]:
        block = self[name]
        return {part: block[first - 1 : last].rstrip() for part, (first, last) in ADDRESS.items()}

    @property
    def amounts(self) -> dict[str, int]:
        start, length = FIRST_AMOUNT[self.code]
        cut = [self.line[start - 1 + length * i : start - 1 + length * (i + 1)] for i in range(len(AMOUNTS))]
        if not all(one.isdigit() for one in cut):
            raise Misread(f"{self.code}: {cut}")
        return dict(zip(AMOUNTS, map(int, cut), strict=True))

    @property
    def unnamed(self) -> str:
        """All that no field holds: spaces."""
        held = {
            place
            for first, last in [*RECORDS[self.code].values(), (22, 24)]
            for place in range(first, last + 1)
        }
        if self.code in FIRST_AMOUNT:
            start, length = FIRST_AMOUNT[self.code]
            held |= set(range(start, start + length * len(AMOUNTS)))
        return "".join(letter for place, letter in enumerate(self.line, 1) if place not in held)


def read(body: bytes) -> list[Record]:
    """Refuses what the specification does not allow: length, end of line, order, totals that are not those of what is written."""
    text = body.decode("ascii")
    if not text.endswith("\r\n"):
        raise Misread("the last record has no end")
    lines = text.removesuffix("\r\n").split("\r\n")
    found = [Record(line[21:24], line) for line in lines]
    for record in found:
        _check(record)
    _check_whole(found)
    return found


def _check(record: Record) -> None:
    if len(record.line) != 672:
        raise Misread(f"{record.code}: {len(record.line)} characters")
    if record.unnamed.strip():
        raise Misread(f"{record.code}: {record.unnamed.strip()} where nothing stands")
    if record.code == "210" and bool((record["nom"] + record["prenoms"]).strip()) == bool(
        record["raison_sociale"].strip()
    ):
        raise Misread("a person or a company, never both")


def _check_whole(found: list[Record]) -> None:
    codes = [record.code for record in found]
    if codes != [code for code in ORDER for _ in range(codes.count(code))] or any(
        codes.count(code) != 1 for code in ORDER if code != "210"
    ):
        raise Misread(f"order {codes}")
    people = [record for record in found if record.code == "210"]
    sums = {name: sum(record.amounts[name] for record in people) for name in AMOUNTS}
    for record in found[-2:]:
        if record.amounts != sums:
            raise Misread(f"{record.code}: {record.amounts} is not {sums}")
    if int(found[-1]["beneficiaires"]) != len(people):
        raise Misread("the number of beneficiaries")
