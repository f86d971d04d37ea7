"""Files on recommendations and deals: kept sealed, shown to the team alone or to the referrer too, erased with the prospect."""

from portal.history.access import record
from portal.kit import db, files
from portal.kit.days import now
from portal.kit.deed import current
from portal.kit.files import Kept
from portal.kit.problems import Refused
from portal.kit.text import N_
from portal.kit.uploads import DOCUMENTS, XLSX
from portal.leads.dossier.access import Subject

KINDS = DOCUMENTS | {XLSX}
ACCEPT = ".pdf,.jpg,.jpeg,.png,.webp,.xlsx"
MOST_FILES, MOST_BYTES = 20, 100_000_000  # of one recommendation or deal
FULL = N_("Vingt fichiers ou 100 Mo sont déjà joints ici : retirez-en un d'abord.")
TABLES = {"lead": "lead", "deal": "deal"}


async def attach(subject: Subject, kept: Kept, *, shared: bool) -> None:
    """Raises Refused when there is no room left; two at once count one after the other."""
    await db.execute(f"SELECT FROM {TABLES[subject.kind]} WHERE id = $1 FOR NO KEY UPDATE", subject.id)
    room = await db.row(
        f"""SELECT count(*) AS many, coalesce(sum(size), 0)::bigint AS bytes FROM attachment JOIN stored_file ON stored_file.id = file_id
            WHERE {subject.kind}_id = $1 AND removed_at IS NULL""",
        subject.id,
    )
    if room and (room["many"] >= MOST_FILES or room["bytes"] + kept.size > MOST_BYTES):
        raise Refused("attachments_full", FULL)
    attachment_id = await db.insert(
        "attachment",
        **{f"{subject.kind}_id": subject.id}, shared=shared, given_by=current().actor.user_id, at=now(),
    )  # fmt: skip
    file = await files.attach(kept, "attachment", attachment_id)
    await db.execute("UPDATE attachment SET file_id = $2 WHERE id = $1", attachment_id, file["id"])
    await record("leads.file_attached", subject.kind, subject.id, attachment=attachment_id, shared=shared)


async def share(attachment: db.Row, *, shared: bool) -> None:
    await db.execute("UPDATE attachment SET shared = $2 WHERE id = $1", attachment["id"], shared)
    await _recorded("leads.file_shared" if shared else "leads.file_kept_private", attachment)


async def remove(attachment: db.Row) -> None:
    """For good: the file is erased. Twice is harmless."""
    removed = await db.execute(
        "UPDATE attachment SET removed_at = $2, removed_by = $3 WHERE id = $1 AND removed_at IS NULL",
        attachment["id"], now(), current().actor.user_id,
    )  # fmt: skip
    if removed:
        await files.erase(attachment["file_id"])
        await _recorded("leads.file_removed", attachment)


async def forget(lead_id: int) -> None:
    """With the prospect. What stands with a deal is of the sale, and its law's."""
    for row in await db.rows(
        "SELECT * FROM attachment WHERE lead_id = $1 AND removed_at IS NULL ORDER BY id", lead_id
    ):
        await remove(row)


async def _recorded(what: str, attachment: db.Row) -> None:
    kind = "lead" if attachment["lead_id"] else "deal"
    await record(what, kind, attachment[f"{kind}_id"], attachment=attachment["id"])
