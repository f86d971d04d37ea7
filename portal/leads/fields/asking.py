"""The fields of a programme: asked, corrected, ordered, retired."""

from collections.abc import Mapping
from typing import Any

from portal.history.access import record
from portal.kit import db
from portal.kit.problems import NotFound, Refused
from portal.kit.references import new_ref
from portal.kit.text import N_, language
from portal.kit.versions import change
from portal.leads.fields.rules import KINDS, MOST, MOST_REQUIRED, Asked, key_from

LABEL_TAKEN = N_("Un champ de ce programme porte déjà ce nom.")
ENOUGH = N_("Vingt champs suffisent : retirez-en un d'abord.")
TOO_MANY_REQUIRED = N_("Trois champs nécessaires au plus pour l'apporteur : recommander doit rester l'affaire de quarante secondes.")  # fmt: skip
ANSWERED = N_("Des réponses ont déjà été données : retirez ce champ et ajoutez-en un autre.")
CHOICE_GIVEN = N_("Le choix « %(choice)s » a déjà été donné : gardez-le dans la liste.")
NEVER_CHANGES = ("kind", "filled_by")


async def asked_of(filled_by: str, programme_id: int) -> list[db.Row]:
    """What this one is asked, in order."""
    return await db.rows(
        "SELECT * FROM lead_field WHERE programme_id = $1 AND filled_by = $2 AND active ORDER BY position, id",
        programme_id, filled_by,
    )  # fmt: skip


async def every() -> list[db.Row]:
    """Of all programmes, retired ones too, with whether they were answered."""
    return await db.rows(
        """SELECT lead_field.*, programme.name AS programme, programme.ref AS programme_ref FROM lead_field
           JOIN programme ON programme.id = lead_field.programme_id
           ORDER BY programme.id, lead_field.active DESC, position, lead_field.id"""
    )


async def of_programme(programme_id: int) -> list[db.Row]:
    return await db.rows(
        "SELECT * FROM lead_field WHERE programme_id = $1 ORDER BY active DESC, position, id", programme_id
    )


async def field_for(ref: str) -> db.Row:
    found = await db.row(
        """SELECT lead_field.*, programme.name AS programme, programme.ref AS programme_ref,
                  EXISTS (SELECT FROM lead_field_value WHERE field_id = lead_field.id) AS answered
           FROM lead_field JOIN programme ON programme.id = lead_field.programme_id WHERE lead_field.ref = $1""",
        ref,
    )
    if found is None:
        raise NotFound("field")
    return found


def label(field: Asked) -> str:
    return (field["label_en"] if language() == "en" else "") or field["label_fr"]


def hint(field: Asked) -> str:
    return (field["hint_en"] if language() == "en" else "") or field["hint_fr"]


def choices(field: Asked) -> list[tuple[str, str]]:
    return [
        (choice["key"], (choice["en"] if language() == "en" else "") or choice["fr"])
        for choice in field["choices"]
    ]


async def ask(programme_id: int, **said: Any) -> db.Row:
    """A further field, at the end. Raises Refused with the name of its control as code."""
    rows = await _locked(programme_id)
    if sum(row["active"] for row in rows) >= MOST:
        raise Refused("", ENOUGH)
    _check(rows, said, None)
    field_id = await db.insert(
        "lead_field", ref=(ref := new_ref()), programme_id=programme_id,
        key=key_from(said["label_fr"], {row["key"] for row in rows}),
        position=1 + max((row["position"] for row in rows), default=0), **_kept(said),
    )  # fmt: skip
    await record("leads.field_asked", "lead_field", field_id, **_codes(said))
    return await field_for(ref)


async def correct(field: db.Row, version: int, **said: Any) -> None:
    """Raises Refused with the name of its control as code, Stale."""
    rows = await _locked(field["programme_id"])
    _check(rows, said, field["id"])
    kept = _kept(said)
    changed = sorted(name for name, value in kept.items() if value != field[name])
    if field["answered"] and set(changed) & set(NEVER_CHANGES):
        raise Refused("kind" if "kind" in changed else "filled_by", ANSWERED)
    await _refuse_to_lose_a_choice(field, kept["choices"])
    if changed:
        await change("lead_field", field["id"], version, **kept)
        await record("leads.field_corrected", "lead_field", field["id"], fields=changed, **_codes(said))


async def ask_or_retire(field: db.Row, version: int, *, active: bool) -> None:
    """What was answered stays to be read."""
    rows = await _locked(field["programme_id"])
    if active:
        _check(rows, {**field}, field["id"])
    await change("lead_field", field["id"], version, active=active)
    await record("leads.field_asked_again" if active else "leads.field_retired", "lead_field", field["id"])


async def bring_up(field: db.Row, version: int) -> None:
    """Before the one above it."""
    order = [row["id"] for row in await _locked(field["programme_id"]) if row["active"]]
    place = order.index(field["id"]) if field["id"] in order else 0
    await change("lead_field", field["id"], version, position=field["position"])
    if place:
        order[place - 1 : place + 1] = reversed(order[place - 1 : place + 1])
        await db.execute(
            """UPDATE lead_field SET position = place.position
               FROM unnest($1::bigint[]) WITH ORDINALITY AS place (id, position) WHERE lead_field.id = place.id""",
            order,
        )
        await record("leads.field_brought_up", "lead_field", field["id"], place=place)


async def _locked(programme_id: int) -> list[db.Row]:
    """One change at a time of a programme's fields."""
    await db.row("SELECT 1 FROM programme WHERE id = $1 FOR NO KEY UPDATE", programme_id)
    return await db.rows(
        "SELECT * FROM lead_field WHERE programme_id = $1 ORDER BY position, id", programme_id
    )


def _check(rows: list[db.Row], said: Mapping[str, Any], but: int | None) -> None:
    others = [row for row in rows if row["id"] != but and row["active"]]
    if any(row["label_fr"].lower() == said["label_fr"].lower() for row in others):
        raise Refused("label_fr", LABEL_TAKEN)
    required = sum(row["required"] and row["filled_by"] == "referrer" for row in others)
    if said["required"] and said["filled_by"] == "referrer" and required >= MOST_REQUIRED:
        raise Refused("required", TOO_MANY_REQUIRED)


def _kept(said: Mapping[str, Any]) -> dict[str, Any]:
    """A telephone or an address always goes with the prospect."""
    return {**said, "personal": said["personal"] or KINDS[said["kind"]].personal}


async def _refuse_to_lose_a_choice(field: db.Row, kept: list[dict[str, str]]) -> None:
    gone = {choice["key"]: choice["fr"] for choice in field["choices"]}
    for choice in kept:
        gone.pop(choice["key"], None)
    given = await db.value(
        "SELECT text_value FROM lead_field_value WHERE field_id = $1 AND text_value = ANY ($2) LIMIT 1",
        field["id"], list(gone),
    ) if gone else None  # fmt: skip
    if given:
        raise Refused("choices", CHOICE_GIVEN, choice=gone[given])


def _codes(said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: said[name] for name in ("kind", "required", "filled_by", "seen_by", "personal")}
