"""The French company search (API Recherche d'entreprises, GET /search): who stands behind a SIREN, SIRET or name."""

from datetime import date
from typing import Any

from portal.referrers.registers import Company, Silent
from portal.referrers.registers.asking import ask
from portal.settings import settings

MOST = 5
ACTIVE = "A"
HIDDEN = "[ND]"  # what the person asked to keep to themselves
# The level of "nature juridique" that people write on their papers; the others keep their code to themselves.
FORMS = {
    "1000": "Entrepreneur individuel", "5202": "SNC", "5410": "SARL", "5498": "EURL", "5499": "SARL", "5505": "SA",
    "5599": "SA", "5710": "SAS", "5720": "SASU", "6540": "SCI", "9220": "Association", "9230": "Association",
}  # fmt: skip


def is_on() -> bool:
    return bool(settings().company_search_url)


async def look_up(asked: str) -> list[Company]:
    """By SIREN, SIRET or name, the likeliest first. Raises Silent."""
    url = f"{settings().company_search_url.rstrip('/')}/search"
    said = await ask("GET", url, params={"q": asked, "page": 1, "per_page": MOST})
    found = said.get("results")
    if not isinstance(found, list):
        raise Silent("register_silent")
    try:
        return [_company(one) for one in found]
    except (AttributeError, KeyError, TypeError, ValueError) as other:
        raise Silent("register_silent") from other


def _company(said: dict[str, Any]) -> Company:
    seat = said.get("siege") or {}
    person = (said.get("dirigeants") or [{}])[0] if said.get("nature_juridique") == "1000" else {}
    closed = said.get("date_fermeture") or seat.get("date_fermeture")
    return Company(
        siren=said["siren"],
        siret=seat.get("siret") or "",
        name=_shown(said.get("nom_raison_sociale") or said.get("nom_complet")),
        first_name=_shown(person.get("prenoms")).split(" ")[0].title(),
        last_name=_shown(person.get("nom")).title(),
        legal_form=FORMS.get(str(said.get("nature_juridique")), ""),
        naf=_shown(said.get("activite_principale") or seat.get("activite_principale")),
        street=" ".join(filter(None, (_shown(seat.get(part)) for part in ("numero_voie", "type_voie", "libelle_voie")))),
        postcode=_shown(seat.get("code_postal")),
        city=_shown(seat.get("libelle_commune")).title(),
        active=said.get("etat_administratif") == ACTIVE,
        closed_on=date.fromisoformat(closed) if closed else None,
    )  # fmt: skip


def _shown(value: Any) -> str:
    text = str(value or "").strip()
    return "" if HIDDEN in text else text
