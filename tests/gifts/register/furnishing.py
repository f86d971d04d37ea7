"""A register with something of everything: two gifts past the threshold, an outsider, a line that was taken back."""

from portal.kit.days import today
from tests.cast import Cast
from tests.gifts.register.gifts import a_box, given, outsider, taken_back


async def furnish_register(cast: Cast) -> None:
    await given(cast, a_box(48_00, 8_00, today()), cast.rachel)
    await given(cast, a_box(40_00, 6_67, today(), what="Caisse de vin"), cast.rachel)
    await given(cast, a_box(30_00, 5_00, today(), advertising=True), outsider=await outsider(cast))
    await taken_back(cast, await given(cast, a_box(20_00, 3_33, today()), cast.stefan))
