"""What went to the platform and came from it; a platform that calls."""

from typing import Any

from litestar import Request, Response

from portal.invoicing.platform import access, calling, hooks, outbox
from portal.invoicing.platform.pages import HERE, MONEY
from portal.invoicing.platform.rules import (
    CONTENT_LABELS,
    FLOW_LABELS,
    FLOW_TONES,
    Content,
    Direction,
    FlowState,
)
from portal.invoicing.platform.words import status_said
from portal.kit import db
from portal.kit.deed import Machine, deed
from portal.kit.forms import Form
from portal.kit.listing import Column, Filter, Listing
from portal.kit.text import N_, _, day, moment
from portal.kit.web import ANYONE, Answer, get, page, post, see
from portal.people.rules import Person

DIRECTIONS = {Direction.OUT: N_("Envoyé"), Direction.IN: N_("Reçu")}
OUR_FAULTS = {
    **calling.FAULTS,
    "no_such_paper": N_("Parle d'une facture que nous n'avons pas : rien n'a été modifié."),
    "no_such_supplier": N_("D'un vendeur qui n'est pas un de vos apporteurs : rien n'a été modifié."),
    "not_an_invoice": N_("Ce fichier n'est pas une facture lisible : rien n'a été modifié."),
    "twice": N_("Cette facture nous était déjà parvenue."),
    "number_waiting": N_("Une facture de ce numéro attend déjà votre réponse."),
}
UNREADABLE = N_("Ce message ne se lit pas : rien n'a été modifié.")


def content_said(flow: db.Row) -> str:
    label = _(CONTENT_LABELS[Content(flow["content"])])
    return f"{label} {flow['code']} : {status_said(flow['code'])}" if flow["code"] else label


def fault_said(flow: db.Row) -> str:
    """In words where it is one of ours; what the platform wrote stays as it wrote it."""
    if flow["state"] == FlowState.UNREADABLE:
        return _(UNREADABLE)
    return _(OUR_FAULTS[flow["fault"]]) if flow["fault"] in OUR_FAULTS else flow["fault"]


def _state_said(flow: db.Row) -> str:
    label = FLOW_LABELS[FlowState(flow["state"])]
    return _(label)


def _about(flow: db.Row) -> str:
    if flow["report_begins"]:
        return f"{day(flow['report_begins'])} – {day(flow['report_ends'])}"
    return flow["invoice_number"] or ""


CELLS = {
    "day": lambda row: row["moved_at"],
    "direction": lambda row: _(DIRECTIONS[Direction(row["direction"])]),
    "content": content_said,
    "name": lambda row: row["name"],
    "about": _about,
    "state": _state_said,
    "fault": fault_said,
}


@get(f"{HERE}/envois", allows=MONEY)
async def listed(request: Request) -> Answer:
    listing = await access.flows_of(_listing(request))
    return await listing.answer(
        "factures/electronique/flows.html", cells=CELLS, name="envois-plateforme", **_words()
    )


def _words() -> dict[str, Any]:
    return {
        "labels": FLOW_LABELS, "tones": FLOW_TONES, "content_said": content_said, "fault_said": fault_said,
        "directions": DIRECTIONS, "about": _about,
    }  # fmt: skip


def _listing(request: Request) -> Listing:
    return Listing.asked(
        request,
        columns=(
            Column("name", _("Fichier"), sortable=True),
            Column("direction", _("Sens")),
            Column("content", _("Contenu")),
            Column("about", _("À propos de")),
            Column("state", _("État")),
            Column("day", _("Dernier mouvement"), sortable=True),
            Column("fault", _("Motif")),
        ),
        filters=(
            Filter("q", _("Fichier, numéro ou apporteur")),
            Filter("sens", _("Sens"), "select", [(code, _(label)) for code, label in DIRECTIONS.items()]),
            Filter("contenu", _("Contenu"), "select", [(code, _(label)) for code, label in CONTENT_LABELS.items()]),
            Filter("etat", _("État"), "select", [(code, _(label)) for code, label in FLOW_LABELS.items()]),
        ),
        sort="-day",
    )  # fmt: skip


@get(f"{HERE}/envois/{{ref:str}}", allows=MONEY)
async def show(person: Person, ref: str) -> Answer:
    flow = await access.flow_for(person, ref)
    return page(
        "factures/electronique/flow.html", flow=flow, may_again=flow["state"] in (FlowState.WAITING, FlowState.REFUSED),
        on=calling.is_on(), tried=moment(flow["tried_at"]), **_words(),
    )  # fmt: skip


@post(f"{HERE}/envois/{{ref:str}}/reprise", allows=MONEY)
async def again(request: Request, person: Person, ref: str) -> Answer:
    flow = await access.flow_for(person, ref)
    form = await Form.read(request)
    async with deed(person, form.once) as doing:
        doing.at(f"{HERE}/envois/{ref}")
        await outbox.again(flow)
    return see(f"{HERE}/envois/{ref}")


@post(hooks.PATH, allows=ANYONE, opt={"proves_itself": True})
async def called(request: Request) -> Response[dict[str, str]]:
    """Whatever it says is asked back; without its signature it is not even asked."""
    body = await request.body()
    signature, stamp = (
        request.headers.get(name, "") for name in ("afnor-signature", "afnor-signature-timestamp")
    )
    if not await hooks.is_genuine(body, signature, stamp):
        return Response({"errorCode": "SIGNATURE"}, status_code=400)
    async with deed(Machine("webhook:platform")):
        understood = await hooks.heard(body)
    return Response({} if understood else {"errorCode": "BODY"}, status_code=200 if understood else 400)
