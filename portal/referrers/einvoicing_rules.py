"""The address for electronic invoices: what it looks like, and who must use it from when. Pure."""

import re
from datetime import date

from portal.kit.text import N_
from portal.law import Figures
from portal.law.einvoicing import must_issue_electronically
from portal.referrers.rules import Status

SCHEME = "0225"
PATTERN = re.compile(r"[0-9A-Za-z][0-9A-Za-z_.+-]{0,124}")
# Whose size decides of the day, for each status that invoices in France, while none is on file; the others stay outside.
SIZES = {Status.MICRO: "micro", Status.COMPANY: "small", Status.ASSOCIATION: "small"}
ODD = N_(
    "Cette adresse ne se lit pas : des lettres, des chiffres et _ . - + seulement, le plus souvent votre SIREN."
)
OTHER_SIREN = N_("Cette adresse commence par votre SIREN, %(siren)s.")
TOLD = {
    "later": N_(
        "À partir du %(day)s, les factures établies pour vous passent par une plateforme agréée, à l'adresse que voici."
    ),
    "now": N_(
        "Depuis le %(day)s, les factures établies pour vous passent par une plateforme agréée, à l'adresse que voici."
    ),
    "outside": N_("La facturation électronique ne concerne pas ce statut."),
}


def read_address(typed: str) -> str:
    """With or without the scheme in front. Raises ValueError."""
    address = re.sub(r"\s", "", typed).removeprefix(f"{SCHEME}:")
    if address and not PATTERN.fullmatch(address):
        raise ValueError(ODD)
    return address


def belongs(address: str, siren: str) -> bool:
    """French addresses begin with the SIREN of whom they are."""
    return not address or not siren or address.startswith(siren)


def told(status: Status, day: date, figures: Figures, recorded: str = "") -> tuple[str, date | None]:
    """A key of TOLD, and the day that it speaks of. `recorded`: the size that finance has put on file."""
    if status not in SIZES:
        return "outside", None
    size = recorded or SIZES[status]
    key = "now" if must_issue_electronically(size, day, figures) else "later"
    return key, figures.day(f"einvoicing.issue_on.{size}", day)
