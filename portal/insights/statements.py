"""The statement of a month, from the ledger: what was owed at its start, each movement, what is owed at its end.

The balance is what the company still owes: earned − taken back − paid, which is held + due + invoiced + in transit − owed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from portal.jobs.printing import Paper, printed
from portal.jobs.queue import enqueue
from portal.kit import db, files
from portal.kit.days import add_months, today
from portal.kit.listing import Listing
from portal.kit.money import Cents
from portal.kit.problems import NotFound
from portal.kit.templates import environment
from portal.kit.text import N_, _, language
from portal.ledger.accounts import EURO_ROLES, VAT_ROLES
from portal.ledger.balances import Balances, as_said
from portal.people.rules import Person
from portal.referrers import access as referrers

KIND = "statement"


@dataclass(frozen=True, slots=True)
class Shown:
    """How an entry is said: credits of these roles are its amount, of those its VAT (`vat_sign` where VAT leaves)."""

    label: str
    tone: str
    net: tuple[str, ...]
    vat: tuple[str, ...] = ()
    vat_sign: int = -1


SHOWN: Mapping[str, Shown] = {
    "commission_earned": Shown(N_("Gagné"), "good", ("held", "due")),
    "commission_taken_back": Shown(N_("Repris"), "bad", ("held", "due")),
    "hold_released": Shown(N_("Confirmé"), "plain", ("due",)),
    "invoice_issued": Shown(N_("Facturé"), "plain", ("invoiced",), ("vat_invoiced",)),
    "credit_note_issued": Shown(N_("Avoir"), "bad", ("invoiced", "owes"), ("vat_invoiced", "vat_owes")),
    "payout_sent": Shown(N_("Parti vers votre compte"), "note", ("in_transit",), ("vat_in_transit",)),
    "payout_settled": Shown(N_("Arrivé sur votre compte"), "good", ("paid",), ("vat_in_transit",), 1),
    "payout_returned": Shown(N_("Revenu de la banque"), "bad", ("in_transit",), ("vat_in_transit",)),
    "written_off": Shown(N_("Ne vous est plus demandé"), "plain", ("owes",)),
}
OWED = ("earned", "taken_back", "written_off", "paid")
"""The sum of their debits is the balance."""


@dataclass(frozen=True, slots=True)
class Movement:
    row: db.Row
    shown: Shown
    net: Cents
    vat: Cents
    change: Cents  # of the balance
    balance: Cents  # after it

    @property
    def label(self) -> str:
        said = self.shown.label
        return _("Annulé : %(what)s") % {"what": _(said)} if self.row["undoes"] else _(said)


@dataclass(frozen=True, slots=True)
class Statement:
    first: date
    last: date
    opening: Balances
    closing: Balances
    movements: Sequence[Movement]
    is_over: bool

    @property
    def opening_cents(self) -> Cents:
        return balance_of(self.opening)

    @property
    def closing_cents(self) -> Cents:
        return balance_of(self.closing)

    def grew(self, term: str) -> Cents:
        """By how much a term of the identity changed in the month."""
        return getattr(self.closing, term) - getattr(self.opening, term)


def balance_of(said: Balances) -> Cents:
    return said.earned - said.taken_back - said.paid


def month_of(typed: str) -> date:
    """The first day of '2026-11'. Raises NotFound for what is no month, or one to come."""
    try:
        first = date.fromisoformat(f"{typed}-01")
    except ValueError:
        raise NotFound("month") from None
    if first > today() or len(typed) != 7:
        raise NotFound("month")
    return first


async def statement(referrer_id: int, first: date) -> Statement:
    last = add_months(first, 1) - timedelta(1)
    opening, closing = await _balances(referrer_id, first, last)
    return Statement(
        first=first,
        last=last,
        opening=opening,
        closing=closing,
        movements=_movements(await _entries(referrer_id, first, last), balance_of(opening)),
        is_over=last < today(),
    )


async def _balances(referrer_id: int, first: date, last: date) -> tuple[Balances, Balances]:
    """On the eve of the first day, and on the last."""
    found = await db.rows(
        """SELECT account.role, coalesce(sum(line.amount) FILTER (WHERE entry.occurred_on < $2), 0)::bigint AS opening,
                  sum(line.amount)::bigint AS closing
           FROM ledger_account account JOIN ledger_line line ON line.account_id = account.id
           JOIN ledger_entry entry ON entry.id = line.entry_id
           WHERE account.referrer_id = ANY ((SELECT ids_of($1))::bigint[]) AND account.unit = 'EUR_CENT' AND entry.occurred_on <= $3 GROUP BY account.role""",
        referrer_id, first, last,
    )  # fmt: skip
    return as_said({row["role"]: row["opening"] for row in found}), as_said(
        {row["role"]: row["closing"] for row in found}
    )


# Of money; what is given in kind stands elsewhere.
MONEY = f"account.unit = 'EUR_CENT' AND account.role IN ({db.literals((*EURO_ROLES, *VAT_ROLES))})"
# What each entry moved on the referrer's accounts, with all that explains it.
ENTRIES = f"""
SELECT moved.by_role, entry.occurred_on, coalesce(undone.kind, entry.kind) AS kind, entry.reverses_id IS NOT NULL AS undoes,
       entry.reason, earning.ref AS earning_ref, coalesce(deal.title, lead.company_name) AS deal_title, coalesce(client.name, lead.company_name) AS client_name,
       invoice.ref AS invoice_ref, invoice.number AS invoice_number, transfer.ref AS transfer_ref, run.number AS run_number,
       of_paper.clients
