"""/reglages/commissions: what referrers see of a base, when two people adjust, by when claims are answered."""

from litestar import Request

from portal.earnings.forms import PolicyForm
from portal.earnings.policy import Policy, Sight, policy, set_policy
from portal.kit.deed import deed
from portal.kit.text import N_, _, number
from portal.kit.web import Answer, again, done, get, page, post
from portal.people.rules import Person, Role

PATH = "/reglages/commissions"
ADMIN = {Role.ADMIN}
SIGHTS = {
    Sight.BASE: (N_("La base et le taux"), N_("6 000,00 € × 10 % = 600,00 €. Le plus clair ; le plus souvent choisi.")),
    Sight.RATE: (N_("Le taux seul"), N_("Le montant payé par votre client reste entre vous et lui.")),
    Sight.AMOUNT: (N_("Le montant seul"), N_("Ni la base, ni le taux, ni le détail du calcul.")),
}  # fmt: skip


@get(PATH, allows=ADMIN)
async def show() -> Answer:
    kept = await policy()
    form = PolicyForm.showing(
        sight=kept.sight.value, limit=number(kept.limit_cents), answer_days=kept.answer_days
    )
    return page("commissions/policy.html", form=form, sights=_sights())


@post(PATH, allows=ADMIN)
async def save(request: Request, person: Person) -> Answer:
    form = await PolicyForm.read(request)
    if form.errors:
        return again("commissions/policy.html", form=form, sights=_sights())
    async with deed(person, form.once) as doing:
        await set_policy(Policy(form.sight, form.limit, form.answer_days))
        doing.at(PATH)
    return done(doing)


def _sights() -> list[tuple[str, str, str]]:
    return [(code.value, _(label), _(hint)) for code, (label, hint) in SIGHTS.items()]
