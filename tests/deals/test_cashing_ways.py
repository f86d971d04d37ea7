"""Money by the FEC of the accounting; shares as a dispute was decided, ready on the form that signs."""

import pytest

from portal.deals import actions as deals
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from tests.stories import contract_of, open_a_programme, won

QUEUE = "/encaissements/a-rattacher"


@pytest.fixture
async def deal(cast):
    await contract_of(cast.rachel, await open_a_programme())
    return await won(cast.rachel, cast.sam)  # Atelier Morin, 12 000 € HT, 8 %


@pytest.fixture
async def invoice(cast, deal):
    async with deed(cast.fanny.person):
        return await deals.record_invoice(
            deal, number="F-2026-031", issued_on=today(), net_cents=1_000_00, vat_cents=200_00
        )


def fec() -> bytes:
    """A sale, what the bank received for it and for another client, and a supplier's invoice that was paid."""
    titles = "JournalCode|JournalLib|EcritureNum|EcritureDate|CompteNum|CompteLib|CompAuxNum|CompAuxLib|PieceRef|PieceDate|EcritureLib|Debit|Credit|EcritureLet|DateLet|ValidDate|Montantdevise|Idevise"
    day = f"{today():%Y%m%d}"

    def entry(journal, number, account, who, piece, label, debit, credit):
        return f"{journal}||{number}|{day}|{account}|||{who}|{piece}|{day}|{label}|{debit}|{credit}|||{day}||"

    return "\n".join([
        titles,
        entry("VT", "1", "411000", "Atelier Morin", "F-2026-031", "Facture", "1200,00", "0,00"),
        entry("VT", "1", "706000", "", "F-2026-031", "Facture", "0,00", "1000,00"),
        entry("VT", "1", "445710", "", "F-2026-031", "Facture", "0,00", "200,00"),
        entry("BQ", "2", "512000", "", "F-2026-031", "Virement", "1200,00", "0,00"),
        entry("BQ", "2", "411000", "Atelier Morin", "F-2026-031", "Virement", "0,00", "1200,00"),
        entry("BQ", "3", "512000", "", "", "Virement", "75,00", "0,00"),
        entry("BQ", "3", "411000", "Garage du Lac", "", "Virement", "0,00", "75,00"),
        entry("BQ", "4", "401000", "Fournisseur", "X-1", "Loyer", "900,00", "0,00"),
        entry("BQ", "4", "512000", "", "X-1", "Loyer", "0,00", "900,00"),
        entry("AV", "5", "411000", "Atelier Morin", "AV-1", "Avoir", "0,00", "60,00"),
    ]).encode()  # fmt: skip


async def test_of_a_fec_what_clients_paid_comes_in_once(cast, client, deal, invoice):
    """1 200 for its invoice attach by themselves and earn 1 000 × 8 %; 75 wait; a sale, a rent, a credit note are none."""
    fanny = client(cast.fanny)
    for _again in range(2):
        answer = await fanny.post_form(
            "/encaissements/releve", files={"file": ("123456789FEC20261231.txt", fec(), "text/plain")}
        )
        assert answer.status_code == 303
    rows = await db.rows("SELECT state, payer, total_cents FROM incoming_payment ORDER BY total_cents")
    assert [tuple(row) for row in rows] == [
        ("waiting", "Garage du Lac", 75_00), ("attached", "Atelier Morin", 1_200_00),
    ]  # fmt: skip
    assert await db.value("SELECT sum(amount)::bigint FROM earning") == 80_00
    assert "Garage du Lac" in (await fanny.get(QUEUE)).text
