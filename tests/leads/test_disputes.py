"""Who was first, and whether a refusal is right: contested once, decided by somebody else, examined again once."""

import pytest

from portal.kit import db
from portal.kit.deed import deed
from portal.kit.problems import Refused
from portal.leads import access
from portal.leads import actions as leads
from portal.leads.priority import disputes
from tests.counting import Queries
from tests.leads.priorities import after, appealed, contested, decided, state_of, two_of_one
from tests.stories import contract_of, moved, open_a_programme, recommended


@pytest.fixture(autouse=True)
async def plan(cast):
    plan = await open_a_programme()
    await contract_of(cast.rachel, plan)
    await contract_of(cast.remi, plan)
    return plan


@pytest.fixture
async def line(cast):
    return await two_of_one(cast.rachel, cast.remi)


async def told(lead: db.Row) -> list[str]:
    """What its referrer was mailed about disputes."""
    return [
        row["text_body"]
        for row in await db.rows(
            "SELECT text_body FROM mail_message WHERE subject_id = $1 AND kind = 'leads.dispute_decided' ORDER BY id",
            lead["id"],
        )
    ]


async def test_decided_for_who_contests_the_other_waits_behind_and_both_are_told_of_their_own_alone(
    cast, line
):
    first, second = line
    await moved(first, cast.sam, "accept", "contact")
    dispute = await contested(second, cast.remi)
    assert await state_of(second) == "disputed"
    decision = await decided(dispute, cast.sonia, "came_first")
    assert (await state_of(second), await state_of(first)) == ("accepted", "waiting")
    assert await db.value("SELECT behind_lead_id FROM lead WHERE id = $1", first["id"]) == second["id"]
    assert decision["appeal_until"] is not None
    [to_remi], [to_rachel] = await told(second), await told(first)
    assert "Votre dépôt est le premier" in to_remi
    assert "attend son tour" in to_rachel
    assert not any(name in to_remi for name in ("Rachel", "Vidal", "Relu les deux"))
    assert not any(name in to_rachel for name in ("Rémi", "Morin", "Relu les deux", "contest"))


async def test_decided_against_it_waits_again_behind_the_first(cast, line):
    first, second = line
    await decided(await contested(second, cast.remi), cast.sam, "came_later")
    assert (await state_of(first), await state_of(second)) == ("submitted", "waiting")
    assert await db.value("SELECT behind_lead_id FROM lead WHERE id = $1", second["id"]) == first["id"]


async def test_a_share_is_suggested_for_the_deal(cast, line):
    first, second = line
    await moved(first, cast.sam, "accept")
    await decided(await contested(second, cast.remi), cast.alice, "shared", 40)
    assert (await state_of(first), await state_of(second)) == ("accepted", "accepted")
    shares = await disputes.suggested_shares(first)
    assert {referrer: int(share) for referrer, share in shares.items()} == {
        cast.remi.referrer_id: 40,
        cast.rachel.referrer_id: 60,
    }
    assert await disputes.suggested_shares(await recommended(cast.mina, "Ailleurs")) == {}


async def test_a_refusal_is_contested_and_taken_back(cast):
    lead = await moved(await recommended(cast.rachel), cast.sam, "reject", reason="already_client")
    await decided(await contested(lead, cast.rachel), cast.sonia, "no_trace")
    assert await state_of(lead) == "accepted"


async def test_a_refusal_that_stands_keeps_its_reason(cast):
    lead = await moved(await recommended(cast.rachel), cast.sam, "reject", reason="already_client")
    await decided(await contested(lead, cast.rachel), cast.sonia, "dated_trace")
    after_all = await access.lead(lead["id"])
    assert (after_all["state"], after_all["reason"]) == ("rejected", "already_client")


async def test_wrongly_refused_it_still_waits_behind_the_older_one(cast, line):
    first, second = line
    await moved(first, cast.sam, "accept")
    await moved(second, cast.sam, "reject", reason="outside_offer")
    await decided(await contested(second, cast.remi), cast.sonia, "no_trace")
    assert (await state_of(first), await state_of(second)) == ("accepted", "waiting")


async def test_nobody_decides_what_they_refused_opened_or_decided(cast, line):
    lead = await moved(await recommended(cast.rachel), cast.sam, "reject", reason="already_client")
    dispute = await contested(lead, cast.rachel)
    with pytest.raises(Refused, match="somebody_else_decides"):
        await decided(dispute, cast.sam, "no_trace")
    _first, second = line
    opened_by_sonia = await contested(second, cast.sonia)
    with pytest.raises(Refused, match="somebody_else_decides"):
        await decided(opened_by_sonia, cast.sonia, "came_first")


async def test_the_loser_appeals_once_and_an_administrator_decides(cast, line):
    first, second = line
    dispute = await decided(await contested(second, cast.remi), cast.sam, "came_later")
    dispute = await appealed(dispute, second, cast.remi)
    assert await state_of(second) == "disputed"
    with pytest.raises(Refused, match="admin_decides"):
        await decided(dispute, cast.sonia, "came_first")
    closed = await decided(dispute, cast.alice, "came_first")
    assert (closed["state"], await state_of(second), await state_of(first)) == (
        "closed",
        "accepted",
        "waiting",
    )
    with pytest.raises(Refused):
        await contested(first, cast.rachel)


