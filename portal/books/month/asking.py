"""What is asked of a referrer so that their paper can be made: from the card that says it is missing, at most once a day."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from portal.books.month.looks import Card
from portal.books.month.shapes import DOCUMENTS, INVOICE
from portal.invoicing.received import reminding
from portal.kit.problems import Refused
from portal.kit.text import N_
from portal.referrers.vigilance import documents

Ask = Callable[[int, int], Awaitable[None]]
"""Of a referrer, about so many cents HT. Raises Refused."""


async def _documents(referrer_id: int, _net_cents: int) -> None:
    await documents.ask_again(referrer_id)


ASKS: Mapping[str, Ask] = {DOCUMENTS: _documents, INVOICE: reminding.remind}


async def ask(cards: Sequence[Card]) -> None:
    """Each referrer once; of cards that ask nothing, or were asked today, nothing follows. Raises Refused when none is left."""
    open_ = {(card.ask, card.referrer_id): card for card in cards if card.ask and not card.asked_today}
    if not open_:
        raise Refused("nothing_to_ask", N_("C'est déjà demandé aujourd'hui."))
    for card in open_.values():
        assert card.referrer_id is not None
        await ASKS[card.ask](card.referrer_id, card.cents or 0)
