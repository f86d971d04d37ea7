"""What statuses mean for money: accepted, contested, or never paid as it is."""

from portal.history.access import record_chained
from portal.invoicing import rectifying
from portal.invoicing.events import PaperContested
from portal.invoicing.issuing import lock
from portal.invoicing.platform import access
from portal.invoicing.platform.rules import Effect, Told, is_dead, standing_effect
from portal.invoicing.platform.words import reason_said, status_said
from portal.kit import db
from portal.kit.days import now
from portal.kit.events import emit
from portal.kit.problems import Refused
from portal.kit.text import N_, speaking

SAYS = {Effect.ACCEPTED: "accepted", Effect.CONTESTED: "contested", Effect.DEAD: "contested"}


async def apply(invoice_id: int, referrer_id: int) -> None:
    """The paper says what rules, in whatever order it was told. What was said on the portal since stands, unless the
    paper has ended for good."""
    await lock([referrer_id])
    statuses = await access.statuses_of(invoice_id)
    effect, ruling = standing_effect(Told(one["code"], one["said_at"]) for one in statuses if not one["ours"])
    if effect is Effect.DEAD:
        await rectifying.list_ended(invoice_id)
    last = await access.acceptance_said(invoice_id)
    if ruling is None or (last and last["state"] == SAYS[effect]):
        return
    if effect is not Effect.DEAD and last and last["at"] > ruling.said_at:
        return
    told = next(one for one in statuses if (one["code"], one["said_at"]) == (ruling.code, ruling.said_at))
    await _say(invoice_id, effect, told)


async def _say(invoice_id: int, effect: Effect, told: db.Row) -> None:
    with speaking("fr"):
        reason = " : ".join(
            filter(None, (status_said(told["code"]), reason_said(told["reason_code"], told["reason"])))
        )
    state = SAYS[effect]
    await db.insert(
        "invoice_acceptance",
        invoice_id=invoice_id, state=state, reason=reason if state == "contested" else "", by_user=None, at=now(),
    )  # fmt: skip
    await record_chained(
        f"invoice:{invoice_id}", f"invoicing.{state}", "invoice", invoice_id, code=told["code"]
    )
    if state == "contested":
        emit(PaperContested(invoice_id=invoice_id))


async def refuse_if_dead(invoice_id: int) -> None:
    """Nobody accepts what a platform has rejected, or what was refused by its status: it has to be made anew."""
    if is_dead([one["code"] for one in await access.statuses_of(invoice_id)]):
        raise Refused(
            "paper_dead",
            N_("Cette facture a été refusée ou rejetée par la plateforme : elle sera rectifiée."),
        )
