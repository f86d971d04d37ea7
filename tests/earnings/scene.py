"""A programme with a plan, contracts on paper, deals that clients pay: made by the real verbs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from portal.contracts import actions as contracts
from portal.deals import access, changing
from portal.deals import actions as deals
from portal.deals.rules import NewLine, Share
from portal.kit import db
from portal.kit.days import at, clock_at, today
from portal.kit.deed import deed
from portal.leads import actions as leads
from portal.plans import actions as plans
from tests.cast import Cast, Member

TEN_PERCENT: dict[str, Any] = {
    "name": "Barème 2026", "unit": "EUR", "pays_on": "client_paid", "base": "net", "choose": "first",
    "rules": [{"key": "tout", "when": [], "pay": {"kind": "percent", "rate": "10"}}],
    "limits": {"per_event": None, "per_deal": None, "per_calendar_year": None, "minimum": "0.00"},
    "recurs_for_months": 24, "hold_days": 30, "clawback_days": 180,
}  # fmt: skip
NOW = date(2026, 11, 1)
SINCE = date(2026, 1, 1)


@dataclass
class Scene:
    """`sam` sells; the days are given as days before today."""

    cast: Cast
    programme: db.Row

    async def contract(self, who: Member, body: dict[str, Any] = TEN_PERCENT, since: date = SINCE) -> db.Row:
        async with deed(self.cast.alice.person):
            plan = await plans.publish(self.programme["id"], body, since)
            return await contracts.record_on_paper(
                who.referrer_id,
                self.programme["id"],
                plan["id"],
                signed_on=since,
                vouched_by=self.cast.alice.user_id,
            )

    async def deal(
        self,
        who: Member,
        net_cents: int = 12_000_00,
        days_ago: int = 100,
        shares: Sequence[Share] = (),
        **line: Any,
    ) -> db.Row:
        async with deed(self.cast.sam.person):
            lead = await leads.submit(
                who.referrer_id, company_name=f"Client {net_cents} {days_ago}", consent="oui"
            )
            if lead["state"] != "accepted":
                lead = await leads.move(lead, "accept")
            lines = [NewLine("Mission", net_cents, **line)]
            return await deals.sign(
                lead, title="Mission", signed_on=ago(days_ago), lines=lines, shares=shares
            )

    async def pays(self, deal: db.Row, net_cents: int, days_ago: int = 0) -> int:
        async with deed(self.cast.sam.person):
            return await deals.record_payment(deal, paid_on=ago(days_ago), net_cents=net_cents)

    async def is_invoiced(self, deal: db.Row, net_cents: int, days_ago: int = 0, **how: Any) -> int:
        async with deed(self.cast.sam.person):
            vat_cents = net_cents // 5
            return await deals.record_invoice(
                deal, number=f"F-{net_cents}-{days_ago}", issued_on=ago(days_ago), net_cents=net_cents, vat_cents=vat_cents, **how
            )  # fmt: skip

    async def is_corrected(
        self, deal: db.Row, *nets: int, reason: str = "Montant mal saisi", **line: Any
    ) -> None:
        async with deed(self.cast.sam.person):
            lines = [NewLine("Mission", net_cents, **line) for net_cents in nets]
            await changing.correct(await access.deal(deal["id"]), lines, reason=reason)

    async def is_amended(self, deal: db.Row, *nets: int, days_ago: int = 0, **line: Any) -> None:
        async with deed(self.cast.sam.person):
            lines = [NewLine("Mission", net_cents, **line) for net_cents in nets]
            await changing.amend(
                await access.deal(deal["id"]), lines, on=ago(days_ago), reason="Le client ajoute une mission"
            )

    async def is_refunded(self, deal: db.Row, net_cents: int, days_ago: int = 0, **how: Any) -> int:
        async with deed(self.cast.sam.person):
            return await deals.record_refund(deal, paid_on=ago(days_ago), net_cents=net_cents, **how)


async def scene_of(cast: Cast) -> Scene:
    async with deed(cast.alice.person):
        await contracts.publish_shipped_texts()
        return Scene(cast, await plans.open_programme("Apporteurs 2026", SINCE))


def ago(days: int) -> date:
    return today() - timedelta(days)


def in_days(days: int):
    """Move the clock."""
    return clock_at(at(today() + timedelta(days), 12))


async def amounts() -> list[int]:
    return [row["amount"] for row in await db.rows("SELECT amount FROM earning ORDER BY id")]
