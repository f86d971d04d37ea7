"""A list of reserved accounts as a spreadsheet or as pasted lines: every line is read before any is kept."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from portal.clients.reserved import Account, plain_domain
from portal.kit.cells import parse_date, plain_words
from portal.kit.identifiers import parse_siren
from portal.kit.invalid import Invalid
from portal.kit.sheets import Limits, Line, read_tables
from portal.kit.text import N_, _

LIMITS = Limits(megabytes=5, rows=5_000, columns=40)
MOST_FAULTS = 20
T = TypeVar("T")
LONGEST = 200
NAMELESS = N_("Le nom de l'entreprise manque.")
TOO_LONG = N_("Un texte dépasse 200 caractères.")
ENDS_BEFORE = N_("La fin vient avant le début.")

# Column → the words by which files call it.
TITLES: Mapping[str, frozenset[str]] = {
    "name": frozenset({"entreprise", "societe", "nom", "raison sociale", "client", "compte", "company", "name"}),
    "siren": frozenset({"siren", "siret"}),
    "domain": frozenset({"domaine", "site", "site web", "site internet", "web", "e mail", "email", "domain", "website"}),
    "owner": frozenset({"commercial", "suivi par", "responsable", "compte de", "owner", "sales"}),
    "since": frozenset({"depuis", "depuis le", "debut", "since"}),
    "until": frozenset({"jusqu au", "fin", "until"}),
    "reason": frozenset({"motif", "raison", "note", "commentaire", "reason"}),
}  # fmt: skip


@dataclass(slots=True)
class Read:
    """`faults`: (line of the file, what is wrong); nothing is kept while there is one."""

    accounts: list[Account] = field(default_factory=list)
    faults: list[tuple[int, str]] = field(default_factory=list)


def read_list(body: bytes, owners: Mapping[str, int], today: date) -> Read:
    """`owners`: name or address, in plain words, → user. Without titles, the first column is the name. Raises Invalid for a file that
    cannot be opened."""
    lines = read_tables(body, LIMITS)[0].lines
    columns = _columns(lines[0])
    read = Read()
    for line in lines[1:] if columns else lines:
        try:
            read.accounts.append(_account(line, columns or {"name": 0}, owners, today))
        except ValueError as wrong:
            read.faults.append((line.number, wrong.sentence if isinstance(wrong, Invalid) else _(str(wrong))))
        if len(read.faults) == MOST_FAULTS:
            break
    return read


def _columns(titles: Line) -> dict[str, int]:
    """Empty when no line of titles stands above."""
    said = [plain_words(cell) for cell in titles.cells]
    found = {
        name: next((place for place, word in enumerate(said) if word in words), -1)
        for name, words in TITLES.items()
    }
    return {name: place for name, place in found.items() if place >= 0} if found["name"] >= 0 else {}


def _account(line: Line, columns: Mapping[str, int], owners: Mapping[str, int], today: date) -> Account:
    said = {
        name: line.cells[place].strip() if place < len(line.cells) else "" for name, place in columns.items()
    }
    since = _read(parse_date, said.get("since")) or today
    account = Account(
        name=said["name"], since=since, until=_read(parse_date, said.get("until")),
        siren=_read(_siren, said.get("siren")) or "", domain=plain_domain(said.get("domain", "")),
        owner_id=owners.get(plain_words(said.get("owner", ""))), reason=said.get("reason", ""),
    )  # fmt: skip
    _check(account)
    return account


def _check(account: Account) -> None:
    if not account.name:
        raise ValueError(NAMELESS)
    if max(map(len, (account.name, account.domain, account.reason))) > LONGEST:
        raise ValueError(TOO_LONG)
    if account.until and account.until < account.since:
        raise ValueError(ENDS_BEFORE)


def _siren(typed: str) -> str:
    """Of a SIRET, its first nine figures."""
    figures = "".join(sign for sign in typed if sign.isdigit())
    return parse_siren(figures[:9] if len(figures) == 14 else typed)


def _read(parse: Callable[[str], T], typed: str | None) -> T | None:
    return parse(typed) if typed else None
