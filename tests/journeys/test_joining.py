"""Coming in: asking on the page of a programme and being accepted; at a fair, from a code to a contract in force."""

import asyncio
import time
from datetime import timedelta

import pytest

from portal.contracts.signature import presealed
from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import deed
from portal.referrers.joining import applying
from portal.referrers.joining.rules import FASTEST
from tests.contracts.stories import HERE
from tests.joining.stories import NORA, OPEN
from tests.journeys.steps import (
    ADDRESS,
    SIX_DIGITS,
    Introducer,
    accepts_the_invitation,
    countersigns,
    fills_the_profile,
    signs,
)

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(600)]
WHO = Introducer(
    NORA["email"], NORA["first_name"], NORA["last_name"], "Particulier", {**ADDRESS, "declared": "1"},
    "FR7630006000010000000000152",
)  # fmt: skip


async def programme() -> db.Row:
    found = await db.row("SELECT * FROM programme ORDER BY id LIMIT 1")
    assert found
    return found


async def test_who_asks_is_accepted_and_signs(house, opens):
    async with deed(house.cast.alice.person):
        await applying.set_page((await programme())["id"], 0, **OPEN)
    nora = await opens(house, device="phone")
    await nora.opens(f"/rejoindre/{OPEN['slug']}")
    await asyncio.sleep(FASTEST.total_seconds())
    await nora.fills(**NORA)
    await nora.presses("Envoyer ma demande")
    await nora.sees("Regardez vos e-mails")
    await nora.opens(await house.link("referrers.application_confirm", WHO.email))
    await nora.presses("Confirmer et envoyer")
    await nora.sees("Votre demande est arrivée")
    sam = await opens(house, house.cast.sam)
    await sam.opens(await house.link("referrers.application_received", house.cast.sam.email))
    await sam.presses("Accepter")
    await sam.sees(WHO.name, "Invité")
    await accepts_the_invitation(nora, WHO)
    await fills_the_profile(nora, WHO)
    await signs(nora, WHO)
    await countersigns(await opens(house, house.cast.alice), WHO)


async def test_at_a_fair_three_screens_from_the_code_to_a_contract_in_force(house, opens):
    """Typed: some hundred signs on two screens; the machine's own share stays far below the ninety seconds."""
    async with deed(house.cast.alice.person):
        session = await presealed.open_session(
            house.cast.alice.person, HERE, name="Salon de Lyon", programme=await programme(), statuses=["individual"],
            opens_at=now(), closes_at=now() + timedelta(hours=8), most=10, sales_user_id=None,
        )  # fmt: skip
    typed = {"email": "paul@perso.example", "first_name": "Paul", "last_name": "Roche", **ADDRESS}
    assert len("".join(typed.values())) < 100
    paul, begun = await opens(house, device="phone"), time.monotonic()
    await paul.opens(f"/evenement/{session['ref']}")
    await paul.fills(**typed, declared="1")
    await paul.presses("Lire mon contrat")
    code = SIX_DIGITS.search((await house.mail("contracts.code", "paul@perso.example"))["text_body"])
    assert code
    await paul.fills(code=code[0], consent="1")
    await paul.presses("Signer le contrat")
    await paul.sees("En vigueur")
    took = time.monotonic() - begun
    print(f"event: 3 screens, 2 presses, {took:.1f} s of the machine")
    assert took < 90
