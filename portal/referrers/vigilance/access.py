"""The only doors to what referrers hand in, and to what is asked of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from portal.company import access as company
from portal.kit import db, files
from portal.kit.days import add_months, today
from portal.kit.listing import Listing
from portal.kit.problems import NotFound
from portal.law import Figures
from portal.people.rules import Person, Role
from portal.referrers.access import CERTIFIED, NAME
from portal.referrers.rules import Regime, Standing, Status, paper_blocks
from portal.referrers.vigilance.lines import Light, Line, Paper, blocks_of, file_of, light_of
from portal.referrers.vigilance.policy import OPTION, Mode, VigilancePolicy
from portal.referrers.vigilance.rules import Facts, Kind, State

CHECKERS = (Role.FINANCE, Role.ADMIN)
FORECAST = "vigilance_forecast_cents"
# Earned in the year of each contract that has begun by $2, cents HT: the obligation that the duty of vigilance looks at.
VALUE = """SELECT sum(earning.amount) AS cents FROM earning JOIN contract ON contract.id = earning.contract_id
  WHERE earning.referrer_id = referrer.id AND earning.unit = 'EUR' AND contract.starts_on <= $2
    AND earning.occurred_on >= (contract.starts_on + make_interval(years => extract(year FROM age($2::date, contract.starts_on))::int))::date"""
FACTS = f"""
SELECT referrer.id, referrer.ref, referrer.number, referrer.state, referrer.country, {NAME} AS name, standing.status, standing.vat_regime,
       standing.vat_on_debits, referrer.employer_consent_file, referrer.siret, referrer.vat_number,
       referrer.street, referrer.postcode, referrer.city, {CERTIFIED.format("$2::date")} AS certified,
       coalesce(value.cents, 0)::bigint AS value_cents, coalesce(forecast.value::bigint, 0) AS forecast_cents,
       deals.many AS deals, paid.cents AS paid_cents, on_paper.cents AS on_paper_cents, papers.papers, asked.by_hand,
       referrer.employer_consent_file IS NOT NULL AS consented, consent.until AS consented_until,
       (SELECT value FROM company_option WHERE key = '{OPTION}') AS policy
FROM referrer
LEFT JOIN LATERAL (SELECT status, vat_regime, vat_on_debits FROM referrer_standing
  WHERE referrer_id = referrer.id AND since <= $2 ORDER BY since DESC, id DESC LIMIT 1) standing ON true
LEFT JOIN LATERAL ({VALUE}) value ON true
LEFT JOIN LATERAL (SELECT value FROM referrer_trait
  WHERE referrer_id = referrer.id AND name = '{FORECAST}' AND since <= $2 ORDER BY since DESC, id DESC LIMIT 1) forecast ON true
CROSS JOIN LATERAL (SELECT count(*) AS many FROM deal_share share JOIN deal ON deal.id = share.deal_id
  WHERE share.referrer_id = referrer.id AND deal.state <> 'cancelled' AND deal.signed_on > $3) deals
CROSS JOIN LATERAL (SELECT coalesce(-sum(line.amount), 0)::bigint AS cents
  FROM ledger_account account JOIN ledger_line line ON line.account_id = account.id JOIN ledger_entry entry ON entry.id = line.entry_id
  WHERE account.referrer_id = referrer.id AND account.role = 'paid' AND entry.occurred_on BETWEEN $4 AND $2) paid
CROSS JOIN LATERAL (SELECT coalesce(-sum(balance.balance), 0)::bigint AS cents
  FROM ledger_account account JOIN ledger_balance balance ON balance.account_id = account.id
  WHERE account.referrer_id = referrer.id AND account.role IN ('invoiced', 'in_transit')) on_paper
CROSS JOIN LATERAL (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', kind, 'state', state, 'given_on', (given_at AT TIME ZONE 'Europe/Paris')::date, 'reason', reason,
    'until', least(valid_until, next_check_on), 'ref', ref) ORDER BY id), '[]') AS papers
  FROM referrer_document WHERE referrer_id = referrer.id AND kind = ANY ($5)) papers
