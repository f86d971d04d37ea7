"""What the homes read, each in few queries whatever the size of the network."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from portal.contracts import access as contracts
from portal.jobs import access as jobs
from portal.kit import db
from portal.kit.days import now, today
from portal.leads import access as leads
from portal.leads.estimates import Worth, scale_of
from portal.leads.rules import AT_WORK, OPEN, SILENT_DAYS
from portal.ledger.balances import Balances, referrer_balances
from portal.payouts import access as payouts
from portal.referrers.access import REFERRER

FEW = 5


@dataclass(frozen=True, slots=True)
class ReferrerHome:
    referrer: db.Row  # with .earned_this_year .has_bank_detail
    balances: Balances
    next_release: db.Row | None  # .due_on .amount
    expected: Worth | None  # of what is still open
    contract: db.Row | None  # to sign, else in force, else the latest
    recent: list[db.Row]


async def referrer_home(referrer_id: int) -> ReferrerHome:
    known = await leads.latest_of(referrer_id)
    contract = _most_pressing(await contracts.contracts_of(referrer_id))
    return ReferrerHome(
        referrer=await _with_figures(referrer_id),
        balances=await referrer_balances(referrer_id),
        next_release=await payouts.next_release(referrer_id),
        expected=await _expected(referrer_id, known)
        if contract and contract["state"] == "in_force"
        else None,
        contract=contract,
        recent=known[:FEW],
    )


def _most_pressing(found: list[db.Row]) -> db.Row | None:
    order = {"sent": 0, "in_force": 1, "signed": 2}
    return min(found, key=lambda row: (order.get(row["state"], 9), -row["id"]), default=None)


async def _with_figures(referrer_id: int) -> db.Row:
    found = await db.row(
        f"""SELECT referrer.*,
                   (SELECT coalesce(sum(amount), 0)::bigint FROM earning
                    WHERE referrer_id = $1 AND unit = 'EUR' AND occurred_on >= $2) AS earned_this_year,
                   EXISTS (SELECT FROM bank_detail WHERE referrer_id = $1 AND state = 'usable') AS has_bank_detail
            FROM ({REFERRER} WHERE referrer.id = $1) referrer""",
        referrer_id, date(today().year, 1, 1),
    )  # fmt: skip
    assert found is not None
    return found


async def _expected(referrer_id: int, known: list[db.Row]) -> Worth | None:
    """The sum over open recommendations with an estimate, each taken alone."""
    scale = await scale_of(referrer_id)
    open_ones = [row["estimate_cents"] for row in known if row["state"] in OPEN]
    worths = [worth for cents in open_ones if scale and (worth := scale.worth(cents))]
    if not worths:
        return None
    return Worth(sum(worth.low for worth in worths), sum(worth.high for worth in worths), worths[0].unit)


@dataclass(frozen=True, slots=True)
class SalesHome:
    waiting: list[db.Row]
    counts: dict[str, int]
    silent: list[db.Row]
    wins: list[db.Row]


async def sales_home() -> SalesHome:
    return SalesHome(
        waiting=await leads.waits_for_answer(FEW),
        counts=await leads.counts(),
        silent=await leads.silent_since(now() - timedelta(SILENT_DAYS), sorted(AT_WORK), FEW),
        wins=await db.rows(
            """SELECT deal.ref, deal.title, deal.signed_on, deal.net_cents, client.name AS client_name
               FROM deal JOIN client ON client.id = deal.client_id ORDER BY deal.signed_on DESC, deal.id DESC LIMIT $1""",
            FEW,
        ),
    )


@dataclass(frozen=True, slots=True)
class FinanceHome:
    figures: Mapping[str, int]
    runs: list[db.Row]


# What is confirmed and on no paper; what needs a look before money moves.
FINANCE = """
SELECT (SELECT count(DISTINCT referrer_id) FROM earning WHERE unit = 'EUR' AND id = ANY (ready.ids)) AS to_issue,
       (SELECT coalesce(sum(amount), 0)::bigint FROM earning WHERE unit = 'EUR' AND id = ANY (ready.ids)) AS to_issue_cents,
       (SELECT count(*) FROM (SELECT DISTINCT ON (invoice_id) state FROM invoice_acceptance ORDER BY invoice_id, id DESC) said
        WHERE said.state = 'contested') AS contested,
       (SELECT count(DISTINCT deal_id) FROM earning_deal_state WHERE refused <> '') AS refused,
       (SELECT count(DISTINCT share.deal_id) FROM deal_share share JOIN client_payment payment USING (deal_id)
        WHERE share.contract_id IS NULL) AS unsigned,
       (SELECT count(*) FROM payout_line WHERE state = 'failed') AS failed
FROM (SELECT array_agg(released.earning_id) AS ids FROM earning_settlement released WHERE released.kind = 'released'
      AND NOT EXISTS (SELECT FROM earning_settlement paper WHERE paper.earning_id = released.earning_id
                      AND paper.kind IN ('invoiced', 'receipted'))) ready
"""


async def finance_home() -> FinanceHome:
    figures = await db.row(FINANCE)
    assert figures is not None
    runs = await db.rows(
        """SELECT run.ref, run.number, run.state, run.executes_on, count(line.id) AS lines,
                  coalesce(sum(line.total_cents), 0)::bigint AS total_cents
           FROM payout_run run LEFT JOIN payout_line line ON line.run_id = run.id
           WHERE run.state IN ('drafted', 'approved', 'sent') GROUP BY run.id ORDER BY run.executes_on, run.id LIMIT $1""",
        FEW,
    )
    return FinanceHome(dict(figures), runs)


@dataclass(frozen=True, slots=True)
class AdminHome:
    to_countersign: list[db.Row]
    undecided: list[db.Row]
    held: list[db.Row]


async def admin_home() -> AdminHome:
    return AdminHome(
        to_countersign=await db.rows(
            f"{contracts.CONTRACT} WHERE contract.state = 'signed' ORDER BY contract.signed_at LIMIT $1", FEW
        ),
        undecided=await leads.undecided(FEW),
        held=await jobs.held(),
    )
