"""The company's own texts: begun from a shipped one, corrected, published by one or by two, taken out of use."""

import hashlib
import re
from datetime import timedelta

import asyncpg
import pytest

from portal.contracts import access
from portal.contracts import actions as contracts
from portal.contracts.wording import own_texts, writing
from portal.contracts.wording.faults import faults, required_anchors
from portal.contracts.wording.texts import STATUS_OF, shipped_texts, youngest_texts
from portal.earnings import adjusting
from portal.earnings import rules as earning_rules
from portal.kit import db
from portal.kit.days import at, clock_at, today
from portal.kit.deed import deed
from portal.kit.problems import NotAllowed, Refused, Stale
from portal.people import actions as people
from portal.people.rules import Role
from tests.cast import Member, _signed_in
from tests.contracts.own import COMPANY_TEXT, begun, own, saved, shipped, waits
from tests.contracts.stories import in_force, open_programme
from tests.counting import Queries

HOME = "/reglages/textes"
OWN_TITLE = "Notre Contrat d’apport d’affaires – société"


def plain(text: str) -> str:
    return text.replace("\xa0", " ").replace("\u202f", " ").replace("\u2019", "'").replace("&#39;", "'")


def way(draft: db.Row) -> str:
    return f"{HOME}/brouillons/{draft['ref']}"


async def second_admin(cast) -> Member:
    async with deed(cast.alice.person):
        user = await people.invite_staff("claire@lumen.example", "Claire Morvan", {Role.ADMIN})
        await people.accept(user["id"], "Claire Morvan", "")
        return await _signed_in(user["id"], None)


# What a text must hold


@pytest.mark.parametrize("text", shipped_texts(), ids=lambda text: f"{text.key}-{text.version}")
def test_every_shipped_text_could_be_published_as_the_companys_own(text):
    assert faults(text.body, text.key) == ()


def test_whatever_an_explanation_cites_is_required_of_every_contract():
    cited = {
        earning_rules.REMUNERATION,
        *earning_rules.CLAUSES.values(),
        adjusting.CLAIMED,
        adjusting.BY_HAND,
    }
    for key, status in STATUS_OF.items():
        if status:
            assert cited <= set(required_anchors(key))


@pytest.mark.parametrize("text", youngest_texts(), ids=lambda text: text.key)
def test_what_is_required_of_a_text_stands_in_the_shipped_one(text):
    assert set(required_anchors(text.key)) <= set(text.anchors)


def test_every_fault_of_every_line_is_told_at_once():
    body = "# Contrat\n\n{{ company.iban }}\n<b>gras</b> {{ referrer.mood }}\n{{#if plan.on_payment}}\n"
    assert [(fault.line, fault.code) for fault in faults(body, COMPANY_TEXT)] == [
        (3, "unknown_placeholder"),
        (4, "markup"),
        (4, "unknown_placeholder"),
    ]


def test_a_condition_that_is_not_closed_is_told_with_its_line():
    assert [
        (fault.line, fault.code) for fault in faults("# C\n\n{{#if plan.on_payment}}\nmots", COMPANY_TEXT)
    ] == [(3, "never_closed")]


def test_a_text_without_its_articles_and_its_fields_says_which():
    said = [fault.sentence for fault in faults("# C\n\nRien.", COMPANY_TEXT)]
    assert any("remuneration.bareme" in sentence for sentence in said)
    assert any("plan.rules" in sentence for sentence in said)


def test_an_article_of_another_document_is_not_taken():
    body = next(text for text in youngest_texts() if text.key == COMPANY_TEXT).body
    told = faults(f"{body}\n## Article 19. Mandat {{#mandat}}\n", COMPANY_TEXT)
    assert [(fault.code, fault.params["anchor"]) for fault in told] == [("anchor_taken", "mandat")]


# From the draft to the contract


async def test_a_text_is_begun_from_a_published_one_once(cast):
    first, second = await begun(cast), await begun(cast)
    assert first["ref"] == second["ref"]
    assert first["body"] == (await shipped())["body"]


async def test_a_published_own_text_is_what_the_next_contract_takes(cast):
    programme_id, version_id = await open_programme(cast)
    published = await own(cast, "apport-affaires-particulier")
    async with deed(cast.sam.person):
        contract = await contracts.draft(cast.rachel.referrer_id, programme_id, version_id)
    assert contract["text_id"] == published["id"]
    assert published["sha256"] == hashlib.sha256(published["body"].encode()).digest()


async def test_an_own_text_applies_from_its_day_and_not_before(cast):
    published = await own(cast, since=today() + timedelta(10))
    assert (await own_texts.in_use([COMPANY_TEXT], today()))[COMPANY_TEXT]["id"] != published["id"]
    later = await own_texts.in_use([COMPANY_TEXT], today() + timedelta(10))
    assert later[COMPANY_TEXT]["id"] == published["id"]


