"""Every line of somebody's points: what came, what went, what is still to be confirmed, each with what it comes of."""

from portal.kit import db
from portal.kit.listing import Listing
from portal.kit.text import N_, _

KINDS = {
    "held": N_("À confirmer"), "earned": N_("Gain"), "received": N_("Réception"), "reserved": N_("Commande"),
    "put_back": N_("Restitution"), "expired": N_("Expiration"), "taken_back": N_("Régularisation"), "given": N_("Don à un autre"),
    "cashed": N_("Paiement en euros"),
}  # fmt: skip
TONES = {
    "held": "wait",
    "earned": "good",
    "received": "good",
    "put_back": "good",
    "expired": "bad",
    "taken_back": "bad",
}
THEIRS = "SELECT unnest(ids_of($1))"
OF_EARNING = """
LEFT JOIN deal ON deal.id = earning.deal_id LEFT JOIN client ON client.id = deal.client_id LEFT JOIN lead ON lead.id = earning.lead_id"""
CLIENT = "coalesce(client.name, lead.company_name, '')"
LINES = f"""
SELECT line.* FROM (
  SELECT lot.opened_on AS on_day, CASE WHEN lot.transfer_id IS NULL THEN 'earned' ELSE 'received' END AS kind, lot.points::bigint AS points,
         {CLIENT} AS title, '/commissions/' || earning.ref AS href, lot.expires_on AS until, lot.left_over, lot.id AS place
  FROM point_stock lot LEFT JOIN earning ON earning.id = lot.earning_id {OF_EARNING}
  WHERE lot.opened_for IN ({THEIRS})
UNION ALL
  SELECT earning.due_on, 'held', earning.amount, {CLIENT}, '/commissions/' || earning.ref, NULL, 0, earning.id
  FROM earning {OF_EARNING}
  WHERE earning.referrer_id IN ({THEIRS}) AND earning.unit = 'POINT'
    AND NOT EXISTS (SELECT FROM earning_settlement released WHERE released.earning_id = earning.id AND released.kind = 'released')
UNION ALL
  SELECT move.on_day, move.kind, (sum(move.points) * CASE move.kind WHEN 'put_back' THEN 1 ELSE -1 END)::bigint,
         coalesce(bought.title, {CLIENT}), coalesce('/recompenses/commandes/' || bought.ref, '/commissions/' || earning.ref), NULL, 0, min(move.id)
  FROM point_move move JOIN point_lot lot ON lot.id = move.lot_id
  LEFT JOIN reward_order bought ON bought.id = move.order_id LEFT JOIN earning ON earning.id = move.earning_id {OF_EARNING}
  WHERE lot.referrer_id IN ({THEIRS}) AND move.kind <> 'spent'
  GROUP BY move.on_day, move.kind, bought.title, bought.ref, earning.ref, client.name, lead.company_name
) line WHERE true
"""
SORTS = {"day": "line.on_day", "points": "line.points"}
WHERE = {"nature": "line.kind = {}", "q": "line.title ILIKE {}"}


async def of(referrer_id: int, listing: Listing) -> Listing:
    return await listing.fetch(
        LINES, referrer_id, sorts=SORTS, then="line.on_day DESC, line.place DESC", where=WHERE
    )


def kind_label(line: db.Row) -> str:
    return _(KINDS[line["kind"]])
