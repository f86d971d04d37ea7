"""Products: described, corrected, retired, never deleted. What was sold keeps the word, kind and category of its day."""

from typing import Any

from portal.history.access import record
from portal.kit import db
from portal.kit.listing import Listing
from portal.kit.problems import NotFound, Refused
from portal.kit.references import new_ref
from portal.kit.text import N_
from portal.kit.versions import change
from portal.plans.catalogue import categories
from portal.plans.catalogue.naming import is_named

KEY_TAKEN = N_("Un produit porte déjà ce mot.")
NAME_TAKEN = N_("Un produit porte déjà ce nom.")
FIXED = {
    "key": N_("Des barèmes ou des affaires le nomment par ce mot : il ne change plus."),
    "kind": N_("Ce produit a déjà été vendu : retirez-le et ajoutez-en un autre."),
    "category": N_("Ce produit a déjà été vendu, et des commissions en dépendent : retirez-le et ajoutez-en un autre."),
}  # fmt: skip
KINDS = {"one_off": N_("En une fois"), "recurring": N_("Par abonnement")}

SELECT = """
SELECT product.*, coalesce(category.label, product.category) AS category_label
FROM product LEFT JOIN product_category category ON category.key = product.category WHERE true
"""
SORTS = {
    "name": "lower(product.name)",
    "key": "product.key",
    "category": "lower(coalesce(category.label, ''))",
}
WHERE = {
    "q": "concat_ws(' ', product.name, product.key, category.label) ILIKE {}",
    "categorie": "product.category = {}",
    "etat": "product.active = ({} = 'vendu')",
}


async def fetch(listing: Listing) -> Listing:
    return await listing.fetch(SELECT, sorts=SORTS, then="product.id", where=WHERE)


async def product_for(ref: str) -> db.Row:
    found = await db.row(f"{SELECT} AND product.ref = $1", ref)
    if found is None:
        raise NotFound("product")
    return found


async def sold(product_id: int) -> bool:
    return await db.value("SELECT EXISTS (SELECT FROM deal_line WHERE product_id = $1)", product_id)


async def add(key: str, name: str, *, category: str = "", kind: str = "one_off") -> db.Row:
    """Raises Refused for a word or a name that another has."""
    await _refuse_a_taken(key, name, None)
    await categories.ensure(category)
    product_id = await db.insert(
        "product", ref=(ref := new_ref()), key=key, name=name, category=category, kind=kind
    )
    await record("plans.product", "product", product_id, key=key, kind=kind, category=category)
    return await product_for(ref)


async def correct(product: db.Row, version: int, **said: Any) -> None:
    """Its name at any time; its word until a plan or a deal names it, kind and category until it is sold.
    Raises Refused with the name of the column as code, Stale."""
    changes = {name: value for name, value in said.items() if value != product[name]}
    if not changes:
        return
    await db.row("SELECT 1 FROM product WHERE id = $1 FOR NO KEY UPDATE", product["id"])
    await _refuse_what_is_fixed(product, changes.keys() & FIXED.keys())
    await _refuse_a_taken(said["key"], said["name"], product["id"])
    await categories.ensure(said["category"])
    await change("product", product["id"], version, **changes)
    codes = {f"{name}_{when}": row[name] for name in sorted(changes.keys() & FIXED.keys()) for when, row in (("before", product), ("after", said))}  # fmt: skip
    await record("plans.product_corrected", "product", product["id"], fields=sorted(changes), **codes)


async def offer_or_retire(product: db.Row, version: int, *, active: bool) -> None:
    """A retired one is offered no more; plans, contracts and deals that name it go on."""
    await change("product", product["id"], version, active=active)
    await record("plans.product_offered" if active else "plans.product_retired", "product", product["id"])


async def _refuse_what_is_fixed(product: db.Row, wanted: set[str]) -> None:
    if not wanted:
        return
    was_sold = await sold(product["id"])
    fixed = wanted if was_sold else {"key"} & wanted if await is_named("product", product["key"]) else set()
    for name in sorted(fixed):
        raise Refused(name, FIXED[name])


async def _refuse_a_taken(key: str, name: str, but: int | None) -> None:
    taken = await db.row(
        """SELECT key = $1 AS by_key FROM product WHERE (key = $1 OR lower(name) = lower($2) AND active) AND id IS DISTINCT FROM $3
           ORDER BY by_key DESC LIMIT 1""",
        key, name, but,
    )  # fmt: skip
    if taken:
        raise Refused("key" if taken["by_key"] else "name", KEY_TAKEN if taken["by_key"] else NAME_TAKEN)
