"""Building the company of the demo: by the verbs, in the order of the days, under a moved clock."""

from collections.abc import Callable
from datetime import date

from portal.company import actions as company_actions
from portal.contracts import actions as contracts
from portal.demo.cast import COMPANY, PASSWORD, PLAN, PRODUCTS, REFERRERS, STAFF, TOTP_SECRET, Introducer
from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.days import at, clock_at, now
from portal.kit.deed import Machine, deed
from portal.kit.keyring import ring
from portal.kit.text import _
from portal.people import actions as people
from portal.people import passwords
from portal.people.access import user_by_email
from portal.people.second_factor import SEALED
from portal.plans import actions as plans
from portal.referrers import actions as referrers

COMMAND = Machine("command:demo")
OPENED_ON = date(2025, 1, 6)
Say = Callable[[str], None]


async def build(say: Say) -> None:
    hashed = await passwords.hashed(PASSWORD)
    with clock_at(at(OPENED_ON, 9)):
        say("  " + _("entreprise, collègues, programme"))
        await _open_company(hashed)
    say("  " + _("apporteurs et contrats"))
    await _welcome_referrers(hashed)
    await work_off()


async def _open_company(hashed: str) -> None:
    async with deed(COMMAND):
        await company_actions.set_up(**COMPANY)
        for colleague in STAFF:
            user = await people.invite_staff(colleague.email, colleague.name, {colleague.role})
            await people.accept(user["id"], colleague.name, hashed)
            await db.execute(
                "UPDATE app_user SET totp_sealed = $2, totp_confirmed_at = $3 WHERE id = $1",
                user["id"], ring().seal(TOTP_SECRET, SEALED), now(),
            )  # fmt: skip
        await contracts.publish_shipped_texts()
        for key, name, category, kind in PRODUCTS:
            await plans.add_product(key, name, category=category, kind=kind)
        programme = await plans.open_programme("Apporteurs d'affaires", OPENED_ON)
        await plans.publish(programme["id"], PLAN, OPENED_ON)


async def _welcome_referrers(hashed: str) -> None:
    sales = await user_by_email(STAFF[1].email)
    admin = await user_by_email(STAFF[0].email)
    programme_id = await db.value("SELECT id FROM programme")
    version_id = await db.value("SELECT id FROM plan_version")
    assert sales is not None
    assert admin is not None
    for who in REFERRERS:
        async with deed(COMMAND):
            referrer_id = await _welcome(who, sales["id"], hashed)
            await contracts.record_on_paper(
                referrer_id, programme_id, version_id, signed_on=OPENED_ON, vouched_by=admin["id"]
            )


async def _welcome(who: Introducer, sales_user_id: int, hashed: str) -> int:
    made = await referrers.invite(who.email, who.first_name, who.last_name, sales_user_id=sales_user_id)
    await referrers.fill_profile(
        made, status=who.status, vat_regime=who.vat_regime, since=OPENED_ON, **who.profile
    )
    user = await user_by_email(who.email)
    assert user
    await people.accept(user["id"], who.name, hashed)
    holder = who.profile.get("company_name") or who.name
    await referrers.give_bank_detail(made["id"], holder, who.iban)
    return made["id"]
