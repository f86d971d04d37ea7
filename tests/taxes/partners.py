"""An employee of a partner, and what reaches them."""

from datetime import date

from portal.company import overriding
from portal.gifts.register import access as register
from portal.gifts.register import recording
from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import Machine, deed
from portal.kit.files import Store, attach, keep
from portal.kit.references import new_ref
from portal.law.partner_employees import SMIC
from portal.ledger import gifts as recipes
from portal.ledger.posting import post
from portal.referrers.rules import Regime, Status
from portal.taxes.partners import access
from tests.cast import Cast, Member
from tests.invoicing.books import Books
from tests.invoicing.test_replacing import learns
from tests.taxes.stories import is_paid

CONTACT = "colette@berthier.example"


async def is_employed(
    who: Member, *, customary: bool = True, email: str = CONTACT, employer: str = "Transports Berthier"
) -> None:
    """By an employer who agreed; with the SMIC of 2026, whatever the year is."""
    await the_smic_is(who, "1823.03")
    kept = await keep(Store.UPLOADS, b"%PDF-", media_type="application/pdf", name="accord.pdf")
    async with deed(Machine("test")):
        consent = await attach(kept, "referrer", who.referrer_id)
        await db.execute(
            """INSERT INTO partner_employment (referrer_id, state, employer_name, employer_siren, contact_name, contact_email, customary,
                                               agreed_at, agreed_sha256)
               VALUES ($1, 'agreed', $5, '552100554', 'Colette Berthier', $3, $2, $4, '\\x00')""",
            who.referrer_id, customary, email, now(), employer,
        )  # fmt: skip
    await learns(who, Status.PARTNER_EMPLOYEE, Regime.NONE, employer_consent_file=consent["id"])


async def the_smic_is(who: Member, euros: str, year: int | None = None) -> None:
    async with deed(Machine("test", who.person.user_id)):
        year = year or today().year
        await overriding.override(
            SMIC, euros, date(year, 1, 1), "décret", "SMIC de l'année", date(year, 12, 31)
        )


async def receives(books: Books, who: Member, cents: int) -> None:
    """Earned, put on a paper, arrived today, counted."""
    await is_paid(books, who, cents)
    await work_off()


async def is_given(
    cast: Cast, who: Member, cents: int, on: date | None = None, what: str = "Carte cadeau"
) -> int:
    """A reward worth so much; the id of the gift."""
    async with deed(Machine("test")):
        gift_id = await db.insert(
            "gift",
            ref=new_ref(), legal_entity_id=cast.entity_id, referrer_id=who.referrer_id, character="remuneration", nature="voucher",
            what=what, given_on=on or today(), price_cents=cents, packaging_cents=0, shipping_cents=0, value_cents=cents,
            vat_rate=0, vat_cents=0, reason="", recorded_at=now(),
        )  # fmt: skip
        await post(
            [recipes.reward_given(cast.entity_id, who.referrer_id, gift_id, cents, cents, on or today())]
        )
    return gift_id


async def takes_back(who: Member, gift_id: int) -> None:
    async with deed(Machine("test", who.person.user_id)):
        await recording.correct(await register.gift(gift_id), "Jamais remise")


async def year_of(who: Member, year: int | None = None) -> access.Slices:
    return await access.counted(who.referrer_id, year or today().year)