FROM (
  SELECT line.entry_id, jsonb_object_agg(account.role, line.amount) AS by_role
  FROM ledger_account account JOIN ledger_line line ON line.account_id = account.id
  WHERE account.referrer_id = ANY ((SELECT ids_of($1))::bigint[]) AND {MONEY} GROUP BY line.entry_id
) moved
JOIN ledger_entry entry ON entry.id = moved.entry_id
LEFT JOIN ledger_entry undone ON undone.id = entry.reverses_id
LEFT JOIN earning ON entry.subject_kind = 'earning' AND earning.id = entry.subject_id
LEFT JOIN deal ON deal.id = earning.deal_id
LEFT JOIN client ON client.id = deal.client_id
LEFT JOIN lead ON lead.id = earning.lead_id
LEFT JOIN invoice ON entry.subject_kind = 'invoice' AND invoice.id = entry.subject_id
LEFT JOIN payout_line transfer ON entry.subject_kind = 'payout_line' AND transfer.id = entry.subject_id
LEFT JOIN payout_run run ON run.id = transfer.run_id
LEFT JOIN LATERAL (
  SELECT string_agg(DISTINCT coalesce(client.name, lead.company_name), ', ') AS clients
  FROM invoice_line item JOIN earning ON earning.id = item.earning_id
  LEFT JOIN deal ON deal.id = earning.deal_id LEFT JOIN client ON client.id = deal.client_id
  LEFT JOIN lead ON lead.id = earning.lead_id
  WHERE item.invoice_id = invoice.id
     OR item.invoice_id IN (SELECT part.invoice_id FROM payout_invoice part WHERE part.line_id = transfer.id)
) of_paper ON true
WHERE entry.occurred_on BETWEEN $2 AND $3 AND entry.kind <> 'referrer_merged'  -- within one and the same person
ORDER BY entry.occurred_on, entry.id
"""


async def _entries(referrer_id: int, first: date, last: date) -> list[db.Row]:
    return await db.rows(ENTRIES, referrer_id, first, last)


def _movements(entries: Sequence[db.Row], balance: Cents) -> list[Movement]:
    found = []
    for entry in entries:
        moved: Mapping[str, int] = entry["by_role"]
        shown = SHOWN[entry["kind"]]
        change = _sum(moved, OWED)
        balance += change
        net, vat = -_sum(moved, shown.net), shown.vat_sign * _sum(moved, shown.vat)
        found.append(Movement(entry, shown, net, vat, change, balance))
    return found


def _sum(moved: Mapping[str, int], roles: Sequence[str]) -> Cents:
    return sum(moved.get(role, 0) for role in roles)


# The months


MONTHS = f"""
SELECT month, earned, taken_back, paid, paid_vat, sum(earned - taken_back - paid) OVER (ORDER BY month)::bigint AS balance
FROM (
  SELECT date_trunc('month', entry.occurred_on)::date AS month,
         coalesce(sum(line.amount) FILTER (WHERE account.role = 'earned'), 0)::bigint AS earned,
         coalesce(-sum(line.amount) FILTER (WHERE account.role IN ('taken_back', 'written_off')), 0)::bigint AS taken_back,
         coalesce(-sum(line.amount) FILTER (WHERE account.role = 'paid'), 0)::bigint AS paid,
         coalesce(sum(line.amount) FILTER (WHERE account.role = 'vat_in_transit'
           AND coalesce(undone.kind, entry.kind) = 'payout_settled'), 0)::bigint AS paid_vat
  FROM ledger_account account JOIN ledger_line line ON line.account_id = account.id
  JOIN ledger_entry entry ON entry.id = line.entry_id
  LEFT JOIN ledger_entry undone ON undone.id = entry.reverses_id
  WHERE account.referrer_id = ANY ((SELECT ids_of($1))::bigint[]) AND {MONEY} GROUP BY 1
) each
"""


async def months_page(referrer_id: int, listing: Listing) -> Listing:
    """Each month in which something moved, the latest first."""
    return await listing.fetch(
        f"SELECT * FROM ({MONTHS}) month WHERE true", referrer_id, sorts={}, then="month DESC"
    )


# Its paper


@files.door(KIND)
async def opens_file(person: Person, referrer_id: int) -> object:
    return await referrers.referrer_for(person, (await referrers.referrer(referrer_id))["ref"])


def paper_of(parties: db.Row, told: Statement) -> Paper:
    """In the language of the reader."""
    html = environment().get_template("releves/paper.html").render(**shown(parties, told), lang=language())
    stem = _("releve-%(month)s") % {"month": f"{told.first:%Y-%m}"}
    return Paper(KIND, parties["id"], f"{parties['number']}-{stem}", html)


async def ask_for_paper(paper: Paper, month: str) -> None:
    """In a deed: print it, unless it is printed."""
    if not (await printed(paper)).file_ref:
        await enqueue(
            "insights.print_statement",
            key=paper.key,
            referrer_id=paper.referrer_id,
            month=month,
            language=language(),
        )


TERMS = {
    "earned": N_("Gagné"),
    "taken_back": N_("Régularisations"),
    "held": N_("À confirmer"),
    "due": N_("À régler"),
    "invoiced": N_("Facturé"),
    "in_transit": N_("Virement en cours"),
    "paid": N_("Versé"),
    "owed": N_("À déduire"),
}


def shown(parties: db.Row, told: Statement) -> dict[str, Any]:
    return {
        "parties": parties,
        "told": told,
        "eve": told.first - timedelta(1),
        "terms": {term: _(label) for term, label in TERMS.items()},
        "month": f"{told.first:%Y-%m}",
    }
