"""The pages of a contract that lives: who may, what is shown, what counts once."""

import re
from datetime import timedelta

import pytest

from portal.contracts import access
from portal.contracts import actions as contracts
from portal.contracts.lifetime.rules import NoticeKind, Side
from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.people.rules import Seat
from tests.contracts.stories import colleague_of, in_force, open_programme
from tests.contracts.test_amending import amended, plain, propose, recommend, state, twelve_percent
from tests.contracts.test_notices import WHY, give
from tests.contracts.test_rounds import ask, under_contract
from tests.counting import Queries

# who may open the page of each act, and who may do it: (sales, finance, admin, owner, stranger)
ACTS = {
    "avenant": ("sam", "alice"),
    "suspension": ("alice",),
    "mise-en-demeure": ("alice", "rachel"),
    "resiliation": ("alice", "rachel"),
    "bareme": ("sam", "fanny", "alice", "rachel"),
}


@pytest.mark.parametrize("act", ACTS)
async def test_each_act_opens_for_those_who_may_and_is_not_there_for_others(cast, client, act):
    contract = await in_force(cast, cast.rachel)
    for name in ("sam", "fanny", "alice", "rachel", "stefan"):
        answer = await client(getattr(cast, name)).get(f"/contrats/{contract['ref']}/{act}")
        assert (name, answer.status_code) == (name, 200 if name in ACTS[act] else 404)


@pytest.mark.parametrize("act", ["avenant", "suspension", "mise-en-demeure", "resiliation", "reprise"])
async def test_nobody_else_does_it_either(cast, client, act):
    contract = await in_force(cast, cast.rachel)
    for name in ("fanny", "stefan", *(() if act == "avenant" else ("sam",))):
        answer = await client(getattr(cast, name)).post_form(f"/contrats/{contract['ref']}/{act}", reason=WHY)
        assert (name, answer.status_code) == (name, 404)
    assert await state(contract) == "in_force"


async def test_a_colleague_of_the_referrer_reads_and_ends_nothing(cast, client):
    contract = await in_force(cast, cast.rachel)
    colleague = client(await colleague_of(cast.rachel, Seat.ACCOUNTANT))
    assert "Mettre fin au contrat" not in (await colleague.get(f"/contrats/{contract['ref']}")).text
    answer = await colleague.post_form(f"/contrats/{contract['ref']}/resiliation", kind="termination")
    assert answer.status_code == 403


async def test_suspension_and_resumption_by_the_pages(cast, client):
    contract = await in_force(cast, cast.rachel)
    alice, path = client(cast.alice), f"/contrats/{contract['ref']}"
    assert (await alice.post_form(f"{path}/suspension")).status_code == 422
    answers = [await alice.post_form(f"{path}/suspension", once="une-fois", reason=WHY) for _ in range(2)]
    assert [one.status_code for one in answers] == [303, 303]
    seen = (await client(cast.rachel).get(path)).text
    assert WHY in seen
    assert "aucune nouvelle recommandation" in seen
    assert (await alice.post_form(f"{path}/reprise")).status_code == 303
    assert await state(contract) == "in_force"
    assert (await alice.post_form(f"{path}/reprise")).status_code == 409


async def test_the_referrer_ends_their_contract_from_their_own_space(cast, client):
    contract = await in_force(cast, cast.rachel)
    rachel, path = client(cast.rachel), f"/contrats/{contract['ref']}"
    too_soon = await rachel.post_form(f"{path}/resiliation", kind="termination", until=today().isoformat())
    assert too_soon.status_code == 422
    assert "30 jours" in plain(too_soon.text)
    done = await rachel.post_form(f"{path}/resiliation", kind="termination")
    assert done.status_code == 303
    await work_off()
    page = (await rachel.get(path)).text
    letter = re.search(rf'href="({path}/lettres/\w+)"', page)[1]
    assert "Lettre de fin de contrat" in (await rachel.get(letter)).text
    assert (await client(cast.stefan).get(letter)).status_code == 404
    pdf = re.search(r'href="(/fichiers/\w+)"[^>]*>(?:<svg.*?</svg>)?<span>Lettre en PDF', page)[1]
    assert (await rachel.get(pdf)).content[:5] == b"%PDF-"
    lifted = await rachel.post_form(re.search(rf'action="({path}/annonces/\w+/levee)"', page)[1])
    assert lifted.status_code == 303
    assert (await access.contract(contract["id"]))["ends_on"] is None


