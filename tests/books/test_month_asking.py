"""A card that says what is missing asks the referrer for it, once a day, and waits on."""

from datetime import timedelta

import pytest

from portal.books.month import deciding
from portal.books.month.looks import ASK, Card
from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.days import clock_at
from portal.kit.deed import deed
from portal.kit.problems import Refused
from portal.referrers.vigilance.policy import Mode, VigilancePolicy, set_vigilance_policy
from tests.books import months
from tests.books.months import BEFORE, IN_OCTOBER, OCTOBER, browser, opened
from tests.invoicing.books import books_of

LATER = timedelta(1)


@pytest.fixture
async def october(cast) -> db.Row:
    """Rémi, a company, has earned 5 000,00 HT: nothing is paid before his documents are there."""
    with clock_at(BEFORE):
        books = await books_of(cast)
        async with deed(cast.alice.person):
            await set_vigilance_policy(VigilancePolicy(Mode.BLOCK, None))
        await books.earns(cast.remi, 5_000_00)
        await work_off()
        return await opened(cast, OCTOBER)


async def card_of(october: db.Row, look: str = "left_out") -> Card:
    return next(card for card in (await months.seen(october)).cards if card.look == look)


async def mailed(kind: str) -> int:
    return await db.value("SELECT count(*) FROM mail_message WHERE kind = $1", kind)


async def test_the_document_is_asked_for_with_a_button_once_a_day(cast, client, october):
    path = f"/arretes/{october['ref']}"
    with clock_at(IN_OCTOBER):
        fanny = await browser(client, cast.fanny)
        assert "Demander le justificatif" in (await fanny.get(path)).text
        key = (await card_of(october)).key
        before = await mailed("referrers.documents_reminder")
        assert (await fanny.post_form(f"{path}/decisions", key=key, outcome=ASK)).status_code == 303
        assert await mailed("referrers.documents_reminder") == before + 1
        text = (await fanny.get(path)).text
        assert "Demandé le 20 octobre 2027" in text
        assert "Demander le justificatif" not in text
        assert (await card_of(october)).waits  # it is still to be decided
        assert (await fanny.post_form(f"{path}/decisions", key=key, outcome=ASK)).status_code == 409
        assert await mailed("referrers.documents_reminder") == before + 1
    with clock_at(IN_OCTOBER + LATER):
        assert (await card_of(october)).ask
        assert not (await card_of(october)).asked_today


async def test_his_own_invoice_is_asked_for_where_no_mandate_lets_us_draw_it_up(cast, october):
    with clock_at(IN_OCTOBER):
        async with deed(cast.alice.person):
            await set_vigilance_policy(VigilancePolicy(Mode.OFF, None))
            await db.execute(
                "UPDATE contract SET self_billing = false WHERE referrer_id = $1", cast.remi.referrer_id
            )
        card = await card_of(october)
        assert card.ask == "invoice"
        async with deed(cast.fanny.person):
            await deciding.decide(october, [card.key], ASK)
        assert await mailed("invoicing.own_awaited") == 1
        with pytest.raises(Refused, match="nothing_to_ask"):
            async with deed(cast.fanny.person):
                await deciding.decide(october, [card.key], ASK)


async def test_a_card_that_asks_nothing_is_refused(cast, october):
    with clock_at(IN_OCTOBER):
        async with deed(cast.alice.person):
            await set_vigilance_policy(VigilancePolicy(Mode.OFF, None))
        card = await card_of(october, "new_payee")
        with pytest.raises(Refused):
            async with deed(cast.fanny.person):
                await deciding.decide(october, [card.key], ASK)
