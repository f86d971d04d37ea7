"""Who follows whom by rule and from a day on, money that waits for its deal, a deal that nobody has paid yet."""

from datetime import timedelta

from portal.deals import actions as deals
from portal.deals.cashing import actions as cashing
from portal.deals.rules import NewLine
from portal.kit.days import today
from portal.kit.deed import deed
from portal.leads import access
from portal.leads import actions as leads
from portal.leads.assignment import handing_over, keeping
from tests.cast import Cast


async def share_out(cast: Cast) -> None:
    async with deed(cast.alice.person):
        await keeping.add(
            "North", [{"field": "place", "is": "starts_with", "value": ["59"]}], "one", [cast.sam.user_id]
        )
        takes = {cast.remi.referrer_id: cast.sonia.user_id}
        await handing_over.plan(cast.sam.user_id, takes, today() + timedelta(60))
    async with deed(cast.fanny.person):
        await cashing.receive(source="bank", paid_on=today(), total_cents=1_284_00, payer="Mill Lane Ltd")
    await sign_without_payment(cast)


async def sign_without_payment(cast: Cast) -> None:
    async with deed(cast.rachel.person):
        made = await leads.submit(
            cast.rachel.referrer_id, company_name="Mill Lane Ltd", contact_phone="+33612340011", consent=f"spoken {today()}"
        )  # fmt: skip
    async with deed(cast.sam.person):
        await deals.sign(
            await access.lead(made["id"]), title="Shelves", signed_on=today(), lines=[NewLine("Shelves", 1_284_00)]
        )  # fmt: skip
