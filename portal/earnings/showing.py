"""What the pages show: a list of earnings, and one earning from contract to tax year."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from portal.contracts.access import clause
from portal.deals import access as deals
from portal.earnings import access, explaining, waiting
from portal.earnings.access import EARNING, MINE, STATE
from portal.earnings.access_claims import adjustment_of_earning
from portal.earnings.explaining import Facts, Told
from portal.earnings.policy import Sight
from portal.earnings.rules import LABELS, TAKEN_BACK, EarningState
from portal.kit import db
from portal.kit.listing import Listing
from portal.kit.money import Cents, percentage_of
from portal.kit.text import N_, _, day, short_day
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


def state_label(earning: db.Row, waits: Mapping[int, str] = MappingProxyType({})) -> str:
    """'À confirmer le 12/03/2027', 'À régler', …; `waits`: why what is due to a referrer waits, by their id."""
    state = EarningState(earning["state"])
    if is_waiting(earning, waits):
        return waiting.said(waits[earning["referrer_id"]])
    if earning["amount"] < 0:
        return _(TAKEN_BACK[state])
    if state is EarningState.DUE and earning["unit"] == "POINT":
        return _("Confirmée")
    if state is EarningState.HELD:
        return _("À confirmer le %(day)s") % {"day": short_day(earning["confirmed_on"])}
    return _(LABELS[state])


def is_waiting(earning: db.Row, waits: Mapping[int, str]) -> bool:
    """Points are on no paper: they wait for none."""
    return (
        earning["state"] == EarningState.DUE and earning["unit"] == "EUR" and earning["amount"] > 0
        and earning["referrer_id"] in waits
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Moment:
    """A day on the way to the bank; tone `next`: still to come."""

    day: date
    title: str
    tone: str = "plain"


@dataclass(frozen=True, slots=True)
class Change:
    """Why the deal, a payment or a refund was put right, for an earning that comes of it."""

    reason: str
    on_day: date
    title: str
    said: str  # as a line of the reckoning


@dataclass(frozen=True, slots=True)
class After:
    """What stands around it: .ref .amount .unit .occurred_on of take-backs and corrections; the claim about it, if any."""

    earnings: list[dict[str, Any]]
    claim_ref: str
    claim_state: str
    change: Change | None
    lines: list[str]  # of the deal, as they were on its day
    products: dict[str, str]  # key → name, as rules are read aloud


@dataclass(frozen=True, slots=True)
class Explanation:
    earning: db.Row
    sight: Sight
    rule: str
    clause: tuple[str, str]
    told: list[Told]
    moments: list[Moment]
    blocks: list[str]
    paper: db.Row | None
    transfer: db.Row | None
    tax_year: int | None
    after: After
    adjusted: db.Row | None  # what it came of, when it is a correction by hand

    @property
    def vat_cents(self) -> Cents:
        """Its part of the VAT on its paper."""
        return percentage_of(self.earning["amount"], self.paper["vat_rate"]) if self.paper else 0


AFTER = """
SELECT (SELECT coalesce(jsonb_agg(jsonb_build_object('ref', ref, 'amount', amount, 'occurred_on', occurred_on, 'cause', cause) ORDER BY id), '[]')
        FROM earning later WHERE takes_back_id = $1
           OR id IN (SELECT posted_id FROM adjustment WHERE adjustment.earning_id = $1 AND adjustment.amount > 0)) AS earnings,
       (SELECT coalesce(jsonb_object_agg(key, name), '{}') FROM product) AS products,
       claim.ref AS claim_ref, claim.state AS claim_state,
       coalesce(change.reason, undone.reason) AS reason, coalesce(change.on_day, undone.paid_on) AS on_day, coalesce(wrong.kind, 'deal') AS what,
       ARRAY(SELECT label FROM deal_line WHERE deal_id = $2 AND generation =
         (SELECT max(generation) FROM deal_line WHERE deal_id = $2 AND since <= $4) ORDER BY position) AS lines
