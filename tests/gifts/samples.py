"""What stands behind the parameters of the pages of gifts."""

from datetime import date
from decimal import Decimal

from portal.gifts.points import provision
from portal.kit.days import today
from portal.kit.deed import deed
from tests.cast import Cast
from tests.gifts.orders.samples import samples_of_orders
from tests.gifts.register.gifts import a_box, given
from tests.gifts.rewards.samples import samples_of_rewards


async def samples_of_gifts(cast: Cast) -> dict[str, str]:
    async with deed(cast.fanny.person):
        kept = await provision.provide(
            cast.entity_id, date(today().year - 1, 12, 31), Decimal(80), Decimal(75), ""
        )
    return {
        "points_provision": kept["ref"], "gift": (await given(cast, a_box(48_00, 8_00, today()), cast.remi))["ref"], **await samples_of_rewards(cast), **await samples_of_orders(cast)
    }  # fmt: skip
