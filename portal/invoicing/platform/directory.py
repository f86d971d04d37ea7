"""The directory: by its SIREN, where a supplier receives. What it answers is kept with its day and proposed, never taken over by itself."""

from collections.abc import Sequence

from portal.history.access import record
from portal.invoicing.platform import interface
from portal.invoicing.platform.calling import Rejected
from portal.invoicing.platform.interface import Line
from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import current
from portal.kit.problems import Refused
from portal.kit.text import N_
from portal.referrers import access as referrers
from portal.referrers import actions as profiles
from portal.referrers.einvoicing_rules import belongs, read_address

ENABLED, UPCOMING, WITHOUT, UNKNOWN = "enabled", "upcoming", "without_platform", "unknown"
RESULTS = {"Enabled": ENABLED, "Upcoming": UPCOMING}  # line → result; the better ones first
NOT_FOUND = 404


async def ask(siren: str) -> Sequence[Line]:
    """Before the deed. Raises Unreachable."""
    try:
        return await interface.lines_of(siren)
    except Rejected as no:
        if no.status == NOT_FOUND:
            return ()
        raise Refused("directory_refused", N_("L'annuaire n'a pas accepté la question.")) from no


async def keep(referrer_id: int, siren: str, lines: Sequence[Line]) -> None:
    result, line = chosen(lines, siren)
    await db.insert(
        "directory_answer",
        referrer_id=referrer_id, number=siren, result=result, address=line.addressing_identifier if line else "",
        name=line.legal_unit.business_name if line and line.legal_unit else "", asked_at=now(), by_user=current().actor.user_id,
    )  # fmt: skip
    await record("invoicing.directory_asked", "referrer", referrer_id, result=result)


def chosen(lines: Sequence[Line], siren: str) -> tuple[str, Line | None]:
    """Of several lines: an active one before one to come, the plain SIREN before a longer address."""
    ours = [one for one in lines if one.addressing_identifier.startswith(siren)]
    for status, result in RESULTS.items():
        fitting = [one for one in ours if one.directory_line_status == status]
        if fitting:
            return result, min(
                fitting, key=lambda one: (len(one.addressing_identifier), one.addressing_identifier)
            )
    return (WITHOUT, ours[0]) if ours else (UNKNOWN, None)


async def take_over(supplier: db.Row) -> None:
    """The address that the directory gave becomes that of the profile. Raises Refused."""
    address = read_address(supplier["found_address"] or "")
    if not address or not belongs(address, supplier["siret"][:9]):
        raise Refused("no_address", N_("L'annuaire n'a pas donné d'adresse pour cet apporteur."))
    await profiles.change_identity(await referrers.referrer(supplier["id"]), electronic_address=address)


async def size(referrer_id: int, size: str) -> None:
    """As who knows the supplier says it; the last word rules."""
    await db.insert(
        "supplier_size",
        referrer_id=referrer_id,
        size=size,
        recorded_at=now(),
        by_user=current().actor.user_id,
    )
    await record("invoicing.size", "referrer", referrer_id, size=size)
