"""/reglages: where everything is set; /reglages/etat: how the house does; /reglages/composants: its parts."""

from dataclasses import dataclass

from litestar import Request

from portal.house import state as house
from portal.jobs import access as jobs
from portal.jobs.queue import enqueue
from portal.kit.days import now
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.text import N_, _
from portal.kit.web import Answer, get, page, post, see
from portal.mail import actions as mails
from portal.people.rules import STAFF, Person, Role

PATH = "/reglages/etat"


@dataclass(frozen=True, slots=True)
class Room:
    label: str
    line: str
    href: str
    icon: str
    roles: frozenset[Role]


ADMIN = frozenset({Role.ADMIN})
ROOMS = (
    Room(N_("Entreprise"), N_("Nom, adresse, représentant, couleur et logo."), "/reglages/entreprise", "landmark", ADMIN),
    Room(N_("Utilisateurs"), N_("Qui entre, avec quel rôle."), "/reglages/utilisateurs", "users", ADMIN),
    Room(N_("Programmes et barèmes"), N_("Ce que gagnent les apporteurs, et dans quel cadre."), "/reglages/programmes", "scale", ADMIN),
    Room(N_("Barèmes"), N_("Ce que gagnent les apporteurs, version par version."), "/reglages/baremes", "scale", STAFF - ADMIN),
    Room(N_("Votre groupe"), N_("Qui est de la maison et ne peut pas être apporteur."), "/reglages/groupe", "users", ADMIN),
    Room(N_("Commissions"), N_("Ce que voient les apporteurs, et comment une erreur se corrige."), "/reglages/commissions", "coins", ADMIN),
    Room(N_("Justificatifs"), N_("Ce qui se passe tant qu'un document exigé manque."), "/reglages/justificatifs", "shield-check", ADMIN),
    Room(N_("Recalcul des commissions"), N_("Tout ce qui a été gagné, recalculé et comparé."), "/reglages/recalcul", "refresh-cw", frozenset({Role.FINANCE, Role.ADMIN})),
    Room(N_("Textes des contrats"), N_("Les textes publiés, chacun avec son empreinte."), "/reglages/textes", "file-text", ADMIN),
    Room(N_("Signature et cachet"), N_("Qui contresigne, et ce qui scelle les documents."), "/reglages/signature", "pen", ADMIN),
    Room(N_("Demandes d'effacement"), N_("Qui demande que ses données disparaissent, et avant quand répondre."), "/reglages/effacements", "user", ADMIN),
    Room(N_("Jetons d'accès"), N_("Pour les logiciels qui parlent au portail."), "/reglages/jetons", "lock", ADMIN),
    Room(N_("Registres publics"), N_("Compléter une fiche et vérifier un numéro de TVA."), "/reglages/registres", "search", ADMIN),
    Room(N_("Imports"), N_("Apporteurs, recommandations et encaissements d'un tableur."), "/reglages/imports", "upload", ADMIN),
    Room(N_("État du portail"), N_("Ce qui attend, ce qui a échoué, la dernière sauvegarde."), PATH, "shield-check", ADMIN),
    Room(N_("Composants"), N_("Les éléments des pages, tels qu'ils se voient."), "/reglages/composants", "sliders-horizontal", STAFF),
)  # fmt: skip


@get("/reglages", allows=STAFF)
async def index(request: Request, person: Person) -> Answer:
    known = {route.path for route in request.app.routes}
    rooms = [room for room in ROOMS if person.may(*room.roles) and room.href in known]
    return page(
        "reglages/index.html", rooms=[(_(room.label), _(room.line), room.href, room.icon) for room in rooms]
    )


@get(PATH, allows=ADMIN)
async def state() -> Answer:
    return page("reglages/etat.html", state=await house.state())


class JobForm(Form):
    job: int


@post(f"{PATH}/travaux", allows=ADMIN)
async def try_again(request: Request, person: Person) -> Answer:
    form = await JobForm.read(request)
    if not form.errors:
        async with deed(person, form.once) as doing:
            await jobs.try_again(form.job)
            doing.at(PATH)
    return see(PATH)


@post(f"{PATH}/verification", allows=ADMIN)
async def verify(request: Request, person: Person) -> Answer:
    form = await Form.read(request)
    async with deed(person, form.once) as doing:
        await enqueue("house.verify", key="house.verify")
        doing.at(PATH)
    return see(PATH)


@post(f"{PATH}/courriels/{{ref:str}}", allows=ADMIN)
async def send_again(request: Request, person: Person, ref: str) -> Answer:
    form = await Form.read(request)
    async with deed(person, form.once) as doing:
        await mails.send_again(ref)
        doing.at(PATH)
    return see(PATH)


@get("/reglages/composants", allows=STAFF)
async def parts() -> Answer:
    return page("reglages/composants.html", now=now())