LEFT JOIN LATERAL (SELECT (expires_at AT TIME ZONE 'Europe/Paris')::date AS until FROM employer_consent
  WHERE referrer_id = referrer.id AND state = 'given' ORDER BY id DESC LIMIT 1) consent ON true
CROSS JOIN LATERAL (SELECT coalesce(jsonb_agg(kind ORDER BY id) FILTER (WHERE reason = 'hand'), '[]') AS by_hand
  FROM document_request WHERE referrer_id = referrer.id AND closed_at IS NULL) asked
WHERE referrer.id = ANY ($1::bigint[]) ORDER BY referrer.id
"""


@dataclass(frozen=True, slots=True)
class Dossier:
    """A referrer with all that is asked of them that day."""

    row: db.Row
    facts: Facts
    lines: list[Line]
    policy: VigilancePolicy

    @property
    def light(self) -> Light:
        return light_of(self.lines)

    @property
    def file_blocks(self) -> list[str]:
        """What their own file still lacks for a paper."""
        row = self.row
        standing = row["status"] and Standing(
            Status(row["status"]), Regime(row["vat_regime"]), row["vat_on_debits"]
        )
        return paper_blocks(dict(row), standing or None)

    @property
    def blocks(self) -> list[str]:
        return blocks_of(self.lines) if self.policy.mode is Mode.BLOCK else []

    @property
    def room_cents(self) -> int | None:
        """What an individual may still be paid this year by the company's own limit; None: there is none."""
        limit = self.policy.individual_limit_cents
        if limit is None or self.facts.status is not Status.INDIVIDUAL:
            return None
        return limit - self.facts.paid_cents - self.row["on_paper_cents"]


async def dossiers(referrer_ids: Sequence[int], day: date, figures: Figures) -> dict[int, Dossier]:
    """One query, however many."""
    rows = await db.rows(
        FACTS, list(referrer_ids), day, add_months(day, -12), date(day.year, 1, 1), [kind.value for kind in Kind]
    )  # fmt: skip
    return {row["id"]: _dossier(row, day, figures) for row in rows}


async def dossier(referrer_id: int, figures: Figures | None = None) -> Dossier:
    found = await dossiers([referrer_id], today(), figures or await company.figures())
    return found[referrer_id]


async def lights(referrer_ids: Sequence[int]) -> Mapping[int, Light]:
    """For a list of names."""
    if not referrer_ids:
        return {}
    found = await dossiers(referrer_ids, today(), await company.figures())
    return {referrer_id: one.light for referrer_id, one in found.items()}


def _dossier(row: db.Row, day: date, figures: Figures) -> Dossier:
    policy = VigilancePolicy.of(row["policy"])
    facts = Facts(
        Status(row["status"]) if row["status"] else None, row["country"], row["value_cents"],
        row["forecast_cents"], row["deals"], row["paid_cents"],
    )  # fmt: skip
    by_hand = [Kind(kind) for kind in row["by_hand"]]
    lines = (
        [] if policy.mode is Mode.OFF and not by_hand else file_of(facts, _papers(row), day, figures, by_hand)
    )
    return Dossier(row, facts, lines, policy)


def _papers(row: db.Row) -> list[Paper]:
    given = [_paper(one) for one in row["papers"]]
    if row["consented"]:
        given.append(Paper(Kind.EMPLOYER_CONSENT, State.ACCEPTED, date.min, row["consented_until"]))
    return given


def _paper(one: dict[str, str]) -> Paper:
    until = date.fromisoformat(one["until"]) if one["until"] else None
    given_on = date.fromisoformat(one["given_on"])
    return Paper(Kind(one["kind"]), State(one["state"]), given_on, until, one["reason"], one["ref"])


# One document

