"""A company with an empty ledger."""

import pytest

from portal.kit import db
from portal.kit.deed import Machine, deed
from portal.kit.references import new_ref

BOOKKEEPER = Machine("test:bookkeeper")


@pytest.fixture
async def entity(base: str) -> int:
    return await legal_entity()


async def legal_entity() -> int:
    async with deed(BOOKKEEPER):
        return await db.insert(
            "legal_entity",
            ref=new_ref(), name="Lumen Conseil", legal_form="SAS", siren="732829320", siret="73282932000074",
            vat_number="FR44732829320", rcs_city="Lyon", street="12 rue de la République", postcode="69002", city="Lyon",
            email="contact@lumen.example", represented_by="Alice Ferrand", represented_as="présidente",
            privacy_contact="donnees@lumen.example", electronic_address="732829320", brand_name="Lumen",
        )  # fmt: skip
