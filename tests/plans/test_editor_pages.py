"""The plan editor through its pages: from a ready-made plan to a published version, by one or by two."""

from datetime import timedelta
from typing import Any

import pytest

from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.plans import actions
from portal.plans.editor import drafting, shelf
from portal.plans.editor.sheet import flat, sheet_from
from tests.cast import Cast
from tests.counting import Queries
from tests.earnings.scene import scene_of
from tests.plans.drafts import body_of, compared, drafted, keep, next_draft, published, waits

HOME = "/reglages/programmes"


@pytest.fixture
async def programme(cast: Cast) -> db.Row:
    async with deed(cast.alice.person):
        await actions.add_product("audit", "Audit énergétique", category="conseil")
        await actions.add_product("logiciel", "Logiciel")
        return await actions.open_programme("Apporteurs 2026", today() - timedelta(30))


def typed(draft: db.Row, **changes: Any) -> dict[str, Any]:
    return {**flat(sheet_from(draft["body"])), "version": draft["version"], "ex_net": "6000", **changes}


def way(version: db.Row) -> str:
    return f"/reglages/baremes/{version['ref']}"


def plain(text: str) -> str:
    return text.replace("\xa0", " ").replace("\u202f", " ").replace("\u2019", "'")


async def rows(what: str) -> int:
    return await db.value(f"SELECT count(*) FROM {what}")


# Starting


async def test_a_plan_starts_from_a_ready_made_one_and_is_only_a_draft(cast, client, programme):
    alice = client(cast.alice)
    offered = plain((await alice.get(f"{HOME}/{programme['ref']}/baremes/nouveau")).text)
    assert "Des paliers rétroactifs" in offered
    assert "pour 6 000,00 € HT, 630,00 €" in offered  # 8 % and the bonus of 150
    answer = await alice.post_form(f"{HOME}/{programme['ref']}/baremes", name="Volumes", starter="tranches")
    assert answer.headers["location"].endswith("/redaction")
    found = await db.row("SELECT state, number, body FROM plan_version")
    assert (found["state"], found["number"], found["body"]["name"]) == ("drafted", 1, "Volumes")


async def test_a_name_that_is_taken_is_refused_with_what_was_typed(cast, client, programme):
    await drafted(cast, programme["id"], body_of("points", "Volumes"))
    answer = await client(cast.alice).post_form(
        f"{HOME}/{programme['ref']}/baremes", name="Volumes", starter="tranches"
    )
    assert answer.status_code == 422
    assert "Un barème porte déjà ce nom." in answer.text
    assert 'value="tranches" checked' in answer.text
    assert await rows("plan") == 1


# Writing


async def test_buttons_keep_all_that_was_typed_and_write_nothing(cast, client, programme):
    draft = await drafted(cast, programme["id"], body_of("tranches"))
    sent = typed(draft, **{"rules.0.bands.1.from": "dix mille", "rules.0.adds": "product"})
    answer = await client(cast.alice).post_form(f"{way(draft)}/redaction", **sent, act="add:rules.0.when")
    assert answer.status_code == 200
    assert 'value="dix mille"' in answer.text
    assert 'name="rules.0.when.0.ticked" value="audit"' in answer.text
    assert (await shelf.version(draft["id"]))["body"] == draft["body"]


async def test_an_impossible_plan_is_refused_with_the_place_in_words_and_nothing_is_written(
    cast, client, programme
):
    draft = await drafted(cast, programme["id"], body_of("tranches"))
    sent = typed(draft, **{"rules.0.bands.2.from": "9000", "hold_days": "bientôt"})
    answer = await client(cast.alice).post_form(f"{way(draft)}/redaction", **sent)
    assert answer.status_code == 422
    assert "palier 3 : commence avant le palier 2" in plain(answer.text)
    assert "jours avant confirmation : un nombre entier est attendu" in plain(answer.text)
    assert 'href="#f-rules.0.bands.2.from"' in answer.text
    assert 'id="f-rules.0.bands.2.from-error"' in answer.text
    assert (await shelf.version(draft["id"]))["version"] == 1


