"""Families of products: plans name them by their key, people read their label."""

from portal.history.access import record
from portal.kit import db
from portal.kit.cells import plain_words
from portal.kit.problems import NotFound, Refused
from portal.kit.references import new_ref
from portal.kit.text import N_
from portal.kit.versions import change

KNOWN = N_("Une catégorie porte déjà ce nom.")


async def categories() -> list[db.Row]:
    """What a product may be put into."""
    return await db.rows("SELECT * FROM product_category WHERE active ORDER BY label")


async def labels() -> dict[str, str]:
    """Key → label, retired ones too."""
    return {row["key"]: row["label"] for row in await db.rows("SELECT key, label FROM product_category")}


async def with_products() -> list[db.Row]:
    return await db.rows(
        """SELECT product_category.*, (SELECT count(*) FROM product WHERE product.category = product_category.key) AS products
           FROM product_category ORDER BY active DESC, label"""
    )


async def category_for(ref: str) -> db.Row:
    found = await db.row("SELECT * FROM product_category WHERE ref = $1", ref)
    if found is None:
        raise NotFound("category")
    return found


async def add(label: str) -> db.Row:
    """Its key is made of the label and stays. Raises Refused."""
    key = plain_words(label).replace(" ", "-")
    await _refuse_a_known(label, key, None)
    made = await _insert(key, label)
    return await category_for(made)


async def ensure(key: str) -> None:
    """For a product that names it; a category that nobody has described reads as its key."""
    if key and not await db.value("SELECT EXISTS (SELECT FROM product_category WHERE key = $1)", key):
        await _insert(key, key)


async def rename(category: db.Row, version: int, label: str) -> None:
    """The key stays: no plan is touched. Raises Refused, Stale."""
    await _refuse_a_known(label, "", category["id"])
    await change("product_category", category["id"], version, label=label)
    await record("plans.category_renamed", "product_category", category["id"])


async def offer_or_retire(category: db.Row, version: int, *, active: bool) -> None:
    await change("product_category", category["id"], version, active=active)
    await record(
        "plans.category_offered" if active else "plans.category_retired", "product_category", category["id"]
    )


async def _insert(key: str, label: str) -> str:
    category_id = await db.insert("product_category", ref=(ref := new_ref()), key=key, label=label)
    await record("plans.category_added", "product_category", category_id, key=key)
    return ref


async def _refuse_a_known(label: str, key: str, but: int | None) -> None:
    taken = await db.value(
        """SELECT EXISTS (SELECT FROM product_category
             WHERE (lower(label) = lower($1) OR key = nullif($2, '')) AND id IS DISTINCT FROM $3)""",
        label, key, but,
    )  # fmt: skip
    if taken:
        raise Refused("category_known", KNOWN)
