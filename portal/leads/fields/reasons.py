"""Why a recommendation ends without a deal: the company's own list, in its own words.

The reasons that came with the portal keep their code; until somebody words them, they say what `leads.rules` says, in the
words of the programme. A retired one is no longer offered and goes on being read where it was given."""

from collections.abc import Iterable, Mapping
from typing import Any

from portal.history.access import record
from portal.kit import db
from portal.kit.cells import plain_words
from portal.kit.problems import NotFound, Refused
from portal.kit.references import new_ref
from portal.kit.text import LANGUAGES, N_, _, language
from portal.kit.versions import change
from portal.leads.rules import REASONS

MOST = 40
Reason = db.Row | Mapping[str, Any]
Words = Mapping[str, str]  # label_fr, label_en, told_fr, told_en
KNOWN = N_("Un motif porte déjà ce nom.")
LAST = N_("Il faut garder au moins un motif proposé.")
ENOUGH = N_("Quarante motifs suffisent : retirez-en un d'abord.")
KINDS = {"reject": N_("Recommandation non retenue"), "lose": N_("Affaire sans suite")}


async def reasons(move: str) -> list[tuple[str, str]]:
    """Code and label of those offered for this move, in their order and in the reader's language."""
    return (await offered([move]))[move]


async def offered(moves: Iterable[str] = tuple(REASONS)) -> dict[str, list[tuple[str, str]]]:
    """The same for several moves, asked once."""
    return by_move(await _rows("active AND move = ANY ($1)", list(moves)), moves)


def by_move(rows: Iterable[Reason], moves: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
    rows = list(rows)
    return {move: [(row["code"], label(row)) for row in rows if row["move"] == move] for move in moves}


async def codes(move: str) -> frozenset[str]:
    """All that may be given, retired ones too: a page opened before keeps its word."""
    return frozenset(row["code"] for row in await _rows("move = $1", move))


async def words(*, staff: bool) -> dict[tuple[str, str], str]:
    """(move, code) → as staff, or as the referrer, reads it."""
    said = label if staff else told
    return {(row["move"], row["code"]): said(row) for row in await _rows("true")}


async def told_in_each(move: str, code: str) -> dict[str, str]:
    """Language → what the referrer reads, as a msgid; nothing for what is no reason of this move."""
    rows = await _rows("move = $1 AND code = $2", move, code) if code and move in REASONS else []
    return {one: _told(rows[0], one) for one in LANGUAGES} if rows else {}


def label(row: Reason) -> str:
    """In the reader's language, or the French one while it has no other."""
    return _said(_label(row, language()), row)


def told(row: db.Row) -> str:
    """What the referrer reads: a gentler sentence if there is one."""
    return _said(_told(row, language()), row)


def _label(row: Reason, spoken: str) -> str:
    own = (row["label_en"] if spoken == "en" else "") or row["label_fr"]
    return own or shipped(row)


def _told(row: db.Row, spoken: str) -> str:
    return (row["told_en"] if spoken == "en" else "") or row["told_fr"] or _label(row, spoken)


def _said(sentence: str, row: Reason) -> str:
    """Words that somebody typed stay as they are."""
    return _(sentence) if sentence == shipped(row) else sentence


async def every() -> list[db.Row]:
    """Retired ones too, with how often each was given."""
    return await db.rows(
        """SELECT lead_reason.*, EXISTS (SELECT FROM lead_move given
             WHERE given.move = lead_reason.move AND given.reason = lead_reason.code) AS given
           FROM lead_reason ORDER BY move DESC, active DESC, position, id"""
    )


async def reason_for(ref: str) -> db.Row:
    rows = await _rows("ref = $1", ref)
    if not rows:
        raise NotFound("reason")
    return rows[0]


async def add(move: str, words: Words) -> db.Row:
    """At the end of its list. Raises Refused."""
    rows = await _locked(move)
    if len(rows) >= MOST:
        raise Refused("enough_reasons", ENOUGH)
    _refuse_a_known_label(rows, words, None)
    reason_id = await db.insert(
        "lead_reason", ref=(ref := new_ref()), move=move, code=_new_code(rows, words["label_fr"]),
        position=1 + max((row["position"] for row in rows), default=0), **words,
    )  # fmt: skip
    await record("leads.reason_added", "lead_reason", reason_id, move=move)
    return await reason_for(ref)


async def reword(reason: db.Row, version: int, words: Words) -> None:
    """Read so at once wherever it was given; one that came with the portal stays in every language until its words change."""
    _refuse_a_known_label(await _locked(reason["move"]), words, reason["id"])
    kept = {**words, "label_fr": ""} if words["label_fr"] == shipped(reason) else words
    changed = sorted(name for name, value in kept.items() if value != reason[name])
    if changed:
        await change("lead_reason", reason["id"], version, **kept)
        await record("leads.reason_reworded", "lead_reason", reason["id"], fields=changed)


async def show_or_hide(reason: db.Row, version: int, *, active: bool) -> None:
    """Raises Refused for the last of its list."""
    rows = await _locked(reason["move"])
    if not active and not any(row["active"] for row in rows if row["id"] != reason["id"]):
        raise Refused("last_reason", LAST)
    await change("lead_reason", reason["id"], version, active=active)
    await record("leads.reason_offered" if active else "leads.reason_retired", "lead_reason", reason["id"])


async def bring_up(reason: db.Row, version: int) -> None:
    """Before the one above it."""
    rows = [row for row in await _locked(reason["move"]) if row["active"]]
    order = [row["id"] for row in rows]
    place = order.index(reason["id"]) if reason["id"] in order else 0
    await change("lead_reason", reason["id"], version, position=reason["position"])
    if place:
        order[place - 1 : place + 1] = reversed(order[place - 1 : place + 1])
        await db.execute(
            """UPDATE lead_reason SET position = place.position
               FROM unnest($1::bigint[]) WITH ORDINALITY AS place (id, position) WHERE lead_reason.id = place.id""",
            order,
        )
        await record("leads.reason_brought_up", "lead_reason", reason["id"], place=place)


async def _rows(where: str, *given: object) -> list[db.Row]:
    return await db.rows(f"SELECT * FROM lead_reason WHERE {where} ORDER BY position, id", *given)


async def _locked(move: str) -> list[db.Row]:
    """One change at a time of a list."""
    return await db.rows(
        "SELECT * FROM lead_reason WHERE move = $1 ORDER BY position, id FOR NO KEY UPDATE", move
    )


def _refuse_a_known_label(rows: list[db.Row], words: Words, but: int | None) -> None:
    wanted = plain_words(words["label_fr"])
    for row in rows:
        if row["id"] != but and plain_words(row["label_fr"] or shipped(row)) == wanted:
            raise Refused("reason_known", KNOWN)


def _new_code(rows: list[db.Row], label_fr: str) -> str:
    """A word that nobody has to read, and that stays."""
    stem = plain_words(label_fr).replace(" ", "_")[:30] or "motif"
    taken = {row["code"] for row in rows}
    return next(
        code for code in (stem, *(f"{stem}_{number}" for number in range(2, MOST + 2))) if code not in taken
    )


def shipped(row: Reason) -> str:
    """Its French words as they came; '' for the company's own."""
    return REASONS[row["move"]].get(row["code"], "")