DOCUMENT = f"""
SELECT document.*, {NAME} AS referrer_name, referrer.ref AS referrer_ref, referrer.number AS referrer_number, referrer.email AS referrer_email,
       file.ref AS file_ref, file.name AS file_name, file.media_type, file.erased_at, giver.name AS giver, checker.name AS checker,
       least(document.valid_until, document.next_check_on) AS until
FROM referrer_document document JOIN referrer ON referrer.id = document.referrer_id
LEFT JOIN stored_file file ON file.id = document.file_id
LEFT JOIN app_user giver ON giver.id = document.given_by LEFT JOIN app_user checker ON checker.id = document.checked_by
"""


async def document_for(person: Person, ref: str) -> db.Row:
    """A referrer sees what they gave; who checks sees all."""
    found = await db.row(
        f"{DOCUMENT} WHERE document.ref = $1 AND ($2 OR document.referrer_id = $3)",
        ref, person.may(*CHECKERS), person.referrer_id,
    )  # fmt: skip
    if found is None:
        raise NotFound("document")
    return found


async def document(document_id: int) -> db.Row:
    found = await db.row(f"{DOCUMENT} WHERE document.id = $1", document_id)
    assert found is not None
    return found


@files.door("referrer_document")
async def opens_file(person: Person, document_id: int) -> object:
    return await document_for(person, (await document(document_id))["ref"])


async def documents_of(referrer_id: int) -> list[db.Row]:
    """The latest first; what was replaced before it was looked at is not told."""
    return await db.rows(
        f"{DOCUMENT} WHERE document.referrer_id = $1 AND document.kind <> 'paper_contract' AND document.state <> 'replaced' ORDER BY document.id DESC",
        referrer_id,
    )


SORTS = {
    "kind": "kind", "who": "lower(referrer_name)", "given": "given_at", "until": "until", "state": "state",
}  # fmt: skip
WHERE = {
    "q": "concat_ws(' ', referrer_name, referrer_number, referrer_email) ILIKE {}",
    "type": "kind = {}",
    "etat": "state = {}",
    "fin": "until IS NOT NULL AND date_trunc('month', until) = {}",
}


async def listed(listing: Listing) -> Listing:
    """What waits comes first."""
    return await listing.fetch(
        f"SELECT * FROM ({DOCUMENT}) document WHERE state <> 'replaced' AND kind <> 'paper_contract'",
        sorts=SORTS, where=WHERE, then="state <> 'received', given_at DESC, id DESC",
    )  # fmt: skip


# What is asked


async def open_requests(referrer_ids: Sequence[int]) -> list[db.Row]:
    return await db.rows(
        "SELECT * FROM document_request WHERE referrer_id = ANY ($1::bigint[]) AND closed_at IS NULL ORDER BY id",
        list(referrer_ids),
    )


async def requests(request_ids: Sequence[int]) -> list[db.Row]:
    return await db.rows(
        "SELECT * FROM document_request WHERE id = ANY ($1::bigint[]) ORDER BY id", list(request_ids)
    )


async def to_review(after: int, limit: int) -> list[int]:
    """The next referrers whose file is looked at, by id."""
    found = await db.rows(
        "SELECT id FROM referrer WHERE id > $1 AND state IN ('active', 'suspended') ORDER BY id LIMIT $2", after, limit
    )  # fmt: skip
    return [row["id"] for row in found]


async def forecasts_noted(referrer_ids: Sequence[int]) -> dict[int, int]:
    """Cents HT, as last written."""
    found = await db.rows(
        """SELECT DISTINCT ON (referrer_id) referrer_id, value FROM referrer_trait
           WHERE referrer_id = ANY ($1::bigint[]) AND name = $2 ORDER BY referrer_id, since DESC, id DESC""",
        list(referrer_ids), FORECAST,
    )  # fmt: skip
    return {row["referrer_id"]: int(row["value"]) for row in found}
