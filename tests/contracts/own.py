"""What the tests of the company's own texts begin with: a draft of one, published ones."""

from datetime import date

from portal.contracts import actions as contracts
from portal.contracts.wording import own_texts, writing
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from tests.cast import Cast

COMPANY_TEXT = "apport-affaires-societe"


async def shipped(key: str = COMPANY_TEXT) -> db.Row:
    return (await own_texts.in_use([key], today()))[key]


async def begun(cast: Cast, key: str = COMPANY_TEXT) -> db.Row:
    """A draft that says what the shipped text says."""
    async with deed(cast.alice.person):
        await contracts.publish_shipped_texts()
        draft = await writing.begin(await shipped(key))
    return await own_texts.draft_by_ref(draft["ref"])


async def saved(cast: Cast, draft: db.Row, body: str) -> db.Row:
    async with deed(cast.alice.person):
        await writing.save(draft, draft["version"], body)
    return await own_texts.draft_by_ref(draft["ref"])


async def own(cast: Cast, key: str = COMPANY_TEXT, since: date | None = None) -> db.Row:
    """The company's own, with a title of its own."""
    draft = await begun(cast, key)
    draft = await saved(cast, draft, draft["body"].replace("# ", "# Notre ", 1))
    async with deed(cast.alice.person):
        published = await writing.publish(draft, draft["version"], since or today())
    assert published
    return published


async def waits(cast: Cast, key: str) -> db.Row:
    """A draft whose publication Alice asked for, and that a second person is to decide on."""
    draft = await begun(cast, key)
    async with deed(cast.alice.person):
        await writing.ask_for_two(True)
        await writing.publish(draft, draft["version"], today())
        await writing.ask_for_two(False)
    return await own_texts.draft_by_ref(draft["ref"])


async def samples_of_texts(cast: Cast) -> dict[str, str]:
    draft = await begun(cast)
    published = await own(cast, "apport-affaires-particulier")
    waiting = [await waits(cast, key) for key in ("avenant", "resiliation")]
    return {
        "text_draft": draft["ref"], "text_own": published["ref"],
        "text_waiting": waiting[0]["ref"], "text_waiting_too": waiting[1]["ref"],
    }  # fmt: skip
