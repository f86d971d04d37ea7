"""Every move of a recommendation × every state × everybody who might try: allowed exactly as the table of moves says.

By the verb, and by the address that a page offers. For each guard a control: without it, the same comparison finds fault."""

from dataclasses import dataclass

import pytest

from portal import doors
from portal.kit import db
from portal.kit.deed import deed
from portal.kit.problems import Refused
from portal.leads import access, actions, pages_moves
from portal.leads.rules import BY_NAME, LEAD_MOVES, NOUNS, REASONS, LeadState, Move
from portal.people import actions as people
from portal.people import sessions, tokens
from portal.people.access import user
from portal.people.rules import Role, Seat
from tests.cast import Cast, Client
from tests.contracts.stories import colleague_of
from tests.stories import STORY, contract_of, open_a_programme, recommended

SALES, REFERRER, NOBODY = frozenset({Role.SALES}), frozenset({Role.REFERRER}), frozenset()
# For whom each speaks here: what a move says of its `who` is compared with this.
EVERYBODY = {
    "anonymous": NOBODY,
    "owner": REFERRER,
    "member": REFERRER,
    "accountant": NOBODY,  # sits for the referrer, and does nothing
    "stranger": NOBODY,  # a referrer, of another recommendation
    "sales": SALES,
    "finance": frozenset({Role.FINANCE}),
    "admin": frozenset({Role.ADMIN}),
    "suspended": NOBODY,  # a colleague of sales until yesterday, with a session left open
    "token": NOBODY,  # of a colleague of sales: for the API alone
}
pytestmark = pytest.mark.breaks_promises  # states are set by hand here
# What a state cannot be without stands beside it before the move, as the verb that leads there would have set it.
PUT = """
UPDATE lead SET state = $2, behind_lead_id = CASE WHEN $2 IN ('waiting', 'disputed') THEN $3::bigint END,
  merged_into_id = CASE WHEN 'merged' IN ($2, $4) THEN $3::bigint END,
  erased_at = CASE WHEN 'erased' IN ($2, $4) THEN submitted_at END
WHERE id = $1
"""


@dataclass(frozen=True, slots=True)
class Scene:
    """Rachel's recommendation, put into one state after the other; an earlier one, behind which it may wait."""

    lead_id: int
    ref: str
    earlier_id: int

    async def put(self, state: LeadState, on_the_way_to: LeadState) -> db.Row:
        """As if it had come there by its moves, with what the verbs of that way write before they move it."""
        async with deed(STORY):
            await db.execute(PUT, self.lead_id, state, self.earlier_id, on_the_way_to)
        return await access.lead(self.lead_id)


@pytest.fixture
async def scene(cast: Cast) -> Scene:
    await contract_of(cast.rachel, await open_a_programme())
    earlier = await recommended(cast.remi, "Menuiserie Fontaine")
    lead = await recommended(cast.rachel, "Atelier Morin")
    return Scene(lead["id"], lead["ref"], earlier["id"])


def reason_for(move: Move) -> str:
    return next(iter(REASONS[move.name])) if move.needs_reason else ""


# By the verb


async def faults_of_verb(scene: Scene, move: Move) -> list[LeadState]:
    """The states in which the verb does not do what the table says."""
    return [state for state in LeadState if await done_by_verb(scene, move, state) != (state in move.froms)]


async def done_by_verb(scene: Scene, move: Move, state: LeadState) -> bool:
    lead = await scene.put(state, move.to)
    behind = scene.earlier_id if move.to == LeadState.WAITING else None
    try:
        async with deed(STORY):
            await actions.move(lead, move.name, reason=reason_for(move), behind=behind)
    except Refused:
        assert (await access.lead(lead["id"]))["state"] == state, "what is refused changes nothing"
        return False
    return (await access.lead(lead["id"]))["state"] == move.to


@pytest.mark.parametrize("move", LEAD_MOVES, ids=lambda move: move.name)
async def test_the_verb_moves_from_the_states_of_the_table_alone(scene, move):
    assert await faults_of_verb(scene, move) == []


