"""Giving a recommendation to a colleague from its page; the table of rules and the absences in the browser."""

import pytest

from portal.kit import db
from portal.kit.deed import deed
from portal.leads import access
from portal.leads.assignment import keeping
from portal.people.access import user
from tests.counting import Queries
from tests.stories import open_a_programme, recommended


@pytest.fixture(autouse=True)
async def plan(cast):
    return await open_a_programme()


async def ref_of(member) -> str:
    return (await user(member.user_id))["ref"]


async def told(member, kind):
    return await db.value(
        "SELECT count(*) FROM mail_message WHERE kind = $1 AND to_user = $2", kind, member.user_id
    )


class TestByHand:
    async def test_the_page_says_who_follows_it_and_by_which_rule(self, cast, client):
        async with deed(cast.alice.person):
            await keeping.add("Rhône", [], "one", [cast.sonia.user_id])
        lead = await recommended(cast.rachel)
        page = (await client(cast.sam).get(f"/recommandations/{lead['ref']}")).text
        assert "Sonia Klein" in page
        assert "règle «\u00a0Rhône\u00a0»" in page

    async def test_it_is_given_to_a_colleague_who_is_told_and_so_is_who_had_it(self, cast, client):
        lead = await recommended(cast.rachel)
        answer = await client(cast.alice).post_form(
            f"/recommandations/{lead['ref']}/attribution",
            colleague=await ref_of(cast.sonia),
            version=lead["version"],
        )
        assert answer.status_code == 303
        assert (await access.lead(lead["id"]))["sales_user_id"] == cast.sonia.user_id
        assert await told(cast.sonia, "leads.assigned") == 1
        assert await told(cast.sam, "leads.given_away") == 1
        assert await told(cast.rachel, "leads.contact") == 0

    async def test_the_referrer_learns_of_it_only_where_it_is_wished(self, cast, client):
        lead = await recommended(cast.rachel)
        await client(cast.sam).post_form(
            f"/recommandations/{lead['ref']}/attribution",
            colleague=await ref_of(cast.sonia),
            version=lead["version"],
            tells="on",
        )
        mail = await db.row(
            "SELECT * FROM mail_message WHERE kind = 'leads.contact' AND to_user = $1", cast.rachel.user_id
        )
        assert mail
        assert mail["subject"] == "Votre interlocuteur est désormais Sonia Klein"

    async def test_nobody_chosen_is_asked_again(self, cast, client):
        lead = await recommended(cast.rachel)
        answer = await client(cast.sam).post_form(
            f"/recommandations/{lead['ref']}/attribution", version=lead["version"]
        )
        assert answer.status_code == 422
        assert "Choisissez un collègue" in answer.text

    async def test_who_reads_an_old_page_reads_again(self, cast, client):
        lead = await recommended(cast.rachel)
        answer = await client(cast.sam).post_form(
            f"/recommandations/{lead['ref']}/attribution",
            colleague=await ref_of(cast.sonia),
            version=lead["version"] - 1,
        )
        assert answer.status_code == 409


