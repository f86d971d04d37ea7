"""Verbs on the company's own rows."""

from typing import Any

from portal.company import access
from portal.history.access import record
from portal.kit import db
from portal.kit.contrast import HEX_COLOUR
from portal.kit.files import Kept, attach
from portal.kit.keyring import ring
from portal.kit.references import new_ref
from portal.kit.versions import change

IBAN = "legal_entity.iban_sealed"


async def set_up(**values: Any) -> db.Row:
    """The legal entity of this deployment, from the values of its form; `iban` is sealed."""
    entity_id = await db.insert("legal_entity", ref=new_ref(), **_stored(values))
    await record("company.set_up", "legal_entity", entity_id)
    return await access.legal_entity_by(entity_id)


async def correct(entity: db.Row, version: int, **values: Any) -> db.Row:
    """Raises Stale when somebody else corrected it in between."""
    changes = {name: value for name, value in _stored(values).items() if value != entity[name]}
    if not changes:
        return entity
    await change("legal_entity", entity["id"], version, **changes)
    await record("company.corrected", "legal_entity", entity["id"], fields=sorted(changes))
    return await access.legal_entity_by(entity["id"])


def _stored(values: dict[str, Any]) -> dict[str, Any]:
    stored = {name: value for name, value in values.items() if name != "iban"}
    if not HEX_COLOUR.fullmatch(stored.get("accent", "#000000")):
        raise ValueError(stored["accent"])
    if iban := values.get("iban"):
        stored |= {"iban_sealed": ring().seal(iban, IBAN), "iban_last4": iban[-4:]}
    return stored


async def give_logo(entity: db.Row, kept: Kept) -> None:
    """The one before is kept: papers were printed with it, and are proved by it."""
    file = await attach(kept, "legal_entity", entity["id"])
    await change("legal_entity", entity["id"], entity["version"], logo_file=file["id"])
    await record("company.logo", "legal_entity", entity["id"])
