"""What stands behind the parameters of the catalogue: a reward that all may have, Rémi's wish, a question."""

from portal.gifts.rewards import describing, own_wishes, surveys
from portal.kit.deed import deed
from portal.kit.files import Store, keep
from portal.kit.uploads import WEBP
from tests.cast import Cast
from tests.gifts.rewards.shelves import offered


async def samples_of_rewards(cast: Cast) -> dict[str, str]:
    reward = await offered(cast)
    kept = [
        await keep(Store.UPLOADS, b"RIFF", media_type=WEBP, name=name)
        for name in ("photo.webp", "petite.webp")
    ]
    async with deed(cast.fanny.person):
        await describing.give_photo(reward, kept)
        survey = await surveys.open_survey("Et ensuite ?", ["Un vélo", "Un livre"], None)
    async with deed(cast.remi.person):
        wish = await own_wishes.ask(cast.remi.referrer_id, "Une montre", "", "")
    return {"reward": reward["ref"], "own_wish": wish["ref"], "reward_survey": survey["ref"]}
