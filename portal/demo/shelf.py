"""What the demo's catalogue offers, as a table."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

ALWAYS: dict[str, Any] = {
    "body": "", "supplier": "", "packaging_cents": 0, "shipping_cents": 0, "vat_rate": Decimal(20), "delivery_days": None,
    "until": None, "tiers": [], "segments": [], "statuses": [], "territories": [], "public_agents": True,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """`becomes`: the moves that it goes through; `ago`: when, in days; `stock`: none, as many as are wanted."""

    said: dict[str, Any]
    becomes: tuple[str, ...] = ("publish",)
    ago: int = 390
    stock: int | None = None

    @property
    def title(self) -> str:
        return self.said["title"]


def _good(
    title: str, summary: str, points: int, price: int, packaging: int, shipping: int, **more: Any
) -> dict[str, Any]:
    return {**ALWAYS, "title": title, "summary": summary, "kind": "good", "nature": "good", "points": points, "price_cents": price,
            "packaging_cents": packaging, "shipping_cents": shipping, "delivery_days": 6, **more}  # fmt: skip


def _card(title: str, summary: str, points: int) -> dict[str, Any]:
    return {**ALWAYS, "title": title, "summary": summary, "kind": "gift_card", "nature": "voucher", "supplier": "Cartes du Ponant",
            "points": points, "price_cents": points * 100, "vat_rate": Decimal(0)}  # fmt: skip


def _service(kind: str, title: str, summary: str, points: int, price: int, **more: Any) -> dict[str, Any]:
    return {**ALWAYS, "title": title, "summary": summary, "kind": kind, "nature": "service", "points": points, "price_cents": price,
            "vat_rate": Decimal(10), **more}  # fmt: skip


HAMPER = _good(
    "Panier de l'estuaire", "Sel, caramels et sardines, dans une caisse de bois", 60, 48_00, 3_00, 6_90,
    supplier="Épicerie de la Fosse", body="Pour quatre personnes. Livré en point relais ou chez vous.", vat_rate=Decimal("5.5"),
)  # fmt: skip
HEADPHONES = _good(
    "Casque sans fil",
    "Réduction de bruit, trente heures d'écoute",
    180,
    159_00,
    0,
    6_90,
    supplier="Studio Belem",
)
CARD = _card("Carte cadeau de 50 €", "Dans plus de cent enseignes", 50)
DINNER = _service(
    "experience",
    "Dîner pour deux",
    "Une table au bord de l'Erdre, vin compris",
    120,
    110_00,
    supplier="La Péniche",
)
GIFT = _service(
    "donation",
    "Don à une école de voile",
    "Une journée en mer pour un enfant",
    30,
    30_00,
    vat_rate=Decimal(0),
)
LARGE_CARD = _card("Carte cadeau de 100 €", "Dans plus de cent enseignes", 100)
VISIT = _service(
    "partner",
    "Visite d'un chai",
    "Dégustation offerte par notre client du vignoble",
    25,
    20_00,
    supplier="Domaine Rousselot",
)
WATCH = {  # what a referrer wished for, priced
    "title": "Montre de marin", "points": 150, "price_cents": 139_00, "packaging_cents": 0, "shipping_cents": 6_90,
    "vat_rate": Decimal(20), "nature": "good", "supplier": "Studio Belem", "delivery_days": 10,
}  # fmt: skip
SHELF = (
    Item(HAMPER, stock=40),
    Item(HEADPHONES, stock=12),
    Item(CARD),
    Item(LARGE_CARD),
    Item(DINNER),
    Item(GIFT),
    Item(VISIT),
    Item(_good("Théière en fonte", "Un litre, avec deux tasses", 70, 62_00, 2_00, 6_90, supplier="Studio Belem"), stock=0),
    Item(_service("experience", "Week-end à Belle-Île", "Deux nuits, traversée comprise", 420, 390_00, supplier="Agence du Large"), ago=60),
    Item(_good("Vélo pliant", "Seize pouces, onze kilos", 900, 849_00, 0, 25_00, supplier="Cycles Graslin"), ("announce",), 20, 3),
    Item(_good("Plaid en laine", "Tissé à Cholet", 80, 72_00, 2_00, 6_90, supplier="Studio Belem"), ("publish", "withdraw"), 300),
    Item({**_service("experience", "Soirée à l'opéra", "Deux places d'orchestre", 0, 0), "points": None, "price_cents": None}, (), 4),
)  # fmt: skip
