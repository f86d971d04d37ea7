"""What the prospect says on their own page: never contact me, call me, my number is another, forget me. Each is kept word for word."""

from portal.history.access import record
from portal.kit import db
from portal.kit.days import now
from portal.kit.events import emit
from portal.kit.text import N_, _
from portal.leads import access, actions
from portal.leads.events import ProspectAnswered
from portal.leads.prospect import erasing, opposing, proofs
from portal.leads.rules import BY_NAME, NO_CONSENT

# As they stand on the page, beside the button or the box.
TOLD = N_(
    "%(name)s vous recommande à %(house)s. Vos coordonnées servent à ce projet seulement ; vous pouvez vous y opposer à tout moment, en un clic."
)
CALL_ACCEPTED = N_("J'accepte que %(house)s m'appelle au sujet de cette recommandation.")
CALL_ASKED = N_("Je demande à %(house)s de m'appeler au sujet de mon projet.")
OBJECTED = N_("Ne plus me contacter")
ERASURE_ASKED = N_("Effacer mes coordonnées")
# What the law wants of whom: the kind of proof and its words.
CONSENT = {
    "business": ("call_asked", CALL_ASKED),
    "consumer": ("call_accepted", CALL_ACCEPTED),
    "energy": ("call_asked", CALL_ASKED),
}


def words_of(prospects: str, house: str) -> str:
    """What is agreed to by asking for a call."""
    return _(CONSENT[prospects][1]) % {"house": house}


async def object_to(lead: db.Row, via: str) -> None:
    """No reason is asked. Sales are told not to call, the referrer that it ends; a later recommendation is refused."""
    if lead["objected_at"]:
        return
    await proofs.keep(lead, "objected", _(OBJECTED), via)
    await opposing.remember(lead)
    for same in await erasing.same_person(lead):
        await db.execute(
            "UPDATE lead SET objected_at = $2, heard_at = $2, version = version + 1 WHERE id = $1 AND objected_at IS NULL",
            same["id"], now(),
        )  # fmt: skip
        if same["state"] in BY_NAME["object"].froms:
            await actions.move(same, "object", reason=NO_CONSENT)
        emit(ProspectAnswered(lead_id=same["id"], what="objected"))
        await record("leads.objected", "lead", same["id"], via=via)


async def ask_for_a_call(lead: db.Row, words: str, wished: str, via: str) -> None:
    """Their own click. It lifts nothing: who objected first writes to the company."""
    await proofs.keep(lead, CONSENT[lead["prospects"]][0], words, via)
    await db.execute(
        """UPDATE lead SET call_asked_at = $2, heard_at = $2, call_wished = $3, version = version + 1 WHERE id = $1""",
        lead["id"], now(), wished,
    )  # fmt: skip
    await record("leads.call_asked", "lead", lead["id"], via=via)
    emit(ProspectAnswered(lead_id=lead["id"], what="call_asked"))


async def correct_phone(lead: db.Row, phone: str) -> None:
    """The number by which they want to be called; it is found again by this one too."""
    await db.execute(
        "UPDATE lead SET contact_phone = $2, heard_at = $3, version = version + 1 WHERE id = $1",
        lead["id"], phone, now(),
    )  # fmt: skip
    await actions.remember_keys(await access.lead(lead["id"]))
    await record("leads.phone_corrected", "lead", lead["id"])
    emit(ProspectAnswered(lead_id=lead["id"], what="corrected"))


async def forget(lead: db.Row, via: str) -> None:
    """Wherever this address or number stands. What is left is a keyed hash, so that nobody contacts them again."""
    await proofs.keep(lead, "erasure_asked", _(ERASURE_ASKED), via)
    everywhere = await erasing.same_person(lead)
    await object_to(lead, via)
    for same in everywhere:
        await erasing.erase_lead(same["id"])
