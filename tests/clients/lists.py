"""The company's own lists, as the tests fill them: a product of a category, a territory, a reason, fields of a programme."""

from typing import Any

from portal.company import territories
from portal.company.territories_places import parse_places
from portal.kit import db
from portal.kit.deed import deed
from portal.leads.fields import asking, reasons
from portal.plans.catalogue import categories, products
from tests.cast import Cast

WORDS = {"label_fr": "Déjà en compte chez un confrère", "label_en": "", "told_fr": "", "told_en": ""}
FIELD: dict[str, Any] = {
    "label_fr": "Surface du toit", "label_en": "Roof area", "hint_fr": "En mètres carrés.", "hint_en": "", "kind": "number",
    "choices": [], "required": False, "filled_by": "referrer", "seen_by": "everybody", "personal": False,
}  # fmt: skip
TWO = [{"key": "neuf", "fr": "Neuf", "en": "New"}, {"key": "renovation", "fr": "Rénovation", "en": ""}]


async def field(cast: Cast, **said: Any) -> db.Row:
    """Of the first programme."""
    programme_id = await db.value("SELECT id FROM programme ORDER BY id LIMIT 1")
    async with deed(cast.alice.person):
        return await asking.ask(programme_id, **{**FIELD, **said})


async def territory(cast: Cast, name: str = "Grand Lyon", places: str = "69, 01") -> db.Row:
    async with deed(cast.alice.person):
        return await territories.open_territory(name, parse_places(places))


async def samples_of_lists(cast: Cast) -> dict[str, str]:
    """For the matrix: by the name that a row gives."""
    async with deed(cast.alice.person):
        category = await categories.add("Énergie")
        product = await products.add("toit-solaire", "Toit solaire", category=category["key"])
        reason = await reasons.add("reject", WORDS)
    return {
        "category": category["ref"], "product": product["ref"], "reason": reason["ref"], "reason_noun": "refus",
        "lead_field": (await field(cast))["ref"], "territory": (await territory(cast))["ref"],
    }  # fmt: skip
