"""A certificate of tax residence, handed in and checked by the real verbs."""

from datetime import date

from portal.kit.deed import deed
from portal.kit.files import Store, keep
from portal.referrers.vigilance import documents
from portal.referrers.vigilance.rules import Kind
from tests.cast import Cast, Member


async def certify(cast: Cast, who: Member, issued_on: date) -> None:
    kept = await keep(Store.UPLOADS, b"%PDF-", media_type="application/pdf", name="5000.pdf")
    async with deed(who.person):
        given = await documents.give(who.referrer_id, Kind.RESIDENCE, kept)
    async with deed(cast.fanny.person):
        await documents.accept(given, given["version"], issued_on)
