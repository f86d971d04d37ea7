"""/recompenses/fournisseurs: what each supplier has to deliver; told once, in a file."""

from litestar import Request

from portal.company import access as company
from portal.gifts.orders import access, exporting
from portal.gifts.orders.forms import SupplierForm
from portal.gifts.orders.pages import tabs
from portal.gifts.rewards.rules import true_cost_cents
from portal.kit.deed import deed
from portal.kit.listing import Cells, Column, Filter, Listing
from portal.kit.problems import Refused
from portal.kit.sheets import euros
from portal.kit.text import _
from portal.kit.web import Answer, done, get, post
from portal.people.rules import Person

SUPPLIERS = "/recompenses/fournisseurs"
DECIDERS = access.MAY_DECIDE
CELLS: Cells = {
    "supplier": lambda row: row["supplier"],
    "day": lambda row: row["made_at"],
    "who": lambda row: row["who"],
    "orders": lambda row: row["orders"],
    "to_send": lambda row: row["to_send"],
}
TOLD: Cells = {
    "ref": lambda row: row["ref"],
    "title": lambda row: row["title"],
    "day": lambda row: row["decided_at"],
    "recipient": lambda row: row["recipient"],
    "street": lambda row: row["street"],
    "postcode": lambda row: row["postcode"],
    "city": lambda row: row["city"],
    "country": lambda row: row["country"],
    "phone": lambda row: row["phone"],
    "cost": lambda row: euros(true_cost_cents(row)),
}


@get(SUPPLIERS, allows=DECIDERS)
async def suppliers(request: Request) -> Answer:
    return await _shown(request)


async def _shown(request: Request, form: SupplierForm | None = None) -> Answer:
    listing = Listing.asked(
        request,
        columns=(
            Column("supplier", _("Fournisseur"), sortable=True), Column("day", _("Transmise le"), sortable=True),
            Column("who", _("Par")), Column("orders", _("Commandes"), numeric=True, sortable=True),
            Column("to_send", _("Encore à envoyer"), numeric=True),
        ),
        filters=(Filter("q", _("Fournisseur")),),
        sort="-day",
    )  # fmt: skip
    await exporting.exports(listing)
    return await listing.answer(
        "recompenses/fournisseurs/index.html", cells=CELLS, name="fournisseurs", waiting=await exporting.waiting(),
        tabs=await tabs(None), form=form,
    )  # fmt: skip


@post(SUPPLIERS, allows=DECIDERS)
async def tell(request: Request, person: Person) -> Answer:
    """The list is made once; its file can be taken again."""
    form = await SupplierForm.read(request)
    entity = await company.legal_entity()
    assert entity is not None
    try:
        async with deed(person, form.once) as doing:
            made = await exporting.tell(entity["id"], form.supplier)
            doing.at(f"{SUPPLIERS}/{made['ref']}")
        return done(doing)
    except Refused as no:
        form.refuse("", _(no.sentence))
    answer = await _shown(request, form)
    answer.status_code = 422
    return answer


@get(f"{SUPPLIERS}/{{ref:str}}", allows=DECIDERS)
async def one(request: Request, ref: str) -> Answer:
    export = await exporting.export_by_ref(ref)
    columns = (
        Column("ref", _("Référence")), Column("title", _("Récompense")), Column("day", _("Acceptée le")),
        Column("recipient", _("Destinataire")), Column("street", _("Adresse")), Column("postcode", _("Code postal")),
        Column("city", _("Ville")), Column("country", _("Pays")), Column("phone", _("Téléphone")),
        Column("cost", _("Coût TTC"), numeric=True),
    )  # fmt: skip
    listing = Listing.whole(request, columns, await exporting.orders_in(export["id"]))
    return await listing.answer(
        "recompenses/fournisseurs/show.html",
        cells=TOLD,
        name=f"commandes-{export['ref']}",
        export=export,
        cell=TOLD,
    )
