"""What was answered to the fields of a programme: read from a form, kept with the recommendation, shown, forgotten."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import format_decimal

from portal.history.access import record
from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import current
from portal.kit.forms import Form
from portal.kit.identifiers import shown_phone
from portal.kit.sheets import Cell, euros
from portal.kit.text import LOCALES, N_, _, language, money, number, short_day
from portal.kit.versions import change
from portal.leads.fields import asking
from portal.leads.fields.rules import KINDS, PREFIX, Asked, Value, Wrong, read

Answers = Mapping[int, Value | None]  # by id of the field
COLUMNS = ("text_value", "number_value", "cents_value", "day_value", "yes_value")
YES_NO = (("1", N_("Oui")), ("0", N_("Non")))


@dataclass(frozen=True, slots=True)
class Control:
    """As parts/form.html draws a field."""

    name: str
    label: str
    hint: str
    type: str
    required: bool
    options: Sequence[tuple[str, str]]


def controls(fields: Sequence[Asked]) -> list[Control]:
    return [_control(field) for field in fields]


def _control(field: Asked) -> Control:
    options = asking.choices(field) if field["kind"] == "choice" else []
    if field["kind"] == "yes":
        options = [(code, _(said)) for code, said in YES_NO]
    if field["kind"] == "choice":
        options = [("", _("Choisissez")), *options]
    return Control(
        PREFIX + field["key"], asking.label(field), asking.hint(field), KINDS[field["kind"]].control,
        field["required"], options,
    )  # fmt: skip


def take(fields: Sequence[Asked], form: Form) -> Answers:
    """What a form carries; a fault is said under its field."""
    given: dict[int, Value | None] = {}
    for field in fields:
        name = PREFIX + field["key"]
        try:
            given[field["id"]] = read(field, str(form.values.get(name) or ""))
        except Wrong as wrong:
            form.refuse(name, _(wrong.sentence) % wrong.params)
    return given


async def keep(lead_id: int, fields: Sequence[Asked], given: Answers) -> list[str]:
    """The keys that changed. What is answered again replaces; nothing is answered no more."""
    before = {row["field_id"]: _value(row) for row in await _kept(lead_id)}
    changed = []
    for field in fields:
        if field["id"] in given and given[field["id"]] != before.get(field["id"]):
            await _put(lead_id, field, given[field["id"]])
            changed.append(field["key"])
    if changed:
        await record("leads.answered", "lead", lead_id, fields=changed)
    return changed


async def correct(
    lead: db.Row, version: int, fields: Sequence[Asked], given: Answers, *, postcode: str, city: str
) -> None:
    """By sales, on the page of the recommendation, with where it lies. Raises Stale."""
    await change("lead", lead["id"], version, postcode=postcode, city=city)
    if (postcode, city) != (lead["postcode"], lead["city"]):
        await record("leads.placed", "lead", lead["id"])
    await keep(lead["id"], fields, given)


# The fields of its programme with their answers: those asked now, and the retired ones that were answered.
OF_LEAD = """
SELECT field.*, text_value, number_value, cents_value, day_value, yes_value, value.at AS answered_at
FROM lead_field field LEFT JOIN lead_field_value value ON value.field_id = field.id AND value.lead_id = $1
WHERE programme_id = $2 AND (active OR value.at IS NOT NULL) AND ($3 OR seen_by = 'everybody') AND ($4 OR NOT personal)
"""
IN_ORDER = "active DESC, position, id"


async def of_lead(lead: db.Row, *, staff: bool, personal: bool = True) -> list[db.Row]:
    """`personal` false: without what the prospect told the company alone."""
    return await db.rows(
        f"SELECT * FROM ({OF_LEAD}) field ORDER BY {IN_ORDER}",
        lead["id"],
        lead["programme_id"],
        staff,
        personal,
    )


def said(row: Asked) -> str:
    """An answer in words; '' for none."""
    value = _value(row)
    if value is None:
        return ""
    match row["kind"]:
        case "choice":
            return dict(asking.choices(row)).get(str(value), str(value))
        case "yes":
            return _(dict(YES_NO)["1" if value else "0"])
        case "amount":
            return money(row["cents_value"])
        case "day":
            return short_day(row["day_value"])
        case "number":
            return format_decimal(row["number_value"], format="#,##0.####", locale=LOCALES[language()])
        case "phone":
            return shown_phone(str(value))
    return str(value)


def cell(row: Asked) -> Cell:
    """As a table calculates with it."""
    if row["kind"] == "amount" and row["cents_value"] is not None:
        return euros(row["cents_value"])
    if row["kind"] in ("number", "day"):
        return _value(row)  # pyright: ignore[reportReturnType]
    return said(row)


def typed(row: Asked) -> str:
    """As it can be typed again."""
    value = _value(row)
    match row["kind"]:
        case _ if value is None:
            return ""
        case "yes":
            return "1" if value else "0"
        case "amount":
            return number(row["cents_value"])
        case "number":
            return format(Decimal(row["number_value"]).normalize(), "f").replace(".", ",")
        case "phone":
            return shown_phone(str(value))
    return str(value)


async def forget(lead_id: int) -> None:
    """What says something of the prospect."""
    await db.execute(
        """DELETE FROM lead_field_value USING lead_field
           WHERE lead_field.id = field_id AND lead_field.personal AND lead_id = $1""",
        lead_id,
    )


async def _kept(lead_id: int) -> list[db.Row]:
    return await db.rows("SELECT * FROM lead_field_value WHERE lead_id = $1", lead_id)


def _value(row: Asked) -> Value | None:
    return next((row[column] for column in COLUMNS if row[column] is not None), None)


async def _put(lead_id: int, field: Asked, value: Value | None) -> None:
    await db.execute(
        "DELETE FROM lead_field_value WHERE lead_id = $1 AND field_id = $2", lead_id, field["id"]
    )
    if value is not None:
        column = KINDS[field["kind"]].column
        await db.execute(
            f"INSERT INTO lead_field_value (lead_id, field_id, by_user, at, {column}) VALUES ($1, $2, $3, $4, $5)",
            lead_id, field["id"], current().actor.user_id, now(), value,
        )  # fmt: skip
