"""How a contract lives, for its page: its line of amendments, its term, what was told, what goes on after its end."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from portal.contracts.lifetime import letters
from portal.contracts.lifetime.rules import ENDING, NOTICES, NoticeKind, NoticeState, Side, Terms
from portal.contracts.rules import LABELS, STANDS, ContractState
from portal.kit import db
from portal.kit.text import _
from portal.ledger.balances import Balances, referrer_balances
from portal.people.rules import Person, Role, Seat

LIFE = """
SELECT
  (SELECT coalesce(jsonb_agg(jsonb_build_object('ref', ref, 'number', number, 'state', state, 'rank', rank, 'starts_on', starts_on,
     'no_sooner', starts_no_sooner) ORDER BY rank), '[]')
   FROM contract WHERE coalesce(original_id, id) = $1 AND (state <> 'drafted' OR $3)) AS line,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('ref', notice.ref, 'kind', kind, 'side', side, 'state', notice.state, 'reason', reason,
     'given_at', given_at, 'until', until, 'settled_at', settled_at, 'letter', html <> '', 'pdf', file.ref, 'who', giver.name)
     ORDER BY notice.id DESC), '[]')
   FROM contract_notice notice LEFT JOIN stored_file file ON file.id = notice.pdf_file
   LEFT JOIN app_user giver ON giver.id = notice.given_by WHERE contract_id = $2) AS notices
"""


@dataclass(frozen=True, slots=True)
class Told:
    """A notice as the page shows it."""

    ref: str
    kind: NoticeKind
    side: Side
    state: NoticeState
    reason: str
    given_at: datetime
    until: date | None
    letter: bool
    pdf: str | None
    who: str

    @property
    def title(self) -> str:
        return _(NOTICES[self.kind])

    @property
    def standing(self) -> bool:
        return self.state is NoticeState.STANDING

    @property
    def ends(self) -> bool:
        return self.kind in ENDING


@dataclass(frozen=True, slots=True)
class Life:
    """`side`: whom the reader speaks for, when they may act; `line`: the contract and its amendments, the oldest first."""

    side: Side | None
    terms: Terms
    line: list[dict[str, Any]]
    notices: list[Told]
    owed: list[str] = field(default_factory=list)
    running: list[db.Row] = field(default_factory=list)
    compared: list[tuple[str, str, str]] = field(default_factory=list)
    example: tuple[str, str, str] | None = None

    @property
    def standing(self) -> dict[str, Told]:
        return {one.kind.value: one for one in self.notices if one.standing}

    @property
    def ending(self) -> Told | None:
        return next((one for one in self.notices if one.ends and one.state is not NoticeState.LIFTED), None)

    @property
    def may_lift(self) -> list[Told]:
        return [one for one in self.notices if one.standing and one.side is self.side]


def side_of(person: Person) -> Side | None:
    """The owner speaks for the referrer, an administrator for the company; others look on."""
    if person.referrer_id is not None:
        return Side.REFERRER if person.seat is Seat.OWNER else None
    return Side.COMPANY if person.may(Role.ADMIN) else None


async def life_of(person: Person, contract: db.Row) -> Life:
    row = await db.row(LIFE, contract["original_id"] or contract["id"], contract["id"], person.is_staff)
    assert row is not None
    filled, ends = contract["filled"], contract["ends_on"] and contract["state"] != "superseded"
    return Life(
        side=side_of(person), terms=Terms.of(filled), line=[_member(one) for one in row["line"]],
        notices=[_told(one) for one in row["notices"]],
        owed=list(letters.owed_in(await _balances(contract))) if ends else [],
        running=await letters.running_of(contract) if ends else [],
        compared=list(zip(*(filled.get(f"amendment.{name}", ()) for name in ("labels", "before", "after")), strict=True)),
        example=tuple(filled["amendment.example"]) if "amendment.example" in filled else None,
    )  # fmt: skip


async def _balances(contract: db.Row) -> Balances:
    return await referrer_balances(contract["referrer_id"])


def _member(one: dict[str, Any]) -> dict[str, Any]:
    on = one["starts_on"] or one["no_sooner"]
    return {
        **one, "on": date.fromisoformat(on) if on else None, "label": _(LABELS[ContractState(one["state"])]),
        "stands": one["state"] in STANDS,
    }  # fmt: skip


def _told(one: dict[str, Any]) -> Told:
    return Told(
        one["ref"], NoticeKind(one["kind"]), Side(one["side"]), NoticeState(one["state"]), one["reason"],
        datetime.fromisoformat(one["given_at"]), date.fromisoformat(one["until"]) if one["until"] else None,
        one["letter"], one["pdf"], one["who"] or "",
    )  # fmt: skip
