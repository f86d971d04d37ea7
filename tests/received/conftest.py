from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from portal import verify
from portal.company import access as company
from portal.company import actions as companies
from portal.contracts import actions as contracts
from portal.invoicing.received import access, deciding, receiving
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.plans import actions as plans
from portal.referrers import actions as referrers
from tests.cast import Cast
from tests.earnings.scene import SINCE, scene_of
from tests.invoicing.books import AT_ONCE, COMPANY_IBAN, Books
from tests.received.shapes import MORIN, Facts, but
from tests.received.shapes import ubl as ubl_of


@dataclass
class Desk:
    """Rémi draws up his own invoices; Fanny answers."""

    cast: Cast
    books: Books

    def facts(self, **changed: Any) -> Facts:
        return but(**({"day": today().isoformat()} | changed))

    def ubl(self, **changed: Any) -> bytes:
        return ubl_of(self.facts(**changed))

    async def sends(self, body: bytes, *picked: int, name: str = "facture.xml") -> db.Row:
        entity = await company.legal_entity()
        assert entity
        handed = await receiving.hand_in(body, name, entity)
        async with deed(self.cast.remi.person):
            return await receiving.receive(self.cast.remi.referrer_id, handed, picked)

    async def accepts(self, received: db.Row, reason: str = "") -> db.Row:
        async with deed(self.cast.fanny.person):
            invoice_id = await deciding.accept(received, reason)
        found = await db.row("SELECT * FROM invoice WHERE id = $1", invoice_id)
        assert found
        return found

    async def refuses(
        self, received: db.Row, code: str = "amount", reason: str = "Le montant est trop élevé."
    ) -> db.Row:
        async with deed(self.cast.fanny.person):
            await deciding.refuse(received, code, reason)
        return await access.received(received["id"])


def codes(received: db.Row) -> set[str]:
    return {one["code"] for one in received["differences"]}


@pytest.fixture
async def desk(cast: Cast) -> AsyncIterator[Desk]:
    """Everything that must always hold is recomputed when the test is over."""
    yield await desk_of(cast)
    assert (await verify.everything()).faults == []


async def desk_of(cast: Cast) -> Desk:
    scene, remi = await scene_of(cast), cast.remi.referrer_id
    async with deed(cast.alice.person):
        plan = await plans.publish(scene.programme["id"], AT_ONCE, SINCE)
        await contracts.record_on_paper(
            remi, scene.programme["id"], plan["id"], signed_on=SINCE, vouched_by=cast.alice.user_id, self_billing=False
        )  # fmt: skip
        await referrers.give_bank_detail(remi, "Morin Conseil", MORIN.iban)
        entity = await company.legal_entity_by(cast.entity_id)
        await companies.correct(entity, entity["version"], iban=COMPANY_IBAN)
    return Desk(cast, Books(cast, scene))