async def test_who_was_put_behind_appeals_and_comes_first_again(cast, line):
    first, second = line
    dispute = await decided(await contested(second, cast.remi), cast.sam, "came_first")
    dispute = await appealed(dispute, first, cast.rachel)
    await decided(dispute, cast.alice, "came_later")
    assert (await state_of(first), await state_of(second)) == ("accepted", "waiting")
    assert await db.value("SELECT behind_lead_id FROM lead WHERE id = $1", second["id"]) == first["id"]


async def test_contested_twice_is_one_dispute(cast, line):
    _first, second = line
    await contested(second, cast.remi)
    with pytest.raises(Refused):
        await contested(second, cast.remi)
    assert await db.value("SELECT count(*) FROM dispute") == 1


async def test_the_time_to_appeal_ends(cast, client, line):
    _first, second = line
    await decided(await contested(second, cast.remi), cast.sam, "came_later")
    remi = client(cast.remi)
    path = f"/recommandations/{second['ref']}/contestation"
    assert "Demander un second examen" in (await remi.get(path)).text
    with after(16):
        late = await remi.post_form(f"{path}/recours", body="Encore")
    assert late.status_code == 404
    assert await state_of(second) == "waiting"


async def test_the_place_of_who_contests_is_kept_and_their_turn_comes(cast, line):
    first, second = line
    third = await recommended(cast.mina, "Maison Durand", contact_email="claire@durand.example")
    await contested(second, cast.remi)
    await moved(first, cast.sam, "reject", reason="outside_offer")
    assert (await state_of(second), await state_of(third)) == ("submitted", "waiting")
    assert await db.value("SELECT behind_lead_id FROM lead WHERE id = $1", third["id"]) == second["id"]
    assert await db.value("SELECT state FROM dispute") == "dropped"


async def test_an_objection_ends_the_dispute(cast, line):
    _first, second = line
    await contested(second, cast.remi)
    async with deed(cast.sam.person):
        await leads.move(await access.lead(second["id"]), "object", reason="no_consent")
    assert await db.value("SELECT state FROM dispute") == "dropped"


async def test_what_was_written_is_never_changed(cast, line):
    _first, second = line
    await contested(second, cast.remi)
    for change in ("UPDATE dispute_word SET kind = 'appeal'", "DELETE FROM dispute_word"):
        with pytest.raises(Exception, match=r"(?i)forbidden|denied"):
            async with deed(cast.alice.person):
                await db.execute(change)


# The pages


async def test_both_files_side_by_side_then_the_decision_by_the_page(cast, client, line):
    first, second = line
    remi, sonia = client(cast.remi), client(cast.sonia)
    path = f"/recommandations/{second['ref']}"
    assert "Contester cette réponse" in (await remi.get(path)).text
    empty = await remi.post_form(f"{path}/contestation", body="")
    assert empty.status_code == 422
    assert "Dites pourquoi" in empty.text
    sent = await remi.post_form(f"{path}/contestation", body="Présentée <b>en mai</b>")
    assert sent.status_code == 303
    async with Queries() as queries:
        files = await sonia.get(f"{path}/litige")
    assert len(queries) <= 8, queries.asked
    for said in (
        "Rachel Vidal",
        "Présentée &lt;b&gt;en mai&lt;/b&gt;",
        "En commun",
        "Qui conteste",
        "conforme",
    ):
        assert said in files.text
    assert (await sonia.get(f"/recommandations/{first['ref']}/litige")).status_code == 200
    listed = await sonia.get("/recommandations/litiges")
    assert "Maison Durand" in listed.text
    assert (await sonia.get("/recommandations/litiges?format=csv")).status_code == 200
    for wrong in (
        {},
        {"decision": "no_trace"},
        {"decision": "shared"},
        {"decision": "came_first", "body": ""},
    ):
        again = await sonia.post_form(f"{path}/litige", version=1, **{"body": "Vu", **wrong})
        assert again.status_code == 422
    stale = await sonia.post_form(f"{path}/litige", version=7, decision="came_first", body="Vu")
    assert stale.status_code == 409
    done = await sonia.post_form(
        f"{path}/litige", version=1, decision="came_first", body="Vu les deux dossiers"
    )
    assert done.status_code == 303
    own = (await remi.get(f"{path}/contestation")).text
    assert "Votre dépôt est le premier" in own
    assert not any(name in own for name in ("Rachel", "Vidal", "Vu les deux dossiers"))


async def test_the_other_side_reads_neither_the_dispute_nor_its_words(cast, client, line):
    first, second = line
    await contested(second, cast.remi, "Rachel a menti")
    rachel = client(cast.rachel)
    page = (await rachel.get(f"/recommandations/{first['ref']}")).text
    assert not any(word in page for word in ("menti", "Contestée", "litige", "Rémi", "vérification"))
    assert (await rachel.get(f"/recommandations/{first['ref']}/contestation")).status_code == 404
    assert (await rachel.get(f"/recommandations/{first['ref']}/litige")).status_code == 404
    await decided(await _dispute(), cast.sonia, "came_first")
    page = (await rachel.get(f"/recommandations/{first['ref']}/contestation")).text
    assert "Demander un second examen" in page
    assert not any(word in page for word in ("menti", "Rémi", "Morin", "Relu les deux"))


async def _dispute() -> db.Row:
    [found] = await db.rows("SELECT * FROM dispute")
    return found


async def test_the_accountant_and_a_stranger_contest_nothing(cast, client, line):
    _first, second = line
    path = f"/recommandations/{second['ref']}/contestation"
    assert (await client(cast.stefan).post_form(path, body="Moi")).status_code == 404
    assert (await client(cast.fanny).get(path)).status_code == 404
    assert await db.value("SELECT count(*) FROM dispute") == 0
