"""What is done with documents: asked, given, declared, accepted or refused, and looked through by the clock."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from portal.company import access as company
from portal.history.access import record
from portal.kit import db, files
from portal.kit.days import now, today
from portal.kit.deed import current
from portal.kit.events import emit
from portal.kit.files import Kept
from portal.kit.money import Cents
from portal.kit.problems import NotFound, Refused
from portal.kit.references import new_ref
from portal.kit.text import N_
from portal.law import Figures
from portal.referrers.events import DocumentAccepted, DocumentRefused, DocumentsAsked
from portal.referrers.rules import Status
from portal.referrers.vigilance import access
from portal.referrers.vigilance.access import Dossier
from portal.referrers.vigilance.lines import FIRST_ASKED, NOTICES, Life, Line, told_by, wanted_by
from portal.referrers.vigilance.rules import (
    BY_CLICK,
    BY_HAND,
    ELSEWHERE,
    ERASED_ONCE_CHECKED,
    Kind,
    Reason,
    State,
    check_age,
    good_for,
)

CHECKED_ALREADY = N_("Ce document a déjà été vérifié.")
NOT_FOR_THEM = N_("Ce document ne se demande pas pour ce statut.")
NOTHING_WANTED = N_("Il ne manque plus rien : son dossier a changé entre-temps.")


def kind_of(code: str) -> Kind:
    """As an address names what is handed in here. Raises NotFound."""
    if code not in set(Kind) - ELSEWHERE:
        raise NotFound("kind")
    return Kind(code)


# Given


async def give(referrer_id: int, kind: Kind, kept: Kept) -> db.Row:
    """A file, which waits to be looked at; what waited before it is replaced."""
    await _lock(referrer_id)
    await db.execute(
        "UPDATE referrer_document SET state = 'replaced', version = version + 1 WHERE referrer_id = $1 AND kind = $2 AND state = 'received'",
        referrer_id, kind.value,
    )  # fmt: skip
    document_id = await _insert(referrer_id, kind, State.RECEIVED)
    file = await files.attach(kept, "referrer_document", document_id)
    await db.execute(
        "UPDATE referrer_document SET file_id = $2, declared = '' WHERE id = $1", document_id, file["id"]
    )
    await record("referrers.document_given", "referrer", referrer_id, kind=kind)
    return await access.document(document_id)


async def declare(referrer_id: int, kind: Kind) -> db.Row:
    """Said on one's honour, by one click: nobody has to check it. Raises Refused for what needs a document."""
    if kind not in BY_CLICK:
        raise Refused("not_by_click", N_("Ce document se dépose : une déclaration ne suffit pas."))
    await _lock(referrer_id)
    figures = await company.figures()
    until, again = good_for(kind, today(), today(), figures)
    document_id = await _insert(referrer_id, kind, State.ACCEPTED)
    await db.execute(
        "UPDATE referrer_document SET checked_at = $2, issued_on = $3, valid_until = $4, next_check_on = $5 WHERE id = $1",
        document_id, now(), today(), until, again,
    )  # fmt: skip
    await record("referrers.document_declared", "referrer", referrer_id, kind=kind)
    await _close(referrer_id, [kind])
    return await access.document(document_id)


async def _insert(referrer_id: int, kind: Kind, state: State) -> int:
    """Declared until a file is attached to it."""
    return await db.insert(
        "referrer_document",
        ref=new_ref(), referrer_id=referrer_id, kind=kind.value, state=state.value, declared=kind.value,
        given_at=now(), given_by=current().actor.user_id, checked_at=now() if state is State.ACCEPTED else None,
    )  # fmt: skip


async def _lock(referrer_id: int) -> None:
    await db.row("SELECT 1 FROM referrer WHERE id = $1 FOR NO KEY UPDATE", referrer_id)


# Checked


async def accept(document: db.Row, version: int, issued_on: date, code: str = "") -> None:
    """Who checked and when stands with it, and `code`, by which it was verified at its issuer. Raises Refused."""
    kind = Kind(document["kind"])
    figures = await company.figures()
    check_age(kind, issued_on, today(), figures)
    until, again = good_for(kind, issued_on, today(), figures)
    await _check(
        document,
        version,
        State.ACCEPTED,
        issued_on=issued_on,
        valid_until=until,
        next_check_on=again,
        code=code,
    )
    await record("referrers.document_accepted", "referrer", document["referrer_id"], kind=kind)
    if kind in ERASED_ONCE_CHECKED and document["file_id"]:
        await files.erase(document["file_id"])
    await _close(document["referrer_id"], [kind])
    emit(DocumentAccepted(document_id=document["id"]))


async def refuse(document: db.Row, version: int, reason: str) -> None:
    """`reason` is what the referrer reads."""
    await _check(document, version, State.REFUSED, reason=reason)
    await record("referrers.document_refused", "referrer", document["referrer_id"], kind=document["kind"])
    if Kind(document["kind"]) in ERASED_ONCE_CHECKED and document["file_id"]:
        await files.erase(document["file_id"])
    emit(DocumentRefused(document_id=document["id"]))


async def _check(document: db.Row, version: int, state: State, **values: object) -> None:
    sets = "".join(f", {column} = ${place}" for place, column in enumerate(values, 6))
    changed = await db.execute(
        f"""UPDATE referrer_document SET state = $2, checked_by = $3, checked_at = $4, version = version + 1{sets}
            WHERE id = $1 AND state = 'received' AND version = $5""",
        document["id"], state.value, current().actor.user_id, now(), version, *values.values(),
    )  # fmt: skip
    if not changed:
        raise Refused("document_checked", CHECKED_ALREADY)


