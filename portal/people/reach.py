"""How far somebody gets within their role: what an accountant opens, what a colleague may look at who sees as a referrer,
what an accountant or auditor of the company reads.

By the beginning of the route's template; the longest that fits decides. What is new is closed to an accountant of a
referrer until it stands here; who reads for the company sees each new page of finance."""

from collections.abc import Mapping
from enum import StrEnum

from portal.kit.problems import NotAllowed, NotFound
from portal.kit.text import N_
from portal.people.rules import Person, Seat

SAFE = frozenset({"GET", "HEAD"})
READS_ONLY = N_("Un accès comptable lit les papiers et ne change rien.")
LOOKS_ONLY = N_("Vous consultez cet espace en lecture seule : rien ne s'y fait à la place de son titulaire.")
NOTHING_CHANGES = N_("Un accès en lecture seule consulte et ne change rien.")
NOT_SHOWN = N_("Le compte, la sécurité et le compte bancaire ne se consultent pas ainsi.")


class Opens(StrEnum):
    NOTHING = "nothing"
    READING = "reading"
    ALL = "all"


SEATS: Mapping[Seat, Mapping[str, Opens]] = {
    Seat.ACCOUNTANT: {  # earnings, papers, transfers, taxes; not the people whom the referrer recommends
        "/api/v1/earnings": Opens.READING,
        "/api/v1/moi": Opens.READING,
        "/commissions": Opens.READING,
        "/commissions/{ref}/demande": Opens.NOTHING,
        "/commissions/releves/{month}/pdf": Opens.ALL,  # asks for a paper to be made
        "/compte": Opens.ALL,  # their own account
        "/contrats": Opens.READING,
        "/deconnexion": Opens.ALL,
        "/factures": Opens.READING,
        "/fichiers": Opens.READING,  # each file has its own door besides
        "/fiscalite": Opens.READING,
        "/fiscalite/{year}/pdf": Opens.ALL,
        "/notifications": Opens.ALL,  # their own bell
        "/profil": Opens.READING,
        "/programme": Opens.READING,
        "/virements": Opens.READING,
    },
}
READER: Mapping[
    str, Opens
] = {  # the company's accountant or auditor: the pages of finance; no setting, no IBAN in full
    "/": Opens.READING,
    "/api": Opens.NOTHING,
    "/apporteurs/{ref}/beneficiaires": Opens.NOTHING,
    "/beneficiaires": Opens.NOTHING,
    "/comptabilite/reglages": Opens.NOTHING,
    "/compte": Opens.ALL,  # their own account
    "/deconnexion": Opens.ALL,
    "/fichiers": Opens.READING,  # of the kinds that stand in READER_FILES
    "/notifications": Opens.ALL,
    "/reglages": Opens.NOTHING,
    "/virements/{ref}/fichier": Opens.NOTHING,  # the file for the bank
}
READER_FILES = frozenset(
    {
        "contract",
        "control_file",
        "invoice",
        "journal_export",
        "referrer_document",
        "settlement",
        "year_paper",
        "year_summary",
    }
)
SEEING: Mapping[str, Opens] = {  # a colleague, as the referrer sees it
    "/": Opens.READING,
    "/api": Opens.NOTHING,
    "/compte": Opens.NOTHING,
    "/deconnexion": Opens.ALL,
    "/notifications": Opens.NOTHING,
    "/profil/compte-bancaire": Opens.NOTHING,
    "/profil/courriels": Opens.NOTHING,
    "/vue/fin": Opens.ALL,
}


def opens(areas: Mapping[str, Opens], path: str) -> Opens:
    """What stands at the longest beginning of the path, whole segments only."""
    fitting = [area for area in areas if area == path or path.startswith(f"{area.rstrip('/')}/")]
    return areas[max(fitting, key=len)] if fitting else Opens.NOTHING


def check_reach(person: Person, method: str, path: str) -> None:
    """Raises NotAllowed or NotFound. `path` is the template of the route."""
    if person.seeing:
        _check_seeing(method, path)
    elif person.reads_only:
        _check_seat(READER, method, path, NOTHING_CHANGES)
    elif person.seat and person.seat in SEATS:
        _check_seat(SEATS[person.seat], method, path, READS_ONLY)


def _check_seeing(method: str, path: str) -> None:
    opened = opens(SEEING, path)
    if opened == Opens.ALL:
        return
    if method not in SAFE:
        raise NotAllowed("seeing_only", LOOKS_ONLY)
    if opened == Opens.NOTHING:
        raise NotAllowed("not_shown", NOT_SHOWN)


def _check_seat(areas: Mapping[str, Opens], method: str, path: str, sentence: str) -> None:
    opened = opens(areas, path)
    if opened == Opens.NOTHING:
        raise NotFound("seat")
    if opened != Opens.ALL and method not in SAFE:
        raise NotAllowed("reads_only", sentence)


def acts(person: Person, path: str) -> bool:
    """Whether what a page offers to do is offered to them. `path` is the template of the route."""
    return not person.reads_only or opens(READER, path) == Opens.ALL


def reaches(person: Person, path: str) -> bool:
    """For the ways that a page shows."""
    if person.reads_only:
        return opens(READER, path) != Opens.NOTHING
    return person.seat is None or person.seat not in SEATS or opens(SEATS[person.seat], path) != Opens.NOTHING
