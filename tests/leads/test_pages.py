"""Every route of recommendations: it works, it needs a person, it is not for strangers, it says what is wrong."""

import pytest

from portal.kit import db
from tests.stories import contract_of, open_a_programme


@pytest.fixture
async def plan(cast):
    return await open_a_programme()


@pytest.fixture
async def contract(cast, plan):
    return await contract_of(cast.rachel, plan)


TYPED = {
    "company": "Atelier Morin", "contact": "Claire Morin", "phone": "06 12 34 56 78", "need": "Un site marchand",
    "amount": "12 000", "agreed": "spoken", "agreed_on": "2026-11-20",
}  # fmt: skip


async def test_forty_seconds_then_a_receipt_with_deadline_contact_and_amount(cast, client, contract):
    rachel = client(cast.rachel)
    sent = await rachel.post_form("/recommandations", **TYPED)
    assert sent.status_code == 303
    receipt = await rachel.get(sent.headers["location"])
    assert receipt.status_code == 200
    assert "Sam Berger" in receipt.text
    assert "960\u00a0€" in receipt.text  # 12 000 × 8 %
    assert "Prévenez votre contact" in receipt.text
    lead = await db.row("SELECT * FROM lead")
    assert (lead["company_name"], lead["contact_phone"], lead["consent"]) == (
        "Atelier Morin", "+33612345678", "spoken 2026-11-20",
    )  # fmt: skip