async def test_a_fault_without_warning_is_refused_with_what_was_typed(cast, client):
    contract = await in_force(cast, cast.rachel)
    path = f"/contrats/{contract['ref']}"
    answer = await client(cast.alice).post_form(f"{path}/resiliation", kind="fault", reason="Un faux.")
    assert answer.status_code == 422
    assert "mise en demeure" in answer.text
    assert "Un faux." in answer.text
    await client(cast.alice).post_form(f"{path}/resiliation", kind="fault", reason="Un faux.", grave="1")
    assert await state(contract) == "ended"


async def test_only_who_announced_it_takes_it_back(cast, client):
    contract = await in_force(cast, cast.rachel)
    notice = await give(cast, contract, NoticeKind.TERMINATION, Side.REFERRER)
    path = f"/contrats/{contract['ref']}/annonces/{notice['ref']}/levee"
    assert (await client(cast.alice).post_form(path)).status_code == 403
    assert (await client(cast.rachel).post_form(path)).status_code == 303


async def test_what_continues_after_the_end_is_shown_to_both(cast, client):
    contract = await in_force(cast, cast.rachel)
    await recommend(cast, cast.rachel, "Atelier Morin")
    await give(cast, contract, NoticeKind.FAULT, reason="Un faux.", grave=True)
    for who in (cast.rachel, cast.alice):
        page = (await client(who).get(f"/contrats/{contract['ref']}")).text
        assert "Ce qui continue après la fin" in page
        assert "Atelier Morin" in page


# Amendments


async def test_sales_propose_an_amendment_and_the_referrer_reads_what_changes(cast, client):
    contract = await in_force(cast, cast.rachel)
    await twelve_percent(cast, contract)
    sam, path = client(cast.sam), f"/contrats/{contract['ref']}/avenant"
    refs = re.findall(r'name="plan" value="(\w+)"', (await sam.get(path)).text)
    assert len(refs) == 2
    assert "Prend effet le" in (await sam.get(path, params={"plan": refs[1]})).text
    typed = {
        "plan": refs[1],
        "effective_on": (today() + timedelta(30)).isoformat(),
        "reason": "Mieux payé.",
        "priority_months": "6",
    }
    wrong = await sam.post_form(path, **(typed | {"effective_on": today().isoformat()}))
    assert wrong.status_code == 422
    assert "Mieux payé." in wrong.text
    sent = await sam.post_form(path, **typed)
    page = plain((await client(cast.rachel).get(sent.headers["location"])).text)
    assert "10 %, dans tous les cas" in page
    assert "600,00 € avant, 720,00 € après" in page  # 6 000 × 10 % and × 12 %
    assert "Sans votre signature, rien ne change." in page


async def test_own_figures_typed_for_an_amendment_go_to_a_second_person(cast, client):
    contract = await in_force(cast, cast.rachel)
    ref = await db.value("SELECT ref FROM plan_version WHERE id = $1", contract["plan_version_id"])
    sent = await client(cast.sam).post_form(
        f"/contrats/{contract['ref']}/avenant", plan=ref, effective_on=(today() + timedelta(30)).isoformat(),
        reason="Un geste.", priority_months="6", **{"rule-0": "15"},
    )  # fmt: skip
    drafted = await db.row(
        "SELECT state, overrides FROM contract WHERE ref = $1", sent.headers["location"].split("/")[-1]
    )
    assert (drafted["state"], drafted["overrides"]) == ("drafted", {"rules": {"tout": {"rate": "15.00"}}})