async def test_a_condition_on_a_product_is_saved_and_told_by_its_name(cast, client, programme):
    draft = await drafted(cast, programme["id"], body_of("pourcentage-mois"))
    condition = {
        "rules.0.when.0.field": "product",
        "rules.0.when.0.is": "in",
        "rules.0.when.0.ticked": ["audit", "logiciel"],
    }
    alice = client(cast.alice)
    assert (await alice.post_form(f"{way(draft)}/redaction", **typed(draft, **condition))).status_code == 303
    assert "10 % si le produit est parmi Audit énergétique, Logiciel" in plain(
        (await alice.get(way(draft))).text
    )
    saved = (await shelf.version(draft["id"]))["body"]
    assert saved["rules"][0]["when"] == [{"field": "product", "is": "in", "value": ["audit", "logiciel"]}]


async def test_what_stands_beside_follows_what_is_typed(cast, client, programme):
    draft = await drafted(cast, programme["id"], body_of("pourcentage-mois"))
    sent = typed(draft, **{"rules.0.rate": "12,5", "ex_instalments": "2", "months": "0"})
    said = plain((await client(cast.alice).post_form(f"{way(draft)}/redaction/apercu", **sent)).text)
    assert "12,5 %" in said
    assert "ne peut jamais s'appliquer" in said  # a warning of plan check: no month earns
    sent = typed(draft, **{"rules.0.rate": "12,5", "ex_instalments": "2"})
    said = plain((await client(cast.alice).post_form(f"{way(draft)}/redaction/apercu", **sent)).text)
    assert said.count("375,00 €") >= 2  # 3 000 × 12,5 %, twice
    assert "750,00 €" in said


async def test_a_stale_form_answers_409_with_both(cast, client, programme):
    draft = await drafted(cast, programme["id"], body_of("pourcentage-mois"))
    alice = client(cast.alice)
    seven, eight = (typed(draft, **{"rules.0.rate": rate}) for rate in ("7", "8"))
    assert (await alice.post_form(f"{way(draft)}/redaction", **seven)).status_code == 303
    answer = await alice.post_form(f"{way(draft)}/redaction", **eight)
    assert answer.status_code == 409
    assert "7 %, dans tous les cas" in plain(answer.text)
    assert 'value="8"' in answer.text
    assert (await shelf.version(draft["id"]))["body"]["rules"][0]["pay"]["rate"] == "7"


