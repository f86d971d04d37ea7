"""The contract as a document: the page that becomes the PDF, and the same words on the portal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from markupsafe import Markup

from portal.kit.fill import Filled
from portal.kit.templates import environment
from portal.kit.text import speaking


class Brand(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def accent(self) -> str: ...
    @property
    def logo(self) -> str: ...


@dataclass(frozen=True, kw_only=True)
class Part:
    """A text of the contract, filled: the contract itself, then what is joined to it."""

    filled: Filled
    version: date
    sha256: str


@dataclass(frozen=True, slots=True)
class Signer:
    """Who may sign, and as whom."""

    name: str
    capacity: str = ""
    user_id: int | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """One side of a contract; `needed` of its signers sign. The company names its representative, not its delegates."""

    side: str
    name: str
    signers: Sequence[Signer]
    needed: int = 1


@dataclass(frozen=True, kw_only=True)
class Signature:
    """`signed_at` is none while it is awaited; `means` says in French how the signer was recognised."""

    party: str
    name: str
    capacity: str = ""
    signed_at: datetime | None = None
    means: str = ""
    proof: str = ""  # the reference of the proof file


@dataclass(frozen=True, kw_only=True)
class ContractPaper:
    number: str
    programme: str
    drafted_on: date
    parts: Sequence[Part]
    signatures: Sequence[Signature]
    check_at: str = ""  # the public page that says whether a file is unchanged


def contract_html(paper: ContractPaper, brand: Brand) -> str:
    """Legal documents are French, whatever the reader's language."""
    with speaking("fr"):
        return environment().get_template("papers/contract.html").render(paper=paper, brand=brand)


def contract_body(parts: Sequence[Part], parties: Sequence[Party] = ()) -> Markup:
    """The fragment for a page of the portal: its own contents, headings from h2 on; then who signs it."""
    with speaking("fr"):
        body = environment().get_template("parts/contract_body.html")
        return Markup(body.render(parts=parts, parties=parties))
