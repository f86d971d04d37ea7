"""Apporteur and prospect, or parrain and filleul: a catalogue laid over the language, complete in both, chosen by programme."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.deed import deed
from portal.kit.text import CATALOGUES, _, ngettext, speaking
from portal.leads import actions as recommending
from portal.plans import access
from tests.contracts.stories import in_force
from tests.stories import won

OVERLAYS = CATALOGUES / "parrain"
# Placeholders keep their names; these name the word sets themselves.
OTHERWISE = {
    "fr": r"(?<!%\()([Aa]pporteu|\b[Pp]rospects?\b)",
    "en": r"(?<!%\()([Rr]eferrer|\b[Pp]rospects?\b)",
}
ONE = "%(num)d affaire réglée sans contrat d'apporteur"
MANY = "%(num)d affaires réglées sans contrat d'apporteur"
NAMING = {"apporteur et prospect"}


def sentences(path: Path) -> dict[str, tuple[str, ...]]:
    """First msgid → what is said."""
    found: dict[str, tuple[str, ...]] = {}
    for file in sorted(path.glob("*.po")):
        with file.open("rb") as source:
            for message in read_po(source, locale="en"):
                ids = message.id if isinstance(message.id, tuple) else (message.id,)
                said = message.string if isinstance(message.string, tuple) else (message.string,)
                found |= {ids[0]: said} if ids[0] else {}
    return found


def of_language(language: str) -> dict[str, tuple[str, ...]]:
    """What is said in that language with the usual words; in French the msgids themselves."""
    english = sentences(CATALOGUES / "en")
    return english if language == "en" else {first: (first,) for first in english}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_sentence_with_the_usual_words_has_its_other_words(language):
    wanted = {
        first
        for first, said in of_language(language).items()
        if any(re.search(OTHERWISE[language], one) for one in said)
    }
    missing = sorted(wanted - NAMING - set(sentences(OVERLAYS / language)))
    assert missing == [], f"add these to portal/locale/parrain/{language}/words.po"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_sentence_is_laid_over_one_that_nobody_says(language):
    assert sorted(set(sentences(OVERLAYS / language)) - set(sentences(CATALOGUES / "en"))) == []


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_other_words_are_said_throughout_and_keep_the_places(language):
    usual = sentences(CATALOGUES / "en")
    for first, said in sentences(OVERLAYS / language).items():
        for one in said:
            assert not re.search(OTHERWISE[language], one), one
            assert set(re.findall(r"%\((\w+)\)", one)) == set(re.findall(r"%\((\w+)\)", usual[first][-1]))


def test_the_same_sentence_in_four_ways():
    said = []
    for language in ("fr", "en"):
        for words in ("apporteur", "parrain"):
            with speaking(language, words):
                said.append(_("Partager avec l'apporteur"))
    assert said == [
        "Partager avec l’apporteur", "Partager avec le parrain", "Share with the referrer", "Share with the sponsor"
    ]  # fmt: skip


def test_a_number_of_them():
    with speaking("fr", "parrain"):
        said = [ngettext(ONE, MANY, n) % {"num": n} for n in (1, 2)]
    assert said == ["1 affaire réglée sans contrat de parrain", "2 affaires réglées sans contrat de parrain"]


def test_a_document_of_law_is_spoken_in_its_own_words():
    with speaking("fr", "parrain"), speaking("fr"):
        assert _("Apporteur") == "Apporteur"


async def godchild(cast):
    """Rachel's programme speaks of parrain and filleul."""
    contract = await in_force(cast, cast.rachel)
    async with deed(cast.alice.person):
        await db.execute("UPDATE programme SET words = 'parrain' WHERE id = $1", contract["programme_id"])
    return contract


PAGES = (
    "/", "/recommandations", "/recommandations/nouvelle", "/commissions", "/commissions/releves", "/factures", "/virements",
    "/fiscalite", "/contrats", "/profil", "/programme", "/compte",
)  # fmt: skip


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_no_page_of_such_a_referrer_says_the_usual_words(cast, client, language):
    contract = await godchild(cast)
    deal = await won(cast.rachel, cast.sam)
    lead = await db.value("SELECT ref FROM lead WHERE id = $1", deal["lead_id"])
    async with deed(cast.alice.person):
        await db.execute("UPDATE app_user SET language = $2 WHERE id = $1", cast.rachel.user_id, language)
    rachel = client(cast.rachel)
    programme = (await access.programme(contract["programme_id"]))["name"]
    for path in (
        *PAGES,
        f"/recommandations/{lead}",
        f"/recommandations/{lead}/recu",
        f"/affaires/{deal['ref']}",
    ):
        answer = await rachel.get(path)
        assert answer.status_code == 200, path
        shown = re.sub(r"<[^>]*>", " ", answer.text.replace(programme, ""))
        assert not (left := re.findall(rf".{{30}}{OTHERWISE[language]}.{{20}}", shown, re.DOTALL)), (
            f"{path}: {left}"
        )


async def test_the_contract_keeps_the_words_of_the_law(cast, client):
    contract = await godchild(cast)
    shown = (await client(cast.rachel).get(f"/contrats/{contract['ref']}")).text
    assert "ci-après" in shown
    assert "l’apporteur" in shown


async def test_mails_to_such_a_referrer_speak_so_and_mails_to_others_do_not(cast):
    await godchild(cast)
    async with deed(cast.rachel.person):
        await recommending.submit(
            cast.rachel.referrer_id, company_name="Atelier Morin", consent="spoken 2026-11-20", contact_email="a@morin.example"
        )  # fmt: skip
    await work_off()
    texts = await db.rows(
        "SELECT subject, text_body, html_body FROM mail_message WHERE to_user = $1 AND kind LIKE 'leads.%'",
        cast.rachel.user_id,
    )
    assert texts
    assert not any(re.search(OTHERWISE["fr"], text) for row in texts for text in row)


async def test_a_colleague_is_spoken_to_in_the_words_of_the_house(cast, client):
    """While any programme says apporteur, the staff's pages do; when all say parrain, so do they."""
    contract = await godchild(cast)
    assert "Parrains" in (await client(cast.sam).get("/apporteurs")).text
    async with deed(cast.alice.person):
        await db.execute("UPDATE programme SET words = 'apporteur' WHERE id = $1", contract["programme_id"])
    assert "Parrains" not in (await client(cast.sam).get("/apporteurs")).text


async def test_the_page_of_a_programme_speaks_its_words(cast, client):
    contract = await godchild(cast)
    async with deed(cast.alice.person):
        await db.execute(
            """INSERT INTO programme (ref, name, legal_entity_id, starts_on) SELECT 'AUTRE', 'Autre', legal_entity_id, starts_on
               FROM programme WHERE id = $1""",
            contract["programme_id"],
        )
    ref = (await access.programme(contract["programme_id"]))["ref"]
    shown = (await client(cast.alice).get(f"/reglages/programmes/{ref}/campagnes/nouvelle")).text
    assert "Vos parrains le lisent" in shown
