"""/reglages/categories: families of products, renamed at will; plans keep their word."""

from typing import Any

from litestar import Request

from portal.history import access as history
from portal.kit import db
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.listing import Cells, Column, Listing
from portal.kit.problems import Refused, Stale
from portal.kit.text import _
from portal.kit.web import Answer, again, done, get, page, post
from portal.people.rules import Person, Role
from portal.plans.catalogue import categories
from portal.plans.catalogue.forms import CategoryForm, VersionForm
from portal.plans.catalogue.naming import campaigns_naming, plans_naming
from portal.plans.catalogue.pages import moments_of

ADMIN = {Role.ADMIN}
PATH = "/reglages/categories"
CELLS: Cells = {
    "label": lambda row: row["label"],
    "key": lambda row: row["key"],
    "products": lambda row: row["products"],
    "state": lambda row: _("Proposée") if row["active"] else _("Retirée"),
}


@get(PATH, allows=ADMIN)
async def index(request: Request) -> Answer:
    listing = await _listing(request)
    return await listing.answer(
        "catalogue/categories.html", cells=CELLS, name="categories", cell=CELLS, form=CategoryForm.showing()
    )


async def _listing(request: Request) -> Listing:
    columns = (
        Column("label", _("Catégorie")), Column("products", _("Produits"), numeric=True),
        Column("key", _("Mot des barèmes")), Column("state", _("État")),
    )  # fmt: skip
    return Listing.whole(request, columns, await categories.with_products())


@post(PATH, allows=ADMIN)
async def add(request: Request, person: Person) -> Answer:
    form = await CategoryForm.read(request)
    try:
        if not form.errors:
            async with deed(person, form.once) as doing:
                await categories.add(form.label)
                doing.at(PATH)
            return done(doing)
    except Refused as no:
        form.refuse("label", _(no.sentence))
    return again("catalogue/categories.html", listing=await _listing(request), cell=CELLS, form=form)


@get(f"{PATH}/{{ref:str}}", allows=ADMIN)
async def show(ref: str) -> Answer:
    category = await categories.category_for(ref)
    return page("catalogue/categorie.html", **await _around(category, CategoryForm.showing(**category)))


@post(f"{PATH}/{{ref:str}}", allows=ADMIN)
async def rename(request: Request, person: Person, ref: str) -> Answer:
    category, form = await categories.category_for(ref), await CategoryForm.read(request)
    try:
        if not form.errors:
            async with deed(person, form.once) as doing:
                await categories.rename(category, form.version, form.label)
                doing.at(f"{PATH}/{ref}")
            return done(doing)
    except Refused as no:
        form.refuse("label", _(no.sentence))
    return again("catalogue/categorie.html", **await _around(category, form))


@post([f"{PATH}/{{ref:str}}/retrait", f"{PATH}/{{ref:str}}/retour"], allows=ADMIN)
async def offer_or_retire(request: Request, person: Person, ref: str) -> Answer:
    category, form = await categories.category_for(ref), await VersionForm.read(request)
    if form.errors:
        raise Stale("stale")
    async with deed(person, form.once) as doing:
        active = request.scope["path"].endswith("/retour")
        await categories.offer_or_retire(category, form.version, active=active)
        doing.at(f"{PATH}/{ref}")
    return done(doing)


async def _around(category: db.Row, form: Form) -> dict[str, Any]:
    return {
        "category": category, "form": form,
        "plans": await plans_naming("category", category["key"]),
        "campaigns": await campaigns_naming("category", category["key"]),
        "moments": moments_of(await history.of("product_category", category["id"])),
    }  # fmt: skip