async def test_a_signed_contract_keeps_its_text_when_another_is_published_or_taken_out_of_use(cast):
    contract = await in_force(cast, cast.rachel)
    before = await access.texts_of(contract)
    published = await own(cast, before[0]["key"])
    async with deed(cast.alice.person):
        await writing.stop_using(published)
    after = await access.texts_of(await access.contract(contract["id"]))
    assert [text["sha256"] for text in after] == [text["sha256"] for text in before]


async def test_out_of_use_the_shipped_text_comes_back_and_no_older_own_one(cast):
    await own(cast)
    second = await own(cast, since=today() + timedelta(1))
    async with deed(cast.alice.person):
        await writing.stop_using(second)
    used = await own_texts.in_use([COMPANY_TEXT], today() + timedelta(2))
    assert used[COMPANY_TEXT]["key"] == COMPANY_TEXT
    with pytest.raises(Stale):
        async with deed(cast.alice.person):
            await writing.stop_using(second)


async def test_a_published_text_never_changes(cast):
    published = await own(cast)
    for query in (
        "UPDATE contract_text SET body = 'x' WHERE id = $1",
        "DELETE FROM contract_text WHERE id = $1",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with deed(cast.alice.person):
                await db.execute(query, published["id"])


async def test_two_texts_of_the_same_day_are_refused(cast):
    await own(cast)
    draft = await begun(cast)
    with pytest.raises(Refused, match="text_of_that_day"):
        async with deed(cast.alice.person):
            await writing.publish(draft, draft["version"], today())


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("{{ company.iban }}", "text_faulty"),
        ("<script>alert(1)</script>", "text_faulty"),
        ("{{#if plan.on_payment}}\nsans fin", "text_faulty"),
        ("L’apporteur recommande aussi à des acheteurs publics.", "text_forbidden"),
    ],
)
async def test_what_is_wrong_cannot_be_published_by_any_door(cast, words, code):
    draft = await begun(cast)
    draft = await saved(cast, draft, f"{draft['body']}\n\n{words}\n")
    with pytest.raises(Refused, match=code):
        async with deed(cast.alice.person):
            await writing.publish(draft, draft["version"], today())
    assert await db.value("SELECT count(*) FROM contract_text WHERE stands_for <> ''") == 0


async def test_a_text_never_applies_to_the_past(cast):
    draft = await begun(cast)
    with pytest.raises(Refused, match="too_soon"):
        async with deed(cast.alice.person):
            await writing.publish(draft, draft["version"], today() - timedelta(1))


# While a contract is prepared


async def test_preparing_a_contract_of_a_kept_trade_recalls_its_rules(cast, client):
    await open_programme(cast, "Immobilier neuf")
    ref = await db.value("SELECT ref FROM referrer WHERE id = $1", cast.rachel.referrer_id)
    [offer] = re.findall(
        r'name="offer" value="([^"]+)"', (await client(cast.sam).get(f"/apporteurs/{ref}/contrat")).text
    )
    path = f"/apporteurs/{ref}/contrat?offer={offer}&starts_on={today().isoformat()}"
    shown = plain((await client(cast.sam).get(path)).text)
    assert "loi n° 70-9 du 2 janvier 1970" in shown
    assert "ORIAS" not in shown
    async with deed(cast.alice.person):
        await writing.say_trade("insurance")
    async with Queries() as asked:
        assert "ORIAS" in plain((await client(cast.sam).get(path)).text)
    assert len(asked) <= 10, asked.asked


# By two


async def test_by_two_the_one_who_asked_does_not_decide(cast):
    draft = await waits(cast, COMPANY_TEXT)
    with pytest.raises(NotAllowed):
        async with deed(cast.alice.person):
            await writing.approve(draft, cast.alice.person)
    with pytest.raises(Refused, match="approval_waiting"):
        async with deed(cast.alice.person):
            await writing.save(draft, draft["version"], "# Autre")


async def test_by_two_the_second_publishes_what_was_asked_on_a_later_day_if_it_is_past(cast):
    draft = await waits(cast, COMPANY_TEXT)
    claire = await second_admin(cast)
    day = today() + timedelta(3)
    with clock_at(at(day, 10)):
        async with deed(claire.person):
            published = await writing.approve(draft, claire.person)
    assert published["version"] == day.isoformat()
    assert published["published_by"] == claire.user_id
    assert await db.value("SELECT count(*) FROM text_draft") == 0


async def test_by_two_what_waits_stands_on_the_home_of_the_administration(cast, client):
    draft = await waits(cast, COMPANY_TEXT)
    home = (await client(await second_admin(cast)).get("/")).text
    assert "Texte à publier" in home
    assert way(draft) in home


# Through the pages


