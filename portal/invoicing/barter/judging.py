"""Whether an approved order is a barter, and which; or why its papers cannot be made."""

from datetime import date

from portal.company import access as company
from portal.invoicing.barter import access
from portal.invoicing.barter.composing import Swap
from portal.invoicing.barter.rules import BUSINESSES, WHY_NOT, Asked, Sale, sale_of, value_of
from portal.invoicing.papers import RECEIPTS
from portal.invoicing.proposals import standing_of, treatment_by
from portal.invoicing.rules import BLOCKS, Treatment
from portal.kit import db
from portal.kit.problems import Refused
from portal.kit.text import N_, _
from portal.law import Figures
from portal.law.territories import territory_of
from portal.law.withholding import Reason
from portal.referrers.rules import paper_blocks

REFUSED = N_("Cette récompense ne peut pas être échangée contre un service : %(why)s.")


async def swap_of(order: db.Row, day: date, figures: Figures) -> Swap | None:
    """None when it is a reward like any other. Raises Refused."""
    partner = await access.partner(order["referrer_id"], day)
    standing = standing_of(partner)
    if standing is None or standing.status not in BUSINESSES or not order["price_cents"]:
        return None
    entity = await company.legal_entity_by(order["legal_entity_id"])
    sale = _sale(order, partner, entity["place"], day, figures)
    if isinstance(sale, str):
        raise _refused(sale)
    if blocks := paper_blocks(dict(partner), standing):
        raise _refused(blocks[0])
    treatment = treatment_by(partner, standing, entity["place"], figures)
    if why := _why_not(partner, treatment):
        raise _refused(why)
    value = value_of(order["price_cents"], order["vat_rate"], sale)
    return Swap(order, partner, entity, treatment, sale, value, day)


def _sale(order: db.Row, partner: db.Row, place: str, day: date, figures: Figures) -> Sale | str:
    where = territory_of(partner["country"], partner["postcode"], day, figures)
    country = order["country"] or partner["country"]
    valid = partner["vies_result"] == "valid"
    return sale_of(Asked(order["nature"], order["vat_rate"], place, where, country, valid), day, figures)


def _why_not(partner: db.Row, treatment: Treatment) -> str:
    mandated = partner["self_billing"] or partner["tacit"] or treatment.kind in RECEIPTS
    found = {
        "no_contract": partner["contract_id"] is None,
        "etnc": treatment.withheld.reason is Reason.REFUSED,
        "withheld": treatment.withheld.due,
        "no_mandate": not mandated,
    }
    return next((code for code, holds in found.items() if holds), "")


def _refused(code: str) -> Refused:
    label = WHY_NOT.get(code) or BLOCKS[code]
    said = _(label)
    return Refused(f"barter_{code}", REFUSED, why=said[:1].lower() + said[1:])
