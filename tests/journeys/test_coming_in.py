"""Coming in and going out."""

import pytest

from portal.kit import db

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_colleague_comes_in_with_a_password_and_the_code_of_the_phone(town, opens):
    fanny = await opens()
    await fanny.signs_in("fanny@lumen.example")
    await fanny.sees("Code")
    sealed = await db.value("SELECT totp_sealed FROM app_user WHERE email = $1", "fanny@lumen.example")
    await fanny.gives_code(bytes(sealed))
    await fanny.opens("/compte")
    await fanny.sees("Mon compte", "Fanny Moreau")