class TestTheTable:
    PATH = "/reglages/repartition"

    async def written(self, alice, **typed):
        answer = await alice.post_form(self.PATH, **{"choice": "one", **typed})
        return answer, await db.rows(
            "SELECT * FROM assignment_rule WHERE retired_at IS NULL ORDER BY position"
        )

    async def test_a_rule_is_written_and_read_in_words(self, cast, client):
        alice = client(cast.alice)
        answer, rules = await self.written(
            alice, name="Rhône", places="69, 01", estimate="10 000", users=await ref_of(cast.sonia)
        )
        assert answer.status_code == 303
        assert rules[0]["conditions"] == [
            {"field": "place", "is": "starts_with", "value": ["01", "69"]},
            {"field": "estimate", "is": "from", "value": 1_000_000},
        ]
        page = (await alice.get(self.PATH)).text
        assert "lieu 01, 69" in page
        assert "Sonia Klein" in page

    async def test_an_example_tells_who_would_get_it_and_takes_no_turn(self, cast, client):
        alice = client(cast.alice)
        await self.written(
            alice,
            name="Rhône",
            places="69",
            choice="in_turn",
            users=[await ref_of(cast.sonia), await ref_of(cast.sam)],
        )
        for _again in range(2):
            assert "Sonia Klein (règle" in (await alice.get(f"{self.PATH}?postcode=69003&source=form")).text
        assert (
            "aucune règle ne convient"
            in (await alice.get(f"{self.PATH}?postcode=75008&source=form")).text.lower()
        )

    async def test_an_example_with_a_referrer_falls_back_to_their_contact(self, cast, client):
        number = await db.value("SELECT number FROM referrer WHERE id = $1", cast.rachel.referrer_id)
        page = (await client(cast.alice).get(f"{self.PATH}?referrer={number}&source=form")).text
        assert "Sam Berger (interlocuteur" in page

    async def test_what_cannot_be_is_refused_under_its_field(self, cast, client):
        alice = client(cast.alice)
        answer, rules = await self.written(alice, name="Ailleurs", places="ZZZ", users=await ref_of(cast.sam))
        assert answer.status_code == 422
        assert rules == []
        answer, rules = await self.written(alice, name="Pour personne")
        assert "Choisissez au moins un collègue" in answer.text
        answer, rules = await self.written(
            alice, name="Inconnu", referrer="AP9999", users=await ref_of(cast.sam)
        )
        assert "Aucun apporteur ne porte ce numéro" in answer.text
        assert rules == []

    async def test_rules_change_places_are_rewritten_and_retired(self, cast, client):
        alice, sam = client(cast.alice), await ref_of(cast.sam)
        await self.written(alice, name="Un", users=sam)
        _answer, rules = await self.written(alice, name="Deux", users=sam)
        await alice.post_form(f"{self.PATH}/{rules[1]['ref']}/monter")
        names = "SELECT name FROM assignment_rule WHERE retired_at IS NULL ORDER BY position"
        assert [row["name"] for row in await db.rows(names)] == ["Deux", "Un"]
        await alice.post_form(f"{self.PATH}/{rules[1]['ref']}", name="Second", choice="one", users=sam)
        assert [row["name"] for row in await db.rows(names)] == ["Second", "Un"]
        await alice.post_form(f"{self.PATH}/{rules[0]['ref']}/retrait")
        assert [row["name"] for row in await db.rows(names)] == ["Second"]

    async def test_the_page_of_a_rule_shows_what_was_typed(self, cast, client):
        alice = client(cast.alice)
        _answer, rules = await self.written(alice, name="Gros", estimate="1500", users=await ref_of(cast.sam))
        page = (await alice.get(f"{self.PATH}/{rules[0]['ref']}")).text
        assert 'value="1500,00"' in page
        assert 'value="Gros"' in page

    async def test_a_programme_has_somebody_by_default(self, cast, client):
        programme = await db.value("SELECT ref FROM programme")
        await client(cast.alice).post_form(
            f"{self.PATH}/defaut", programme=programme, colleague=await ref_of(cast.sonia)
        )
        async with db.transaction():
            await db.execute(
                "UPDATE referrer SET sales_user_id = NULL WHERE id = $1", cast.rachel.referrer_id
            )
        lead = await access.lead((await recommended(cast.rachel))["id"])
        assert lead["sales_user_id"] == cast.sonia.user_id

    async def test_the_page_asks_eight_questions_whatever_it_shows(self, cast, client):
        alice, sam = client(cast.alice), await ref_of(cast.sam)
        async with Queries() as few:
            await alice.get(self.PATH)
        for number in range(4):
            await self.written(alice, name=f"Règle {number}", places="69", users=sam)
        async with Queries() as many:
            await alice.get(self.PATH)
        assert len(many) == len(few)


class TestAbsences:
    PATH = "/reglages/absences"

    async def test_a_colleague_says_when_they_are_away_and_who_stands_in(self, cast, client):
        sam = client(cast.sam)
        answer = await sam.post_form(
            self.PATH,
            colleague=await ref_of(cast.sam),
            from_day="2030-08-01",
            until_day="2030-08-15",
            replaced_by=await ref_of(cast.sonia),
        )
        assert answer.status_code == 303
        page = (await sam.get(self.PATH)).text
        assert "en son absence : Sonia Klein" in page.replace("\u00a0", " ")
        ref = await db.value("SELECT ref FROM absence")
        assert (await client(cast.sonia).post_form(f"{self.PATH}/{ref}/retour")).status_code == 404
        await sam.post_form(f"{self.PATH}/{ref}/retour")
        assert "Tout le monde est là" in (await sam.get(self.PATH)).text

    async def test_nobody_is_sent_away_by_a_colleague_who_is_not_in_charge(self, cast, client):
        away = {"colleague": await ref_of(cast.sam), "from_day": "2030-08-01", "until_day": "2030-08-15"}
        assert (await client(cast.sonia).post_form(self.PATH, **away)).status_code == 422
        assert (await client(cast.alice).post_form(self.PATH, **away)).status_code == 303

    async def test_an_absence_ends_after_it_begins_and_nobody_replaces_themselves(self, cast, client):
        sam = await ref_of(cast.sam)
        answer = await client(cast.sam).post_form(
            self.PATH, colleague=sam, from_day="2030-08-15", until_day="2030-08-01", replaced_by=sam
        )
        assert "Le dernier jour vient après le premier" in answer.text
        assert "Choisissez quelqu’un d’autre" in answer.text
