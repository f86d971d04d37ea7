"""What stands behind the paths of payments: one of a deal that may be put right, and one that waits for its invoice."""

from portal.deals.cashing import actions
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from tests.bank.samples import samples_of_bank
from tests.cast import Cast


async def samples_of_cashing(cast: Cast) -> dict[str, str]:
    payment = await db.row(
        """SELECT deal.ref AS deal, payment.ref FROM client_payment payment JOIN deal ON deal.id = payment.deal_id
           WHERE payment.kind = 'payment' ORDER BY payment.id LIMIT 1"""
    )
    assert payment is not None
    async with deed(cast.fanny.person):
        waiting = await actions.receive(source="bank", paid_on=today(), total_cents=12_34, payer="Inconnu")
    return {
        "deal_payment": f"{payment['deal']}/encaissements/{payment['ref']}",
        "incoming": waiting["ref"],
        **await samples_of_bank(cast),
    }