# Asked


async def ask_by_hand(referrer_id: int, kind: Kind) -> None:
    """Raises Refused for what is no matter of this status."""
    dossier = await access.dossier(referrer_id)
    if dossier.facts.status not in BY_HAND.get(kind, frozenset[Status]()):
        raise Refused("not_for_them", NOT_FOR_THEM)
    made = await _open(referrer_id, kind, Reason.HAND, today() + FIRST_ASKED)
    if made:
        await record("referrers.document_asked", "referrer", referrer_id, kind=kind)
        await _tell(referrer_id, [made])


async def _open(referrer_id: int, kind: Kind, reason: Reason, due_on: date) -> db.Row | None:
    """None when it is asked already."""
    return await db.row(
        """INSERT INTO document_request (referrer_id, kind, reason, asked_at, by_user, due_on)
           VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (referrer_id, kind) WHERE closed_at IS NULL DO NOTHING RETURNING *""",
        referrer_id, kind.value, reason.value, now(), current().actor.user_id, due_on,
    )  # fmt: skip


async def _close(referrer_id: int, kinds: Iterable[Kind]) -> None:
    await db.execute(
        "UPDATE document_request SET closed_at = $3 WHERE referrer_id = $1 AND kind = ANY ($2) AND closed_at IS NULL",
        referrer_id, [kind.value for kind in kinds], now(),
    )  # fmt: skip


async def review(referrer_ids: Sequence[int], figures: Figures) -> None:
    """Ask for what is wanted, no longer ask for what is not, and send the notices of the day. Harmless twice."""
    if not referrer_ids:
        return
    asked: dict[int, list[db.Row]] = defaultdict(list)
    for request in await access.open_requests(referrer_ids):
        asked[request["referrer_id"]].append(request)
    for referrer_id, dossier in (await access.dossiers(referrer_ids, today(), figures)).items():
        await _review(dossier, asked[referrer_id])


async def _review(dossier: Dossier, requests: list[db.Row]) -> None:
    lines = {line.kind.value: line for line in dossier.lines if line.kind not in ELSEWHERE}
    done = [one for one in requests if one["kind"] not in lines or lines[one["kind"]].life is Life.ACCEPTED]
    if done:
        await _close(dossier.row["id"], [Kind(one["kind"]) for one in done])
    known = {one["kind"] for one in requests}
    made = [
        await _open_for(dossier.row["id"], line)
        for line in lines.values()
        if line.wanted and line.kind not in known
    ]
    open_ = [one for one in [*requests, *made] if one and one not in done]
    await _tell(dossier.row["id"], [one for one in open_ if lines[one["kind"]].wanted])


async def _open_for(referrer_id: int, line: Line) -> db.Row | None:
    reason = Reason.RENEWAL if line.until else line.asked.reason
    return await _open(referrer_id, line.kind, reason, wanted_by(line, today()))


async def _tell(referrer_id: int, requests: Sequence[db.Row]) -> None:
    """The notice that is due of each, if it was not mailed; one mail for all that have come as far."""
    by_notice: dict[int, list[int]] = defaultdict(list)
    for one in requests:
        told = told_by(one["due_on"], one["told"], today())
        if told > one["told"]:
            by_notice[told].append(one["id"])
    for told, ids in by_notice.items():
        await db.execute("UPDATE document_request SET told = $2 WHERE id = ANY ($1::bigint[])", ids, told)
        emit(DocumentsAsked(referrer_id=referrer_id, notice=NOTICES[told - 1].code, request_ids=tuple(ids)))


ASKED_AGAIN = "referrers.document_asked_again"


async def ask_again(referrer_id: int) -> None:
    """By hand, because a paper waits for it: all that is still to be given, in one mail. Raises Refused when nothing is."""
    dossier = await access.dossier(referrer_id)
    before = await access.open_requests([referrer_id])
    await _review(dossier, before)
    wanted = {line.kind.value for line in dossier.lines if line.wanted and line.kind not in ELSEWHERE}
    if not wanted:
        raise Refused("nothing_wanted", NOTHING_WANTED)
    again = [one for one in before if one["kind"] in wanted]
    if again:
        notice = "late" if min(one["due_on"] for one in again) < today() else "reminder"
        ids = tuple(one["id"] for one in again)
        emit(DocumentsAsked(referrer_id=referrer_id, notice=notice, request_ids=ids, by_hand_on=today()))
    await record(ASKED_AGAIN, "referrer", referrer_id, kinds=sorted(wanted))


# The forecast, which earnings reckons


async def note_forecasts(forecasts: Mapping[int, Cents]) -> None:
    """Cents HT by referrer, from today on; one that has not changed is not written again."""
    last = await access.forecasts_noted(list(forecasts))
    await db.execute_many(
        "INSERT INTO referrer_trait (referrer_id, name, value, since, recorded_at) VALUES ($1, $2, $3, $4, $5)",
        [
            (referrer_id, access.FORECAST, str(cents), today(), now())
            for referrer_id, cents in forecasts.items()
            if cents != last.get(referrer_id, 0)
        ],
    )


# Privacy


async def erase_of(user_id: int) -> None:
    """Copies that somebody gave go; that the document was there, with its dates, stays as proof of the duty."""
    given = await db.rows(
        "SELECT file_id FROM referrer_document WHERE given_by = $1 AND file_id IS NOT NULL AND kind IN ('identity', 'other')", user_id
    )  # fmt: skip
    for one in given:
        await files.erase(one["file_id"])
