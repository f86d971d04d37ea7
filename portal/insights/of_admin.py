"""The home of an administrator: what needs a decision, oldest first, and how the house does."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from portal.insights.reading import by_kind, counted, joined, part
from portal.kit import db
from portal.kit.days import now
from portal.referrers.access import NAME

FEW = 5
FAULTS_SHOWN = timedelta(days=30)
FRESH = timedelta(days=2)
"""A nightly check or a backup older than that was missed."""


@dataclass(frozen=True, slots=True)
class Care:
    """Something that the house does by itself, or should: when it last did, and whether all is well."""

    code: str
    at: datetime | None
    faults: int = 0

    @property
    def is_well(self) -> bool:
        return self.at is not None and not self.faults and now() - self.at <= FRESH


@dataclass(frozen=True, slots=True)
class AdminHome:
    decisions: list[db.Row]  # .kind .ref .name .who .at, the oldest first
    counts: Mapping[str, int]  # by kind of decision; they stop at reading.ENOUGH
    cares: list[Care]
    jobs: db.Row  # .many held, .at the oldest
    mails: db.Row  # .many undelivered, .at the oldest

    @property
    def total(self) -> int:
        return sum(self.counts.values())


# What waits: the rows that a page shows, and FROM … WHERE to count them all.
WAITING = {
    "approval": "FROM approval WHERE approval.state = 'waiting'",
    "contract": "FROM contract WHERE contract.state = 'signed'",
    "lead": "FROM lead WHERE lead.earns = 'undecided'",
    "nudge": "FROM lead WHERE lead.nudge_due_at < $2",
    "application": "FROM application WHERE application.state = 'waiting'",
    "import": "FROM import_file WHERE import_file.state = 'stored'",
    "faulty": "FROM import_file WHERE import_file.state = 'applied' AND rows_faulty > 0 AND applied_at > $1",
}
DECISIONS = tuple(WAITING)
JOBS = "FROM pgqueuer WHERE status = 'failed'"
MAILS = "FROM mail_message WHERE failed_at IS NOT NULL AND sent_at IS NULL"
FOUND = joined(
    part(
        "approval",
        f"""FROM (SELECT * {WAITING["approval"]} ORDER BY prepared_at LIMIT {FEW}) waits
            JOIN app_user preparer ON preparer.id = waits.prepared_by
            LEFT JOIN payout_run run ON waits.subject_kind = 'payout_run' AND run.id = waits.subject_id
            LEFT JOIN contract ON waits.subject_kind = 'contract' AND contract.id = waits.subject_id
            LEFT JOIN plan_version version ON waits.subject_kind = 'plan_version' AND version.id = waits.subject_id
            LEFT JOIN plan ON plan.id = version.plan_id
            LEFT JOIN text_draft ON waits.subject_kind = 'text_draft' AND text_draft.id = waits.subject_id
            LEFT JOIN contract_text ON contract_text.id = text_draft.started_from
            LEFT JOIN payee ON waits.subject_kind = 'payee' AND payee.id = waits.subject_id
            LEFT JOIN referrer ON waits.subject_kind = 'referrer' AND referrer.id = waits.subject_id
            LEFT JOIN adjustment ON waits.subject_kind = 'adjustment' AND adjustment.id = waits.subject_id
            LEFT JOIN year_closing ON waits.subject_kind = 'year_closing' AND year_closing.id = waits.subject_id ORDER BY waits.prepared_at""",
        ref="coalesce(run.ref, contract.ref, version.ref, text_draft.ref, payee.ref, referrer.ref, adjustment.ref, year_closing.year || '/cloture', '')",
        name="coalesce(run.number, contract.number, plan.name, contract_text.title, referrer.number, year_closing.year::text, '')",
        who="preparer.name", state="waits.what", at="waits.prepared_at",
    ),
    part(
        "contract",
        f"""FROM (SELECT * {WAITING["contract"]} ORDER BY signed_at LIMIT {FEW}) waits
            JOIN referrer ON referrer.id = waits.referrer_id ORDER BY waits.signed_at""",
        ref="waits.ref", name=NAME, who="waits.number", at="waits.signed_at",
    ),
    part(
        "lead",
        f"""FROM (SELECT * {WAITING["lead"]} ORDER BY moved_at LIMIT {FEW}) waits
            JOIN referrer ON referrer.id = waits.referrer_id ORDER BY waits.moved_at""",
        ref="waits.ref", name="waits.company_name", who=NAME, at="waits.submitted_at",
    ),
    part(
        "nudge",
        f"""FROM (SELECT * {WAITING["nudge"]} ORDER BY nudge_due_at LIMIT {FEW}) waits
            JOIN referrer ON referrer.id = waits.referrer_id ORDER BY waits.nudge_due_at""",
        ref="waits.ref", name="waits.company_name", who=NAME, at="waits.nudged_at",
    ),
    part(
        "application",
        f"""FROM (SELECT * {WAITING["application"]} ORDER BY submitted_at LIMIT {FEW}) waits
            JOIN programme ON programme.id = waits.programme_id ORDER BY waits.submitted_at""",
        ref="waits.ref", name="concat_ws(' ', waits.first_name, waits.last_name)", who="programme.name", at="waits.submitted_at",
    ),
    part("import", f"{WAITING['import']} ORDER BY at LIMIT {FEW}", ref="ref", name="name", state="kind", at="import_file.at"),
    part(
        "faulty", f"{WAITING['faulty']} ORDER BY applied_at LIMIT {FEW}",
        ref="ref", name="name", state="kind", at="applied_at", many="rows_faulty::bigint",
    ),
    *(counted(f"all_{kind}", source) for kind, source in WAITING.items()),
    part("job", f"FROM (SELECT created {JOBS} LIMIT 100) held", at="min(created)", many="count(*)"),
    part("mail", f"FROM (SELECT failed_at {MAILS} LIMIT 100) held", at="min(failed_at)", many="count(*)"),
    part("option", "FROM company_option WHERE key IN ('backup.last', 'verify.last')", name="key", more="value"),
)  # fmt: skip


async def admin_home() -> AdminHome:
    rows = await db.rows(FOUND, now() - FAULTS_SHOWN, now())
    found = by_kind(rows, (*DECISIONS, *(f"all_{kind}" for kind in DECISIONS), "job", "mail", "option"))
    known = {row["name"]: row["more"] for row in found["option"]}
    return AdminHome(
        decisions=sorted((row for kind in DECISIONS for row in found[kind]), key=lambda row: row["at"]),
        counts={kind: found[f"all_{kind}"][0]["many"] for kind in DECISIONS},
        cares=[_care("verify", known.get("verify.last")), _care("backup", known.get("backup.last"))],
        jobs=found["job"][0],
        mails=found["mail"][0],
    )


def _care(code: str, done: dict[str, Any] | None) -> Care:
    if not done:
        return Care(code, None)
    return Care(code, datetime.fromisoformat(done["at"]), len(done.get("faults", ())))