async def test_an_amendment_that_changes_nothing_says_so(cast, client):
    contract = await in_force(cast, cast.rachel)
    ref = await db.value("SELECT ref FROM plan_version WHERE id = $1", contract["plan_version_id"])
    answer = await client(cast.sam).post_form(
        f"/contrats/{contract['ref']}/avenant", plan=ref, effective_on=(today() + timedelta(30)).isoformat(),
        reason="Pour rien.", priority_months="6",
    )  # fmt: skip
    assert answer.status_code == 422
    assert "Rien ne change" in answer.text


async def test_the_line_of_a_contract_is_linked_both_ways(cast, client):
    contract, amendment = await amended(cast, cast.rachel)
    rachel = client(cast.rachel)
    assert f'href="/contrats/{amendment["ref"]}"' in (await rachel.get(f"/contrats/{contract['ref']}")).text
    assert f'href="/contrats/{contract["ref"]}"' in (await rachel.get(f"/contrats/{amendment['ref']}")).text


async def test_the_referrer_reads_the_version_of_their_plan(cast, client):
    contract = await in_force(cast, cast.rachel)
    page = plain((await client(cast.rachel).get(f"/contrats/{contract['ref']}/bareme")).text)
    assert "10 %, dans tous les cas" in page
    assert "version 1" in page


async def test_the_page_asks_as_few_questions_however_much_has_happened(cast, client):
    contract, _amendment = await amended(cast, cast.rachel)
    await give(cast, contract, NoticeKind.FORMAL, reason=WHY)
    for who in (cast.rachel, cast.alice):
        async with Queries() as queries:
            await client(who).get(f"/contrats/{contract['ref']}")
        assert len(queries) <= 8, "\n".join(queries.asked)


async def test_the_list_finds_what_is_to_renew(cast, client):
    contract = await in_force(cast, cast.rachel)
    programme_id, version_id = await open_programme(cast, "Grands comptes", "Barème GC")
    async with deed(cast.alice.person):  # its term comes in about a month
        old = await contracts.record_on_paper(
            cast.mina.referrer_id,
            programme_id,
            version_id,
            signed_on=today() - timedelta(335),
            vouched_by=None,
        )
    listed = (await client(cast.alice).get("/contrats?etat=a-renouveler")).text
    assert old["number"] in listed
    assert contract["number"] not in listed


# Rounds


async def test_an_administrator_offers_an_amendment_to_all_and_follows_it(cast, client):
    made = await under_contract(cast)
    await twelve_percent(cast, made[0])
    ref = await db.value("SELECT ref FROM plan_version ORDER BY id DESC LIMIT 1")
    alice, path = client(cast.alice), f"/reglages/baremes/{ref}/avenants"
    assert "3 contrats" in plain((await alice.get(path)).text)
    asked = await alice.post_form(
        path, effective_on=(today() + timedelta(30)).isoformat(), reason="Mieux payé."
    )
    assert "Envoi en cours" in (await alice.get(asked.headers["location"])).text
    await work_off()
    page = plain((await alice.get(asked.headers["location"])).text)
    assert "Envoi en cours" not in page
    assert all(f"{one['number']}-A1" in page for one in made)
    csv = await alice.get(f"{asked.headers['location']}?format=csv")
    assert "Rachel Vidal" in csv.text
    for who in (cast.sam, cast.fanny, cast.rachel):
        assert (await client(who).get(path)).status_code == 404
        assert (await client(who).get(asked.headers["location"])).status_code == 404


async def test_a_round_that_reaches_nobody_says_so(cast, client):
    made = await under_contract(cast)
    ref = await db.value("SELECT ref FROM plan_version WHERE id = $1", made[0]["plan_version_id"])
    assert (
        "Aucun contrat à modifier" in (await client(cast.alice).get(f"/reglages/baremes/{ref}/avenants")).text
    )


async def test_left_out_ones_are_told_with_their_reason(cast, client):
    made = await under_contract(cast)
    await give(cast, made[0], NoticeKind.TERMINATION)
    asked = await ask(cast, made[0])
    await work_off()
    page = (await client(cast.alice).get(f"/reglages/avenants/{asked['ref']}")).text
    assert "Prend bientôt fin" in page
    await propose(cast, made[1], priority_months=9)
