"""The door at which others tell us, and what they told, for those who look after money."""

from litestar import Request, Response

from portal.kit.deed import Machine, deed
from portal.kit.forms import Form
from portal.kit.listing import Cells, Column, Filter, Listing
from portal.kit.problems import NotFound
from portal.kit.text import _
from portal.kit.web import ANYONE, Answer, get, post, see
from portal.payouts.stripe.switch import hears
from portal.people.rules import Person, Role
from portal.webhooks import access, applying, receiving
from portal.webhooks.rules import FAULTS, KINDS, LABELS, TONES

HERE = "/reglages/evenements"
MONEY = {Role.FINANCE, Role.ADMIN}
CELLS: Cells = {
    "received": lambda row: row["received_at"],
    "kind": lambda row: row["kind"],
    "about": lambda row: row["about"],
    "state": lambda row: _(LABELS[row["state"]]),
    "fault": lambda row: row["fault"],
    "tries": lambda row: row["tries"],
}


@post("/webhooks/stripe", allows=ANYONE, opt={"proves_itself": True})
async def from_stripe(request: Request) -> Answer:
    """Kept as soon as its signature is right; Stripe comes again until it hears so."""
    if not hears():
        raise NotFound("webhooks")
    body = await request.body()
    event = receiving.verified(body, request.headers.get("stripe-signature", ""))
    async with deed(Machine("webhook:stripe")):
        await receiving.receive(event, body)
    return Response({"received": True})


@get(HERE, allows=MONEY)
async def listed(request: Request) -> Answer:
    listing = Listing.asked(
        request,
        columns=(
            Column("received", _("Reçu le"), sortable=True),
            Column("kind", _("Événement"), sortable=True),
            Column("about", _("À propos de")),
            Column("state", _("État")),
            Column("fault", _("Pourquoi")),
            Column("tries", _("Essais"), numeric=True),
        ),
        filters=(
            Filter("q", _("Identifiant")),
            Filter("etat", _("État"), "select", [(code, _(label)) for code, label in LABELS.items()]),
        ),
        sort="-received",
    )
    await access.events_page(listing)
    return await listing.answer(
        "reglages/evenements.html", cells=CELLS, name="evenements", labels={str(code): _(said) for code, said in LABELS.items()},
        tones=TONES, kinds={code: _(said) for code, said in KINDS.items()}, faults={code: _(said) for code, said in FAULTS.items()},
    )  # fmt: skip


@post(f"{HERE}/{{ref:str}}/reprise", allows=MONEY)
async def try_again(request: Request, person: Person, ref: str) -> Answer:
    event = await access.event_for(person, ref)
    form = await Form.read(request)
    async with deed(person, form.once) as doing:
        doing.at(HERE)
        await applying.try_again(event)
    return see(HERE)