async def test_from_the_shipped_text_to_the_published_own_one_through_the_pages(cast, client):
    await begun(cast, "avenant")  # another stands beside
    alice = client(cast.alice)
    source = await shipped()
    begun_at = (await alice.post_form(f"{HOME}/{source['ref']}/brouillon")).headers["location"]
    page = plain((await alice.get(begun_at)).text)
    assert "{{ referrer.name }}" in page
    assert "Aperçu, avec des exemples" in page
    body = source["body"].replace("# Contrat", "# Notre Contrat", 1)
    answer = await alice.post_form(begun_at, version="1", body=body)
    assert answer.headers["location"] == begun_at.removesuffix("/redaction")
    shown = plain((await alice.get(answer.headers["location"])).text)
    assert "Tous les champs sont connus" in shown
    published = await alice.post_form(
        f"{answer.headers['location']}/publication", version="2", effective_from=today().isoformat()
    )
    text = (await alice.get(published.headers["location"])).text
    assert OWN_TITLE.replace("’", "&rsquo;") in text or OWN_TITLE in text
    assert hashlib.sha256(body.strip().encode()).hexdigest() in text
    assert (await own_texts.in_use([COMPANY_TEXT], today()))[COMPANY_TEXT]["title"] == OWN_TITLE


async def test_the_preview_follows_what_is_typed_and_writes_nothing(cast, client):
    draft = await begun(cast)
    alice = client(cast.alice)
    typed = f"{draft['body']}\n\nL’apporteur négocie les prix avec {{{{ referrer.mood }}}}.\n"
    shown = plain((await alice.post_form(f"{way(draft)}/redaction/apercu", version="1", body=typed)).text)
    assert "« referrer.mood » n'est pas dans la liste des champs" in shown
    assert "indemnité" in shown
    assert "C. com. L134-1" in shown
    assert (await own_texts.draft_by_ref(draft["ref"]))["body"] == draft["body"]


async def test_without_a_script_the_preview_is_a_page(cast, client):
    draft = await begun(cast)
    answer = await client(cast.alice).post_form(
        f"{way(draft)}/redaction", version="1", act="look", body="# Seul un titre"
    )
    assert answer.status_code == 200
    assert "Il manque l'article nommé" in plain(answer.text)
    assert (await own_texts.draft_by_ref(draft["ref"]))["version"] == 1


async def test_a_draft_saved_by_somebody_else_meanwhile_is_a_conflict_with_both_texts(cast, client):
    draft = await begun(cast)
    await saved(cast, draft, "# Ce que l'autre a écrit")
    answer = await client(cast.alice).post_form(
        f"{way(draft)}/redaction", version="1", body="# Ce que j'ai écrit"
    )
    assert answer.status_code == 409
    assert "Ce que l'autre a écrit" in plain(answer.text)
    assert "Ce que j'ai écrit" in plain(answer.text)
    again = await client(cast.alice).post_form(
        f"{way(draft)}/redaction", version="2", body="# Ce que j'ai écrit"
    )
    assert again.status_code == 303


async def test_a_faulty_draft_is_kept_and_its_page_does_not_offer_to_publish(cast, client):
    draft = await begun(cast)
    alice = client(cast.alice)
    assert (
        await alice.post_form(f"{way(draft)}/redaction", version="1", body="# T\n{{ a.b }}")
    ).status_code == 303
    page = plain((await alice.get(way(draft))).text)
    assert "Ligne 2 :" in page
    assert "Corrigez d'abord les points signalés" in page
    refused = await alice.post_form(
        f"{way(draft)}/publication", version="2", effective_from=today().isoformat()
    )
    assert refused.status_code == 422
    assert "rien n'a été publié" in plain(refused.text)


async def test_the_longest_text_goes_through_the_form_and_a_longer_one_is_refused_with_a_sentence(
    cast, client
):
    draft = await begun(cast)
    alice = client(cast.alice)
    long = "# T\n\n" + "é" * 150_000
    assert (await alice.post_form(f"{way(draft)}/redaction", version="1", body=long)).status_code == 303
    refused = await alice.post_form(f"{way(draft)}/redaction", version="2", body="é" * 200_001)
    assert refused.status_code == 422
    assert "trop long" in plain(refused.text)


async def test_the_trade_of_the_company_and_the_second_person_are_settings_of_the_page(cast, client):
    alice = client(cast.alice)
    assert (await alice.post_form(f"{HOME}/metier", trade="insurance")).status_code == 303
    assert 'value="insurance" selected' in (await alice.get(HOME)).text
    assert (await alice.post_form(f"{HOME}/metier", trade="astrologie")).status_code == 422
    assert (await alice.post_form(f"{HOME}/approbation", wanted="1")).status_code == 303
    assert "accord d'une seconde personne" in plain((await alice.get(HOME)).text)


async def test_a_shipped_text_is_not_taken_out_of_use(cast, client):
    await begun(cast)
    assert (
        await client(cast.alice).post_form(f"{HOME}/{(await shipped())['ref']}/retrait")
    ).status_code == 404


async def test_the_pages_of_texts_ask_few_questions(cast, client):
    draft = await begun(cast)
    published = await own(cast, "apport-affaires-particulier")
    alice = client(cast.alice)
    for path in (HOME, f"{HOME}/{published['ref']}", way(draft), f"{way(draft)}/redaction"):
        async with Queries() as asked:
            assert (await alice.get(path)).status_code == 200
        assert len(asked) <= 8, (path, asked.asked)
