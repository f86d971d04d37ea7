"""The only doors to exports, and the financial year of a day."""

from datetime import date

from portal.books.journal.choices import choices
from portal.books.journal.rules import Year, year_of
from portal.kit import files
from portal.kit.listing import Listing
from portal.kit.problems import NotFound
from portal.people.rules import Person, Role

MAY_SEE = (Role.FINANCE, Role.ADMIN)
EXPORT = """
SELECT export.*, app_user.name AS who, file.ref AS file_ref, file.name AS file_name, file.sha256
FROM journal_export export JOIN app_user ON app_user.id = export.by_user LEFT JOIN stored_file file ON file.id = export.file_id
"""
SORTS = {"period": "last_on", "when": "at"}
FILTERS = {"format": "format = {}"}


async def financial_year(day: date) -> Year:
    return year_of(day, (await choices()).last_month)


async def page_of(listing: Listing) -> Listing:
    return await listing.fetch(
        f"SELECT * FROM ({EXPORT}) export WHERE true", sorts=SORTS, where=FILTERS, then="id DESC"
    )


@files.door("journal_export")
async def opens_export(person: Person, _export_id: int) -> None:
    if not person.may(*MAY_SEE):
        raise NotFound("export")
