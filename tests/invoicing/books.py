"""The books of the cast: contracts on paper at ten percent due at once, accounts to pay to, deals that clients pay."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.company import access as company_access
from portal.company import actions as company
from portal.invoicing import actions as invoicing
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.referrers import access as referrer_access
from portal.referrers import actions as referrers
from tests.cast import Cast, Member
from tests.earnings.scene import TEN_PERCENT, Scene, scene_of

AT_ONCE: dict[str, Any] = TEN_PERCENT | {"name": "Barème immédiat", "hold_days": 0}
COMPANY_IBAN = "FR7630006000011234567890189"
IBANS = {
    "rachel": "FR7630006000010000000000152",
    "remi": "FR7630004028370000001654611",
    "mina": "FR7630003036200002021690750",
}


@dataclass
class Books:
    cast: Cast
    scene: Scene

    async def earns(self, who: Member, cents: int, days_ago: int = 5) -> int:
        """A client pays ten times as much; the id of the client payment."""
        deal = await self.scene.deal(who, cents * 10, days_ago=days_ago + 20)
        return await self.scene.pays(deal, cents * 10, days_ago=days_ago)

    async def refund(self, payment_id: int, cents: int) -> None:
        """The client gets ten times as much back."""
        from portal.deals import access as deals
        from portal.deals import actions

        deal_id = await db.value("SELECT deal_id FROM client_payment WHERE id = $1", payment_id)
        async with deed(self.cast.sam.person):
            await actions.record_refund(
                await deals.deal(deal_id), paid_on=today(), net_cents=cents * 10, refunds_id=payment_id
            )

    async def issue(self, *who: Member, day: date | None = None) -> list[db.Row]:
        """Issue for these, or for all; the papers in order."""
        async with deed(self.cast.fanny.person):
            made = await invoicing.issue(
                self.cast.entity_id, [one.referrer_id for one in who] if who else None, day or today()
            )
        assert not made.refusals
        return await db.rows(
            "SELECT * FROM invoice WHERE id = ANY ($1::bigint[]) ORDER BY id", made.invoice_ids
        )


async def books_of(cast: Cast, plan: dict[str, Any] = AT_ONCE) -> Books:
    scene = await scene_of(cast)
    for who in (cast.rachel, cast.remi, cast.mina):
        await scene.contract(who, plan)
    async with deed(cast.alice.person):
        for name, iban in IBANS.items():
            member = getattr(cast, name)
            holder = (await referrer_access.referrer(member.referrer_id))["name"]
            await referrers.give_bank_detail(member.referrer_id, holder, iban)
        entity = await company_access.legal_entity_by(cast.entity_id)
        await company.correct(entity, entity["version"], iban=COMPANY_IBAN)
    return Books(cast, scene)
