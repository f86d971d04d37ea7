"""What the pages show: a list of earnings, and one earning from contract to tax year."""

from dataclasses import dataclass
from datetime import date

from portal.contracts.access import clause
from portal.deals import access as deals
from portal.earnings import access, explaining
from portal.earnings.access import EARNING, MINE, STATE
from portal.earnings.explaining import Facts, Told
from portal.earnings.rules import LABELS, TAKEN_BACK, EarningState
from portal.kit import db
from portal.kit.days import today
from portal.kit.listing import Listing
from portal.kit.text import N_, _, short_day
from portal.people.rules import Person
from portal.referrers import access as referrers
from portal.referrers.rules import BLOCKS

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
    """A day on the way to the bank; tone `next`: still to come."""

    day: date
    title: str
    tone: str = "plain"


@dataclass(frozen=True, slots=True)
class Explanation:
    earning: db.Row
    rule: str
    clause: tuple[str, str]
    told: list[Told]
    moments: list[Moment]
    blocks: list[str]
    paper: db.Row | None
    transfer: db.Row | None
    tax_year: int | None
    taken_back: list[db.Row]


async def explanation(person: Person, ref: str) -> Explanation:
    """All that explains one amount. Raises NotFound when it is somebody else's."""
    earning = await access.earning_for(person, ref)
    way = await access.settlements_of(earning["id"])
    last = {step["kind"]: step for step in way}
    paid = last.get("paid")
    payments = await deals.payments_of(earning["deal_id"])
    payment = next((one for one in payments if one["id"] == earning["client_payment_id"]), None)
    return Explanation(
        earning=earning,
        rule=explaining.rule_of(earning),
        clause=clause(earning, earning["clause"]),
        told=explaining.told(earning, await _facts(earning, payments), payment),
        moments=_moments(earning, way),
        blocks=await _blocks(earning),
        paper=last.get("invoiced") or last.get("receipted"),
        transfer=paid or last.get("sent"),
        tax_year=paid["on_day"].year if paid else None,
        taken_back=await db.rows(
            "SELECT ref, amount, occurred_on FROM earning WHERE takes_back_id = $1 ORDER BY id", earning["id"]
        ),
    )


async def _facts(earning: db.Row, payments: list[db.Row]) -> Facts:
    lines = await db.rows(
        """SELECT label FROM deal_line WHERE deal_id = $1 AND generation =
             (SELECT max(generation) FROM deal_line WHERE deal_id = $1 AND since <= $2) ORDER BY position""",
        earning["deal_id"], earning["occurred_on"],
    )  # fmt: skip
    return Facts(
        earning["unit"],
        [line["label"] for line in lines],
        {f"payment:{payment['id']}": payment["paid_on"] for payment in payments},
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
    gained = earning["amount"] > 0
    born = Moment(earning["occurred_on"], _("Commission gagnée") if gained else _("Commission reprise"))
    if way:
        return [born, *map(_moment, way)]
    return [
        born,
        Moment(earning["confirmed_on"], _("Sera confirmée") if gained else _("Sera déduite"), "next"),
    ]


def _moment(step: db.Row) -> Moment:
    said = SETTLED[step["kind"]]
    title = _(said) % {"number": step["invoice_number"]}
    return Moment(step["on_day"], title, "good" if step["kind"] == "paid" else "plain")


async def _blocks(earning: db.Row) -> list[str]:
    """What the referrer still has to bring before a paper can be made of it."""
    if earning["state"] not in (EarningState.HELD, EarningState.DUE):
        return []
    codes = await referrers.paper_blocks(earning["referrer_id"], today())
    return [_(said) for code in codes if (said := BLOCKS[code])]
