"""What goes on beside the business: colleagues who come and go, files that are brought in."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from portal.contracts.wording import own_texts, writing
from portal.demo.cast import STAFF, Colleague
from portal.demo.stage import Stage, last_working_day
from portal.imports import access, actions
from portal.imports.applying import import_file, looked_at
from portal.imports.options import Options
from portal.kit import db, files
from portal.kit.days import now, today
from portal.kit.deed import deed
from portal.kit.sheets import csv_bytes
from portal.people import actions as people
from portal.people.access import user_by_email
from portal.people.rules import Role

ADMIN = STAFF[0].email
# Who else has an account, and what happened to it so many days ago.
OTHERS = (
    (Colleague("nora@maison-aubier.example", "Nora Picard", Role.SALES, ""), (("invite", 6),)),
    (Colleague("lucie@maison-aubier.example", "Lucie Morand", Role.SALES, ""), (("invite", 420), ("arrive", 419), ("suspend", 30))),
    (Colleague("bruno@maison-aubier.example", "Bruno Le Gall", Role.SALES, ""), (("invite", 650), ("arrive", 649), ("deactivate", 180))),
)  # fmt: skip
TITLES = ["Code client", "Nom", "SIREN", "E-mail", "Client depuis"]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list of clients. `faulty`: with a line that cannot be taken."""

    name: str
    ago: int
    then: str
    clients: slice
    faulty: bool = False


SHEETS = (
    Sheet("clients-historiques.csv", 600, "apply", slice(0, 9)),
    Sheet("clients-brouillon.csv", 210, "drop", slice(9, 11)),
    Sheet("clients-agence-de-rennes.csv", 5, "", slice(9, 14), faulty=True),
)


def goes_on(stage: Stage) -> None:
    """Put all of it on the agenda."""
    for colleague, steps in OTHERS:
        for step, ago in steps:
            stage.on(last_working_day(stage.plot.ago(ago)), ADMIN, STEPS[step], colleague, hour=9)
    stage.on(last_working_day(stage.plot.ago(90)), ADMIN, publish_text, hour=10)
    stage.on(last_working_day(stage.plot.ago(3)), ADMIN, write_text, hour=10)
    for sheet in SHEETS:
        stage.on(last_working_day(stage.plot.ago(sheet.ago)), "", bring, sheet, hour=11)


async def invite(_stage: Stage, colleague: Colleague) -> None:
    await people.invite_staff(colleague.email, colleague.name, {colleague.role})


async def arrive(stage: Stage, colleague: Colleague) -> None:
    await people.accept((await _account(colleague))["id"], colleague.name, stage.password)


async def suspend(_stage: Stage, colleague: Colleague) -> None:
    await people.move(await _account(colleague), "suspend")


async def deactivate(_stage: Stage, colleague: Colleague) -> None:
    await people.deactivate(await _account(colleague))


async def _account(colleague: Colleague) -> db.Row:
    found = await user_by_email(colleague.email)
    assert found is not None
    return found


async def bring(stage: Stage, sheet: Sheet) -> None:
    """Taken at once, or looked at and left for somebody to decide."""
    person, data = stage.people[ADMIN], _lines(stage, sheet)
    if sheet.then == "apply":
        await import_file("clients", sheet.name, data, Options(), person)
        return
    mapping = await access.mapping("clients")
    columns, reading = await looked_at("clients", data, mapping)
    kept = await files.keep(files.Store.UPLOADS, data, media_type="text/csv", name=sheet.name)
    async with deed(person, notify=stage.is_loud(now())):
        stored = await actions.store(
            "clients", kept, hashlib.sha256(data).digest(), mapping, columns, reading
        )
        if sheet.then == "drop":
            await actions.drop(stored)


def _lines(stage: Stage, sheet: Sheet) -> bytes:
    since = stage.plot.opened_on
    rows = [
        [f"C{place:04d}", one.name, one.siren, one.email, f"{since - timedelta(40 * place):%d/%m/%Y}"]
        for place, one in list(enumerate(stage.plot.clients, 1))[sheet.clients]
    ]
    broken = [["C0099", "Scierie Rousselot", "12345678", "contact@scierie-rousselot.example", ""]]
    return csv_bytes([TITLES, *rows, *(broken if sheet.faulty else [])])


# Texts of contracts that the house writes itself: one published, one still being written.
OWN, WRITTEN = "apport-affaires-association", "apport-affaires-societe"


async def publish_text(_stage: Stage) -> None:
    draft = await writing.begin((await own_texts.in_use([OWN], today()))[OWN])
    await writing.publish(draft, draft["version"], today())


async def write_text(_stage: Stage) -> None:
    await writing.begin((await own_texts.in_use([WRITTEN], today()))[WRITTEN])


STEPS = {step.__name__: step for step in (invite, arrive, suspend, deactivate)}
