"""Who comes into the network, and contracts that have lived: one of each."""

from portal.jobs.queue import work_off
from portal.kit import db, files
from portal.kit.deed import deed
from portal.referrers.vigilance import documents
from portal.referrers.vigilance.rules import Kind
from tests.cast import Cast
from tests.contracts.lives import samples_of_life
from tests.joining.samples import samples_of_joining
from tests.joining.stories import NORA, last_mail, path_in

OF_LAST_YEAR = ("Partners of last year", "Plan of last year")


async def arrivals(cast: Cast, programme: db.Row) -> tuple[str, ...]:
    """The addresses that they were handed: printed, or in a mail."""
    made = await samples_of_joining(cast, programme)
    await work_off()
    return (
        f"/rejoindre/{made['application_page']}",
        f"/rejoindre/{made['application_page']}/envoyee",
        path_in(await last_mail(NORA["email"])),
        f"/accord-employeur/{made['employer_consent']}",
        f"/evenement/{made['event']}",
        f"/evenement/{made['event_contract']}",
    )


async def contracts_live(cast: Cast) -> None:
    """Rémi was warned under one contract, and an older one was amended for all, then ended by a letter."""
    kept = await db.row(
        "SELECT * FROM contract WHERE referrer_id = $1 ORDER BY id LIMIT 1", cast.remi.referrer_id
    )
    assert kept is not None
    await samples_of_life(cast, kept, OF_LAST_YEAR)


async def give_a_document(cast: Cast) -> None:
    """It waits to be checked."""
    kept = await files.keep(files.Store.UPLOADS, b"%PDF-", media_type="application/pdf", name="letter.pdf")
    async with deed(cast.remi.person):
        await documents.give(cast.remi.referrer_id, Kind.VIGILANCE, kept)