FROM (SELECT 1) one LEFT JOIN claim ON claim.earning_id = $1
LEFT JOIN deal_change change ON change.deal_id = $2 AND change.generation = $3
LEFT JOIN client_payment undone ON undone.id = $5 LEFT JOIN client_payment wrong ON wrong.id = undone.refunds_id
"""


async def explanation(person: Person, ref: str) -> Explanation:
    """All that explains one amount, as far as this person is shown it. Raises NotFound when it is somebody else's."""
    earning = await access.earning_for(person, ref)
    sight = await access.sight_of(person)
    way = await access.settlements_of(earning["id"])
    last = {step["kind"]: step for step in way}
    paid = last.get("paid")
    after = await _after(earning)
    return Explanation(
        earning=earning,
        sight=sight,
        rule=explaining.rule_of(earning, after.products) if sight is not Sight.AMOUNT else "",
        clause=clause(earning, earning["clause"]),
        told=await _told(earning, after, sight),
        moments=_moments(earning, way),
        blocks=await _blocks(earning),
        paper=last.get("invoiced") or last.get("receipted"),
        transfer=paid or last.get("sent"),
        tax_year=paid["on_day"].year if paid else None,
        after=after,
        adjusted=await adjustment_of_earning(earning["id"]) if earning["cause"] == "adjustment" else None,
    )


def _put_right(earning: db.Row, *kinds: str) -> int | None:
    """What it comes of, as its key names it: 'deal:12:corrected:3:…' the third lines, 'deal:12:undone:34:…' a payment."""
    _, _, kind, number, *_ = [*earning["key"].split(":"), "", ""]
    return int(number) if kind in kinds else None


async def _after(earning: db.Row) -> After:
    found = await db.row(
        AFTER, earning["id"], earning["deal_id"], _put_right(earning, "corrected", "amended"),
        earning["occurred_on"], _put_right(earning, "undone"),
    )  # fmt: skip
    assert found is not None
    later = [{**one, "occurred_on": date.fromisoformat(one["occurred_on"])} for one in found["earnings"]]
    change = _change(found) if found["reason"] is not None else None
    return After(
        later, found["claim_ref"] or "", found["claim_state"] or "", change, found["lines"], found["products"]
    )


PUT_RIGHT = {  # what was written down wrong → title, line of the reckoning
    "deal": (N_("L'affaire a été corrigée le %(day)s"), N_("Recalculé après la modification de l'affaire")),
    "payment": (N_("Un encaissement a été corrigé le %(day)s"), N_("Encaissement corrigé : %(reason)s")),
    "refund": (N_("Un remboursement a été corrigé le %(day)s"), N_("Remboursement corrigé : %(reason)s")),
}


def _change(found: db.Row) -> Change:
    title, said = PUT_RIGHT[found["what"]]
    return Change(
        found["reason"], found["on_day"], _(title) % {"day": day(found["on_day"])}, _(said) % {"reason": found["reason"]}
    )  # fmt: skip


async def _told(earning: db.Row, after: After, sight: Sight) -> list[Told]:
    if earning["cause"] == "adjustment":
        return explaining.told(earning, Facts(earning["unit"], [], {}), None, Sight.BASE)
    payments = await deals.payments_of(earning["deal_id"])
    payment = next((one for one in payments if one["id"] == earning["client_payment_id"]), None)
    return explaining.told(earning, _facts(earning, after, payments, sight), payment, sight)


def _facts(earning: db.Row, after: After, payments: list[db.Row], sight: Sight) -> Facts:
    return Facts(
        earning["unit"],
        after.lines,
        {f"payment:{payment['id']}": payment["paid_on"] for payment in payments},
        shows_base=sight is Sight.BASE,
        put_right=after.change.said if after.change else "",
    )


SETTLED = {
    "released": N_("Confirmée"),
    "invoiced": N_("Sur la facture %(number)s"),
    "receipted": N_("Sur le bordereau %(number)s"),
    "rectified": N_("Rectifiée, sur la pièce %(number)s"),
    "sent": N_("Virement transmis à la banque"),
    "returned": N_("Virement revenu, il sera refait"),
    "paid": N_("Virement arrivé"),
}


BORN = {  # corrected by hand, added
    (False, True): N_("Commission gagnée"),
    (False, False): N_("Commission reprise"),
    (True, True): N_("Correction ajoutée"),
    (True, False): N_("Correction déduite"),
}


def _moments(earning: db.Row, way: list[db.Row]) -> list[Moment]:
    gained = earning["amount"] > 0
    born = Moment(earning["occurred_on"], _(BORN[earning["cause"] == "adjustment", gained]))
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
    if earning["unit"] != "EUR" or earning["state"] not in (EarningState.HELD, EarningState.DUE):
        return []
    return await waiting.blocks_for(earning["referrer_id"])
