"""Three sales followed to the cent: shares, every kind of payment, credits, a payment put right, and what the bank brings."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from portal.deals import access as deals
from portal.deals import actions, correcting, crediting
from portal.deals.cashing import access as queue
from portal.deals.cashing import actions as cashing
from portal.deals.cashing.actions import Part
from portal.deals.rules import NewLine, Share
from portal.demo.brought import FANNY, HUGO, INES, RACHEL, SAMIR, Brought, Step, tell
from portal.demo.stage import Act, Stage, last_working_day
from portal.kit import db
from portal.kit.days import today

VAT = 20  # percent


@dataclass(slots=True)
class Sale:
    """`parts`: who has how many per cent. What follows knows its invoices by their place, from 0."""

    lead: Brought
    title: str
    lines: tuple[tuple[str, str, int], ...]
    signed: int
    parts: tuple[tuple[str, int], ...] = ()
    deal_id: int = field(default=0)
    invoices: list[int] = field(default_factory=list)

    async def deal(self) -> db.Row:
        return await deals.deal(self.deal_id)


def _sold(by: str, about: int, ago: int) -> Brought:
    at = (Step(ago - 3, SAMIR, "accept"), Step(ago - 6, SAMIR, "contact"), Step(ago - 12, SAMIR, "propose"))
    return Brought(by, about, ago, at)


def told() -> tuple[Sale, Sale, Sale]:
    return (
        Sale(_sold(HUGO, 0, 84), "Audit et formation", (("audit", "Audit des trois sites", 6_000_00), ("formation", "Six jours de formation", 3_000_00)),
             62, ((HUGO, 60), (INES, 40))),
        Sale(_sold(INES, 1, 80), "Formation des équipes", (("formation", "Parcours de six mois", 4_200_00),), 58),
        Sale(_sold(RACHEL, 2, 75), "Audit d'organisation", (("audit", "Audit et suivi", 5_000_00),), 52),
    )  # fmt: skip


def opens(stage: Stage) -> None:
    """Put all of it on the agenda, each sale with what comes after it; finance has days off."""
    shared, training, audit = told()
    tell(stage, (shared.lead, training.lead, audit.lead), {}, stage.plot.take_strangers(3))
    for sale in (shared, training, audit):
        _on(stage, sale.signed, SAMIR, sign, sale)
    for ago, act, sale, what in (
        (60, invoice, shared, {"net": 3_000_00}),
        (55, pay, shared, {"of": 0, "total": 3_600_00, "nature": "deposit"}),
        (46, invoice, shared, {"net": 4_000_00}),
        (
            41,
            credit,
            shared,
            {
                "of": 1,
                "kind": "credit_note",
                "net": 500_00,
                "reason": "Une journée annulée d'un commun accord.",
            },
        ),
        (33, pay, shared, {"of": 1, "total": 4_200_00, "nature": "factor"}),
        (26, invoice, shared, {"net": 1_500_00}),
        (22, credit, shared, {"of": 2, "kind": "discount", "net": 30_00, "reason": ""}),
        (55, invoice, training, {"net": 2_000_00}),
        (44, pay, training, {"of": 0, "total": 2_040_00, "nature": "ordinary"}),
        (40, put_right, training, {"of": 0, "total": 2_400_00}),
        (38, invoice, training, {"net": 1_200_00}),
        (29, pay, training, {"of": 1, "total": 1_440_00, "nature": "lessor"}),
        (27, invoice, training, {"net": 1_000_00}),
        (49, invoice, audit, {"net": 1_000_00}),
        (45, pay, audit, {"of": 0, "total": 1_200_00, "nature": "set_off"}),
        (37, invoice, audit, {"net": 1_500_00}),
        (35, invoice, audit, {"net": 2_000_00}),
        (23, invoice, audit, {"net": 500_00}),
        (11, pay, audit, {"of": 3, "total": 600_00, "nature": "retention"}),
    ):
        _on(stage, ago, FANNY, act, sale, what)
    _on(stage, 19, FANNY, come_with_its_number, training)
    _on(stage, 17, FANNY, come_for_two, audit)
    for ago, act in ((14, come_from_elsewhere), (8, come_by_mistake), (1, come_unknown)):
        _on(stage, ago, FANNY, act)
    _on(stage, 2, FANNY, come_without_a_number, shared)


def _on(stage: Stage, ago: int, who: str, act: Act, *args: object) -> None:
    stage.on(last_working_day(stage.plot.ago(ago)), who, act, *args, hour=16)


# The sale


async def sign(stage: Stage, sale: Sale) -> None:
    products = {row["key"]: row["id"] for row in await db.rows("SELECT id, key FROM product")}
    lead = await sale.lead.lead()
    made = await actions.sign(
        lead, title=f"{sale.title} – {lead['company_name']}", signed_on=today(),
        lines=[NewLine(label, cents, products[product]) for product, label, cents in sale.lines],
        shares=[Share(stage.referrers[by], Decimal(weight)) for by, weight in sale.parts],
    )  # fmt: skip
    sale.deal_id = made["id"]


async def invoice(stage: Stage, sale: Sale, what: dict[str, Any]) -> None:
    made = await actions.record_invoice(
        await sale.deal(), number=stage.next_invoice(today()), issued_on=today(),
        net_cents=what["net"], vat_cents=what["net"] * VAT // 100,
    )  # fmt: skip
    sale.invoices.append(made)


async def pay(_stage: Stage, sale: Sale, what: dict[str, Any]) -> None:
    await actions.record_payment(
        await sale.deal(), paid_on=today(), client_invoice_id=sale.invoices[what["of"]],
        total_cents=what["total"], nature=what["nature"],
    )  # fmt: skip


async def credit(_stage: Stage, sale: Sale, what: dict[str, Any]) -> None:
    await crediting.credit(
        await sale.deal(), client_invoice_id=sale.invoices[what["of"]], kind=what["kind"], issued_on=today(),
        net_cents=what["net"], vat_cents=what["net"] * VAT // 100, reason=what["reason"],
        number=f"AV-{today():%Y%m}-07" if what["kind"] == "credit_note" else "",
    )  # fmt: skip


async def put_right(_stage: Stage, sale: Sale, what: dict[str, Any]) -> None:
    """Two figures had changed places."""
    payment = await db.row(
        "SELECT * FROM client_payment WHERE deal_id = $1 ORDER BY id DESC LIMIT 1", sale.deal_id
    )
    assert payment is not None
    deal = await sale.deal()
    await correcting.correct(
        deal, payment, to=deal, paid_on=payment["paid_on"], reason="2 040 € saisis au lieu de 2 400 €.",
        total_cents=what["total"], client_invoice_id=sale.invoices[what["of"]],
    )  # fmt: skip


# What the bank brings


async def _invoice(sale: Sale, place: int) -> db.Row:
    found = await db.row(
        """SELECT client_invoice.*, client.name AS payer FROM client_invoice JOIN deal ON deal.id = deal_id
           JOIN client ON client.id = client_id WHERE client_invoice.id = $1""",
        sale.invoices[place],
    )
    assert found is not None
    return found


async def come_with_its_number(_stage: Stage, sale: Sale) -> None:
    """Number and amount agree: it finds its invoice by itself."""
    last = await _invoice(sale, 2)
    await cashing.receive(
        source="bank", paid_on=today(), total_cents=last["total_cents"], payer=last["payer"],
        label=f"VIR {last['payer'].upper()}", invoice_number=last["number"], account_end="4417",
    )  # fmt: skip


async def come_for_two(_stage: Stage, sale: Sale) -> None:
    """One transfer for two invoices."""
    first, second = await _invoice(sale, 1), await _invoice(sale, 2)
    came = await cashing.receive(
        source="import", paid_on=today(), total_cents=first["total_cents"] + second["total_cents"], payer=first["payer"],
        label="Règlement groupé", account_end="0932",
    )  # fmt: skip
    parts = [Part(sale.deal_id, one["id"], one["total_cents"]) for one in (first, second)]
    await cashing.attach(came, parts)


async def come_from_elsewhere(_stage: Stage) -> None:
    came = await cashing.receive(
        source="bank", paid_on=today(), total_cents=1_846_00, payer="DGFIP", label="REMBOURSEMENT CREDIT TVA"
    )
    await cashing.set_aside(came, "Remboursement de TVA : ce n'est pas un client.")


async def come_by_mistake(_stage: Stage) -> None:
    """Set aside too soon: somebody will look at it again."""
    came = await cashing.receive(
        source="bank",
        paid_on=today(),
        total_cents=588_00,
        payer="Scierie Rousselot",
        label="VIR SCIERIE ROUSSELOT ACPTE",
    )
    await cashing.set_aside(came, "Inconnu chez nous.")
    await cashing.take_back(
        await queue.incoming(came["id"]), "Le commercial attend une commande de cette société."
    )


async def come_without_a_number(_stage: Stage, sale: Sale) -> None:
    """What it is for can be guessed by name and amount."""
    last = await _invoice(sale, 2)
    await cashing.receive(
        source="bank", paid_on=today(), total_cents=last["total_cents"] - 36_00, payer=last["payer"],
        label=f"VIR SEPA {last['payer'].upper()}", account_end="2208",
    )  # fmt: skip


async def come_unknown(_stage: Stage) -> None:
    await cashing.receive(
        source="form", paid_on=today(), total_cents=240_00, payer="", label="Chèque 7741208, sans courrier"
    )
