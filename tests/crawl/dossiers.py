"""What gathers around recommendations: things to do, files, and one that was entered twice."""

from portal.kit import db, files
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.files import Store
from portal.leads import access
from portal.leads import actions as leads
from portal.leads.dossier import attaching, merging, tasking
from portal.leads.dossier.access import Subject
from tests.cast import Cast


async def gather(cast: Cast) -> None:
    stays, goes = await _entered(cast, "Quarry Road Ltd"), await _entered(cast, "Quarry Rd", "+33698765432")
    subject = Subject("lead", stays["id"], "")
    plan = await files.keep(Store.UPLOADS, b"%PDF-", media_type="application/pdf", name="plan.pdf")
    async with deed(cast.sam.person):
        await tasking.add(subject, "Send the leaflet", today())
        done = await tasking.add(subject, "Read the website", today())
        await tasking.finish(done)
        await tasking.add(Subject("referrer", cast.rachel.referrer_id, ""), "Thank them", today())
        await attaching.attach(subject, plan, shared=True)
        await merging.merge(goes, stays)


async def _entered(cast: Cast, company: str, phone: str = "+33612349876") -> db.Row:
    async with deed(cast.rachel.person):
        made = await leads.submit(
            cast.rachel.referrer_id, company_name=company, contact_phone=phone, consent=f"spoken {today()}"
        )
    return await access.lead(made["id"])
