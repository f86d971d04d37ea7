"""Files on a recommendation or a deal: handed in by sales or the referrer, shared or not, removed."""

from typing import Any

from litestar import Request

from portal.kit import db
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.invalid import Invalid
from portal.kit.problems import Refused
from portal.kit.text import _
from portal.kit.uploads import receive
from portal.kit.web import Answer, again, done, get, page, post
from portal.leads.access import check_acts
from portal.leads.dossier import access, attaching
from portal.leads.dossier.access import Subject
from portal.leads.dossier.forms import AttachForm, ShareForm
from portal.leads.dossier.pages_subjects import name_of, paths, subject_for
from portal.leads.dossier.showing import files_said
from portal.people.rules import EVERYBODY, STAFF, Person, Seat

FILES = paths("recommandations", "affaires", of="pieces")
ONE = [f"{path}/{{file:str}}" for path in FILES]
TEMPLATE = "recommandations/pieces.html"


@get(FILES, allows=EVERYBODY)
async def attachments(request: Request, person: Person, ref: str) -> Answer:
    subject, row = await subject_for(request, person, ref)
    return page(TEMPLATE, **await _shown(person, subject, row, AttachForm.showing()))


@post(FILES, allows=EVERYBODY, uploads=True)
async def attach(request: Request, person: Person, ref: str) -> Answer:
    """What a referrer hands in is always shared: they see it again."""
    check_acts(person)
    subject, row = await subject_for(request, person, ref)
    form = await AttachForm.read(request)
    kept = None
    if not form.errors:
        try:
            kept = await receive(form.file, attaching.KINDS)
        except Invalid as wrong:
            form.refuse("file", wrong.sentence)
    if kept is None:
        return again(TEMPLATE, **await _shown(person, subject, row, form))
    try:
        async with deed(person, form.once) as doing:
            await attaching.attach(subject, kept, shared=form.shared or not person.is_staff)
            doing.at(f"{subject.path}/pieces" if subject.kind == "deal" else f"{subject.path}#pieces")
    except Refused as no:
        form.refuse("file", _(no.sentence))
        return again(TEMPLATE, **await _shown(person, subject, row, form))
    return done(doing)


@post([f"{path}/partage" for path in ONE], allows=STAFF)
async def share(request: Request, person: Person, ref: str, file: str) -> Answer:
    subject, _row = await subject_for(request, person, ref)
    attachment = await access.attachment_for(person, subject, file)
    form = await ShareForm.read(request)
    async with deed(person, form.once) as doing:
        await attaching.share(attachment, shared=form.shared)
        doing.at(f"{subject.path}/pieces")
    return done(doing)


@post([f"{path}/retrait" for path in ONE], allows=EVERYBODY)
async def remove(request: Request, person: Person, ref: str, file: str) -> Answer:
    """Staff remove any, a referrer what they handed in."""
    check_acts(person)
    subject, _row = await subject_for(request, person, ref)
    attachment = await access.attachment_for(person, subject, file)
    form = await Form.read(request)
    async with deed(person, form.once) as doing:
        await attaching.remove(attachment)
        doing.at(f"{subject.path}/pieces")
    return done(doing)


async def _shown(person: Person, subject: Subject, row: db.Row, form: Form) -> dict[str, Any]:
    return {
        "subject": subject, "name": name_of(subject, row), "form": form, **files_said(),
        "dossier": await access.dossier(person, subject), "acts": person.seat is not Seat.ACCOUNTANT,
    }  # fmt: skip
