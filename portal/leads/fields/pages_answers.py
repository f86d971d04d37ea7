"""What sales complete of a recommendation, and all the answers of a programme as a list and a file."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from litestar import Request

from portal.kit import db
from portal.kit.deed import deed
from portal.kit.listing import Cells, Column, Listing
from portal.kit.problems import NotFound, Stale
from portal.kit.sheets import Cell
from portal.kit.text import _
from portal.kit.web import Answer, again, done, get, page, post
from portal.leads import access
from portal.leads.fields import answers, asking
from portal.leads.fields.forms import AnswersForm
from portal.leads.fields.rules import PREFIX
from portal.leads.rules import LABELS, SALES
from portal.people.rules import Person, Role
from portal.plans.access import programme_by_ref

EDIT = "recommandations/renseignements.html"


@get("/recommandations/{ref:str}/renseignements", allows=SALES)
async def show(person: Person, ref: str) -> Answer:
    lead = await _lead(person, ref)
    fields = await answers.of_lead(lead, staff=True)
    known = {PREFIX + row["key"]: answers.typed(row) for row in fields}
    form = AnswersForm.showing(version=lead["version"], postcode=lead["postcode"], city=lead["city"], **known)
    return page(EDIT, lead=lead, filled=form, own=_controls(fields))


@post("/recommandations/{ref:str}/renseignements", allows=SALES)
async def complete(request: Request, person: Person, ref: str) -> Answer:
    lead, form = await _lead(person, ref), await AnswersForm.read(request)
    if "version" in form.errors:
        raise Stale("stale")
    fields = await answers.of_lead(lead, staff=True)
    given = answers.take([_optional(field) for field in fields], form)
    if form.errors:
        return again(EDIT, lead=lead, filled=form, own=_controls(fields))
    async with deed(person, form.once) as doing:
        await answers.correct(lead, form.version, fields, given, postcode=form.postcode, city=form.city)
        doing.at(f"/recommandations/{ref}")
    return done(doing)


async def _lead(person: Person, ref: str) -> db.Row:
    """Of one that was erased nothing is asked any more."""
    lead = await access.lead_for(person, ref)
    if lead["erased_at"]:
        raise NotFound("erased")
    return lead


def _optional(field: db.Row) -> dict[str, Any]:
    """Sales complete what they know: what is necessary of a referrer is not so here."""
    return {**field, "required": False}


def _controls(fields: list[db.Row]) -> list[answers.Control]:
    return answers.controls([_optional(field) for field in fields])


@get("/reglages/champs/{ref:str}/reponses", allows={Role.ADMIN})
async def given(request: Request, ref: str) -> Answer:
    """One line a recommendation, one column a field; the file carries it all."""
    programme = await programme_by_ref(ref)
    fields = await asking.of_programme(programme["id"])
    columns = (
        Column("company", _("Entreprise")), Column("day", _("Recommandée le"), sortable=True), Column("state", _("État")),
        *(Column(PREFIX + field["key"], asking.label(field), numeric=field["kind"] in ("number", "amount")) for field in fields),
    )  # fmt: skip
    listing = await Listing.asked(request, columns, sort="-day").fetch(
        """SELECT id, ref, company_name, recommended_on, state FROM lead
           WHERE programme_id = $1 AND EXISTS (SELECT FROM lead_field_value WHERE lead_id = lead.id)""",
        programme["id"], sorts={"day": "recommended_on"}, then="id DESC",
    )  # fmt: skip
    rows = await _answers_of([row["id"] for row in listing.rows])
    return await listing.answer(
        "reglages/champs/reponses.html", cells=_cells(fields, rows), name="renseignements", programme=programme,
        said=lambda row, key: answers.said(rows[row["id"]][key]) if key in rows[row["id"]] else "",
        labels={code: _(label) for code, label in LABELS.items()},
    )  # fmt: skip


Given = Mapping[int, Mapping[str, db.Row]]  # by recommendation, by column


async def _answers_of(lead_ids: list[int]) -> Given:
    found: dict[int, dict[str, db.Row]] = defaultdict(dict)
    for row in await db.rows(
        """SELECT value.*, field.key, field.kind, field.choices FROM lead_field_value value
           JOIN lead_field field ON field.id = value.field_id WHERE lead_id = ANY ($1)""",
        lead_ids,
    ):
        found[row["lead_id"]][PREFIX + row["key"]] = row
    return found


def _cells(fields: list[db.Row], rows: Given) -> Cells:
    def of(key: str) -> Callable[[Any], Cell]:
        return lambda row: answers.cell(rows[row["id"]][key]) if key in rows[row["id"]] else None

    usual: Cells = {
        "company": lambda row: row["company_name"],
        "day": lambda row: row["recommended_on"],
        "state": lambda row: _(LABELS[row["state"]]),
    }
    return {**usual, **{PREFIX + field["key"]: of(PREFIX + field["key"]) for field in fields}}
