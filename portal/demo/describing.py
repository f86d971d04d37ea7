"""What the house describes for itself: products, territories, reasons, what it asks, who gets what; clients put right."""

from typing import Any

from portal.clients import access as clients
from portal.clients import actions as client_actions
from portal.clients import correcting, merging
from portal.company import territories
from portal.company.territories_places import parse_places
from portal.demo.brought import CLAIRE, ELISE, SAMIR
from portal.demo.stage import Stage, last_working_day
from portal.kit import db
from portal.leads.assignment import keeping
from portal.leads.fields import answers, asking, reasons
from portal.plans.catalogue import categories, products

CATEGORIES = {"saas": "Abonnements", "conseil": "Conseil et formation"}
TERRITORIES = (
    ("Loire et Vendée", "44 85"),
    ("Bretagne", "22 29 35 56"),
    ("Anjou et Maine", "49 53 72"),
    ("Paris, par le partenaire", "75 92"),
)
CLOSED_TERRITORY = TERRITORIES[-1][0]
REASONS: tuple[tuple[str, dict[str, str]], ...] = (
    ("reject", {
        "label_fr": "Hors de notre région", "label_en": "Outside our region",
        "told_fr": "Votre contact se trouve trop loin de nos équipes.", "told_en": "Your contact is too far from our teams.",
    }),
    ("lose", {"label_fr": "Projet gelé par le groupe", "label_en": "Frozen by the group", "told_fr": "", "told_en": ""}),
)  # fmt: skip
SIZES = [
    {"key": "small", "fr": "Moins de 10 personnes", "en": "Fewer than 10 people"},
    {"key": "medium", "fr": "De 10 à 50 personnes", "en": "10 to 50 people"},
    {"key": "large", "fr": "Plus de 50 personnes", "en": "More than 50 people"},
]
ASKED: tuple[dict[str, Any], ...] = (
    {"label_fr": "Taille de l'entreprise", "label_en": "Size of the company", "kind": "choice", "choices": SIZES},
    {"label_fr": "Déjà équipée d'un logiciel", "label_en": "Already has software", "kind": "yes", "seen_by": "everybody"},
    {"label_fr": "Meilleur moment pour appeler", "label_en": "Best time to call", "kind": "text", "filled_by": "prospect"},
    {"label_fr": "Budget évoqué", "label_en": "Budget mentioned", "kind": "amount", "filled_by": "sales", "seen_by": "staff"},
)  # fmt: skip
PLAIN: dict[str, Any] = {
    "hint_fr": "", "hint_en": "", "choices": [], "required": False, "filled_by": "referrer", "seen_by": "everybody", "personal": False,
}  # fmt: skip
GIVEN = ("small", "medium", "medium", "large")
ANSWERED = 20  # of the latest recommendations
TAGS = (
    {"secteur": "artisanat", "agence": "Nantes"},
    {"secteur": "commerce", "agence": "Nantes"},
    {"secteur": "industrie", "agence": "Rennes", "compte": "suivi"},
)


def describes(stage: Stage) -> None:
    """Put all of it on the agenda."""
    for ago, act in (
        (470, list_products),
        (400, divide),
        (300, say_why),
        (120, share_out),
        (45, ask),
        (3, know),
    ):
        stage.on(last_working_day(stage.plot.ago(ago)), CLAIRE, act, hour=16)
    for ago, act in ((110, tag), (60, retire), (30, unite)):
        stage.on(last_working_day(stage.plot.ago(ago)), CLAIRE, act, hour=17)


async def list_products(_stage: Stage) -> None:
    for key, label in CATEGORIES.items():
        known = await db.row("SELECT * FROM product_category WHERE key = $1", key)
        assert known is not None
        await categories.rename(known, known["version"], label)
    await products.add("reprise", "Reprise de données", category="conseil", kind="one_off")
    await categories.add("Matériel")


async def divide(_stage: Stage) -> None:
    for name, places in TERRITORIES:
        await territories.open_territory(name, parse_places(places))


async def retire(_stage: Stage) -> None:
    """What is offered no more."""
    product = await db.row("SELECT * FROM product WHERE key = 'reprise'")
    category = await db.row("SELECT * FROM product_category WHERE label = 'Matériel'")
    territory = await db.row("SELECT * FROM territory WHERE name = $1", CLOSED_TERRITORY)
    assert product is not None
    assert category is not None
    assert territory is not None
    await products.offer_or_retire(product, product["version"], active=False)
    await categories.offer_or_retire(category, category["version"], active=False)
    await territories.retire(territory, territory["version"])


async def say_why(_stage: Stage) -> None:
    for move, words in REASONS:
        await reasons.add(move, words)


async def share_out(stage: Stage) -> None:
    """Who gets what: by place, by way in, by amount."""
    samir, elise = stage.people[SAMIR].user_id, stage.people[ELISE].user_id
    brittany = await db.value("SELECT id FROM territory WHERE name = 'Bretagne'")
    for name, condition, choice, users in (
        ("Bretagne", ("territory", "is", brittany), "one", [elise]),
        ("Liens personnels", ("source", "is", "link"), "least_loaded", [samir, elise]),
        ("Au-dessus de 30 000 €", ("estimate", "from", 30_000_00), "in_turn", [elise, samir]),
    ):
        await keeping.add(name, [dict(zip(("field", "is", "value"), condition, strict=True))], choice, users)


async def ask(stage: Stage) -> None:
    for field in ASKED:
        await asking.ask(stage.programme_id, **{**PLAIN, **field})


async def know(stage: Stage) -> None:
    """What was answered about the latest recommendations."""
    size, equipped, _when, budget = await asking.of_programme(stage.programme_id)
    latest = await db.rows(
        """SELECT id, estimate_cents FROM lead WHERE erased_at IS NULL AND programme_id = $1 ORDER BY id DESC LIMIT $2""",
        stage.programme_id, ANSWERED,
    )  # fmt: skip
    for place, lead in enumerate(latest):
        given = {size["id"]: GIVEN[place % len(GIVEN)], equipped["id"]: place % 3 > 0}
        if lead["estimate_cents"]:
            given[budget["id"]] = lead["estimate_cents"] * 8 // 10
        await answers.keep(lead["id"], [size, equipped, budget], given)


# Clients


async def tag(_stage: Stage) -> None:
    for place, row in enumerate(await db.rows("SELECT id FROM client ORDER BY id LIMIT 6")):
        client = await clients.client(row["id"])
        kept = {name: client[name] for name in FACTS}
        await correcting.correct(client, client["version"], TAGS[place % len(TAGS)], **kept)


FACTS = ("name", "siren", "email", "phone", "street", "postcode", "city", "country", "since")


async def unite(_stage: Stage) -> None:
    """A workshop of a client had been written down as another one."""
    first = await db.row("SELECT * FROM client ORDER BY id LIMIT 1")
    assert first is not None
    other = await client_actions.create(f"Atelier de Rezé ({first['name']})")
    await merging.merge(await clients.client(first["id"]), other, first["version"])