async def test_without_the_check_of_the_verb_this_is_seen(scene, monkeypatch):
    monkeypatch.setattr(actions, "check", lambda *_of: None)
    assert set(await faults_of_verb(scene, BY_NAME["contact"])) > {LeadState.LOST, LeadState.REJECTED}


# By the address


async def browser_of(who: str, cast: Cast, client) -> Client:
    match who:
        case "member" | "accountant":
            return client(await colleague_of(cast.rachel, Seat(who)))
        case "suspended":
            browser = client(None)
            browser.carry(await session_of_a_suspended(cast))
            return browser
        case "token":
            return await with_a_token(cast, client(None))
    people_of = {
        "owner": "rachel",
        "stranger": "stefan",
        "sales": "sam",
        "finance": "fanny",
        "admin": "alice",
    }
    return client(getattr(cast, people_of.get(who, "anonymous")))


async def session_of_a_suspended(cast: Cast) -> str:
    async with deed(cast.alice.person):
        await people.move(await user(cast.sonia.user_id), "suspend")
        return await sessions.open_session(cast.sonia.user_id, seat_id=None, step="full", second_factor=True)


async def with_a_token(cast: Cast, browser: Client) -> Client:
    async with deed(cast.sam.person):
        token = await tokens.create(cast.sam.person, "essai", Role.SALES, {"leads:write", "leads:read"})
    browser.headers["authorization"] = f"Bearer {token}"
    return browser


async def faults_of_address(scene: Scene, browser: Client, roles: frozenset[Role]) -> list[str]:
    """Where a page lets somebody do what the table does not, or keeps them from what it does."""
    return [
        f"{noun} from {state}"
        for noun, name in NOUNS.items()
        for state in LeadState
        if await done_by_address(scene, browser, noun, state) != allowed(BY_NAME[name], state, roles)
    ]


def allowed(move: Move, state: LeadState, roles: frozenset[Role]) -> bool:
    return bool(roles & move.who) and state in move.froms


async def done_by_address(scene: Scene, browser: Client, noun: str, state: LeadState) -> bool:
    move = BY_NAME[NOUNS[noun]]
    lead = await scene.put(state, move.to)
    answer = await browser.post_form(
        f"/recommandations/{scene.ref}/{noun}", version=lead["version"], reason=reason_for(move)
    )
    after = await access.lead(scene.lead_id)
    assert answer.status_code < 500, answer.text
    if after["version"] == lead["version"]:
        assert after["state"] == state
        return False
    return after["state"] == move.to


@pytest.mark.parametrize("who", EVERYBODY)
async def test_an_address_moves_for_whom_and_from_where_the_table_says(scene, cast, client, who):
    browser = await browser_of(who, cast, client)
    assert await faults_of_address(scene, browser, EVERYBODY[who]) == []


def test_every_move_that_a_person_may_choose_by_its_button_has_an_address_and_no_other_has():
    assert set(NOUNS.values()) == {move.name for move in LEAD_MOVES if move.button}
    assert all(BY_NAME[name].who for name in NOUNS.values())


async def test_without_the_check_of_the_seat_this_is_seen(scene, cast, client, monkeypatch):
    accountant = await browser_of("accountant", cast, client)
    monkeypatch.setattr(doors, "check_reach", lambda *_of: None)
    assert await faults_of_address(scene, accountant, NOBODY) == [], (
        "the house turns them away, and so does the verb's door"
    )
    monkeypatch.setattr(access, "check_acts", lambda _person: None)
    assert "retrait from submitted" in await faults_of_address(scene, accountant, NOBODY)


async def test_without_the_door_of_the_recommendation_this_is_seen(scene, cast, client, monkeypatch):
    async def any_lead(_person, ref: str) -> db.Row:
        return await access.lead_by_ref(ref)

    stranger = await browser_of("stranger", cast, client)
    monkeypatch.setattr(pages_moves.access, "lead_for", any_lead)
    assert "retrait from submitted" in await faults_of_address(scene, stranger, NOBODY)


async def test_without_the_check_of_the_verb_the_addresses_show_it(scene, cast, client, monkeypatch):
    monkeypatch.setattr(actions, "check", lambda *_of: None)
    assert "contact from lost" in await faults_of_address(scene, client(cast.sam), SALES)
