"""/reglages/produits: what is sold, found, described, corrected, retired."""

from collections.abc import Mapping
from typing import Any

from litestar import Request

from portal.history import access as history
from portal.kit import db
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.listing import Cells, Column, Filter, Listing
from portal.kit.problems import Refused, Stale
from portal.kit.text import N_, _
from portal.kit.web import Answer, again, done, get, page, post
from portal.people.rules import Person, Role
from portal.plans.catalogue import categories, products
from portal.plans.catalogue.forms import ProductForm, VersionForm
from portal.plans.catalogue.naming import campaigns_naming, plans_naming

ADMIN = {Role.ADMIN}
PATH = "/reglages/produits"
EDIT = "catalogue/produit.html"
SOLD = {"vendu": N_("Vendu"), "retire": N_("Retiré")}
HAPPENED = {
    "plans.product": N_("Ajouté"),
    "plans.product_corrected": N_("Corrigé"),
    "plans.product_retired": N_("Retiré"),
    "plans.product_offered": N_("De nouveau proposé"),
    "plans.category_added": N_("Ajoutée"),
    "plans.category_renamed": N_("Renommée"),
    "plans.category_retired": N_("Retirée"),
    "plans.category_offered": N_("De nouveau proposée"),
}
CELLS: Cells = {
    "name": lambda row: row["name"],
    "key": lambda row: row["key"],
    "category": lambda row: row["category_label"],
    "kind": lambda row: _(products.KINDS[row["kind"]]),
    "state": lambda row: _(SOLD["vendu" if row["active"] else "retire"]),
}


@get(PATH, allows=ADMIN)
async def index(request: Request) -> Answer:
    columns = (
        Column("name", _("Produit"), sortable=True), Column("category", _("Catégorie"), sortable=True),
        Column("kind", _("Comment se vend-il ?")), Column("key", _("Mot des barèmes"), sortable=True),
        Column("state", _("État")),
    )  # fmt: skip
    filters = (
        Filter("q", _("Rechercher")),
        Filter("categorie", _("Catégorie"), "select", list((await categories.labels()).items())),
        Filter("etat", _("État"), "select", [(code, _(label)) for code, label in SOLD.items()]),
    )
    listing = await products.fetch(Listing.asked(request, columns, filters, sort="name"))
    return await listing.answer("catalogue/produits.html", cells=CELLS, name="produits", cell=CELLS)


@get(f"{PATH}/nouveau", allows=ADMIN)
async def new() -> Answer:
    return page(EDIT, **await _around(None, ProductForm.showing(kind="one_off")))


@post(PATH, allows=ADMIN)
async def add(request: Request, person: Person) -> Answer:
    form = await ProductForm.read(request)
    await _check_category(form, "")
    if form.errors:
        return again(EDIT, **await _around(None, form))
    try:
        async with deed(person, form.once) as doing:
            await products.add(form.key, form.name, category=form.category, kind=form.kind)
            doing.at(PATH)
    except Refused as no:
        return again(EDIT, **await _around(None, form.refuse(no.code, _(no.sentence))))
    return done(doing)


@get(f"{PATH}/{{ref:str}}", allows=ADMIN)
async def show(ref: str) -> Answer:
    product = await products.product_for(ref)
    return page(EDIT, **await _around(product, ProductForm.showing(**product)))


@post(f"{PATH}/{{ref:str}}", allows=ADMIN)
async def correct(request: Request, person: Person, ref: str) -> Answer:
    product, form = await products.product_for(ref), await ProductForm.read(request)
    await _check_category(form, product["category"])
    if form.errors:
        return again(EDIT, **await _around(product, form))
    try:
        async with deed(person, form.once) as doing:
            said = {"name": form.name, "key": form.key, "category": form.category, "kind": form.kind}
            await products.correct(product, form.version, **said)
            doing.at(f"{PATH}/{ref}")
    except Refused as no:
        return again(EDIT, **await _around(product, form.refuse(no.code, _(no.sentence))))
    return done(doing)


@post([f"{PATH}/{{ref:str}}/retrait", f"{PATH}/{{ref:str}}/retour"], allows=ADMIN)
async def offer_or_retire(request: Request, person: Person, ref: str) -> Answer:
    product, form = await products.product_for(ref), await VersionForm.read(request)
    if form.errors:
        raise Stale("stale")
    async with deed(person, form.once) as doing:
        active = request.scope["path"].endswith("/retour")
        await products.offer_or_retire(product, form.version, active=active)
        doing.at(f"{PATH}/{ref}")
    return done(doing)


async def _check_category(form: ProductForm, kept: str) -> None:
    """One of the list, or the one it has."""
    if not form.errors and form.category not in {"", kept, *await categories.labels()}:
        form.refuse("category", _("Choisissez une catégorie de la liste."))


async def _around(product: db.Row | None, form: Form) -> dict[str, Any]:
    offered = [(row["key"], row["label"]) for row in await categories.categories()]
    if product and product["category"] and product["category"] not in dict(offered):
        offered.append((product["category"], product["category_label"]))
    return {
        "product": product, "form": form, "categories": [("", _("Aucune")), *offered],
        "kinds": [(code, _(label)) for code, label in products.KINDS.items()],
        **(await _uses(product) if product else {}),
    }  # fmt: skip


async def _uses(product: db.Row) -> dict[str, Any]:
    """Who names it, whether it was sold, what happened to it."""
    plans, campaigns = (
        await plans_naming("product", product["key"]),
        await campaigns_naming("product", product["key"]),
    )
    sold = await products.sold(product["id"])
    return {
        "plans": plans, "campaigns": campaigns, "sold": sold,
        "fixed": {name: _(said) for name, said in products.FIXED.items() if sold or (name == "key" and (plans or campaigns))},
        "moments": moments_of(await history.of("product", product["id"])),
    }  # fmt: skip


def moments_of(events: list[db.Row]) -> list[Mapping[str, Any]]:
    """The latest first."""
    return [_moment(event) for event in reversed(events) if event["what"] in HAPPENED]


def _moment(event: db.Row) -> Mapping[str, Any]:
    title, data = HAPPENED[event["what"]], event["data"]
    codes = [name.removesuffix("_before") for name in data if name.endswith("_before")]
    text = " · ".join(f"{_coded(data[f'{name}_before'])} → {_coded(data[f'{name}_after'])}" for name in codes)
    return {"when": event["at"], "title": _(title), "who": event["who"] or "", "text": text}


def _coded(code: str) -> str:
    """A word of the catalogue as it is, a kind by its label."""
    return _(products.KINDS[code]) if code in products.KINDS else code or "–"
