"""The address for electronic invoices."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.invoicing.platform import directory
from portal.kit import db
from portal.kit.deed import deed
from portal.law import SHIPPED
from portal.referrers import access
from portal.referrers.einvoicing_rules import belongs, read_address, told
from portal.referrers.rules import Status

SIREN = "552100554"


@pytest.mark.parametrize(
    "typed", ["552100554", "0225:552100554", "552 100 554", "552100554_FACTURES", "552100554_55210055400013"]
)
def test_an_address_is_read_with_or_without_its_scheme(typed):
    assert belongs(read_address(typed), SIREN)


@pytest.mark.parametrize("typed", ["moi@exemple.fr", "_552100554", "552100554/1", "é", "5" * 126])
def test_another_sign_is_refused(typed):
    with pytest.raises(ValueError, match="ne se lit pas"):
        read_address(typed)


@given(st.text(max_size=140))
def test_whatever_is_typed_is_read_twice_alike_or_refused(typed):
    try:
        address = read_address(typed)
    except ValueError:
        return
    assert read_address(address) == address


@pytest.mark.parametrize(
    ("status", "day", "wanted"),
    [
        (Status.MICRO, date(2026, 11, 22), ("later", date(2027, 9, 1))),
        (Status.COMPANY, date(2027, 9, 1), ("now", date(2027, 9, 1))),
        (Status.INDIVIDUAL, date(2027, 9, 1), ("outside", None)),
        (Status.EU_COMPANY, date(2027, 9, 1), ("outside", None)),
    ],
)
def test_who_must_from_when_is_told(status, day, wanted):
    assert told(status, day, SHIPPED) == wanted


@pytest.mark.parametrize(
    ("size", "wanted"),
    [
        ("", ("later", date(2027, 9, 1))),  # a company of unknown size is taken for a small one
        ("small", ("later", date(2027, 9, 1))),
        ("mid", ("now", date(2026, 9, 1))),
        ("large", ("now", date(2026, 9, 1))),
    ],
)
def test_the_size_on_file_decides_of_the_day(size, wanted):
    assert told(Status.COMPANY, date(2026, 11, 22), SHIPPED, size) == wanted


def test_a_size_does_not_bring_in_who_stays_outside():
    assert told(Status.INDIVIDUAL, date(2026, 11, 22), SHIPPED, "large") == ("outside", None)


async def test_the_referrer_reads_the_day_of_the_size_that_finance_has_put_on_file(cast, client):
    remi = client(cast.remi)
    assert "1er septembre 2027" in (await remi.get("/profil/situation")).text
    async with deed(cast.fanny.person):
        await directory.size(cast.remi.referrer_id, "large")
    assert "1er septembre 2026" in (await remi.get("/profil/situation")).text


async def test_an_address_is_checked_against_the_siren_and_each_one_is_kept(cast, client):
    mina = client(cast.mina)
    contact = {
        "street": "3 rue des Lilas",
        "postcode": "69003",
        "city": "Lyon",
        "country": "FR",
        "phone": "0612345678",
    }
    assert f'value="{SIREN}"' in (await mina.get("/profil/contact")).text  # proposed, to be read and sent
    other = await mina.post_form("/profil/contact", electronic_address="404833048", **contact)
    assert other.status_code == 422
    assert "commence par votre SIREN, 552 100 554" in other.text.replace("\u00a0", " ").replace("\u202f", " ")
    odd = await mina.post_form("/profil/contact", electronic_address="moi@exemple.fr", **contact)
    assert "ne se lit pas" in odd.text.replace("\u202f", " ")
    for address in (SIREN, f"{SIREN}_FACTURES"):
        assert (
            await mina.post_form("/profil/contact", electronic_address=f"0225:{address}", **contact)
        ).status_code == 303
    assert (await access.referrer(cast.mina.referrer_id))["electronic_address"] == f"{SIREN}_FACTURES"
    kept = await db.rows(
        "SELECT address FROM electronic_address WHERE referrer_id = $1 ORDER BY id", cast.mina.referrer_id
    )
    assert [row["address"] for row in kept] == [SIREN, f"{SIREN}_FACTURES"]
    page = (await mina.get("/profil/situation")).text
    assert f"{SIREN}_FACTURES" in page
    assert "plateforme agréée" in page
