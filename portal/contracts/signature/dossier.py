"""The proof as a paper: who signed, how they were recognised, when, from where, and how to check it. French, as the contract."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.contracts.paper import Brand
from portal.kit.templates import environment
from portal.kit.text import speaking

SIDES = {"referrer": "Pour l’apporteur", "company": "Pour l’entreprise"}


@dataclass(frozen=True, kw_only=True)
class Dossier:
    """`content` is the proof file; `told` its chain in words."""

    content: dict[str, Any]
    told: Sequence[str]
    check_at: str

    @property
    def proofs(self) -> list[dict[str, Any]]:
        """With the instant as an instant, and the code that opened it."""
        codes = {(code["sent_to"], code["used_at"]): code for code in self.content["codes"]}
        return [
            {"capacity": ""} | proof | {
                "party": SIDES[proof["side"]],
                "at": datetime.fromisoformat(proof["at"]),
                "code": _code(codes, proof),
            }
            for proof in self.content["proofs"]
        ]  # fmt: skip

    @property
    def chain(self) -> list[dict[str, Any]]:
        """Each event with its words: as many of them as the file holds."""
        return [
            event | {"said": said, "at": datetime.fromisoformat(event["at"])}
            for event, said in zip(self.content["chain"], self.told, strict=False)
        ]


def _code(codes: dict[tuple[str, str], dict[str, Any]], proof: dict[str, Any]) -> dict[str, datetime] | None:
    """Used by the same person just before."""
    used = [
        code for (to, at), code in codes.items()
        if proof["side"] == "referrer" and to == proof["signer_email"] and at <= proof["at"]
    ]  # fmt: skip
    if not used:
        return None
    last = max(used, key=lambda code: code["used_at"])
    return {name: datetime.fromisoformat(last[name]) for name in ("sent_at", "used_at")}


def dossier_html(dossier: Dossier, brand: Brand) -> str:
    with speaking("fr"):
        return environment().get_template("papers/proof.html").render(paper=dossier, brand=brand)
