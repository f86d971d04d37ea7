"""Products and categories: found, described, corrected as long as nothing hangs on them, retired, never deleted."""

import pytest

from portal.deals import actions as deals
from portal.deals.rules import NewLine
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.problems import Refused, Stale
from portal.plans import access
from portal.plans import actions as plans
from portal.plans.catalogue import categories, naming, products
from tests.stories import PLAN, SINCE, STORY, contract_of, moved, open_a_programme, recommended

PATH = "/reglages/produits"
BY_PRODUCT = {
    "key": "audit",
    "when": [{"field": "product", "is": "in", "value": ["audit", "conseil"]}],
    "pay": {"kind": "percent", "rate": "10"},
}
BY_CATEGORY = {
    "key": "energie",
    "when": [{"field": "category", "is": "=", "value": "energie"}],
    "pay": {"kind": "percent", "rate": "9"},
}
BY_START = {
    "key": "toits",
    "when": [{"field": "product", "is": "starts_with", "value": "toit"}],
    "pay": {"kind": "percent", "rate": "7"},
}


@pytest.fixture
async def audit(cast):
    async with deed(cast.alice.person):
        return await products.add("audit", "Audit", category="energie")


async def named(*rules):
    """A plan with these rules before its own."""
    version = await open_a_programme()
    async with deed(STORY):
        await plans.publish(
            version["programme_id"], {**PLAN, "name": "Par produit", "rules": [*rules, *PLAN["rules"]]}, SINCE
        )
    return version


async def sell(cast, product):
    plan = await open_a_programme()
    await contract_of(cast.rachel, plan)
    lead = await moved(await recommended(cast.rachel), cast.sam, "accept")
    async with deed(cast.sam.person):
        return await deals.sign(
            lead, title="Audit", signed_on=today(), lines=[NewLine("Audit", 100_000, product["id"])]
        )


async def test_a_product_knows_which_plans_name_it(cast, audit):
    await named(BY_PRODUCT, BY_START)
    assert [row["name"] for row in await naming.plans_naming("product", "audit")] == ["Par produit"]
    assert [row["name"] for row in await naming.plans_naming("product", "toit-plat")] == [
        "Par produit"
    ]  # it begins so
    assert await naming.plans_naming("product", "autre") == []
    assert await naming.plans_naming("category", "audit") == []


async def test_the_word_of_a_product_stays_once_a_plan_names_it(cast, audit):
    await named(BY_PRODUCT)
    async with deed(cast.alice.person):
        await products.correct(
            audit, 1, key="audit", name="Audit complet", category="energie", kind="one_off"
        )
    with pytest.raises(Refused, match="key"):
        async with deed(cast.alice.person):
            await products.correct(
                await products.product_for(audit["ref"]),
                2,
                key="bilan",
                name="Audit",
                category="energie",
                kind="one_off",
            )
    assert (await products.product_for(audit["ref"]))["name"] == "Audit complet"


async def test_a_product_that_nobody_names_may_change_its_word(cast, audit):
    async with deed(cast.alice.person):
        await products.correct(audit, 1, key="bilan", name="Bilan", category="", kind="recurring")
    found = await products.product_for(audit["ref"])
    assert (found["key"], found["name"], found["category"], found["kind"]) == (
        "bilan",
        "Bilan",
        "",
        "recurring",
    )


@pytest.mark.parametrize(
    ("column", "value"), [("kind", "recurring"), ("category", "conseil"), ("key", "bilan")]
)
async def test_what_was_sold_keeps_what_its_commission_hangs_on(cast, audit, column, value):
    await sell(cast, audit)
    said = {"key": "audit", "name": "Audit", "category": "energie", "kind": "one_off", column: value}
    with pytest.raises(Refused, match=column):
        async with deed(cast.alice.person):
            await products.correct(audit, 1, **said)


