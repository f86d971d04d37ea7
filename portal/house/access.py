"""The door to a stored file is the door of the thing it belongs to."""

from portal.kit import db, files
from portal.kit.problems import NotFound
from portal.people.reach import READER_FILES
from portal.people.rules import Person


async def file_for(person: Person, ref: str) -> db.Row:
    """Raises NotFound when it is not theirs, or when its domain opens no door."""
    file = await files.by_ref(ref)
    door = files.DOORS.get(file["subject_kind"])
    if door is None or (person.reads_only and file["subject_kind"] not in READER_FILES):
        raise NotFound("file")
    await door(person, file["subject_id"])
    return file
