"""What stands behind the parameters of a dossier: a task, files of Rémi's, a word he has just written."""

from portal.kit import db, files
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.files import Store
from portal.leads import actions
from portal.leads.dossier import attaching, tasking
from portal.leads.dossier.access import Subject
from tests.cast import Cast


async def samples_of_dossier(cast: Cast, deal_ref: str) -> dict[str, str]:
    async with deed(cast.remi.person):
        lead = await actions.submit(
            cast.remi.referrer_id,
            company_name="Harbour Works",
            consent="spoken 2026-11-20",
            contact_phone="+33699000011",
        )
    deal = await db.row("SELECT * FROM deal WHERE ref = $1", deal_ref)
    assert deal
    async with deed(cast.sam.person):
        task = await tasking.add(Subject("lead", lead["id"], ""), "Call Claire back", today())
    of_lead = await _attached(cast, Subject("lead", lead["id"], ""))
    of_deal = await _attached(cast, Subject("deal", deal["id"], ""))
    async with deed(cast.remi.person):
        await actions.note(lead, "Any news?", shared=True)
    word = await db.value("SELECT ref FROM lead_note ORDER BY id DESC LIMIT 1")
    return {
        "task": task["ref"], "lead_word": f"{lead['ref']}/notes/{word}",
        "lead_file": f"{lead['ref']}/pieces/{of_lead}", "deal_file": f"{deal_ref}/pieces/{of_deal}",
    }  # fmt: skip


async def _attached(cast: Cast, subject: Subject) -> str:
    kept = await files.keep(Store.UPLOADS, b"%PDF-", media_type="application/pdf", name="plan.pdf")
    async with deed(cast.remi.person):
        await attaching.attach(subject, kept, shared=True)
    return await db.value("SELECT ref FROM stored_file ORDER BY id DESC LIMIT 1")