async def test_a_retired_product_is_offered_nowhere_and_comes_back(cast, client, audit):
    assert [row["key"] for row in await access.products()] == ["audit"]
    async with deed(cast.alice.person):
        await products.offer_or_retire(audit, 1, active=False)
    assert await access.products() == []
    assert (await access.product_names())["audit"] == "Audit"  # plans still read it aloud
    alice = client(cast.alice)
    assert "Retiré" in (await alice.get(PATH, params={"etat": "retire"})).text
    back = await alice.post_form(f"{PATH}/{audit['ref']}/retour", version="2")
    assert back.status_code == 303
    assert [row["key"] for row in await access.products()] == ["audit"]


async def test_a_product_from_the_browser_with_its_history(cast, client):
    alice = client(cast.alice)
    assert (await alice.post_form("/reglages/categories", label="Énergie")).status_code == 303
    made = await alice.post_form(PATH, name="Toit solaire", category="energie", kind="recurring")
    assert made.status_code == 303
    row = await db.row("SELECT * FROM product")
    assert (row["key"], row["category"], row["kind"]) == ("toit-solaire", "energie", "recurring")
    listed = await alice.get(PATH, params={"q": "solaire"})
    assert "Énergie" in listed.text
    changed = await alice.post_form(
        f"{PATH}/{row['ref']}",
        name="Toiture solaire",
        key="toiture",
        category="",
        kind="one_off",
        version="1",
    )
    assert changed.status_code == 303
    page = (await alice.get(f"{PATH}/{row['ref']}")).text
    assert "toit-solaire → toiture" in page
    assert "Par abonnement → En une fois" in page
    assert "Alice Ferrand" in page


async def test_faults_are_said_under_their_field(cast, client, audit):
    alice = client(cast.alice)
    for typed, said in (
        ({"name": ""}, "Indiquez le nom du produit."),
        ({"name": "Audit"}, "Un produit porte déjà ce mot."),
        ({"name": "audit", "key": "autre"}, "Un produit porte déjà ce nom."),
        ({"name": "🔥"}, "Donnez un mot de lettres et de chiffres."),
        ({"name": "Site", "category": "inconnue"}, "Choisissez une catégorie de la liste."),
        ({"name": "x" * 81}, "80 caractères au plus"),
    ):
        answer = await alice.post_form(PATH, **{"kind": "one_off", **typed})
        assert answer.status_code == 422, typed
        assert said in answer.text, typed
    assert await db.value("SELECT count(*) FROM product") == 1


async def test_an_old_page_is_refused(cast, client, audit):
    async with deed(cast.alice.person):
        await products.offer_or_retire(audit, 1, active=False)
    old = await client(cast.alice).post_form(
        f"{PATH}/{audit['ref']}", name="Bilan", key="audit", category="energie", kind="one_off", version="1"
    )
    assert old.status_code == 409


async def test_a_category_is_renamed_and_no_plan_is_touched(cast, client, audit):
    await named(BY_CATEGORY)
    category = await db.row("SELECT * FROM product_category")
    alice = client(cast.alice)
    path = f"/reglages/categories/{category['ref']}"
    assert "Par produit" in (await alice.get(path)).text  # the plan that names it
    assert (await alice.post_form(path, label="Énergies", version="1")).status_code == 303
    assert await db.value("SELECT key FROM product_category") == "energie"
    assert "Énergies" in (await alice.get(PATH)).text
    with pytest.raises(Stale):
        async with deed(cast.alice.person):
            await categories.rename(category, 1, "Autre")


async def test_two_categories_do_not_share_a_name(cast):
    async with deed(cast.alice.person):
        await categories.add("Conseil")
    with pytest.raises(Refused):
        async with deed(cast.alice.person):
            await categories.add("CONSEIL")


async def test_the_list_is_exported_with_its_labels(cast, client, audit):
    async with deed(cast.alice.person):
        await categories.rename(
            await categories.category_for(await db.value("SELECT ref FROM product_category")), 1, "Énergie"
        )
    told = (await client(cast.alice).get(PATH, params={"format": "csv"})).content.decode("utf-8-sig")
    assert "Audit" in told
    assert "Énergie" in told
