"""/reglages/recalcul: all that was ever earned, reckoned again from nothing, and each commission that differs."""

from typing import Any

from litestar import Request

from portal.earnings import replaying
from portal.earnings.pages_comparison import EVENTS
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.text import N_, _, ngettext
from portal.kit.web import Answer, done, get, page, post
from portal.people.rules import Person, Role
from portal.plans.sentences import number

PATH = "/reglages/recalcul"
READERS = {Role.FINANCE, Role.ADMIN}
HAPPENED = {
    **EVENTS,
    "payment": N_("Paiement ou remboursement"),
    "amended": N_("Affaire modifiée"),
    "corrected": N_("Affaire corrigée"),
    "undone": N_("Encaissement corrigé"),
    "credit": N_("Avoir au client"),
}


@get(PATH, allows=READERS)
async def show() -> Answer:
    return page("commissions/replay.html", **await _shown())


async def _shown() -> dict[str, Any]:
    last = await replaying.last()
    return {
        "running": await replaying.is_running(),
        "progress": await replaying.progress(),
        "last": last,
        "said": _said(last["count"], last["differ"]) if last else "",
        "differences": [(one, _happened(one["event"])) for one in last["differences"]] if last else [],
    }


def _said(count: int, differ: int) -> str:
    """« 2 431 commissions recalculées, aucune différence. »"""
    if not differ:
        whole = ngettext("%(n)s commission recalculée, aucune différence.", "%(n)s commissions recalculées, aucune différence.", count)  # fmt: skip
        return whole % {"n": number(count * 100)}
    reckoned = ngettext("%(n)s commission recalculée", "%(n)s commissions recalculées", count)
    apart = ngettext("%(n)s différence", "%(n)s différences", differ)
    return _("%(reckoned)s, %(apart)s.") % {
        "reckoned": reckoned % {"n": number(count * 100)},
        "apart": apart % {"n": number(differ * 100)},
    }


def _happened(event: str | None) -> str:
    """« payment:34 » in words; of an earning that nothing made the key may say nothing."""
    return _(HAPPENED[kind]) if (kind := (event or "").partition(":")[0]) in HAPPENED else event or "–"


@get(PATH + "/avancement", allows=READERS)
async def progress() -> Answer:
    """The progress, as long as there is one to show; then the page itself comes."""
    running = await replaying.is_running()
    answer = page("commissions/_replay_progress.html", progress=await replaying.progress())
    if not running:
        answer.headers["HX-Refresh"] = "true"
    return answer


@post(PATH, allows=READERS)
async def start(request: Request, person: Person) -> Answer:
    form = await Form.read(request)
    async with deed(person, form.once) as doing:
        doing.at(PATH)
        await replaying.ask()
    return done(doing)
