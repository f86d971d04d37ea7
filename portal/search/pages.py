"""/recherche: over everything that the person may see; a few lines while typing, then the page."""

from litestar import Request

from portal.kit.text import N_, _
from portal.kit.web import SIGNED_IN, Answer, get, is_fragment, page
from portal.people.rules import Person
from portal.search import access

KINDS = {
    "lead": N_("Recommandation"),
    "deal": N_("Affaire"),
    "referrer": N_("Apporteur"),
    "client": N_("Client"),
    "contract": N_("Contrat"),
    "invoice": N_("Facture"),
    "payout_run": N_("Règlement"),
    "reward": N_("Récompense"),
    "reward_order": N_("Commande"),
    "transfer": N_("Virement"),
    "earning": N_("Commission"),
    "claim": N_("Demande de vérification"),
}
LONGEST = 100
SUGGESTED = 6


@get("/recherche", allows=SIGNED_IN)
async def search(request: Request, person: Person) -> Answer:
    typed = request.query_params.get("q", "").strip()[:LONGEST]
    found = await access.find(typed, staff=person.is_staff, referrer_id=person.referrer_id)
    shown = [(_(KINDS[row["kind"]]), row) for row in found]
    if is_fragment(request):
        return page("search/_found.html", typed=typed, found=shown[:SUGGESTED], more=len(shown) > SUGGESTED)
    return page("search/index.html", typed=typed, found=shown, more=False)
