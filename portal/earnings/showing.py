"""What the pages show: a list of earnings, and one earning from contract to tax year."""

from dataclasses import dataclass
from datetime import datetime

from portal.contracts.access import clause
from portal.earnings import access, explaining
from portal.earnings.access import EARNING, MINE, STATE
from portal.earnings.explaining import Facts, Told
from portal.earnings.rules import LABELS, TAKEN_BACK, EarningState
from portal.kit import db
from portal.kit.days import at
from portal.kit.listing import Listing
from portal.kit.text import N_, _, short_day
from portal.people.rules import Person

VIEWS = {  # the word in the address → states
    "a-confirmer": ["held"],
    "a-regler": ["due"],
    "facturees": ["invoiced", "receipted"],
    "en-cours": ["in_transit"],
    "versees": ["paid"],
}
VIEW_LABELS = {
    "a-confirmer": N_("À confirmer"), "a-regler": N_("À régler"), "facturees": N_("Facturées"),
    "en-cours": N_("Virement en cours"), "versees": N_("Versées"),
}  # fmt: skip
SORTS = {"day": "earning.occurred_on", "client": "lower(client.name)", "amount": "earning.amount"}
IN_VIEW = " ".join(f"WHEN '{state}' THEN '{view}'" for view, states in VIEWS.items() for state in states)
WHERE = {
    "vue": f"CASE {STATE} {IN_VIEW} END = {{}}",
    "q": """client.name ILIKE {} OR deal.title ILIKE {} OR referrer.number ILIKE {} OR referrer.last_name ILIKE {}
            OR referrer.company_name ILIKE {}""",
}


async def page_of(person: Person, listing: Listing) -> Listing:
    """The earnings that this person may see."""
    return await listing.fetch(
        f"{EARNING} WHERE {MINE}",
        person.is_staff,
        person.referrer_id,
        sorts=SORTS,
        then="earning.id DESC",
        where=WHERE,
    )


def state_label(earning: db.Row) -> str:
    """'À confirmer le 12/03/2027', 'À régler', …"""
    state = EarningState(earning["state"])
    if earning["amount"] < 0:
        return _(TAKEN_BACK[state])
    if state is EarningState.HELD:
        return _("À confirmer le %(day)s") % {"day": short_day(earning["confirmed_on"])}
    return _(LABELS[state])


@dataclass(frozen=True, slots=True)
class Moment:
    """A point of the way to the bank; `next`: still to come."""

    when: datetime
    title: str
    text: str = ""
    tone: str = "plain"
    href: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    earning: db.Row
    rule: str
    clause: tuple[str, str]
    told: list[Told]
    moments: list[Moment]
    paper: db.Row | None
    transfer: db.Row | None
    tax_year: int | None
    original_ref: str
    taken_back: list[db.Row]


async def explanation(person: Person, ref: str) -> Explanation:
    """All that explains one amount. Raises NotFound when it is somebody else's."""
    earning = await access.earning_for(person, ref)
    way = await access.settlements_of(earning["id"])
    last = {step["kind"]: step for step in way}
    paid = last.get("paid")
    return Explanation(
        earning=earning,
        rule=explaining.rule_of(earning),
        clause=clause(earning, earning["clause"]),
        told=explaining.told(earning, await _facts(earning), await _payment(earning)),
        moments=_moments(earning, way),
        paper=last.get("invoiced") or last.get("receipted"),
        transfer=paid or last.get("sent"),
        tax_year=paid["on_day"].year if paid else None,
        original_ref=await db.value("SELECT ref FROM earning WHERE id = $1", earning["takes_back_id"]) or "",
        taken_back=await db.rows(
            "SELECT ref, amount, occurred_on FROM earning WHERE takes_back_id = $1 ORDER BY id", earning["id"]
        ),
    )


async def _facts(earning: db.Row) -> Facts:
    lines = await db.rows(
        """SELECT label FROM deal_line WHERE deal_id = $1 AND generation =
             (SELECT max(generation) FROM deal_line WHERE deal_id = $1 AND since <= $2) ORDER BY position""",
        earning["deal_id"], earning["occurred_on"],
    )  # fmt: skip
    payments = await db.rows("SELECT id, paid_on FROM client_payment WHERE deal_id = $1", earning["deal_id"])
    return Facts(
        earning["unit"],
        [line["label"] for line in lines],
        {f"payment:{payment['id']}": payment["paid_on"] for payment in payments},
    )


async def _payment(earning: db.Row) -> db.Row | None:
    return await db.row(
        """SELECT payment.*, invoice.number AS invoice_number FROM client_payment payment
           LEFT JOIN client_invoice invoice ON invoice.id = payment.client_invoice_id WHERE payment.id = $1""",
        earning["client_payment_id"],
    )


SETTLED = {
    "released": N_("Confirmée"),
    "invoiced": N_("Sur la facture %(number)s"),
    "receipted": N_("Sur le bordereau %(number)s"),
    "sent": N_("Virement transmis à la banque"),
    "returned": N_("Virement revenu, il sera refait"),
    "paid": N_("Virement arrivé"),
}


def _moments(earning: db.Row, way: list[db.Row]) -> list[Moment]:
    born = Moment(
        at(earning["occurred_on"]),
        _("Commission gagnée") if earning["amount"] > 0 else _("Commission reprise"),
    )
    if way:
        return [born, *map(_moment, way)]
    return [born, Moment(at(earning["confirmed_on"]), _("Sera confirmée"), tone="next")]


def _moment(step: db.Row) -> Moment:
    said = SETTLED[step["kind"]]
    title = _(said) % {"number": step["invoice_number"]}
    return Moment(at(step["on_day"]), title, tone="good" if step["kind"] == "paid" else "plain")
