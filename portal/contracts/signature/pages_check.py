"""/verifier: anybody drops a paper of this portal and is told whether it is authentic and unchanged; nothing is kept of it."""

from typing import Any

from litestar import Request

from portal.contracts.signature import checking
from portal.contracts.signature.checking import State
from portal.kit.forms import Form
from portal.kit.text import N_, _
from portal.kit.web import ANYONE, Answer, again, get, page, post
from portal.people import counters

PATH = "/verifier"
TITLES = {
    State.AUTHENTIC: N_("Authentique et inchangé"),
    State.CHANGED: N_("Modifié après avoir été scellé"),
    State.UNKNOWN: N_("Inconnu de ce portail"),
    State.UNREADABLE: N_("Illisible"),
}
TONES = {State.AUTHENTIC: "good", State.CHANGED: "bad", State.UNKNOWN: "wait", State.UNREADABLE: "wait"}


@get(PATH, allows=ANYONE)
async def ask(request: Request) -> Answer:
    """With a reference that is printed on a paper: what is expected."""
    ref = request.query_params.get("ref", "").strip()
    if not ref:
        return page("verifier/index.html", **_shown())
    await counters.attempt(counters.CHECK_BY_ADDRESS, request.scope["state"]["address"])
    return page("verifier/index.html", **_shown(ref=ref, expected=await checking.expected(ref)))


@post(PATH, allows=ANYONE, uploads=True)
async def check(request: Request) -> Answer:
    await counters.attempt(counters.CHECK_BY_ADDRESS, request.scope["state"]["address"])
    form = await Form.read(request)
    given = form.values.get("file")
    if given is None or isinstance(given, str):
        form.refuse("file", _("Choisissez un fichier."))
        return again("verifier/index.html", **_shown(form=form))
    verdict = await checking.check(await given.read(checking.MOST_BYTES + 1))
    told = {
        "verdict": verdict,
        "title": _(TITLES[verdict.state]),
        "tone": TONES[verdict.state],
        "why": _(checking.WHY[verdict.why]) % verdict.params,
    }
    return page("verifier/index.html", **_shown() | told)


def _shown(
    form: Form | None = None, ref: str = "", expected: list[checking.Verdict] | None = None
) -> dict[str, Any]:
    return {"form": form or Form.showing(), "ref": ref, "expected": expected or [], "verdict": None}
