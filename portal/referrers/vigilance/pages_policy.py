"""/reglages/justificatifs: what the company does while a document is missing."""

from litestar import Request

from portal.kit.deed import deed
from portal.kit.text import N_, _, number
from portal.kit.web import Answer, again, done, get, page, post
from portal.people.rules import Person, Role
from portal.referrers.vigilance.forms import VigilanceForm
from portal.referrers.vigilance.policy import Mode, VigilancePolicy, set_vigilance_policy, vigilance_policy

PATH = "/reglages/justificatifs"
ADMIN = {Role.ADMIN}
MODES = {
    Mode.BLOCK: (N_("La facture attend"), N_("La commission reste acquise et devient exigible le jour où le document est reçu, comme le dit le contrat.")),
    Mode.WARN: (N_("La facture est établie, avec un avertissement"), N_("Le document est demandé et relancé ; l'entreprise garde le risque.")),
    Mode.OFF: (N_("Rien n'est demandé"), N_("À ne choisir que si ces documents sont suivis ailleurs : l'entreprise répond des cotisations impayées.")),
}  # fmt: skip


@get(PATH, allows=ADMIN)
async def show() -> Answer:
    kept = await vigilance_policy()
    limit = number(kept.individual_limit_cents) if kept.individual_limit_cents is not None else ""
    form = VigilanceForm.showing(mode=kept.mode.value, limit=limit)
    return page("apporteurs/reglage.html", form=form, modes=_modes())


@post(PATH, allows=ADMIN)
async def save(request: Request, person: Person) -> Answer:
    form = await VigilanceForm.read(request)
    if form.errors:
        return again("apporteurs/reglage.html", form=form, modes=_modes())
    async with deed(person, form.once) as doing:
        await set_vigilance_policy(VigilancePolicy(form.mode, form.limit))
        doing.at(PATH)
    return done(doing)


def _modes() -> list[tuple[str, str, str]]:
    return [(mode.value, _(label), _(hint)) for mode, (label, hint) in MODES.items()]
