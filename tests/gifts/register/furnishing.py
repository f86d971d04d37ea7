"""A register with something of everything: two gifts past the threshold, an outsider, a line that was taken back."""

from typing import Any

from portal.gifts.register.recording import Liberality
from portal.kit.days import today
from tests.cast import Cast
from tests.gifts.register.gifts import a_box, given, outsider, taken_back


async def furnish_register(cast: Cast) -> None:
    await given(cast, _box(48_00, 8_00), cast.rachel)
    await given(cast, _box(40_00, 6_67, what="Case of wine"), cast.rachel)
    mayor = await outsider(cast, "Jane Alder", "Harbour Town Hall")
    await given(cast, _box(30_00, 5_00, advertising=True), outsider=mayor)
    await taken_back(cast, await given(cast, _box(20_00, 3_33), cast.stefan), "Sent back")


def _box(cents: int, vat: int, **more: Any) -> Liberality:
    return a_box(cents, vat, today(), **{"what": "Box of sweets", "reason": "Season's greetings", **more})