async def test_the_second_submit_has_no_second_effect(cast, client, programme):
    draft = await drafted(cast, programme["id"], body_of("pourcentage-mois"))
    alice = client(cast.alice)
    sent = typed(draft, **{"rules.0.rate": "7"})
    answers = [await alice.post_form(f"{way(draft)}/redaction", once="une-fois", **sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert (await shelf.version(draft["id"]))["version"] == 2


# Guaranteed examples


async def test_the_live_example_is_guaranteed_in_one_click_and_guards_the_publication(
    cast, client, programme
):
    alice = client(cast.alice)
    draft = await drafted(cast, programme["id"], body_of("pourcentage-mois"))
    kept = await alice.post_form(f"{way(draft)}/redaction", **typed(draft), act="keep")
    assert kept.status_code == 200
    assert await db.value("SELECT expected FROM plan_example") == 600_00
    await alice.post_form(f"{way(draft)}/redaction", **typed(draft, **{"rules.0.rate": "9"}))
    sent = {"version": 2, "effective_from": today().isoformat(), "notice_days": "30"}
    refused = await alice.post_form(f"{way(draft)}/publication", **sent)
    assert refused.status_code == 422
    assert "attendu 600,00 €, ce barème donne 540,00 €" in plain(refused.text)
    assert await db.value("SELECT state FROM plan_version") == "drafted"
    ref = await db.value("SELECT ref FROM plan_example")
    assert (await alice.post_form(f"{way(draft)}/exemples/{ref}/retrait")).status_code == 303
    assert (await alice.post_form(f"{way(draft)}/publication", **sent)).status_code == 303


async def test_an_example_that_cannot_be_reckoned_is_not_kept(cast, client, programme):
    draft = await drafted(cast, programme["id"], body_of("pourcentage-mois"))
    answer = await client(cast.alice).post_form(
        f"{way(draft)}/redaction", **typed(draft, **{"rules.0.rate": "beaucoup"}), act="keep"
    )
    assert answer.status_code == 422
    assert await rows("plan_example") == 0


async def test_sales_try_an_example_and_cannot_guarantee_it(cast, client, programme):
    version = await published(cast, programme["id"], body_of("tranches"))
    sam = client(cast.sam)
    assert "300,00 €" in plain(
        (await sam.post_form(f"{way(version)}/exemple", ex_net="6000", ex_is_new="oui")).text
    )
    assert (await sam.post_form(f"{way(version)}/exemple", ex_net="6000", act="keep")).status_code == 404
    assert (await sam.post_form(f"{way(version)}/exemple", ex_net="rien")).status_code == 422


# Publishing


async def test_a_published_version_never_changes_and_the_next_is_a_new_draft(cast, client, programme):
    version = await published(cast, programme["id"], body_of("tranches"))
    alice = client(cast.alice)
    assert (await alice.get(f"{way(version)}/redaction")).status_code == 404
    with pytest.raises(Exception, match="never changes"):
        async with deed(cast.alice.person):
            await db.execute("UPDATE plan_version SET body = '{}' WHERE id = $1", version["id"])
    answers = [await alice.post_form(f"{way(version)}/brouillon") for _ in range(2)]
    assert answers[0].headers["location"] == answers[1].headers["location"]
    assert await db.value("SELECT array_agg(number ORDER BY number) FROM plan_version") == [1, 2]


async def test_a_next_version_lets_its_notice_pass(cast, client, programme):
    version = await published(cast, programme["id"], body_of("tranches"))
    draft = await next_draft(cast, version["id"], body_of("paliers"))
    alice, sent = client(cast.alice), {"version": draft["version"], "notice_days": "20"}
    soon = await alice.post_form(
        f"{way(draft)}/publication", **sent, effective_from=(today() + timedelta(19)).isoformat()
    )
    assert soon.status_code == 422
    assert "laisse passer le préavis" in soon.text
    in_time = today() + timedelta(20)
    answer = await alice.post_form(f"{way(draft)}/publication", **sent, effective_from=in_time.isoformat())
    assert answer.status_code == 303
    listed = (await alice.get(f"{HOME}/{programme['ref']}/baremes")).text
    assert "Annoncé" in listed
    assert "En vigueur" in listed
    found = await shelf.version(draft["id"])
    assert (found["ruling_id"], found["effective_from"], found["notice_days"]) == (version["id"], in_time, 20)


async def test_a_draft_that_others_overtook_is_published_after_them(cast, programme):
    version = await published(cast, programme["id"], body_of("tranches"))
    draft = await next_draft(cast, version["id"], body_of("paliers"))
    async with deed(cast.alice.person):
        await actions.publish(programme["id"], body_of("points"), today())
        assert await drafting.publish(draft, draft["version"], today(), 0)
    assert (await shelf.version(draft["id"]))["number"] == 4
    assert (await shelf.version(draft["id"]))["ruling_id"] == draft["id"]


async def test_where_two_must_agree_the_second_publishes(cast, client, programme):
    alice = client(cast.alice)
    assert (
        await alice.post_form(f"{HOME}/{programme['ref']}/baremes/approbation", wanted="1")
    ).status_code == 303
    draft = await drafted(cast, programme["id"], body_of("tranches"))
    sent = {"version": 1, "effective_from": today().isoformat(), "notice_days": "0"}
    assert (await alice.post_form(f"{way(draft)}/publication", **sent)).status_code == 303
    assert "Une autre personne doit approuver" in plain((await alice.get(way(draft))).text)
    assert (await alice.post_form(f"{way(draft)}/publication/approbation")).status_code == 403
    assert (await shelf.version(draft["id"]))["state"] == "drafted"
    changed = await alice.post_form(f"{way(draft)}/redaction", **typed(await shelf.version(draft["id"])))
    assert changed.status_code == 409  # what waits does not change
    async with deed(cast.fred.person):
        await drafting.approve(await shelf.version(draft["id"]), cast.fred.person)
    assert (await shelf.version(draft["id"]))["state"] == "published"


async def test_a_request_is_refused_with_a_reason_or_withdrawn(cast, client, programme):
    draft = await waits(cast, programme["id"], "À deux")
    async with deed(cast.fred.person):
        await drafting.refuse(draft, cast.fred.person, "Trop cher.")
    alice = client(cast.alice)
    assert "Trop cher." in (await alice.get(way(draft))).text
    again = await waits(cast, programme["id"], "À deux encore")
    assert (await alice.post_form(f"{way(again)}/publication/approbation/refus")).status_code == 422
    assert (await alice.post_form(f"{way(again)}/publication/approbation/retrait")).status_code == 303
    assert "Modifier" in (await alice.get(way(again))).text


async def test_a_draft_is_discarded_with_all_that_hung_on_it(cast, client, programme):
    draft = await drafted(cast, programme["id"], body_of("tranches"))
    await keep(cast, draft["plan_id"], 300_00)
    alice = client(cast.alice)
    assert (await alice.post_form(f"{way(draft)}/abandon", version=7)).status_code == 409
    assert (await alice.post_form(f"{way(draft)}/abandon", version=1)).status_code == 303
    assert [await rows(table) for table in ("plan_version", "plan", "plan_example")] == [0, 0, 0]


async def test_a_retired_plan_is_no_longer_offered_and_stays_readable(cast, client, programme):
    version = await published(cast, programme["id"], body_of("tranches"))
    alice = client(cast.alice)
    assert (await alice.post_form(f"{way(version)}/fin")).status_code == 303
    assert (await alice.post_form(f"{way(version)}/fin")).status_code == 409
    from portal.plans.access import published_versions

    assert await published_versions(programme["id"], today()) == []
    assert "Retiré" in (await alice.get(way(version))).text


async def test_what_was_done_stands_in_the_history(cast, client, programme):
    version = await published(cast, programme["id"], body_of("tranches"))
    said = (await client(cast.alice).get(way(version))).text
    assert "Brouillon commencé" in said
    assert "Publié" in said
    assert "Alice Ferrand" in said


async def test_everybody_of_the_staff_reads_what_is_published_and_drafts_are_the_administrations(
    cast, client, programme
):
    version = await published(cast, programme["id"], body_of("tranches"))
    draft = await next_draft(cast, version["id"])
    for who in (cast.sam, cast.fanny):
        reader = client(who)
        listed = await reader.get(f"{HOME}/{programme['ref']}/baremes")
        assert listed.status_code == 200
        assert draft["ref"] not in listed.text
        assert (await reader.get(way(version))).status_code == 200
        assert (await reader.get(way(draft))).status_code == 404
    assert (await client(cast.rachel).get(way(version))).status_code == 404


async def test_no_page_of_a_plan_asks_the_database_more_than_eight_times(cast, client):
    scene = await scene_of(cast)
    version = (await scene.contract(cast.rachel))["plan_version_id"]
    await scene.pays(await scene.deal(cast.rachel, 6_000_00), 6_000_00, days_ago=50)
    draft = await next_draft(cast, version, body_of("abonnement", "Barème 2026"))
    await compared(cast, draft, version)
    alice, deal = client(cast.alice), await db.value("SELECT ref FROM deal")
    for path in ("", "/redaction", "/comparaison", f"/comparaison/affaires/{deal}"):
        async with Queries() as queries:
            assert (await alice.get(f"{way(draft)}{path}")).status_code == 200
        assert len(queries) <= 8, (path, queries.asked)
    assert (await client(cast.sam).get("/reglages/baremes")).status_code == 200
    assert "/reglages/baremes" in (await client(cast.sam).get("/reglages")).text
