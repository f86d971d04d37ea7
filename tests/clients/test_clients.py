"""Clients: listed, found under every name, corrected, made one and separated; what plans read of them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.clients import access, actions, correcting, merging
from portal.clients.forms import read_tags, written_tags
from portal.kit import db
from portal.kit.deed import deed
from portal.kit.problems import Refused, Stale
from portal.search import access as search
from tests.stories import contract_of, open_a_programme, paid, recommended, won

SIREN, OTHER_SIREN = "732829320", "404833048"
SAID = {
    "siren": "",
    "email": "",
    "phone": "",
    "street": "",
    "postcode": "",
    "city": "",
    "country": "FR",
    "since": None,
}


async def made(cast, name="Atelier Morin", **said):
    async with deed(cast.sam.person):
        return await actions.create(name, **said)


async def corrected(cast, client, tags=None, **said):
    async with deed(cast.sam.person):
        await correcting.correct(
            client, client["version"], tags or {}, **{**SAID, "name": client["name"], **said}
        )
    return await access.client_by_ref(client["ref"])


async def merged(cast, kept, other):
    async with deed(cast.sam.person):
        await merging.merge(kept, other, kept["version"])


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("secteur : santé", {"secteur": "santé"}),
        ("Taille d'entreprise = PME\nsecteur: BTP", {"taille_d_entreprise": "PME", "secteur": "BTP"}),
        ("", {}),
    ],
)
def test_what_plans_read_of_a_client_is_typed_a_line_each(typed, read):
    assert read_tags(typed) == read


@pytest.mark.parametrize(
    "typed",
    [
        "secteur",
        "secteur :",
        ": santé",
        "country : BE",
        "is_new : oui",
        "a : b\na : c",
        f"a : {'x' * 61}",
        "🔥 : oui",
        "1a : b",
    ],
)
def test_what_cannot_be_read_so_is_refused(typed):
    with pytest.raises(ValueError, match=r"\."):
        read_tags(typed)


NAMES = st.text("abcdef0", min_size=1, max_size=10).filter(lambda name: name[0].isalpha())
WORDS = st.text("aéB0 :=", min_size=1, max_size=20).map(str.strip).filter(bool)


@given(st.dictionaries(NAMES, WORDS, max_size=5))
def test_tags_are_read_again_as_they_were_written(tags):
    assert read_tags(written_tags(tags)) == tags


async def test_a_client_is_found_by_name_siren_and_what_it_was_called(cast, client):
    one = await made(cast, siren=SIREN, email="contact@morin.example")
    await corrected(cast, one, name="Morin & Fils", siren=SIREN, email="contact@morin.example")
    sam = client(cast.sam)
    for typed in ("morin", "732 829 320", "732829320", "atelier"):
        assert "Morin &amp; Fils" in (await sam.get("/clients", params={"q": typed})).text, typed
    assert "Morin &amp; Fils" not in (await sam.get("/clients", params={"q": "dupont"})).text
    assert await access.same_company("client", [("name", "atelier morin"), ("domain", "morin.example")]) == [
        one["id"]
    ]


async def test_the_list_is_narrowed_and_exported(cast, client):
    plan = await open_a_programme()
    await contract_of(cast.rachel, plan)
    await won(cast.rachel, cast.sam)
    async with deed(cast.sam.person):
        await actions.bring("C12", "Boulangerie Petit", siren=OTHER_SIREN, since=date(2020, 1, 1))
    sam = client(cast.sam)
    for among, there, gone in (
        ("affaires", "Atelier Morin", "Boulangerie"),
        ("importes", "Boulangerie", "Atelier"),
    ):
        said = (await sam.get("/clients", params={"parmi": among})).text
        assert there in said
        assert gone not in said
    told = (await sam.get("/clients", params={"format": "csv"})).content.decode("utf-8-sig")
    assert "Boulangerie Petit" in told
    assert "C12" in told


async def test_who_was_recommended_and_still_has_priority_is_shown(cast, client):
    plan = await open_a_programme()
    await contract_of(cast.rachel, plan)
    lead = await recommended(cast.rachel, siren=SIREN)
    one = await made(cast, "Morin Holding", siren=SIREN)
    sam = client(cast.sam)
    assert (
        "Morin Holding" not in (await sam.get("/clients", params={"parmi": "priorite"})).text
    )  # not accepted yet
    await sam.post_form(f"/recommandations/{lead['ref']}/acceptation", version="1")
    assert "Morin Holding" in (await sam.get("/clients", params={"parmi": "priorite"})).text
    page = (await sam.get(f"/clients/{one['ref']}")).text
    assert "Rachel Vidal" in page
    assert "priorité jusqu’au" in page


async def test_two_cards_of_one_company_become_one_and_their_deals_stay(cast, client):
    plan = await open_a_programme()
    await contract_of(cast.rachel, plan)
    sale = await won(cast.rachel, cast.sam)
    await paid(sale, cast.fanny, 500_000)
    other = await db.row("SELECT * FROM client")
    kept = await made(cast, "Groupe Morin", siren=SIREN)
    sam = client(cast.sam)
    path = f"/clients/{kept['ref']}"
    assert "Atelier Morin" in (await sam.get(f"{path}/fusion", params={"q": "atelier"})).text
    preview = (await sam.get(f"{path}/fusion", params={"avec": other["ref"]})).text
    assert "5\u202f000,00" in preview
    assert (
        await sam.post_form(f"{path}/fusion", other=other["ref"], version=str(kept["version"]))
    ).status_code == 303
    page = (await sam.get(path)).text
    assert "Site marchand" in page
    assert "12\u202f000,00" in page
    assert await db.value("SELECT client_id FROM deal") == other["id"]  # nothing moved
    gone = await sam.get(f"/clients/{other['ref']}")
    assert (gone.status_code, gone.headers["location"]) == (303, path)
    found = await search.find("atelier", staff=True, referrer_id=None)
    assert path in [row["path"] for row in found]


async def test_a_sale_to_another_name_of_a_client_is_no_first_sale(cast):
    plan = await open_a_programme()
    await contract_of(cast.rachel, plan)
    first = await won(cast.rachel, cast.sam)
    other = await db.row("SELECT * FROM client")
    kept = await made(cast, "Groupe Morin", siren=SIREN)
    await merged(cast, kept, other)
    again = await won(
        cast.rachel, cast.sam, company="Groupe Morin", siren=SIREN, contact_phone="+33611111111"
    )
    assert first["facts"]["customer"]["is_new"]
    assert again["client_id"] == kept["id"]
    assert not again["facts"]["customer"]["is_new"]


async def test_a_sale_carries_what_plans_read_of_its_client(cast):
    plan = await open_a_programme()
    await contract_of(cast.rachel, plan)
    one = await made(cast, "Groupe Morin", siren=SIREN)
    await corrected(cast, one, {"secteur": "santé"}, siren=SIREN, country="BE")
    sale = await won(cast.rachel, cast.sam, company="Groupe Morin", siren=SIREN)
    assert sale["facts"]["customer"] == {"secteur": "santé", "country": "BE", "is_new": True}
    await corrected(cast, await access.client_by_ref(one["ref"]), {}, siren=SIREN)
    assert (await db.value("SELECT facts FROM deal"))["customer"][
        "secteur"
    ] == "santé"  # of the day of the signature


async def test_two_siren_are_two_companies(cast):
    one, other = await made(cast, "Morin", siren=SIREN), await made(cast, "Petit", siren=OTHER_SIREN)
    with pytest.raises(Refused, match="two_siren"):
        await merged(cast, one, other)
    with pytest.raises(Refused, match="itself"):
        await merged(cast, one, one)


async def test_two_who_merge_at_once_are_told(cast):
    one, other, third = [await made(cast, name) for name in ("Morin", "Morin Fils", "Morin Frères")]
    await merged(cast, one, other)
    with pytest.raises(Stale):
        await merged(cast, third, other)


async def test_names_of_names_follow_and_come_apart(cast, client):
    one, other, third = [await made(cast, name) for name in ("Morin", "Morin Fils", "Morin Frères")]
    await merged(cast, other, third)
    await merged(cast, one, await access.client_by_ref(other["ref"]))
    assert await db.value("SELECT count(*) FROM client WHERE merged_into = $1", one["id"]) == 2
    sam = client(cast.sam)
    done = await sam.post_form(f"/clients/{one['ref']}/separation", other=third["ref"])
    assert done.status_code == 303
    assert (await sam.get(f"/clients/{third['ref']}")).status_code == 200
    twice = await sam.post_form(f"/clients/{one['ref']}/separation", other=third["ref"])
    assert twice.status_code == 404


async def test_a_client_is_added_and_corrected_in_the_browser(cast, client):
    sam = client(cast.sam)
    made_now = await sam.post_form(
        "/clients",
        name="Atelier Morin",
        siren=SIREN,
        country="FR",
        postcode="69003",
        city="Lyon",
        tags="secteur : bois",
    )
    assert made_now.status_code == 303
    path = made_now.headers["location"]
    page = (await sam.get(path)).text
    assert "bois" in page
    twice = await sam.post_form("/clients", name="Autre nom", siren=SIREN, country="FR")
    assert "déjà dans la liste" in twice.text
    version = await db.value("SELECT version FROM client")
    for typed, said in (
        ({"name": ""}, "Indiquez le nom de l’entreprise."),
        ({"siren": "123"}, "Ce SIREN ne tombe pas juste"),
        ({"postcode": "6900"}, "Ce code postal ne se lit pas"),
        ({"since": "2031-01-01"}, "Ce jour est encore à venir."),
        ({"tags": "secteur"}, "Écrivez un renseignement par ligne"),
    ):
        wrong = await sam.post_form(
            f"{path}/modification", **{"name": "Morin", "country": "FR", "version": str(version), **typed}
        )
        assert wrong.status_code == 422, typed
        assert said in wrong.text, typed
    right = await sam.post_form(
        f"{path}/modification",
        name="Morin",
        siren=OTHER_SIREN,
        country="BE",
        postcode="1000",
        version=str(version),
    )
    assert right.status_code == 303
    assert f"{SIREN} → {OTHER_SIREN}" in (await sam.get(path)).text
    stale = await sam.post_form(f"{path}/modification", name="Encore", country="FR", version=str(version))
    assert stale.status_code == 409


async def test_a_siren_that_another_client_has_leads_to_making_them_one(cast, client):
    await made(cast, "Petit", siren=SIREN)
    one = await made(cast, "Morin")
    answer = await client(cast.sam).post_form(
        f"/clients/{one['ref']}/modification",
        name="Morin",
        siren=SIREN,
        country="FR",
        version=str(one["version"]),
    )
    assert "Ce SIREN est celui de Petit" in answer.text


async def test_finance_reads_and_does_not_write(cast, client):
    one = await made(cast)
    fanny = client(cast.fanny)
    page = await fanny.get(f"/clients/{one['ref']}")
    assert page.status_code == 200
    assert "modification" not in page.text
    assert (await fanny.get(f"/clients/{one['ref']}/modification")).status_code == 404
